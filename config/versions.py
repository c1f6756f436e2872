"""Versions of standards from standards/<standard>/<version>.yaml: it refuses what contradicts itself.

Its examples are executed in proofs.py; what became of older rules is checked in lineage.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import PurePosixPath
from typing import Annotated, TypeAlias

from pydantic import Field, StringConstraints

from config.documents import YamlDocument
from config.formats import ReportShape, check_formats, format_of
from config.life_cycles import Fact, LifeCycleShape, check_life_cycles, life_cycles_of
from config.offices import known
from config.problems import Problems
from config.rules import Text, read_rules
from config.shapes import Day, FileEntry, Number, Shape, Share, Slug, Whole, Words, parse, raw_ids
from domain.standards.due import bound
from domain.standards.standard import (
    Condition,
    Consultation,
    DatedPart,
    Discretion,
    Election,
    Fate,
    Leeway,
    PlanPart,
    ReviewTerms,
    Rule,
    Supersession,
    ToolDemand,
    Version,
    content_digest,
)

BAND, REVIEW, CONSULTED = Discretion(), ReviewTerms(), Consultation()
SOME_DAY = date(2027, 1, 1)
"""The day of examples that name none, in a version whose own day cannot be read."""
Uid = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*([._-][a-z0-9]+)*$", max_length=80)]
Numbered = Annotated[str, StringConstraints(pattern=r"^[0-9]+(\.[0-9]+)*(-[a-z0-9.]+)?$", max_length=30)]


class ToolDemandShape(Shape):
    """What a version requires of one kind of tool."""

    kind: Slug = Field(examples=["workbook"])
    """The kind of tool that this is about; offices with other tools are not concerned."""
    least_version: str = ""
    """The lowest version of the tool that will do. Without it any."""
    fields: tuple[str, ...] = ()
    """Fields that the tool has to offer, by our names (`due` of an item is `item.due`)."""
    statuses: tuple[str, ...] = ()
    """Statuses that the tool's items have to be able to have."""


class ConditionShape(Shape):
    """A comparison of a fact with one bound."""

    fact: str = Field(examples=["plan.percent_complete"])
    """The fact that is compared, a number; docs/facts.md has them all."""
    at_least: Number | None = None
    """The fact must be this or more. A condition has this bound or `at_most`, not both."""
    at_most: Number | None = None
    """The fact must be this or less."""
    unit: str = ""
    """The unit, for the explanation that the office reads; nothing is converted."""


class DiscretionShape(Shape):
    """A band beyond the rule in which a program's manager elects, with a reason; `{}` takes the defaults."""

    fact: str = BAND.fact
    """The fact that the band bounds, a number; docs/facts.md has them all."""
    at_least: Number = BAND.at_least
    """The lower end of the band, included; below it, it takes a deviation."""
    at_most: Number = BAND.at_most
    """The upper end of the band, included, when it is elected; afterwards the project may progress beyond
    it."""
    share: Share = BAND.share
    """The share of a program's projects in a rollout that may complete so at most: 0.2 is one in five."""


class LeewayShape(Shape):
    """When a project may complete under the version before."""

    conditions: tuple[ConditionShape, ...] = Field(examples=["[{fact: plan.percent_complete, at_least: 90}]"])
    """All of them must hold for a project to be eligible."""
    until: Day = Field(examples=["2027-03-31"])
    """The last day under the version before; from the day after, this version binds everybody."""
    default: Election = Field(examples=["finish_old"])
    """What holds where the office does not elect in time: `finish_old`, `at_gate` (adopt at the next gate) or
    `adopt` (now)."""
    elect_days: Whole | None = Field(None, ge=0, le=100)
    """Business days for the election. Without it those of `clocks` in organization.yaml."""
    discretion: DiscretionShape | None = None
    """A band beyond the rule in which the program's manager may elect, with a reason. Without it a project
    that does not meet the rule takes a deviation."""


