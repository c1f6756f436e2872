"""People and offices from their files: it refuses unknown people and parents, cycles, and ids used twice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, Field

from config.calendars import (
    OFFICE_HOURS_TEXT,
    BlackoutShape,
    DayName,
    HalfDayShape,
    HolidayShape,
    HoursOfDay,
    read_calendar,
)
from config.clocks import ClocksShape
from config.decisions import DecisionsShape
from config.documents import YamlDocument
from config.places import Country, Currency, TimeZone, clock_time, weekday
from config.problems import Problems, WrongValue, meant
from config.rates import RatesShape
from config.retention import RetentionShape
from config.shapes import Day, FileEntry, Flag, Shape, Slug, Whole, Words, entries, raw_ids
from domain.ids import own_id
from domain.organization.calendar import Rhythm
from domain.organization.clocks import Clocks
from domain.organization.office import Mandate, Office, OfficeKind, Organization, Person, RelationKind, Role
from domain.standards.standard import Where

ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+|[a-z][a-z0-9+.-]*://\S+")


def _clock(text: str) -> str:
    clock_time(text)
    return text


def _address(text: str) -> str:
    if text and ADDRESS.fullmatch(text) is None:
        raise WrongValue("this is no address", "write an e-mail address or an Apprise URL, or leave it empty")
    return text


LanguageTag = Annotated[str, Field(pattern=r"^([a-z]{2,3}(-[A-Za-z0-9]{2,8})*)?$")]


class OrganizationShape(Shape):
    """organization.yaml."""

    id: Slug = Field(examples=["harbor-group"])
    """The organization's id; it never changes."""
    name: Words = Field(examples=["Harbor Group"])
    """The organization's name, as reports show it."""
    operator_decisions_count: Flag = False
    """`true`: a decision that an operator enters for somebody counts, and every report says that it was
    entered; `false`: only decisions count whose person is known."""
    language: LanguageTag = "en"
    """The language of what people read, where an office or a person names none: a code of ISO 639, perhaps
    with a region (pt-BR). What stands in a tool already keeps its words."""
    clocks: ClocksShape = ClocksShape()
    """How many business days there are for each kind of turn. What is left out has its default."""
    decisions: DecisionsShape = DecisionsShape()
    """How many approve what, and whether the office that asks may decide. What is left out has its
    default."""
    retention: RetentionShape = RetentionShape()
    """For how long what is no longer needed is kept. What is left out has its default."""
    rates: RatesShape | None = None
    """The one set of rates at which money of several currencies is added up. Without it money in another
    currency than a report's is a gap there."""


class PersonShape(Shape):
    """One entry of people.yaml."""

    id: Slug = Field(examples=["ana-reis"])
    """The person's id; it never changes, and other files name the person by it."""
    name: Words = Field(examples=["Ana Reis"])
    """The person's name, as pages and notices show it."""
    address: Annotated[str, AfterValidator(_address)] = ""
    """An e-mail address or an Apprise URL for notices. Without it the person is told nothing, and what waits
    for them is shown in the reports."""
    accounts: Mapping[Slug, Words] = Field(default_factory=dict, examples=[{"jira": "Ana Reis (5b10)"}])
    """How a tool signs what the person writes there, by the tool's id. Without it their decisions made in
    that tool do not count."""
    language: LanguageTag = ""
    """The language of what is for this person alone: a code of ISO 639, perhaps with a region (pt-BR).
    Without it that of the office in which the person has a role."""
    until: Day | None = None
    """The person's last day in the organization. Afterwards they have no role, and what waited for them waits
    for the role; their name stays in what they decided."""


class ReportingShape(Shape):
    """When an office reports."""

    weekday: DayName = "fri"
    """The day of the office's cut-off: mon to sun, or the full English name."""
    by: Annotated[str, AfterValidator(_clock)] = "17:00"
    """The time of the cut-off by the office's own clock, in quotes."""
    every_weeks: Whole = Field(1, ge=1, le=52)
    """Every how many weeks the office reports. A project without a report of that period is shown as
    stale."""


class RolesShape(Shape):
    """Person ids per role."""

    head: tuple[str, ...] = ()
    """Who heads the office, and is told when it is late. Without one nobody is told."""
    standards_owner: tuple[str, ...] = ()
    """Who owns the standards of a strategic office, and publishes their versions."""
    approver: tuple[str, ...] = ()
    """Who decides on what is asked of the office. Without one here or in an office above, nothing can be
    approved."""
    reporter: tuple[str, ...] = ()
    """Who reports for the office, and is told of its questions and its work."""
    sponsor: tuple[str, ...] = ()
    """Who sponsors the office's projects. The sponsor of the office at the top of the ladder is told last
    that somebody is late."""


