"""Who comes by a link to decide, what is asked of them, and what is counted where the link decides nothing.

Refuses to trust anything in the token but what the store says of its mark, and to remember any right: who may
decide is looked up at each visit.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field

from config.deciding import law_of
from config.keyfile import link_key
from config.organization_now import OrganizationNow
from config.tokens import NoLink, decision_mark, form_mark
from config.wiring import Application
from domain.decisions.law import Law
from domain.decisions.links import DecisionLink, Over, over
from domain.decisions.request import Request
from domain.language import Language
from domain.organization.absence import NOBODY
from domain.organization.office import Organization
from gateway.limits import Rates, Rejected
from store.unit import Unit

LOG = logging.getLogger("interoffice.gateway")
COUNTED = 120
"""Refusals a minute that are counted; what is more is answered, and only logged."""


@dataclass(frozen=True, slots=True)
class Came:
    """Somebody who came by a link: what the store knows of it, and why it decides nothing, if so."""

    token: str
    mark: str
    link: DecisionLink | None
    request: Request | None
    law: Law
    why: Over | None
    key: bytes = field(repr=False)

    @property
    def organization(self) -> Organization:
        """The organization as its files say it now."""
        return self.law.organization

    @property
    def language(self) -> Language:
        """That of the link's person; of an unknown link the organization's."""
        if self.link is None or self.request is None:
            return self.organization.languages.of(self.organization.language)
        return self.organization.language_for(self.link.person, self.request.office)

    def form_of(self, shown: str) -> str:
        """The mark of the form in which this link shows what has that digest."""
        return form_mark(self.key, self.mark, shown)


@dataclass(frozen=True, slots=True)
class Visitors:
    """Looks up who comes by which link."""

    application: Application
    now: OrganizationNow
    rates: Rates

    def unknown(self, token: str) -> Came | None:
        """Who comes by a token that we never signed, for which nothing is looked up; else None."""
        key = link_key(self.application.settings.state)
        try:
            decision_mark(key, token)
        except NoLink:
            organization = self.now.get()
            law = Law(organization, NOBODY, organization.terms, self.application.clock.now())
            return Came(token, "", None, None, law, Over.UNKNOWN, key)
        return None

    def find(self, unit: Unit, token: str, *, lock: bool = False) -> Came:
        """Who comes by that token; with `lock` whoever else decides on it waits until the unit ends.

        The token is one that we signed. Raises NotReadable, BadSettings and StoreError.
        """
        organization, key = self.now.get(), link_key(self.application.settings.state)
        law = law_of(unit, organization, self.application.clock.now())
        mark = decision_mark(key, token)
        link = unit.decision_links.get(mark)
        look = unit.decisions.locked if lock else unit.decisions.get
        request = look(link.request) if link is not None else None
        if link is not None and lock:
            link = unit.decision_links.get(mark)
        why = over(link, request, law, self.application.machine.now())
        return Came(token, mark if link else "", link, request, law, why, key)

    def refused(self, came: Came, why: Over) -> None:
        """Count that something came by a link that decides nothing; beyond a limit it is only logged."""
        LOG.info("a link to decide decided nothing", extra={"why": str(why)})
        try:
            self.rates.take(f"decide/{came.mark[:16] or 'unknown'}", COUNTED)
        except Rejected:
            return
        with self.application.store.begin() as unit:
            unit.decision_links.refused(came.mark, why, self.application.machine.now().date())
            unit.commit()
