"""The catalogs of translations, kept in line with the code: `python -m cli.catalogs` writes them.

A text is found where it is said: in a call of `say`, `count` or `name` of a language, in a `Message`, in the
meaning of a fact, and in the templates of pages. A new text gets an entry without a translation, and a test
says so until there is one; an entry whose text is gone is taken out. Refuses to translate, and to guess which
text a changed one was.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from jinja2 import nodes

from config.languages import CATALOGS, catalog, shipped
from reports.render import template_trees
from runtime.folder import CHECKOUT

ROOMS = ("domain", "config", "connectors", "reports", "tasks", "gateway")
PORTS = frozenset({"domain/language.py", "reports/spoken.py"})
"""What is given a text by others, and looks it up."""
NOBODYS = ('"Report-Msgid', '"POT-', '"PO-', '"Last-Tr', '"Language-Team', '"Generated-By')
"""Lines of a catalog's head that say who wrote it, when and with what: the same texts give the same bytes."""
FACT = "fact"
"""What the meanings of facts are about."""


@dataclass(frozen=True, slots=True, order=True)
class Text:
    """A text as it stands in a catalog: its form for one and for many (empty where it counts nothing)."""

    one: str
    many: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a text stands; `line` is where it is no literal, so that no catalog can have it, else 0."""

    file: str
    line: int = 0


def texts() -> dict[Text, list[str]]:
    """Every text of the code and the templates, with the files that say it."""
    found: dict[Text, list[str]] = {}
    for text, place in _everything():
        if not place.line and place.file not in found.setdefault(text, []):
            found[text].append(place.file)
    return found


def not_literal() -> list[str]:
    """Where something is said that is no literal, as `file:line`."""
    return [f"{place.file}:{place.line}" for _, place in _everything() if place.line]


@cache
def _everything() -> tuple[tuple[Text, Place], ...]:
    """The code and the templates as they were when it was asked first."""
    return tuple(_read())


def _read() -> Iterator[tuple[Text, Place]]:
    for room in ROOMS:
        for path in sorted((CHECKOUT / room).rglob("*.py")):
            name = path.relative_to(CHECKOUT).as_posix()
            for text, place in of_module(name, ast.parse(path.read_text("utf-8"))):
                if not (place.line and name in PORTS):
                    yield text, place
    for file, tree in template_trees():
        yield from _of_template(file.relative_to(CHECKOUT).as_posix(), tree)


def of_module(name: str, tree: ast.Module) -> Iterator[tuple[Text, Place]]:
    """The texts that a module says."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        called = node.func.id if isinstance(node.func, ast.Name) else called
        given = [_constant(each) for each in node.args]
        if called == "Message" and given and given[0]:
            about = next((_constant(each.value) for each in node.keywords if each.arg == "about"), "")
            one, many = (*given, "", "")[:2]
            yield Text(one or "", many or "", about or ""), Place(name)
        elif called == FACT and given and given[0]:
            yield Text(given[0], about=FACT), Place(name)
        else:
            yield from _said(called, given, Place(name), node.lineno)


def _of_template(name: str, tree: nodes.Template) -> Iterator[tuple[Text, Place]]:
    for node in tree.find_all(nodes.Call):
        if isinstance(node.node, nodes.Name):
            given = [each.value if isinstance(each, nodes.Const) else None for each in node.args]
            yield from _said(node.node.name, given, Place(name), node.lineno)


def _said(called: str, given: list[str | None], place: Place, line: int) -> Iterator[tuple[Text, Place]]:
    """The text of one call of a language, or where it is none that a catalog can have."""
    if called == "say" and given:
        yield Text(given[0] or ""), place if given[0] else Place(place.file, line)
    elif called == "count" and len(given) == 3:
        literal = given[1] and given[2]
        yield Text(given[1] or "", given[2] or ""), place if literal else Place(place.file, line)
    elif called == "name" and len(given) == 2 and given[0] and given[1]:
        yield Text(given[1], about=given[0]), place


def _constant(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def translated(tag: str) -> dict[Text, tuple[str, ...]]:
    """The translations of a language by its catalog, one for each form; empty where there is none."""
    found = {}
    for each in catalog(tag):
        if each.id:
            one, *many = each.id if isinstance(each.id, tuple | list) else (each.id,)
            said = each.string if isinstance(each.string, tuple | list) else (each.string or "",)
            found[Text(one, "".join(many), each.context or "")] = tuple(said)
    return found


def untranslated(tag: str) -> list[str]:
    """The texts without a translation in a language."""
    return [text.one for text, said in translated(tag).items() if not all(said)]


def brought_in_line(tag: str, wanted: Iterable[tuple[Text, list[str]]]) -> Catalog:
    """The catalog of a language for exactly these texts; what is new has no translation yet."""
    known = translated(tag)
    made = Catalog(tag, project="Interoffice", version="0.1.0", header_comment="", fuzzy=False)
    for text, files in wanted:
        ids = (text.one, text.many) if text.many else text.one
        said = known.get(text, ())
        string = said or ("",) * made.num_plurals if text.many else "".join(said[:1])
        made.add(ids, string, [(each, 0) for each in files], context=text.about or None)
    return made


def write(tag: str, to: Path) -> None:
    """Write one catalog, in the order of its texts."""
    made = BytesIO()
    write_po(made, brought_in_line(tag, sorted(texts().items())), width=110, include_lineno=False)
    lines = made.getvalue().decode().lstrip().splitlines(keepends=True)
    to.write_text("".join(each for each in lines if not each.startswith(NOBODYS)), "utf-8")


def main() -> int:
    """Write every catalog; say what is not translated."""
    for tag in shipped()[1:]:
        write(tag, CATALOGS / f"{tag}.po")
    catalog.cache_clear()
    missing = [
        f"{tag}: {text.one}"
        for tag in shipped()[1:]
        for text, said in translated(tag).items()
        if not all(said)
    ]
    sys.stdout.write("".join(f"not translated, {each}\n" for each in missing))
    return bool(missing)


if __name__ == "__main__":
    sys.exit(main())
