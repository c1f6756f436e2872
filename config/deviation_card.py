"""What the store says of a deviation that is asked for, as it was when it was asked for and as it is now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from domain.compliance.network import NO_TOOL
from domain.decisions.card import Card, Effect, FactShown, Reader
from domain.decisions.request import Request
from domain.deviations.asking import material
from domain.deviations.deviation import Deviation
from domain.deviations.telling import show
from domain.plans.facts import facts_of
from domain.reporting.confidential import Whose, may_see
from store.unit import Unit


def deviation_card(unit: Unit, request: Request, reader: Reader) -> Card:
    """The request as that person is shown it. Raises LookupError for a deviation that is not stored."""
    deviation = unit.deviations.get(request.subject)
    if deviation is None:
        raise LookupError("no deviation has its id")
    named, now = _seen(unit, deviation, reader)
    says, person = reader.language, reader.organization.people.get(deviation.asked.person)
    shown = show(deviation, reader.now, now, (), says, named=named)
    who = f"{person.name} ({shown.who})" if person is not None else shown.who
    return Card(
        title=says.say("May it be so? {what}", what=shown.what),
        asks=" ".join((f"{says.say('Asked by {person}', person=who)}.", *shown.marks)),
        why=shown.why,
        facts=tuple(FactShown(name, then, value) for name, then, value in shown.facts),
        yes=(Effect(shown.yes), *_more(shown.measures, shown.documents)),
        no=(Effect(shown.no),),
    )


def _more(measures: tuple[str, ...], documents: tuple[str, ...]) -> Iterator[Effect]:
    """What makes up for it, and what to read about it, in the words of whoever asks."""
    for each in (*measures, *documents):
        yield Effect(each)


def _seen(unit: Unit, deviation: Deviation, reader: Reader) -> tuple[bool, Mapping[str, object]]:
    """Whether the reader may see the project, and the facts of now that are material for the rule."""
    key = deviation.scope.project
    if not key:
        return True, {}
    there = unit.plans.digests([key])
    if key not in there:
        return key not in reader.organization.restricted, {}
    plan = unit.plans.by_digest(there[key])
    project = plan.project
    whose = Whose(project.key, project.office, project.program or "", project.lead or "")
    named = may_see(reader.organization, reader.person, whose, reader.now.date())
    version = unit.versions.get(deviation.standard, deviation.version)
    rules = version.rules if version is not None else ()
    rule = next((each for each in rules if each.uid == deviation.rule), None)
    reading = unit.readings.of(project.office)
    if rule is None or reading is None:
        return named, {}
    facts = facts_of(plan, reader.organization.offices[project.office], reading.tool or NO_TOOL, reader.now)
    return named, material(rule, facts)
