"""answer-message: what another system asked for by webhook is done, as far as it may ask for it."""

from __future__ import annotations

import importlib

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Failed

from domain.outcomes.outcome import Answered, FlowOutcome
from flows.outcome import answering, came_to, done
from tasks.answering import read_message


@flow(name="answer-message", flow_run_name="answer {message}")
@answering("answer-message")
async def answer_message(message: str) -> State[Answered]:
    """Do what a stored message asks for, by the flow of its kind.

    Run it never by hand: the gateway does. `interoffice inbox resend` repeats it.

    The message is read as data from our own record. What is written where, that flow says. Started by the
    gateway; started by hand it does the same.

    Args:
        message: The id of the message, as `interoffice inbox list` shows it. Its flow says what it writes.
    """
    asked = read_message(message)
    module, _, name = asked.flow.rpartition(".")
    wanted = getattr(importlib.import_module(module), name)
    state: State[State[FlowOutcome]] = await wanted(**asked.parameters, return_state=True)
    if not state.is_completed():
        return Failed(message=f"{asked.kind}: {state.message or state.name}")
    return done(Answered(asked.kind, await came_to(state)))
