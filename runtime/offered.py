"""What an organization offers in the forms: from its files, and from what its record holds by now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from config.standing_templates import standing_templates
from config.wiring import Application
from domain.deployments.sharing import members
from domain.organization.actions import ABOVE_ALL, TABLE
from domain.organization.office import Organization
from domain.rollouts.choosing import choices
from runtime.choices import Choices
from tasks.choosing import NEWEST, opaque_ids, simulations


def choices_of(application: Application) -> Choices:
    """What the forms offer for this organization; a person who has no opaque id yet is given one."""
    today = application.clock.now().date()
    organization = application.organization
    offices = (key for key in organization.offices if organization.takes_part(key, today))
    with application.store.read() as unit:
        simulated = choices(simulations(unit))
        rollouts = unit.rollouts.all()
        drafts = unit.templates.drafts()[:NEWEST]
        released = standing_templates(application.templates, unit).versions
        deployed = unit.deployments.all()
    return Choices(
        tuple(sorted(key for key in offices if organization.partition(key) is not None)),
        tuple(sorted(application.versions)),
        tuple(each.id for each in reversed(rollouts)),
        simulated,
        _persons(organization, ids_of(application)),
        tuple(map(str, drafts)),
        tuple(map(str, released)),
        tuple(each.id for each in deployed.open(application.clock.now())),
        tuple(sorted({*(each.template for each in drafts), *(each.template for each in released)})),
        tuple(sorted(members(deployed, organization, application.clock.now()))),
    )


def ids_of(application: Application) -> Mapping[str, str]:
    """The opaque id of everybody in the organization, by their id in people.yaml."""
    people = application.organization.people
    with application.store.read() as unit:
        known = unit.pseudonyms.all()
    if not people.keys() <= known.keys():
        with application.store.begin() as unit:
            known = opaque_ids(unit, people)
            unit.commit()
    return {person: known[person] for person in people}


def _persons(organization: Organization, ids: Mapping[str, str]) -> Mapping[str, tuple[str, ...]]:
    """By deployment, everybody with a role that may do what it does, sorted so that no order tells a name."""
    leaders = {office.id for office in organization.strategic_offices()}
    found: defaultdict[str, set[str]] = defaultdict(set)
    for row in TABLE.values():
        for office in organization.offices.values():
            roles = {*row.concerned, *(row.roles if office.id in leaders or row.leading == ABOVE_ALL else ())}
            found[row.flow] |= {
                ids[each] for role in roles for each in office.roles.get(role, ()) if each in ids
            }
    return {flow: tuple(sorted(people)) for flow, people in found.items() if people}
