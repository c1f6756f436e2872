"""What a form offers where an office, a version, a rollout, a simulation, a template or a person is asked.

Prefect stores what was chosen, in the clear, and shows no other text beside it: so people are offered by
opaque ids. Flows check the answer anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

PERSONS = ("person", "approved_by")
"""The parameters that name a person."""
RECEIVERS = "receivers"
"""The parameter that names offices, each with a person to call."""
SIMULATION = "digest"
"""The parameter that names a simulation."""
OF_MEMBERS = frozenset({"accept-deployment", "ask-owner", "localize-plan", "distribute-plan", "update-plans"})
"""The deployments of flows that ask for an office of a deployment, which may have no other part."""
OF_TEMPLATES = frozenset(
    {"open-deployment", "share-plan", "ask-owner", "localize-plan", "update-plans", "propose-improvements"}
)
"""The deployments of flows that ask for a template that is there; others make a new one."""
REMEDY = "If a choice is refused as gone, load this page anew."
"""What a form's help says where choices follow the files: Prefect only says which there are by now."""
TITLES = {SIMULATION: "simulation"}
"""What a parameter is called in a form, where that is not its name."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What an organization offers: its offices that plan in a tool, its versions, its rollouts, and so on."""

    offices: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()
    rollouts: tuple[str, ...] = ()
    simulations: tuple[str, ...] = ()
    """Their names, the newest first."""
    persons: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By deployment, the opaque ids of those whose role may do what it does."""
    drafts: tuple[str, ...] = ()
    """Drafts of templates, the newest first."""
    released: tuple[str, ...] = ()
    """Released versions of templates."""
    deployments: tuple[str, ...] = ()
    """Those that are open."""
    templates: tuple[str, ...] = ()
    """Templates of which there is a draft or a version."""
    members: tuple[str, ...] = ()
    """Offices of open deployments, and those with which a template is shared by an agreement."""

    def in_form(self, schema: Mapping[str, object], deployment: str = "") -> dict[str, object]:
        """The parameter schema of a deployment with the choices in it; fields that are not there stay out."""
        offered = {
            "office": self.members if deployment in OF_MEMBERS else self.offices,
            "version": self.versions,
            "rollout": self.rollouts,
            SIMULATION: self.simulations,
            "draft": self.drafts,
            "released": self.released,
            "deployment": self.deployments,
            "template": self.templates if deployment in OF_TEMPLATES else (),
            **dict.fromkeys(PERSONS, self.persons.get(deployment, ())),
        }
        properties = schema.get("properties")
        if not isinstance(properties, Mapping):
            return dict(schema)
        return {
            **schema,
            "properties": {
                name: _offering(_titled(name, each), offered.get(name, ()))
                for name, each in properties.items()
            },
        }


def _titled(name: str, about: Mapping[str, object]) -> Mapping[str, object]:
    return {**about, "title": TITLES[name]} if name in TITLES else about


def _offering(about: Mapping[str, object], ids: Iterable[str]) -> dict[str, object]:
    """One field as a select; a default that is no id (every office) stays a choice, and is the first."""
    given = tuple(ids)
    if not given:
        return dict(about)
    default = about.get("default")
    first = (default,) if isinstance(default, str) and default and default not in given else ()
    help_text = f"{str(about.get('description') or '').strip()} {REMEDY}".strip()
    return {**about, "description": help_text, "enum": [*first, *given]}
