"""Rollout plans from rollouts/<id>.yaml: it refuses offices that cannot take part, or stand in two waves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from pydantic import Field

from config.documents import YamlDocument
from config.offices import known
from config.problems import Problems, meant
from config.shapes import Day, FileEntry, Shape, Share, Slug, Whole, Words, entries, parse
from config.versions import Versions
from domain.ids import VersionId
from domain.organization.office import Organization, RelationKind
from domain.rollouts.rollout import WavePlan
from domain.standards.standard import Where


class WaveShape(Shape):
    """One wave."""

    number: Whole = Field(ge=1, le=100, examples=["1"])
    """The wave's number: 1, 2, 3 in their order."""
    name: Words = Field(examples=["Pilot"])
    """What people call the wave."""
    offices: tuple[str, ...] = Field(examples=["[porto]"])
    """The ids of the offices whose projects it takes in; an office stands in one wave."""
    start: Day = Field(examples=["2027-01-04"])
    """The day on which the offices are notified, not before that of the wave before."""
    trial_cycles: Whole = Field(2, ge=0, le=50)
    """The pilot period: reporting cycles of the office from notice to binding, in which the version is judged
    and does not bind."""
    trial_days: Whole | None = Field(None, ge=0, le=250)
    """The pilot period in business days of the office instead."""
    exit_settled: Share = 0.9
    """The share (0 to 1) of its projects that must be settled before the next wave starts; the rest is
    carried forward into it."""
    carry_days: Whole = Field(10, ge=1, le=250)
    """Business days that the rest has from then on."""
    halt_late: Share = 0.25
    """The share (0 to 1) of its projects that are late at which the rollout halts, if enough of them are."""
    halt_late_least: Whole = Field(5, ge=1)
    """How many that are at least."""
    halt_failed_share: Share = 0.1
    """The share (0 to 1) of its projects that no longer follow at which the rollout halts, if enough of them
    are."""
    halt_failed: Whole = Field(3, ge=1)
    """How many that are at least."""


class RolloutShape(Shape):
    """rollouts/<id>.yaml."""

    id: Slug = Field(examples=["delivery-method-2"])
    """The rollout's id; flows and messages name it."""
    standard: Slug = Field(examples=["delivery-method"])
    """The standard's id."""
    version: str = Field(examples=['"2.0"'])
    """The version that it brings, in quotes. A version has one rollout."""
    waves: object = Field(examples=["[{number: 1, ...}]"])
    """The waves in their order, one or more."""


@dataclass(frozen=True, slots=True)
class RolloutPlan:
    """The planned rollout of a version."""

    id: str
    standard: str
    version: str
    waves: tuple[WavePlan, ...]
    where: Where = Where("", 0)

    @property
    def target(self) -> str:
        """`standard/version`, as versions are named."""
        return str(VersionId(self.standard, self.version))


@dataclass(frozen=True, slots=True)
class Draft:
    """A plan as it was read, with the place of each of its waves."""

    plan: RolloutPlan
    entry: FileEntry[RolloutShape]
    waves: tuple[FileEntry[WaveShape], ...]


def read_rollout(document: YamlDocument, problems: Problems) -> Draft | None:
    """The plan as it stands in its file; None where its head cannot be read."""
    entry = parse(RolloutShape, document, problems)
    waves = tuple(entries(WaveShape, document, "waves", problems))
    if entry is None:
        return None
    said = entry.value
    if isinstance(said.waves, list) and len(waves) == len(said.waves):
        _in_order(entry, waves, problems)
    for wave in waves:
        if {
            "trial_days",
            "trial_cycles",
        } <= wave.value.model_fields_set and wave.value.trial_days is not None:
            message = f"the pilot period of wave {wave.value.number} is given in days and in reporting cycles"
            problems.add(wave.where("trial_days"), message, "keep one of `trial_days` and `trial_cycles`")
    plan = RolloutPlan(
        said.id, said.standard, said.version, tuple(_wave(e.value) for e in waves), entry.where()
    )
    return Draft(plan, entry, waves)


def _wave(said: WaveShape) -> WavePlan:
    return WavePlan(
        number=said.number,
        name=said.name,
        offices=said.offices,
        start=said.start,
        trial_days=said.trial_days,
        exit_settled=said.exit_settled,
        halt_late=said.halt_late,
        halt_failed=said.halt_failed,
        trial_cycles=said.trial_cycles if said.trial_days is None else None,
        halt_late_least=said.halt_late_least,
        halt_failed_share=said.halt_failed_share,
        carry_days=said.carry_days,
    )


