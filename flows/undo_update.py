"""undo-update: the last update of an office's plan is taken back."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State

from domain.outcomes.updating import UpdateUndone
from flows.outcome import answering, done
from tasks.undoing_updates import undo_update_of


@flow(name="undo-update", flow_run_name="undo the update of {derivation}")
@answering("undo-update")
async def undo_update(derivation: str, person: str, why: str, dry_run: bool = True) -> State[UpdateUndone]:
    """Take the last update of an office's plan back, through the same merge.

    Run it when an office does not want a version after all. What it changed since stays as it is.

    The version that was taken back is not offered again; a newer one is.

    Args:
        derivation: The local plan, as office/template/number.
        person: The head of the office, recorded as entered by an operator; see `interoffice person list`.
        why: The reason; recorded.
        dry_run: Only say what would change. Off: it is written into the office's tool.
    """
    return done(undo_update_of(derivation, person.strip(), why, dry_run=dry_run))
