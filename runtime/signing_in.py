"""A link that signs in to Prefect's page of the `up` that holds a state folder, once."""

from __future__ import annotations

from runtime.place import Place
from runtime.problem import Problem


def link(place: Place) -> str:
    """A new link. Raises Problem where no `up` with a server of its own runs, or no ticket can be written."""
    from config.tickets import issue  # noqa: PLC0415 - keeps --help quick
    from config.wiring import SystemClock  # noqa: PLC0415 - keeps --help quick
    from gateway.pages.sign_in import PATH  # noqa: PLC0415 - keeps --help quick

    notes = place.folder.notes()
    if not place.folder.server:
        raise Problem(f"no `interoffice up` serves {place.folder.root} -> start it, or name it with --state")
    if not notes.get("own_server"):
        raise Problem(f"{notes.get('ui')} is a Prefect server of your own -> sign in there as you always do")
    try:
        ticket = issue(place.folder.root, SystemClock().now())
    except OSError as problem:
        raise Problem(
            f"no ticket can be written into {place.folder.root}: {problem.strerror or problem}"
            " -> run this as the user who runs Interoffice"
        ) from None
    return f"{notes.get('page')}{PATH}#{ticket}"
