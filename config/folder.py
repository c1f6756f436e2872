"""The YAML files of an organization's folder, each read once: it refuses to guess at other names."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from config.documents import YamlDocument, read
from config.problems import Problems, meant
from config.shapes import only, raw_ids
from domain.standards.standard import Where

KEYS = {
    "organization.yaml": (
        "id",
        "name",
        "operator_decisions_count",
        "language",
        "clocks",
        "decisions",
        "retention",
        "rates",
    ),
    "offices.yaml": ("offices",),
    "people.yaml": ("people",),
    "programs.yaml": ("programs",),
    "relations.yaml": ("relations",),
    "agreements.yaml": ("agreements",),
    "tools.yaml": ("tools", "partitions"),
    "webhooks.yaml": ("sources", "receivers"),
    "clock.yaml": ("as_of",),
}
NEEDED = ("organization.yaml", "offices.yaml")
MANY = {"standards": "*/*.yaml", "tailorings": "*.yaml", "rollouts": "*.yaml", "templates": "*/*.yaml"}


@dataclass(frozen=True, slots=True)
class Files:
    """The documents that could be read, by name and by folder; `unread` are the names of the others."""

    single: dict[str, YamlDocument] = field(default_factory=dict)
    many: dict[str, list[YamlDocument]] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)

    def ids(self, file: str) -> list[str] | None:
        """The ids that a file declares, also in entries with other errors; None where they are not known."""
        key, document = file.removesuffix(".yaml"), self.single.get(file)
        listed = document.value.get(key) if document else []
        nothing = file in NEEDED and not listed
        if file in self.unread or nothing or not isinstance(listed, list | None):
            return None
        return raw_ids(document, key)


def read_folder(folder: Path, problems: Problems) -> Files:
    """Every file that the organization may have; what is wrong with one is a problem and it is left out."""
    files = Files()
    for file, keys in KEYS.items():
        if not (folder / file).exists():
            if file in NEEDED:
                files.unread.add(file)
                problems.add(Where(file, 1), "the file is missing", f"add it with {', '.join(keys)}")
            continue
        document = read(folder, file, problems)
        if document is None:
            files.unread.add(file)
        else:
            only(document, keys, problems)
            files.single[file] = document
    for room, pattern in MANY.items():
        files.many[room] = []
        for path in sorted((folder / room).glob(pattern)):
            name = path.relative_to(folder).as_posix()
            document = read(folder, name, problems)
            if document is None:
                files.unread.add(name)
            else:
                files.many[room].append(document)
    _strays(folder, problems)
    return files


def _strays(folder: Path, problems: Problems) -> None:
    """Warn of YAML files that are not read, so that a misspelled name is noticed."""
    for path in sorted([*folder.glob("*.yaml"), *folder.glob("*.yml")]):
        if path.name not in KEYS:
            hint = meant(path.with_suffix(".yaml").name, KEYS)
            problems.warn(Where(path.name, 1), "this file is not read", hint)
    for room in MANY:
        for path in sorted((folder / room).rglob("*.yml")):
            problems.warn(
                Where(path.relative_to(folder).as_posix(), 1), "this file is not read", "end it in .yaml"
            )
    for room, what in (("standards", "standard"), ("templates", "template")):
        for path in sorted((folder / room).glob("*.yaml")):
            hint = f"move it to {room}/<{what}>/<version>.yaml"
            problems.warn(Where(path.relative_to(folder).as_posix(), 1), "this file is not read", hint)
