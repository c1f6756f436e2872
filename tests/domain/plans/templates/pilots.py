"""Pilots made by chance and seed, and what is private in them: names, addresses, phones, credentials, links."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from random import Random

from domain.plans.link import Lag, PlanLink
from domain.plans.predecessor import LinkType
from domain.plans.task import Constraint, ConstraintKind, Duration, Money, PlanTask
from domain.plans.templates.names import spellings
from domain.plans.templates.scrubbing import Private
from domain.plans.whole_plan import WholePlan
from tests.domain.plans.schedule.generated_plans import START, generated

GIVEN = "Jan Anna Jürgen Zoë Søren Łukasz İpek José Amélie Marijke Adebayo Katrin Björn Chiara Piotr Nguyễn".split()
FAMILY = (
    "Kowalski Wiśniewska Müller O'Neill Sørensen García-López Y\u0131ld\u0131z Vermeer Okafor Brandt Björk Rossi Nowak"
    " Almeida Petersen Haddad van-Dijk Thiel Voss Wilk"
).split()
ROLES = ("Project manager", "Business analyst", "Developer", "Trainer")
WORDS = "Prepare Migrate Test Train Review Approve Configure Document Rehearse Accept".split()
THINGS = "the ledger, open items, the interface, user accounts, payroll, the cut-over, key users".split(", ")


@dataclass(frozen=True)
class Planted:
    """Something private that was put into a text of a task, and what of it may be nowhere afterwards."""

    kind: Private
    text: str
    gone: tuple[str, ...]


def people(chance: Random, count: int) -> list[str]:
    """Names of that many people."""
    return [f"{chance.choice(GIVEN)} {chance.choice(FAMILY)}" for _ in range(count)]


def _person(chance: Random, name: str) -> Planted:
    given, _, family = name.partition(" ")
    text = chance.choice(
        (name, name.upper(), f"{family}, {given}", f"{given[0]}. {family}", family, name.lower())
    )
    return Planted(Private.PERSON, text, (family,))


def _address(chance: Random) -> Planted:
    own, host = f"user{chance.randrange(10**6)}", f"host{chance.randrange(10**6)}.example"
    return Planted(
        Private.ADDRESS,
        chance.choice((f"{own}@{host}", f"{own} (at) {host}", f"<{own}@{host}>")),
        (own, host),
    )


def _phone(chance: Random) -> Planted:
    a, b, c, d = (chance.randrange(10**2, 10**3) for _ in range(4))
    text = chance.choice((
        f"+48 {a} {b} {c}", f"0048{a}{b}{c}", f"(0{a}) {b}-{c}", f"+49 (0){a} / {b}{c}", f"{a}-{b}-{c}{d}",
        f"tel. {a} {b}", f"+1.{a}.{b}.{c}{d}", f"{a} {b} {c}7", f"0{a}{b}{c}", f"phone: 0{a}/{b} {c} ext. 12",
    ))  # fmt: skip
    return Planted(Private.PHONE, text, (text, f"{b}-{c}", f"{b} {c}"))


def _credential(chance: Random) -> Planted:
    secret = f"S{chance.randrange(16**12):x}q!"
    text = chance.choice((
        f"password: {secret}", f"pwd={secret}", f"Passwort ist {secret}", f"hasło: {secret}", f"token = '{secret}'",
        "AKIA" + f"{chance.randrange(10**15):016d}", "gh" + "p_" + f"{chance.randrange(16**30):036x}",
    ))  # fmt: skip
    return Planted(
        Private.CREDENTIAL, text, (text.split("=")[-1].split(": ")[-1].split("ist ")[-1].strip(" '"),)
    )


def _link(chance: Random) -> Planted:
    name = f"place{chance.randrange(10**6)}"
    text = chance.choice((
        f"https://{name}.example/a?b={name}", f"www.{name}.example", f"\\\\srv\\{name}\\plans", f"ftp://u@{name}/x",
        f"{name}.sharepoint.com/sites/x", f"C:\\plans\\{name}.mpp", f"10.1.2.{chance.randrange(9)}:8080/{name}",
    ))  # fmt: skip
    return Planted(Private.LINK, text, (name,))


def planted(chance: Random, kind: Private, names: list[str]) -> Planted:
    """Something private of that kind."""
    if kind is Private.PERSON:
        return _person(chance, chance.choice(names))
    made = {
        Private.ADDRESS: _address, Private.PHONE: _phone, Private.CREDENTIAL: _credential, Private.LINK: _link,
    }  # fmt: skip
    return made[kind](chance)


def pilot(chance: Random, tasks: int = 30) -> WholePlan:
    """A plan with phases, links of all kinds, two calendars, roles, costs and a history of what is finished."""
    west, gulf, *_ = generated.calendars(chance, several=True)
    uids = [str(n) for n in range(1, tasks + 1)]
    phases = [PlanTask(f"p{n}", f"Phase {n}", summary=True) for n in range(3)]
    made = []
    for place, uid in enumerate(uids):
        days = chance.randrange(0, 8)
        start = START + timedelta(days=place)
        finished = chance.random() < 0.7
        made.append(
            PlanTask(
                uid, f"{chance.choice(WORDS)} {chance.choice(THINGS)} {uid}", f"p{place * 3 // tasks}",
                milestone=days == 0, duration=Duration(days * 480),
                constraint=Constraint(ConstraintKind.START_NO_EARLIER_THAN, start) if chance.random() < 0.2 else None,
                actual_start=start if finished else None,
                actual_finish=start + timedelta(days=days + chance.randrange(3)) if finished else None,
                calendar="gulf" if chance.random() < 0.2 else None,
                cost=Money(Decimal(chance.randrange(100, 10**6)) / 100, "EUR") if chance.random() < 0.3 else None,
                role=chance.choice(ROLES) if chance.random() < 0.8 else None,
                baseline_start=start, baseline_finish=start + timedelta(days=days),
            )
        )  # fmt: skip
    links = {
        (link.predecessor, link.successor): link
        for link in generated.links(chance, uids, generated.some_days)
    }
    return WholePlan("Finance system", "west", (west, gulf), (*phases, *made), tuple(links.values()), START)


def with_private(
    plan: WholePlan, chance: Random, count: int, names: list[str]
) -> tuple[WholePlan, list[Planted]]:
    """The plan with that many private things in its texts, and assignees; and what was put there."""
    kinds = list(Private)
    put = [planted(chance, kinds[n % len(kinds)], names) for n in range(count)]
    tasks = list(plan.tasks)
    for number, each in enumerate(put):
        place = number % len(tasks)
        task = tasks[place]
        texts = (
            f"{task.name} \u2013 {each.text}",
            f"{each.text}: {task.name}",
            f"{task.name} ({each.text}) soon",
        )
        tasks[place] = replace(
            task, name=chance.choice(texts), assignee=task.assignee or names[number % len(names)]
        )
    return replace(plan, tasks=tuple(tasks)), put


def left_of(text: str, put: list[Planted]) -> list[Planted]:
    """What was put there and can still be read in a text, looked for in the plainest way there is."""
    plain = text.casefold()
    bare = "".join(spellings(plain))
    return [
        each for each in put if any(part.casefold() in plain or part.casefold() in bare for part in each.gone)
    ]


def one_link(first: str, second: str, kind: LinkType = LinkType.FINISH_TO_START, lag: float = 0) -> PlanLink:
    """A link of two tasks."""
    return PlanLink(first, second, kind, Lag(lag))
