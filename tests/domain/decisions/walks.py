"""Random sequences of commands on one request, with an oracle of its own that says what may never happen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
from random import Random

from domain.decisions.law import Judged, Law, Terms, judge, submit
from domain.decisions.request import (
    Channel,
    Choice,
    DecisionKind,
    NoSuchMove,
    Request,
    RequestState,
    Shown,
    Significance,
    Stakes,
    Vote,
)
from domain.organization.absence import (
    Absence,
    Delegation,
    NoStandIn,
    StandIns,
    check_absence,
    check_delegation,
)
from domain.organization.office import Organization, Person, Role
from tests.domain.builders import office, organization

PEOPLE = ("ana", "bo", "carl", "dora", "eva", "fay")
BEGIN = datetime(2027, 1, 4, 9, tzinfo=UTC)
HQ = office("hq", None, roles={Role.HEAD: ("ana",), Role.APPROVER: ("ana", "bo", "dora", "fay")})
PORTO = office("porto", "hq", roles={Role.HEAD: ("carl",), Role.REPORTER: ("dora",), Role.SPONSOR: ("fay",)})
ORG = organization(
    replace(HQ, kind="strategic"), PORTO, people={each: Person(each, each.title()) for each in PEOPLE}
)
STAFF = {"porto": {"carl", "dora", "fay"}, "hq": {"ana", "bo", "dora", "fay"}}
"""Everybody with a role in an office that may ask."""
Command = tuple[str, ...]


@dataclass
class Walk:
    """One request, what was said of it, and the time."""

    request: Request
    terms: Terms
    now: datetime = BEGIN
    organization: Organization = ORG
    known: StandIns = StandIns()
    votes: list[Vote] = field(default_factory=list)
    shown: list[Shown] = field(default_factory=list)
    judged: Judged | None = None

    @property
    def law(self) -> Law:
        return Law(self.organization, self.known, self.terms, self.now)

    def do(self, command: Command) -> list[str]:
        """Carry out a command; what went wrong by it."""
        name, *said = command
        self.now += timedelta(minutes=7)
        try:
            getattr(self, f"_{name}")(*said)
        except (NoSuchMove, NoStandIn):
            return []
        if name == "time":
            return []  # nobody looks while time passes
        before = self.request.state
        self.judged = judge(self.law, self.request, self.votes)
        self.request = self.judged.request
        if self.request.state is RequestState.APPROVED and before is RequestState.OPEN:
            return violations(self)
        return []

    def _submit(self) -> None:
        self.request = submit(self.law, self.request).request

    def _vote(self, person: str, choice: str, channel: str, old: str) -> None:
        shown = self.shown[0] if old == "old" else self.request.shown
        self.votes.append(
            Vote(self.request.id, person, Choice(choice), Channel(channel), shown.digest, self.now)
        )

    def _change(self, person: str, what: str) -> None:
        shown = replace(self.request.shown, **{what: f"{what} {len(self.shown)}"})
        self.request = self.request.changed(shown, person, self.now)
        self.shown.append(shown)

    def _withdraw(self) -> None:
        self.request = self.request.moved(RequestState.WITHDRAWN)

    def _time(self, days: str) -> None:
        self.now += timedelta(days=int(days))

    def _absent(self, person: str, deputy: str) -> None:
        day = self.now.date()
        new = Absence(person, day, day + timedelta(days=5), deputy)
        check_absence(self.organization, self.known, new, day)
        self.known = replace(self.known, absences=(*self.known.absences, new))

    def _delegate(self, person: str, other: str) -> None:
        day = self.now.date()
        new = Delegation(person, other, "hq", Role.APPROVER, day, day + timedelta(days=5))
        check_delegation(self.organization, self.known, new, person, day)
        self.known = replace(self.known, delegations=(*self.known.delegations, new))

    def _leave(self, person: str) -> None:
        gone = replace(self.organization.people[person], until=self.now.date() - timedelta(days=1))
        self.organization = replace(self.organization, people={**self.organization.people, person: gone})


def begun(random: Random) -> Walk:
    """A walk with a request by chance."""
    significance = random.choice(list(Significance))
    shown = Shown("facts", "text", "rule")
    request = Request(
        "r1", DecisionKind.DEVIATION, "porto/P-1", "hq", shown,
        requester=random.choice(("", *PEOPLE)), editor=random.choice(("", "", *PEOPLE)),
        asking=random.choice(("", "porto", "porto", "hq")),
        stakes=Stakes(significance, random.choice((0.0, 0.08, 0.2)), random.random() < 0.2),
        until=random.choice((None, BEGIN + timedelta(days=6))),
    )  # fmt: skip
    least = random.choice((1, 1, 1, 2))
    level = lambda: least + random.choice((0, 1, 1, 2))  # noqa: E731 - three times
    terms = Terms(
        least, level(), random.choice((0.05, 0.1)), random.random() < 0.5, random.random() < 0.5,
        costly_quorum=level(), gate_quorum=level(),
    )  # fmt: skip
    return Walk(request, terms, shown=[shown])


def command(random: Random) -> Command:
    """A command by chance; most of them are votes, and most of those approve."""
    one, other = random.choice(PEOPLE), random.choice(PEOPLE)
    kinds: tuple[Command, ...] = (
        ("vote", one, random.choice(("approve", "approve", "approve", "decline", "return")),
         random.choice(("tool", "page", "entered")), random.choice(("new", "new", "old"))),
        ("submit",),
        ("change", one, random.choice(("facts", "text", "rule"))),
        ("withdraw",),
        ("time", str(random.choice((0, 1, 6)))),
        ("absent", one, random.choice((other, ""))),
        ("delegate", one, other),
        ("leave", one),
    )  # fmt: skip
    return random.choices(kinds, (60, 6, 8, 1, 10, 5, 9, 1))[0]


def commands(random: Random) -> list[Command]:
    """A whole sequence; it begins with the request being submitted, mostly."""
    first = [("submit",)] if random.random() < 0.95 else []
    return [*first, *(command(random) for _ in range(random.randrange(4, 16)))]


def played(seed: int, given: Iterable[Command] | None = None) -> tuple[Walk, list[str]]:
    """Play a sequence; the walk, and what went wrong in it."""
    random = Random(seed)
    walk = begun(random)
    wrong = [each for one in given or commands(random) for each in walk.do(one)]
    return walk, wrong


def violations(walk: Walk) -> list[str]:
    """Why the request may not be approved now; nothing where it may. It asks nothing of the law."""
    request, people, found = walk.request, walk.organization.people, list[str]()
    today = walk.now.date()
    if request.until is not None and walk.now >= request.until:
        found.append("approved after the end")
    forbidden = {request.requester, request.editor} - {""}
    staff = STAFF.get(request.asking, set())
    if staff and (not request.requester or not walk.terms.own_office_decides):
        forbidden |= staff
    forbidden |= {other for person in forbidden for other in stands_in(walk.known, person, today)}
    last = {vote.person: vote for vote in walk.votes}
    places = {}
    for person, vote in last.items():
        held = {"ana", "bo", "dora", "fay"}
        mine = {person} & held or {each for each in held if person in stands_in(walk.known, each, today)}
        channel = vote.channel is not Channel.ENTERED or walk.terms.entered_count
        complete = request.complete is not None and request.complete <= vote.at
        fresh = vote.shown == request.shown.digest and complete
        may = person not in forbidden and mine and people[person].until is None
        if vote.choice is Choice.APPROVE and may and channel and fresh:
            places[person] = mine
    stakes, terms, needed = request.stakes, walk.terms, walk.terms.quorum
    if stakes.significance is Significance.SIGNIFICANT:
        needed = max(needed, terms.significant_quorum)
    if stakes.gate:
        needed = max(needed, terms.gate_quorum)
    if stakes.cost > terms.cost:
        needed = max(needed, terms.costly_quorum)
    if most(places) < needed:
        found.append(f"approved by {sorted(last)} where {sorted(places)} count and {needed} are needed")
    return found


def stands_in(known: StandIns, person: str, today) -> set[str]:
    away = {a.deputy for a in known.absences if a.person == person and a.first <= today <= a.last}
    given = {d.delegate for d in known.delegations if d.delegator == person and d.first <= today <= d.last}
    return (away | given) - {""}


def most(places: dict[str, set[str]]) -> int:
    """How many can vote in different places, by trying every order."""
    best = 0
    for order in permutations(places):
        taken: set[str] = set()
        for person in order:
            taken |= set(sorted(places[person] - taken)[:1])
        best = max(best, len(taken))
    return best
