"""The page of one project: where it stands, what it does not keep, and the facts that were looked at.

Its tables are put together here and not in a template: there are a thousand such pages of eighty rules in a
report of a large network. Everything that comes from outside is escaped before it is put in.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from markupsafe import escape

from domain.compliance.findings import KEPT, Finding
from domain.compliance.sweep import Judged
from domain.language import Language
from domain.reporting.sweep_report import Heading, ReportRow
from domain.standards.reasons import fact_text
from domain.standards.verdict import Result
from reports.fact_words import facts_html
from reports.words import clean, foreign, role_words, state_words


@lru_cache(maxsize=16)
def _head(says: Language) -> str:
    """The beginning of the table of what is not kept."""
    name = says.name
    names = (
        name("column", "Rule"), name("column", "Verdict"), name("column", "What was looked at"),
        name("column", "Limit, and where it is from"), name("column", "What to do"),
        name("column", "Who, by when"),
    )  # fmt: skip
    cells = "".join(f'<th scope="col">{escape(each)}</th>' for each in names)
    about = escape(says.say("Rules not kept"))
    return (
        f"<section><h2>{escape(says.say('Not kept'))}</h2>\n"
        f'<div class="scroll" tabindex="0" role="region" aria-label="{about}">'
        f'<table class="grid stack"><thead><tr>{cells}</tr></thead><tbody>\n'
    )


class Verdicts:
    """The verdicts of projects as HTML, each made once, also where two reports show the same sweep."""

    def __init__(self) -> None:
        """Nothing is made yet."""
        self._made: dict[tuple[object, ...], str] = {}
        self._titles: dict[tuple[str, str, str], str] = {}

    def of(self, heading: Heading, row: ReportRow) -> str:
        """What the project does not keep and what it keeps; empty where it was not judged."""
        if row.judged is None:
            return ""
        bound = row.findings[0].by if row.findings else None
        key = (heading.standard, heading.version, heading.sweep, row.project, bound, heading.language.tag)
        if key not in self._made:
            self._made[key] = self._drawn(heading, row, row.judged)
        return self._made[key]

    def _drawn(self, heading: Heading, row: ReportRow, judged: Judged) -> str:
        version, says = judged.version, heading.language
        drawn = []
        if row.findings:
            drawn += [_head(says), *(_finding(each, says) for each in row.findings)]
            drawn.append("</tbody></table></div></section>")
        kept = [each for each in judged.verdicts if each.result in KEPT]
        if kept:
            told = says.count(
                len(kept),
                "{n} rule of {version} kept or not applicable",
                "{n} rules of {version} kept or not applicable",
                version=escape(clean(version, 30)),
            )
            not_applicable = f" ({escape(says.name('band', 'not applicable'))})"
            drawn.append(f'<section><h2>{told}</h2><ul class="kept">')
            titles = heading.rules.get(version, {})
            for each in kept:
                title = self._title(heading.standard, version, each.rule, titles)
                out = not_applicable if each.result is Result.NOT_APPLICABLE else ""
                facts = facts_html(each.facts, each.missing, says)
                seen = f' <span class="soft">{facts}</span>' if facts else ""
                drawn.append(f"<li>{title}{out}{seen}</li>")
            drawn.append("</ul></section>")
        return "\n".join(drawn)

    def _title(self, standard: str, version: str, rule: str, titles: Mapping[str, str]) -> str:
        key = (standard, version, rule)
        if key not in self._titles:
            self._titles[key] = str(foreign(titles.get(rule, rule), 90))
        return self._titles[key]


def _finding(found: Finding, says: Language) -> str:
    """The line of one rule that is not kept."""
    facts = facts_html(found.facts, found.missing, says) or str(foreign(found.why))
    limit = "" if found.limit is None else fact_text("limit", found.limit)
    before, after = _around(
        found.title, found.result, limit, found.source, found.remedy, found.role, found.days, found.by,
        says,
    )  # fmt: skip
    return f"{before}{facts}{after}"


@lru_cache(maxsize=16384)
def _around(
    title: str,
    result: Result,
    limit: str,
    source: str,
    remedy: str,
    role: str,
    days: int,
    by: date | None,
    says: Language,
) -> tuple[str, str]:
    """What stands before and after the facts: the same for many projects."""
    until = (
        says.say("by {day}", day=says.short_day(by))
        if by
        else says.count(
            days, "{n} business day from the day it binds", "{n} business days from the day it binds"
        )
    )
    name = says.name
    seen, limited = escape(name("column", "Looked at")), escape(name("column", "Limit"))
    verdict, what = escape(name("column", "Verdict")), escape(name("column", "What to do"))
    who = escape(name("column", "Who, by when"))
    bold = f"<b>{escape(clean(limit, 60))}</b> " if limit else ""
    before = (
        f'<tr><th scope="row">{foreign(title, 90)}</th>'
        f'<td data-label="{verdict}">{escape(state_words(result, None, says))}</td>'
        f'<td data-label="{seen}" class="text">'
    )
    after = (
        f'</td><td data-label="{limited}">{bold}<span class="soft">{foreign(source, 160)}</span></td>'
        f'<td data-label="{what}">{foreign(remedy)}</td>'
        f'<td data-label="{who}">{foreign(role_words(role, says), 60)}, {escape(until)}</td></tr>\n'
    )
    return before, after
