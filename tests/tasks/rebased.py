"""Another pilot's template beside that of an office's plan, and the plan going over to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from domain.deployments.sharing import Basis, Share
from domain.outcomes.updating import PlanUpdated
from domain.plans.link import PlanLink
from domain.plans.templates.form import digest_of
from domain.plans.templates.template import Release, Standing, Template
from tasks import context
from tasks.rebasing import rebase_plan
from tests.tasks.updated import AT, adding, changing, lasting, template, without

PLAN = "gyor/finance-system/1"
NAMES = {"p1": "1", "a": "2", "b": "3", "c": "4", "p2": "5", "d": "6", "e": "7", "f": "8", "g": "d"}


def other() -> Template:
    """Another pilot's: other uids, one of them that of another task; without the manual, with reports."""
    made_ = template()
    edits = (lasting("b", 6), adding("g", "Test the reports", 2, "p2", "d"), without("c"))
    for each in (*edits, changing("f", names={"en": "Rehearse"}, parent="p1")):
        made_ = each(made_)
    tasks = tuple(replace(x, uid=NAMES[x.uid], parent=x.parent and NAMES[x.parent]) for x in made_.tasks)
    links = tuple(PlanLink(NAMES[x.predecessor], NAMES[x.successor]) for x in made_.links)
    return replace(made_, id="second", names={"en": "Second system"}, tasks=tasks, links=links)


def offer(made_: Template, number: int = 1) -> None:
    with context.current_application().store.begin() as unit:
        found = Release(made_, number, digest_of(made_), date(2027, 1, number), Standing.LIVE, stated=True)
        unit.templates.release(found, AT)
        if number == 1:
            at = datetime(2027, 1, 4, tzinfo=UTC)
            unit.deployments.share(Share("second", "kozpont", Basis.AGREEMENT, "all-gyor", at))
        unit.commit()


SAID = "6=d; 8=new"


def rebase(same: str = SAID, **values: Any) -> PlanUpdated:
    given = {"derivation": PLAN, "onto": "second", "same": same, "person": "eva"}
    (found,) = rebase_plan.fn(**{**given, "why": "theirs went better", "dry_run": False, **values}).plans
    return found
