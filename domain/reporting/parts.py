"""What each project adds to each figure: its formula run on the project's facts; a missing fact is a gap.

Refuses to add up: that is in `adding`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal

from domain.ids import VersionId
from domain.language import ENGLISH, Language
from domain.organization.money import Rates
from domain.organization.office import Role
from domain.plans.fact_names import short_name
from domain.plans.project import Project
from domain.questions.missing_facts import BASIS
from domain.reporting.figures import FactRead, Gap, GapReason, Part, Value
from domain.reporting.reported import OfficeReport, Reported, VersionFormat
from domain.standards.checks.answers import NONE, Absent, Answer, Broken, Ended, Evaluator, Expressions, Given
from domain.standards.checks.check import Scene
from domain.standards.checks.formula import Formula, formula_of
from domain.standards.formats import FormatField, Total, Unit

CENT = Decimal("0.01")
CURRENCY = "cost.currency"
WHOLE = (Unit.PROJECTS, Unit.ITEMS, Unit.OFFICES, Unit.DAYS)
TRUTH = (Total.COUNT, Total.SHARE)


@dataclass(frozen=True, slots=True)
class Money:
    """In which currency money is added up, and at which rates."""

    currency: str
    rates: Rates | None = None

    def rate(self, of: str) -> Decimal | None:
        """What one unit of a currency is worth here; None where nothing says it."""
        if of == self.currency:
            return Decimal(1)
        if self.rates is None or self.rates.currency != self.currency:
            return None
        return self.rates.rate(of)


@dataclass(frozen=True, slots=True)
class Added:
    """What one project adds to one figure, whether it may be named or not."""

    part: Part
    key: str
    restricted: bool


def parts_of(
    figure: FormatField,
    offices: Sequence[OfficeReport],
    formats: Mapping[str, VersionFormat],
    numbers: Mapping[str, int],
    money: Money,
    evaluator: Evaluator,
    says: Language = ENGLISH,
) -> tuple[Added, ...]:
    """What every project of the offices adds to a figure, in their order.

    `figure` is the field as the newest version states it; every project has the formula of its own version.
    `numbers` are those of the projects in the pack, by key; restricted ones have none.
    `says` says gaps and facts.
    """
    found: list[Added] = []
    for office in offices:
        answers = _answers(figure, office, formats, evaluator)
        for reported in office.projects:
            key = reported.project.key
            own = _field(formats[reported.version], figure)
            value, facts = _value(own or figure, own, reported, answers.get(key), money, says)
            if isinstance(value, Gap):
                value = _owned(value, office, reported, numbers)
            part = Part(numbers.get(key, 0), office.office.id, reported.version, value, facts)
            found.append(Added(part, key, reported.restricted))
    return tuple(found)


def _field(of: VersionFormat, figure: FormatField) -> FormatField | None:
    """The field of that id in a version, where it can be added to the newest one's."""
    fields = of.format.fields if of.format is not None else ()
    found = next((each for each in fields if each.id == figure.id), None)
    alike = found is not None and (found.total, found.unit) == (figure.total, figure.unit)
    return found if alike else None


def _answers(
    figure: FormatField, office: OfficeReport, formats: Mapping[str, VersionFormat], evaluator: Evaluator
) -> Mapping[str, tuple[Scene, Answer | None]]:
    """What the formula gives on each project of an office, by the projects' keys."""
    found: dict[str, tuple[Scene, Answer | None]] = {}
    by_formula: dict[FormatField, list[Reported]] = {}
    for each in office.projects:
        own = _field(formats[each.version], figure)
        if own is not None:
            by_formula.setdefault(own, []).append(each)
    for field, projects in by_formula.items():
        formula = formula_of(field)
        run = Expressions((formula.text,), ((NONE, 0),), formula.steps)
        scenes = [Scene(each.facts) for each in projects]
        answers = evaluator.answers(run, [scene.roots for scene in scenes], office.period.cut_off)
        for each, scene, answer in zip(projects, scenes, answers, strict=True):
            found[each.project.key] = scene, answer[0]
    return found


