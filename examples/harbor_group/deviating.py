"""The deviations of the story: what offices ask for, and what the group decides; data, week by week.

None of them settles a project, so that the rollout comes to the same. All is entered by an operator, as every
report says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from domain.deviations.asking import deviation_id
from domain.deviations.terms import draft_of
from domain.ids import ProjectKey

APPROVER, SECOND = "marijke-van-dijk", "sanne-de-wit"
"""The approvers of the group: one is enough for an ordinary request, a significant one takes both."""
STANDARD = "delivery-method"


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: in which week it is asked, in which it is approved (None where it is not), and by whom."""

    week: int
    project: str
    rule: str
    person: str
    why: str
    terms: str
    approved: int | None = None
    approvers: tuple[str, ...] = (APPROVER,)
    version: str = "2.0"

    @property
    def id(self) -> str:
        """The id that it gets when it is asked."""
        draft = draft_of(self.project, self.rule, self.why, self.terms, date.min)
        office = ProjectKey.read(self.project).office
        return deviation_id(
            f"{STANDARD}/{self.version}", replace(draft, standard=STANDARD), office, self.person
        )


IN_ADVANCE = Asked(
    1, "lehavre/LH-06", "data-protection-checked", "isabelle-moreau",
    "The authority publishes its form for port data in summer only",
    "first=2027-02-15; last=2027-07-30; measure=the port's own lawyer reads each change", approved=2, approvers=(APPROVER, SECOND),
)  # fmt: skip
TOO_LATE = Asked(
    8, "durban/DB-05", "slip-explained", "thandeka-mkhize",
    "The new crane was ordered anew in February",
    "first=2027-02-01; last=2027-06-30; limit=60", approved=9,
)  # fmt: skip
BELOW = Asked(
    2, "antwerp/AW-05", "items-owned", "griet-janssens",
    "The post for the last work package is filled in May",
    "first=2027-01-18; last=2027-05-31; limit=1",
)  # fmt: skip
ENDS = Asked(
    2, "lehavre/LH-06", "items-owned", "julien-carpentier",
    "The contractor names its people after the kick-off",
    "first=2027-01-18; last=2027-02-19; limit=3",
)  # fmt: skip
ABSORBED = Asked(
    1, "durban/DB-01", "task-length", "thandeka-mkhize",
    "The cranes are one delivery of four months",
    "first=2027-01-11; last=2027-06-30; limit=120", version="1.0",
)  # fmt: skip
BY_LAW = Asked(
    3, "antwerp/AW-06", "data-protection-checked", "griet-janssens",
    "The check waits for the national register, as the decree has it",
    "first=2027-01-25; last=2027-07-16; citation=Royal Decree on port data, article 9",
)  # fmt: skip
ALL = (IN_ADVANCE, TOO_LATE, BELOW, ENDS, ABSORBED, BY_LAW)


def actions(week: int) -> Sequence[Mapping[str, object]]:
    """What an operator starts in that week for the deviations."""
    return [*_asked(week), *_decided(week)]


def _asked(week: int) -> Iterator[Mapping[str, object]]:
    for each in ALL:
        if each.week == week:
            parameters = {
                "rule": f"{STANDARD}/{each.version} {each.rule}",
                "terms": each.terms,
                "person": each.person,
                "why": each.why,
                "project": each.project,
                "dry_run": False,
            }
            yield {"flow": "request-deviation", "parameters": parameters}


def _decided(week: int) -> Iterator[Mapping[str, object]]:
    for each in ALL:
        for person in each.approvers if each.approved == week else ():
            parameters = {
                "request": each.id,
                "choice": "approve",
                "person": person,
                "why": "The group can live with it until then",
                "dry_run": False,
            }
            yield {"flow": "decide", "parameters": parameters}
