"""How the approval of a rollout is shown to who decides on it: the list then and now, and what it does.

Counts come from the simulation that the approval is for. Refuses to name a project that the reader may not
see.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from domain.decisions.card import Card, Effect, FactShown, Reader
from domain.decisions.request import Request
from domain.language import Message
from domain.rollouts.simulation import Foreseen, Simulation

MOST_NAMED = 5
FOLLOW = Message("{n} project follows {new} already", "{n} projects follow {new} already")
FLIP = Message(
    "{n} project that follows the version before would not follow {new}",
    "{n} projects that follow the version before would not follow {new}",
)
ELIGIBLE = Message(
    "{n} project may complete under the version before", "{n} projects may complete under the version before"
)
MUST_ACT = Message("{n} project has to do something", "{n} projects have to do something")
NOT_REPORTED = Message(
    "{n} project has not reported what is needed", "{n} projects have not reported what is needed"
)
COUNTED: Mapping[str, Message] = {
    "follow": FOLLOW,
    "eligible": ELIGIBLE,
    "must_act": MUST_ACT,
    "not_reported": NOT_REPORTED,
}


@dataclass(frozen=True, slots=True)
class RolloutNow:
    """What is so now: the digest of the published version, and which listed projects are still there.

    `titles` are those of the projects that the reader may see, by key.
    """

    version_digest: str
    there: Collection[str]
    titles: Mapping[str, str]


def rollout_card(request: Request, simulation: Simulation, now: RolloutNow, reader: Reader) -> Card:
    """The request for the approval of a rollout, for that reader."""
    says, manifest = reader.language, simulation.manifest
    new = f"{manifest.standard} {manifest.version}"
    return Card(
        title=says.say("May the rollout {plan} of {version} begin?", plan=request.subject, version=new),
        asks=says.say("It was asked for without the name of a person."),
        why=request.why,
        facts=tuple(_facts(simulation, now, reader)),
        yes=tuple(_yes(simulation, now, reader)),
        no=(
            Effect(says.say("No wave begins: every project is judged as today.")),
            Effect(says.say("It may be asked for again, with another list.")),
        ),
    )


def flips(simulation: Simulation) -> Sequence[Foreseen]:
    """The projects that follow the version before and would not follow the new one, in their order."""
    return [each for each in simulation.foreseen if each.flips]


def _facts(simulation: Simulation, now: RolloutNow, reader: Reader) -> Iterator[FactShown]:
    says, manifest, on = reader.language, simulation.manifest, reader.now.date()
    listed = [member.project for member in manifest.members]
    there = sum(each in now.there for each in listed)
    published = now.version_digest[:12] or says.say("not published")
    yield FactShown(says.say("Content of the version"), manifest.version_digest[:12], published)
    yield FactShown(says.say("Projects on the list"), str(len(listed)), str(there))
    offices = {member.office for member in manifest.members}
    names = [
        reader.organization.offices[each].name
        for each in sorted(offices)
        if each in reader.organization.offices
    ]
    yield FactShown(says.say("Offices"), str(len(offices)), str(len(names)))
    first = min((wave.start for wave in manifest.waves), default=manifest.as_of)
    passed = says.say("it has passed") if first < on else ""
    yield FactShown(says.say("The first wave begins"), says.long_day(first), passed)


def _yes(simulation: Simulation, now: RolloutNow, reader: Reader) -> Iterator[Effect]:
    says, manifest, counts = reader.language, simulation.manifest, simulation.counts()
    new = f"{manifest.standard} {manifest.version}"
    begins = says.count(len(manifest.waves), "{n} wave begins on its day", "{n} waves begin on their days")
    yield Effect(begins)
    for name, message in COUNTED.items():
        if counts[name]:
            yield Effect(says.message(message, n=counts[name], new=new))
    turned = flips(simulation)
    if turned:
        named = tuple(now.titles[each.project] for each in turned if each.project in now.titles)[:MOST_NAMED]
        yield Effect(says.message(FLIP, n=len(turned), new=new), named, len(turned) - len(named))
