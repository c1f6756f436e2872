"""JSON Schemas of an organization's files, for editors that complete and check while somebody writes.

They come from the types that read the files. Refuses to overwrite a file that is not one of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, JsonSchemaValue, models_json_schema
from pydantic_core import core_schema

from config.files import FILES, FOLDER, FileKind, ToolsFile
from config.narrowing import Json, narrowed
from connectors.registry import KINDS

DRAFT = "http://json-schema.org/draft-07/schema#"
"""The draft that editors know in full."""
DEFINITIONS = "#/$defs/"
OURS = "Written by `interoffice schema`; it is overwritten by the next one."


class NotOurs(Exception):
    """A file stands in the place of a schema that we did not write."""


def meaning(shape: type[BaseModel], name: str) -> str:
    """What a key of a shape means, as it or a shape that it extends says; empty where none does."""
    said = (each.model_fields[name].description for each in _shapes(shape) if name in each.model_fields)
    return " ".join(next(filter(None, said), "").split())


def _shapes(shape: type[BaseModel]) -> Iterator[type[BaseModel]]:
    return (each for each in shape.__mro__ if issubclass(each, BaseModel))


def key_of(name: str, field: FieldInfo) -> str:
    """The key as it is written."""
    return field.alias or name


class _Described(GenerateJsonSchema):
    """Our shapes with all that is known of them, and without titles made of the names of fields."""

    def field_title_should_be_set(self, schema: object) -> bool:
        """Never: a name with capitals says nothing that the key does not."""
        del schema
        return False

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        """A shape's schema."""
        found, shape = super().model_schema(schema), schema["cls"]
        found.pop("title", None)
        found["description"] = " ".join(found.get("description", "").split())
        for name, field in shape.model_fields.items():
            key = key_of(name, field)
            found["properties"][key] = _offered(found["properties"][key], meaning(shape, name))
        return narrowed(shape, found)


def _offered(found: Json, said: str) -> Json:
    """A key's schema with its meaning, and without what an editor would offer and nobody wants."""
    plain = found.get("type") == "string" and not any('"' in each for each in found.get("examples", ()))
    left = {"examples"} if not plain else set()
    if found.get("default", "") is None:
        left.add("default")
    return {**{key: each for key, each in found.items() if key not in left}, "description": said}


@cache
def schemas() -> Mapping[str, Json]:
    """The schema of every kind of file by its name."""
    return {kind.name: schema_of(kind) for kind in FILES}


def schema_of(kind: FileKind) -> Json:
    """The schema of one kind of file."""
    shapes: list[type[BaseModel]] = [kind.shape]
    if kind.shape is ToolsFile:
        shapes += [shape for each in KINDS.values() for shape in (each.tool, each.settings)]
    mode: JsonSchemaMode = "validation"
    asked = [(shape, mode) for shape in dict.fromkeys(shapes)]
    places, whole = models_json_schema(asked, schema_generator=_Described)
    shared: Json = whole["$defs"]
    for each in shared.values():
        each.pop("title", None)
    refs = {shape: places[shape, mode] for shape, _ in asked}
    found = shared.pop(named(refs[kind.shape]))
    if kind.shape is ToolsFile:
        _by_kind(shared, refs)
        found["allOf"] = [_alone(name, refs[kind.settings]) for name, kind in sorted(KINDS.items())]
    return {"$schema": DRAFT, "$comment": OURS, **found, "$defs": shared}


def named(schema: Json) -> str:
    """The name of the shape to which a schema refers."""
    return str(schema["$ref"]).removeprefix(DEFINITIONS)


def _by_kind(shared: Json, refs: Mapping[type[BaseModel], JsonSchemaValue]) -> None:
    """Settings by the kind of tool; of a partition, whose tool stands elsewhere, those of any one kind."""
    tool, part = shared["ToolShape"], shared["PartitionShape"]
    tool["allOf"] = [
        {
            "if": {"required": ["kind"], "properties": {"kind": {"const": name}}},
            "then": {
                "properties": {"settings": refs[kind.tool]},
                "required": ["settings"] if _needed(kind.tool) else [],
            },
        }
        for name, kind in sorted(KINDS.items())
    ]
    settings = {kind.settings: refs[kind.settings] for kind in KINDS.values()}
    part["properties"]["settings"]["anyOf"] = list(settings.values())
    part["required"] += ["settings"] if all(map(_needed, settings)) else []


def _alone(kind: str, settings: JsonSchemaValue) -> Json:
    """Where all tools are of one kind, the settings of all partitions are those of that kind."""
    one = {"required": ["kind"], "properties": {"kind": {"const": kind}}}
    every = {"type": "array", "minItems": 1, "items": one}
    part = {"type": ["array", "null"], "items": {"properties": {"settings": settings}}}
    return {
        "if": {"required": ["tools"], "properties": {"tools": every}},
        "then": {"properties": {"partitions": part}},
    }


def _needed(shape: type[BaseModel]) -> bool:
    """Whether there are no settings of that shape without a key."""
    try:
        shape.model_validate({})
    except ValidationError:
        return True
    return False


def write_schemas(folder: Path) -> tuple[Path, ...]:
    """Write them into the folder of an organization; their files.

    Raises NotOurs, and OSError; of files that are not ours nothing is changed.
    """
    place = folder / FOLDER
    place.mkdir(exist_ok=True)
    texts = {place / f"{name}.json": _text(found) for name, found in schemas().items()}
    for path in texts:
        if path.exists() and OURS not in path.read_text("utf-8", errors="replace"):
            raise NotOurs(path)
    for path, text in texts.items():
        path.write_text(text, "utf-8")
    return tuple(texts)


def _text(found: Json) -> str:
    return json.dumps(found, ensure_ascii=False, indent=1, default=str) + "\n"
