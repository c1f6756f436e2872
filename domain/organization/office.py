"""The organization: offices with a mandate, their relations, programs, tools, people and agreements.

Values only, and the questions that can be answered from them alone; refuses to read files.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from domain.language import ENGLISH_TAG, Language, Languages
from domain.organization.calendar import Calendar, Rhythm
from domain.organization.clocks import Clocks
from domain.organization.money import Rates
from domain.organization.retention import Retention
from domain.organization.terms import Terms
from domain.organization.webhooks import Receiver, Source

LOCAL_SHARES = frozenset({"templates", "lessons"})
"""What an agreement may share without making an office a part of a network."""
NO_LEADER = "put them under one strategic office (offices.yaml, `parent`), or make an agreement with one"


class OfficeKind(StrEnum):
    """What an office is in the network."""

    STRATEGIC = "strategic"
    PROGRAM = "program"
    PROJECT = "project"
    SUBSIDIARY = "subsidiary"


class Mandate(StrEnum):
    """How far an office may go with those below it (PMI's three kinds of PMO)."""

    SUPPORTIVE = "supportive"
    CONTROLLING = "controlling"
    DIRECTIVE = "directive"


class RelationKind(StrEnum):
    """How the offices of a subtree work together."""

    DIVERSE = "diverse"
    CONSOLIDATING = "consolidating"
    NETWORK = "network"


class Access(StrEnum):
    """What we may do in an office's tool; each level includes those before it, in this order."""

    OBSERVE = "observe"
    ASK = "ask"
    WRITE = "write"

    @property
    def may_ask(self) -> bool:
        """Whether questions and notices may be put there."""
        return self in (Access.ASK, Access.WRITE)

    @property
    def may_write(self) -> bool:
        """Whether work items may be put there."""
        return self is Access.WRITE

    @property
    def below(self) -> Access:
        """The level before it; of the first, itself."""
        levels = list(Access)
        return levels[max(levels.index(self) - 1, 0)]

    def includes(self, other: Access) -> bool:
        """Whether it is that level or one above it."""
        levels = list(Access)
        return levels.index(self) >= levels.index(other)


class Conflict(StrEnum):
    """Whose value stays in a field of ours that the office changed."""

    OURS = "ours"
    THEIRS = "theirs"
    HOLD = "hold"
    """The office's, until a person decides."""


class Role(StrEnum):
    """A person's role in an office; what waits for a person waits for the role."""

    HEAD = "head"
    STANDARDS_OWNER = "standards_owner"
    APPROVER = "approver"
    REPORTER = "reporter"
    SPONSOR = "sponsor"
    PROGRAM_MANAGER = "program_manager"
    """Of a program; programs.yaml names the person."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the organization; `address` is an Apprise URL or an e-mail address, or empty.

    `accounts` are by tool: the author's name there of what this person writes. A decision counts by that.
    """

    id: str
    name: str
    address: str = ""
    accounts: Mapping[str, str] = field(default_factory=dict)
    language: str = ""
    """Its tag (BCP 47); empty for that of the office or the organization."""
    until: date | None = None
    """Their last day in the organization; None: it is not known."""

    def has_left(self, on: date) -> bool:
        """Whether the person has left the organization by that day."""
        return self.until is not None and on > self.until


@dataclass(frozen=True, slots=True)
class Office:
    """A PMO."""

    id: str
    name: str
    kind: OfficeKind
    mandate: Mandate
    calendar: Calendar
    currency: str
    language: str = ""
    """Its tag (BCP 47); empty for that of the organization."""
    parent: str | None = None
    rhythm: Rhythm = Rhythm()
    answer_days: int = 5
    """Business days this office has for an answer."""
    roles: Mapping[Role, tuple[str, ...]] = field(default_factory=dict)
    """Person ids per role."""
    restricted: frozenset[str] = frozenset()
    """The office's own ids of its confidential projects."""


@dataclass(frozen=True, slots=True)
class Relation:
    """How the subtree under the office `root` works together; for an office the nearest one above holds."""

    root: str
    kind: RelationKind


@dataclass(frozen=True, slots=True)
class Program:
    """Projects of one or several offices under one program office.

    `manager` and `deputy` are ids of people; empty where none is named.
    """

    id: str
    name: str
    office: str
    manager: str = ""
    deputy: str = ""

    @property
    def elector(self) -> str:
        """Who elects for its projects: the manager, else the deputy; empty where the office's head does."""
        return self.manager or self.deputy


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool as one record: its kind, its tenant, its settings; credentials by name only."""

    id: str
    kind: str
    tenant: str = ""
    version: str = ""
    credentials: str = ""
    settings: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Lacking:
    """What settings lack for an access: without it that access, and every one above it, is of no use."""

    access: Access
    place: tuple[str, ...]
    """The setting of the office's part that is missing, from the top; empty where it is not in that part."""
    text: str
    instead: str
    """What to do and to write."""


@dataclass(frozen=True, slots=True)
class Withheld:
    """What an office granted and cannot be used, as its settings lack something: what, and what to do."""

    granted: Access
    why: str


@dataclass(frozen=True, slots=True)
class Partition:
    """The part of a tool that one office uses, and what we may do there."""

    office: str
    tool: str
    access: Access = Access.OBSERVE
    settings: Mapping[str, object] = field(default_factory=dict)
    conflict: Conflict = Conflict.OURS
    """Whose value stays in a field of ours that the office changed."""
    withheld: Withheld | None = None
    """Why `access` is less than the office grants; None where it is what is granted."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """What one office shares with another, from a date to a date (None is open)."""

    id: str
    giver: str
    taker: str
    shares: frozenset[str]
    since: date
    until: date | None = None

    def in_force(self, on: date) -> bool:
        """Whether the agreement is in force on that day."""
        return self.since <= on and (self.until is None or on <= self.until)

    @property
    def opens_network(self) -> bool:
        """Whether an office takes part in a network by it: it shares more than templates and their plans."""
        return bool(self.shares - LOCAL_SHARES)


@dataclass(frozen=True, slots=True)
class Organization:
    """All that the configuration says of the organization."""

    id: str
    name: str
    offices: Mapping[str, Office]
    relations: tuple[Relation, ...] = ()
    programs: Mapping[str, Program] = field(default_factory=dict)
    tools: Mapping[str, Tool] = field(default_factory=dict)
    partitions: tuple[Partition, ...] = ()
    people: Mapping[str, Person] = field(default_factory=dict)
    agreements: tuple[Agreement, ...] = ()
    sources: Mapping[str, Source] = field(default_factory=dict)
    """Who may send webhooks."""
    receivers: Mapping[str, Receiver] = field(default_factory=dict)
    """Who receives the network's events."""
    clocks: Clocks = Clocks()
    operator_decisions_count: bool = False
    """Whether a decision that an operator enters for somebody counts (it is always named as such)."""
    terms: Terms = Terms()
    """How many approve what, and who is left out; `operator_decisions_count` says what is entered counts."""
    retention: Retention = Retention()
    """For how long what was read, written and told is kept."""
    rates: Rates | None = None
    """The rates at which money of several currencies is added up."""
    language: str = ENGLISH_TAG
    """The tag (BCP 47) of the language where an office or a person names none."""
    languages: Languages = Languages()
    """Those that texts for people are translated into."""

    @property
    def own_language(self) -> Language:
        """The language of what is for everybody."""
        return self.languages.of(self.language)

    def language_of(self, office: str) -> Language:
        """The language in which an office is addressed; the organization's where it names none."""
        there = self.offices.get(office)
        return self.languages.of(there.language if there else "", self.language)

    def language_for(self, person: str, office: str = "") -> Language:
        """The language in which a person is addressed: their own, else the office's, else that of all."""
        own, there = self.people.get(person), self.offices.get(office)
        return self.languages.of(own.language if own else "", there.language if there else "", self.language)

    def above(self, office: str) -> Iterator[Office]:
        """The office itself, then its parent, up to the root."""
        at: str | None = office
        while at is not None:
            yield self.offices[at]
            at = self.offices[at].parent

    def relation(self, office: str) -> RelationKind:
        """The nearest relation declared at the office or above it; a lone tree is a network."""
        declared = {relation.root: relation.kind for relation in self.relations}
        for above in self.above(office):
            if above.id in declared:
                return declared[above.id]
        return RelationKind.NETWORK

    def strategic_offices(self) -> tuple[Office, ...]:
        """All strategic offices, in the order of the file; each leads its own subtree."""
        return tuple(each for each in self.offices.values() if each.kind is OfficeKind.STRATEGIC)

    def deciding_offices(self) -> tuple[Office, ...]:
        """The offices whose decisions concern others: the strategic ones, and all above them."""
        found = {each.id: each for own in self.strategic_offices() for each in self.above(own.id)}
        return tuple(found.values())

    def leaders(self, office: str, on: date) -> tuple[Office, ...]:
        """The strategic offices that lead there on that day, the nearest first.

        They are those up the tree, the office itself included. In a diverse subtree, and where none is above,
        they are those with which the office has an agreement in force. Where the organization has a single
        strategic office, it leads everywhere.
        """
        return self._leaders(office, on, diverse=self.relation(office) is RelationKind.DIVERSE)

    def _leaders(self, office: str, on: date, *, diverse: bool) -> tuple[Office, ...]:
        above = tuple(each for each in self.above(office) if each.kind is OfficeKind.STRATEGIC)
        if above and not diverse:
            return above
        strategic = self.strategic_offices()
        return self._agreed(office, on) or above or (strategic if len(strategic) == 1 else ())

    def leader_of(self, office: str, on: date) -> Office:
        """The strategic office that leads there on that day. Raises LookupError where none does."""
        return self.leader_over({office: on})

    def leader_over(self, offices: Mapping[str, date]) -> Office:
        """The nearest strategic office that leads all of these offices, each on its day.

        Raises LookupError where they have none in common.
        """
        lines = [self.leaders(office, on) for office, on in offices.items()]
        shared = set.intersection(*({each.id for each in line} for line in lines)) if lines else set()
        for each in lines[0] if lines else ():
            if each.id in shared:
                return each
        raise LookupError(
            f"no strategic office leads {', '.join(offices) or 'no office at all'}: {NO_LEADER}"
        )

    def leader_of_all(self, on: date) -> Office:
        """The strategic office for what concerns the whole organization: who leads all that take part.

        Where they have none in common, the first one of the file. Raises LookupError without any.
        """
        taking_part = {office: on for office in self.offices if self.takes_part(office, on)}
        try:
            return self.leader_over(taking_part)
        except LookupError:
            first = next(iter(self.strategic_offices()), None)
            if first is None:
                raise
            return first

    def takes_part(self, office: str, on: date) -> bool:
        """Whether interactions led by a strategic office may happen there.

        In a diverse subtree only with an agreement in force with a strategic office, and one that shares more
        than templates and the plans made of them.
        """
        if self.relation(office) is RelationKind.DIVERSE:
            return bool(self._agreed(office, on))
        return bool(self._leaders(office, on, diverse=False))

    def _agreed(self, office: str, on: date) -> tuple[Office, ...]:
        """The other strategic offices with which that office has an agreement that opens a network."""
        with_it = {
            other
            for each in self.agreements
            if each.in_force(on) and each.opens_network and office in (each.giver, each.taker)
            for other in (each.giver, each.taker)
        }
        return tuple(each for each in self.strategic_offices() if each.id in with_it and each.id != office)

    @property
    def restricted(self) -> frozenset[str]:
        """The keys of all confidential projects, `office/id`: they are counted and named to few."""
        return frozenset(f"{each.id}/{own}" for each in self.offices.values() for own in each.restricted)

    def partition(self, office: str) -> Partition | None:
        """The part of a tool in which that office plans and we write and ask; None where it has none."""
        return next(iter(self.parts(office)), None)

    def parts(self, office: str) -> tuple[Partition, ...]:
        """Every part of a tool that holds that office's projects, the most trusted one first."""
        return tuple(p for p in self.partitions if p.office == office)

    def holders(self, office: str, role: Role) -> tuple[Person, ...]:
        """The people in that role; empty when the role is vacant."""
        return tuple(self.people[p] for p in self.offices[office].roles.get(role, ()))
