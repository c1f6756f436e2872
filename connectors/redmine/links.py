"""Predicts which dates Redmine changes by itself when a link is made or a predecessor's dates are written.

An issue that follows another is put onto the first day after it, earlier or later than it stood. Knows the
dates of one delivery; refuses to call the tool.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from connectors.errors import Refused
from connectors.redmine.fields import PLACES, RedmineSettings, later
from connectors.tickets.drafting import Draft
from connectors.tickets.tables import Tickets
from connectors.tickets.ticket import Link
from domain.delivery.wanted import Wanted

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class Moves:
    """The dates and links of one delivery, and which issues Redmine has moved since they were written."""

    def __init__(self, settings: RedmineSettings) -> None:
        self._settings = settings
        self._begun = False
        self._dates: dict[str, tuple[date | None, date | None]] = {}
        self._links: dict[str, dict[str, int]] = {}
        self._followers: dict[str, set[str]] = {}
        self._parents: set[str] = set()
        self._moved: set[str] = set()

    def begin(self, tickets: Tickets) -> None:
        """Note all dates and links before the first write; only the first call counts."""
        if self._begun:
            return
        self._begun = True
        for ticket in tickets.all:
            self._dates[ticket.ref] = (ticket.start, ticket.due)
            self._parents.add(ticket.parent)
            for link in ticket.after:
                self._follow(ticket.ref, link)

    def made(self, ref: str, draft: Draft) -> None:
        """Note the dates of an issue that was created; in a dry run its ref is its key."""
        self._dates[ref] = (draft.start, draft.due)
        self._parents.add(draft.parent)

    def changed(self, ref: str, draft: Draft) -> Draft:
        """The draft with all of its dates, if Redmine moved the issue; its followers move with it."""
        names = frozenset(name for name in ("start", "due") if getattr(draft, name) is not None)
        if ref in self._moved and not self._computed(ref):
            draft = replace(draft, changed=draft.changed | names)
        if draft.changed & {"start", "due"}:
            start, due = self._dates.get(ref, (None, None))
            start = draft.start if "start" in draft.changed else start
            self._dates[ref] = (start, draft.due if "due" in draft.changed else due)
            self._moved |= self._followers.get(ref, set())
            if names <= draft.changed:
                self._moved.discard(ref)
        return draft

    def before(self, ref: str) -> Mapping[str, date]:
        """The dates of an issue before Redmine moved it; empty where it did not, or computes them."""
        if ref not in self._moved or self._computed(ref) or ref not in self._dates:
            return {}
        start, due = self._dates[ref]
        return {name: day for name, day in (("start", start), ("due", due)) if day is not None}

    def linked(self, ref: str, link: Link) -> None:
        """Note that an issue follows another; raises `Refused` when it would begin before that one ends."""
        start, due = self._dates.get(ref, (None, None))
        soonest, own = self._soonest(link.before, int(link.lag)), start or due
        if soonest and own and own < soonest and not self._computed(ref):
            off = ", ".join(DAYS[day - 1] for day in sorted(self._settings.days_off)) or "none"
            raise Refused(
                f"it stands on {own} and is to follow {link.before}, after which Redmine lets it begin on "
                f"{soonest} at the earliest, if its non-working days are those of the settings ({off}): "
                "mend its dates, the link, or `days_off`"
            )
        self._follow(ref, link)
        if soonest is None:
            return
        days = [self._soonest(before, lag) for before, lag in self._links[ref].items()]
        first = max(day for day in days if day)
        idle = due is not None and due.isoweekday() in self._settings.days_off
        if start != first or (idle and any(day != start for day in days if day)):
            self._moved.add(ref)
            self._dates[ref] = (start or first, due or first)

    def unlinked(self, ref: str, link: Link) -> None:
        """Note that an issue no longer follows another; Redmine moves nothing then."""
        self._links.get(ref, {}).pop(link.before, None)
        self._followers.get(link.before, set()).discard(ref)

    def restored(self, ref: str, wanted: Wanted) -> Mapping[str, str]:
        """The dates to write again, by Redmine's names; empty where none moved or Redmine computes them."""
        if ref not in self._moved:
            return {}
        self._moved.discard(ref)
        self._moved |= self._followers.get(ref, set())
        if self._computed(ref):
            return {}
        days = {name: wanted.values.get(name) for name in ("start", "due")}
        return {PLACES[name]: day.isoformat() for name, day in days.items() if isinstance(day, date)}

    def _computed(self, ref: str) -> bool:
        """Whether an issue's dates come from its subtasks."""
        return self._settings.parents_computed and ref in self._parents

    def _follow(self, ref: str, link: Link) -> None:
        self._links.setdefault(ref, {})[link.before] = int(link.lag)
        self._followers.setdefault(link.before, set()).add(ref)

    def _soonest(self, before: str, lag: int) -> date | None:
        """The first day on which Redmine lets an issue begin that follows another."""
        start, due = self._dates.get(before, (None, None))
        end = due or start
        return later(end, 1 + lag, self._settings.days_off) if end else None
