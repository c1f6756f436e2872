"""A page per role as one HTML file without scripts, in the language of its reader.

It is short at any size of network: lists are cut, and what is cut is counted. Refuses to name a project that
the reader may not see, and a person of an office that the page is not about.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from domain.cases.objection import ToObject, to_version, to_work_item
from domain.ids import VersionId
from domain.language import Language
from domain.organization.ladder import EscalationLevel
from domain.organization.office import Role
from domain.reporting.entry import ReportEntry
from domain.reporting.roles.basis import BasisProject
from domain.reporting.roles.lines import Escalated, NeedLine
from domain.reporting.roles.readers import WHOLE, PageKind, RolePage, manager_of
from domain.reporting.roles.sheet import OfficeBar, RoleSheet, Turned, Typed
from domain.reporting.sentence import Bucket
from domain.standards.verdict import Result
from reports.render import filled
from reports.roles import words
from reports.roles.verdict import figures, state, verdict
from reports.whys import Whys
from reports.words import CAUSES, ROLES, clean, group_label, rule_title, state_words

MOST_NEEDS, MOST_OFFICES, MOST_TURNS, MOST_PROJECTS, MOST_ESCALATED = 6, 9, 4, 8, 6
"""Lines of each list."""
MOST_STRANGERS, MOST_PACKS = 8, 6
MOST_NAMED = 3
"""Projects, and people, named in one line."""


@dataclass(frozen=True, slots=True)
class FeedbackCounts:
    """What is open between the offices, of what the reader sees: asked cases, objections, directives."""

    cases: int = 0
    objections: int = 0
    directives: int = 0
    directives_late: int = 0
    """Addressees that are overdue."""


@dataclass(frozen=True, slots=True)
class Visited:
    """Where a page is read: the path of the person's pages, all of them, and until when the link lasts."""

    base: str
    pages: Sequence[RolePage]
    until: date
    packs: Sequence[ReportEntry] = ()
    """The newest reports and packs that the reader may open."""
    feedback: FeedbackCounts = FeedbackCounts()
    target: VersionId | None = None
    """The rollout's version, where the reader may object to it for the office of the page; else None."""


@dataclass(frozen=True, slots=True)
class ShownNeed:
    """A line of what is needed, in words."""

    when: str
    late: bool
    what: str
    who: str
    otherwise: str
    projects: tuple[BasisProject, ...]
    more: int


def role_html(sheet: RoleSheet, visited: Visited, others: Sequence[RoleSheet] = ()) -> bytes:
    """The page (UTF-8); `others` are the same reader's sheets of other rollouts and reviews, a line each."""
    says = language_of(sheet)
    return filled(
        "role.html.j2",
        says,
        **RoleWords(sheet, says).shown(),
        visited=visited,
        to_version=to_version(visited.target, sheet.page.about) if visited.target is not None else None,
        to_item=partial(item_of, visited.target, sheet),
        packs=[(each.slug, entry_words(each, says)) for each in visited.packs[:MOST_PACKS]],
        tabs=[(tab, tab_words(sheet, tab, says)) for tab in visited.pages],
        others=[(f"{o.basis.title} {o.basis.version}", verdict(o, says)) for o in others],
    )


def item_of(target: VersionId | None, sheet: RoleSheet, project: BasisProject) -> ToObject | None:
    """The most urgent work of a project, to which its office may object; None where it has none."""
    uid = next((each.uid for each in project.todo), "")
    if target is None or not uid or project.office != sheet.page.about:
        return None
    return to_work_item(target, project.office, project.key, uid)


def entry_words(entry: ReportEntry, says: Language) -> str:
    """How a report or pack is called: its kind, what it is about, and its day."""
    kind = says.message(words.KINDS.get(entry.kind, words.OTHER_KIND))
    about = clean(entry.standard, 90)
    return says.say("{kind}: {about}, {day}", kind=kind, about=about, day=says.long_day(entry.as_of))


def language_of(sheet: RoleSheet) -> Language:
    """The reader's own language, else that of the office that the page is about, else the organization's."""
    organization, page = sheet.sight.organization, sheet.page
    program = organization.programs.get(page.about) if page.kind is PageKind.PROGRAM else None
    office = program.office if program is not None else page.about
    if page.kind is PageKind.PROJECTS:
        office = next(iter(sorted(sheet.concerned)), "")
    return organization.language_for(sheet.sight.person, office)


def tab_words(sheet: RoleSheet, page: RolePage, says: Language) -> str:
    """How a page of the reader's is called."""
    organization = sheet.sight.organization
    program = organization.programs.get(page.about) if page.kind is PageKind.PROGRAM else None
    office = organization.offices.get(page.about)
    name = program.name if program is not None else office.name if office is not None else ""
    return says.message(words.TABS[page.kind], name=clean(name, 60))


