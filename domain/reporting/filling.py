"""The law of filling a report format: from what every office reported, each by its own version, to a pack.

The same values give the same pack. What an office did not say is a gap with its owner. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from domain.language import ENGLISH, Language, Message
from domain.organization.office import Role
from domain.plans.fact_names import short_name
from domain.reporting.adding import basis_of, figure_of, network_figure, number
from domain.reporting.amounts import number as number_words
from domain.reporting.amounts import worded
from domain.reporting.figures import Figure, Gap, GapReason, Value
from domain.reporting.pack import Pack, PackHead, PackNeed, PackOffice, PackProject, PackSection
from domain.reporting.parts import Money, parts_of, rounded
from domain.reporting.reported import OfficeReport, VersionFormat
from domain.standards.checks.answers import NONE, Absent, Answer, Broken, Ended, Evaluator, Expressions, Given
from domain.standards.checks.formula import FIGURES, NETWORK, formula_of
from domain.standards.formats import FilledFormat, FormatField, SectionKind, SourceRule, Total

PLACES = Decimal("0.01")
MOST_FACTS = 3
"""Most facts that a need names."""
OF_COUNTED = Message("{figure}: {value} of {n} project", "{figure}: {value} of {n} projects")
OF_PROJECTS = Message("{figure}: {value}, of {n} project", "{figure}: {value}, of {n} projects")
NOT_REPORTED = Message("{said}; {n} office did not report.", "{said}; {n} offices did not report.")
SAY_WHAT = Message("Say what is missing in {n} place: {facts}", "Say what is missing in {n} places: {facts}")


@dataclass(frozen=True, slots=True)
class Filling:
    """What a pack is filled by: its head, the versions with their formats (oldest first), and the money."""

    head: PackHead
    formats: tuple[VersionFormat, ...]
    money: Money
    evaluator: Evaluator
    language: Language = ENGLISH
    """The language of the pack's own words."""


def filled(filling: Filling, offices: Sequence[OfficeReport]) -> Pack:
    """The pack of what these offices reported, without what changed since the one before."""
    newest, says = newest_format(filling.formats), filling.language
    formats = {each.version: each for each in filling.formats}
    used = {project.version for office in offices for project in office.projects}
    versions = [each.version for each in filling.formats if each.version in used]
    projects = tuple(_projects(offices))
    numbers = {project.key: project.number for project in projects}
    figures: dict[str, Figure] = {}
    for field in _fields(filling.formats):
        if field.total is not Total.NETWORK:
            added = parts_of(field, offices, formats, numbers, filling.money, filling.evaluator, says)
            figures[field.id] = figure_of(field, added, offices, versions, says)
    for field in newest.fields:
        if field.total is Total.NETWORK:
            value = _of_network(field, figures, offices, filling)
            figures[field.id] = network_figure(field, value, figures)
    ordered = tuple(figures[field.id] for field in _fields(filling.formats) if field.id in figures)
    return Pack(
        head=replace(filling.head, title=newest.title, versions=tuple(versions)),
        verdict=_verdict(figures[newest.verdict or newest.fields[0].id], offices, filling),
        sections=tuple(_layout(newest, ordered, says)),
        figures=ordered,
        offices=tuple(_office(each) for each in offices),
        projects=projects,
        restricted=sum(project.restricted for office in offices for project in office.projects),
        needs=tuple(_needs(ordered, offices, says)),
    )


def newest_format(formats: Iterable[VersionFormat]) -> FilledFormat:
    """The format as the newest version that has it states it. Raises LookupError where none has."""
    found = [each.format for each in formats if each.format is not None]
    if not found:
        raise LookupError("no version has the format")
    return found[-1]


def _fields(formats: Sequence[VersionFormat]) -> tuple[FormatField, ...]:
    """The fields of the newest version, then those that only older ones have; each id once."""
    found: dict[str, FormatField] = {}
    for each in reversed(formats):
        for field in each.format.fields if each.format is not None else ():
            if field.total is not Total.NETWORK or each.format is newest_format(formats):
                found.setdefault(field.id, field)
    return tuple(found.values())


def _layout(newest: FilledFormat, figures: Sequence[Figure], says: Language) -> Iterator[PackSection]:
    """The newest version's sections; figures that only older versions have stand in one of their own."""
    for section in newest.layout:
        yield PackSection(section.title, section.kind, section.figures, section.chart)
    own = {field.id for field in newest.fields}
    older = tuple(figure.id for figure in figures if figure.id not in own)
    if older:
        yield PackSection(says.say("Of earlier versions"), SectionKind.FIGURES, older)


def _projects(offices: Sequence[OfficeReport]) -> Iterator[PackProject]:
    named = [r for office in offices for r in office.projects if not r.restricted]
    for n, each in enumerate(named, 1):
        project = each.project
        yield PackProject(n, project.key, project.title, project.office, each.version, project.ref, each.plan)


def _office(report: OfficeReport) -> PackOffice:
    restricted = sum(each.restricted for each in report.projects)
    return PackOffice(
        id=report.office.id,
        name=report.office.name,
        cut_off=report.period.cut_off,
        read_at=report.read_at,
        projects=len(report.projects) - restricted,
        restricted=restricted,
        versions=tuple(dict.fromkeys(sorted(each.version for each in report.projects))),
        missing=report.missing,
    )


