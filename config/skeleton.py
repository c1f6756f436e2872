"""A commented skeleton of an organization, and offices with their tools added to it or to a folder of one.

Everything is worked out before the first byte is written: an interruption leaves nothing half-done. Refuses a
new folder that is not empty, an id that is taken, and to touch an office's own file.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from config.documents import YamlDocument, read
from config.files import FOLDER
from config.problems import Problems, UnusableOrganization
from config.schemas import write_schemas
from config.shapes import raw_ids
from config.skeleton_entries import OfficeSaid, ToolSaid, office_entry, person_entry
from config.yaml_lists import NotAList, added

TEMPLATE = Path(__file__).with_name("skeleton")
FIRST_OFFICE = "portfolio-office"
OFFICES, PEOPLE, TOOLS = "offices.yaml", "people.yaml", "tools.yaml"
LONGEST_ID = 60


@dataclass(frozen=True, slots=True)
class Addition:
    """What is added for one office: itself unless it is there, a new person who heads it, its tool."""

    office: OfficeSaid
    tool: ToolSaid | None = None
    head_name: str = ""
    """The name of the person who heads it, for an entry in people.yaml where there is none of that id."""
    copy: tuple[Path, str] | None = None
    """A file to copy, and its place in the organization's folder."""
    further: bool = False
    """Whether its tool may be a further one of an office that has one already."""


class NotEmpty(Exception):
    """The folder is not empty."""


class CannotAdd(Exception):
    """Something cannot be added; the text is what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The offices, people and tools of a folder, as far as something is added to them."""

    offices: tuple[str, ...]
    people: tuple[str, ...]
    tools: tuple[str, ...]
    planning: frozenset[str]
    """The offices that have a part of a tool."""
    top: str
    """The office that leads."""
    head: str
    """Who heads that office."""
    country: str
    time_zone: str
    currency: str
    """Those of the office that leads, which are proposed for others."""


def write_skeleton(folder: Path, additions: Sequence[Addition] = ()) -> tuple[Path, ...]:
    """Write the skeleton with these additions; the folder's files without the schemas.

    Raises NotEmpty when the folder holds anything, CannotAdd, and OSError when it cannot be written.
    """

    def fill(new: Path) -> None:
        for name, text in _with(new, additions).items():
            (new / name).write_bytes(text.encode())
        _copy(new, additions)

    return staged(folder, fill)


def staged(folder: Path, fill: Callable[[Path], None]) -> tuple[Path, ...]:
    """A new folder of the skeleton, which `fill` changes before it is put into its place; its files.

    Raises NotEmpty, and what `fill` raises; then nothing is there.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise NotEmpty(f"{folder} is not empty")
    folder.parent.mkdir(parents=True, exist_ok=True)
    stage = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        new = stage / "new"
        _fresh_copy(TEMPLATE, new)
        fill(new)
        write_schemas(new)
        _move(new, folder)
    finally:
        shutil.rmtree(stage, ignore_errors=True)
    return tuple(sorted(path for path in folder.rglob("*") if path.is_file() and path.parent.name != FOLDER))


def _fresh_copy(template: Path, new: Path) -> None:
    """Copy a folder's content, with the rights that the caller wants of what it makes."""
    new.mkdir()
    for path in sorted(template.rglob("*")):
        target = new / path.relative_to(template)
        if path.is_dir():
            target.mkdir()
        else:
            target.write_bytes(path.read_bytes())


def add_to(folder: Path, additions: Sequence[Addition]) -> tuple[Path, ...]:
    """Add to the organization in a folder; the files that changed or are new.

    Raises CannotAdd, UnusableOrganization where a file that is to be changed cannot be read, and OSError.
    """
    texts = _with(folder, additions)
    for each in additions:
        if each.copy and (folder / each.copy[1]).exists():
            raise CannotAdd(f"{folder / each.copy[1]} is there already -> remove it, or leave out --copy")
    copied = _copy(folder, additions)
    try:
        _replace(folder, texts)
    except BaseException:
        for path in copied:
            path.unlink(missing_ok=True)
        raise
    return tuple(sorted((*(folder / name for name in texts), *copied)))


