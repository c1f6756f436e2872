"""withdraw-directive: a directive is taken back, or another takes its place, or one office is released."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State

from domain.outcomes.directives import DirectiveEnded
from flows.outcome import answering, done
from tasks.issuing import take_back


@flow(name="withdraw-directive", flow_run_name="withdraw {directive}")
@answering("withdraw-directive")
async def withdraw_directive(
    directive: str, person: str, why: str, by: str = "", office: str = "", dry_run: bool = True
) -> State[DirectiveEnded]:
    """Withdraw a directive, or put another one in its place; or release one office from it.

    Run it when it is not to be followed any more, and when an objection of an office was right.

    Every addressee is told, its question ends, and no clock runs any more. Writes into no tool: notices go
    there with the next cycle.

    Args:
        directive: The id of the directive, as `interoffice directives` shows it.
        person: Who withdraws it, recorded as entered by an operator; see `interoffice person list`.
        why: The reason; its addressees read it.
        by: The id of the directive that takes its place; empty where none does.
        office: The id of the one office that is released; empty for all.
        dry_run: Only say how many would be told. Off: it is withdrawn, and recorded.
    """
    return done(take_back(directive, person, why, by, office, dry_run=dry_run))
