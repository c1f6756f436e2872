"""A project as a line of a list: a cell for each column, escaped; refuses what a restricted one lacks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from markupsafe import Markup, escape

from domain.language import Language
from domain.reporting.sweep_report import ReportRow
from reports.whys import Whys, fact_name
from reports.words import clean, foreign, rule_title, state_words

Office = Callable[[str], Markup]


class Rows:
    """Lines of projects in a language; the words that stand in each are said once."""

    def __init__(self, says: Language, old: str | None = None) -> None:
        """`old` is the version before."""
        self.says, self.old = says, old
        self.whys = Whys(says)
        self.restricted = escape(says.say("a restricted project"))
        name = says.name
        self.office, self.wave = escape(name("column", "Office")), escape(name("column", "Wave"))
        self.standing, self.since = escape(name("column", "Standing")), escape(name("column", "Since"))
        self.due, self.until = escape(name("column", "Due")), escape(name("column", "Until"))
        self.why, self.judged = escape(name("column", "Why")), escape(name("column", "Judged by"))
        self.not_kept, self.first = escape(name("column", "Not kept")), escape(name("column", "First"))

    @property
    def of_rollout(self) -> Sequence[str]:
        """The headers of a list of members."""
        name = self.says.name
        return (
            name("column", "Project"), self.office, self.wave, self.standing, self.since,
            name("column", "Due or until"), self.why,
        )  # fmt: skip

    @property
    def of_sweep(self) -> Sequence[str]:
        """The headers of a list of projects of a sweep."""
        name = self.says.name
        return (
            name("column", "Project"), self.office, self.judged, name("column", "Rules not kept"),
            name("column", "First of them"),
        )  # fmt: skip

    def link(self, row: ReportRow) -> Markup:
        """The project's title, leading to its page; of a restricted one neither."""
        if row.restricted:
            return self.restricted
        title = foreign(row.title or row.project, 90)
        return Markup(f'<a href="p-{row.number}.html">{title}</a>')  # noqa: S704 - escaped

    def rollout(self, row: ReportRow, office: Office) -> Markup:
        """A member of a rollout."""
        text = self.reason(row)
        return self._row(
            row,
            (self.office, "", office(row.office)),
            (self.wave, "", str(row.wave)),
            (self.standing, "", escape(state_words(row.standing, self.old, self.says))),
            (self.since, "day", self._day(row.since)),
            (self.due if row.due else self.until, "day", self._day(row.due or row.until)),
            (self.why, "text", foreign(text) if text else ""),
        )

    def sweep(self, row: ReportRow, office: Office) -> Markup:
        """A project of a sweep."""
        version = clean(row.judged.version, 30) if row.judged is not None else ""
        return self._row(
            row,
            (self.office, "", office(row.office)),
            (self.judged, "", escape(version)),
            (self.not_kept, "", str(len(row.findings)) if row.judged is not None else ""),
            (self.first, "text", foreign(self._worst(row)) if row.findings else ""),
        )

    def reason(self, row: ReportRow) -> str:
        """Why a member stands where it stands, without a fact's identifier."""
        if row.objected:
            return self.says.say("objection: neither late nor adopted until it is agreed or decided")
        if row.missing:
            facts = ", ".join(fact_name(each, self.says) for each in row.missing)
            return self.says.say("not reported: {facts}", facts=facts)
        return self.whys.told(row.why)

    def _worst(self, row: ReportRow) -> str:
        """The first rule that put the project into its band, and how many more there are."""
        found = [each for each in row.findings if each.result is row.band] or list(row.findings)
        first = rule_title(found[0].title, self.says)
        if len(row.findings) == 1:
            return first
        return self.says.say("{first} (and {n} more)", first=first, n=len(row.findings) - 1)

    def _day(self, on: date | None) -> str:
        return self.says.short_day(on) if on is not None else ""

    def _row(self, row: ReportRow, *cells: tuple[str, str, str | Markup]) -> Markup:
        key = ""
        if row.title and not row.restricted:
            key = f'<span class="key">{foreign(row.project, 60)}</span>'
        drawn = "".join(
            f'<td{_class(kind, text)} data-label="{label}">{text}</td>' for label, kind, text in cells
        )
        return Markup(f'<tr><th scope="row">{self.link(row)}{key}</th>{drawn}</tr>')  # noqa: S704 - escaped


def _class(kind: str, text: str) -> str:
    names = " ".join(filter(None, (kind, "" if text else "blank")))
    return f' class="{names}"' if names else ""
