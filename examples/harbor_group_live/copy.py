"""The live sample for `up --live`: finds its servers, makes its copy, and names its credentials.

A state folder that holds a live copy stays one, whatever the options say. Refuses to start servers, and to
show a credential.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from config.settings import ROOT
from examples.harbor_group_live.sample import Live, begun, credentials, opened
from examples.harbor_group_live.servers import NotThere, Servers, known
from runtime.place import Place
from runtime.problem import Problem

NOTES = ROOT / "var" / "servers" / "servers.json"


def environment() -> Mapping[str, str]:
    """The product's own credentials in both servers, by the names of their variables."""
    return credentials(_servers())


def prepare(place: Place, say: Callable[[str], None]) -> None:
    """Make the copy and its projects in the servers, where they are missing. Raises Problem."""
    servers = _servers()
    if not (place.folder.sample / "clock.yaml").exists():
        say("putting the projects of four offices into Redmine and Trac; this takes a minute")
    try:
        live = begun(place.folder.live, place.folder.sample, servers)
    except NotThere as problem:
        raise Problem(str(problem)) from None
    say(
        f"Hamburg, Vigo and the strategic office plan in Redmine, {live.hamburg.url}; Singapore in Trac, {live.singapore.url}"
    )


def copy_in(place: Place) -> Live | None:
    """The live copy in that state folder; None where it is the plain sample. Raises Problem."""
    if not place.folder.live.exists():
        return None
    try:
        return opened(place.folder.live, place.folder.sample, _servers())
    except NotThere as problem:
        raise Problem(str(problem)) from None


def _servers() -> Servers:
    try:
        return known(NOTES)
    except NotThere as problem:
        raise Problem(str(problem)) from None
