"""Steer a rollout: pause, resume, roll back, leave out; only by a named person, with a reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from prefect import task

from config.wiring import House
from domain import wave
from domain.progress import take_out
from domain.rollout import OUT, Adoption, Rollout, Standing
from store.unit import Unit
from tasks.answering import spelled_out
from tasks.memory import house, load_network, permit_entered, record


class Action(StrEnum):
    """What a named person may do to a rollout."""

    PAUSE = "pause"
    RESUME = "resume"
    ROLL_BACK = "roll_back"
    LEAVE_OUT = "leave_out"


@dataclass(frozen=True, slots=True)
class Steered:
    """What steering came to: the rollout's state, and how many members were taken out."""

    rollout: str
    state: str
    taken_out: int
    changed: bool


@dataclass(frozen=True, slots=True)
class Command:
    """What is asked: of which rollout, about which office or project, by whom, why."""

    rollout: str
    action: Action
    subject: str
    person: str
    why: str


@task(name="steer")
def steer(command: Command, *, dry_run: bool) -> Steered:
    """Do it, once: a command that is already so changes nothing. Refuses unknown people and subjects.

    So it does all where the organization does not let what is entered for a person count.
    """
    home = house()
    permit_entered(home)
    with home.store.begin() as unit:
        command = _checked(home, unit, command)
        rollout = unit.rollouts.get(command.rollout)
        if rollout is None:
            known = ", ".join(r.id for r in unit.rollouts.all()) or "none"
            raise LookupError(f"there is no rollout {command.rollout}; there are: {known}")
        after, taken = ACTIONS[command.action](home, unit, rollout, command)
        changed = unit.rollouts.save(after) or taken > 0
        if changed:
            detail = {"action": str(command.action), "taken_out": taken, "entered_by_operator": True}
            subject = f"{rollout.id}: {command.subject}" if command.subject else rollout.id
            record(
                home, unit, "steering", subject, detail=detail, person=command.person, why=command.why
            )  # fmt: skip
        if not dry_run:
            unit.commit()
    return Steered(rollout.id, str(after.state), taken, changed)


def _checked(home: House, unit: Unit, command: Command) -> Command:
    """The command with its person and reason in full. Raises for nobody, and without a reason."""
    person = spelled_out(home, unit, command.person, "person")
    why = spelled_out(home, unit, command.why, "why")
    if person not in home.organization.people:
        raise LookupError(f"nobody has the id {person}: see people.yaml")
    if not why.strip():
        raise ValueError("give a reason: it is recorded with the decision")
    return replace(command, person=person, why=why)


def _pause(_home: House, _unit: Unit, rollout: Rollout, command: Command) -> tuple[Rollout, int]:
    return wave.pause(rollout, command.why), 0


def _resume(home: House, unit: Unit, rollout: Rollout, _command: Command) -> tuple[Rollout, int]:
    today = home.organization.strategic().calendar.local_date(home.clock.now())
    return wave.resume(rollout, unit.adoptions.of(rollout.id), today), 0


def _roll_back(home: House, unit: Unit, rollout: Rollout, command: Command) -> tuple[Rollout, int]:
    """Every member of the office leaves the rollout; what was placed in its tool is withdrawn."""
    if command.subject not in {member.office for member in rollout.manifest.members}:
        raise LookupError(f"no member of {rollout.id} is of an office {command.subject!r}")
    members = [a for a in unit.adoptions.of(rollout.id) if a.office == command.subject]
    return rollout, _take_out(home, unit, rollout, members, Standing.ROLLED_BACK)


def _leave_out(home: House, unit: Unit, rollout: Rollout, command: Command) -> tuple[Rollout, int]:
    """One project that nobody answers for is taken out of its wave's exit criterion."""
    members = [a for a in unit.adoptions.of(rollout.id) if a.project == command.subject]
    if not members:
        raise LookupError(f"{command.subject!r} is no member of {rollout.id}: give a project as office/id")
    if members[0].standing not in (Standing.UNANSWERED, Standing.QUESTIONED, *OUT):
        raise ValueError(f"{command.subject} is {members[0].standing}; only who does not answer is left out")
    return rollout, _take_out(home, unit, rollout, members, Standing.SKIPPED)


def _take_out(home: House, unit: Unit, rollout: Rollout, members: list[Adoption], standing: Standing) -> int:
    network = load_network(home, unit)
    why = "left out by a named person" if standing is Standing.SKIPPED else "rolled back by a named person"
    moved = [take_out(a, standing, why, network) for a in members if a.standing not in OUT]
    for adoption in moved:
        unit.adoptions.save(rollout.id, adoption)
    return len(moved)


ACTIONS: Mapping[Action, Callable[[House, Unit, Rollout, Command], tuple[Rollout, int]]] = {
    Action.PAUSE: _pause,
    Action.RESUME: _resume,
    Action.ROLL_BACK: _roll_back,
    Action.LEAVE_OUT: _leave_out,
}