class SupersessionShape(Shape):
    """What became of one rule of the version before."""

    old: str = Field(examples=["plan.owners"])
    """The uid of the rule in the version before."""
    fate: Fate = Field(examples=["same"])
    """What became of it: `same`, `split` (into two rules or more), `merged` (into one), `dropped`."""
    new: tuple[str, ...] = ()
    """The uids in this version that take its place. Without it `same` keeps the uid."""


class PlanPartShape(Shape):
    """A part of a plan, with its items."""

    id: Slug = Field(examples=["gate-reviews"])
    """The part's id."""
    title: Words = Field(examples=["Gate reviews"])
    """Its title."""
    items: tuple[Words, ...] = Field(examples=["[Review at G1]"])
    """The titles of its items."""
    days: Whole | None = Field(None, ge=0, le=5000)
    """Business days from a project's start until its items are due. Without it they have no due day."""
    gate: Words | None = None
    """The gate that is passed with this part; `start-project` makes an item of it, due on the same day."""


class ReviewShape(Shape):
    """When a rule comes under review by what offices say against it; `{}` takes the defaults."""

    offices: Annotated[Whole, Field(ge=1, le=1000)] = REVIEW.offices
    """By how many offices at least something was said: a deviation, an objection or a case."""
    share: Annotated[Number, Field(ge=0, lt=100)] = REVIEW.share
    """Above which percentage of the projects that the rule binds the lower bound must be."""
    confidence: Annotated[Number, Field(ge=50, lt=100)] = REVIEW.confidence
    """Of that one-sided lower bound, in percent: the higher, the fewer good rules are accused."""
    days: Annotated[Whole, Field(ge=1, le=1000)] = REVIEW.days
    """Within how many days it was said."""


class ConsultationShape(Shape):
    """How offices are consulted on the version before it is published; `{}` takes the defaults."""

    days: Annotated[Whole, Field(ge=0, le=250)] = CONSULTED.days
    """Business days of each office in which it comments, from when it is asked in its tool. With 0 nobody is
    consulted, which the reports say."""
    offices: tuple[Slug, ...] = ()
    """The ids of the offices that are consulted. Without it every office below the owner that takes part."""


class VersionShape(Shape):
    """standards/<standard>/<version>.yaml."""

    standard: Slug = Field(examples=["delivery-method"])
    """The standard's id, which is the name of the file's folder."""
    version: Numbered = Field(examples=['"2.0"'])
    """The version's number in quotes, which is the name of the file."""
    title: Words = Field(examples=["How we deliver"])
    """What people call the standard."""
    owner: Slug = Field(examples=["harbor-hq"])
    """The id of the strategic office whose standard it is; who leads it publishes the version."""
    effective_from: Day = Field(examples=["2027-01-04"])
    """The day from which the version may be rolled out; a wave that starts before it gets a warning."""
    previous: Numbered | None = None
    """The version that this one follows. Without it this is the first; `supersedes` needs it."""
    changes: Text = ""
    """What changed since the version before, for people."""
    rules: object = Field(examples=["[{uid: ..., ...}]"])
    """The rules, one or more."""
    tools: tuple[ToolDemandShape, ...] = ()
    """What the version demands of the offices' tools, each judged like a rule."""
    leeway: LeewayShape | None = None
    """Which projects may complete under the version before. Without it none may."""
    supersedes: tuple[SupersessionShape, ...] = ()
    """What became of each rule of the version before: all of them must be named."""
    reports: tuple[ReportShape, ...] = ()
    """The version's report formats; `report-network` fills those that have fields."""
    plan_parts: tuple[PlanPartShape, ...] = ()
    """Parts that a plan should have; `start-project` puts their items into the plan of a new project."""
    project_class: Fact | None = Field(None, examples=["field.project_class"])
    """The fact that says of which class a project is, a text. `life_cycles` need it."""
    life_cycles: tuple[LifeCycleShape, ...] = ()
    """The life cycles, one for each class of project."""
    review: ReviewShape | None = None
    """When a rule comes under review. Without it: 3 offices, over 5 percent of its projects in 90 days."""
    consultation: ConsultationShape | None = None
    """How offices are consulted before the version is published; a standard's first version needs it not.
    Without it: 10 business days, every office below the owner."""


