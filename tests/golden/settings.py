"""What organizations and operators write: settings of tools, files of the organization, variables, deployments."""

from __future__ import annotations

from uuid import UUID

from prefect.utilities.callables import parameter_schema

from config.envelope import CloudEventShape, PlainShape
from config.folder import KEYS, MANY, NEEDED
from config.links import AgreementShape, ProgramShape, RelationShape
from config.messages import KINDS as MESSAGES
from config.offices import OfficeShape, OrganizationShape, PersonShape
from config.organization import ClockShape
from config.proofs import ExamplesShape
from config.rollouts import RolloutShape
from config.rules import RuleShape
from config.settings import EXAMPLES, PREFIX, Settings
from config.tailorings import TailoringShape
from config.tools import PartitionShape, ToolShape
from config.versions import VersionShape
from config.webhooks import ReceiverShape, SourceShape
from connectors.registry import KINDS
from gateway.inbound.published import schema
from runtime.automations import automations
from runtime.deployments import load_flow
from runtime.manifest import read_manifest
from tests.golden.schemas import of_model, structure

WRITTEN = {
    "agreement": AgreementShape,
    "clock": ClockShape,
    "examples of a rule": ExamplesShape,
    "office": OfficeShape,
    "organization": OrganizationShape,
    "part of a tool": PartitionShape,
    "person": PersonShape,
    "program": ProgramShape,
    "receiver of events": ReceiverShape,
    "relation": RelationShape,
    "rollout": RolloutShape,
    "rule": RuleShape,
    "source of webhooks": SourceShape,
    "tailoring": TailoringShape,
    "tool": ToolShape,
    "version": VersionShape,
}
"""What stands in the organization's files, by what it is."""


def tools() -> object:
    """The settings of every kind of tool, and of an office's part of it, and how its webhooks are proved."""
    return {
        name: {"webhooks": kind.webhook, "tool": of_model(kind.tool), "office": of_model(kind.settings)}
        for name, kind in sorted(KINDS.items())
    }


def organization() -> object:
    """The files of an organization with their keys, and what each entry may hold."""
    return {
        "files": {name: list(keys) for name, keys in sorted(KEYS.items())},
        "needed": sorted(NEEDED),
        "folders": dict(sorted(MANY.items())),
        "entries": {name: of_model(shape) for name, shape in WRITTEN.items()},
    }


def message_schemas() -> object:
    """The JSON schema of every kind of message, and of the envelopes."""
    return {
        "kinds": {name: structure(dict(schema(name))) for name in sorted(MESSAGES)},
        "plain": of_model(PlainShape),
        "cloud event": of_model(CloudEventShape),
    }


def variables() -> object:
    """The variables of the environment, and what they hold."""
    return {
        "named": sorted(f"{PREFIX}{name.upper()}" for name in EXAMPLES),
        "read": structure(_without_defaults(Settings.model_json_schema())),
    }


def deployments() -> object:
    """Every deployment with its schedules, and the parameters that people, schedules and messages may give."""
    manifest = read_manifest()
    found = {}
    for each in manifest.deployments:
        told = each.model_dump(mode="json", exclude={"name", "entrypoint"})
        told["parameters of the flow"] = structure(parameter_schema(load_flow(each.entrypoint)).model_dump())
        found[each.name] = {**told, "flow": load_flow(each.entrypoint).name}
    return {"name": manifest.name, "deployments": found}


def automations_made() -> object:
    """The automations by their names: what each waits for, and what it starts."""
    ids = {each.name: UUID(int=number) for number, each in enumerate(read_manifest().deployments)}
    names = {str(value): name for name, value in ids.items()}
    return {
        each.name: {
            "waits for": sorted(each.trigger.expect),  # type: ignore[union-attr]
            "of": each.trigger.match.model_dump(mode="json"),  # type: ignore[union-attr]
            "related": _related(each.trigger.match_related),  # type: ignore[union-attr]
            "starts": [[names[str(a.deployment_id)], a.parameters] for a in each.actions],  # type: ignore[union-attr]
        }
        for each in automations(ids)
    }


def _related(related: object) -> list[object]:
    return [each.model_dump(mode="json") for each in related] if isinstance(related, list) else [related]


def _without_defaults(found: dict[str, object]) -> dict[str, object]:
    """Defaults name folders of this machine."""
    properties = found["properties"]
    assert isinstance(properties, dict)
    return {
        **found,
        "properties": {n: {k: v for k, v in p.items() if k != "default"} for n, p in properties.items()},
    }
