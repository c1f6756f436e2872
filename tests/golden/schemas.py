"""JSON schemas as structure: what may be written, without the names of classes and the words of docstrings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from pydantic import BaseModel

Json: TypeAlias = Any
NAMED = "properties"
"""Where the keys are names that somebody writes."""
WORDS = frozenset({"title", "description", "$defs", "definitions", "position"})
"""What says something to people only, or is called after a class."""
DATA = frozenset({"default", "const", "enum", "examples", "required"})
"""Values as they stand in a file."""


def of_model(model: type[BaseModel]) -> Json:
    """What a model reads, by the names that are written."""
    return structure(model.model_json_schema(mode="validation"))


def structure(schema: Mapping[str, Json]) -> Json:
    """The schema with everything that it refers to in its place."""
    return _inlined(dict(schema), {**schema.get("$defs", {}), **schema.get("definitions", {})})


def _inlined(
    value: Json, known: Mapping[str, Json], within: tuple[str, ...] = (), *, told: bool = False
) -> Json:
    """`told` says that a default around it tells its own defaults, so that they are not repeated."""
    if isinstance(value, list):
        return [_inlined(each, known, within, told=told) for each in value]
    if not isinstance(value, dict):
        return value
    if "$ref" in value:
        name = value["$ref"].rpartition("/")[2]
        if name in within:
            return "the same again"
        whole = {**known[name], **{key: each for key, each in value.items() if key != "$ref"}}
        return _inlined(whole, known, (*within, name), told=told)
    inside = told or isinstance(value.get("default"), dict)
    found = {}
    for key, each in sorted(value.items()):
        if key in WORDS or (key == "default" and told):
            continue
        if key == NAMED:
            found[key] = {n: _inlined(v, known, within, told=inside) for n, v in sorted(each.items())}
        elif key == "discriminator":
            found[key] = {"by": each["propertyName"], "values": sorted(each.get("mapping", {}))}
        else:
            found[key] = each if key in DATA else _inlined(each, known, within, told=inside)
    return found
