"""Steer a rollout: pause and resume, take out and bring back; by a named, permitted person, with a reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from prefect import task

from config.permitting import permitted
from config.wiring import Clock
from domain.compliance.network import Network
from domain.ids import Subject
from domain.organization.actions import Action, Actor, Permission
from domain.organization.office import Office, Organization
from domain.organization.webhooks import Source
from domain.outcomes.rollouts import Steered
from domain.rollouts import wave
from domain.rollouts.progress import bring_back, take_out
from domain.rollouts.rollout import OUT, Adoption, Rollout, Standing, leader_of_waves
from store.unit import Unit
from tasks.answering import actor_of, reason_of
from tasks.context import current_application
from tasks.network import load_network
from tasks.recording import entry, record


class Steering(StrEnum):
    """What a named person may do to a rollout; each undoes another, or is undone by one."""

    PAUSE = "pause"
    RESUME = "resume"
    ROLL_BACK = "roll_back"
    LEAVE_OUT = "leave_out"
    BRING_BACK = "bring_back"


@dataclass(frozen=True, slots=True)
class Command:
    """What is asked: of which rollout, about which office or project, by whom, why."""

    rollout: str
    action: Steering
    subject: str
    person: str
    why: str


@dataclass(frozen=True, slots=True)
class Desk:
    """What an action works with: the rollout, its members, and the network that they are in."""

    rollout: Rollout
    members: tuple[Adoption, ...]
    network: Network
    command: Command


AfterAction = tuple[Rollout, tuple[Adoption, ...]]
"""The rollout after an action, and the members that it moved."""


@task(name="steer")
def steer(rollout: str, action: Steering, subject: str, person: str, why: str, *, dry_run: bool) -> Steered:
    """Carry out the action; one in effect already changes nothing. A dry run reports and stores nothing.

    `subject` is an office's id, a project's key, or empty. `person` decided; that, and the reason, may refer
    to a message. Raises PermissionError for a person or source that may not, LookupError for unknown rollouts
    and subjects, ValueError without a reason and for what the rollout does not permit now.
    """
    application = current_application()
    organization = application.organization
    with application.store.read() as unit:
        leader = _leader(organization, _rollout(unit, rollout))
        command, actor = _understood(
            unit, organization.sources, Command(rollout, action, subject, person, why)
        )
    by = permitted(
        organization, application.store, application.clock, actor, Action(action), leader=leader,
        concerned=subject, subject=_about(organization, command), why=command.why, dry_run=dry_run,
    )  # fmt: skip
    with application.store.read() as unit:
        network = load_network(unit, application.rulebook, application.clock.now())
    with application.store.begin() as unit:
        before = _rollout(unit, rollout)
        desk = Desk(before, unit.adoptions.of(before.id), network, command)
        after, moved = ACTIONS[action](desk, command.why)
        changed = _keep(unit, after, moved)
        if changed:
            _record(unit, application.clock, command, len(moved), (actor, by))
        if not dry_run:
            unit.commit()
    members, waves = before.manifest.size, len(before.manifest.waves)
    whole = (str(after.state), members, waves, len(moved))
    return Steered(after.id, Action(command.action), *whole, changed, by, dry_run)


def _understood(unit: Unit, sources: Mapping[str, Source], command: Command) -> tuple[Command, Actor]:
    """The command with its reason in full, and who decides. Raises ValueError without a reason."""
    asked = {"rollout": command.rollout, "action": str(command.action), "subject": command.subject}
    why = reason_of(unit, sources, command.why)
    actor = actor_of(unit, sources, command.person, asked)
    if not why.strip():
        raise ValueError("give a reason: it is recorded with the decision")
    return replace(command, why=why), actor


def _keep(unit: Unit, rollout: Rollout, moved: Iterable[Adoption]) -> bool:
    """Store the rollout and the members that moved; whether anything changed."""
    members = tuple(moved)
    for adoption in members:
        unit.adoptions.save(rollout.id, adoption)
    return unit.rollouts.save(rollout) or bool(members)


def _record(
    unit: Unit, clock: Clock, command: Command, moved: int, decided: tuple[Actor, Permission]
) -> None:
    actor, by = decided
    way = "brought_back" if command.action is Steering.BRING_BACK else "taken_out"
    detail = {"action": str(command.action), way: moved, **entry(actor, by)}
    about = str(Subject(command.rollout, command.subject)) if command.subject else command.rollout
    record(unit, clock, "steering", about, detail=detail, person=actor.person, why=command.why)


def _rollout(unit: Unit, rollout: str) -> Rollout:
    found = unit.rollouts.get(rollout)
    if found is None:
        known = ", ".join(r.id for r in unit.rollouts.all()) or "none"
        raise LookupError(f"there is no rollout {rollout}; there are: {known}. roll-out-standard begins one")
    return found


def _leader(organization: Organization, rollout: Rollout) -> Office:
    """The strategic office that leads the rollout."""
    return leader_of_waves(organization, rollout.manifest.waves)


def _about(organization: Organization, command: Command) -> str:
    """The rollout's id, with the office's where the command is about one; a refusal keeps no other text."""
    office = command.subject in organization.offices
    return str(Subject(command.rollout, command.subject)) if office else command.rollout


def _pause(desk: Desk, why: str) -> AfterAction:
    _whole(desk)
    return wave.pause(desk.rollout, why), ()


def _resume(desk: Desk, _why: str) -> AfterAction:
    _whole(desk)
    today = _leader(desk.network.organization, desk.rollout).calendar.local_date(desk.network.now)
    return wave.resume(desk.rollout, desk.members, today), ()


def _roll_back(desk: Desk, _why: str) -> AfterAction:
    """Every member of the office leaves the rollout; what was placed in its tool is withdrawn."""
    members = _of_office(desk)
    return desk.rollout, _out(desk, members, Standing.ROLLED_BACK, "rolled back by a named person")


def _leave_out(desk: Desk, _why: str) -> AfterAction:
    """One project without answers is taken out of its wave's exit criterion."""
    member = _project(desk)
    if member.standing not in (Standing.UNANSWERED, Standing.QUESTIONED, *OUT):
        raise ValueError(f"{member.project} is {member.standing}; only who does not answer is left out")
    return desk.rollout, _out(desk, (member,), Standing.SKIPPED, "left out by a named person")