class OfficeShape(Shape):
    """One entry of offices.yaml."""

    id: Slug = Field(examples=["porto"])
    """The office's id; it never changes, and other files name the office by it."""
    name: Words = Field(examples=["Porto project office"])
    """The office's name, as reports show it."""
    kind: OfficeKind = Field(examples=["project"])
    """What the office is in the network. A strategic office leads: standards, rollouts and directives need
    one, deployments do not."""
    mandate: Mandate = Field(examples=["controlling"])
    """How far the office may go with those below it: PMI's three kinds of PMO. It is recorded; nothing
    depends on it yet."""
    parent: Slug | None = None
    """The id of the office above. Without it the office stands at the top of a tree."""
    country: Country = Field(examples=["PT"])
    """Two letters of ISO 3166, or a part of a country (DE-BY). It gives the weekend and the holidays."""
    weekend: tuple[DayName, ...] | None = None
    """The days of the week that are not worked. Without it they are the country's."""
    holidays: tuple[HolidayShape, ...] = ()
    """Days on which the office does not work, besides the country's holidays."""
    working_days: tuple[Day, ...] = ()
    """Days that are worked though they are holidays of the country."""
    hours: tuple[HoursOfDay, ...] = Field(OFFICE_HOURS_TEXT, min_length=1, max_length=6)
    """The business hours of a whole day by the office's own clock, as "from-to", in order and in quotes."""
    half_days: tuple[HalfDayShape, ...] = ()
    """Days with the first half of the business hours only. In clocks each counts as half a business day."""
    half_weekdays: tuple[DayName, ...] = ()
    """Days of the week that are half days in every week."""
    blackouts: tuple[BlackoutShape, ...] = ()
    """Times in which no clock of the office runs and nothing falls due: a closing, a shutdown."""
    time_zone: TimeZone = Field(examples=["Europe/Lisbon"])
    """An IANA time zone. The office's days, cut-offs and due dates are of this zone."""
    currency: Currency = Field(examples=["EUR"])
    """The office's currency, by its code of ISO 4217. It is recorded; a project's money is in the currency
    that its tool gives."""
    language: LanguageTag = ""
    """The language of the questions, notices and pages for the office: a code of ISO 639, perhaps with a
    region (pt-BR). Without it the organization's. Translated are: de, es, fr and pt (as in Brazil); others
    get English."""
    reporting: ReportingShape = ReportingShape()
    """When the office reports. Without it: every week, by Friday 17:00."""
    answer_days: Whole | None = Field(None, ge=1, le=100)
    """Business days that this office has for an answer. Without it those of `clocks` in organization.yaml."""
    roles: RolesShape = RolesShape()
    """Person ids of people.yaml for each role of the office; `check` warns of vacant roles that are
    needed."""
    restricted: tuple[Words, ...] = Field((), examples=['["P-7"]'])
    """The office's own ids of its confidential projects, as its tool has them, in quotes. Everybody else sees
    them counted only; by name the office's head sees them, their project managers, their programs' managers,
    and the head and approvers of the strategic office that leads there."""


def unique(found: Iterable[FileEntry[Shape]], what: str, problems: Problems) -> None:
    """Refuse an id that stands twice in a list, naming both lines."""
    first: dict[str, Where] = {}
    for entry in found:
        name = str(getattr(entry.value, "id", ""))
        if name in first:
            message = f"two {what} have the id `{name}`, the first on line {first[name].line}"
            problems.add(entry.where("id"), message, "give each an id of its own")
        else:
            first[name] = entry.where("id")


def known(name: str, names: Iterable[str] | None, what: str, where: Where, problems: Problems) -> bool:
    """Whether a name is known; a problem with the closest one where it is not.

    `names` is None where the file that declares them cannot be read: that is reported already, so any name
    counts as known.
    """
    if names is None or name in (listed := list(names)):
        return True
    problems.add(
        where, f"there is no {what} `{name[:60]}`", meant(name, listed) or f"declare the {what} first"
    )
    return False


def read_people(
    document: YamlDocument | None, tools: Iterable[str] | None, problems: Problems
) -> dict[str, Person]:
    """People by id; an account in an unknown tool, or one that another person has too, is a problem."""
    found = list(entries(PersonShape, document, "people", problems))
    unique(found, "people", problems)
    whose: dict[tuple[str, str], str] = {}
    for entry in found:
        for tool, account in entry.value.accounts.items():
            known(tool, tools, "tool", entry.where("accounts"), problems)
            other = whose.setdefault((tool, account), entry.value.id)
            if other != entry.value.id:
                message = f"the account {account[:60]!r} in {tool} is {other}'s too"
                problems.add(entry.where("accounts"), message, "give each person an account of their own")
    return {
        e.value.id: Person(
            e.value.id, e.value.name, e.value.address, dict(e.value.accounts), e.value.language, e.value.until
        )
        for e in found
    }


def read_offices(
    document: YamlDocument, people: Iterable[str] | None, year: int, clocks: Clocks, problems: Problems
) -> dict[str, Office]:
    """Offices by id, in the order of the file; a cross-reference that fails is a problem.

    An office that says no number of days for its answers has those of the organization's clocks.
    """
    found = list(entries(OfficeShape, document, "offices", problems))
    names = raw_ids(document, "offices")
    unique(found, "offices", problems)
    for entry in found:
        if entry.value.parent is not None:
            known(entry.value.parent, names, "office", entry.where("parent"), problems)
        for role, holders in entry.value.roles:
            for n, person in enumerate(holders):
                known(person, people, "person", entry.where("roles", role, n), problems)
    _no_cycles(found, problems)
    if not names:
        problems.add(document.where("offices"), "there are no offices", "write one entry per `- ` line")
    return {e.value.id: _office(e, year, clocks, problems) for e in found}


