"""Capture a plan as a draft of a template: read it, take out what is the office's, check it, store the draft.

The plan itself is only read. What was taken out is shown to whoever captures and is never stored.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from prefect import task

from config.characters import plain
from config.permitting import permitted
from config.shapes import SLUG
from config.standing_templates import standing_templates
from config.templates import FiledTemplate
from config.wiring import Application
from domain.ids import DraftId
from domain.organization.actions import Action, Operator
from domain.organization.office import Organization
from domain.outcomes.templates import PlanCaptured
from domain.plans.gaps import Gap
from domain.plans.localization.sizes import size_of
from domain.plans.templates.capture import ALL, Captured, Wanted, capture, private_in
from domain.plans.templates.checks import Finding
from domain.plans.templates.form import digest_of
from domain.plans.templates.lint import lint
from domain.plans.templates.names import names
from domain.plans.templates.template import Draft, Mark, Origin, Size, Template
from store.unit import Unit
from tasks.choosing import person_of
from tasks.context import current_application
from tasks.plan_sources import PlanSource, plan_source
from tasks.recording import entry, record
from tasks.releasing import owning

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

LONGEST_ID = 60
JOINS = ">"
"""What stands in the name of a proposed link."""
SAYS = "="
"""What stands between a mark and the milestone that has it: `go_live=Go-live`."""
SIZE = "size"
"""What stands before the size of the pilot's deployment: `size=420 users`."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What was captured, what the checks found, and the draft that would be stored."""

    captured: Captured
    findings: tuple[Finding, ...]
    draft: Draft
    previous: Template | None
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for: the template, and which links and words a person confirms."""

    template: str
    why: str = ""
    links: frozenset[str] = frozenset()
    keep: frozenset[str] = frozenset()
    person: str = ""
    """The person's id or opaque id; empty where nobody confirms anything."""
    marks: Mapping[Mark, str] = field(default_factory=dict)
    """The milestones that say something, by the plan's uids or names."""
    size: Size | None = None
    """How large the pilot's deployment was, by which savings are compared."""


@task(name="capture-draft", task_run_name="capture {template}")
def capture_draft(
    plan: str, template: str, why: str, confirm: str, person: str, *, dry_run: bool
) -> PlanCaptured:
    """Capture `OFFICE/PROJECT` or `OFFICE/FILE` as a draft of the template.

    Raises LookupError for a plan that is not there, ValueError for one that cannot be captured so,
    PermissionError for a person who may not confirm, and the errors of reading a file.
    """
    application = current_application()
    with application.store.read() as unit:
        source = plan_source(application.organization, application.settings.organization, unit, plan)
    confirmed = frozenset(each.strip() for each in confirm.split(",") if each.strip())
    links = frozenset(each for each in confirmed if each == ALL or JOINS in each)
    marks = frozenset(each for each in confirmed - links if _mark_of(each))
    sizes = frozenset(each for each in confirmed - links if each.partition(SAYS)[0].strip() == SIZE)
    asked = Asked(
        template, why, links, confirmed - links - marks - sizes, person, marks_of(marks), size_in(sizes)
    )
    return captured(application, source, asked, dry_run=dry_run)[1]


def marks_of(said: Iterable[str]) -> dict[Mark, str]:
    """Milestones by mark, of `go_live=Go-live`. Raises ValueError for another mark, or one named twice."""
    found: dict[Mark, str] = {}
    for each in sorted(said):
        mark, milestone = _mark_of(each), each.partition(SAYS)[2].strip()
        if mark is None or not milestone:
            known = ", ".join(f"{mark}{SAYS}MILESTONE" for mark in Mark)
            raise ValueError(f"{each[:60]!r} names no milestone for a mark; write {known}")
        if mark in found:
            raise ValueError(f"{mark}{SAYS} is written twice; name one milestone")
        found[mark] = milestone
    return found


def size_in(said: Collection[str]) -> Size | None:
    """The size of `size=420 users`; None where none is said. Raises NoSize, ValueError for two of them."""
    if len(said) > 1:
        raise ValueError(f"{SIZE}{SAYS} is written twice; write how large the pilot's deployment was once")
    return next((size_of(each.partition(SAYS)[2]) for each in said), None)


def _mark_of(said: str) -> Mark | None:
    """The mark that a text begins with, as in `go_live=Go-live`."""
    name = said.partition(SAYS)[0].strip().casefold()
    return Mark(name) if SAYS in said and name in set(Mark) else None


