"""What a stored message asks for: read as data, by its id; it refuses to carry it out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from prefect import task

from config.envelope import Unfit, data_of, fitting, kind_of, parameters, referred
from config.messages import MessageShape
from config.wiring import House
from domain.message import Posted
from store.unit import Unit
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
        posted, said = _said(home, unit, message)
    kind = kind_of(posted.kind)
    return Asked(posted.kind, kind.flow, parameters(kind, said, message))


def spelled_out(home: House, unit: Unit, parameter: str, field: str) -> str:
    """A parameter's text; where it refers to a stored message, what that one says under `field`.

    A reason names the source that gave it. Raises LookupError, ValueError and PermissionError as
    `read_message` does.
    """
    message = referred(parameter)
    if not message:
        return parameter
    posted, said = _said(home, unit, message)
    if field not in said.withheld:
        raise ValueError(f"a message of the kind {posted.kind} says nothing of {field}")
    text = str(getattr(said, field))
    return f"{posted.source}: {text}" if field == "why" else text


def _said(home: House, unit: Unit, message: str) -> tuple[Posted, MessageShape]:
    """A stored message and its data, if its source may still send such a one."""
    posted = unit.inbox.get(message)
    source = home.organization.sources.get(posted.source)
    if source is None or posted.kind not in source.may:
        raise PermissionError(f"its source may not send {posted.kind}: see webhooks.yaml, `may`")
    if not posted.body:
        raise LookupError("the body of this message is no longer kept: have it sent anew")
    try:
        return posted, fitting(kind_of(posted.kind), data_of(posted.body))
    except Unfit as why:
        raise ValueError(str(why)) from None
