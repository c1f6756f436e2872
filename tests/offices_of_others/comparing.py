"""Holds what the product made of an organization against the lists: every difference is a line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from tests.offices_of_others.conftest import Network
from tests.offices_of_others.truth import project_of, table

FIGURES = {
    "items": "plan.items", "milestones": "plan.milestones", "overdue": "plan.overdue",
    "no owner": "plan.without_owner", "hours": "plan.work_hours", "done": "plan.percent_done_work",
    "complete": "plan.percent_complete", "slip": "project.slip_days", "weeks": "project.weeks_remaining",
    "spent": "cost.spent_percent", "report age": "report.age_days", "longest": "plan.longest_task_days",
}  # fmt: skip
PROJECT = {
    "title": "title", "stage": "stage", "lead": "lead", "start": "start", "finish": "finish",
    "baseline": "baseline_finish", "percent": "percent_complete", "budget": "budget", "actual": "actual_cost",
    "currency": "currency", "report": "last_report",
}  # fmt: skip
ITEM = ("title", "kind", "owner", "start", "due", "work", "percent", "status")


def differences(organization: str, found: Network) -> list[str]:
    """Everything in which the product and the lists differ."""
    return [
        *_projects(organization, found),
        *_items(organization, found),
        *_figures(organization, found),
        *_totals(organization, found),
        *_told(organization, found),
    ]


def _said(value: object) -> str:
    if isinstance(value, float | int) and not isinstance(value, bool):
        return f"{float(value):.6f}".rstrip("0").rstrip(".")
    if isinstance(value, datetime):
        return value.date().isoformat()
    return "-" if value is None else value.isoformat() if isinstance(value, date) else str(value)


def _differ(what: str, listed: str, read: object) -> Iterator[str]:
    if listed != _said(read):
        yield f"{what}: {listed} in the list, {_said(read)} read"


def _sets(what: str, listed: set[str], read: set[str]) -> Iterator[str]:
    yield from (f"{what} {each}: in the list, not read" for each in sorted(listed - read))
    yield from (f"{what} {each}: read, not in the list" for each in sorted(read - listed))


def _projects(organization: str, found: Network) -> Iterator[str]:
    rows = {row["key"]: row for row in table(organization, "projects")}
    yield from _sets("project", set(rows), set(found.plans))
    for key in rows.keys() & found.plans.keys():
        project = found.plans[key].project
        for name, field in PROJECT.items():
            yield from _differ(f"{key} {name}", rows[key][name], getattr(project, field))
        for gate in ("G1", "G2"):
            yield from _differ(f"{key} {gate}", rows[key][gate], project.gates.get(gate))


def _items(organization: str, found: Network) -> Iterator[str]:
    rows = {row["key"]: row for row in table(organization, "items")}
    items = {item.key: item for plan in found.plans.values() for item in plan.items}
    yield from _sets("item", set(rows), set(items))
    for key in rows.keys() & items.keys():
        yield from _differ(f"{key} project", project_of(rows[key]), items[key].project)
        for name in ITEM:
            yield from _differ(f"{key} {name}", rows[key][name], getattr(items[key], name))


def _figures(organization: str, found: Network) -> Iterator[str]:
    judged = {each.project: each for each in found.sweep.judged}
    rows = {row["key"]: row for row in table(organization, "figures")}
    yield from _sets("judged project", set(rows), set(judged))
    for key in rows.keys() & judged.keys():
        for name, path in FIGURES.items():
            root, _, fact = path.partition(".")
            yield from _differ(f"{key} {path}", rows[key][name], found.facts[key][root].get(fact))
        yield from _differ(f"{key} band", rows[key]["band"], judged[key].band)
        wrong = {
            f"{v.rule}:{v.result}" for v in judged[key].verdicts if v.result in ("fail", "unknown", "error")
        }
        yield from _sets(f"{key} verdict", set(rows[key]["why"].split()) - {"-"}, wrong)


def _totals(organization: str, found: Network) -> Iterator[str]:
    bands = {row["band"]: row["projects"] for row in table(organization, "bands")}
    for band, count in found.sweep.bands.items():
        yield from _differ(f"band {band}", bands.get(band, "0"), count)
    for row in table(organization, "totals"):
        plans = {key: plan for key, plan in found.plans.items() if plan.project.office == row["office"]}
        facts: list[Mapping[str, Mapping[str, object]]] = [
            found.facts[key] for key in plans if key in found.facts
        ]
        sums = {
            "projects": len(plans),
            "items": sum(len(plan.items) for plan in plans.values()),
            "overdue": sum(each["plan"].get("overdue", 0) for each in facts),
            "budget": sum(plan.project.budget or 0 for plan in plans.values()),
            "actual": sum(plan.project.actual_cost or 0 for plan in plans.values()),
            "hours": sum(each["plan"].get("work_hours", 0) for each in facts),
        }
        for name, value in sums.items():
            yield from _differ(f"{row['office']} {name}", row[name], value)


def _told(organization: str, found: Network) -> Iterator[str]:
    told = [(office, each.ref, each.problem) for office, some in found.told.items() for each in some]
    rows = table(organization, "told")
    places = {f"{row['office']} {row['place']}" for row in rows}
    yield from _sets("line", places, {f"{office} {ref}" for office, ref, _ in told})
    if len(told) != len(rows):
        yield f"{len(rows)} lines in the list, {len(told)} told"
    for row in rows:
        texts = [text for office, ref, text in told if (office, ref) == (row["office"], row["place"])]
        if texts and row["what is wrong"] not in texts[0]:
            yield f"{row['place']}: {row['what is wrong']!r} is not in {texts[0]!r}"
    listed = {f"{row['office']}: {row['what']}" for row in table(organization, "left_out")}
    yield from _sets(
        "left out", listed, {f"{o}: {each}" for o, some in found.left_out.items() for each in some}
    )


def pages_lack(organization: str, found: Network) -> list[str]:
    """What a report should show and does not: every project's title, every office's count, every line."""
    text = "\n".join(found.pages)
    titles = [row["title"] for row in table(organization, "projects")]
    places = [row["place"] for row in table(organization, "told")]
    return [each for each in (*titles, *places) if each not in text]