def _of_network(
    field: FormatField, figures: Mapping[str, Figure], offices: Sequence[OfficeReport], filling: Filling
) -> Value | Gap:
    """The value of a figure of the network; a figure that it needs and that is a gap makes it one.

    So does one that leaves out what was not reported, unless the field says that this will do.
    """
    formula = formula_of(field)
    for each in basis_of(field):
        if field.source is SourceRule.ALL and figures[each].lacking:
            lacking = figures[each].lacking[0]
            words = filling.language.say(
                "{figure} needs the whole of {other}: {gap}",
                figure=field.name,
                other=figures[each].name,
                gap=lacking.words,
            )
            return replace(lacking, words=words, projects=0)
    known = {key: value for key, each in figures.items() if (value := number(each)) is not None}
    missing = sum(office.missing is not None for office in offices)
    roots = {
        FIGURES: known,
        NETWORK: {
            "offices": float(len(offices)),
            "offices_missing": float(missing),
            "projects": float(sum(len(office.projects) for office in offices)),
        },
    }
    run = Expressions((formula.text,), ((NONE, 0),), formula.steps)
    ((answer,),) = filling.evaluator.answers(run, [roots], filling.head.cut_off)
    return _network_value(field, answer, figures, filling.language)


def _network_value(
    field: FormatField, answer: Answer | None, figures: Mapping[str, Figure], says: Language
) -> Value | Gap:
    if isinstance(answer, Absent):
        lacking = figures.get(answer.name)
        name = lacking.name if lacking else answer.name
        reason = lacking.value.reason if lacking and isinstance(lacking.value, Gap) else GapReason.FACT
        words = says.say("{figure} needs {other}, which is not known", figure=field.name, other=name)
        return Gap(reason, words, projects=0)
    if isinstance(answer, Given) and isinstance(answer.value, int | float):
        value = rounded(field.unit, Decimal(repr(answer.value)))
        return value.quantize(PLACES) if isinstance(value, Decimal) else value
    why = answer.why if isinstance(answer, Broken | Ended) else says.say("it gives no number")
    words = says.say("{figure} could not be computed: {why}", figure=field.name, why=why)
    return Gap(GapReason.FORMULA, words, projects=0)


def _verdict(figure: Figure, offices: Sequence[OfficeReport], filling: Filling) -> str:
    """The first line: the figure, of how many projects, and which offices are missing."""
    says, projects = filling.language, sum(len(office.projects) for office in offices)
    if isinstance(figure.value, Gap):
        gap = figure.value.words
        if says.is_english and figure.value.reason is GapReason.FACT:  # others begin with a name
            gap = f"{gap[:1].lower()}{gap[1:]}"
        said = says.say("{figure}: not known, {gap}", figure=figure.name, gap=gap)
    else:
        counts = figure.total is Total.COUNT
        value = (
            number_words(Decimal(figure.value), figure.unit, says)
            if counts and isinstance(figure.value, int | Decimal)
            else worded(figure.value, figure.unit, filling.head.currency, says)
        )
        texts = OF_COUNTED if counts else OF_PROJECTS
        said = says.message(texts, n=projects, figure=figure.name, value=value)
    missing = sum(office.missing is not None for office in offices)
    return says.message(NOT_REPORTED, n=missing, said=said) if missing else f"{said}."


def _needs(figures: Sequence[Figure], offices: Sequence[OfficeReport], says: Language) -> Iterator[PackNeed]:
    """Who is to say what is missing: offices that did not report first, then open questions by their day."""
    for office in offices:
        if office.missing is not None:
            otherwise = says.say("its projects stay out of the figures")
            yield PackNeed(office.office.id, Role.HEAD, office.missing.words, None, otherwise)
    asked: dict[tuple[str, Role], list[Gap]] = {}
    for figure in figures:
        for part in figure.parts:
            if isinstance(part.value, Gap) and part.value.reason is not GapReason.FIELD:
                asked.setdefault((part.office, part.value.role), []).append(part.value)
    found = [_need(office, role, gaps, says) for (office, role), gaps in asked.items()]
    yield from sorted(found, key=lambda need: (need.by is None, str(need.by), need.office))


def _need(office: str, role: Role, gaps: Sequence[Gap], says: Language) -> PackNeed:
    different = {(gap.number, gap.fact or gap.words): gap for gap in gaps}
    facts = list(
        dict.fromkeys(short_name(gap.fact, says) if gap.fact else gap.words for gap in different.values())
    )
    named, more = ", ".join(facts[:MOST_FACTS]), len(facts) - MOST_FACTS
    if more > 0:
        named = says.say("{named} and {n} more", named=named, n=more)
    what = says.message(SAY_WHAT, n=len(different), facts=named)
    due = min((gap.answer_by for gap in gaps if gap.answer_by is not None), default=None)
    return PackNeed(office, role, what, due, says.count(len(different), "it stays a gap", "each stays a gap"))
