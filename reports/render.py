"""Reports as self-contained HTML files: the same values give the same bytes; refuses undefined names.

A file loads nothing from outside: it has no script, no font, no picture, and no link but to itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, nodes
from markupsafe import Markup

from domain.compliance.findings import KEPT, Finding
from domain.compliance.glossary import MEANINGS
from domain.language import ENGLISH, Language
from domain.organization.office import Role
from domain.plans.project import Stage
from domain.questions.answers import word
from domain.reporting.entry import ReportEntry
from domain.reporting.reading_report import ReadingReport
from domain.reporting.rollout_report import BUCKETS, RolloutReport
from domain.reporting.sentence import Bucket
from domain.reporting.sweep_report import (
    BAND_GROUPS,
    OfficeLine,
    PreviewReport,
    Report,
    ReportRow,
    SweepReport,
)
from domain.standards.reasons import fact_text
from domain.standards.verdict import Verdict
from domain.words import counted
from reports import charts, words
from reports.pack.filed import FORMS, KIND, PDF
from reports.pack.paper import lacking
from reports.spoken import spoken
from reports.turns import turns

TEMPLATES = Path(__file__).parent / "templates"
OF_PACKS = Path(__file__).parent / "pack" / "templates"
MOST_FIRST = 4
"""Lines of a list on the first screen."""
ROLES: Mapping[Role, str] = {
    Role.HEAD: "Head",
    Role.STANDARDS_OWNER: "Standards owner",
    Role.APPROVER: "Approver",
    Role.REPORTER: "Reporter",
    Role.SPONSOR: "Sponsor",
}


@cache
def _environment() -> Environment:
    """The environment of the templates: everything is escaped, nothing may be undefined."""
    made = Environment(
        loader=FileSystemLoader((TEMPLATES, OF_PACKS)),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters["capitalize_first"] = lambda text: text[:1].upper() + text[1:]
    made.globals.update(
        bar=charts.bar,
        clean=words.clean,
        counted=counted,
        foreign=words.foreign,
        glossary=[(str(word), meaning) for word, meaning in MEANINGS.items()],
        long_day=words.long_day,
        pack_style=Markup((OF_PACKS / "pack.css").read_text("utf-8")),  # noqa: S704 - our own file
        patterns=charts.patterns(),
        short_day=words.short_day,
        stage_word=lambda stage, language: word(Stage(stage), language),
        state_words=words.state_words,
        style=Markup((TEMPLATES / "style.css").read_text("utf-8")),  # noqa: S704 - our own file
        swatch=charts.swatch,
        utc=_utc,
        **spoken(ENGLISH),
    )
    return made


def prepare() -> None:
    """Parse every template now, so that a process that is forked for a report need not."""
    for name in _environment().list_templates(extensions=["j2"]):
        _environment().get_template(name)


def template_trees() -> Iterator[tuple[Path, nodes.Template]]:
    """Every template by its file, parsed."""
    for folder in (TEMPLATES, OF_PACKS):
        for file in sorted(folder.glob("*.j2")):
            yield file, _environment().parse(file.read_text("utf-8"))


def filled(template: str, language: Language = ENGLISH, **values: object) -> bytes:
    """A page of its template in a language, as one file (UTF-8)."""
    return _environment().get_template(template).render(**spoken(language), **values).encode()


def rollout_html(report: RolloutReport) -> bytes:
    """The report of a rollout as one file (UTF-8)."""
    newest = report.course[-1]
    before = report.course[-2] if len(report.course) > 1 else None
    ahead = [row.due for row in report.rows if row.group == Bucket.MUST_ACT and row.due]
    return _page(
        "rollout.html.j2",
        report,
        BUCKETS,
        rollout=True,
        kind="rollout",
        kind_words="its rollout",
        change_words=_since(newest.adopted - before.adopted, words.short_day(before.on))
        if before
        else "first count",
        course_narrow=charts.course(report, 350, 250),
        course_wide=charts.course(report, 580, 236),
        due=max(ahead, default=None),
        forecast_under=_forecast_words(report),
        manifest=report.rollout.manifest.digest,
        most=MOST_FIRST,
        moved=_moved(report),
        planned=charts.planned(report, report.heading.as_of),
        roles=ROLES,
        settled=newest.adopted + newest.otherwise,
    )


def sweep_html(report: SweepReport) -> bytes:
    """The report of a sweep as one file (UTF-8)."""
    return _page("sweep.html.j2", report, BAND_GROUPS, rollout=False, kind="sweep", kind_words="sweep")


def preview_html(report: PreviewReport) -> bytes:
    """What a version would say that is not published, as one file (UTF-8)."""
    return _page("preview.html.j2", report, BAND_GROUPS, rollout=False, kind="preview", kind_words="preview")


def reading_html(report: ReadingReport) -> bytes:
    """What was read before any version is published, as one file (UTF-8)."""
    return _environment().get_template("reading.html.j2").render(report=report).encode()


def index_html(entries: Iterable[ReportEntry], files: Mapping[str, Sequence[str]] | None = None) -> bytes:
    """The list of reports, newest first; `files` are those of each pack beside its page, by slug."""
    ordered = sorted(entries, key=lambda e: (-e.as_of.toordinal(), e.kind, e.slug))
    return filled(
        "index.html.j2", entries=ordered, files=files or {}, forms=FORMS, pack=KIND, pdf=PDF, no_pdf=lacking
    )


def messages_html(messages: Iterable[Mapping[str, str]]) -> bytes:
    """What other systems may send: `name`, `what`, `flow` and `example` of each kind."""
    template = _environment().get_template("messages.html.j2")
    return template.render(messages=list(messages)).encode()


def _page(template: str, report: Report, groups: tuple[str, ...], **more: object) -> bytes:
    """The template, filled with what both kinds of report show."""
    head = report.heading

    def label(group: str) -> str:
        return words.group_label(group, head.version, head.old)

    def bar_label(line: OfficeLine) -> str:
        shares = ", ".join(f"{count} {label(group).lower()}" for group, count in line.counts.items() if count)
        return f"{words.clean(line.name, 40)}{' (stale, as last read)' if _is_stale(line) else ''}: {shares}"

    def rule(row: ReportRow, verdict: Verdict) -> str:
        titles = head.rules.get(row.judged.version, {}) if row.judged is not None else {}
        return titles.get(verdict.rule, verdict.rule)

    text = (
        _environment()
        .get_template(template)
        .render(
            report=report,
            groups=groups,
            label=label,
            bar_label=bar_label,
            meaning=lambda group: words.group_meaning(group, head.version, head.old),
            office=lambda office: words.foreign(head.names.get(office, office), 60),
            rule=rule,
            turns=turns(report.changes),
            restricted=sum(row.restricted for row in report.rows),
            limit=_limit,
            kept_verdicts=_kept,
            first_why=_first_why,
            fact_line=_fact_line,
            is_stale=_is_stale,
            **more,
        )
    )
    return text.encode()


def _is_stale(line: OfficeLine) -> bool:
    """Whether what is shown of the office is older than it should be."""
    return line.state is not None and line.state.stale


def _kept(row: ReportRow) -> tuple[Verdict, ...]:
    """The verdicts on rules that are kept or not applicable."""
    return tuple(v for v in row.judged.verdicts if v.result in KEPT) if row.judged is not None else ()


def _first_why(row: ReportRow) -> str:
    """Why the project is in its band: its worst verdict's reason, and how many more there are."""
    found = [each for each in row.findings if each.result is row.band] or list(row.findings)
    if not found:
        return ""
    more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
    return f"{found[0].rule}: {found[0].why}{more}"


def _fact_line(seen: Verdict | Finding) -> str:
    """The facts that were looked at, and those that were missing."""
    facts = ((words.clean(name, 60), fact_text(name, value)) for name, value in sorted(seen.facts.items()))
    found = [f"{name} = {words.clean(value, 60)}" for name, value in facts]
    return ", ".join([*found, *(f"{words.clean(name, 60)} is missing" for name in seen.missing)])


def _limit(finding: Finding) -> str:
    """The limit in force; empty where the rule has none."""
    return "" if finding.limit is None else words.clean(fact_text("limit", finding.limit), 60)


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


def _moved(report: RolloutReport) -> list[tuple[str, list[ReportRow]]]:
    """The rows that moved, by where they are now, the most frequent first."""
    rows = [report.rows[number - 1] for number in report.moved]
    found = {words.state_words(row.standing): [r for r in rows if r.standing is row.standing] for row in rows}
    return sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))


def _utc(at: datetime) -> datetime:
    """The instant in UTC."""
    return at.astimezone(UTC)
