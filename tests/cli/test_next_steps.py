"""After each step of the way to a first answer the command names the next one, for the same organization."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import replace
from pathlib import Path

import pytest

from cli.next_steps import next_step, same_place
from domain.outcomes.outcome import Cycled
from domain.outcomes.rollouts import Approved, Simulated
from domain.outcomes.standards import Published
from tests.domain.outcomes.examples import SENTENCES

MINE = Namespace(organization=Path("my organization"), state=None)
OUTCOMES = [outcome for outcome, _ in SENTENCES]


def first(kind):
    """An example of an outcome that did something."""
    return next(each for each in OUTCOMES if isinstance(each, kind) and not getattr(each, "dry_run", False))


@pytest.mark.parametrize(
    ("kind", "flow"),
    [(Published, "simulate-standard"), (Simulated, "roll-out-standard"), (Approved, "run-cycle")],
)
def test_the_next_flow_is_named_with_the_organization(kind, flow) -> None:
    step = next_step(first(kind), MINE)
    assert f"interoffice run {flow} " in step
    assert "--organization 'my organization'" in step
    assert "--state" not in step


def test_options_of_a_next_command_are_those_that_were_given() -> None:
    given = Namespace(organization=Path("my organization"), state=Path("here"))
    assert same_place(given) == " --organization 'my organization' --state here"
    assert same_place(Namespace(organization=None, state=None)) == ""


def test_a_simulation_is_named_by_a_digest_that_may_be_pasted() -> None:
    simulated = first(Simulated)
    assert f"digest={simulated.digest[:12]} " in next_step(simulated, MINE)


def test_nothing_follows_a_dry_run_or_a_failure() -> None:
    assert next_step(None, MINE) == ""
    assert next_step(replace(first(Published), dry_run=True), MINE) == ""
    cycles = [each for each in OUTCOMES if isinstance(each, Cycled)]
    assert [next_step(each, MINE) != "" for each in cycles] == [not each.advanced.dry_run for each in cycles]
