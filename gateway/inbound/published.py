"""What other systems may send, published: OpenAPI, a JSON Schema and an example for each kind of message."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from config.envelope import PLAIN, STRUCTURED
from config.messages import KINDS, MessageKind
from gateway.inbound.verify import SCHEMES
from gateway.limits import LARGEST

DRAFT = "https://json-schema.org/draft/2020-12/schema"


def schema(name: str) -> Mapping[str, Any]:
    """The JSON Schema of a message of that kind, envelope included. Raises KeyError."""
    shape = KINDS[name].shape
    return {
        "$schema": DRAFT,
        "title": name,
        "description": shape.__doc__,
        "type": "object",
        "additionalProperties": False,
        "required": ["type", "data"],
        "properties": {
            "type": {"const": name},
            "timestamp": {"type": "string", "description": "When it was said; not read."},
            "data": shape.model_json_schema(),
        },
        "examples": [example(name)],
    }


def example(name: str) -> Mapping[str, Any]:
    """A message of that kind as it may be sent. Raises KeyError."""
    return {"type": name, "timestamp": "2027-01-04T07:00:00Z", "data": dict(KINDS[name].example)}


def openapi() -> Mapping[str, Any]:
    """The gateway in OpenAPI 3.1."""
    schemas = {name: dict(schema(name)) for name in KINDS}
    for each in schemas.values():
        del each["$schema"]
    references = [{"$ref": f"#/components/schemas/{name}"} for name in KINDS]
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Interoffice: the gateway",
            "version": "1",
            "description": "Messages start flows. 2xx says that a message is stored; it has exactly one run.",
        },
        "paths": {"/hooks/{source}": {"post": _operation(references)}},
        "components": {"schemas": schemas},
    }


def _operation(references: list[dict[str, str]]) -> Mapping[str, Any]:
    examples = {name: {"summary": kind.shape.__doc__, "value": example(name)} for name, kind in KINDS.items()}
    event = {"description": "A CloudEvent 1.0; its data are those of the kind that its type names."}
    answers = {
        "200": "It was stored before: by its id or, where that is not signed, by its content within a day.",
        "202": "It is stored; of a tool that sends too much, as one hint that stands for many.",
        "401": "The source is not known, or the message does not prove that it comes from it.",
        "403": "This source may not send this kind.",
        "408": "The body did not arrive in time.",
        "409": "Its id is known with other content.",
        "413": f"A body has at most {LARGEST:,} bytes.",
        "415": "A packed body is not taken.",
        "422": "It cannot be understood; the answer says where.",
        "429": "Too many, or too large together, of a source that is no tool: wait as Retry-After says.",
        "503": "It could not be stored: send it again.",
    }
    return {
        "summary": "Send a message, or let a tool send its webhooks here",
        "description": "Schemes: " + "; ".join(f"{each.name}: {each.what}" for each in SCHEMES.values()),
        "parameters": [{"name": "source", "in": "path", "required": True, "schema": {"type": "string"}}],
        "requestBody": {
            "required": True,
            "content": {
                PLAIN: {"schema": {"oneOf": references}, "examples": examples},
                STRUCTURED: {"schema": {"type": "object", **event}},
            },
        },
        "responses": {status: {"description": text} for status, text in answers.items()},
    }


def shown() -> tuple[Mapping[str, str], ...]:
    """Every kind for the page: name, what it does, the flow that it starts, and its example as text."""
    return tuple(_shown(name, kind) for name, kind in KINDS.items())


def _shown(name: str, kind: MessageKind) -> Mapping[str, str]:
    return {
        "name": name,
        "what": kind.shape.__doc__ or "",
        "flow": kind.flow.rpartition(".")[2].replace("_", "-"),
        "example": json.dumps(example(name), indent=2),
    }
