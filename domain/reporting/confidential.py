"""What is said of confidential projects: they are counted, and named only to the people who are named here.

The organization's files mark them, office by office (`restricted`). Refuses to name one to anybody else, and
to show what stands in the tool of an office that has some where it is not known which project it is about.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from domain.delivery.held import Held
from domain.organization.accounts import person_of
from domain.organization.office import Office, Organization, Role
from domain.plans.left_out import LeftOut
from domain.plans.project import Unreadable
from domain.reporting.pack import Pack

NOT_SHOWN = "not shown: the office has restricted projects; its head sees it with `interoffice check`"


LEADING = (Role.HEAD, Role.APPROVER)
"""The roles of the strategic office whose holders see what they decide on."""


@dataclass(frozen=True, slots=True)
class Whose:
    """By what it is known whose a project is: its key and office, its program, who leads it by the tool."""

    key: str
    office: str
    program: str = ""
    lead: str = ""
    tool: str = ""
    """The tool that says who leads it; empty where the office has one only."""


def may_see(organization: Organization, person: str, project: Whose, on: date) -> bool:
    """Whether that person may see the project's name and details on that day; of a restricted one few may.

    They are the head of its office, its project manager, who elects for its program, and the head and the
    approvers of the nearest strategic office that leads there.
    """
    if project.key not in organization.restricted:
        return True
    own = organization.offices[project.office]
    program = organization.programs.get(project.program)
    manager = person_of(organization, project.office, project.lead, project.tool)
    leaders = organization.leaders(project.office, on)[:1]
    return (
        person in own.roles.get(Role.HEAD, ())
        or (manager is not None and manager.id == person)
        or (program is not None and program.elector == person)
        or any(person in each.roles.get(role, ()) for each in leaders for role in LEADING)
    )


def shown_cells(office: Office, cells: Iterable[Unreadable]) -> tuple[Unreadable, ...]:
    """What could not be understood; of an office with restricted projects only where it stands."""
    if not office.restricted:
        return tuple(cells)
    return tuple(Unreadable(each.ref, "", NOT_SHOWN) for each in cells)


def shown_left_out(office: Office, left_out: Iterable[LeftOut]) -> tuple[LeftOut, ...]:
    """What was passed over on purpose; of an office with restricted projects only how many of each kind."""
    if not office.restricted:
        return tuple(left_out)
    return tuple(replace(each, refs=()) for each in left_out)


def shown_held(office: Office, held: Held) -> Held:
    """What does not stand in a tool; of an office with restricted projects without the tool's own words."""
    return replace(held, why="") if office.restricted else held


def withheld(pack: Pack, restricted: frozenset[str]) -> Pack:
    """An earlier pack as if these projects had been restricted then: counted in it, and not named."""
    hidden = {each.number for each in pack.projects if each.key in restricted}
    if not hidden:
        return pack
    figures = tuple(
        replace(each, parts=tuple(part for part in each.parts if part.number not in hidden))
        for each in pack.figures
    )
    named = tuple(each for each in pack.projects if each.number not in hidden)
    return replace(pack, projects=named, figures=figures, restricted=pack.restricted + len(hidden))
