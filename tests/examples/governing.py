"""The sample's feedback, played in this process: what offices raise and answer, what operators start, what cycles do.

Each week is played as `make run` plays it, but for Prefect around it, and the rollout and the deployment beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from config.wiring import Application
from domain.cases.case import Case
from domain.directives.directive import Directive
from domain.drafts.draft import Draft
from domain.outcomes.cases import CasesEscalated
from examples.harbor_group import player
from examples.harbor_group.feedback import DIRECTIVE, DRAFT, OBJECTION, REGULATOR, REVIEW
from examples.harbor_group.script import Action
from tasks.commenting import answer_comment
from tasks.drafting import draft_version
from tasks.ending import decide
from tasks.issuing import issue
from tasks.looking_after import escalate_cases
from tasks.publishing import publish_version
from tasks.reviewing import review_deviations
from tasks.sweeping import sweep_network
from tests.tasks.conftest import Desk, at_desk, forget

STARTED: Mapping[str, Callable[..., Any]] = {
    "decide": decide.fn,
    "issue-directive": issue.fn,
    "draft-amendment": draft_version.fn,
    "answer-comment": answer_comment.fn,
    "publish-standard": publish_version.fn,
}
"""What the flows of that name do."""


@dataclass
class Week:
    """How things stood after a week."""

    escalated: CasesEscalated
    cases: Mapping[str, Case]
    directives: Mapping[str, Directive]
    drafts: Mapping[str, Draft]

    @property
    def regulator(self) -> Case | None:
        """The case of what a port authority demands."""
        return self.cases.get(REGULATOR)

    @property
    def review(self) -> Case | None:
        """The case of the rule that is under review."""
        return self.cases.get(REVIEW)

    @property
    def objection(self) -> Case | None:
        """The case of the office that objects."""
        return self.cases.get(OBJECTION)

    @property
    def directive(self) -> Directive | None:
        """The directive with an addressee that is silent."""
        return self.directives.get(DIRECTIVE)

    @property
    def draft(self) -> Draft | None:
        """The draft of the amendment."""
        return self.drafts.get(DRAFT)


@dataclass
class Governing:
    """A copy of the sample; `weeks[n]` is what stood after week n, `application` reads it as it is at the end."""

    desk: Desk
    weeks: list[Week] = field(default_factory=list)

    @cached_property
    def application(self) -> Application:
        """The application at the end."""
        return self.desk.application

    def week(self, number: int) -> None:
        """The offices' edits, what operators start, and a cycle."""
        actions: tuple[Action, ...] = player.play(self.desk.folder, number)
        forget()
        for action in actions:
            if action.flow in STARTED and action.parameters.get("request", DRAFT) == DRAFT:
                STARTED[action.flow](**dict(action.parameters))
        self.cycle()

    def cycle(self) -> None:
        """Read, look after what was asked and raised, deliver and judge, as a cycle does."""
        self.desk.read()
        review_deviations.fn()
        escalated = escalate_cases.fn(dry_run=False)
        self.desk.deliver()
        sweep_network("newest")
        with self.desk.application.store.read() as unit:
            self.weeks.append(
                Week(
                    escalated,
                    {each.id: each for each in unit.cases.all()},
                    {each.id: each for each in unit.directives.all()},
                    {each.id: each for each in unit.drafts.all()},
                )
            )


def governed_at(place: Path) -> Governing:
    """The sample in that place, played to its end; its store stays to be read."""
    with pytest.MonkeyPatch.context() as environment:
        found = Governing(at_desk(place, environment))
        found.desk.publish()
        found.cycle()
        for number in range(1, player.WEEKS + 1):
            found.week(number)
        assert found.application
        forget()
        return found
