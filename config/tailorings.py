"""Tailorings from tailorings/<id>.yaml: it refuses oversteps and contradictions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import combinations

from pydantic import Field

from config.documents import YamlDocument
from config.offices import known
from config.problems import Problems, meant
from config.shapes import FileEntry, Flag, Shape, Simple, Slug, Whole, Words, entries, parse
from config.versions import Versions
from domain.ids import VersionId
from domain.organization.office import Office
from domain.plans.project import Scalar
from domain.standards.checks.check import BadCheck, compile_check
from domain.standards.standard import Adjustment, Rule, Tailoring, Where
from domain.standards.tailoring import disagreements, overstep


class AdjustmentShape(Shape):
    """What a tailoring does to one rule."""

    rule: str = Field(examples=["plan.owners"])
    """The uid of the rule in that version."""
    reason: Words = Field(examples=["the port authority demands it"])
    """Why the rule is adjusted; the findings give it."""
    limit: Simple | None = None
    """The limit that takes the place of the rule's, as far as the rule's level permits it."""
    off: Flag = False
    """`true` switches the rule off, where its level is advisory, office_choice or silent."""


class TailoringShape(Shape):
    """tailorings/<id>.yaml."""

    id: Slug = Field(examples=["porto-thresholds"])
    """The tailoring's id."""
    standard: Slug = Field(examples=["delivery-method"])
    """The standard's id."""
    version: str = Field(examples=['"2.0"'])
    """The version that is adapted, in quotes; a new version needs a tailoring of its own."""
    precedence: Whole = Field(examples=["10"])
    """A tailoring of higher precedence is applied later, and so prevails. Two of equal precedence that
    disagree are refused."""
    office: Slug | None = None
    """The office for which it holds, and those below it. A tailoring names an office or a program, not
    both."""
    program: Slug | None = None
    """The program for whose projects it holds."""
    adjustments: object = Field(examples=["[{rule: ..., reason: ..., limit: 5}]"])
    """What it does to each rule, one or more."""


def read_tailoring(
    document: YamlDocument,
    offices: list[str] | None,
    programs: list[str] | None,
    versions: Versions,
    problems: Problems,
) -> Tailoring | None:
    """The tailoring in a file, each adjustment checked against its rule; None where it cannot be read."""
    entry = parse(TailoringShape, document, problems)
    adjustments = list(entries(AdjustmentShape, document, "adjustments", problems))
    if entry is None:
        return None
    said = entry.value
    _scoped(entry, offices, programs, problems)
    tailoring = Tailoring(
        id=said.id,
        standard=said.standard,
        version=said.version,
        precedence=said.precedence,
        adjustments=tuple(
            Adjustment(a.value.rule, a.value.reason, a.value.limit, a.value.off, a.where())
            for a in adjustments
        ),
        office=said.office,
        program=said.program,
        where=entry.where("id"),
    )
    _permitted(tailoring, entry, versions, problems)
    return tailoring


def _scoped(
    entry: FileEntry[TailoringShape],
    offices: list[str] | None,
    programs: list[str] | None,
    problems: Problems,
) -> None:
    """Check that it is for exactly one known office or program, and adjusts something."""
    said = entry.value
    if (said.office is None) == (said.program is None):
        problems.add(
            entry.where("office"), "a tailoring is for one office or one program", "name exactly one of them"
        )
    if said.office is not None:
        known(said.office, offices, "office", entry.where("office"), problems)
    if said.program is not None:
        known(said.program, programs, "program", entry.where("program"), problems)
    if not said.adjustments:
        problems.add(
            entry.where("adjustments"),
            f"`{said.id}` adjusts nothing",
            "add an adjustment, or remove the file",
        )


def _permitted(
    tailoring: Tailoring, entry: FileEntry[TailoringShape], versions: Versions, problems: Problems
) -> None:
    target = str(VersionId(tailoring.standard, tailoring.version))
    read = versions.get(target)
    if read is None:
        if target not in versions:
            message = f"there is no version `{tailoring.version[:30]}` of `{tailoring.standard}`"
            problems.add(entry.where("version"), message, meant(target, versions))
        return
    rules: dict[str, Rule] = {rule.uid: rule for rule in read.version.rules}
    first: dict[str, int] = {}
    for adjustment in tailoring.adjustments:
        rule = rules.get(adjustment.rule)
        if rule is not None and adjustment.limit is not None:
            _usable(rule, adjustment.limit, adjustment.where, problems)
        if rule is None and adjustment.rule not in read.uids:
            message = f"{read.version.id} has no rule `{adjustment.rule[:60]}`"
            problems.add(adjustment.where, message, meant(adjustment.rule, read.uids))
        elif adjustment.rule in first:
            message = f"`{adjustment.rule}` is adjusted twice, first on line {first[adjustment.rule]}"
            problems.add(adjustment.where, message, "keep one of them")
        elif adjustment.off and adjustment.limit is not None:
            problems.add(
                adjustment.where, f"`{adjustment.rule}` is off and has a limit", "keep one of the two"
            )
        elif rule is not None and (refusal := overstep(rule, adjustment)):
            problems.add(
                adjustment.where,
                f"`{tailoring.id}` oversteps: {refusal}",
                "stay within it, or ask for a deviation",
            )
        first.setdefault(adjustment.rule, adjustment.where.line)


def _usable(rule: Rule, limit: Scalar, where: Where, problems: Problems) -> None:
    """Refuse a limit with which the rule cannot be judged, such as a text that costs too much."""
    for key, expression in (("check", rule.check), ("applies", rule.applies)):
        try:
            check = compile_check(expression) if expression else None
        except BadCheck:
            continue  # reported at the rule itself
        try:
            if check is not None:
                check.with_limit(limit)
        except BadCheck as bad:
            message = f"with this limit `{key}` of rule `{rule.uid}` {bad}"
            problems.add(where, message, "choose a shorter limit, or have the rule's expression changed")


def no_disagreement(
    tailorings: Iterable[Tailoring], offices: Mapping[str, Office], problems: Problems
) -> None:
    """Refuse two with one id, and two of equal precedence that disagree where both may apply."""
    for first, second in combinations(tailorings, 2):
        if first.id == second.id:
            problems.add(
                second.where,
                f"two tailorings have the id `{first.id}`, the first in {first.where}",
                "rename one",
            )
        for ours, theirs in disagreements((first, _brought_to(first, second, offices))):
            message = (
                f"`{second.id}` disagrees with `{first.id}` on `{ours.rule}` at equal precedence"
                f" {first.precedence}: {_saying(theirs)} here, {_saying(ours)} at {ours.where}"
            )
            problems.add(theirs.where, message, "give one a higher precedence; the higher is applied later")


def _brought_to(first: Tailoring, second: Tailoring, offices: Mapping[str, Office]) -> Tailoring:
    """The second as if for the first's office, where one office is above the other and both apply below."""
    if not first.office or not second.office or first.office == second.office:
        return second
    below = first.office in _above(second.office, offices)
    meet = below or second.office in _above(first.office, offices)
    return replace(second, office=first.office) if meet else second


def _above(office: str, offices: Mapping[str, Office]) -> list[str]:
    path = [office]
    while path[-1] in offices and (parent := offices[path[-1]].parent) is not None and parent not in path:
        path.append(parent)
    return path


def _saying(adjustment: Adjustment) -> str:
    return "off" if adjustment.off else f"limit {adjustment.limit}"