def _in_order(
    entry: FileEntry[RolloutShape], waves: tuple[FileEntry[WaveShape], ...], problems: Problems
) -> None:
    numbers = [wave.value.number for wave in waves]
    if not numbers:
        problems.add(entry.where("waves"), "a rollout has one wave or more", "add a wave")
    elif numbers != list(range(1, len(numbers) + 1)):
        message = f"the waves are numbered {', '.join(map(str, numbers))}"
        problems.add(entry.where("waves"), message, "number them 1, 2, 3 in their order")
    for earlier, later in pairwise(waves):
        if later.value.start < earlier.value.start:
            message = f"wave {later.value.number} starts on {later.value.start}, before the wave before it"
            remedy = f"start it on {earlier.value.start} or later, or reorder the waves"
            problems.add(later.where("start"), message, remedy)


def check_rollout(
    draft: Draft,
    names: list[str] | None,
    organization: Organization | None,
    versions: Versions,
    problems: Problems,
) -> None:
    """Check a plan against the known offices and versions; without an organization, the names only."""
    plan = draft.plan
    read = versions.get(plan.target)
    version = read.version if read else None
    if plan.target not in versions:
        message = f"there is no version `{plan.version[:30]}` of `{plan.standard}`"
        problems.add(draft.entry.where("version"), message, meant(plan.target, versions))
    first: dict[str, int] = {}
    for wave in draft.waves:
        said = wave.value
        if not said.offices:
            problems.add(wave.where("offices"), f"wave {said.number} has no office", "name one or more")
        if version is not None and said.start < version.effective_from:
            message = f"wave {said.number} starts before {version.id} is effective ({version.effective_from})"
            problems.warn(wave.where("start"), message, "start it later")
        for n, office in enumerate(said.offices):
            where = wave.where("offices", n)
            if office in first:
                message = f"`{office}` stands in wave {first[office]} and in wave {said.number}"
                problems.add(where, message, "keep it in one")
            first.setdefault(office, said.number)
            if known(office, names, "office", where, problems) and organization is not None:
                _takes_part(organization, office, said, where, problems)
    if organization is not None and first.keys() <= organization.offices.keys():
        _led_together(draft, organization, problems)


def _led_together(draft: Draft, organization: Organization, problems: Problems) -> None:
    """Refuse a rollout that no one strategic office leads, at the first office that is led by another.

    An office that nobody leads is refused already: it takes no part.
    """
    places = [(wave, n, office) for wave in draft.waves for n, office in enumerate(wave.value.offices)]
    together: dict[str, date] = {}
    for wave, n, office in places:
        if not organization.leaders(office, wave.value.start):
            continue
        try:
            organization.leader_over({**together, office: wave.value.start})
        except LookupError:
            theirs, ours = (organization.leader_over(each) for each in ({office: wave.value.start}, together))
            message = f"`{office}` is led by `{theirs.id}`, the offices before it by `{ours.id}`"
            remedy = (
                "make a rollout for each, or put both under one strategic office (offices.yaml, `parent`)"
            )
            problems.add(wave.where("offices", n), message, remedy)
            return
        together[office] = wave.value.start


def _takes_part(
    organization: Organization, office: str, wave: WaveShape, where: Where, problems: Problems
) -> None:
    if not organization.takes_part(office, wave.start):
        message = f"`{office}` takes no part on {wave.start}: no strategic office leads there"
        if organization.relation(office) is RelationKind.DIVERSE:
            message = f"`{office}` is in a diverse subtree and takes no part on {wave.start}"
        problems.add(where, message, "remove it, or make an agreement with the strategic office")
    elif organization.partition(office) is None:
        message = f"`{office}` has no partition: nothing can be read there"
        problems.warn(where, message, "add one to tools.yaml")


def no_second(drafts: Iterable[Draft], problems: Problems) -> None:
    """Refuse two plans with one id, or for one version."""
    ids: dict[str, str] = {}
    seen: dict[str, str] = {}
    for draft in drafts:
        plan, entry = draft.plan, draft.entry
        if plan.id in ids:
            message = f"two rollouts have the id `{plan.id}`, the other in {ids[plan.id]}"
            problems.add(entry.where("id"), message, "rename one")
        if plan.target in seen:
            message = f"{plan.target} has another rollout in {seen[plan.target]}"
            problems.add(entry.where("version"), message, "keep one of them")
        ids.setdefault(plan.id, entry.document.file)
        seen.setdefault(plan.target, entry.document.file)
