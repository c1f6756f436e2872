"""The page of one project: where it stands, what it does not keep, and the facts that were looked at.

Its tables are put together here and not in a template: there are a thousand such pages of eighty rules in a
report of a large network. Everything that comes from outside is escaped before it is put in.
"""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import escape

from domain.compliance.findings import KEPT, Finding
from domain.compliance.sweep import Judged
from domain.language import Language
from domain.reporting.sweep_report import Heading, ReportRow
from domain.standards.reasons import fact_text
from domain.standards.verdict import Result
from reports.fact_words import FactWords
from reports.whys import Whys
from reports.words import clean, foreign, role_words, rule_title, state_words


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
        self._titles: dict[tuple[str, str, str], Mapping[str, str]] = {}
        self._lines: dict[str, _Lines] = {}

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
        lines = self._lines.get(says.tag) or self._lines.setdefault(says.tag, _Lines(says))
        drawn = []
        if row.findings:
            drawn += [lines.head, *map(lines.finding, row.findings)]
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
            titles, html = self._titled(heading, version), lines.facts.html
            for each in kept:
                title = titles.get(each.rule) or str(foreign(rule_title(each.rule, says), 90))
                out = not_applicable if each.result is Result.NOT_APPLICABLE else ""
                facts = html(each.facts, each.missing)
                seen = f' <span class="soft">{facts}</span>' if facts else ""
                drawn.append(f"<li>{title}{out}{seen}</li>")
            drawn.append("</ul></section>")
        return "\n".join(drawn)

    def _titled(self, heading: Heading, version: str) -> Mapping[str, str]:
        """The titles of a version's rules, escaped."""
        says = heading.language
        key = (heading.standard, version, says.tag)
        if key not in self._titles:
            found = heading.rules.get(version, {})
            self._titles[key] = {
                rule: str(foreign(rule_title(title, says), 90)) for rule, title in found.items()
            }
        return self._titles[key]


class _Lines:
    """The lines of rules in one language; what stands around the facts is made once for many."""

    def __init__(self, says: Language) -> None:
        self.says, self.facts, self.whys = says, FactWords(says), Whys(says)
        self._around: dict[tuple[object, ...], tuple[str, str]] = {}
        self.head = _head(says)
        name = says.name
        self._labels = [
            escape(each)
            for each in (
                name("column", "Verdict"), name("column", "Looked at"), name("column", "Limit"),
                name("column", "What to do"), name("column", "Who, by when"),
            )
        ]  # fmt: skip

    def finding(self, found: Finding) -> str:
        """The line of one rule that is not kept."""
        facts = self.facts.html(found.facts, (*found.missing, *found.asked)) or str(
            foreign(self.whys.told(found.why))
        )
        limit = found.limit
        key = (
            found.title, found.result, limit, limit.__class__, found.source, found.remedy, found.role,
            found.days, found.by,
        )  # fmt: skip
        around = self._around.get(key)
        if around is None:
            around = self._around[key] = self._made(found)
        return f"{around[0]}{facts}{around[1]}"

    def _made(self, found: Finding) -> tuple[str, str]:
        says = self.says
        verdict, seen, limited, what, who = self._labels
        if found.by:
            until = says.say("by {day}", day=says.short_day(found.by))
        else:
            until = says.count(
                found.days,
                "{n} business day from the day it binds",
                "{n} business days from the day it binds",
            )
        limit = "" if found.limit is None else fact_text("limit", found.limit)
        remedy = self.whys.remedy(found.remedy)
        bold = f"<b>{escape(clean(limit, 60))}</b> " if limit else ""
        before = (
            f'<tr><th scope="row">{foreign(rule_title(found.title, says), 90)}</th>'
            f'<td data-label="{verdict}">{escape(state_words(found.result, None, says))}</td>'
            f'<td data-label="{seen}" class="text">'
        )
        after = (
            f'</td><td data-label="{limited}">{bold}'
            f'<span class="soft">{foreign(self.whys.source(found.source), 160)}</span></td>'
            f'<td data-label="{what}">{foreign(remedy)}</td>'
            f'<td data-label="{who}">{foreign(role_words(found.role, says), 60)}, {escape(until)}</td></tr>\n'
        )
        return before, after
