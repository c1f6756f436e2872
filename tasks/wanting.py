"""What is wanted in one office's tool now, from what is stored; computed anew each time, never kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from typing import TypeVar

from domain.cases.case import Case
from domain.cases.escalating import as_placed
from domain.cases.ids import CaseKey
from domain.compliance.network import Network
from domain.delivery.delivery import Intent, IntentState
from domain.delivery.remarks import wanted_of_case, wanted_remark
from domain.delivery.wanted import ItemFields, NoticeFields, Wanted
from domain.delivery.work import (
    Board,
    wanted_case,
    wanted_deviation,
    wanted_directive,
    wanted_items,
    wanted_notice,
    wanted_question,
    wanted_unreadable,
)
from domain.deviations.deviation import Deviation, State
from domain.deviations.ids import RemarkKey
from domain.ids import UnreadableKey
from domain.language import Language
from domain.organization.office import Organization
from domain.rollouts.rollout import Rollout
from reports.whys import Whys
from store.unit import Unit
from tasks.requesting import returned_with
from tasks.versions import version_of


def wanted_in_tool(unit: Unit, network: Network, office: str) -> tuple[Wanted, ...]:
    """Everything that should stand in the office's tool: work items, questions, notices; by key.

    `network` holds at least the office's own projects.
    """
    intents = {intent.wanted.key: intent for intent in unit.intents.of(office)}
    today = network.organization.offices[office].calendar.local_date(network.now)
    found: list[Wanted] = []
    for rollout in unit.rollouts.all():
        found.extend(_items(unit, network, rollout, office, _wanted_before(intents, ItemFields)))
    says = network.organization.languages.of
    found.extend(wanted_question(each, says(each.language)) for each in unit.questions.of(office))
    found.extend(wanted_notice(each, says(each.language)) for each in unit.notices.of(office))
    there = network.organization
    cards: list[Callable[[Language], Wanted]] = [
        partial(wanted_deviation, each, network.now, today) for each in unit.deviations.of_office(office)
    ]
    cases = (*unit.cases.of_office(office), *_left(unit, intents, office))
    placed = unit.questions.placed_on
    cards += [
        partial(wanted_case, as_placed(each, placed(each.question), there), there, office, network.now)
        for each in cases
    ]
    cards += [
        partial(wanted_directive, each, addressee, there, placed(addressee.question) or today)
        for each in unit.directives.of_office(office)
        for addressee in each.of(office)
    ]
    found.extend(_in_its_words(card, intents, there, office) for card in cards)
    found.extend(each for each in _remarks(unit, network, office, intents) if not _was_said(intents, each))
    found.extend(_unreadable(unit, office, _wanted_before(intents, NoticeFields), today))
    return tuple(sorted(found, key=lambda wanted: wanted.key))


def _in_its_words(
    card: Callable[[Language], Wanted], intents: Mapping[str, Intent], there: Organization, office: str
) -> Wanted:
    """A card in the office's language; where it stands in another one and says the same, in that."""
    wanted = card(there.language_of(office))
    intent = intents.get(wanted.key)
    if intent is None or _is_said(intent, wanted):
        return wanted
    said = (card(there.languages.of(tag)) for tag in there.languages.tags)
    return next((each for each in said if _is_said(intent, each)), wanted)


def _is_said(intent: Intent, wanted: Wanted) -> bool:
    """Whether what stands there, of what the tool holds, is just this."""
    values = wanted.values
    return all(values.get(name) == value for name, value in intent.wanted.values.items())


def _remarks(unit: Unit, network: Network, office: str, intents: Mapping[str, Intent]) -> Iterable[Wanted]:
    """What is to stand at the office's own tickets and rows, as cards in the words in which it stands."""
    languages = network.organization.languages
    found = _said(unit, network, office, network.organization.language_of(office))
    changed = [key for key in found if key in intents and not _is_said(intents[key], found[key])]
    for tag in languages.tags if changed else ():
        said = _said(unit, network, office, languages.of(tag))
        found |= {key: said[key] for key in changed if _is_said(intents[key], said[key])}
    return found.values()


def _said(unit: Unit, network: Network, office: str, says: Language) -> dict[str, Wanted]:
    """The remarks in a language; a row that asked for several has the newest."""
    there = network.organization
    asked = (
        wanted_remark(each, network.now, says, _question(unit, each))
        for each in unit.deviations.of_office(office)
    )
    cases = sorted(unit.cases.of_office(office), key=lambda case: case.raisers[0].at)
    raised = (each for case in cases for each in wanted_of_case(case, there, office, says))
    return {each.key: each for each in (*asked, *raised) if each is not None}


def _left(unit: Unit, intents: Mapping[str, Intent], office: str) -> Iterator[Case]:
    """The cases that stand in the office's tool and from which it withdrew while others stayed."""
    for key in map(CaseKey.find, intents):
        case = unit.cases.get(key.case) if key is not None else None
        if case is not None and case.side_of(office) is None:
            yield case


def _question(unit: Unit, deviation: Deviation) -> str:
    """The question with which a request came back, while it is to be answered."""
    return returned_with(unit, deviation) if deviation.state is State.RETURNED else ""


def _was_said(intents: Mapping[str, Intent], remark: Wanted) -> bool:
    """Whether a comment was put there before: it is said once, and is the office's to keep or remove."""
    intent = intents.get(remark.key)
    return RemarkKey.find(remark.key) is not None and intent is not None and intent.state is IntentState.DONE


def _items(
    unit: Unit,
    network: Network,
    rollout: Rollout,
    office: str,
    before: Mapping[str, ItemFields],
) -> Iterator[Wanted]:
    version = version_of(unit, rollout.manifest.standard, rollout.manifest.version)
    today = network.organization.offices[office].calendar.local_date(network.now)
    rules = {rule.uid: rule for rule in version.rules}
    said = Whys(network.organization.language_of(office)).remedy
    board = Board(rollout.manifest.target, rules, before, today, said)
    for adoption in unit.adoptions.of(rollout.id, office):
        if adoption.project in network.plans:
            judged = network.judged(adoption.project, version)
            closed = network.closed(adoption.project)
            yield from wanted_items(board, adoption, judged.verdicts, judged.position, closed=closed)


def _unreadable(unit: Unit, office: str, before: Mapping[str, NoticeFields], today: date) -> Iterator[Wanted]:
    """A notice for every cell that is not understood; those of corrected cells are closed."""
    reading = unit.readings.of(office)
    current = {}
    for problem in reading.unreadable if reading else ():
        key = str(UnreadableKey(office, problem.ref))
        told = before.get(key)
        current[key] = wanted_unreadable(office, problem, (told.asked if told else None) or today)
    for key, told in before.items():
        unreadable = UnreadableKey.find(key)
        if unreadable is not None and unreadable.office == office and key not in current:
            yield Wanted(key, office, replace(told, standing="mended"), ended=True)
    yield from current.values()


F = TypeVar("F", ItemFields, NoticeFields)


def _wanted_before(intents: Mapping[str, Intent], of: type[F]) -> Mapping[str, F]:
    """The fields of the things of one kind that were wanted so far, by key."""
    wanted = {key: intent.wanted.fields for key, intent in intents.items()}
    return {key: fields for key, fields in wanted.items() if isinstance(fields, of)}
