"""Send each approver the link by which they decide on what waits: one for each request, anew when it changed.

Who has no address is sent nothing and decides in the tool; for who is away it goes to who stands in. Refuses
to remind: digests do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from config.deciding import law_of
from config.decision_kinds import KINDS
from config.decision_mail import LinkSent, Post, send_link, stands
from domain.decisions.asking import asked_of, voted
from store.unit import Unit


@dataclass(frozen=True, slots=True)
class Invited:
    """How many links were sent, and how many could not be."""

    sent: int = 0
    failed: int = 0


def invite(post: Post, wanted: Iterable[tuple[str, str]]) -> Invited:
    """Send links to these persons for these requests; one that fails is sent by the next run."""
    became = [send_link(post, request, person) for request, person in wanted]
    return Invited(became.count(LinkSent.SENT), became.count(LinkSent.FAILED))


def uninvited(unit: Unit, post: Post) -> Iterator[tuple[str, str]]:
    """The requests and persons between whom no link for what is asked now was sent, nor a vote given."""
    waiting = [each for each in unit.decisions.open() if each.kind in KINDS]
    if not waiting:
        return
    law = law_of(unit, post.organization, post.clock.now())
    now = post.machine.now()
    links = {(link.request, link.person): link for link in unit.decision_links.standing(now)}
    for request in waiting:
        said = voted(request, unit.decisions.votes(request.id))
        for person in asked_of(law, request):
            link = links.get((request.id, person))
            there = link is not None and stands(link, request, now)
            if person not in said and not there and post.organization.people[person].address:
                yield request.id, person
