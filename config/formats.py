"""Report formats of a version: it refuses formulas, units and layouts that could not be filled.

What is wrong is reported at its line with what to write instead; facts that do not exist are named with the
closest one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Annotated, TypeAlias

from pydantic import Field, StringConstraints

from config.problems import Problems, meant
from config.proofs import asked_of_facts
from config.shapes import FileEntry, Shape, Slug, Words
from domain.plans.facts import documented
from domain.standards.checks.check import BadCheck
from domain.standards.checks.formula import FIGURES, NETWORK, OF_NETWORK, Formula
from domain.standards.formats import (
    Audience,
    Cadence,
    ChartKind,
    FilledFormat,
    FormatField,
    FormatSection,
    ReportFormat,
    SectionKind,
    SourceRule,
    Total,
    Unit,
)

UNITS = {path: unit for path, unit, _ in documented() if unit}
FieldId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
Expression = Annotated[str, StringConstraints(min_length=1, max_length=1000, strip_whitespace=True)]
Wrong: TypeAlias = Callable[[tuple[str | int, ...], str, str], None]
"""Reports what is wrong with a part of a format: where in it, the message, and what to write instead."""


class FieldShape(Shape):
    """One figure of a report format."""

    id: FieldId = Field(examples=["behind"])
    """The figure's id, the same in all versions: small letters, digits and _. Figures with one id are one."""
    name: Words = Field(examples=["Projects behind plan"])
    """What people read."""
    formula: Expression = Field(examples=["plan.overdue > 3"])
    """An expression (CEL) over the facts of a project; with `total: network` over `figures.ID` and
    `network`."""
    unit: Unit = Field(examples=["projects"])
    """What it counts or measures. `money` is in the currency of the organization's rates; `text` is no unit
    of a figure."""
    total: Total = Field(examples=["count"])
    """How it is added up over the projects: `count` and `share` (in percent) of those for which it is true;
    `sum`, `minimum`, `maximum` of its values; `network`: computed once, from other figures."""
    source: SourceRule = SourceRule.ALL
    """What a project that lacks a fact does to the figure: with `all` it is a gap; with `reported` it is
    that of the others, and names who is left out."""


class SectionShape(Shape):
    """One section of the layout."""

    title: Words = Field(examples=["At a glance"])
    """The section's title."""
    show: SectionKind = Field(examples=["figures"])
    """`figures`, a table of `projects` with a column for each figure, or a `chart`."""
    figures: tuple[str, ...] = Field(examples=["[behind]"])
    """The ids of the fields, in their order."""
    chart: ChartKind | None = None
    """What a chart compares: `offices`, `versions` (what each adds to the whole), or `history`. Only a chart
    has it."""


class ReportShape(Shape):
    """A report format."""

    id: Slug = Field(examples=["monthly-status"])
    """The report format's id, the same in all versions."""
    title: Words = Field(examples=["Monthly status"])
    """Its title."""
    facts: tuple[str, ...] = Field((), examples=["[plan.percent_complete]"])
    """The facts that a format without fields has to contain; docs/facts.md has them all."""
    audience: Audience | None = None
    """For whom it is: `offices`, each about itself, or the `board`, about the network. Fields need it."""
    cadence: Cadence = Cadence.CUT_OFF
    """At which cut-offs: each one of the office (`cut_off`), its weekly one (`weekly`), or the last one of a
    month (`monthly`)."""
    fields: tuple[FieldShape, ...] = ()
    """The figures. A format without any is recorded and not filled."""
    layout: tuple[SectionShape, ...] = ()
    """The sections. Without it all figures, one after the other."""
    verdict: str = ""
    """The id of the field that the first line is about. Without it the first one."""


def format_of(said: ReportShape) -> FilledFormat | ReportFormat:
    """The format as a value; of one that is filled the facts are those that its formulas read."""
    if not said.fields or said.audience is None:
        return ReportFormat(said.id, said.title, said.facts)
    fields = tuple(_field(each) for each in said.fields)
    sections = tuple(FormatSection(s.title, s.show, s.figures, s.chart) for s in said.layout)
    whole = FormatSection(said.title, SectionKind.FIGURES, tuple(field.id for field in fields))
    reads = {path for field in fields for path in _reads(field)}
    return FilledFormat(
        said.id,
        said.title,
        tuple(sorted(reads)),
        said.audience,
        said.cadence,
        fields,
        sections or (whole,),
        said.verdict,
    )


def check_formats(entry: FileEntry[Shape], problems: Problems) -> None:
    """Report everything that is wrong with the formats of a version."""
    seen: set[str] = set()
    reports: tuple[ReportShape, ...] = getattr(entry.value, "reports", ())
    for n, said in enumerate(reports):

        def wrong(at: tuple[str | int, ...], message: str, instead: str, n: int = n) -> None:
            problems.add(entry.where("reports", n, *at), message, instead)

        if said.id in seen:
            wrong(("id",), f"two report formats have the id `{said.id}`", "give each an id of its own")
        seen.add(said.id)
        _kind(said, wrong)
        _fields(said, wrong)
        _layout(said, wrong)
        for m, field in enumerate(said.fields):
            facts = [] if field.total is Total.NETWORK else _reads(_field(field))
            asked_of_facts(facts, entry.where("reports", n, "fields", m, "formula"), problems)


def _field(said: FieldShape) -> FormatField:
    return FormatField(said.id, said.name, said.formula, said.unit, said.total, said.source)