def _bring_back(desk: Desk, _why: str) -> AfterAction:
    """An office that was rolled back, or a project that was left out, is in the rollout again."""
    if desk.command.subject in desk.network.organization.offices:
        members = [a for a in _of_office(desk) if a.standing is Standing.ROLLED_BACK]
    else:
        member = _project(desk)
        if member.standing is Standing.ROLLED_BACK:
            raise ValueError(f"{member.project} was rolled back with its office: bring back {member.office}")
        if member.project in desk.network.plans and desk.network.closed(member.project):
            raise ValueError(f"{member.project} is closed: open it in its tool before it is brought back")
        members = [member] if member.standing is Standing.SKIPPED else []
    return desk.rollout, tuple(bring_back(a, desk.network) for a in members)


def _out(desk: Desk, members: Iterable[Adoption], standing: Standing, why: str) -> tuple[Adoption, ...]:
    return tuple(take_out(a, standing, why, desk.network) for a in members if a.standing not in OUT)


def _whole(desk: Desk) -> None:
    if desk.command.subject:
        raise ValueError(f"{desk.command.action} is about the whole rollout: leave the subject empty")


def _of_office(desk: Desk) -> tuple[Adoption, ...]:
    office = desk.command.subject
    found = tuple(a for a in desk.members if a.office == office)
    if not found:
        raise LookupError(f"no member of {desk.rollout.id} is of an office {office!r}")
    return found


def _project(desk: Desk) -> Adoption:
    subject = desk.command.subject
    for adoption in desk.members:
        if adoption.project == subject:
            return adoption
    raise LookupError(f"{subject!r} is no member of {desk.rollout.id}: give a project as office/id")


ACTIONS: Mapping[Steering, Callable[[Desk, str], AfterAction]] = {
    Steering.PAUSE: _pause,
    Steering.RESUME: _resume,
    Steering.ROLL_BACK: _roll_back,
    Steering.LEAVE_OUT: _leave_out,
    Steering.BRING_BACK: _bring_back,
}
