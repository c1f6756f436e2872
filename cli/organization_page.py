"""The page of docs/ about an organization's files: every key of each, from the schemas of the files.

Its examples are the files of examples/reference. It refuses to say what the schemas do not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from config.files import FILES, FileKind
from config.narrowing import Json
from config.schemas import named, schemas
from config.shapes import SLUG
from connectors.registry import KINDS
from runtime.folder import CHECKOUT

EXAMPLES = CHECKOUT / "examples" / "reference"
HEAD = """# The files of an organization

People write these files, and Interoffice only reads them: an organization is a folder of YAML files.
`interoffice init DIR` writes a commented folder to begin with, `interoffice check DIR` reports every
problem with file, line and what to write, and `interoffice schema DIR` writes JSON Schemas of all files
into `DIR/.schemas`. An editor that finds one by the first line of a file (`# yaml-language-server:
$schema=.schemas/offices.json`) completes keys and values, says what each means, and marks what is wrong. It
needs no more than that file: whether an office that is named exists is found by `check`.

A key that is not on this page is refused. Secrets never stand in a file, only their names. Whatever is a
date is written as 2027-01-04. The examples are one organization,
[examples/reference](../examples/reference); [clocks.md](clocks.md) says how the clocks run and who leads,
[standards.md](standards.md) how rules are written.

Written by `make docs` from the types that read the files (`config/`, `connectors/`); change it there.

"""
COLUMNS = "| key | type | default | meaning |\n|---|---|---|---|\n"
PLACES = {
    "standards": "standards/STANDARD/VERSION.yaml",
    "tailorings": "tailorings/*.yaml",
    "rollouts": "rollouts/*.yaml",
}
TITLES = {
    "Plain": "column",
    "Percent": "column of percentages",
    "Money": "column of money",
    "Work": "column of work",
    "ProjectsFields": "projects on a server",
    "ProjectFields": "fields of projects on a server",
    "ItemsFields": "items on a server",
    "ItemFields": "fields of items on a server",
    "QuestionsFields": "questions on a server",
    "DeviationsFields": "requests for deviations on a server",
    "AzureItems": "work items in Azure DevOps",
    "AzureItemFields": "fields of work items in Azure DevOps",
    "GitHubProjects": "repositories on GitHub",
    "JiraItems": "issues in Jira",
    "JiraItemFields": "fields of issues in Jira",
    "TracProjects": "projects in Trac",
    "TracItems": "items in Trac",
    "TracItemFields": "fields of items in Trac",
    "TracQuestions": "questions in Trac",
    "FileProject": "project of a project file",
    "FileProjectColumns": "fields of a project file's project",
    "FileItems": "tasks of a project file",
    "FileItemColumns": "fields of a project file's tasks",
    "FileQuestions": "questions in a project file",
}
FEW = 20
"""Values of which a table lists all."""
SETTINGS = ("ToolShape", "PartitionShape")


@dataclass
class Shapes:
    """The shapes of a schema that were linked to, and those of them that have their table."""

    known: Mapping[str, Json]
    linked: list[str] = field(default_factory=list)

    def link(self, name: str) -> str:
        """A link to a shape's table, which is wanted from now on."""
        if name not in self.linked:
            self.linked.append(name)
        title = title_of(name)
        return f"[{title}](#{anchor_of(title)})"


def organization_page() -> str:
    """The page: a part for each kind of file, the tools' settings by kind of tool in that of tools.yaml."""
    parts = [HEAD, "| file | what is in it |\n|---|---|\n"]
    for kind in FILES:
        place, what = place_of(kind), schemas()[kind.name]["description"]
        parts.append(f"| [`{place}`](#{anchor_of(place)}) | {what} |\n")
    for kind in FILES:
        parts += _file(kind, schemas()[kind.name])
    return "".join(parts)


def place_of(kind: FileKind) -> str:
    """Where a kind of file stands, as people read it."""
    return PLACES.get(kind.name, kind.pattern)


