"""The feedback of the story: what offices say to a standard, and what the group does with it; data, week by week.

Offices raise, ask and answer in their own workbooks; the owner of the standard writes its files, and an operator
starts what the group does. None of it touches the rollout: another standard is concerned.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from domain.canonical import digest
from domain.cases.asking import CaseDraft, case_id
from domain.cases.case import About
from domain.cases.checking import check_of
from domain.cases.kinds import AboutKind, CaseCause
from domain.cases.reviewing import review_id
from domain.directives.asking import DirectiveDraft, directive_id
from domain.directives.directive import Addressed
from domain.plans.project import Scalar

STANDARD, GROUP = "site-works", "group"
HEADS = {
    "group": "Marijke van Dijk",
    "hamburg": "Katrin Brandt",
    "santos": "Luciana Prado",
    "lehavre": "Isabelle Moreau",
    "mersin": "Elif Kaya",
    "dammam": "عبدالله القحطاني",
}
OWNER, APPROVERS = "adebayo-okafor", ("marijke-van-dijk", "sanne-de-wit")
AMENDED = f"{STANDARD}/1.1"
FILE = f"standards/{AMENDED}.yaml"
"""Where the amendment stands in the organization's folder."""


def _about(kind: AboutKind, subject: str, version: str = "") -> About:
    return About(kind, subject, STANDARD if version else "", version)


def _raised(office: str, about: About, cause: CaseCause, *, objection: bool = False) -> str:
    """The id that a case gets when it is raised for the first time."""
    return case_id(CaseDraft(office, about, cause, "", objection), GROUP, ())


REGULATOR = _raised("santos", _about(AboutKind.RULE, "longest-works", "1.0"), CaseCause.REGULATORY)
"""The port authority of Santos licenses works that may not be cut."""
REVIEW = review_id(_about(AboutKind.RULE, "handover-steps", "1.1"), GROUP, ())
"""Four offices ask to depart from one rule: it is under review."""
DRAFT = f"draft-{digest(['draft', AMENDED, 0])[:12]}"
INSPECT = "Have every crane inspected before the storm season"
ADDRESSED = ("hamburg", "santos", "lehavre", "antwerp")
DUE, EVIDENCE = date(2027, 3, 19), "attested: every crane was inspected"
DIRECTIVE, _ = directive_id(
    DirectiveDraft(GROUP, INSPECT, Addressed(ADDRESSED), DUE, 5, check_of(EVIDENCE), (), ""), ()
)
"""To four offices; Antwerp is silent."""
OBJECTION = _raised("lehavre", _about(AboutKind.DIRECTIVE, DIRECTIVE), CaseCause.CONFLICT, objection=True)
"""Le Havre's works council was not heard."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What an office answers in its workbook: in which week, to which question, by its head."""

    week: int
    office: str
    kind: str
    about: str
    answer: str

    @property
    def entry(self) -> Mapping[str, str]:
        """The answer as it stands in the week's file."""
        return {"kind": self.kind, "about": self.about, "answer": self.answer, "by": HEADS[self.office]}


def _case(week: int, office: str, case: str, ask: str, answer: str) -> Answer:
    return Answer(week, office, "case", f"{case}/{ask}", answer)


def _directed(week: int, office: str, ask: str, answer: str) -> Answer:
    return Answer(week, office, "directive", f"{DIRECTIVE}/{ask}", answer)


ANSWERS: Sequence[Answer] = (
    _case(2, "group", REGULATOR, "propose", "deviation: last=2027-06-30; limit=65"),
    _case(
        3, "santos", REGULATOR, "accept",
        "amendment: a license of the port authority is one act of up to 65 days, at every site; let the limit be 65",
    ),
    _case(4, "group", REGULATOR, "accept", "accept"),
    Answer(6, "hamburg", "draft", DRAFT, "Sixty-five days hide a slip: keep 50, and grant what a site needs"),
    Answer(6, "lehavre", "draft", DRAFT, "Not before 1 March: our tenders of February name 50 days"),
    Answer(6, "mersin", "draft", DRAFT, "nothing"),
    _directed(6, "hamburg", "either", "acknowledge"),
    _directed(6, "lehavre", "either", "acknowledge"),
    _directed(7, "santos", "either", "done: https://docs.harbor.example/santos/cranes-2027"),
    _directed(9, "hamburg", "attest", "done: https://docs.harbor.example/hamburg/cranes-2027"),
    _case(9, "group", REGULATOR, "attest", "works until 2027-12-31"),
    _directed(10, "lehavre", "attest", "object: our works council has to hear the plan of the inspection first"),
    _case(
        10, "group", REVIEW, "propose",
        "analysis: three of the four hand over in one night; tell us which steps are left then",
    ),
    _case(
        11, "group", OBJECTION, "propose",
        "explanation: the council may be heard until 16 April; the days of the objection are added to yours",
    ),
    _case(12, "dammam", REVIEW, "propose", "amendment: three steps, of which the last one is the acceptance"),
    _case(
        12, "group", REGULATOR, "propose",
        "explanation: the renewal of a license is an act of its own; enter it as a task of its own",
    ),
)  # fmt: skip

