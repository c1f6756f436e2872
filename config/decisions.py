"""The terms of decisions from organization.yaml: it refuses a level below the ordinary one."""

from __future__ import annotations

from pydantic import Field

from config.documents import YamlDocument
from config.problems import Problems
from config.shapes import FileEntry, Flag, Number, Shape, Whole
from domain.organization.office import Organization, Role
from domain.organization.terms import Lower, Terms
from domain.words import counted

DEFAULTS = Terms()
MOST = 20
"""More approvers than that decide nothing in time."""


class ApprovalsShape(Shape):
    """How many different people approve a request, by how much it weighs; the highest level counts."""

    ordinary: Whole = Field(DEFAULTS.quorum, ge=1, le=MOST)
    """How many approve an ordinary request, such as the approval of a rollout."""
    significant: Whole = Field(DEFAULTS.significant_quorum, ge=1, le=MOST)
    """How many approve a significant one: as many as for an ordinary one, or more."""
    costly: Whole = Field(DEFAULTS.costly_quorum, ge=1, le=MOST)
    """How many approve one that costs more than `costly_percent`."""
    gate: Whole = Field(DEFAULTS.gate_quorum, ge=1, le=MOST)
    """How many approve one that skips a gate."""


class DecisionsShape(Shape):
    """organization.yaml, `decisions`."""

    approvals: ApprovalsShape = ApprovalsShape()
    """How many different people approve a request. A level that is left out has its default."""
    costly_percent: Number = Field(DEFAULTS.cost * 100, ge=0, le=100)
    """The percentage of a project's budget above which a request is a costly one."""
    own_office_decides: Flag = DEFAULTS.own_office_decides
    """`true`: somebody of the office that asks may decide, unless they asked or changed it last; `false`:
    nobody of that office decides, whatever their role."""


def read_terms(said: DecisionsShape, entry: FileEntry[Shape], problems: Problems) -> Terms:
    """The terms that organization.yaml says; a level below the ordinary one is a problem at its line."""
    levels = said.approvals
    try:
        return Terms(
            quorum=levels.ordinary,
            significant_quorum=levels.significant,
            cost=said.costly_percent / 100,
            own_office_decides=said.own_office_decides,
            costly_quorum=levels.costly,
            gate_quorum=levels.gate,
        )
    except Lower as wrong:
        given = wrong.level in levels.model_fields_set
        where = entry.where("decisions", "approvals", wrong.level if given else "ordinary")
        problems.add(where, str(wrong), f"write `{wrong.level}: {levels.ordinary}` or more")
        return DEFAULTS


def enough_approvers(organization: Organization, head: YamlDocument | None, problems: Problems) -> None:
    """Warn where an ordinary request takes more people than approve in an office that leads, or above it."""
    needed = organization.terms.quorum
    if head is None or needed == 1:
        return
    for office in organization.strategic_offices():
        most = max(len(set(each.roles.get(Role.APPROVER, ()))) for each in organization.above(office.id))
        if most < needed:
            problems.warn(
                head.where("decisions", "approvals", "ordinary"),
                f"an ordinary request takes {counted(needed, 'approval')}, and `{office.id}` has "
                f"{counted(most, 'approver')}, here or above",
                "name more (offices.yaml, `approver`), or lower `ordinary`; until then nothing is approved",
            )
