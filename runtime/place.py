"""Which organization and which state folder a command works on: options first, then the environment.

Without either it is the sample, in `var` of the checkout. An organization of one's own gets a state folder
of its own, so that no two ever share a record.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from runtime.folder import StateFolder
from runtime.narrowing import close
from runtime.privacy import become_owner
from runtime.problem import Problem

if TYPE_CHECKING:
    from config.settings import Settings


@dataclass(frozen=True, slots=True)
class Place:
    """Where a command works. `is_sample` says that the organization is the copy of the sample."""

    folder: StateFolder
    settings: Settings

    @property
    def is_sample(self) -> bool:
        """Whether this is the copy of the sample, or its place, still empty."""
        from config.sample import may_become_copy  # noqa: PLC0415 - keeps --help quick

        return may_become_copy(self.settings.organization, self.folder.root)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the two options that every command on an organization has."""
    parser.add_argument(
        "--organization", type=Path, metavar="DIR", help="the folder of an organization; else the sample"
    )
    parser.add_argument(
        "--state",
        type=Path,
        metavar="DIR",
        help="where everything that Interoffice writes lies (default: var)",
    )


def placed(arguments: argparse.Namespace) -> Place:
    """The place that the options and the environment name. Raises BadSettings, and Problem for no folder.

    Afterwards this process runs as the owner of the state folder, and nobody else may read that.
    """
    from config.settings import read_settings, variable  # noqa: PLC0415 - keeps --help quick

    settings = read_settings()
    organization, state = arguments.organization, arguments.state
    if organization is not None:
        organization = organization.expanduser().resolve()
        if not organization.is_dir():
            raise Problem(f"{organization} is no folder -> make one with `interoffice init {organization}`")
    if state is None:
        state = settings.state
        if organization is not None and not variable("INTEROFFICE_STATE"):
            state = state / "organizations" / _named(organization)
    state = state.expanduser().resolve()
    _enter(state, settings.state)
    if organization is None and not variable("INTEROFFICE_ORGANIZATION"):
        organization = StateFolder(state).sample
    changes = {"state": state, "organization": organization or settings.organization}
    return Place(StateFolder(state), settings.model_copy(update=changes))


def standing(arguments: argparse.Namespace) -> Place:
    """As `placed`, for an organization that is there already. Raises Problem where none is."""
    place = placed(arguments)
    if not place.settings.organization.is_dir():
        raise Problem(f"{place.settings.organization} is not there -> start with `interoffice up`")
    return place


def _enter(state: Path, above: Path) -> None:
    """Root becomes the owner of the folder, or of the one where it will be made; it is closed to others."""
    owned = above if not state.exists() and above in state.parents else state
    if name := become_owner(owned):
        print(f"interoffice: as {name}, whose {owned} is", file=sys.stderr, flush=True)
    close(state)


def _named(organization: Path) -> str:
    digest = hashlib.sha256(str(organization).encode()).hexdigest()[:6]
    return f"{re.sub(r'[^a-z0-9]+', '-', organization.name.lower()).strip('-') or 'organization'}-{digest}"
