"""A template's report as HTML without scripts and as CSV: versions, conflicts, and what it saved.

Refuses to show anything that is not in the reader's report.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from io import StringIO

from domain.deployments.report import OfficeState, TemplateReport
from domain.language import Language, Message
from domain.organization.office import Organization
from domain.plans.savings.interval import Shown
from domain.plans.savings.office import Compared, Deployment, Kind, Measure, TaskFigures, estimated, reuse
from domain.plans.templates.template import Driver
from reports.deployments.page import MEMBERSHIPS, STANDINGS
from reports.deployments.saved import KINDS, MEASURES, UNITS, WHY, amount, learned, reasons, said, share
from reports.deployments.waves import waves_picture
from reports.pack.words import harmless
from reports.render import filled
from reports.words import clean

WEAK = Message(
    "Against this pilot, whose own luck the interval does not know; too narrow where a few offices lie far"
    " off to one side."
)
DRIVERS: Mapping[Driver, Message] = {
    Driver.USERS: Message("users", about="size"),
    Driver.COMPANIES: Message("companies", about="size"),
    Driver.INTERFACES: Message("interfaces", about="size"),
}
HEADER: tuple[Message, ...] = (
    Message("office", about="csv"), Message("version", about="csv"), Message("open conflicts", about="csv"),
    Message("where it stands", about="csv"), Message("measure", about="csv"), Message("unit", about="csv"),
    Message("pilot", about="csv"), Message("estimate of the template", about="csv"),
    Message("own estimate", about="csv"), Message("actual", about="csv"),
    Message("of it added by the office", about="csv"), Message("of it central", about="csv"),
    Message("ratio to the pilot", about="csv"), Message("why it is not compared", about="csv"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ReportPlace:
    """Where a report is read: its title, the paths of its pages, names, language."""

    title: str
    base: str
    """The path of the report's pages."""
    back: str
    """The path of the page that leads here."""
    organization: Organization
    language: Language
    today: date
    until: date
    plans: bool = True
    """Whether plans are shown as charts."""

    def name(self, office: str) -> str:
        """The office's name."""
        there = self.organization.offices.get(office)
        return clean(there.name if there is not None else office, 60)


def report_html(found: TemplateReport, place: ReportPlace) -> bytes:
    """The report's page (UTF-8)."""
    says = place.language
    savings = [
        (
            says.message(MEASURES[measure]),
            said(each.interval, measure, found.compared, says),
            learned(each, says),
            str(each.interval.shown),
            reasons(found.missing.get(measure, {}), says),
        )
        for measure, each in found.savings.measures.items()
    ]
    return filled(
        "deployment_report.html.j2",
        says,
        found=found,
        place=place,
        line=headline(found, says),
        offices=[_office(each, found, place) for each in found.offices],
        savings=savings,
        weakness=says.message(WEAK),
        picture=waves_picture({m: each.waves for m, each in found.savings.measures.items()}, says),
        waves=list(_waves(found, says)),
        raw=[_raw(each, found, place) for each in found.offices if each.office in found.figures],
        too_few=any(each.interval.shown is Shown.TOO_FEW for each in found.savings.measures.values()),
        avoided=[
            (each.name, f"{says.decimal(each.amount, 0)} {each.currency}") for each in found.savings.avoided
        ],
    )


def figures_html(found: Deployment, shown: TemplateReport, place: ReportPlace) -> bytes:
    """The figures of one office and the tasks that they come from (UTF-8)."""
    says = place.language
    return filled(
        "deployment_figures.html.j2",
        says,
        place=place,
        office=place.name(found.office),
        measures=[_row(each, found, says) for each in _compared(found.office, shown)],
        size=_size(found, says),
        reused=_reused(found, says),
        tasks=[_task(each, says) for each in found.tasks],
        currency=found.currency,
        with_costs=Measure.COST in shown.savings.measures,
    )


def headline(found: TemplateReport, says: Language) -> str:
    """`12 offices: 9 on version 3, 1 without a plan; 2 with conflicts; 31 % less effort than the pilot`."""
    there = sum(each.standing is not None and not each.pilot for each in found.offices)
    told = says.count(there, "{n} office", "{n} offices")
    parts = [
        says.count(n, "{n} on version {version}", "{n} on version {version}", version=version)
        for version, n in found.versions.items()
    ]
    if found.without_plan:
        parts.append(says.count(found.without_plan, "{n} without a plan", "{n} without a plan"))
    if parts:
        told = says.say("{offices}: {standings}", offices=told, standings=", ".join(parts))
    if found.in_conflict:
        told += "; " + says.count(found.in_conflict, "{n} with conflicts", "{n} with conflicts")
    effort = found.savings.measures.get(Measure.EFFORT)
    if effort is not None and effort.interval.saved is not None:
        told += "; " + said(effort.interval, Measure.EFFORT, found.compared, says)
    return told


def savings_line(found: TemplateReport, says: Language) -> str:
    """`effort: 31 % less effort than the pilot (24 to 38 %)`, or why there is none, by measure."""
    told = []
    for measure, each in found.savings.measures.items():
        why = reasons(found.missing.get(measure, {}), says)
        words = said(each.interval, measure, found.compared, says) + (f" ({why})" if why else "")
        told.append(f"{says.message(MEASURES[measure])}: {words}")
    return "; ".join(told)


