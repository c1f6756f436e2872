"""Reports as HTML files: the same values give the same bytes; refuses undefined names.

A file loads nothing from outside: it has no script, no font, no picture, and no link but to the pages behind
it. It is short at any size of network: lists are cut, and say where all stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from jinja2 import nodes
from markupsafe import Markup, escape

from domain.delivery.held import CAUSES
from domain.language import ENGLISH, Language, Message
from domain.reporting.dashboard import Dashboard, newest_first
from domain.reporting.entry import ReportEntry
from domain.reporting.reading_report import ReadingReport
from domain.reporting.rollout_report import BUCKETS, RolloutReport
from domain.reporting.sentence import Bucket
from domain.reporting.sweep_report import BAND_GROUPS, OfficeLine, PreviewReport, Report, SweepReport
from reports import charts, words
from reports.environment import OF_PACKS, TEMPLATES, environment
from reports.first_line import rollout_line, state_line, sweep_line
from reports.pack.filed import FORMS, KIND, PDF, SLIDES
from reports.pack.paper import lacking
from reports.spoken import marked, spoken
from reports.trends import sparkline, trend_chart
from reports.turns import turns

MOST_FIRST = 4
"""Lines of a list on the first screen."""
MOST_OFFICES = 9
"""Offices on the first screen."""
MOST_WAVES = 6
"""Waves on the first page."""
MOST_OTHERS = 8
"""Packs on the first page of all."""
LEAST_COUNTS = 2
"""Counts that a comparison with the last one needs."""
KINDS: Mapping[str, Message] = {
    "rollout": Message("rollout", about="report"),
    "sweep": Message("compliance review", about="report"),
    "preview": Message("preview", about="report"),
    "reading": Message("what was read", about="report"),
    KIND: Message("pack", about="report"),
}
"""The kinds of reports as people read them."""


def prepare() -> None:
    """Parse every template now, so that a process that is forked for a report need not."""
    for name in environment().list_templates(extensions=["j2"]):
        environment().get_template(name)


def template_trees() -> Iterator[tuple[Path, nodes.Template]]:
    """Every template by its file, parsed."""
    for folder in (TEMPLATES, OF_PACKS):
        for file in sorted(folder.glob("*.j2")):
            yield file, environment().parse(file.read_text("utf-8"))


def filled(template: str, language: Language = ENGLISH, **values: object) -> bytes:
    """A page of its template in a language, as one file (UTF-8)."""
    return environment().get_template(template).render(**spoken(language), **values).encode()


def rollout_html(report: RolloutReport, details: str) -> bytes:
    """The first page of a rollout's report as one file (UTF-8); `details` is the name of its other pages."""
    says = report.heading.language
    ahead = [row.due for row in report.rows if row.group == Bucket.MUST_ACT and row.due]
    return _page(
        "rollout.html.j2",
        report,
        BUCKETS,
        details,
        kind="rollout",
        kind_words=says.say("its rollout"),
        line=rollout_line(report, says),
        state=state_line(report.rollout, report.heading.as_of, says),
        change_words=_since(report, says),
        course_narrow=charts.course(report, 350, 250, says) if report.rows else "",
        course_wide=charts.course(report, 580, 236, says) if report.rows else "",
        due=max(ahead, default=None),
        forecast_under=_forecast_words(report, says),
        late=sum(row.late for row in report.rows),
        manifest=report.rollout.manifest.digest,
        most_waves=MOST_WAVES,
        moved=_moved(report),
    )


def sweep_html(report: SweepReport, details: str) -> bytes:
    """The first page of a sweep's report as one file (UTF-8); `details` is the name of its other pages."""
    return _sweep("sweep.html.j2", report, details, "sweep")


def preview_html(report: PreviewReport, details: str) -> bytes:
    """What a version would say that is not published, as one file (UTF-8)."""
    return _sweep("preview.html.j2", report, details, "preview")


def reading_html(report: ReadingReport) -> bytes:
    """What was read before any version is published, as one file (UTF-8)."""
    return filled("reading.html.j2", report.language, report=report)


def index_html(dashboard: Dashboard, files: Mapping[str, Sequence[str]] | None = None) -> bytes:
    """The first page of all reports, as whoever asks may see it; `files` are those of each pack, by slug."""
    return filled(
        "index.html.j2",
        dashboard.language,
        board=replace(dashboard, others=_board_first(dashboard.others, files or {})),
        sparkline=sparkline,
        state_line=state_line,
        causes=CAUSES,
        most_others=MOST_OTHERS,
        **_packed(files, dashboard.language),
    )


