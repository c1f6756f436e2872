"""Life cycles of a version: it refuses what would leave a project with two, or a gate without its order.

What is due at a gate is a rule of the same file, by its uid.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Annotated, TypeAlias

from pydantic import Field, StringConstraints

from config.problems import Problems, meant
from config.proofs import asked_of_facts, is_text
from config.shapes import FileEntry, Shape, Slug, Whole, Words, raw_ids
from domain.plans.facts import is_documented
from domain.standards.checks.check import BadCheck, compile_check
from domain.standards.due import all_due, due_scopes
from domain.standards.life_cycle import Deliverable, LifeCycle, Phase
from domain.standards.standard import Rule

Fact = Annotated[str, StringConstraints(pattern=r"^[a-z]+\.[A-Za-z_][A-Za-z0-9_]*$", max_length=100)]
GateName = Annotated[str, StringConstraints(pattern=r"^\w[\w .-]*$", max_length=40, strip_whitespace=True)]
ClassName = Annotated[str, StringConstraints(min_length=1, max_length=60, strip_whitespace=True)]
MOST_PHASES = 20
Wrong: TypeAlias = Callable[[tuple[str | int, ...], str, str], None]
"""Reports what is wrong with a part of the life cycles: where in them, the message, what to write instead."""


class PhaseShape(Shape):
    """A phase of a life cycle, and the gate with which it ends."""

    name: Words = Field(examples=["Design inputs"])
    """What people call the phase."""
    gate: GateName = Field(examples=["D1"])
    """The gate with which it ends, as the tools' settings name it: the rules' `gates.D1`."""
    days: Whole | None = Field(None, ge=0, le=5000)
    """Business days from a project's start until the gate is due. Without it the gate is due on the day that
    the tool has for it."""
    deliverables: tuple[str, ...] = ()
    """The uids of the rules that a project has to keep once it passed the gate."""


class LifeCycleShape(Shape):
    """The phases and gates of one class of project."""

    uid: Slug = Field(examples=["device"])
    """The life cycle's name for ever, over all versions."""
    name: Words = Field(examples=["Design control"])
    """What people call it."""
    classes: tuple[ClassName, ...] = Field(examples=["[medical device]"])
    """The values of `project_class` whose projects follow it, letter for letter; in several languages where
    offices write them so."""
    phases: tuple[PhaseShape, ...] = Field(examples=["[{name: Design inputs, gate: D1}]"])
    """The phases in order, one or more."""


def life_cycles_of(said: Iterable[LifeCycleShape], rules: Iterable[Rule]) -> tuple[LifeCycle, ...]:
    """The life cycles as values; each deliverable with its rule's own scope."""
    own = {rule.uid: rule.applies for rule in rules}
    return tuple(LifeCycle(c.uid, c.name, c.classes, tuple(_phase(p, own) for p in c.phases)) for c in said)


def _phase(said: PhaseShape, own: dict[str, str]) -> Phase:
    due = tuple(Deliverable(uid, own[uid]) for uid in said.deliverables if uid in own)
    return Phase(said.name, said.gate, due, said.days)


@dataclass(slots=True)
class _Seen:
    """What stood there before, and in which life cycle."""

    uids: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    classes: dict[str, str] = field(default_factory=dict)


def check_life_cycles(entry: FileEntry[Shape], rules: tuple[Rule, ...], problems: Problems) -> None:
    """Report everything that is wrong with the life cycles of a version."""
    cycles: tuple[LifeCycleShape, ...] = getattr(entry.value, "life_cycles", ())
    fact: str | None = getattr(entry.value, "project_class", None)
    _class_fact(fact, cycles, entry, problems)
    uids, seen = raw_ids(entry.document, "rules", "uid"), _Seen()
    for n, cycle in enumerate(cycles):

        def wrong(at: tuple[str | int, ...], message: str, instead: str, n: int = n) -> None:
            problems.add(entry.where("life_cycles", n, *at), message, instead)

        _cycle(cycle, seen, wrong)
        _phases(cycle, uids, wrong)
    _usable(fact or "", life_cycles_of(cycles, rules), entry, problems)


