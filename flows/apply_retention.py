"""apply-retention: what the organization keeps no longer is removed, and the ledger says what that was."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State

from domain.outcomes.retention import RetentionApplied
from flows.outcome import answering, done
from tasks.retaining import apply_retention as apply


@flow(name="apply-retention", flow_run_name="apply the retention")
@answering("apply-retention")
async def apply_retention(why: str, dry_run: bool = True) -> State[RetentionApplied]:
    """Remove what was kept for as long as organization.yaml says (`retention`).

    Run it once a week, which a schedule does, or when the organization changed what it keeps.

    Bodies of messages, reports and packs, earlier readings of plans, closed cases and logs are removed; what
    has open matters, and what the files hold, stays. The ledger is never removed, and says how many of what
    went, of which days. Writes into no tool.

    Args:
        why: Why it is run now; its digest stands in the ledger.
        dry_run: Only say what would go. Off: it is removed, and recorded.
    """
    return done(apply(why, dry_run=dry_run))
