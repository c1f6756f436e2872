"""The law of adding up: projects to versions, offices and the whole, so that all of them come to the same.

A gap is never zero: it makes the sum a gap, or, where the format permits that, is left out and named. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_EVEN, Decimal

from domain.language import ENGLISH, Language
from domain.reporting.figures import BridgeStep, Figure, Gap, GapReason, OfficeStep, Tally, Value
from domain.reporting.parts import Added, rounded
from domain.reporting.reported import OfficeReport
from domain.standards.checks.formula import FIGURES, formula_of
from domain.standards.formats import FormatField, SourceRule, Total, Unit

PERCENT = Decimal("0.01")
ADDITIVE = (Total.COUNT, Total.SUM)
"""The totals whose parts add up."""
FIRST = (GapReason.OFFICE, GapReason.RATE, GapReason.FIELD, GapReason.FORMULA, GapReason.FACT)
"""Which gap a figure shows, of several."""


def figure_of(
    field: FormatField,
    added: Sequence[Added],
    offices: Sequence[OfficeReport],
    versions: Sequence[str],
    says: Language = ENGLISH,
) -> Figure:
    """A figure of projects, with its bridge over `versions` (oldest first) and its steps by office."""
    missing = [office.missing for office in offices if office.missing is not None]
    whole = tally(field, added, missing, says)
    return Figure(
        id=field.id,
        name=field.name,
        unit=field.unit,
        total=field.total,
        value=whole.value,
        lacking=grouped([*missing, *_gaps(added)]),
        parts=tuple(each.part for each in added if not each.restricted),
        bridge=tuple(
            BridgeStep(version, tally(field, [a for a in added if a.part.version == version], (), says))
            for version in versions
        ),
        offices=tuple(
            OfficeStep(office.office.id, _office(field, office, added, says)) for office in offices
        ),
        formula=field.formula,
        facts=formula_of(field).paths,
    )


def tally(
    field: FormatField, added: Sequence[Added], missing: Sequence[Gap] = (), says: Language = ENGLISH
) -> Tally:
    """What some projects come to; `missing` are the gaps of offices that did not report."""
    known = [a.part.value for a in added if not isinstance(a.part.value, Gap)]
    gaps = [*missing, *_gaps(added)]
    restricted = sum(a.restricted for a in added)
    if gaps and (field.source is SourceRule.ALL or not known):
        return Tally(_foremost(gaps), None, len(known), len(added), restricted)
    if not known and field.total not in ADDITIVE:
        words = says.say("There is no project of which it could be computed")
        gap = Gap(GapReason.NOTHING, words, projects=0)
        return Tally(gap, None, 0, len(added), restricted)
    value, amount = _total(field, known)
    return Tally(value, amount, len(known), len(added), restricted)


def _total(field: FormatField, known: Sequence[Value]) -> tuple[Value, Decimal | None]:
    """What known values come to, and the amount that adds up."""
    if field.total is Total.MINIMUM:
        return min(known), None
    if field.total is Total.MAXIMUM:
        return max(known), None
    amount = sum((Decimal(str(value)) for value in known), Decimal(0))
    if field.total is Total.SHARE:
        return share(amount, len(known)), amount
    return rounded(field.unit, amount), amount


def share(amount: Decimal, of: int) -> Decimal:
    """A share in percent, to two places."""
    return (100 * amount / of).quantize(PERCENT, ROUND_HALF_EVEN)


def _office(field: FormatField, office: OfficeReport, added: Sequence[Added], says: Language) -> Tally:
    if office.missing is not None:
        return Tally(office.missing, None, 0, 0)
    return tally(field, [a for a in added if a.part.office == office.office.id], (), says)


def _gaps(added: Iterable[Added]) -> list[Gap]:
    return [a.part.value for a in added if isinstance(a.part.value, Gap)]


def _foremost(gaps: Sequence[Gap]) -> Gap:
    """The gap that says most: of an office before those of projects, then the most frequent one."""
    return min(grouped(gaps), key=lambda gap: (FIRST.index(gap.reason), -gap.projects, gap.office, gap.fact))


def grouped(gaps: Iterable[Gap]) -> tuple[Gap, ...]:
    """Alike gaps of one office as one, with how many projects it is about; in their order."""
    found: dict[tuple[object, ...], Gap] = {}
    for gap in gaps:
        if gap.reason in (GapReason.OFFICE, GapReason.NOTHING):
            found.setdefault((gap.reason, gap.office), gap)
            continue
        key = (gap.reason, gap.office, gap.role, gap.fact, gap.words)
        before = found.get(key)
        if before is None:
            found[key] = replace(gap, number=None)
        else:
            due = min((d for d in (before.answer_by, gap.answer_by) if d is not None), default=None)
            same = before.question if before.question == gap.question else ""
            more = before.projects + gap.projects
            found[key] = replace(before, projects=more, answer_by=due, question=same)
    return tuple(found.values())


def network_figure(field: FormatField, value: Value | Gap, figures: Mapping[str, Figure]) -> Figure:
    """A figure of the network, computed from others; what they lack it lacks."""
    basis = basis_of(field)
    lacking = grouped(gap for each in basis for gap in figures[each].lacking)
    return Figure(
        field.id, field.name, field.unit, field.total, value, lacking, basis=basis, formula=field.formula
    )


def basis_of(field: FormatField) -> tuple[str, ...]:
    """The figures that a formula of the network names, by id."""
    paths = (path.partition(".") for path in formula_of(field).paths)
    return tuple(dict.fromkeys(name for root, _, name in paths if root == FIGURES))


def number(figure: Figure) -> float | None:
    """A figure's value as formulas of the network see it; None for a gap and for what is no number."""
    value = figure.value
    return float(value) if isinstance(value, int | Decimal) and figure.unit is not Unit.DATE else None