def _office(each: OfficeState, found: TemplateReport, place: ReportPlace) -> Mapping[str, object]:
    says = place.language
    standing = (
        says.message(STANDINGS[each.standing.standing])
        if each.standing is not None
        else says.message(MEMBERSHIPS[each.membership])
    )
    return {
        "id": each.office,
        "name": place.name(each.office),
        "pilot": each.pilot,
        "version": str(each.plan.version) if each.plan.version else "",
        "behind": bool(each.plan.version) and each.plan.version < found.newest,
        "conflicts": each.plan.conflicts,
        "standing": standing,
        "figures": each.office in found.figures,
        "chart": place.plans and each.own and bool(each.plan.version),
    }


def _raw(state: OfficeState, shown: TemplateReport, place: ReportPlace) -> Mapping[str, object]:
    """The figures of one office as its own page has them, and what they have to be read with."""
    says, found = place.language, shown.figures[state.office]
    return {
        "name": place.name(state.office),
        "size": _size(found, says),
        "reused": _reused(found, says),
        "measures": [_row(each, found, says) for each in _compared(state.office, shown)],
    }


def _size(found: Deployment, says: Language) -> str:
    """Both sizes by what they are counted in; empty where none is stated."""
    size = found.size
    if size is None:
        return ""
    driver = says.message(DRIVERS[Driver(size.name)])
    return says.say(
        "Size ({driver}): pilot {pilot}, here {office}.", driver=driver, pilot=size.pilot, office=size.office
    )


def _reused(found: Deployment, says: Language) -> str:
    """Which share of the tasks was reused; empty without tasks."""
    kept = reuse(found)
    if kept is None:
        return ""
    return says.say(
        "{share} % of the tasks came from the template and kept their name and place.", share=share(kept)
    )


def _compared(office: str, shown: TemplateReport) -> Iterator[Compared]:
    for saving in shown.savings.measures.values():
        yield from (each for each in saving.offices if each.office == office)


def _unit(measure: Measure, currency: str, says: Language) -> str:
    return says.message(UNITS[measure]) if measure in UNITS else currency


def _row(each: Compared, found: Deployment, says: Language) -> Mapping[str, str]:
    """One measure of an office in words."""
    template, before = estimated(found, each.measure)
    known = each.ratio is not None
    return {
        "measure": says.message(MEASURES[each.measure]),
        "unit": _unit(each.measure, found.currency, says),
        "pilot": amount(each.pilot, says) if known else "",
        "template": amount(template, says),
        "before": amount(before, says),
        "actual": amount(each.office_total, says) if known else "",
        "local": amount(each.local, says) if known and each.measure is not Measure.DURATION else "",
        "central": amount(each.central, says) if known and each.measure is not Measure.DURATION else "",
        "ratio": f"{round(each.ratio * 100)} %" if each.ratio is not None else "",
        "why": says.message(WHY[each.missing]) if each.missing is not None else "",
        "lacking": says.count(
            len(each.without), "{n} task lacks it", "{n} tasks lack it"
        ) if each.without and not known else "",
        "as_given": says.count(
            each.as_given,
            "{n} task still states what the template gave it",
            "{n} tasks still state what the template gave them",
        ) if each.as_given else "",
    }  # fmt: skip


def _task(task: TaskFigures, says: Language) -> Mapping[str, str]:
    found = {"name": clean(task.name, 120), "kind": says.message(KINDS[task.kind])}
    for measure in Measure:
        found[f"pilot_{measure}"] = amount(task.pilot.get(measure), says)
        found[f"actual_{measure}"] = amount(task.actual.get(measure), says)
    counts = task.kind is not Kind.BUILT_ONCE
    found["changed"] = says.say("changed by the office") if counts and task.changed else ""
    return found


def _waves(found: TemplateReport, says: Language) -> Iterator[tuple[str, list[str]]]:
    """The rows of the table behind the picture: the wave, and each measure's mean."""
    measures = found.savings.measures
    for wave in sorted({wave for each in measures.values() for wave in each.waves}):
        ratios = (each.waves.get(wave) for each in measures.values())
        yield (
            says.say("wave {n}", n=wave),
            ["" if ratio is None else f"{round(ratio * 100)} %" for ratio in ratios],
        )


def report_csv(found: TemplateReport, place: ReportPlace) -> bytes:
    """A row for each office and measure; figures that the reader may not see stay empty (UTF-8)."""
    says, text = place.language, StringIO()
    written = csv.writer(text, lineterminator="\r\n")
    written.writerow([says.message(each) for each in HEADER])
    for state in found.offices:
        shown = _office(state, found, place)
        head = [harmless(place.name(state.office)), str(shown["version"]), str(state.plan.conflicts),
                str(shown["standing"])]  # fmt: skip
        rows = list(_compared(state.office, found))
        figures = found.figures.get(state.office)
        if figures is None or not rows:
            written.writerow([*head, *[""] * (len(HEADER) - len(head))])
            continue
        written.writerows([*head, *_cells(each, figures, says)] for each in rows)
    return text.getvalue().encode()


def _cells(each: Compared, figures: Deployment, says: Language) -> list[str]:
    template, before = estimated(figures, each.measure)
    known = each.ratio is not None
    amounts = (
        each.pilot if known else None, template, before, each.office_total if known else None,
        each.local if known else None, each.central if known else None,
    )  # fmt: skip
    return [
        says.message(MEASURES[each.measure]), _unit(each.measure, figures.currency, says),
        *("" if value is None else f"{round(value, 2):f}" for value in amounts),
        "" if each.ratio is None else f"{each.ratio:.4f}",
        says.message(WHY[each.missing]) if each.missing is not None else "",
    ]  # fmt: skip