def _reads(field: FormatField) -> tuple[str, ...]:
    """The facts that a field's formula looks at; none of one that may not be used, or is of the network."""
    try:
        return () if field.total is Total.NETWORK else Formula(field).paths
    except BadCheck:
        return ()


def _kind(said: ReportShape, wrong: Wrong) -> None:
    if not said.fields:
        if not said.facts:
            wrong((), f"the format `{said.id}` has neither fields nor facts", "add `fields:`")
        for key in ("audience", "layout", "verdict"):
            if key in said.model_fields_set:
                wrong((key,), f"the format `{said.id}` has `{key}` and no fields", "add `fields:`")
        return
    if said.audience is None:
        wrong((), f"the format `{said.id}` has fields and no audience", "add `audience: offices` or `board`")
    if said.facts:
        wrong(("facts",), f"the format `{said.id}` has fields and facts", "remove `facts`")
    ids = [field.id for field in said.fields]
    if said.verdict and said.verdict not in ids:
        wrong(("verdict",), f"there is no field `{said.verdict[:60]}`", meant(said.verdict, ids))


def _fields(said: ReportShape, wrong: Wrong) -> None:
    seen: set[str] = set()
    names: set[str] = set()
    for n, field in enumerate(said.fields):
        if field.id in seen:
            wrong(("fields", n, "id"), f"two fields have the id `{field.id}`", "give each an id of its own")
        if field.name.casefold() in names:
            message = f"two fields are called `{field.name[:60]}`"
            wrong(("fields", n, "name"), message, "name each differently")
        seen.add(field.id)
        names.add(field.name.casefold())
        try:
            formula = Formula(_field(field))
        except BadCheck as bad:
            wrong(("fields", n, "formula"), f"the formula of `{field.id}` {bad}", bad.remedy)
            continue
        for message, instead in _unfit(field, formula):
            wrong(("fields", n, "unit"), message, instead)
        if field.total is Total.NETWORK:
            for message, instead in _of_network(said, formula):
                wrong(("fields", n, "formula"), message, instead)


def _unfit(field: FieldShape, formula: Formula) -> Iterator[tuple[str, str]]:
    """Units that contradict the total, or the unit of the one fact that the formula is."""
    if field.unit is Unit.TEXT:
        yield f"`{field.id}` is a text", "write the unit of a number, or `date`"
    fixed = {Total.COUNT: Unit.PROJECTS, Total.SHARE: Unit.PERCENT}.get(field.total)
    if fixed is not None and field.unit is not fixed:
        yield f"`{field.id}` is a {field.total} in {field.unit}", f"write `unit: {_quoted(fixed)}`"
    if field.total is Total.SUM and field.unit in (Unit.PERCENT, Unit.DATE):
        yield f"`{field.id}` adds up what has the unit {field.unit}", "take `minimum`, `maximum` or a `share`"
    if field.total is Total.NETWORK and field.unit is Unit.DATE:
        yield f"`{field.id}` is a date of the network", "take `minimum` or `maximum` of a project's date"
    alone = formula.reads[0] if field.formula == (formula.reads or ("",))[0] else ""
    if alone in UNITS and UNITS[alone] != field.unit:
        yield (
            f"`{field.id}` is in {field.unit} and {alone} in {UNITS[alone]}",
            (f"write `unit: {_quoted(UNITS[alone])}`"),
        )


def _quoted(unit: str) -> str:
    return f'"{unit}"' if unit == Unit.PERCENT else str(unit)


def _of_network(said: ReportShape, formula: Formula) -> Iterator[tuple[str, str]]:
    """Figures that a formula of the network may not name: unknown ones, and others of the network."""
    usable = [f.id for f in said.fields if f.total is not Total.NETWORK and f.unit is not Unit.DATE]
    for path in formula.paths:
        root, _, name = path.partition(".")
        if root == NETWORK and name not in OF_NETWORK:
            yield f"there is no `{path[:60]}`", meant(path, [f"{NETWORK}.{each}" for each in OF_NETWORK])
        elif root == FIGURES and name not in usable:
            yield (
                f"`{path[:60]}` is no figure of projects in a number",
                meant(path, [f"{FIGURES}.{each}" for each in usable]) or "add the field first",
            )
        elif root not in (FIGURES, NETWORK):
            yield (
                f"`{path[:60]}` is a fact of a project, and a total `network` knows none",
                "add a field of projects for it, and name that one as `figures.ID`",
            )


def _layout(said: ReportShape, wrong: Wrong) -> None:
    totals = {field.id: field.total for field in said.fields}
    for n, section in enumerate(said.layout):
        at = ("layout", n)
        if (section.show is SectionKind.CHART) != (section.chart is not None):
            instead = (
                "add `chart: offices`" if section.chart is None else "remove `chart`, or write `show: chart`"
            )
            wrong(at, f"the section `{section.title[:60]}` is shown as {section.show}", instead)
        if not section.figures:
            wrong((*at, "figures"), f"the section `{section.title[:60]}` has no figures", "name one or more")
        for figure in section.figures:
            where = (*at, "figures")
            if figure not in totals:
                wrong(where, f"there is no field `{figure[:60]}`", meant(figure, totals))
            elif totals[figure] is Total.NETWORK and not _whole(section):
                wrong(where, f"`{figure}` is of the network and has no parts", "show it among `figures`")


def _whole(section: SectionShape) -> bool:
    """Whether a section shows figures as a whole, without what offices, versions or projects add to them."""
    return section.show is SectionKind.FIGURES or section.chart is ChartKind.HISTORY
