"""Ask again about a deviation that is there: a returned one is submitted anew, one that holds is extended.

Whoever changes a returned request is its last editor, and decides nothing on it. Refuses what is over.
"""

from __future__ import annotations

from dataclasses import replace

from domain.decisions.request import RequestState
from domain.deviations.asking import Draft, Ground, drafted, request_of, shown
from domain.deviations.deviation import Deviation, State
from domain.deviations.extending import extension_asked
from domain.deviations.flaws import Flaw, Flawed
from domain.deviations.weighing import POLICY
from domain.language import Message
from domain.plans.facts import Facts
from domain.standards.standard import Rule
from store.unit import Unit
from tasks.network import load_office
from tasks.requesting import Placed, Room, submitted_to
from tasks.versions import version_of


def ask_again(room: Room, deviation: Deviation, draft: Draft, person: str) -> Placed:
    """Submit a returned deviation as the draft has it now, or ask for a later last day of one that holds.

    Raises Flawed where it is neither.
    """
    rule, facts = _ground(room, deviation)
    if deviation.wanted_last is not None:
        return Placed(deviation, room.unit.decisions.get(deviation.request), new=False)
    if deviation.state is State.RETURNED:
        return _submitted_again(room, deviation, replace(draft, standard=deviation.standard), person, facts)
    if deviation.waits:
        flaw = Flaw(
            "deviation",
            Message("{id} waits for its decision"),
            Message("withdraw it, and ask anew"),
            id=deviation.id,
        )
        raise Flawed((flaw,))
    wanted = extension_asked(deviation, draft.last, room.now, POLICY)
    leader = _leader(room, deviation)
    request = request_of(wanted, leader, shown(wanted, facts, rule))
    request = replace(request, requester=person or request.requester, editor="", citation="")
    return submitted_to(room, wanted, request)


def _submitted_again(
    room: Room, deviation: Deviation, draft: Draft, person: str, facts: Facts | None
) -> Placed:
    version = version_of(room.unit, deviation.standard, deviation.version)
    ground = Ground(room.organization, version, facts, deviation.basis.program, room.now)
    asked = replace(deviation.asked, editor=person)
    new = drafted(deviation.id, replace(draft, scope=deviation.scope, rule=deviation.rule), asked, ground)
    kept = replace(
        new, weighed=deviation.weighed, timing=deviation.timing, state=State.UNDER_REVIEW,
        submitted=deviation.submitted,
    )  # fmt: skip
    rule = next(each for each in version.rules if each.uid == deviation.rule)
    request = room.unit.decisions.get(deviation.request)
    if request is None or request.state is not RequestState.RETURNED:
        raise Flawed(
            (
                Flaw(
                    "deviation",
                    Message("{id} is not returned"),
                    Message("wait for its decision"),
                    id=deviation.id,
                ),
            )
        )
    return submitted_to(room, kept, request.changed(shown(kept, facts, rule), person, room.now))


def _ground(room: Room, deviation: Deviation) -> tuple[Rule, Facts | None]:
    """Its rule, and the facts of its project as they are now."""
    version = version_of(room.unit, deviation.standard, deviation.version)
    rule = next(each for each in version.rules if each.uid == deviation.rule)
    network = load_office(room.unit, room.rulebook, room.now, deviation.asked.office)
    project = deviation.scope.project
    return rule, network.facts(project) if project in network.plans else None


def _leader(room: Room, deviation: Deviation) -> str:
    office = deviation.asked.office
    today = room.organization.offices[office].calendar.local_date(room.now)
    return room.organization.leader_of(office, today).id


def known(unit: Unit, deviation: str) -> Deviation:
    """That deviation. Raises LookupError saying how to find it."""
    found = unit.deviations.get(deviation.strip())
    if found is None:
        raise LookupError(
            f"there is no deviation {deviation[:40]!r}: `interoffice deviations` lists those that there are"
        )
    return found
