"""What a stored message asks for, and in whose name: read as data, by its id; it refuses to do it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from prefect import task

from config.envelope import Unfit, data_of, fitting, kind_of, parameters, referred
from config.leading import leader_about
from config.messages import MessageShape
from config.permitting import permitted
from domain.messages.inbox import Posted
from domain.organization.actions import Actor, Operator, Sender
from domain.organization.webhooks import Source
from store.unit import Unit
from tasks.choosing import person_of
from tasks.context import current_application


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for: a flow by its module entrypoint, and its parameters."""

    kind: str
    flow: str
    parameters: Mapping[str, object]


@task(name="read-message")
def read_message(message: str) -> Asked:
    """What the message asks for, if its source and the person that it names still may.

    Raises LookupError, ValueError and PermissionError, saying what to do; a refusal is recorded.
    """
    application = current_application()
    with application.store.read() as unit:
        posted, source, said = _said(unit, application.organization.sources, message)
    asks = said.asks
    known = {*application.versions, *(plan.id for plan in application.rollouts)}
    permitted(
        application.organization, application.store, application.clock,
        Sender(source, posted.kind, asks.person), asks.action,
        leader=leader_about(application, asks.action, asks.subject, concerned=asks.concerned),
        concerned=asks.concerned,
        subject=asks.subject if asks.subject in known else "", why=said.why,
    )  # fmt: skip
    kind = kind_of(posted.kind)
    return Asked(posted.kind, kind.flow, parameters(kind, said, message))


def reason_of(unit: Unit, sources: Mapping[str, Source], parameter: str) -> str:
    """The reason in full; where the parameter refers to a stored message, that message's, with its source.

    `sources` are the organization's, by id. Raises LookupError, ValueError and PermissionError as
    `read_message` does.
    """
    message = referred(parameter)
    if not message:
        return parameter
    posted, source, said = _said(unit, sources, message)
    if posted.kind not in source.may:
        raise PermissionError(f"this source may not send {posted.kind}: name it in webhooks.yaml, `may`")
    return f"{posted.source}: {said.why}"


def actor_of(unit: Unit, sources: Mapping[str, Source], parameter: str, asked: Mapping[str, str]) -> Actor:
    """Who decides: the person that an operator entered, or a message's source and the person it names.

    `parameter` is the person's opaque id or own id, or refers to a message; `asked` is what the run is asked
    for, by the names of the message's fields. Raises ValueError where the message asks for something else,
    and LookupError and PermissionError as `read_message` does.
    """
    message = referred(parameter)
    if not message:
        return Operator(person_of(unit, parameter))
    posted, source, said = _said(unit, sources, message)
    told = said.model_dump()
    if any(told.get(name) != value for name, value in asked.items()):
        raise ValueError(f"that message, {posted.kind}, does not ask for this: resend it by its id instead")
    return Sender(source, posted.kind, said.asks.person)


def _said(unit: Unit, sources: Mapping[str, Source], message: str) -> tuple[Posted, Source, MessageShape]:
    """A stored message, its source, and its data."""
    posted = unit.inbox.get(message)
    source = sources.get(posted.source)
    if source is None:
        raise PermissionError("its source stands no longer in webhooks.yaml: name it there, or leave it")
    if not posted.body:
        raise LookupError("the body of this message is no longer kept: have it sent anew")
    try:
        return posted, source, fitting(kind_of(posted.kind), data_of(posted.body))
    except Unfit as why:
        raise ValueError(str(why)) from None
