"""A project as a line of a list: a cell for each column, escaped; refuses what a restricted one lacks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from markupsafe import Markup, escape

from domain.plans.facts import plain_name
from domain.reporting.sweep_report import ReportRow
from reports.words import clean, foreign, short_day, state_words

Office = Callable[[str], Markup]
ROLLOUT_HEAD = ("Project", "Office", "Wave", "Standing", "Since", "Due or until", "Why")
SWEEP_HEAD = ("Project", "Office", "Judged by", "Rules not kept", "First of them")


def project_link(row: ReportRow, prefix: str = "") -> Markup:
    """The project's title, leading to its page; of a restricted one neither."""
    if row.restricted:
        return Markup("a restricted project")
    title = foreign(row.title or row.project, 90)
    return Markup(f'<a href="{prefix}p-{row.number}.html">{title}</a>')  # noqa: S704 - escaped


def rollout_row(row: ReportRow, office: Office, old: str | None = None) -> Markup:
    """A member of a rollout; `old` is the version before."""
    due = row.due or row.until
    return _row(
        row,
        ("Office", "", office(row.office)),
        ("Wave", "", str(row.wave)),
        ("Standing", "", escape(state_words(row.standing, old))),
        ("Since", "day", _day(row.since)),
        ("Due" if row.due else "Until", "day", _day(due)),
        ("Why", "text", foreign(why(row)) if why(row) else ""),
    )


def sweep_row(row: ReportRow, office: Office) -> Markup:
    """A project of a sweep."""
    version = clean(row.judged.version, 30) if row.judged is not None else ""
    return _row(
        row,
        ("Office", "", office(row.office)),
        ("Judged by", "", escape(version)),
        ("Not kept", "", str(len(row.findings)) if row.judged is not None else ""),
        ("First", "text", foreign(worst(row)) if row.findings else ""),
    )


def why(row: ReportRow) -> str:
    """Why a member stands where it stands, without a fact's identifier."""
    if row.missing:
        return f"not reported: {', '.join(plain_name(each) for each in row.missing)}"
    return row.why


def worst(row: ReportRow) -> str:
    """The first rule that put the project into its band, and how many more there are."""
    found = [each for each in row.findings if each.result is row.band] or list(row.findings)
    more = f" (and {len(row.findings) - 1} more)" if len(row.findings) > 1 else ""
    return f"{found[0].title}{more}"


def _day(on: date | None) -> str:
    return short_day(on) if on is not None else ""


def _row(row: ReportRow, *cells: tuple[str, str, str | Markup]) -> Markup:
    key = ""
    if row.title and not row.restricted:
        key = f'<span class="key">{foreign(row.project, 60)}</span>'
    drawn = "".join(
        f'<td{_class(kind, text)} data-label="{label}">{text}</td>' for label, kind, text in cells
    )
    return Markup(f'<tr><th scope="row">{project_link(row)}{key}</th>{drawn}</tr>')  # noqa: S704 - escaped


def _class(kind: str, text: str) -> str:
    names = " ".join(filter(None, (kind, "" if text else "blank")))
    return f' class="{names}"' if names else ""
