"""A run leaves its outcome where another process reads it; a run inside another one returns it."""

import asyncio
import importlib
import uuid
from typing import get_args, get_type_hints

import pytest
from prefect.client.schemas.objects import FlowRun, State
from prefect.context import FlowRunContext

from domain.outcomes.outcome import Outcome
from flows.outcome import came_to, done, refused
from runtime.manifest import read_manifest
from runtime.record import Record
from store.errors import Busy
from store.outcomes import Outcomes
from tests.domain.outcomes.examples import READ, SENTENCES


def within(run: FlowRun) -> FlowRunContext:
    """The surroundings of a run, as far as an outcome looks at them."""
    return FlowRunContext.model_construct(flow_run=run)


def run_of(**more: object) -> FlowRun:
    return FlowRun(id=uuid.uuid4(), flow_id=uuid.uuid4(), **more)


def test_a_run_that_ends_well_says_its_sentence_and_keeps_its_outcome(fresh) -> None:
    record = Record(fresh.application)
    for outcome, sentence in SENTENCES:
        run = run_of()
        with within(run):
            state = done(outcome)
        assert (state.is_completed(), state.message) == (True, sentence)
        assert asyncio.run(came_to(state)) == outcome
        assert record.outcome(str(run.id)) == outcome


def test_a_run_inside_another_one_is_not_kept_for_itself(fresh) -> None:
    run = run_of(parent_task_run_id=uuid.uuid4())
    with within(run):
        state = done(READ)
    assert asyncio.run(came_to(state)) == READ
    assert Record(fresh.application).outcome(str(run.id)) is None


@pytest.mark.usefixtures("fresh")
def test_outside_of_a_run_an_outcome_is_only_handed_over(monkeypatch) -> None:
    monkeypatch.setattr(Outcomes, "put", lambda *_: pytest.fail("nothing is kept here"))
    assert asyncio.run(came_to(done(READ))) == READ


@pytest.mark.usefixtures("fresh")
def test_an_outcome_that_cannot_be_kept_fails_the_run_and_says_why(monkeypatch) -> None:
    def busy(*_: object) -> None:
        raise Busy("another one writes")

    monkeypatch.setattr(Outcomes, "put", busy)
    with within(run_of()):
        state = done(READ)
    assert (state.is_failed(), state.message) == (True, "Refused: another one writes")


def test_what_was_refused_has_no_outcome(fresh) -> None:
    run = run_of()
    with within(run):
        state = refused(LookupError("no such office"))
    assert (state.is_failed(), state.message, state.data) == (True, "Refused: no such office", None)
    assert Record(fresh.application).outcome(str(run.id)) is None


@pytest.mark.parametrize("deployment", read_manifest().deployments, ids=lambda each: each.name)
def test_every_flow_declares_the_outcome_that_it_comes_to(deployment) -> None:
    module, _, name = deployment.entrypoint.rpartition(".")
    declared = get_type_hints(getattr(importlib.import_module(module), name).fn)["return"]
    states = [declared] if isinstance(declared, type) else get_args(declared)
    kinds = [state.__pydantic_generic_metadata__["args"][0] for state in states]
    assert all(issubclass(state, State) for state in states)
    assert set(kinds) <= set(get_args(Outcome))
