"""The JSON Schemas of an organization's files take what the files may hold, and see what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator, FormatChecker

from config.documents import read
from config.files import FILES, FOLDER, FileKind
from config.folder import KEYS, MANY, read_folder
from config.new_standard import FirstVersion, write_standard
from config.problems import Problems
from config.schemas import NotOurs, schemas, write_schemas
from config.skeleton import write_skeleton
from connectors.registry import KINDS
from tests.config.bad import BAD
from tests.config.good import FILES as GOOD
from tests.config.good import write

ROOT = Path(__file__).resolve().parents[2]
SEEN = (
    "a number by sixties",
    "digits of another script",
    "an unknown file key",
    "an unknown key",
    "an unknown key of a version",
    "a missing key",
    "an unknown key deep inside",
    "a word that is not one of ours",
    "a text where a list belongs",
    "a number where a text belongs",
    "a text where a number belongs",
    "true where a number belongs",
    "no value",
    "no list",
    "an id with capitals",
    "nobody leads",
    "no offices",
    "an unknown role",
    "an unknown time zone",
    "an unknown country",
    "a country in small letters",
    "an unknown part of a country",
    "an unknown currency",
    "an unknown weekday",
    "an address that is none",
    "a clock that is none",
    "a clock that ends at once",
    "clocks that are a number",
    "a level that is none",
    "a level told at no time",
    "a level that is empty",
    "a level told at once",
    "a head who is never told",
    "nothing by that name is shared",
    "an unknown kind of tool",
    "a secret as credentials",
    "a sentence as credentials",
    "a secret in settings",
    "a setting that no connector takes",
    "a setting that is missing",
    "a unit that is none",
    "a file that is no workbook",
    "an access that is none",
    "no rules",
    "an example of an unknown fact",
    "a rule without examples",
    "a computed rule without a check",
    "an attested rule without a subject",
    "a range without bounds",
    "a file under another standard",
    "a split into one",
    "leeway on a word",
    "leeway on an unknown fact",
    "leeway with two bounds",
    "a report of an unknown fact",
    "a tool that cannot be connected",
    "an adjustment of nothing",
    "a tailoring for two",
    "a tailoring for nobody",
    "a tailoring without a reason",
    "a share above 1",
    "a wave of nobody",
    "no waves",
    "a source that acts for nobody",
    "a source that acts for an empty list",
    "a source of everybody",
    "a tool's source that acts for offices",
    "a time without a zone",
    "a date instead of a time",
)
"""What a schema can see of tests/config/bad.py. The rest is no YAML, or needs other keys, files or the facts."""


@cache
def validator(name: str) -> Draft7Validator:
    return Draft7Validator(schemas()[name], format_checker=FormatChecker())


def kind_of(name: str) -> FileKind | None:
    return next((kind for kind in FILES if fnmatch(name, kind.pattern)), None)


def as_json(value: Any) -> Any:
    """Values as an editor has them, to which a date is a text."""
    if isinstance(value, dict):
        return {key: as_json(each) for key, each in value.items()}
    if isinstance(value, list):
        return [as_json(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value


def wrong(folder: Path, name: str) -> list[str]:
    """What the schema says of a file; nothing where it is no YAML."""
    document, kind = read(folder, name, Problems()), kind_of(name)
    if document is None or kind is None:
        return []
    return [
        f"{name} {error.json_path}: {error.message[:200]}"
        for error in validator(kind.name).iter_errors(as_json(document.value))
    ]


def yaml_files(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*.yaml")):
        name = path.relative_to(folder).as_posix()
        if kind_of(name):
            yield name


@pytest.mark.parametrize("name", [kind.name for kind in FILES])
def test_every_schema_is_one(name: str) -> None:
    Draft7Validator.check_schema(schemas()[name])


def test_the_files_and_their_keys_are_those_that_the_reader_knows() -> None:
    single = {kind.pattern: tuple(kind.shape.model_fields) for kind in FILES if "/" not in kind.pattern}
    assert single == KEYS
    assert {kind.pattern for kind in FILES} - set(single) == {f"{room}/{each}" for room, each in MANY.items()}


def test_the_skeleton_the_sample_and_the_organizations_of_tests_fit_their_schemas(tmp_path: Path) -> None:
    write_skeleton(tmp_path / "mine")
    write(tmp_path / "good")
    others = list((ROOT / "tests" / "offices_of_others").glob("*/organization"))
    assert others
    for folder in (tmp_path / "mine", tmp_path / "good", ROOT / "examples" / "harbor_group", *others):
        names = list(yaml_files(folder))
        assert len(names) >= 7
        assert [each for name in names for each in wrong(folder, name)] == []


def edited(case: str) -> tuple[str, bytes | None]:
    """A bad file's name and content; None where it is missing."""
    file, old, new, *_ = BAD[case]
    if new is None:
        return file, None
    new = new if isinstance(new, bytes) else new.encode()
    return file, new if old in ("*", "") else GOOD[file].encode().replace(old.encode(), new, 1)


def refused(case: str, folder: Path) -> bool:
    """Whether the schema refuses a bad file."""
    name, content = edited(case)
    if content is None:
        return False
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return bool(wrong(folder, name))


