"""What a stored message asks for: read as data, by its id; it refuses to carry it out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from prefect import task

from config.envelope import Unfit, data_of, kind_of, parameters
from tasks.memory import house


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for: a flow by its module entrypoint, and its parameters."""

    kind: str
    flow: str
    parameters: Mapping[str, object]


@task(name="read-message")
def read_message(message: str) -> Asked:
    """What the message asks for. Raises LookupError, ValueError and PermissionError, saying what to do."""
    home = house()
    with home.store.read() as unit:
        posted = unit.inbox.get(message)
    source = home.organization.sources.get(posted.source)
    if source is None or posted.kind not in source.may:
        raise PermissionError(f"its source may not send {posted.kind}: see webhooks.yaml, `may`")
    if not posted.body:
        raise LookupError("the body of this message is no longer kept: have it sent anew")
    try:
        kind = kind_of(posted.kind)
        return Asked(posted.kind, kind.flow, parameters(kind, data_of(posted.body), posted.source))
    except Unfit as why:
        raise ValueError(str(why)) from None
