"""Whether an organization is the copy of the sample, by the content of three of its files.

Its path alone proves nothing: somebody may keep their own organization there. Refuses a copy in which one of
these files was changed: it is treated as the user's own.
"""

from __future__ import annotations

from pathlib import Path

from config.settings import ROOT

ORIGINAL = ROOT / "examples" / "harbor_group"
FOLDER = "organization"
"""The folder in the state folder that holds the copy."""
TOLD_BY = ("organization.yaml", "offices.yaml", "programs.yaml")
"""The files that no week of the sample and no live copy changes."""


def is_copy(organization: Path, state: Path) -> bool:
    """Whether the organization is the copy of the sample in that state folder."""
    return organization == state / FOLDER and all(_is_original(organization / name) for name in TOLD_BY)


def may_become_copy(organization: Path, state: Path) -> bool:
    """Whether it is the copy's folder, without another organization in it: empty, interrupted, or whole."""
    there = (organization / name for name in TOLD_BY)
    return organization == state / FOLDER and all(_is_original(each) for each in there if each.exists())


def _is_original(file: Path) -> bool:
    return file.is_file() and file.read_bytes() == (ORIGINAL / file.name).read_bytes()
