"""The stored absences and delegations as files that people read: nothing reads them back in.

They are set by the person whose they are, so the organization's own files have no place for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from config.templates import as_yaml
from domain.organization.absence import Absence, Delegation
from store.standing_in import Kept
from store.unit import Unit

ABSENCES, DELEGATIONS = "record/absences.yaml", "record/delegations.yaml"
HEAD = (
    "# As stored, taken-back ones left out. To be read by people: a person sets theirs with\n"
    "# `interoffice person {verb}`, and no file does.\n"
)


def standing_in_files(unit: Unit) -> Mapping[str, str]:
    """The absences and delegations that stand, past ones too: text by the file's name, none where none is."""
    kept = unit.stand_ins.standing()
    found = {}
    absences, delegations = list(_absences(kept)), list(_delegations(kept))
    if absences:
        found[ABSENCES] = HEAD.format(verb="absent") + as_yaml({"absences": absences})
    if delegations:
        found[DELEGATIONS] = HEAD.format(verb="delegate") + as_yaml({"delegations": delegations})
    return found


def _absences(kept: Iterable[Kept]) -> Iterable[dict[str, object]]:
    for each in kept:
        if isinstance(each.what, Absence):
            deputy = {"deputy": each.what.deputy} if each.what.deputy else {}
            yield {"id": each.id, "person": each.what.person, **_days(each), **deputy, **_entered(each)}


def _delegations(kept: Iterable[Kept]) -> Iterable[dict[str, object]]:
    for each in kept:
        if isinstance(each.what, Delegation):
            what = each.what
            role = {"office": what.office, "role": str(what.role)}
            whose = {"delegator": what.delegator, "delegate": what.delegate}
            yield {"id": each.id, **whose, **role, **_days(each), **_entered(each)}


def _days(each: Kept) -> dict[str, object]:
    return {"first": each.what.first.isoformat(), "last": each.what.last.isoformat()}


def _entered(each: Kept) -> dict[str, object]:
    return {"entered_by_operator": each.entered, "at": each.at.isoformat()}
