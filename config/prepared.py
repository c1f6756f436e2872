"""An office's tool made ready: what it lacks by the access, the settings and the version in force.

What the office grants counts, not what its settings have room for until now. Refuses to make anything unless
it is asked for, and to write any settings.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from config.organization import Loaded
from config.tried import Around, NoMirror
from connectors.preparation import Demands, Made, Making, Step, Told, Whose
from connectors.protocol import Surroundings, may_prepare
from connectors.registry import connect
from connectors.unforeseen import one_offices
from domain.organization.office import Access, Organization, Partition
from domain.standards.standard import Version


class NoSuchOffice(LookupError):
    """What was asked for is not in the organization's files; `file` is where it would stand."""

    def __init__(self, text: str, file: str) -> None:
        super().__init__(text)
        self.file = file


@dataclass(frozen=True, slots=True)
class Prepared:
    """What became of an office's tool: what was made, and what is missing still."""

    office: str
    tool: str
    access: Access
    version: str
    made: tuple[Made, ...]
    left: tuple[Step, ...]

    @property
    def makeable(self) -> bool:
        """Whether some of what is missing can be made."""
        return any(isinstance(step, Making) for step in self.left)


def prepared(loaded: Loaded, office: str, version: str, around: Around, *, write: bool) -> Prepared:
    """What the tool of an office lacks; with `write` what can be made is made, and the tool read once more.

    Raises NoSuchOffice, and the errors of `connectors.errors`.
    """
    organization = loaded.organization
    partition = _partition(organization, office)
    tool = organization.tools[partition.tool]
    on = organization.offices[office].calendar.local_date(loaded.as_of or around.now())
    asked = _version(loaded.versions.values(), organization, office, on, version)
    demands, other = demands_of(asked, tool.kind)
    demands = replace(demands, language=organization.language_of(office), languages=organization.languages)
    access = partition.withheld.granted if partition.withheld else partition.access
    surroundings = Surroundings(around.folder, partial(around.secret, tool), around.now, NoMirror())
    if write:
        may_prepare(access)
    with one_offices(office):
        connector = connect(tool, replace(partition, access=access), surroundings)
        left, made = connector.lacking(demands), tuple[Made, ...]()
        making = [step for step in left if isinstance(step, Making)]
        if write and making:
            made = connector.make(making)
            left = connector.lacking(demands)
    return Prepared(office, tool.id, access, asked.id if asked else "", made, (*other, *left))


def _partition(organization: Organization, office: str) -> Partition:
    if office not in organization.offices:
        known = ", ".join(sorted(organization.offices))
        raise NoSuchOffice(f"there is no office {office!r}; there are {known}", "offices.yaml")
    partition = organization.partition(office)
    if partition is None:
        text = f"{office} has no partition of a tool; add one under `partitions`, or run `interoffice init`"
        raise NoSuchOffice(text, "tools.yaml")
    return partition


def _version(
    versions: Iterable[Version], organization: Organization, office: str, on: date, named: str
) -> Version | None:
    """The version that is named, else the one in force; None where none is. Raises NoSuchOffice."""
    known = {each.id: each for each in versions}
    if named:
        if named not in known:
            text = f"there is no version {named!r}; there are {', '.join(sorted(known)) or 'none'}"
            raise NoSuchOffice(text, "standards")
        return known[named]
    found = in_force(known.values(), organization, office, on)
    if len(found) > 1:
        text = f"several standards are in force for {office}: give --version, one of "
        raise NoSuchOffice(text + ", ".join(each.id for each in found), "standards")
    return found[0] if found else None


def in_force(
    versions: Iterable[Version], organization: Organization, office: str, on: date
) -> tuple[Version, ...]:
    """Of every standard whose owner leads that office, the version that took effect last by that day."""
    leaders = {each.id for each in organization.leaders(office, on)}
    found: dict[str, Version] = {}
    for each in sorted(versions, key=lambda version: (version.effective_from, version.version)):
        owned = {leader.id for leader in organization.leaders(each.owner, on)} & leaders
        if each.effective_from <= on and owned:
            found[each.standard] = each
    return tuple(found[standard] for standard in sorted(found))


def demands_of(version: Version | None, kind: str) -> tuple[Demands, tuple[Step, ...]]:
    """What a version asks of a kind of tool, and a step where it names other kinds only."""
    if version is None or not version.tools:
        return Demands(version.id if version else ""), ()
    demand = next((each for each in version.tools if each.kind == kind), None)
    if demand is None:
        kinds = ", ".join(each.kind for each in version.tools)
        how = f"agree with {version.owner}: it names {kind} too, or the office gets one of these"
        return Demands(version.id), (Told(f"{version.id} names only the tools {kinds}", how, Whose.OFFICE),)
    return Demands(version.id, demand.fields, demand.statuses), ()
