"""What is wanted in one office's tool now, from what is remembered; computed anew each time, never kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from domain.compliance.network import Network
from domain.delivery.delivery import Intent, Wanted, WantedKind
from domain.delivery.work import Board, wanted_items, wanted_notice, wanted_question, wanted_unreadable
from domain.ids import UnreadableKey
from domain.plans.project import Scalar
from domain.rollouts.rollout import Rollout
from store.unit import Unit
from tasks.versions import version_of


def wanted_in_tool(unit: Unit, network: Network, office: str) -> tuple[Wanted, ...]:
    """Everything that should stand in the office's tool: work items, questions, notices; by key.

    `network` holds the office's own projects at least.
    """
    intents = {intent.wanted.key: intent for intent in unit.intents.of(office)}
    today = network.organization.offices[office].calendar.local_date(network.now)
    found: list[Wanted] = []
    for rollout in unit.rollouts.all():
        found.extend(_items(unit, network, rollout, office, _values(intents, WantedKind.ITEM)))
    found.extend(wanted_question(question) for question in unit.questions.of(office))
    found.extend(wanted_notice(notice) for notice in unit.notices.all() if notice.office == office)
    found.extend(_unreadable(unit, office, _values(intents, WantedKind.NOTICE), today))
    return tuple(sorted(found, key=lambda wanted: wanted.key))


def _items(
    unit: Unit,
    network: Network,
    rollout: Rollout,
    office: str,
    before: Mapping[str, Mapping[str, Scalar]],
) -> Iterator[Wanted]:
    version = version_of(unit, rollout.manifest.standard, rollout.manifest.version)
    today = network.organization.offices[office].calendar.local_date(network.now)
    board = Board(rollout.manifest, {rule.uid: rule for rule in version.rules}, before, today)
    for adoption in unit.adoptions.of(rollout.id):
        if adoption.office == office and adoption.project in network.plans:
            yield from wanted_items(board, adoption, network.judged(adoption.project, version).verdicts)


def _unreadable(
    unit: Unit, office: str, before: Mapping[str, Mapping[str, Scalar]], today: date
) -> Iterator[Wanted]:
    """A notice for every cell that is not understood, and the mended ones closed."""
    reading = unit.readings.latest().get(office)
    current = {}
    for problem in reading.unreadable if reading else ():
        wanted = wanted_unreadable(office, problem, today)
        current[wanted.key] = wanted
    for key, values in before.items():
        unreadable = UnreadableKey.find(key)
        if unreadable is None or unreadable.office != office:
            continue
        asked = {"asked": values["asked"]} if "asked" in values else {}
        if key in current:
            fresh = current.pop(key)
            yield Wanted(key, office, WantedKind.NOTICE, {**fresh.values, **asked})
        else:
            yield Wanted(key, office, WantedKind.NOTICE, {**values, "standing": "mended"})
    yield from current.values()


def _values(intents: Mapping[str, Intent], kind: WantedKind) -> Mapping[str, Mapping[str, Scalar]]:
    return {key: intent.wanted.values for key, intent in intents.items() if intent.wanted.kind is kind}