def captured(
    application: Application, source: PlanSource, asked: Asked, *, dry_run: bool
) -> tuple[Seen, PlanCaptured]:
    """Capture a plan that was read; what was found, and the outcome."""
    template = asked.template
    if not re.fullmatch(SLUG, template) or len(template) > LONGEST_ID:
        raise ValueError(
            f"template: {template[:60]!r} is no id; write small letters, digits and dashes: finance-system"
        )
    organization, store, clock = application.organization, application.store, application.clock
    with store.read() as unit:
        who = person_of(unit, asked.person) if asked.person else ""
        filed, now = application.templates, clock.now()
        seen = _seen(unit, source, asked, organization=organization, filed=filed, now=now)
    if (asked.links or asked.keep or asked.marks or asked.size) and not who:
        raise ValueError(
            "person: links, words, milestones and the size are confirmed by a person; name who, see"
            " `interoffice person list`"
        )
    actor = Operator(who)
    by = permitted(
        organization, store, clock, actor, Action.CAPTURE,
        leader=owning(organization, seen.draft.template.owner), concerned=source.office, subject=template,
        why=asked.why, dry_run=dry_run,
    )  # fmt: skip
    new = True
    if not dry_run:
        draft = seen.draft
        with store.begin() as unit:
            new = unit.templates.keep(draft)
            detail = {
                "office": source.office, "digest": draft.digest, "source": source.digest,
                "stripped": dict(draft.stripped), "left": draft.left, "proposed": draft.proposed,
                "confirmed": draft.confirmed, **entry(actor, by),
            }  # fmt: skip
            record(unit, clock, "capture", template, detail=detail, person=who, why=asked.why)
            unit.commit()
    return seen, _outcome(seen, source.office, new=new, dry_run=dry_run)


def _seen(
    unit: Unit,
    source: PlanSource,
    asked: Asked,
    *,
    organization: Organization,
    filed: Iterable[FiledTemplate],
    now: datetime,
) -> Seen:
    released = standing_templates(filed, unit).newest(asked.template)
    previous = released.template if released else None
    people = organization.people.values()
    accounts = {each.id for each in people} | {name for each in people for name in each.accounts.values()}
    accounts |= {each.address for each in people if each.address}
    wanted = Wanted(
        asked.template, previous.owner if previous else source.office, now.date(),
        organization.offices[source.office].language or organization.language, source.digest,
        frozenset(each.name for each in people), frozenset(accounts), asked.keep, asked.links,
        source.standing, source.office, asked.marks, asked.size,
    )  # fmt: skip
    found = capture(source.plan, wanted, previous, clean=plain)
    draft = Draft(
        found.template, digest_of(found.template), now, Origin.CAPTURED, _counts(found), len(found.left),
        len(found.proposed), found.confirmed,
    )  # fmt: skip
    return Seen(found, lint(found.template), draft, previous, source.gaps)


def _counts(found: Captured) -> dict[str, int]:
    told = Counter(str(each.kind) for each in found.stripped)
    more = {
        "comment": found.comments,
        "link out of the plan": len(found.elsewhere),
        "holiday": found.holidays,
    }
    return {**dict(sorted(told.items())), **{name: count for name, count in more.items() if count}}


def _outcome(seen: Seen, office: str, *, new: bool, dry_run: bool) -> PlanCaptured:
    found, template = seen.captured, seen.draft.template
    before = {task.uid for task in seen.previous.tasks} if seen.previous else set()
    return PlanCaptured(
        str(DraftId(template.id, seen.draft.digest)), office, template.owner,
        sum(task.kind != "phase" for task in template.tasks), len(template.links),
        sum(task.open for task in template.tasks), dry_run, seen.draft.stripped,
        dict(sorted(Counter(each.field for each in found.stripped).items())), len(found.left),
        _told(seen.findings), any(each.stops for each in seen.findings), found.dates.held, found.dates.is_so,
        len(found.proposed), found.confirmed, new, len(before & {task.uid for task in template.tasks}),
        sum(each.kind.is_lost for each in seen.gaps),
    )  # fmt: skip


def _told(findings: Iterable[Finding]) -> dict[str, str]:
    """What each check found, without the tasks' ids: those are the plan's."""
    return {str(each.check): str(replace(each, detail="")) for each in findings}


def import_draft(application: Application, template: Template) -> Draft:
    """Store a template from a file as a draft. Raises LookupError for an owner that is no office."""
    owning(application.organization, template.owner)
    store, clock = application.store, application.clock
    known = names(each.name for each in application.organization.people.values())
    left = len(list(private_in(template, known)))
    draft = Draft(template, digest_of(template), clock.now(), Origin.IMPORTED, {}, left)
    with store.begin() as unit:
        unit.templates.keep(draft)
        detail = {"digest": draft.digest, "left": left, "imported": True}
        record(unit, clock, "capture", template.id, detail=detail)
        unit.commit()
    return draft
