"""The pages behind a report: one for each project, office and group, and lists that its first page cuts.

All pages of a report are one file, a zip archive whose name follows from its content: the report links to
that name, so the report's own name follows from every page behind it. A restricted project has no page.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

from markupsafe import Markup, escape

from domain.language import Message
from domain.reporting.needs import Need
from domain.reporting.rollout_report import RolloutReport
from domain.reporting.sweep_report import OfficeLine, Report, ReportRow, SweepReport
from reports.entries import subject
from reports.environment import environment
from reports.project_page import Verdicts
from reports.rows import Rows
from reports.spoken import spoken
from reports.turns import turns
from reports.words import clean, foreign, group_inside, group_label, group_meaning, rule_title, state_words

MOST_ROWS = 300
"""Lines of a list on one page; what is longer goes on on further pages."""
MOST_NAMED = 12
"""Projects named in one cell."""
SINCE, DUE, UNTIL = Message("since {day}"), Message("due {day}"), Message("until {day}")
AT = (1980, 1, 1, 0, 0, 0)
"""The time of every file in an archive: the same pages are the same bytes."""
TITLE, BODY = "\x00title\x00", "\x00body\x00"


@dataclass(frozen=True)
class Details:
    """The pages behind a report by their names, and the name under which the report links to them."""

    about: str
    as_of: str
    pages: Mapping[str, bytes]

    @cached_property
    def name(self) -> str:
        """`<subject>-<date>-<hash of all pages>-pages`."""
        found = hashlib.sha256()
        for name, content in self.pages.items():
            found.update(f"{name} {len(content)}\n".encode())
            found.update(content)
        return f"{self.about}-{self.as_of}-{found.hexdigest()[:12]}-pages"

    @cached_property
    def content(self) -> bytes:
        """All pages as one zip archive."""
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as archive:
            for name, content in self.pages.items():
                entry = zipfile.ZipInfo(f"{name}.html", AT)
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, content, compresslevel=1)
        return made.getvalue()


def details_of(report: Report, groups: Sequence[str], verdicts: Verdicts | None = None) -> Details:
    """Every page behind a report whose groups are these, best first; `verdicts` are made already."""
    found = _Pages(report, groups, verdicts or Verdicts())
    return Details(subject(report), report.heading.as_of.isoformat(), dict(found.all()))


class _Pages:
    """Makes the pages of one report."""

    def __init__(self, report: Report, groups: Sequence[str], verdicts: Verdicts) -> None:
        self.report, self.groups, self.verdicts = report, groups, verdicts
        head = report.heading
        self.says = says = head.language
        self.label = partial(group_label, new=head.version, old=head.old, language=says)
        self.inside = partial(group_inside, new=head.version, old=head.old, language=says)
        self.is_rollout = isinstance(report, RolloutReport)
        self.numbers = report.numbers if isinstance(report, RolloutReport) else {}
        self.places = {line.id: line.number for line in report.offices}
        drawn = self.filled("detail.html.j2", title=TITLE, body=BODY)
        self.frame = drawn.replace(TITLE, "\x00").replace(BODY, "\x00").split("\x00")
        self.lines = lines = Rows(says, head.old)
        row = lines.rollout if self.is_rollout else lines.sweep
        self.rows = {each.number: row(each, self.office) for each in report.rows}

    def all(self) -> Iterator[tuple[str, bytes]]:
        """Every page with its name."""
        yield from self.offices()
        for line in self.report.offices:
            yield from self.of_office(line)
        for group in self.groups:
            if self.report.counts[group]:
                yield from self.of_group(group)
        yield from self.changes()
        if isinstance(self.report, RolloutReport):
            yield from self.of_rollout(self.report)
        if isinstance(self.report, SweepReport):
            yield from self.duties(self.report)
            yield from self.deviations(self.report)
        yield "method", self.page(self.says.say("How these figures were made"), self.filled("method.html.j2"))
        for row in self.report.rows:
            if not row.restricted:
                yield f"p-{row.number}", self.of_project(row)

    def page(self, title: str, body: str) -> bytes:
        """A page of that title and body, which is HTML."""
        top, middle, bottom = self.frame
        return f"{top}{escape(clean(title, 140))}{middle}{body}{bottom}".encode()

    def filled(self, template: str, **more: object) -> str:
        """The body that a template makes."""
        found = environment().get_template(template)
        return found.render(**spoken(self.says), report=self.report, groups=self.groups, pages=self, **more)

    def office(self, office: str) -> Markup:
        """The office's name, leading to its page."""
        name = foreign(self.report.heading.names.get(office, office), 60)
        if office not in self.places:
            return name
        return Markup(f'<a href="o-{self.places[office]}.html">{name}</a>')  # noqa: S704 - escaped

    def needed(self, need: Need) -> Markup:
        """The first few projects of a need, and where the others stand."""
        rows = [self.report.rows[self.numbers[key] - 1] for key in need.projects]
        shown = Markup(", ").join(self.lines.link(row) for row in rows[:MOST_NAMED])
        rest = len(rows) - MOST_NAMED
        if rest <= 0:
            return shown
        more = self.says.say(
            ' and <a href="{page}">{n} more</a>', page=f"o-{self.places[rows[0].office]}.html", n=rest
        )
        return shown + Markup(more)  # noqa: S704 - our own names

    def listed(
        self,
        name: str,
        title: str,
        head: Sequence[str],
        rows: Sequence[Markup],
        *,
        lead: str = "",
        rest: str = "",
    ) -> Iterator[tuple[str, bytes]]:
        """A list as one page or several; `lead` stands above it, `rest` below its first part."""
        parts = [rows[at : at + MOST_ROWS] for at in range(0, len(rows), MOST_ROWS)] or [[]]
        names = [name, *(f"{name}-{n}" for n in range(2, len(parts) + 1))]
        for number, (own, part) in enumerate(zip(names, parts, strict=True), 1):
            body = self.filled(
                "list.html.j2",
                title=title,
                lead=Markup(lead),  # noqa: S704 - made by our templates
                head=head,
                rows=part,
                rest=Markup(rest if number == 1 else ""),  # noqa: S704 - as above
                number=number,
                names=names,
                total=len(rows),
            )
            yield own, self.page(title, body)

    def offices(self) -> Iterator[tuple[str, bytes]]:
        """All offices, in the order of the first page."""
        rows = [self._office_row(line) for line in self.report.offices]
        labels = [self.label(group) for group in self.groups if self.report.counts[group]]
        name = self.says.name
        head = (name("column", "Office"), name("column", "Read"), name("column", "Projects"), *labels)
        yield from self.listed("offices", self.says.say("Offices, and how they were read"), head, rows)

    def _office_row(self, line: OfficeLine) -> Markup:
        cells = "".join(
            f'<td class="num" data-label="{escape(self.label(group))}">{line.counts[group]}</td>'
            for group in self.groups
            if self.report.counts[group]
        )
        says = self.says
        read = says.say("not reviewed yet")
        if line.state is not None:
            stale = f' <span class="mark">{says.name("office", "stale")}</span>' if line.state.stale else ""
            at = line.state.read_at
            read = f"{says.short_day(at.date()) if at else says.name('office', 'never')}{stale}"
        read_label, projects = says.name("column", "Read"), says.name("column", "Projects")
        return Markup(  # noqa: S704 - escaped
            f'<tr><th scope="row">{self.office(line.id)}</th>'
            f'<td data-label="{escape(read_label)}">{read}</td>'
            f'<td class="num" data-label="{escape(projects)}">{line.total}</td>{cells}</tr>'
        )

    def of_office(self, line: OfficeLine) -> Iterator[tuple[str, bytes]]:
        """An office: how it was read, its projects, and what could not be understood there."""
        order = {group: n for n, group in enumerate(reversed(self.groups))}
        own = sorted(self._of_office[line.id], key=lambda row: (order[row.group], row.number))
        projects = self.says.count(line.total, "{n} project", "{n} projects")
        title = f"{self.report.heading.names.get(line.id, line.id)}: {projects}"
        lead = self.filled("office_lead.html.j2", line=line)
        cycles = self.report.of_offices.get(line.id, ()) if isinstance(self.report, SweepReport) else ()
        rest = self.filled("office_rest.html.j2", line=line, most=MOST_ROWS, life_cycles=cycles)
        rows = [self.rows[row.number] for row in own]
        yield from self.listed(f"o-{line.number}", title, self.head, rows, lead=lead, rest=rest)

    @cached_property
    def _of_office(self) -> Mapping[str, list[ReportRow]]:
        found: dict[str, list[ReportRow]] = {line.id: [] for line in self.report.offices}
        for row in self.report.rows:
            found[row.office].append(row)
        return found

    @property
    def head(self) -> Sequence[str]:
        """The headers of a list of projects."""
        return self.lines.of_rollout if self.is_rollout else self.lines.of_sweep

    def of_group(self, group: str) -> Iterator[tuple[str, bytes]]:
        """The projects of one group."""
        head = self.report.heading
        rows = [self.rows[row.number] for row in self.report.rows if row.group == group]
        meaning = escape(group_meaning(group, head.version, head.old, self.says))
        title = f"{self.label(group)}: {len(rows)}"
        yield from self.listed(f"g-{group}", title, self.head, rows, lead=f'<p class="soft">{meaning}</p>')

    def changes(self) -> Iterator[tuple[str, bytes]]:
        """What changed since the sweep before, project by project."""
        name = self.says.name
        head = (
            name("column", "Project"), name("column", "Office"), name("column", "Before"),
            name("column", "Now"), name("column", "Cause"), name("column", "Rules that changed"),
        )  # fmt: skip
        rows = [
            Markup(  # noqa: S704 - escaped
                f'<tr id="{turn.anchor}-{n}"><th scope="row">{self.of_row(change.number)}</th>'
                f'<td data-label="{escape(head[1])}">{self.office(change.office)}</td>'
                f'<td data-label="{escape(head[2])}">{escape(turn.was)}</td>'
                f'<td data-label="{escape(head[3])}">{escape(turn.now)}</td>'
                f'<td data-label="{escape(head[4])}">{escape(turn.cause)}</td>'
                f'<td data-label="{escape(head[5])}" class="text{"" if change.rules else " blank"}">'
                f"{foreign('; '.join(rule_title(rule, self.says) for rule in change.rules))}</td></tr>"
            )
            for turn in turns(self.report.changes, self.report.heading.old, self.says)
            for n, change in enumerate(turn.changes, 1)
        ]
        if rows:
            yield from self.listed("changes", self.says.say("What changed, and why"), head, rows)

    def of_row(self, number: int | None) -> Markup:
        """The project of that row; of none, that it left."""
        if number is None:
            return escape(self.says.say("a project that left"))
        return self.lines.link(self.report.rows[number - 1])

    def of_rollout(self, report: RolloutReport) -> Iterator[tuple[str, bytes]]:
        """What it needs from whom, its waves, and who moved."""
        if report.needs:
            yield "needs", self.page(self.says.say("What is needed, from whom"), self.filled("needs.html.j2"))
        yield "waves", self.page(self.says.say("Waves"), self.filled("waves.html.j2", most=MOST_ROWS))
        if report.moved and report.counted_before:
            rows = [self.rows[number] for number in report.moved]
            day = self.says.long_day(report.counted_before)
            title = self.says.say("Moved in the rollout since {day}: {n}", day=day, n=len(rows))
            yield from self.listed("moved", title, self.head, rows)

    def duties(self, report: SweepReport) -> Iterator[tuple[str, bytes]]:
        """Who must do what."""
        if report.duties:
            yield "duties", self.page(self.says.say("Who must do what"), self.filled("duties.html.j2"))

    def deviations(self, report: SweepReport) -> Iterator[tuple[str, bytes]]:
        """What waits, is in force, in the interim or pending, and the pressure on each rule."""
        if report.deviations is not None:
            yield "deviations", self.page(self.says.say("Deviations"), self.filled("deviations.html.j2"))

    def of_project(self, row: ReportRow) -> bytes:
        """The page of one project that is not restricted."""
        title = row.title or row.project
        told = [f"{foreign(row.project, 60)}, {self.office(row.office)}"]
        told.append(f'<a href="g-{row.group}.html">{escape(self.label(row.group))}</a>')
        says = self.says
        if row.wave is not None and row.standing is not None:
            standing = state_words(row.standing, self.report.heading.old, says)
            told.append(escape(says.say("wave {n}, {standing}", n=row.wave, standing=standing)))
        for said, on in ((SINCE, row.since), (DUE, row.due), (UNTIL, row.until)):
            if on is not None:
                told.append(escape(says.message(said, day=says.short_day(on))))
        text = self.lines.reason(row)
        reason = f"<p>{foreign(text[:1].upper() + text[1:])}</p>" if text else ""
        verdicts = (
            self.verdicts.of(self.report.heading, row)
            or f"<p>{escape(says.say('It was not judged in this compliance review.'))}</p>"
        )
        return self.page(
            title,
            f'<h1>{foreign(title, 90)}</h1><p class="soft">{"; ".join(told)}.</p>{reason}'
            f"{self.position(row)}{verdicts}",
        )

    def position(self, row: ReportRow) -> str:
        """Where a project stands in its life cycle; empty where its version has none."""
        judged, head = row.judged, self.report.heading
        if judged is None or judged.position is None:
            return ""
        at = judged.position
        known = {cycle.uid: cycle for cycle in head.life_cycles.get(judged.version, ())}
        titles = head.rules.get(judged.version, {})
        return self.filled("position.html.j2", at=at, cycle=known.get(at.life_cycle), titles=titles)