def _no_cycles(found: list[FileEntry[OfficeShape]], problems: Problems) -> None:
    """Refuse offices that are above themselves; each cycle is reported once."""
    parents = {e.value.id: e.value.parent for e in found}
    told: set[str] = set()
    for entry in found:
        path = [entry.value.id]
        while (above := parents.get(path[-1])) is not None and above not in path:
            path.append(above)
        if above == entry.value.id and not told & set(path):
            told |= set(path)
            cycle = " > ".join([*path, entry.value.id])
            problems.add(
                entry.where("parent"), f"the offices are above each other: {cycle}", "remove one parent"
            )


def _office(entry: FileEntry[OfficeShape], year: int, clocks: Clocks, problems: Problems) -> Office:
    shape = entry.value
    rhythm = shape.reporting
    return Office(
        id=shape.id,
        name=shape.name,
        kind=shape.kind,
        mandate=shape.mandate,
        calendar=read_calendar(entry, year, problems),
        currency=shape.currency,
        language=shape.language,
        parent=shape.parent,
        rhythm=Rhythm(weekday(rhythm.weekday), clock_time(rhythm.by), rhythm.every_weeks),
        answer_days=clocks.answer_days if shape.answer_days is None else shape.answer_days,
        roles={Role(role): tuple(dict.fromkeys(holders)) for role, holders in shape.roles if holders},
        restricted=frozenset(own_id(shape.id, each) for each in shape.restricted),
    )


def without_leavers(
    offices: Mapping[str, Office],
    people: Mapping[str, Person],
    at: datetime,
    document: YamlDocument,
    problems: Problems,
) -> dict[str, Office]:
    """The offices without the people who have left by their office's day; each is a warning."""
    found = {}
    for n, office in enumerate(offices.values()):
        today = office.calendar.local_date(at)
        roles: dict[Role, tuple[str, ...]] = {}
        for role, holders in office.roles.items():
            here = tuple(each for each in holders if each not in people or not people[each].has_left(today))
            for each in holders:
                if each not in here:
                    problems.warn(
                        document.where("offices", n, "roles", str(role)),
                        f"`{each}` left on {people[each].until} and is no {role.replace('_', ' ')} any more",
                        "name somebody else; what waited for them waits for the role",
                    )
            if here:
                roles[role] = here
        found[office.id] = replace(office, roles=roles)
    return found


def vacancies(offices: Mapping[str, Office], document: YamlDocument, problems: Problems) -> None:
    """Warn of vacant roles: no head to notify, no eligible approver, no owner of the standards."""
    for n, office in enumerate(offices.values()):
        where = document.where("offices", n, "roles")
        if not office.roles.get(Role.HEAD):
            problems.warn(
                where, f"`{office.id}` has no head", "add `head: [person]`; until then nobody is told"
            )
        if office.kind is OfficeKind.STRATEGIC and not office.roles.get(Role.STANDARDS_OWNER):
            problems.warn(
                where, f"`{office.id}` has no owner of its standards", "add `standards_owner: [person]`"
            )
        if not _approvers(office, offices):
            problems.warn(
                where, f"`{office.id}` has no eligible approver, here or above", "add `approver: [person]`"
            )


def led(organization: Organization, document: YamlDocument, problems: Problems) -> None:
    """Refuse an office that would take part and has no strategic office to lead it, on no day at all."""
    strategic = {each.id for each in organization.strategic_offices()}
    apart = {each for each in organization.offices if organization.relation(each) is RelationKind.DIVERSE}
    if not strategic and apart != set(organization.offices):
        remedy = (
            "give the office that leads `kind: strategic`; none is needed where all are in a diverse subtree"
            " (relations.yaml)"
        )
        problems.add(document.where("offices"), "no office is strategic", remedy)
    agreed = {frozenset({each.giver, each.taker}) for each in organization.agreements}
    for n, office in enumerate(organization.offices.values()):
        diverse = organization.relation(office.id) is RelationKind.DIVERSE
        above = any(each.id in strategic for each in organization.above(office.id))
        with_one = any(frozenset({office.id, each}) in agreed for each in strategic)
        if len(strategic) > 1 and not (diverse or above or with_one):
            message = (
                f"no strategic office leads `{office.id}`: none is above it, and there are {len(strategic)}"
            )
            remedy = "give it a `parent` under one, or an agreement with one (agreements.yaml)"
            problems.add(document.where("offices", n, "id"), message, remedy)


def _approvers(office: Office, offices: Mapping[str, Office]) -> frozenset[str]:
    """The approvers of an office and of those above it."""
    seen: dict[str, Office] = {}
    at: Office | None = office
    while at is not None and at.id not in seen:
        seen[at.id] = at
        at = offices.get(at.parent or "")
    return frozenset(person for each in seen.values() for person in each.roles.get(Role.APPROVER, ()))
