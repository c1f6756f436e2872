"""Where what a version demands of tools stands in an office's settings: the part, the line, a header for it.

Refuses to write settings: people keep them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from connectors.records.columns import ProjectColumns


@dataclass(frozen=True, slots=True)
class SettingsPlace:
    """A field's place in the settings of an office's part of a tool."""

    part: str
    """`projects` or `items`."""
    header: str
    """The header or field's name that is proposed."""
    line: str
    """What to add to that part."""


def place_of(name: str) -> SettingsPlace:
    """The place of a field by our name for it: `finish`, `item.due`, `gate.G1`, `attested.case`, `risks`."""
    kind, dot, last = name.partition(".")
    words = (last if dot else name).replace("_", " ").replace("-", " ")
    header = words[:1].upper() + words[1:]
    if kind == "item" and dot:
        return SettingsPlace("items", header, f"columns: {{{last}: {_said(header)}}}")
    if kind == "gate" and dot:
        return SettingsPlace("projects", f"Gate {last}", f"gates: {{{last}: {_said(f'Gate {last}')}}}")
    if kind == "attested" and dot:
        by = f"{header} by"
        more = "on: ..., document: ..., valid_until: ..."
        return SettingsPlace("projects", by, f"attested: {{{last}: {{person: {_said(by)}, {more}}}}}")
    group = "columns" if name in ProjectColumns.model_fields else "fields"
    return SettingsPlace("projects", header, f"{group}: {{{name}: {_said(header)}}}")


def _said(header: str) -> str:
    return json.dumps(header, ensure_ascii=False)
