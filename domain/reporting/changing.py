"""What changed since the pack before and why: restatements, changes, moves of figures, what is gone.

Of a figure that adds up, the value before and all moves come to the value now. Pure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from domain.compliance.sweep import Flip, FlipCause
from domain.ids import VersionId
from domain.reporting.adding import ADDITIVE
from domain.reporting.figures import ChangeCause, FactRead, Figure, Gap, GapReason, Move, Part, Point, Value
from domain.reporting.pack import Change, DeletedProject, Pack, Restatement
from domain.reporting.shown import shown
from domain.words import counted, day

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
SAID: Mapping[ChangeCause, tuple[str, str]] = {
    ChangeCause.PROJECT: ("changed", "changed"),
    ChangeCause.NEW: ("is new", "are new"),
    ChangeCause.DELETED: ("is no longer in its tool", "are no longer in their tools"),
    ChangeCause.VERSION: ("reports in another version", "report in another version"),
    ChangeCause.MISSING: ("did not report", "did not report"),
    ChangeCause.REPORTED: ("reported what was missing", "reported what was missing"),
    ChangeCause.RESTATED: ("was reported late", "were reported late"),
    ChangeCause.RATE: ("has another rate", "have another rate"),
}
"""What is said of one project, and of several."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """The pack before; and as it would be with the data that came late."""

    pack: Pack
    late: Pack


@dataclass(frozen=True, slots=True)
class Where:
    """A part of a pack, with the project's plan and the texts that people know it by."""

    part: Part
    title: str
    plan: str


def with_changes(pack: Pack, earlier: Earlier | None, gone: Mapping[str, date]) -> Pack:
    """The pack with all that changed; `gone` are the projects that are no longer in their tools, by key."""
    if earlier is None:
        return pack
    before, found, figures = earlier.pack, list[Change](), list[Figure]()
    known = {figure.id: figure for figure in before.figures}
    for figure in pack.figures:
        was = known.get(figure.id)
        if was is None:
            figures.append(figure)
            continue
        changes = tuple(_changes(figure, was, pack, earlier, gone))
        found += changes
        history = (*was.history, Point(before.head.id.day, was.value))[-MOST_POINTS:]
        late = next((each for each in earlier.late.figures if each.id == figure.id), was)
        figures.append(
            replace(
                figure,
                before=was.value,
                restated=late.value if _plain(late.value) != _plain(was.value) else None,
                moves=_moves(figure, was, changes, pack.restricted or before.restricted),
                history=history,
            )
        )
    return replace(
        pack,
        figures=tuple(figures),
        changes=tuple(found),
        restatements=tuple(_restatements(earlier)),
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
    figure: Figure, was: Figure, pack: Pack, earlier: Earlier, gone: Mapping[str, date]
) -> Iterator[Change]:
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
            cause, why = ChangeCause.NEW, "it is reported for the first time"
        elif now is None:
            deleted = key in gone
            cause = ChangeCause.DELETED if deleted else ChangeCause.MISSING
            why = (
                "it is no longer in its tool"
                if deleted
                else "its office did not report, or it is not counted"
            )
        else:
            cause, why = _cause(now, before, late.get(key), same_formula=same_formula, same_rates=same_rates)
        of = now or before
        if of is not None:
            number = now.part.number if now else None
            yield Change(cause, of.part.office, number, of.title, figure.id, then, there, why)


def _plain(value: Value | Gap | None) -> object:
    """What is compared: of a gap its reason and fact, not the question about it."""
    return (value.reason, value.fact) if isinstance(value, Gap) else value


def _cause(
    now: Where, before: Where, late: Where | None, *, same_formula: bool, same_rates: bool
) -> tuple[ChangeCause, str]:
    """Why a project's part is another one: the first of the causes that applies."""
    there, then = now.part.value, before.part.value
    if now.part.version != before.part.version:
        return ChangeCause.VERSION, f"it reports by {_number(now)}, before by {_number(before)}"
    if isinstance(there, Gap):
        cause = ChangeCause.RATE if there.reason is GapReason.RATE else ChangeCause.MISSING
        return cause, there.words
    if isinstance(then, Gap):
        return ChangeCause.REPORTED, f"before: {then.words}"
    if late is not None and late.part.value == there and late.plan != before.plan:
        return ChangeCause.RESTATED, "its report came after the cut-off"
    moved = ", ".join(_moved(now.part.facts, before.part.facts))
    if moved:
        return ChangeCause.PROJECT, moved
    if not same_rates:
        return ChangeCause.RATE, "money is compared at another set of rates"
    if not same_formula:
        return ChangeCause.VERSION, "its version computes the figure differently"
    return ChangeCause.PROJECT, "its plan changed" if now.plan != before.plan else "time passed"


def _number(where: Where) -> str:
    return VersionId.read(where.part.version).version


def _moved(now: Iterable[FactRead], before: Iterable[FactRead]) -> Iterator[str]:
    """`open items without an owner: 2, before 5`, for each fact that differs."""
    earlier = {fact.fact: fact.value for fact in before}
    for fact in now:
        if fact.value != earlier.get(fact.fact, fact.value):
            yield f"{fact.title}: {fact.value}, before {earlier[fact.fact]}"


def _moves(figure: Figure, was: Figure, changes: Sequence[Change], restricted: int) -> tuple[Move, ...]:
    adds_up = figure.total in ADDITIVE and figure.is_known and was.is_known
    counts = Counter(change.cause for change in changes)
    by = {cause: sum((_by(c) for c in changes if c.cause is cause), Decimal(0)) for cause in counts}
    found = [
        Move(cause, counts[cause], by[cause] if adds_up else None, _phrase(cause, counts[cause]))
        for cause in ChangeCause
        if counts[cause]
    ]
    rest = (
        _amount(figure.value) - _amount(was.value) - sum(by.values(), Decimal(0)) if adds_up else Decimal(0)
    )
    if rest and restricted:
        found.append(Move(ChangeCause.PROJECT, restricted, rest, "restricted projects changed"))
    return tuple(found)


def _phrase(cause: ChangeCause, count: int) -> str:
    one, many = SAID.get(cause, ("changed", "changed"))
    return f"{counted(count, 'project')} {one if count == 1 else many}"


def _by(change: Change) -> Decimal:
    return _amount(change.now) - _amount(change.was)


def _amount(value: Value | Gap | None) -> Decimal:
    """What a value adds; a gap adds nothing to what is known."""
    return Decimal(value) if isinstance(value, int | Decimal) else Decimal(0)


def _restatements(earlier: Earlier) -> Iterator[Restatement]:
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
                why = f"{name} reported after the cut-off of {day(cut_off, cut_off)}"
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
        was = shown(flip.was) if flip.was is not None else None
        found.append(
            Change(
                OF_FLIP[flip.cause],
                flip.office,
                own.number if own else None,
                own.title if own else "",
                "",
                was,
                shown(flip.now),
                _why(flip, titles) if own else "",
            )
        )
    return tuple(found)


def _why(flip: Flip, titles: Mapping[str, str]) -> str:
    """The titles of the rules whose result is another one; where there are none, the reason in words."""
    named = [titles.get(uid, uid) for uid in flip.rules[:MOST_RULES]]
    rest = len(flip.rules) - len(named)
    return "; ".join((*named, *([f"and {rest} more"] if rest else []))) or flip.why