def standing_of(folder: Path) -> Standing:
    """What is there. Raises UnusableOrganization with what is wrong with the files."""
    problems = Problems()
    documents = {name: _document(folder, name, problems) for name in (OFFICES, PEOPLE, TOOLS)}
    if problems.errors:
        raise UnusableOrganization(problems)
    offices = _entries(documents[OFFICES], "offices")
    if not offices:
        raise CannotAdd(f"{folder / OFFICES} has no office -> make the folder with `interoffice init` first")
    strategic = [each for each in offices if each.get("kind") == "strategic" and not each.get("parent")]
    top = (strategic or offices)[0]
    roles = top.get("roles")
    heads = roles.get("head") if isinstance(roles, Mapping) else None
    people = raw_ids(documents[PEOPLE], "people")
    named = [str(each) for each in heads] if isinstance(heads, list) else []
    return Standing(
        tuple(raw_ids(documents[OFFICES], "offices")),
        tuple(people),
        tuple(raw_ids(documents[TOOLS], "tools")),
        frozenset(str(each.get("office")) for each in _entries(documents[TOOLS], "partitions")),
        str(top.get("id")),
        (*named, *people, "")[0],
        *(str(top.get(key, "")) for key in ("country", "time_zone", "currency")),
    )


def id_of(name: str) -> str:
    """An id made of a name: lower case letters, digits and dashes; none where it has no letter of ours."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST_ID].strip("-")


def office_id(name: str) -> str:
    """The id of an office, made of a file's name; `office` where that gives none."""
    return id_of(name) or "office"


def place_of(file: Path, folder: Path) -> str:
    """A file as settings name it: from the organization's folder where it lies beside it, else absolute."""
    whole = file.parent.resolve() / file.name
    home = folder.resolve()
    beside = home.parent if home.parent != home.parent.parent else home
    return os.path.relpath(whole, home) if beside in whole.parents else str(whole)


def _document(folder: Path, name: str, problems: Problems) -> YamlDocument | None:
    return read(folder, name, problems) if (folder / name).exists() else None


def _entries(document: YamlDocument | None, key: str) -> list[Mapping[str, object]]:
    listed = document.value.get(key) if document else None
    return [each for each in listed if isinstance(each, Mapping)] if isinstance(listed, list) else []


def _with(folder: Path, additions: Iterable[Addition]) -> dict[str, str]:
    """The new texts of the files that change, by name. Raises CannotAdd."""
    there = standing_of(folder)
    offices, people, tools, planning = map(set, (there.offices, there.people, there.tools, there.planning))
    texts: dict[str, str] = {}

    def add(name: str, key: str, entry: Sequence[str]) -> None:
        path = folder / name
        if name not in texts:
            texts[name] = path.read_bytes().decode() if path.exists() else ""
        try:
            texts[name] = added(texts[name], key, entry)
        except NotAList as wrong:
            raise CannotAdd(f"{path}:{wrong.line}: {wrong} -> write it so, then add again") from None

    for each in additions:
        office, tool = each.office, each.tool
        if office.id in offices and (tool is None or (office.id in planning and not each.further)):
            raise CannotAdd(
                f"the office {office.id} is there already -> give another id with --office, or for a further "
                "tool of this one its id with --tool"
            )
        if tool is not None and tool.id in tools:
            raise CannotAdd(f"the tool {tool.id} is there already -> give another id with --tool")
        if office.head and office.head not in people:
            add(PEOPLE, "people", person_entry(office.head, each.head_name or office.head))
            people.add(office.head)
        if office.id not in offices:
            add(OFFICES, "offices", office_entry(office, there.top, there.head))
            offices.add(office.id)
        if tool is not None:
            add(TOOLS, "tools", tool.tool)
            add(TOOLS, "partitions", tool.partition)
            tools.add(tool.id)
            planning.add(office.id)
    return texts


def _copy(folder: Path, additions: Iterable[Addition]) -> list[Path]:
    """Copy the files that are to be copied; where they are now."""
    made = []
    for source, place in (each.copy for each in additions if each.copy):
        target = folder / place
        target.parent.mkdir(exist_ok=True)
        shutil.copy2(source, target)
        made.append(target)
    return made


def _move(new: Path, folder: Path) -> None:
    """Put a finished folder into its place, all of it or nothing."""
    if not folder.exists():
        new.rename(folder)
        return
    moved: list[Path] = []
    try:
        for path in sorted(new.iterdir()):
            path.rename(folder / path.name)
            moved.append(folder / path.name)
    except BaseException:
        for path in moved:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        raise


def _replace(folder: Path, texts: Mapping[str, str]) -> None:
    """Replace the files, all of them or none; modes and symbolic links stay."""
    places = {name: (folder / name).resolve() for name in texts}
    before = {place: place.read_bytes() for place in places.values() if place.exists()}
    beside = {name: place.with_name(f".{place.name}.new") for name, place in places.items()}
    try:
        for name, path in beside.items():
            path.write_bytes(texts[name].encode())
            if places[name] in before:
                shutil.copymode(places[name], path)
        for name, path in beside.items():
            path.replace(places[name])
    except BaseException:
        with suppress(OSError):
            for place, old in before.items():
                if place.read_bytes() != old:
                    place.write_bytes(old)
        raise
    finally:
        for path in beside.values():
            path.unlink(missing_ok=True)