def test_the_schemas_refuse_what_they_can_see(tmp_path: Path) -> None:
    assert [case for case in SEEN if not refused(case, tmp_path)] == []


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_what_the_settings_of_a_tool_may_hold_goes_by_its_kind(kind: str) -> None:
    """The settings of a workbook fit the kind workbook only, alone and beside another tool."""
    settings = {"file": "workbooks/porto.xlsx"}
    part = {"projects": {"sheet": "Projects", "columns": {"id": "No.", "title": {"header": "Title"}}}}
    tool = {"id": "porto", "kind": kind, "settings": settings}
    partition = {"office": "porto", "tool": "porto", "settings": part}
    tools = {"tools": [tool], "partitions": [partition]}
    found = {tuple(error.absolute_path)[:1] for error in validator("tools").iter_errors(tools)}
    assert found == (set() if kind == "workbook" else {("tools",), ("partitions",)})
    del tool["settings"]
    assert not validator("tools").is_valid(tools)


def test_what_has_a_short_form_may_be_written_in_both() -> None:
    items = {
        "sheet": "I",
        "columns": {"id": "I", "title": {"header": "T", "under": "Items"}},
        "headings": "project",
    }
    projects = {
        "sheet": "S",
        "columns": {"id": "I", "title": "T", "budget": {"header": "B", "unit": 1000000}},
    }
    for statuses, good in (
        (["Open"], True),
        ({"open": ["Open"]}, True),
        ("Open", False),
        ({"opened": ["Open"]}, False),
    ):
        part = {"projects": projects, "items": {**items, "statuses": statuses}}
        tools = {"tools": [], "partitions": [{"office": "o", "tool": "a", "settings": part}]}
        assert validator("tools").is_valid(tools) is good


def test_a_key_that_is_not_there_and_one_of_another_kind_are_refused_in_a_partition() -> None:
    two = [
        {"id": "a", "kind": "workbook", "settings": {"file": "a.xlsx"}},
        {"id": "b", "kind": "trac", "settings": {"url": "https://trac.example", "user": "io"}},
    ]
    part = {"projects": {"sheet": "S", "columns": {"id": "I", "title": "T"}}}
    assert validator("tools").is_valid(
        {"tools": two, "partitions": [{"office": "o", "tool": "a", "settings": part}]}
    )
    part["follows"] = "Blocks"
    assert not validator("tools").is_valid(
        {"tools": two, "partitions": [{"office": "o", "tool": "a", "settings": part}]}
    )


def test_every_mapping_of_every_schema_refuses_unknown_keys_and_says_what_each_key_means() -> None:
    bare = [f"{name}: {at}" for name, schema in schemas().items() for at in undescribed(schema)]
    assert bare == []


def undescribed(schema: Any) -> Iterator[str]:
    """The mappings of shapes that take any key, and the keys without a meaning."""
    shapes = {"": schema, **schema["$defs"]}
    for name, shape in shapes.items():
        of = (
            shape
            if "properties" in shape
            else next((each for each in shape.get("anyOf", ()) if "properties" in each), {})
        )
        if of.get("type") == "object":
            if of.get("additionalProperties") is not False:
                yield f"{name} takes any key"
            yield from (
                f"{name}.{key}" for key, each in of["properties"].items() if not each.get("description")
            )


def test_a_key_without_a_meaning_is_found() -> None:
    schema = {
        "type": "object",
        "additionalProperties": False,
        "properties": {"a": {"description": "It."}},
        "$defs": {
            "B": {"type": "object", "additionalProperties": False, "properties": {"b": {"type": "string"}}},
            "C": {"type": "object", "properties": {}},
        },
    }
    assert list(undescribed(schema)) == ["B.b", "C takes any key"]


def test_the_files_of_init_name_their_schemas_and_find_them(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    write_skeleton(folder)
    write_standard(folder, FirstVersion("site-safety", "Site safety", "portfolio-office", date(2027, 1, 4)))
    named = []
    for path in folder.rglob("*"):
        if path.suffix in (".yaml", ".md"):
            line = next(
                line.strip()
                for line in path.read_text("utf-8").splitlines()
                if "yaml-language-server" in line
            )
            told = line.removeprefix("# yaml-language-server: $schema=")
            schema = folder / told.removeprefix("../" * told.count("../"))
            assert told.count("../") == len(path.relative_to(folder).parts) - 1 + (
                path.parent.name == "templates"
            )
            assert line in {kind.modeline for kind in FILES}
            named.append(schema.resolve())
    assert set(named) == {folder / FOLDER / f"{kind.name}.json" for kind in FILES if kind.name != "clock"}
    assert all(path.is_file() for path in named)
    assert [each for name in yaml_files(folder) for each in wrong(folder, name)] == []


def test_the_schemas_are_no_files_of_the_organization(tmp_path: Path) -> None:
    folder = write(tmp_path)
    (folder / FOLDER).mkdir()
    (folder / FOLDER / "stray.yaml").write_text("a: b\n", "utf-8")
    before = read_folder(folder, Problems())
    write_schemas(folder)
    problems = Problems()
    assert read_folder(folder, problems) == before
    assert problems.errors == problems.warnings == []


def test_the_schemas_are_overwritten_and_a_file_that_is_not_ours_is_not(tmp_path: Path) -> None:
    written = write_schemas(tmp_path)
    assert len(written) == len(FILES)
    (tmp_path / FOLDER / "own.json").write_text("{}", "utf-8")
    before = {path: path.read_text("utf-8") for path in written}
    written[3].write_text(f"{before[written[3]]} ", "utf-8")
    write_schemas(tmp_path)
    assert {path: path.read_text("utf-8") for path in written} == before
    assert (tmp_path / FOLDER / "own.json").read_text("utf-8") == "{}"
    written[3].write_text("{}", "utf-8")
    written[0].unlink()
    with pytest.raises(NotOurs):
        write_schemas(tmp_path)
    assert written[3].read_text("utf-8") == "{}"
    assert not written[0].exists()
