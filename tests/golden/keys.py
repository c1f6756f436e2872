"""Keys and ids by the functions that make them, and what a question, notice or item says of itself in a tool.

What the play brought about is held by its own files; here stand the forms of all of them, also of those that the
sample never needs.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

from connectors.tickets.lines import together
from domain.delivery.work import wanted_notice, wanted_question, wanted_unreadable
from domain.ids import VersionId, WorkItemKey
from domain.messages.inbox import HINT, Pending, Posted, overflow
from domain.plans.project import Plan, Project, Unreadable
from domain.questions.copies import copy_question
from domain.questions.question import Notice, NoticeKind, Question, QuestionKind, QuestionState
from domain.questions.twins import Twins, twin_question
from domain.rollouts.asking import approval_question, election_question, fact_question
from domain.rollouts.rollout import Adoption, Manifest, Member, Standing, WavePlan
from domain.standards.leeway import Eligibility, LeewayDecision
from domain.standards.standard import Election, Leeway
from gateway.inbound.published import shown
from gateway.prefect import _event

DAY, LATER = date(2027, 1, 4), date(2027, 1, 11)
AT = datetime(2027, 1, 4, 7, tzinfo=UTC)
TERMS = Leeway((), LATER, Election.ADOPT)
ELIGIBLE = LeewayDecision(Eligibility.ELIGIBLE, "", until=LATER)
WAVE = WavePlan(1, "first", ("porto",), DAY, trial_days=5, exit_settled=0.8, halt_late=0.4, halt_failed=3)
MANIFEST = Manifest("method", "2.0", "a" * 64, DAY, (WAVE,), (Member("porto/P-1", "porto", 1),))
MEMBER = Adoption("porto/P-1", "porto", 1, Standing.QUESTIONED, DAY, elect_by=LATER, answer_by=LATER)


def keys() -> object:
    """The form of every key and id that is made of parts."""
    plan = Plan(Project("porto/P-1", "porto", "A bridge"), ())
    return {
        "question for a fact": fact_question(MEMBER, "method-2", "project.finish", plan, DAY).id,
        "question for an election": election_question(MEMBER, ("method-2", "porto"), ELIGIBLE, TERMS, DAY).id,
        "question for a decision": approval_question("method-2", MANIFEST, "group", "", (DAY, LATER)).id,
        "question about twins": twin_question(Twins("porto/P-1", "group/G-1"), DAY, LATER).id,
        "question about copies": copy_question("porto", "adopt/x", ("row 3", "row 4"), DAY, LATER).id,
        "item of a rule": str(
            WorkItemKey(VersionId(MANIFEST.standard, MANIFEST.version), "porto/P-1", "a-rule")
        ),
        "notice of what is unreadable": wanted_unreadable(
            "porto", Unreadable("Plan!C4", "soon", "no date"), DAY
        ).key,
        "digest of a manifest": MANIFEST.digest,
        "message": Posted("portfolio", "m-1", HINT, AT, b"{}").id,
        "digest of a message": Posted("portfolio", "m-1", HINT, AT, b"{}").digest,
        "run of a message": Posted("portfolio", "m-1", HINT, AT, b"{}").run_key,
        "run of a message tried again": Posted("portfolio", "m-1", HINT, AT, b"{}", tries=2).run_key,
        "run of hints": Pending("porto", 7, AT, AT, tries=1).key,
        "key of what stands for many hints": [
            overflow("portfolio", 12, AT).key,
            overflow("portfolio", 12, AT).kind,
        ],
    }


def in_tools() -> object:
    """What questions and notices of each kind and state say of themselves in an office's tool."""
    asked = {
        f"{kind} {state}": _put(wanted_question(_question(kind, state)))
        for kind in QuestionKind
        for state in QuestionState
    }
    told = {
        str(kind): _put(wanted_notice(Notice("a-key", kind, "porto", "head", DAY, {}, "text")))
        for kind in NoticeKind
    }
    unreadable = _put(wanted_unreadable("porto", Unreadable("Plan!C4", "soon", "no date"), DAY))
    lines = together("Words of theirs", {"key": "adopt/x", "role": "head", "standing": "open"})
    return {
        "questions": asked,
        "notices": told,
        "unreadable": unreadable,
        "in a description": lines.split("\n"),
    }


def messages() -> object:
    """What other systems may ask for, as the gateway's page shows it, and Prefect's event of a message."""
    return {
        "kinds": {each["name"]: [each["flow"], json.loads(each["example"])] for each in shown()},
        "event in Prefect": _event(Posted("portfolio", "m-1", "sweep.requested", AT, b"{}")),
    }


def _question(kind: QuestionKind, state: QuestionState) -> Question:
    answer = "approved" if state is QuestionState.ANSWERED else None
    return Question("an-id", "porto", "porto/P-1", kind, "about", "text", DAY, LATER, state, answer)


def _put(wanted: Any) -> list[object]:
    return [wanted.key, str(wanted.kind), {name: str(value) for name, value in wanted.values.items()}]