_HANDOVER = "We hand over in one night, when no ship is due: five steps would be made up"


def _departs(number: str, project: str, first: date) -> Mapping[str, Scalar]:
    """A row by which an office asks to depart from the rule that comes under review."""
    return {
        "id": number, "project": project, "rule": f"{AMENDED} handover-steps", "why": _HANDOVER,
        "first": first, "last": date(2027, 6, 30), "limit": 3,
    }  # fmt: skip


REQUESTS: Mapping[tuple[int, str], Sequence[Mapping[str, Scalar]]] = {
    (1, "santos"): (
        {
            "id": "1", "project": "SP-01", "about": f"rule {STANDARD}/1.0 longest-works", "cause": "regulatory",
            "terms": "check=rule longest-works; days=3",
            "why": "The port authority licenses our dredging as one act of 60 days, and forbids to cut it",
        },
    ),
    (8, "mersin"): (_departs("1", "MR-03", date(2027, 3, 8)),),
    (8, "durban"): (_departs("1", "DB-03", date(2027, 3, 8)),),
    (9, "lehavre"): (_departs("1", "LH-05", date(2027, 3, 15)),),
    (9, "dammam"): (_departs("1", "DM-04", date(2027, 3, 15)),),
}  # fmt: skip
"""Rows on the offices' sheets of requests, by week and office."""
ITEMS: Mapping[tuple[int, str], Mapping[str, Mapping[str, Scalar]]] = {
    (1, "santos/SP-01"): {"SP-01.22": {"start": date(2027, 1, 21)}},
    (11, "santos/SP-01"): {"SP-01.54": {"start": date(2027, 5, 12)}},
}
"""Items that take longer from then on, by week and project: the license, and later one with its renewal."""
FILES: Mapping[int, Mapping[str, str]] = {
    5: {FILE: "amendments/site-works-1.1.yaml"},
    7: {FILE: "amendments/site-works-1.1-answered.yaml"},
}
"""What the owner of the standard puts into the organization's folder, and from where."""


def _action(
    flow: str, person: str, why: str, *, beside: bool = False, **more: Scalar
) -> Mapping[str, object]:
    found: dict[str, object] = {
        "flow": flow,
        "parameters": {**more, "person": person, "why": why, "dry_run": False},
    }
    return {**found, "beside": True} if beside else found


ACTIONS: Mapping[int, Sequence[Mapping[str, object]]] = {
    5: (
        _action(
            "issue-directive", APPROVERS[0], "Last year two of them failed in the first storm", text=INSPECT,
            addressees=f"office={', '.join(ADDRESSED)}", terms=f"due={DUE}; evidence={EVIDENCE}; acknowledge=5",
        ),
        _action("draft-amendment", OWNER, "As Santos and the group agreed", beside=True, subject=AMENDED, terms=""),
    ),
    7: (
        _action(
            "answer-comment", OWNER, "Each site of the authority would need one; the slip shows in its own rule",
            draft=AMENDED, comment=1, answer="declined",
        ),
        _action(
            "answer-comment", OWNER, "In force from 1 March", beside=True, draft=AMENDED, comment=2, answer="accepted",
        ),
        _action("draft-amendment", OWNER, "In force from 1 March, as Le Havre asked", subject=AMENDED, terms=""),
    ),
    8: (
        *(
            _action(
                "decide", person, "It serves Santos, and the harbor masters can plan around it",
                beside=person != APPROVERS[0], request=DRAFT, choice="approve",
            )
            for person in APPROVERS
        ),
        _action("publish-standard", OWNER, "Consulted on, and approved", version=AMENDED),
    ),
}  # fmt: skip
"""What an operator starts for the group, by week and in this order."""
