"""What a form, a schedule or a command can get wrong: each is refused with a text that says what there is."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from flows.refusals import REFUSALS
from tasks.publishing import publish_version
from tasks.rolling import approve_rollout, simulate_rollout
from tasks.steering import Steering, steer
from tasks.sweeping import sweep_network
from tests.tasks.conftest import Desk, forget

ROLLOUT = "delivery-method-2"


def approve(digest: str = "", person: str = "") -> Callable[[Desk], object]:
    return lambda desk: approve_rollout.fn(
        digest or desk.simulate(), person or desk.approver(), "why", dry_run=False
    )


def steered(action: Steering, subject: str = "", rollout: str = ROLLOUT, person: str = "", why: str = "why"):
    return lambda desk: steer.fn(rollout, action, subject, person or desk.approver(), why, dry_run=False)


BAD = {
    "an unknown version is published": (
        lambda _: publish_version.fn("delivery-method/9.9", "why", "", dry_run=False),
        "it holds delivery-method/1.0, delivery-method/2.0",
    ),
    "a version without its standard": (
        lambda _: publish_version.fn("2.0", "why", "", dry_run=True),
        "it holds",
    ),
    "an empty version": (lambda _: publish_version.fn("", "why", "", dry_run=True), "holds no version"),
    "a version without a planned rollout": (
        lambda _: simulate_rollout.fn("delivery-method/1.0"),
        "planned are: delivery-method/2.0",
    ),
    "a simulation of nothing": (lambda _: simulate_rollout.fn(""), "no rollout of"),
    "a digest that nobody simulated": (approve("f" * 64), "run simulate-standard"),
    "half a digest": (approve("f" * 12), "no simulation has the digest"),
    "text instead of a digest": (approve("the one of yesterday"), "no simulation is called"),
    "too little of a digest": (approve("f" * 7), "give its first 8 characters at least"),
    "a simulation of another day": (approve("delivery-method 2.0, 2020-01-01"), "no simulation is called"),
    "an opaque id of nobody": (
        lambda desk: approve_rollout.fn(desk.simulate(), "p-" + "0" * 16, "why", dry_run=False),
        "open the form anew and choose again",
    ),
    "a rollout steered by an opaque id of nobody": (
        steered(Steering.PAUSE, person="p-" + "0" * 16),
        "`interoffice person list` says who is who",
    ),
    "a rollout that does not exist": (steered(Steering.PAUSE, rollout="other"), f"there are: {ROLLOUT}"),
    "no reason": (steered(Steering.PAUSE, why="   "), "give a reason"),
    "pausing one office": (steered(Steering.PAUSE, "antwerp"), "is about the whole rollout"),
    "rolling back no office": (steered(Steering.ROLL_BACK), "is of an office ''"),
    "rolling back an office out of scope": (
        steered(Steering.ROLL_BACK, "bergen"),
        "is of an office 'bergen'",
    ),
    "leaving out no project": (steered(Steering.LEAVE_OUT), "give a project as office/id"),
    "leaving out a title": (steered(Steering.LEAVE_OUT, "Gate automation"), "give a project as office/id"),
    "leaving out who was not asked": (
        steered(Steering.LEAVE_OUT, "group/GP-01"),
        "only who does not answer is left out",
    ),
    "bringing back no office": (steered(Steering.BRING_BACK), "give a project as office/id"),
    "bringing back an office out of scope": (steered(Steering.BRING_BACK, "bergen"), "an office 'bergen'"),
    "sweeping under an unknown version": (
        lambda _: sweep_network("delivery-method/3.0"),
        "published are:",
    ),
    "sweeping under a word": (lambda _: sweep_network("latest"), "is not published"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_parameter_is_refused_and_told_what_there_is(begun: Desk, name: str) -> None:
    do, told = BAD[name]
    head = _head(begun)
    with pytest.raises(REFUSALS) as refused:
        do(begun)
    assert told in str(refused.value)
    assert _head(begun) == head, "what is refused leaves no trace in the ledger"


@pytest.mark.parametrize("decide", [approve(), *(steered(action, "antwerp") for action in Steering)])
def test_an_organization_that_permits_no_operators_decisions_refuses_them(
    begun: Desk, decide: Callable[[Desk], object]
) -> None:
    path = begun.folder / "organization.yaml"
    text = path.read_text("utf-8")
    assert "operator_decisions_count: true" in text
    path.write_text(
        text.replace("operator_decisions_count: true", "operator_decisions_count: false"), "utf-8"
    )
    forget()
    with pytest.raises(PermissionError, match="does not count in this organization"):
        decide(begun)


def _head(desk: Desk) -> str:
    with desk.application.store.read() as unit:
        return unit.ledger.head()