def title_of(name: str) -> str:
    """A shape's title; where it has none of its own, it is made of the name of its class."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name.removesuffix("Shape"))
    return TITLES.get(name, words.lower())


def anchor_of(title: str) -> str:
    """The name by which a heading is linked to."""
    return re.sub(r"[^a-z0-9-]", "", title.lower().replace(" ", "-"))


def _file(kind: FileKind, schema: Json) -> Iterator[str]:
    yield f"\n## `{place_of(kind)}`\n\n{schema['description']}\n\n```yaml\n{example(kind)}```\n\n"
    shapes = Shapes(schema["$defs"])
    yield from rows(schema, shapes)
    yield from _linked(shapes)
    if kind.name == "tools":
        yield from _settings(shapes)


def example(kind: FileKind) -> str:
    """The example of a kind of file: the last one by name."""
    return max(EXAMPLES.glob(kind.pattern)).read_text("utf-8")


def _settings(shapes: Shapes) -> Iterator[str]:
    """The settings of each kind of tool, and then the shapes that they share."""
    yield "\n### Settings by kind of tool\n\n"
    yield "Each example is a whole tools.yaml. What is a link has its own table below all kinds.\n"
    for name, kind in sorted(KINDS.items()):
        text = (EXAMPLES / "kinds" / f"{name}.yaml").read_text("utf-8")
        yield f"\n#### `{name}`\n\n```yaml\n{text}```\n"
        for what, shape in (("the tool", kind.tool), ("an office's part of it", kind.settings)):
            schema = shapes.known[shape.__name__]
            yield f"\n`settings` of {what}:\n\n"
            yield from rows(schema, shapes)
    yield "\n### What the settings hold\n"
    yield from _linked(shapes, level=4, done={*SETTINGS})


def _linked(shapes: Shapes, level: int = 3, done: set[str] | None = None) -> Iterator[str]:
    """The tables of the shapes that were linked to, and of those that these link to."""
    told = set() if done is None else done
    while left := [name for name in shapes.linked if name not in told]:
        name = left[0]
        told.add(name)
        title = title_of(name)
        yield f"\n{'#' * level} {title[0].upper()}{title[1:]}\n\n{shapes.known[name]['description']}\n\n"
        if "properties" not in shapes.known[name]:
            yield "The short form (a header, or a list of names), or a mapping:\n\n"
        yield from rows(shapes.known[name], shapes)


def rows(schema: Json, shapes: Shapes) -> Iterator[str]:
    """The table of a shape's keys."""
    shape = schema if "properties" in schema else next(s for s in schema["anyOf"] if "properties" in s)
    yield COLUMNS
    for key, each in shape["properties"].items():
        default = "needed" if key in shape.get("required", ()) else default_of(each.get("default"))
        cells = (f"`{key}`", type_of(each, shapes), default, each["description"])
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |\n"


def default_of(value: object) -> str:
    """A default as it is written; empty for nothing, and where the table of its own shape has it."""
    if isinstance(value, Mapping):
        if "header" not in value:
            return ""
        inside = ", ".join(f"{key}: {each}" for key, each in value.items() if each is not None)
        return f"`{value['header']}`" if len(value) == 1 else f"`{{{inside}}}`"
    if isinstance(value, list):
        return f"`[{', '.join(map(str, value))}]`" if value else ""
    if isinstance(value, bool):
        return f"`{value}`".lower()
    return "" if value in ("", None) else f"`{value}`"


def type_of(schema: Json, shapes: Shapes) -> str:
    """What may stand there, in words."""
    if "$ref" in schema:
        name = named(schema)
        inside = shapes.known[name]
        return type_of(inside, shapes) if "enum" in inside else shapes.link(name)
    if 0 < len(schema.get("enum", ())) <= FEW:
        return _listed([f"`{each}`" for each in dict.fromkeys(map(str, schema["enum"]))])
    if "const" in schema:
        return f"`{schema['const']}`"
    if schema.get("type") in WORDS:
        return WORDS[schema["type"]](schema, shapes)
    parts = [type_of(each, shapes) for each in schema.get("anyOf", ()) if each != {"type": "null"}]
    return " or ".join(dict.fromkeys(parts))


def _listed(values: list[str]) -> str:
    return values[0] if len(values) == 1 else f"{', '.join(values[:-1])} or {values[-1]}"


def _text(schema: Json, shapes: Shapes) -> str:
    del shapes
    if schema.get("pattern") == SLUG:
        return "id"
    return {"date": "date", "date-time": "time"}.get(schema.get("format", ""), "text")


def _number(schema: Json, shapes: Shapes) -> str:
    del shapes
    what = "whole number" if schema["type"] == "integer" else "number"
    least, most = schema.get("minimum"), schema.get("maximum")
    if least is None or most is None:
        return what if least is None else f"{what}, {least} or more"
    return f"{what}, {least:g} to {most:g}"


def _list(schema: Json, shapes: Shapes) -> str:
    inside = type_of(schema["items"], shapes)
    return f"list: {inside}" + ("; one or more" if schema.get("minItems") else "")


def _mapping(schema: Json, shapes: Shapes) -> str:
    inside = schema.get("additionalProperties")
    return f"mapping to {type_of(inside, shapes)}" if isinstance(inside, dict) else "mapping"


WORDS = {
    "string": _text,
    "integer": _number,
    "number": _number,
    "boolean": lambda *_: "true or false",
    "array": _list,
    "object": _mapping,
}
