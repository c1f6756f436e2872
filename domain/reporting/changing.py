"""What changed since the pack before and why: restatements, changes, moves of figures, what is gone.

Of a figure that adds up, the value before and all moves come to the value now. Pure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Self

from domain.compliance.sweep import Flip, FlipCause
from domain.ids import VersionId
from domain.language import ENGLISH, Language, Message
from domain.reporting.adding import ADDITIVE
from domain.reporting.figures import ChangeCause, FactRead, Figure, Gap, GapReason, Move, Part, Point, Value
from domain.reporting.pack import Change, DeletedProject, Pack, Restatement
from domain.reporting.shown import shown

MOST_POINTS = 12
"""How many cut-offs a figure's history has."""
MOST_RULES = 3
"""Rules that a flip names; the rest is counted."""
OF_FLIP: Mapping[FlipCause, ChangeCause] = {
    FlipCause.PROJECT: ChangeCause.PROJECT,
    FlipCause.VERSION: ChangeCause.VERSION,
    FlipCause.LEEWAY: ChangeCause.LEEWAY,
    FlipCause.DEVIATION: ChangeCause.DEVIATION,
    FlipCause.CONNECTOR: ChangeCause.CONNECTOR,
    FlipCause.MISSING_DATA: ChangeCause.MISSING,
}
CHANGED = Message("{n} project changed", "{n} projects changed")
SAID: Mapping[ChangeCause, Message] = {
    ChangeCause.NEW: Message("{n} project is new", "{n} projects are new"),
    ChangeCause.DELETED: Message(
        "{n} project is no longer in its tool", "{n} projects are no longer in their tools"
    ),
    ChangeCause.VERSION: Message(
        "{n} project reports in another version", "{n} projects report in another version"
    ),
    ChangeCause.MISSING: Message("{n} project did not report", "{n} projects did not report"),
    ChangeCause.REPORTED: Message(
        "{n} project reported what was missing", "{n} projects reported what was missing"
    ),
    ChangeCause.RESTATED: Message("{n} project was reported late", "{n} projects were reported late"),
    ChangeCause.RATE: Message("{n} project has another rate", "{n} projects have another rate"),
}
"""What is said of the projects of a cause; of the others that they changed."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """The pack before; and as it would be with the data that came late."""

    pack: Pack
    late: Pack
    language: Language = ENGLISH
    """The language of the own words of the pack before."""


@dataclass(frozen=True, slots=True)
class Where:
    """A part of a pack, with the project's plan and the texts that people know it by."""

    part: Part
    title: str
    plan: str


@dataclass(frozen=True, slots=True)
class _Words:
    """In which language it is said why a part is another one; and facts that only the language changed."""

    says: Language
    said: Mapping[str, str]
    """What was said in the pack before of what is said now."""

    @classmethod
    def of(cls, says: Language, before: Language) -> Self:
        """The words of a pack, and of one before that was in another language perhaps."""
        return cls(
            says,
            {
                says.name("fact", "yes"): before.name("fact", "yes"),
                says.name("fact", "no"): before.name("fact", "no"),
            },
        )


def with_changes(
    pack: Pack, earlier: Earlier | None, gone: Mapping[str, date], says: Language = ENGLISH
) -> Pack:
    """The pack with all that changed; `gone` are the projects that are no longer in their tools, by key.

    `says` is the language of the pack's own words.
    """
    if earlier is None:
        return pack
    words = _Words.of(says, earlier.language)
    before, found, figures = earlier.pack, list[Change](), list[Figure]()
    known = {figure.id: figure for figure in before.figures}
    for figure in pack.figures:
        was = known.get(figure.id)
        if was is None:
            figures.append(figure)
            continue
        changes = tuple(_changes(figure, was, pack, earlier, gone, words))
        found += changes
        history = (*was.history, Point(before.head.id.day, was.value))[-MOST_POINTS:]
        late = next((each for each in earlier.late.figures if each.id == figure.id), was)
        figures.append(
            replace(
                figure,
                before=was.value,
                restated=late.value if _plain(late.value) != _plain(was.value) else None,
                moves=_moves(figure, was, changes, pack.restricted or before.restricted, says),
                history=history,
            )
        )
    return replace(
        pack,
        figures=tuple(figures),
        changes=tuple(found),
        restatements=tuple(_restatements(earlier, says)),
        deleted=tuple(_deleted(before, pack, gone)),
    )