def _class_fact(
    fact: str | None, cycles: tuple[LifeCycleShape, ...], entry: FileEntry[Shape], problems: Problems
) -> None:
    """Life cycles need the fact that tells classes apart, and nothing else does."""
    if cycles and fact is None:
        message = "the life cycles do not say which fact tells the classes of projects apart"
        problems.add(entry.where("life_cycles"), message, "add `project_class: field.project_class`")
    if fact is None:
        return
    where = entry.where("project_class")
    if not cycles:
        problems.add(where, "there is a class of projects and no life cycle", "add `life_cycles:`")
    asked_of_facts([fact], where, problems)
    if is_documented(fact) and not is_text(fact):
        problems.add(where, f"`{fact}` is no text", "name one, such as field.project_class")


def _cycle(cycle: LifeCycleShape, seen: _Seen, wrong: Wrong) -> None:
    """Its uid and name are its own, and so is each of its classes: no project may have two life cycles."""
    if cycle.uid in seen.uids:
        wrong(("uid",), f"two life cycles have the uid `{cycle.uid}`", "give each a uid of its own")
    if cycle.name.casefold() in seen.names:
        wrong(("name",), f"two life cycles are called `{cycle.name[:60]}`", "name each differently")
    seen.uids.add(cycle.uid)
    seen.names.add(cycle.name.casefold())
    if not cycle.classes:
        wrong(("classes",), f"the life cycle `{cycle.uid}` is for no class", "name one or more")
    for m, each in enumerate(cycle.classes):
        there = seen.classes.get(each)
        if there == cycle.uid:
            wrong(("classes", m), f"the class `{each}` stands there twice", "keep one")
        elif there is not None:
            message = f"the class `{each}` has two life cycles, `{there}` and `{cycle.uid}`"
            wrong(("classes", m), message, "let one of them have it")
        seen.classes.setdefault(each, cycle.uid)


def _phases(cycle: LifeCycleShape, uids: list[str], wrong: Wrong) -> None:
    """Phases are in order, each with a gate of its own; a rule is due once, and there is one."""
    if not cycle.phases:
        wrong(("phases",), f"the life cycle `{cycle.uid}` has no phase", "name one or more")
    if len(cycle.phases) > MOST_PHASES:
        message = f"the life cycle `{cycle.uid}` has {len(cycle.phases)} phases, {MOST_PHASES} is the most"
        wrong(("phases",), message, "make fewer of them")
    gates: set[str] = set()
    names: set[str] = set()
    due: dict[str, str] = {}
    latest = -1
    for m, phase in enumerate(cycle.phases):
        at = ("phases", m)
        if phase.gate in gates:
            wrong((*at, "gate"), f"two phases end with the gate `{phase.gate}`", "give each its own gate")
        if phase.name.casefold() in names:
            wrong((*at, "name"), f"two phases are called `{phase.name[:60]}`", "name each differently")
        if phase.days is not None and phase.days < latest:
            message = f"the gate `{phase.gate}` is due before the one that precedes it, after {latest} days"
            wrong((*at, "days"), message, f"write {latest} or more, or put the phases in order")
        gates.add(phase.gate)
        names.add(phase.name.casefold())
        latest = latest if phase.days is None else max(latest, phase.days)
        for k, uid in enumerate(phase.deliverables):
            place = (*at, "deliverables", k)
            if uid not in uids:
                wrong(place, f"there is no rule `{uid[:60]}`", meant(uid, uids) or "add it to `rules`")
            elif uid in due:
                wrong(place, f"`{uid}` is due at `{due[uid]}` already", "keep the first gate it is due at")
            due.setdefault(uid, phase.gate)


def _usable(fact: str, cycles: tuple[LifeCycle, ...], entry: FileEntry[Shape], problems: Problems) -> None:
    """What is due can be judged: with its gates and classes its scope is an expression that may be used."""
    own = {due.rule: due.applies for due in all_due(cycles)}
    for uid, scope in due_scopes(fact, cycles).items() if fact else ():
        bad = _problem_of(scope)
        if bad and not (own[uid] and _problem_of(own[uid])):  # that one is reported at the rule itself
            message = f"with its gates the scope of rule `{uid}` {bad}"
            problems.add(entry.where("life_cycles"), message, "shorten its `applies`, or the names of gates")


def _problem_of(expression: str) -> str:
    """Why an expression may not be used; empty where it may."""
    try:
        compile_check(expression)
    except BadCheck as bad:
        return str(bad)
    return ""