@dataclass(frozen=True, slots=True)
class Read:
    """A version as read, with the rules that can be used; `uids` are of all rules in the file."""

    version: Version
    entry: FileEntry[VersionShape]
    uids: tuple[str, ...]


Versions: TypeAlias = Mapping[str, Read | None]
"""Versions by `standard/version`; None for one whose file is there and whose head cannot be read."""


def read_version(
    document: YamlDocument, offices: list[str] | None, kinds: Iterable[str], problems: Problems
) -> Read | None:
    """The version in a file, checked by itself and its rules proved; None where its head cannot be read."""
    on = document.value.get("effective_from")
    rules = read_rules(document, on if isinstance(on, date) else SOME_DAY, problems)
    entry = parse(VersionShape, document, problems)
    if entry is None:
        return None
    _filed(entry, problems)
    check_formats(entry, problems)
    check_life_cycles(entry, rules, problems)
    known(entry.value.owner, offices, "office", entry.where("owner"), problems)
    for n, office in enumerate(entry.value.consultation.offices if entry.value.consultation else ()):
        known(office, offices, "office", entry.where("consultation", "offices", n), problems)
    for n, demand in enumerate(entry.value.tools):
        known(demand.kind, kinds, "connector", entry.where("tools", n, "kind"), problems)
    return Read(_version(entry, rules), entry, tuple(raw_ids(document, "rules", "uid")))


def _filed(entry: FileEntry[VersionShape], problems: Problems) -> None:
    path = PurePosixPath(entry.document.file)
    said = entry.value
    if path.parent.name != said.standard:
        message = f"`{said.standard}` is filed under `{path.parent.name}`"
        problems.add(entry.where("standard"), message, f"move it to standards/{said.standard}/")
    if path.stem != said.version:
        message = f"version `{said.version}` is filed as `{path.name}`"
        problems.add(entry.where("version"), message, f"call the file {said.version}.yaml")


def _version(entry: FileEntry[VersionShape], rules: tuple[Rule, ...]) -> Version:
    said = entry.value
    cycles = life_cycles_of(said.life_cycles, rules)
    version = Version(
        standard=said.standard,
        version=said.version,
        title=said.title,
        owner=said.owner,
        effective_from=said.effective_from,
        rules=bound(rules, said.project_class or "", cycles, entry.where("project_class")),
        digest="",
        changes=said.changes,
        previous=said.previous,
        supersedes=tuple(_supersession(each) for each in said.supersedes),
        leeway=_leeway(said.leeway) if said.leeway else None,
        reports=tuple(format_of(each) for each in said.reports),
        tools=tuple(ToolDemand(t.kind, t.least_version, t.fields, t.statuses) for t in said.tools),
        plan_parts=tuple(_part(each) for each in said.plan_parts),
        review=ReviewTerms(**said.review.model_dump()) if said.review else None,
        consultation=Consultation(**said.consultation.model_dump()) if said.consultation else None,
        project_class=said.project_class or "",
        life_cycles=cycles,
    )
    return replace(version, digest=content_digest(version))


def _part(said: PlanPartShape) -> PlanPart:
    if said.days is None and said.gate is None:
        return PlanPart(said.id, said.title, said.items)
    return DatedPart(said.id, said.title, said.items, said.days, said.gate or "")


def _supersession(said: SupersessionShape) -> Supersession:
    """The supersession; a rule that stays the same keeps its uid, unless another is named."""
    alone = said.fate is Fate.SAME and not said.new
    return Supersession(said.old, said.fate, (said.old,) if alone else said.new)


def _leeway(said: LeewayShape) -> Leeway:
    conditions = tuple(Condition(c.fact, c.at_least, c.at_most, c.unit) for c in said.conditions)
    band = said.discretion
    beyond = Discretion(band.fact, band.at_least, band.at_most, band.share) if band else None
    return Leeway(conditions, said.until, said.default, said.elect_days, beyond)
