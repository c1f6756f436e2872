"""The types of facts, in the words of docs/standards.md, as those who write rules are told them."""

from __future__ import annotations

from collections.abc import Mapping

from domain.standards.checks.sizes import Kind, of_fact

WORDS: Mapping[Kind, str] = {
    Kind.BOOL: "true or false",
    Kind.INT: "whole number",
    Kind.DOUBLE: "double",
    Kind.TEXT: "text",
    Kind.TIME: "date",
    Kind.LIST: "list of texts",
    Kind.DYN: "as the tool has it",
}


def type_of(path: str) -> str:
    """What the fact `root.name` is."""
    root, _, name = path.partition(".")
    return WORDS[of_fact(root, name).kind]
