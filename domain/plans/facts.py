"""Facts: the documented numbers and words that rules judge, computed from what a connector read.

Seven named roots. A missing fact is an absent key under its root, never null and never a guess; the
texts here are the source of docs/facts.md. Refuses to judge.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime, time
from operator import attrgetter

from domain.organization.calendar import Calendar, Rhythm
from domain.organization.office import Office
from domain.plans.project import Item, ItemKind, ItemState, Plan, Project, Scalar, ToolDescription

FINISHED_PERCENT = 100.0
LONGEST_LIST = 20_000
"""Entries that a list may have."""
LONGEST_TEXT = 32_767
"""Characters that a text may have, as in a cell of a workbook: a check's cost is computed with it."""
LONGEST_ENTRY = 1_000
"""Characters that a text in a list may have."""
MOST_FACTS = 500
"""Facts that a root with the office's own names may have."""
MIDNIGHT = time(0)

Facts = Mapping[str, Mapping[str, object]]
"""Facts by root and name, as rules see them; dates are UTC midnights."""


def fact(doc: str, unit: str = "", most: int = 0) -> object:
    """A field that documents one fact, with its unit, and of a list how many entries it may have at most.

    Absent (None) unless it is known.
    """
    return field(default=None, metadata={"doc": doc, "unit": unit, "most": most})


@dataclass(frozen=True, slots=True)
class ProjectFacts:
    """`project`: what the office says of the project itself."""

    stage: str | None = fact("proposed, planning, execution, closing, closed or on_hold")  # type: ignore[assignment]
    lead: str | None = fact("its project manager")  # type: ignore[assignment]
    sponsor: str | None = fact("who sponsors it")  # type: ignore[assignment]
    program: str | None = fact("the program it belongs to")  # type: ignore[assignment]
    start: datetime | None = fact("planned start")  # type: ignore[assignment]
    finish: datetime | None = fact("planned finish")  # type: ignore[assignment]
    percent_reported: float | None = fact("percent complete as reported", "%")  # type: ignore[assignment]
    slip_days: int | None = fact("planned finish after the baseline's finish", "days")  # type: ignore[assignment]
    slip_percent: float | None = fact(  # type: ignore[assignment]
        "planned finish after the baseline's finish, of the time from the planned start to the latter",
        "%",
    )
    weeks_remaining: float | None = fact("from now to the planned finish, at least 0", "weeks")  # type: ignore[assignment]
    standard_version: str | None = fact("the version the office says it follows")  # type: ignore[assignment]


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """`plan`: counted over the project's own items; absent percentages where the plan has no work."""

    items: int | None = fact("items in the plan", "items")  # type: ignore[assignment]
    milestones: int | None = fact("milestones in the plan", "items")  # type: ignore[assignment]
    overdue: int | None = fact("open items that were due before today", "items")  # type: ignore[assignment]
    without_owner: int | None = fact("open items without an owner", "items")  # type: ignore[assignment]
    without_due: int | None = fact("open items without a due date", "items")  # type: ignore[assignment]
    unknown: int | None = fact(
        "items of which neither status nor percent says whether they are open", "items"
    )  # type: ignore[assignment]
    work_hours: float | None = fact("work of all items that state it", "hours")  # type: ignore[assignment]
    percent_done_work: float | None = fact("done work / all work", "%")  # type: ignore[assignment]
    percent_complete: float | None = fact(  # type: ignore[assignment]
        "the lower of percent reported and done work; absent unless both are known", "%"
    )
    longest_task_days: int | None = fact("the longest task, from its start to its due date", "days")  # type: ignore[assignment]
    titles: tuple[str, ...] | None = fact("the titles of the items", most=LONGEST_LIST)  # type: ignore[assignment]


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """`report`: the project's last report against its office's own cut-off."""

    age_days: int | None = fact("days since the last report", "days")  # type: ignore[assignment]
    on_time: bool | None = fact("whether it was given for the period of the office's last cut-off")  # type: ignore[assignment]


