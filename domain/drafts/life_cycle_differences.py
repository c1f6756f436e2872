"""What a draft changes of the life cycles of the version before, in the language of whoever reads.

Phases are told apart by their gates, and life cycles by their uids.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from domain.language import Language
from domain.standards.life_cycle import LifeCycle, Phase
from domain.standards.standard import Version


def life_cycle_differences(version: Version, base: Version | None, says: Language) -> Iterator[str]:
    """The lines, in the order of the version's life cycles."""
    before = {each.uid: each for each in base.life_cycles} if base is not None else {}
    now = {each.uid for each in version.life_cycles}
    for cycle in version.life_cycles:
        old = before.get(cycle.uid)
        if old is None:
            yield says.say(
                "the life cycle {name} is new, for {classes}: {gates}",
                name=cycle.name,
                classes=", ".join(cycle.classes),
                gates=", ".join(cycle.gates),
            )
        elif old != cycle:
            yield from _changed(old, cycle, says)
    for uid, old in before.items():
        if uid not in now:
            yield says.say("the life cycle {name} is not there any more", name=old.name)
    if base is not None and before and now and base.project_class != version.project_class:
        yield says.say("the class of a project is now said by {fact}", fact=version.project_class)


def _changed(old: LifeCycle, cycle: LifeCycle, says: Language) -> Iterator[str]:
    if old.name != cycle.name:
        yield says.say("{old} is called {name}", old=old.name, name=cycle.name)
    if old.classes != cycle.classes:
        yield says.say(
            "{name} is for {classes}, and was for {old}",
            name=cycle.name,
            classes=", ".join(cycle.classes),
            old=", ".join(old.classes),
        )
    before = {phase.gate: phase for phase in old.phases}
    for phase in cycle.phases:
        if phase.gate not in before:
            yield says.say(
                "{name}: the phase {phase} with the gate {gate} is new",
                name=cycle.name,
                phase=phase.name,
                gate=phase.gate,
            )
        elif before[phase.gate] != phase:
            yield from _phase(before[phase.gate], phase, cycle.name, says)
    for gate, phase in before.items():
        if gate not in cycle.gates:
            yield says.say(
                "{name}: the phase {phase} with the gate {gate} is not there any more",
                name=cycle.name,
                phase=phase.name,
                gate=gate,
            )
    if _common(old, cycle) != _common(cycle, old):
        yield says.say(
            "{name}: the gates are in another order: {gates}", name=cycle.name, gates=", ".join(cycle.gates)
        )
    yield from _due(_gates(old), _gates(cycle), cycle.name, says)


def _common(one: LifeCycle, other: LifeCycle) -> list[str]:
    """The gates of one that the other has as well, in order."""
    return [gate for gate in one.gates if gate in other.gates]


def _phase(old: Phase, phase: Phase, name: str, says: Language) -> Iterator[str]:
    if old.name != phase.name:
        yield says.say("{name}: the phase {old} is called {phase}", name=name, old=old.name, phase=phase.name)
    if old.days != phase.days:
        yield says.say(
            "{name}: the gate {gate} is due after {days} business days, and was after {old}",
            name=name,
            gate=phase.gate,
            days="-" if phase.days is None else phase.days,
            old="-" if old.days is None else old.days,
        )


def _gates(cycle: LifeCycle) -> Mapping[str, str]:
    """The gate at which each rule is due."""
    return {due.rule: phase.gate for phase in cycle.phases for due in phase.deliverables}


def _due(old: Mapping[str, str], new: Mapping[str, str], name: str, says: Language) -> Iterator[str]:
    for rule, gate in new.items():
        if rule not in old:
            yield says.say("{name}: {rule} is due at {gate}", name=name, rule=rule, gate=gate)
        elif old[rule] != gate:
            yield says.say(
                "{name}: {rule} is due at {gate}, and was at {old}",
                name=name,
                rule=rule,
                gate=gate,
                old=old[rule],
            )
    for rule, gate in old.items():
        if rule not in new:
            yield says.say("{name}: {rule} is not due at {gate} any more", name=name, rule=rule, gate=gate)
