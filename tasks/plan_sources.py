"""The plan that a run or a command names: an office's project as it was last read, or a file.

A run may name files of the organization's folder only, as whoever can open Prefect's page can start one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from connectors.plan_files import plan_json
from connectors.plan_files.reading import read_plan
from domain.ids import ProjectKey
from domain.organization.office import Organization
from domain.plans.gaps import Gap, GapKind
from domain.plans.project import Stage
from domain.plans.templates.template import Standing
from domain.plans.whole_plan import WholePlan
from domain.words import counted
from store.unit import Unit
from tasks.releasing import owning
from tasks.whole_plans import whole_plan_of

STANDINGS: Mapping[Stage, Standing] = {
    Stage.PROPOSED: Standing.NOT_LIVE,
    Stage.PLANNING: Standing.NOT_LIVE,
    Stage.CLOSED: Standing.SUPPORT_ENDED,
}
"""What the stage of a project tells; the other stages tell nothing of a system."""
ENDINGS = (".json", ".xml", ".xlsx", ".mpp", ".xer")
"""How the names of files of plans end."""


@dataclass(frozen=True, slots=True)
class PlanSource:
    """A plan, the office whose it is, the digest of its content, and what its tool tells of its standing."""

    office: str
    plan: WholePlan
    digest: str
    standing: Standing = Standing.UNSTATED
    gaps: tuple[Gap, ...] = ()
    """What of the tool's or of the file's the plan does not hold, or holds in another form."""


def plan_source(organization: Organization, folder: Path, unit: Unit, text: str) -> PlanSource:
    """The plan of `OFFICE/PROJECT`, or of `OFFICE/FILE` in the organization's folder.

    Raises LookupError for an office, project or file that is not there, and what reading a file raises.
    """
    key = ProjectKey.find(text.strip())
    if key is None:
        raise LookupError(f"plan: {text[:80]!r} names no office; write OFFICE/PROJECT, or OFFICE/FILE")
    office = owning(organization, key.office)
    if key.own.lower().endswith(ENDINGS):
        return of_file(folder, key.own, office.id)
    found = whole_plan_of(unit, office, key.own)
    return PlanSource(office.id, found.built.plan, found.digest, _standing(unit, key), found.built.gaps)


def _standing(unit: Unit, key: ProjectKey) -> Standing:
    """What a project's stage tells: a closed one is live and supported no more, a planned one is not live."""
    found = (each.plan.project for each in unit.plans.current(key.office))
    stage = next((each.stage for each in found if each.key == str(key)), None)
    return STANDINGS.get(stage, Standing.UNSTATED) if stage is not None else Standing.UNSTATED


def of_file(folder: Path, name: str, office: str) -> PlanSource:
    """The plan in a file of a folder, as that of an office."""
    root = folder.resolve()
    path = (root / name).resolve()
    if root not in path.parents or not path.is_file():
        raise LookupError(
            f"plan: there is no file {name[:120]!r} in the organization's folder; put it there, or name one"
        )
    return of_bytes(path.read_bytes(), path.name, office)


def of_bytes(data: bytes, name: str, office: str) -> PlanSource:
    """The plan in the bytes of a file, as that of an office."""
    found = read_plan(data, name)
    gaps = tuple(
        Gap(GapKind.NOT_CARRIED, each.what, f"{counted(each.count, 'time')}, first {each.where or name}")
        for each in found.remarks
        if each.count
    )
    digest = sha256(plan_json.written(found.plan)).hexdigest()
    return PlanSource(office, found.plan, digest, gaps=gaps)
