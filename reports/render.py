"""Reports as HTML files: the same values give the same bytes; refuses undefined names.

A file loads nothing from outside: it has no script, no font, no picture, and no link but to the pages behind
it. It is short at any size of network: lists are cut, and say where all stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from jinja2 import nodes

from domain.language import ENGLISH, Language
from domain.reporting.dashboard import Dashboard, newest_first
from domain.reporting.entry import ReportEntry
from domain.reporting.reading_report import ReadingReport
from domain.reporting.rollout_report import BUCKETS, RolloutReport
from domain.reporting.sentence import Bucket
from domain.reporting.sweep_report import BAND_GROUPS, OfficeLine, PreviewReport, Report, SweepReport
from reports import charts, words
from reports.environment import OF_PACKS, TEMPLATES, environment
from reports.first_line import rollout_line, state_line, sweep_line
from reports.pack.filed import FORMS, KIND, PDF
from reports.pack.paper import lacking
from reports.spoken import spoken
from reports.trends import sparkline, trend_chart
from reports.turns import turns

MOST_FIRST = 4
"""Lines of a list on the first screen."""
MOST_OFFICES = 9
"""Offices on the first screen."""
MOST_WAVES = 6
"""Waves on the first page."""


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
    newest = report.course[-1]
    before = report.course[-2] if len(report.course) > 1 else None
    ahead = [row.due for row in report.rows if row.group == Bucket.MUST_ACT and row.due]
    return _page(
        "rollout.html.j2",
        report,
        BUCKETS,
        details,
        kind="rollout",
        kind_words="its rollout",
        line=rollout_line(report),
        state=state_line(report.rollout, report.heading.as_of),
        change_words=_since(newest.adopted - before.adopted, words.short_day(before.on))
        if before
        else "first count",
        course_narrow=charts.course(report, 350, 250) if report.rows else "",
        course_wide=charts.course(report, 580, 236) if report.rows else "",
        due=max(ahead, default=None),
        forecast_under=_forecast_words(report),
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
    return filled("reading.html.j2", report=report)


def index_html(dashboard: Dashboard, files: Mapping[str, Sequence[str]] | None = None) -> bytes:
    """The first page of all reports, as whoever asks may see it; `files` are those of each pack, by slug."""
    return filled(
        "index.html.j2",
        ENGLISH,
        board=dashboard,
        sparkline=sparkline,
        state_line=state_line,
        **_packed(files),
    )


def history_html(entries: Iterable[ReportEntry], files: Mapping[str, Sequence[str]] | None = None) -> bytes:
    """The list of reports, newest first; `files` are those of each pack beside its page, by slug."""
    return filled("history.html.j2", ENGLISH, entries=newest_first(entries), **_packed(files))


def _packed(files: Mapping[str, Sequence[str]] | None) -> Mapping[str, object]:
    return {"files": files or {}, "forms": FORMS, "pack": KIND, "pdf": PDF, "no_pdf": lacking}


def messages_html(messages: Iterable[Mapping[str, str]]) -> bytes:
    """What other systems may send: `name`, `what`, `flow` and `example` of each kind."""
    return filled("messages.html.j2", messages=list(messages))


def _sweep(template: str, report: SweepReport, details: str, kind: str) -> bytes:
    return _page(
        template,
        report,
        BAND_GROUPS,
        details,
        kind=kind,
        kind_words=kind,
        line=sweep_line(report),
        trend_narrow=trend_chart(report.trend, 350, 200),
        trend_wide=trend_chart(report.trend, 580, 190),
    )


def _page(template: str, report: Report, groups: tuple[str, ...], details: str, **more: object) -> bytes:
    """The template, filled with what both kinds of report show."""
    head = report.heading

    def label(group: str) -> str:
        return words.group_label(group, head.version, head.old)

    def bar_label(line: OfficeLine) -> str:
        shares = ", ".join(f"{count} {label(group).lower()}" for group, count in line.counts.items() if count)
        return f"{words.clean(line.name, 40)}{' (stale, as last read)' if is_stale(line) else ''}: {shares}"

    return filled(
        template,
        ENGLISH,
        report=report,
        groups=groups,
        d=f"{details}/",
        label=label,
        bar_label=bar_label,
        is_stale=is_stale,
        most=MOST_FIRST,
        most_offices=MOST_OFFICES,
        office=lambda office: words.foreign(head.names.get(office, office), 60),
        restricted=sum(row.restricted for row in report.rows),
        turns=turns(report.changes, head.old),
        **more,
    )


def is_stale(line: OfficeLine) -> bool:
    """Whether what is shown of the office is older than it should be."""
    return line.state is not None and line.state.stale


def _since(more: int, day: str) -> str:
    """`3 more adopted than on 22 Feb`."""
    if more == 0:
        return f"as many adopted as on {day}"
    return f"{abs(more)} {'more' if more > 0 else 'fewer'} adopted than on {day}"


def _forecast_words(report: RolloutReport) -> str:
    """The line under the forecast."""
    if report.forecast.reached:
        return f"{report.forecast.goal} projects needed"
    if report.forecast.on is not None:
        return f"{report.forecast.goal} projects, by trend"
    return "see how it is made"


def _moved(report: RolloutReport) -> list[tuple[str, int]]:
    """How many of the rows that moved are where now, the most frequent first."""
    found: dict[str, int] = {}
    for number in report.moved:
        standing = words.state_words(report.rows[number - 1].standing, report.heading.old)
        found[standing] = found.get(standing, 0) + 1
    return sorted(found.items(), key=lambda item: (-item[1], item[0]))
