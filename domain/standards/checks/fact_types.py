"""The types of facts, in the words of docs/standards.md, for people who write rules."""

from __future__ import annotations

from collections.abc import Mapping

from domain.standards.checks.sizes import TypeKind, of_fact

WORDS: Mapping[TypeKind, str] = {
    TypeKind.BOOL: "true or false",
    TypeKind.INT: "whole number",
    TypeKind.DOUBLE: "double",
    TypeKind.TEXT: "text",
    TypeKind.TIME: "date",
    TypeKind.LIST: "list of texts",
    TypeKind.DYN: "as the tool has it",
}


def type_of(path: str) -> str:
    """The type of the fact `root.name`."""
    root, _, name = path.partition(".")
    return WORDS[of_fact(root, name).kind]