def _located(figure: Figure, pack: Pack) -> Mapping[str, Where]:
    """The parts of a figure by the projects' keys."""
    projects = {each.number: each for each in pack.projects}
    return {
        projects[part.number].key: Where(part, projects[part.number].title, projects[part.number].plan)
        for part in figure.parts
    }


def _changes(
    figure: Figure, was: Figure, pack: Pack, earlier: Earlier, gone: Mapping[str, date], words: _Words
) -> Iterator[Change]:
    says = words.says
    ours, theirs = _located(figure, pack), _located(was, earlier.pack)
    again = next((each for each in earlier.late.figures if each.id == figure.id), None)
    late = _located(again, earlier.late) if again is not None else {}
    same_formula = figure.formula == was.formula
    same_rates = pack.head.rates == earlier.pack.head.rates
    for key in sorted(ours.keys() | theirs.keys()):
        now, before = ours.get(key), theirs.get(key)
        there, then = (now.part.value if now else None), (before.part.value if before else None)
        if _plain(there) == _plain(then):
            continue
        if before is None:
            cause, why = ChangeCause.NEW, says.say("it is reported for the first time")
        elif now is None:
            deleted = key in gone
            cause = ChangeCause.DELETED if deleted else ChangeCause.MISSING
            why = (
                says.say("it is no longer in its tool")
                if deleted
                else says.say("its office did not report, or it is not counted")
            )
        else:
            cause, why = _cause(
                now, before, late.get(key), words, same_formula=same_formula, same_rates=same_rates
            )
        of = now or before
        if of is not None:
            number = now.part.number if now else None
            yield Change(cause, of.part.office, number, of.title, figure.id, then, there, why)


def _plain(value: Value | Gap | None) -> object:
    """What is compared: of a gap its reason and fact, not the question about it."""
    return (value.reason, value.fact) if isinstance(value, Gap) else value


def _cause(
    now: Where,
    before: Where,
    late: Where | None,
    words: _Words,
    *,
    same_formula: bool,
    same_rates: bool,
) -> tuple[ChangeCause, str]:
    """Why a project's part is another one: the first of the causes that applies."""
    there, then, says = now.part.value, before.part.value, words.says
    if now.part.version != before.part.version:
        by, was = _number(now), _number(before)
        return ChangeCause.VERSION, says.say("it reports by {version}, before by {was}", version=by, was=was)
    if isinstance(there, Gap):
        cause = ChangeCause.RATE if there.reason is GapReason.RATE else ChangeCause.MISSING
        return cause, there.words
    if isinstance(then, Gap):
        return ChangeCause.REPORTED, says.say("before: {gap}", gap=then.words)
    if late is not None and late.part.value == there and late.plan != before.plan:
        return ChangeCause.RESTATED, says.say("its report came after the cut-off")
    moved = ", ".join(_moved(now.part.facts, before.part.facts, words))
    if moved:
        return ChangeCause.PROJECT, moved
    if not same_rates:
        return ChangeCause.RATE, says.say("money is compared at another set of rates")
    if not same_formula:
        return ChangeCause.VERSION, says.say("its version computes the figure differently")
    changed = now.plan != before.plan
    return ChangeCause.PROJECT, says.say("its plan changed") if changed else says.say("time passed")


def _number(where: Where) -> str:
    return VersionId.read(where.part.version).version


def _moved(now: Iterable[FactRead], before: Iterable[FactRead], words: _Words) -> Iterator[str]:
    """`open items without an owner: 2, before 5`, for each fact that differs."""
    earlier = {fact.fact: fact.value for fact in before}
    for fact in now:
        was = earlier.get(fact.fact, fact.value)
        if was not in (fact.value, words.said.get(fact.value)):
            yield words.says.say("{fact}: {now}, before {was}", fact=fact.title, now=fact.value, was=was)


