"""docs/organization.md: its examples load and fit their schemas, and every key of every file has a row on it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cli.organization_page import EXAMPLES, organization_page, place_of, title_of
from config.files import FILES, FileKind, OfficesFile
from config.offices import OfficeShape
from config.organization import Loaded
from config.schemas import schema_of, schemas
from config.wiring import examine
from connectors.registry import KINDS
from tests.config.test_schemas import undescribed, wrong, yaml_files

HEADING = re.compile(r"(?m)^(#{2,4}) `?(.*?)`?$")
ROW = re.compile(r"(?m)^\| `([a-z_]+)` \|")


def test_the_examples_are_an_organization_that_loads_and_fits_the_schemas() -> None:
    found = examine(EXAMPLES)
    assert isinstance(found, Loaded), found
    assert (found.warnings, found.withheld) == ((), ())
    assert [each for name in yaml_files(EXAMPLES) for each in wrong(EXAMPLES, name)] == []
    assert all(list(EXAMPLES.glob(kind.pattern)) for kind in FILES)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_the_example_of_every_kind_of_tool_loads_and_fits_the_schema(kind: str, tmp_path: Path) -> None:
    for name in ("organization.yaml", "offices.yaml", "clock.yaml"):
        shutil.copy(EXAMPLES / name, tmp_path)
    people = (EXAMPLES / "people.yaml").read_text("utf-8")
    (tmp_path / "people.yaml").write_text(re.sub(r"(?m)^ +accounts: .*\n", "", people), "utf-8")
    shutil.copy(EXAMPLES / "kinds" / f"{kind}.yaml", tmp_path / "tools.yaml")
    found = examine(tmp_path)
    assert isinstance(found, Loaded), found
    assert {tool.kind for tool in found.organization.tools.values()} == {kind}
    assert found.withheld == ()
    assert wrong(tmp_path, "tools.yaml") == []


def tables(page: str) -> dict[tuple[str, str], set[str]]:
    """The keys on a page, by the file and the heading under which they stand; of a file's own table, its name."""
    found: dict[tuple[str, str], set[str]] = {}
    parts = HEADING.split(page)[1:]
    file = ""
    for level, title, text in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
        file = title if level == "##" else file
        found.setdefault((file, title.lower()), set()).update(ROW.findall(text))
    return found


def missing(page: str) -> Iterator[str]:
    """The keys of the files that have no row on a page."""
    on_page = tables(page)
    of_kinds = {shape.__name__: name for name, kind in KINDS.items() for shape in (kind.tool, kind.settings)}
    for kind in FILES:
        place = place_of(kind)
        shapes: dict[str, Any] = {place: schemas()[kind.name], **schemas()[kind.name]["$defs"]}
        for name, shape in shapes.items():
            of = (
                shape
                if "properties" in shape
                else next((each for each in shape.get("anyOf", ()) if "properties" in each), {})
            )
            heading = name if name == place else of_kinds.get(name, title_of(name))
            known = on_page.get((place, heading.lower()), set())
            yield from (f"{place}: {name}.{key}" for key in of.get("properties", {}) if key not in known)


def test_every_key_of_every_file_has_a_row_on_the_page() -> None:
    assert list(missing(organization_page())) == []


def test_a_key_that_the_page_lacks_is_found() -> None:
    page = organization_page()
    for row, name in (
        ("| `answer_days` | whole number, 1 to 100 |  |", "offices.yaml: OfficeShape.answer_days"),
        ("| `board` |", "tools.yaml: GitHubProjects.board"),
        ("| `follows` |", "tools.yaml: JiraSettings.follows"),
    ):
        assert row in page
        assert list(missing(page.replace(row, "| |"))) == [name]


def test_a_key_that_nobody_describes_is_found() -> None:
    class Planted(OfficeShape):
        planted: str = ""
        answer_days: int | None = None

    class PlantedFile(OfficesFile):
        offices: tuple[Planted, ...]

    assert list(undescribed(schema_of(FileKind("planted", "planted.yaml", OfficesFile)))) == []
    assert list(undescribed(schema_of(FileKind("planted", "planted.yaml", PlantedFile)))) == [
        "Planted.planted"
    ]


def test_every_link_of_the_page_leads_to_a_heading() -> None:
    page = organization_page()
    headings = {
        re.sub(r"[^a-z0-9-]", "", title.lower().replace(" ", "-")) for _, title in HEADING.findall(page)
    }
    assert {target for target in re.findall(r"\]\(#(.*?)\)", page) if target not in headings} == set()
    titles = [title_of(name) for name in schemas()["tools"]["$defs"]]
    assert len(set(titles)) == len(titles)
