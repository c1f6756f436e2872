"""The notice of proposals to the owner of a template: what offices changed for good, and how many of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from domain.canonical import digest
from domain.language import Language, Message
from domain.organization.office import Organization, Role
from domain.plans.templates.names import Names
from domain.plans.templates.scrubbing import scrubbed
from domain.plans.updates.proposals import Proposal, ProposalKind
from domain.questions.question import Notice, NoticeKind

MOST = 20
"""Proposals that one notice names."""
LINES: Mapping[ProposalKind, Message] = {
    ProposalKind.CHANGED: Message(
        "{name}: {before} became {said} ({n} office)", "{name}: {before} became {said} ({n} offices)"
    ),
    ProposalKind.TOOK: Message(
        "{name}: planned {before}, took {said} ({n} office)",
        "{name}: planned {before}, took {said} ({n} offices)",
    ),
    ProposalKind.REMOVED: Message("{name}: left out ({n} office)", "{name}: left out ({n} offices)"),
    ProposalKind.ADDED: Message("{name}: added ({n} office)", "{name}: added ({n} offices)"),
}
"""One line for each kind."""


def proposed(
    template: str, version: int, owner: str, found: Sequence[Proposal], names: Names,
    organization: Organization, at: datetime,
) -> Notice | None:  # fmt: skip
    """What the owner is told, once for the same proposals; None without any. No person is named in it."""
    if not found:
        return None
    says = organization.language_of(owner)
    lines = [_line(each, says, names) for each in found[:MOST]]
    text = says.say(
        "What offices changed for good in their plans from {template}, version {version}. {lines}.",
        template=template,
        version=version,
        lines="; ".join(lines),
    )
    more = len(found) - len(lines)
    if more:
        text += " " + says.count(more, "{n} further change.", "{n} further changes.")
    key = f"proposals/{template}/{version}/{digest(text)[:16]}"
    today = organization.offices[owner].calendar.local_date(at)
    return Notice(
        key, NoticeKind.TEMPLATE, owner, str(Role.STANDARDS_OWNER), today, {"proposals": len(found)}, text,
        says.tag,
    )  # fmt: skip


def _line(each: Proposal, says: Language, names: Names) -> str:
    told = LINES[each.kind]
    name, said = (scrubbed(text, names)[0] for text in (each.name, each.said))
    return says.message(told, n=each.offices, name=name, before=each.before, said=said)