@dataclass(frozen=True, slots=True)
class CostFacts:
    """`cost`: in the project's own currency."""

    currency: str | None = fact("ISO 4217 code")  # type: ignore[assignment]
    budget: float | None = fact("approved budget", "money")  # type: ignore[assignment]
    actual: float | None = fact("spent so far", "money")  # type: ignore[assignment]
    forecast: float | None = fact("expected at completion", "money")  # type: ignore[assignment]
    spent_percent: float | None = fact("actual / budget; absent where the budget is 0", "%")  # type: ignore[assignment]
    overrun_percent: float | None = fact("(forecast - budget) / budget; absent where the budget is 0", "%")  # type: ignore[assignment]


@dataclass(frozen=True, slots=True)
class ToolFacts:
    """`tool`: the office's tool, as its connector finds it."""

    kind: str | None = fact("the kind of tool, as its connector is named")  # type: ignore[assignment]
    version: str | None = fact("its version, where it tells one")  # type: ignore[assignment]
    fields: tuple[str, ...] | None = fact("the fields it offers, by our names", most=500)  # type: ignore[assignment]
    statuses: tuple[str, ...] | None = fact("the statuses its items can have", most=500)  # type: ignore[assignment]


ROOTS: Mapping[str, type] = {
    "project": ProjectFacts,
    "plan": PlanFacts,
    "report": ReportFacts,
    "cost": CostFacts,
    "tool": ToolFacts,
}
"""The roots with a fixed set of names."""
NAMES = {kind: tuple(each.name for each in fields(kind)) for kind in ROOTS.values()}
"""The names of each such root's facts, of which every root has several."""
READ = {kind: attrgetter(*names) for kind, names in NAMES.items()}
"""The function that reads all facts of such a root."""
OPEN_ROOTS: Mapping[str, str] = {
    "gates": "when a gate was passed, by the gate's name (`gates.G2`); absent where it was not",
    "field": "the office's own fields, by our names for them (`field.risk_register`)",
}
"""The roots whose names come from the office's tool."""


def documented() -> Iterator[tuple[str, str, str]]:
    """Every fact of the fixed roots: `root.name`, its unit, and its meaning."""
    for root, kind in ROOTS.items():
        for each in fields(kind):
            yield f"{root}.{each.name}", each.metadata["unit"], each.metadata["doc"]


def plain_name(path: str) -> str:
    """A fact as people name it: `percent complete` for `plan.percent_complete`."""
    root, _, name = path.partition(".")
    return (name or root).replace("_", " ").replace(".", ", ")


def is_documented(path: str) -> bool:
    """Whether `root.name` is a fact that may be asked for."""
    root, _, name = path.partition(".")
    if root in OPEN_ROOTS:
        return bool(name)
    return root in ROOTS and any(each.name == name for each in fields(ROOTS[root]))


def first_fact(root: str) -> str:
    """The name of a fact of a fixed root, to give an example."""
    return fields(ROOTS[root])[0].name


def moment(day: date) -> datetime:
    """A date as rules see it: midnight UTC."""
    return datetime.combine(day, MIDNIGHT, UTC)


def facts_of(plan: Plan, office: Office, tool: ToolDescription, now: datetime) -> Facts:
    """The facts of one project at `now` (aware).

    Every root is there, possibly empty; a missing fact is an absent key.
    """
    project = plan.project
    today = office.calendar.local_date(now)
    own = [item for item in plan.items if not item.ours]
    found: dict[str, Mapping[str, object]] = {
        "project": known(_project_facts(project, today)),
        "plan": known(_plan_facts(own, project.percent_complete, today)),
        "report": known(_report_facts(project, office.rhythm, office.calendar, now, today)),
        "cost": known(_cost_facts(project)),
        "tool": known(
            ToolFacts(
                tool.kind,
                tool.version or None,
                tuple(sorted(tool.fields)),
                tuple(sorted(tool.statuses)),
            )
        ),
        "gates": {name: moment(on) for name, on in project.gates.items()},
        "field": {name: as_fact(value) for name, value in project.fields.items()},
    }
    return found


def known(values: object) -> Mapping[str, object]:
    """The facts of one root that are known, by name."""
    kind = type(values)
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in zip(NAMES[kind], READ[kind](values), strict=True)
        if value is not None
    }