@dataclass(frozen=True, slots=True)
class RoleWords:
    """The values of one page in words."""

    sheet: RoleSheet
    says: Language

    def shown(self) -> Mapping[str, object]:
        """What the template shows."""
        sheet = self.sheet
        return {
            "sheet": sheet,
            "kinds": PageKind,
            "title": self.says.message(words.PAGES[sheet.page.kind]),
            "about": self.about(),
            "line": verdict(sheet, self.says),
            "state": state(sheet, self.says),
            "figures": figures(sheet, self.says),
            "bars": sheet.offices if sheet.page.kind in (*WHOLE, PageKind.PROGRAM) else (),
            "most_offices": MOST_OFFICES,
            "needs": [self.need(each) for each in sheet.needs[:MOST_NEEDS]],
            "more_needs": max(0, len(sheet.needs) - MOST_NEEDS),
            "escalations": [self.escalated(each) for each in sheet.escalations[:MOST_ESCALATED]],
            "more_escalations": max(0, len(sheet.escalations) - MOST_ESCALATED),
            "beyond": frozenset(each.project for each in sheet.basis.questions if each.beyond),
            "elections": sheet.elections if sheet.page.kind is PageKind.PROGRAM else (),
            "urgent": sheet.urgent if sheet.page.kind not in (PageKind.BOARD, PageKind.PROJECTS) else (),
            "strangers": self.strangers(),
            "life_cycles": sheet.life_cycles if sheet.page.kind is not PageKind.PROJECTS else (),
            "typed": [self.typed(each) for each in sheet.typed],
            "turned": [self.turned(each) for each in sheet.turned[:MOST_TURNS]],
            "more_turned": sum(each.count for each in sheet.turned[MOST_TURNS:]),
            "most_projects": MOST_PROJECTS,
            "groups": tuple(Bucket),
            "label": self.label,
            "bar_label": self.bar_label,
            "day": self.day,
            "office": self.office,
            "why": self.why,
            "manager": self.manager,
            "whole": sheet.page.kind in WHOLE,
        }

    def about(self) -> str:
        """The office or program that the page is about; of own projects the person."""
        organization, page = self.sheet.sight.organization, self.sheet.page
        if page.kind is PageKind.PROJECTS:
            return organization.people[self.sheet.sight.person].name
        if page.kind is PageKind.PROGRAM:
            return organization.programs[page.about].name
        return organization.offices[page.about].name

    def day(self, on: date | None) -> str:
        """A day as it is read; a word for none."""
        if on is None:
            return self.says.say("now")
        return words.day_words(self.says, on, self.sheet.basis.as_of)

    def office(self, office: str) -> str:
        """An office by its name."""
        known = self.sheet.sight.organization.offices.get(office)
        return clean(known.name if known is not None else office, 60)

    def label(self, group: Bucket) -> str:
        """A group in words."""
        basis = self.sheet.basis
        return group_label(group, basis.version, basis.old, self.says)

    def bar_label(self, bar: OfficeBar) -> str:
        """What a bar shows, for those who do not see it."""
        parts = ", ".join(f"{count} {self.label(group)}" for group, count in bar.counts.items() if count)
        return f"{self.office(bar.id)}: {parts}"

    def need(self, line: NeedLine) -> ShownNeed:
        """A line of what is needed."""
        named = [each for each in line.projects if each.key in self.sheet.named]
        return ShownNeed(
            when=self.day(line.by),
            late=line.overdue,
            what=self._what(line),
            who=self.who(line.role, line.office, line.program),
            otherwise=self._otherwise(line),
            projects=tuple(named[:MOST_NAMED]) if self.sheet.page.kind is not PageKind.BOARD else (),
            more=max(0, line.count - min(len(named), MOST_NAMED)),
        )

    def _what(self, line: NeedLine) -> str:
        basis = self.sheet.basis
        values = {"version": basis.version, "old": words.old_words(self.says, basis.old)}
        message = words.NEEDS[line.kind]
        return self.says.message(message, **(values | {"n": line.count} if message.many else values))

    def _otherwise(self, line: NeedLine) -> str:
        basis = self.sheet.basis
        if line.then is not None:
            on, level = line.then
            return self.says.say(
                "{who} is told on {day}", who=self.who(level.role, level.office), day=self.day(on)
            )
        finish = basis.rollout is not None and basis.rollout.default_old
        default = (
            self.says.say("complete under {old}", old=words.old_words(self.says, basis.old))
            if finish
            else self.says.say("adopt {version}", version=basis.version)
        )
        return self.says.message(words.OTHERWISE[line.kind], default=default, version=basis.version)

    def who(self, role: Role, office: str, program: str = "") -> str:
        """A role of an office, with the people in it where the reader may know them."""
        organization = self.sheet.sight.organization
        of = organization.programs.get(program)
        place = clean(of.name, 60) if of is not None else self.office(office)
        named = [clean(person.name, 60) for person in self.sheet.people(role, office, program)]
        said = self.says.say("{role}, {place}", role=self.says.message(ROLES[role]), place=place)
        if not named:
            return self._or_head(said, role, office, program)
        more = f" +{len(named) - MOST_NAMED}" if len(named) > MOST_NAMED else ""
        return f"{said} ({', '.join(named[:MOST_NAMED])}{more})"

    def _or_head(self, said: str, role: Role, office: str, program: str) -> str:
        """The role; where the office has nobody in it, that, and its head, where the reader may know them."""
        known = self.sheet.sight.organization.offices.get(office)
        if known is None or role is Role.HEAD or program or known.roles.get(role):
            return said
        heads = [clean(person.name, 60) for person in self.sheet.people(Role.HEAD, office)]
        if not heads:
            return said
        return self.says.say("{role} (nobody; head: {names})", role=said, names=", ".join(heads[:MOST_NAMED]))

    def escalated(self, each: Escalated) -> tuple[str, str, str, tuple[BasisProject, ...], int]:
        """When what is told to whom, the projects that are named, and how many more there are."""
        level: EscalationLevel = each.level
        named = [project for project in each.projects if project.key in self.sheet.named]
        count = self.says.count(len(each.projects), "{n} project", "{n} projects")
        shown = tuple(named[:MOST_NAMED])
        return (
            self.day(each.on),
            count,
            self.who(level.role, level.office),
            shown,
            len(each.projects) - len(shown),
        )

    def turned(self, each: Turned) -> tuple[str, str, str, tuple[BasisProject, ...]]:
        """How many, from what to what, why, and the first of them."""
        was = self.band(each.was, self.says.say("new"))
        now = self.band(each.now, self.says.say("gone"))
        why = self.says.message(CAUSES[each.cause])
        rules = (
            f": {', '.join(clean(rule_title(rule, self.says), 60) for rule in each.rules[:2])}"
            if each.rules
            else ""
        )
        named = each.named[:MOST_NAMED] if self.sheet.page.kind is not PageKind.BOARD else ()
        count = self.says.count(each.count, "{n} project", "{n} projects")
        return count, f"{was} → {now}", f"{why}{rules}", named

    def band(self, band: Result | None, instead: str) -> str:
        """A band in words."""
        return state_words(band, self.sheet.basis.old, self.says) if band is not None else instead

    def why(self, project: BasisProject) -> str:
        """The first thing that a project does not keep, and how many more there are."""
        if not project.todo:
            return ""
        first = clean(rule_title(project.todo[0].rule, self.says), 90)
        if project.not_kept == 1:
            return first
        return self.says.say("{first}, and {n} more", first=first, n=project.not_kept - 1)

    def manager(self, project: BasisProject) -> str:
        """The project's manager by name; empty where its tool's account is nobody's here."""
        organization = self.sheet.sight.organization
        found = organization.people.get(manager_of(organization, project))
        if found is not None:
            return clean(found.name, 60)
        return ""

    def strangers(self) -> str:
        """Who leads projects of the office by its tool and is nobody here; empty on other pages."""
        if self.sheet.page.kind is not PageKind.OFFICE:
            return ""
        found = self.sheet.strangers
        named = [f"{clean(name, 60)} ({count})" for name, count in list(found.items())[:MOST_STRANGERS]]
        rest = len(found) - len(named)
        if rest > 0:
            named.append(self.says.count(rest, "{n} other", "{n} others"))
        return self.says.listed(named)

    def typed(self, each: Typed) -> tuple[str, str, str, str, BasisProject, bool]:
        """When, what, why and where something is typed, of which project, and whether that is overdue."""
        says, basis = self.says, self.sheet.basis
        fields = says.listed([clean(field, 60) for field in each.fields])
        place = clean(each.place, 90)
        at = clean(each.ref, 60)
        if fields:
            where = says.say("{fields}, at {at} in {place}", fields=fields, at=at, place=place)
        else:
            where = says.say("at {at} in {place}", at=at, place=place)
        if each.by is not None:
            when = self.day(each.by)
        elif each.gate or basis.rollout is None:
            when = says.say("no date yet")
        else:
            when = says.say("when it binds")
        return (
            when,
            clean(Whys(says).remedy(each.what)),
            self.why_typed(each),
            where,
            each.project,
            each.by is not None and each.by < basis.as_of,
        )

    def why_typed(self, each: Typed) -> str:
        """Why something is to be typed: a rule that is not kept, now or at the next gate, or a question."""
        rule = clean(rule_title(each.rule, self.says), 90)
        if each.gate:
            return self.says.say("Missing at {gate}: {rule}", gate=clean(each.gate, 40), rule=rule)
        if rule:
            return self.says.say("Not kept: {rule}", rule=rule)
        return self.says.say("Asked for; without an answer it counts as not reported.")