def _moves(
    figure: Figure, was: Figure, changes: Sequence[Change], restricted: int, says: Language
) -> tuple[Move, ...]:
    adds_up = figure.total in ADDITIVE and figure.is_known and was.is_known
    counts = Counter(change.cause for change in changes)
    by = {cause: sum((_by(c) for c in changes if c.cause is cause), Decimal(0)) for cause in counts}
    found = [
        Move(
            cause,
            counts[cause],
            by[cause] if adds_up else None,
            says.message(SAID.get(cause, CHANGED), n=counts[cause]),
        )
        for cause in ChangeCause
        if counts[cause]
    ]
    rest = (
        _amount(figure.value) - _amount(was.value) - sum(by.values(), Decimal(0)) if adds_up else Decimal(0)
    )
    if rest and restricted:
        found.append(Move(ChangeCause.PROJECT, restricted, rest, says.say("restricted projects changed")))
    return tuple(found)


def _by(change: Change) -> Decimal:
    return _amount(change.now) - _amount(change.was)


def _amount(value: Value | Gap | None) -> Decimal:
    """What a value adds; a gap adds nothing to what is known."""
    return Decimal(value) if isinstance(value, int | Decimal) else Decimal(0)


def _restatements(earlier: Earlier, says: Language) -> Iterator[Restatement]:
    """Every figure of the pack before that late data makes another one, office by office."""
    late = {figure.id: figure for figure in earlier.late.figures}
    names = {office.id: office.name for office in earlier.late.offices}
    for figure in earlier.pack.figures:
        again = late.get(figure.id)
        if again is None:
            continue
        before = {step.office: step.tally.value for step in figure.offices}
        for step in again.offices:
            was = before.get(step.office)
            if was is not None and _plain(was) != _plain(step.tally.value):
                cut_off = earlier.pack.head.id.day
                name = names.get(step.office, step.office)
                day = says.near_day(cut_off, cut_off)
                why = says.say("{office} reported after the cut-off of {day}", office=name, day=day)
                yield Restatement(figure.id, figure.name, step.office, was, step.tally.value, why)


def _deleted(before: Pack, now: Pack, gone: Mapping[str, date]) -> Iterator[DeletedProject]:
    """The named projects of the pack before that are no longer in their tools."""
    here = {project.key for project in now.projects}
    for project in before.projects:
        if project.key not in here and project.key in gone:
            yield DeletedProject(project.title, project.office, gone[project.key])


def flips_of(
    pack: Pack,
    flips: Iterable[Flip],
    titles: Mapping[str, str],
    restricted: frozenset[str] = frozenset(),
    says: Language = ENGLISH,
) -> tuple[Change, ...]:
    """The flips of the pack's projects under its standard, as changes; of restricted ones only the bands.

    `titles` are the rules' by their uids: a flip names the rules whose result is another one.
    """
    projects = {each.key: each for each in pack.projects}
    found = []
    for flip in flips:
        own = projects.get(flip.project)
        if own is None and flip.project not in restricted:
            continue
        was = shown(flip.was, None, says) if flip.was is not None else None
        found.append(
            Change(
                OF_FLIP[flip.cause],
                flip.office,
                own.number if own else None,
                own.title if own else "",
                "",
                was,
                shown(flip.now, None, says),
                _why(flip, titles, says) if own else "",
            )
        )
    return tuple(found)


def _why(flip: Flip, titles: Mapping[str, str], says: Language) -> str:
    """The titles of the rules whose result is another one; where there are none, the reason in words."""
    named = [titles.get(uid, uid) for uid in flip.rules[:MOST_RULES]]
    rest = len(flip.rules) - len(named)
    return "; ".join((*named, *([says.say("and {n} more", n=rest)] if rest else []))) or flip.why