def as_fact(value: Scalar) -> object:
    """A value as rules see it: dates become UTC midnights."""
    return moment(value) if isinstance(value, date) and not isinstance(value, datetime) else value


def _project_facts(project: Project, today: date) -> ProjectFacts:
    finish, baseline = project.finish, project.baseline_finish
    return ProjectFacts(
        stage=str(project.stage) if project.stage else None,
        lead=project.lead,
        sponsor=project.sponsor,
        program=project.program,
        start=moment(project.start) if project.start else None,
        finish=moment(finish) if finish else None,
        percent_reported=project.percent_complete,
        slip_days=(finish - baseline).days if finish and baseline else None,
        slip_percent=_slip_percent(project),
        weeks_remaining=round(max((finish - today).days, 0) / 7, 1) if finish else None,
        standard_version=project.standard_version,
    )


def _slip_percent(project: Project) -> float | None:
    """How far the planned finish lies after the baseline's, in percent of the baseline's duration."""
    start, finish, baseline = project.start, project.finish, project.baseline_finish
    if start is None or finish is None or baseline is None or baseline <= start:
        return None
    return round(100 * (finish - baseline).days / (baseline - start).days, 1)


def state_of(item: Item) -> ItemState | None:
    """Whether an item is open: as its status says, else by its percent; None where neither is known."""
    if item.state is not None or item.percent is None:
        return item.state
    return ItemState.OPEN if item.percent < FINISHED_PERCENT else ItemState.DONE


def percent_of(item: Item) -> float | None:
    """How far an item is, in percent: what is done is done wholly."""
    return FINISHED_PERCENT if item.state is ItemState.DONE else item.percent


def weighed(items: Iterable[Item]) -> list[Item]:
    """The items whose work counts: those that state it and are not canceled."""
    return [item for item in items if item.work and item.state is not ItemState.CANCELED]


def _plan_facts(items: Sequence[Item], reported: float | None, today: date) -> PlanFacts:
    work, by_work = _work(items)
    milestones = overdue = without_owner = without_due = unknown = 0
    longest: int | None = None
    task, milestone = ItemKind.TASK, ItemKind.MILESTONE
    for item in items:
        due, kind, state = item.due, item.kind, state_of(item)
        if state is None:
            unknown += 1
        elif state is ItemState.OPEN:
            overdue += due is not None and due < today
            without_owner += item.owner is None
            without_due += due is None
        if kind is milestone:
            milestones += 1
        elif kind is task and due and item.start:
            days = (due - item.start).days
            longest = days if longest is None or days > longest else longest
    return PlanFacts(
        items=len(items),
        milestones=milestones,
        overdue=overdue,
        without_owner=without_owner,
        without_due=without_due,
        unknown=unknown,
        work_hours=work or None,
        percent_done_work=by_work,
        percent_complete=min(by_work, reported) if by_work is not None and reported is not None else None,
        longest_task_days=longest,
        titles=tuple([item.title for item in items]),
    )


def _work(items: Sequence[Item]) -> tuple[float, float | None]:
    """The hours of all items that state them, and the percentage done if each of these states one."""
    pairs = [(item.work or 0.0, percent_of(item)) for item in weighed(items)]
    hours = [work for work, _ in pairs]
    done = [work * percent for work, percent in pairs if percent is not None]
    work = sum(hours)
    return work, round(sum(done) / work, 6) if work and len(done) == len(hours) else None


def _report_facts(
    project: Project, rhythm: Rhythm, calendar: Calendar, now: datetime, today: date
) -> ReportFacts:
    if project.last_report is None:
        return ReportFacts()
    return ReportFacts(
        age_days=(today - project.last_report).days,
        on_time=not rhythm.is_stale(project.last_report, now, calendar),
    )


def _cost_facts(project: Project) -> CostFacts:
    budget, actual, forecast = project.budget, project.actual_cost, project.forecast_cost
    return CostFacts(
        currency=project.currency,
        budget=budget,
        actual=actual,
        forecast=forecast,
        spent_percent=round(100 * actual / budget, 2) if budget and actual is not None else None,
        overrun_percent=(
            round(100 * (forecast - budget) / budget, 2) if budget and forecast is not None else None
        ),
    )
