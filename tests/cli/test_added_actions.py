"""What operators added to an automation of ours stays, also where it runs a deployment; ours is there once."""

from __future__ import annotations

from uuid import UUID

from prefect.events.actions import ChangeFlowRunState, DoNothing, RunDeployment
from prefect.server.schemas.states import StateType

from runtime.automations import NOTIFIES, REAPS, REPORTS, added, automations

IDS = {REAPS: UUID(int=1), REPORTS: UUID(int=2), "sweep-compliance": UUID(int=3), NOTIFIES: UUID(int=4)}
THEIRS, BEFORE = UUID(int=9), UUID(int=7)
FAILED, _, ESCALATED = automations(IDS)


def test_an_action_that_runs_a_deployment_stays_beside_ours() -> None:
    tell = RunDeployment(deployment_id=THEIRS, parameters={"channel": "pmo"})
    sweep = RunDeployment(deployment_id=IDS["sweep-compliance"])
    inferred = RunDeployment(source="inferred")
    stop = ChangeFlowRunState(state=StateType.CANCELLED)
    for there in (
        [*FAILED.actions, tell, sweep, inferred, stop],
        [tell, sweep, inferred, stop, *FAILED.actions],
    ):
        assert added(there, FAILED.actions, set()) == [tell, sweep, inferred, stop]


def test_ours_is_known_as_it_is_written_and_as_it_was_before() -> None:
    (own,) = ESCALATED.actions
    older = own.model_copy(update={"parameters": {"why": "other words"}})
    twice = own.model_copy(update={"parameters": {"why": "theirs"}})
    assert added([older], [own], set()) == []
    assert added([own, twice], [own], set()) == [twice]
    assert added([twice, own], [own], set()) == [twice], "ours by its words, though theirs comes first"
    assert added([own, own], [own], set()) == [own], "an operator's second one is theirs"
    assert added([], [own], set()) == []


def test_what_runs_a_deployment_that_is_gone_does_not_stay() -> None:
    old = RunDeployment(deployment_id=BEFORE, parameters={})
    assert added([old, DoNothing()], FAILED.actions, {BEFORE}) == [DoNothing()]
