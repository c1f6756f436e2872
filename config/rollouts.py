"""Rollout plans from rollouts/<id>.yaml: it refuses offices that cannot take part, or stand in two waves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pydantic import Field

from config.documents import Document
from config.offices import known
from config.problems import Problems, meant
from config.shapes import Day, Entry, Shape, Share, Slug, Whole, Words, parse
from config.versions import Versions
from domain.office import Organization
from domain.rollout import WavePlan
from domain.standard import Where


class WaveShape(Shape):
    """One wave."""

    number: Whole = Field(ge=1, le=100, examples=["1"])
    name: Words = Field(examples=["Pilot"])
    offices: tuple[str, ...] = Field(examples=["[porto]"])
    start: Day = Field(examples=["2027-01-04"])
    trial_days: Whole = Field(5, ge=0, le=250)
    exit_settled: Share = 0.8
    halt_late: Share = 0.4
    halt_failed: Whole = Field(3, ge=1)


class RolloutShape(Shape):
    """rollouts/<id>.yaml."""

    id: Slug = Field(examples=["delivery-method-2"])
    standard: Slug = Field(examples=["delivery-method"])
    version: str = Field(examples=['"2.0"'])
    waves: tuple[WaveShape, ...] = Field(examples=["[{number: 1, ...}]"])


@dataclass(frozen=True, slots=True)
class RolloutPlan:
    """A version on its way into the offices, as planned."""

    id: str
    standard: str
    version: str
    waves: tuple[WavePlan, ...]
    where: Where = Where("", 0)


def read_rollout(document: Document, problems: Problems) -> Entry[RolloutShape] | None:
    """The plan as it stands in its file; None where it cannot be read."""
    entry = parse(RolloutShape, document, problems)
    if entry is None:
        return None
    numbers = [wave.number for wave in entry.value.waves]
    if not numbers:
        problems.add(entry.where("waves"), "a rollout has one wave or more", "add a wave")
    elif numbers != list(range(1, len(numbers) + 1)):
        said = ", ".join(map(str, numbers))
        problems.add(
            entry.where("waves"), f"the waves are numbered {said}", "number them 1, 2, 3 in their order"
        )
    for n, (earlier, later) in enumerate(zip(entry.value.waves, entry.value.waves[1:], strict=False), 1):
        if later.start < earlier.start:
            message = (
                f"wave {later.number} starts on {later.start}, before the wave before it ({earlier.start})"
            )
            problems.add(
                entry.where("waves", n, "start"), message, "let it start later, or reorder the waves"
            )
    return entry


def plan_of(entry: Entry[RolloutShape]) -> RolloutPlan:
    """The plan as a value."""
    said = entry.value
    waves = tuple(
        WavePlan(
            w.number, w.name, w.offices, w.start, w.trial_days, w.exit_settled, w.halt_late, w.halt_failed
        )
        for w in said.waves
    )
    return RolloutPlan(said.id, said.standard, said.version, waves, entry.where())


def check_rollout(
    entry: Entry[RolloutShape],
    names: list[str] | None,
    organization: Organization | None,
    versions: Versions,
    problems: Problems,
) -> None:
    """Hold a plan against the offices and versions there are; without an organization, the names only."""
    said = entry.value
    version = versions.get(f"{said.standard}/{said.version}")
    if f"{said.standard}/{said.version}" not in versions:
        message = f"there is no version `{said.version[:30]}` of `{said.standard}`"
        problems.add(entry.where("version"), message, meant(f"{said.standard}/{said.version}", versions))
    first: dict[str, int] = {}
    for n, wave in enumerate(said.waves):
        if not wave.offices:
            problems.add(
                entry.where("waves", n, "offices"), f"wave {wave.number} has no office", "name one or more"
            )
        if version is not None and wave.start < version.effective_from:
            message = f"wave {wave.number} starts before {version.id} is effective ({version.effective_from})"
            problems.warn(entry.where("waves", n, "start"), message, "start it later")
        for m, office in enumerate(wave.offices):
            where = entry.where("waves", n, "offices", m)
            if office in first:
                message = f"`{office}` stands in wave {first[office]} and in wave {wave.number}"
                problems.add(where, message, "keep it in one")
            first.setdefault(office, wave.number)
            if known(office, names, "office", where, problems) and organization is not None:
                _takes_part(organization, office, wave, where, problems)


def _takes_part(
    organization: Organization, office: str, wave: WaveShape, where: Where, problems: Problems
) -> None:
    if not organization.takes_part(office, wave.start):
        message = f"`{office}` is in a diverse subtree and takes no part on {wave.start}"
        problems.add(where, message, "remove it, or make an agreement with the strategic office")
    elif organization.partition(office) is None:
        problems.warn(
            where, f"`{office}` has no partition: nothing can be read there", "add one to tools.yaml"
        )


def no_second(found: Iterable[Entry[RolloutShape]], problems: Problems) -> None:
    """Refuse two plans with one id, or for one version."""
    ids: dict[str, str] = {}
    seen: dict[str, str] = {}
    for entry in found:
        said = entry.value
        if said.id in ids:
            problems.add(
                entry.where("id"),
                f"two rollouts have the id `{said.id}`, the other in {ids[said.id]}",
                "rename one",
            )
        target = f"{said.standard}/{said.version}"
        if target in seen:
            problems.add(
                entry.where("version"), f"{target} has another rollout in {seen[target]}", "keep one of them"
            )
        ids.setdefault(said.id, entry.document.file)
        seen.setdefault(target, entry.document.file)
