"""The packs of the cut-offs that are over: filled in reading transactions, each kept in a short one.

Run again it fills nothing that was filled. Each that is kept stands in the ledger (kind `pack`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from domain.outcomes.network import FilledPack
from domain.reporting.pack import Pack
from reports.pack.document import document
from tasks.context import current_application
from tasks.filling import due_packs, fill
from tasks.network import load_network
from tasks.recording import record


def fill_due_packs(*, dry_run: bool) -> tuple[FilledPack, ...]:
    """Fill every pack that is due, and keep it; a dry run fills them too and keeps none."""
    application = current_application()
    store, found = application.store, list[FilledPack]()
    with store.read() as unit:
        network = load_network(unit, application.rulebook, application.clock.now())
        due = due_packs(unit, network)
    for each in due:
        with store.read() as unit:
            pack = fill(unit, network, each)
        if dry_run:
            found.append(_told(pack))
            continue
        with store.begin() as unit:
            new = unit.packs.add(pack)
            if new:
                record(unit, application.clock, "pack", str(pack.head.id), detail=_entry(pack))
            unit.commit()
        if new:
            found.append(_told(pack))
    return tuple(found)


def _entry(pack: Pack) -> Mapping[str, object]:
    """What the ledger keeps of a filled pack: its content's digest and counts, and whether it is made up."""
    told = _told(pack)
    return {
        "content": hashlib.sha256(document(pack)).hexdigest(),
        "figures": told.figures,
        "gaps": told.gaps,
        "restated": told.restated,
        "made_later": pack.head.known is not None,
    }


def _told(pack: Pack) -> FilledPack:
    return FilledPack(
        id=str(pack.head.id),
        figures=len(pack.figures),
        gaps=sum(not figure.is_known for figure in pack.figures),
        restated=len({each.figure for each in pack.restatements}),
    )
