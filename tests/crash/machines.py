"""F8 and F9: both sides change at random and converge; lost hooks do no harm; conflicts go by policy."""

import tempfile
from pathlib import Path

from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from domain.organization.office import Conflict
from tests.contract.convergence import FAULTS, Sides, a_day_without_hooks
from tests.crash.conflicts import FIELDS, Desk
from tests.crash.tally import Tally


def converged(machines: int, steps: int) -> Tally:
    """Random edits on both sides, hooks lost, doubled and mixed; after one scan the sides are equal."""
    tally = Tally(
        f"F8 both sides change, {machines} machines of {steps} steps", points=machines, attempted=machines
    )
    much = settings(
        max_examples=machines, stateful_step_count=steps, derandomize=True, database=None, deadline=None
    )
    try:
        run_state_machine_as_test(Sides, settings=much)
    except AssertionError as problem:
        tally.unexpected = 1
        tally.wrong.append(str(problem))
    return tally


def echoing() -> Tally:
    """The controls: connectors that echo, that take late for new, that never look for what was removed."""
    tally = Tally("F8 controls: an echo, a clock of its own, no sweep", control=True)
    few = settings(
        max_examples=50, stateful_step_count=30, derandomize=True, database=None, report_multiple_bugs=False,
        phases=[Phase.generate], deadline=None,
    )  # fmt: skip
    for said, machine in FAULTS.items():
        tally.points += 1
        try:
            run_state_machine_as_test(machine, settings=few)
        except AssertionError as problem:
            tally.unexpected += 1
            tally.expect(said in str(problem), f"it was caught for another reason: {problem}")
        else:
            tally.wrong.append(f"{machine.make.__name__} was not caught")
    return tally


def lost_hooks() -> Tally:
    """A day of changes without one hook: the next scan repairs all of them."""
    tally = Tally("F9 a day of lost hooks, 20 days of 200 changes")
    for chance in range(20):
        differing, total = a_day_without_hooks(200, chance)
        tally.points += 1
        tally.attempted += total
        tally.unexpected += differing
        tally.recovered += total - differing
    return tally


def conflicts() -> Tally:
    """Three policies and every type of field: the field goes as the policy says, the others are untouched."""
    tally = Tally(f"F9 conflicts, {len(Conflict)} policies x {len(FIELDS)} fields")
    for policy in Conflict:
        for name, field in FIELDS.items():
            with tempfile.TemporaryDirectory() as folder:
                desk = Desk(Path(folder))
                desk.policy(policy)
                told = desk.conflict(name)
                desk.close()
            right = field.ours if policy is Conflict.OURS else field.theirs
            tally.points, tally.attempted = tally.points + 1, tally.attempted + 1
            tally.unexpected += told.stands != right or not told.others_written or not told.foreign_kept
            tally.expect(told.conflicts == 1, f"{policy} {name}: the conflict was not reported")
            tally.expect(told.writes_after == 0, f"{policy} {name}: it is written again and again")
    return tally