def history_html(
    entries: Iterable[ReportEntry],
    files: Mapping[str, Sequence[str]] | None = None,
    language: Language = ENGLISH,
) -> bytes:
    """The list of reports, newest first; `files` are those of each pack beside its page, by slug."""
    return filled("history.html.j2", language, entries=newest_first(entries), **_packed(files, language))


def _packed(files: Mapping[str, Sequence[str]] | None, says: Language) -> Mapping[str, object]:
    return {
        "files": files or {},
        "forms": FORMS,
        "pack": KIND,
        "pdf": PDF,
        "no_pdf": partial(lacking, says),
        "kinds": KINDS,
    }


def _board_first(
    entries: Sequence[ReportEntry], files: Mapping[str, Sequence[str]]
) -> tuple[ReportEntry, ...]:
    """The packs that have slides, which are the board's, before all others."""
    return tuple(sorted(entries, key=lambda each: SLIDES not in files.get(each.slug, ())))


def messages_html(messages: Iterable[Mapping[str, str]]) -> bytes:
    """What other systems may send: `name`, `what`, `flow` and `example` of each kind."""
    return filled("messages.html.j2", messages=list(messages))


def _sweep(template: str, report: SweepReport, details: str, kind: str) -> bytes:
    says = report.heading.language
    return _page(
        template,
        report,
        BAND_GROUPS,
        details,
        kind=kind,
        kind_words=says.message(KINDS[kind]),
        line=sweep_line(report, says),
        trend_narrow=trend_chart(report.trend, 350, 200, says),
        trend_wide=trend_chart(report.trend, 580, 190, says),
    )


def _page(template: str, report: Report, groups: tuple[str, ...], details: str, **more: object) -> bytes:
    """The template, filled with what both kinds of report show."""
    head, says = report.heading, report.heading.language

    def label(group: str) -> str:
        return words.group_label(group, head.version, head.old, says)

    def inside(group: str) -> str:
        return words.group_inside(group, head.version, head.old, says)

    def bar_label(line: OfficeLine) -> str:
        shares = ", ".join(f"{count} {inside(group)}" for group, count in line.counts.items() if count)
        stale = says.say(" (stale, as last read)") if is_stale(line) else ""
        return f"{words.clean(line.name, 40)}{stale}: {shares}"

    return filled(
        template,
        says,
        report=report,
        groups=groups,
        d=f"{details}/",
        label=label,
        inside=inside,
        bar_label=bar_label,
        is_stale=is_stale,
        most=MOST_FIRST,
        most_offices=MOST_OFFICES,
        office=lambda office: words.foreign(head.names.get(office, office), 60),
        restricted=sum(row.restricted for row in report.rows),
        turns=turns(report.changes, head.old, says),
        **more,
    )


def is_stale(line: OfficeLine) -> bool:
    """Whether what is shown of the office is older than it should be."""
    return line.state is not None and line.state.stale


def _since(report: RolloutReport, says: Language) -> Markup:
    """`3 more adopted than on 22 Feb`."""
    if len(report.course) < LEAST_COUNTS:
        return escape(says.say("first count"))
    before, newest = report.course[-2:]
    more = newest.adopted - before.adopted
    day, number = marked("counted-before", says.short_day(before.on)), marked("adopted-more", abs(more))
    if more == 0:
        said = says.say("as many adopted as on {day}", day=day)
    elif more > 0:
        said = says.say("{n} more adopted than on {day}", n=number, day=day)
    else:
        said = says.say("{n} fewer adopted than on {day}", n=number, day=day)
    return Markup(said)  # noqa: S704 - our own words and marked numbers


def _forecast_words(report: RolloutReport, says: Language) -> Markup:
    """The line under the forecast."""
    goal = marked("goal", report.forecast.goal)
    if report.forecast.reached:
        return Markup(says.say("{n} projects needed", n=goal))  # noqa: S704 - as above
    if report.forecast.on is not None:
        return Markup(says.say("{n} projects, by trend", n=goal))  # noqa: S704 - as above
    return escape(says.say("see how it is made"))


def _moved(report: RolloutReport) -> list[tuple[str, int]]:
    """How many of the rows that moved are where now, the most frequent first."""
    found: dict[str, int] = {}
    for number in report.moved:
        standing = words.state_words(
            report.rows[number - 1].standing, report.heading.old, report.heading.language
        )
        found[standing] = found.get(standing, 0) + 1
    return sorted(found.items(), key=lambda item: (-item[1], item[0]))
