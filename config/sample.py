"""Whether an organization is the copy of the sample: by what it says of itself and of its people.

Its place alone says nothing: somebody may keep their own organization there. Refuses what was changed: then
it is treated as one's own.
"""

from __future__ import annotations

from pathlib import Path

from config.settings import ROOT

ORIGINAL = ROOT / "examples" / "harbor_group"
FOLDER = "organization"
"""The folder of the state folder in which the copy lies."""
TOLD_BY = ("organization.yaml", "people.yaml", "offices.yaml")
"""What no week of the sample and no live copy changes."""


def is_copy(organization: Path, state: Path) -> bool:
    """Whether the organization is the copy of the sample in that state folder."""
    return organization == state / FOLDER and all(_is_original(organization / name) for name in TOLD_BY)


def may_become_copy(organization: Path, state: Path) -> bool:
    """Whether it is the place of the copy with nobody else's files: empty, interrupted, or whole."""
    there = (organization / name for name in TOLD_BY)
    return organization == state / FOLDER and all(_is_original(each) for each in there if each.exists())


def _is_original(file: Path) -> bool:
    return file.is_file() and file.read_bytes() == (ORIGINAL / file.name).read_bytes()