def _value(
    figure: FormatField,
    own: FormatField | None,
    reported: Reported,
    found: tuple[Scene, Answer | None] | None,
    money: Money,
    says: Language,
) -> tuple[Value | Gap, tuple[FactRead, ...]]:
    if own is None or found is None:
        version = VersionId.read(reported.version).version
        words = says.say("Version {version} has no comparable figure", version=version)
        return Gap(GapReason.FIELD, words), ()
    scene, answer = found
    formula = formula_of(own)
    facts = tuple(
        _read(path, scene.shown[path], reported.project, says) for path in _shown(formula, figure, scene)
    )
    problem = next((why for path, why in scene.problems.items() if path in formula.paths), "")
    if problem:
        return Gap(GapReason.FORMULA, problem), facts
    if isinstance(answer, Absent):
        missing = next((path for path in formula.reads if path not in scene.shown), answer.name)
        return _missing(missing, says), facts
    value = _number(figure, answer, says)
    if isinstance(value, Gap) or figure.unit is not Unit.MONEY or not isinstance(value, Decimal):
        return value, facts
    return _converted(value, scene.shown.get(CURRENCY), money, says), facts


def _shown(formula: Formula, figure: FormatField, scene: Scene) -> Iterator[str]:
    paths = formula.paths if figure.unit is not Unit.MONEY else (*formula.paths, CURRENCY)
    return (path for path in dict.fromkeys(paths) if path in scene.shown)


def _number(figure: FormatField, answer: Answer | None, says: Language) -> Value | Gap:
    """The value of an answer that is of the kind that the figure adds up."""
    if isinstance(answer, bool) and figure.total in TRUTH:
        return int(answer)
    if isinstance(answer, Given) and figure.total not in TRUTH:
        given = answer.value
        if isinstance(given, datetime) and figure.unit is Unit.DATE:
            return given.date()
        if not isinstance(given, datetime) and figure.unit is not Unit.DATE:
            return rounded(figure.unit, Decimal(repr(given)))
    why = answer.why if isinstance(answer, Broken | Ended) else says.say("it gives a value of another kind")
    words = says.say("{figure} could not be computed: {why}", figure=figure.name, why=why)
    return Gap(GapReason.FORMULA, words)


def rounded(unit: Unit, value: Decimal) -> Value:
    """A number as it is kept: money to the cent, what is counted as a whole number."""
    if unit in WHOLE and value == value.to_integral_value():
        return int(value)
    return value.quantize(CENT, ROUND_HALF_EVEN) if unit is Unit.MONEY else value


def _converted(value: Value, currency: object, money: Money, says: Language) -> Value | Gap:
    if not isinstance(currency, str):
        return _missing(CURRENCY, says)
    rate = money.rate(currency)
    if rate is None:
        if money.rates:
            words = says.say(
                "the rates {rates} have no rate for {currency}", rates=money.rates.name, currency=currency
            )
        else:
            words = says.say("the organization has no rate for {currency}", currency=currency)
        return Gap(GapReason.RATE, words, role=Role.HEAD)
    return rounded(Unit.MONEY, Decimal(str(value)) * rate)


def _missing(fact: str, says: Language) -> Gap:
    meaning = short_name(fact, says)
    words = says.say("{fact} is not reported", fact=f"{meaning[:1].upper()}{meaning[1:]}")
    return Gap(GapReason.FACT, words, fact=fact)


def _owned(gap: Gap, office: OfficeReport, reported: Reported, numbers: Mapping[str, int]) -> Gap:
    """The gap with its owner, and the question that waits for it."""
    asked = office.asked.get((reported.project.key, gap.fact))
    return Gap(
        gap.reason,
        gap.words,
        office.office.id,
        gap.role,
        asked.question if asked and not reported.restricted else "",
        asked.answer_by if asked else None,
        gap.fact,
        numbers.get(reported.project.key),
    )


def _read(path: str, value: object, project: Project, says: Language) -> FactRead:
    names = (*BASIS.get(path, ()), path, path.replace("gates.", "gate."))
    tools = sorted({project.sources[name] for name in names if name in project.sources})
    return FactRead(path, short_name(path, says), _text(value, says), ", ".join(tools))


def _text(value: object, says: Language) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, bool):
        return says.name("fact", "yes") if value else says.name("fact", "no")
    return value.isoformat() if isinstance(value, date) else str(value)
