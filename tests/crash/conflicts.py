"""Conflicts through the real path of delivery: a field of ours that the office changed after it was delivered."""

import shutil
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from config.wiring import StoredMirror
from connectors.protocol import Surroundings
from connectors.tickets.lines import apart, together
from connectors.tickets.settings import TicketSettings
from domain.organization.office import Access, Conflict, Partition
from tasks.delivering import Delivered, deliver
from tasks.keeping import sole_writer
from tests.connectors.workbook import books
from tests.contract import memory
from tests.contract.memory import Memory, Within
from tests.crash.application import Job, delivery_of, template
from tests.crash.world import BEGIN


@dataclass(frozen=True)
class Field:
    """A field of ours: as delivered, as we want it then, as the office makes it, and how the office does that."""

    first: Any
    ours: Any
    theirs: Any
    there: dict[str, Any]


FIELDS = {
    "title": Field("Prüfung", "Prüfung, neu", "Prüfung (M. Lopes)", {"title": "Prüfung (M. Lopes)"}),
    "due": Field(date(2027, 2, 26), date(2027, 3, 5), date(2027, 4, 1), {"due": "2027-04-01"}),
    "start": Field(date(2027, 1, 4), date(2027, 1, 11), date(2027, 1, 18), {"start": "2027-01-18"}),
    "work": Field(16.0, 24.0, 99.5, {"work": 99.5}),
    "role": Field("reporter", "approver", "sponsor", {"fields": {"Role": "sponsor"}}),
    "standing": Field("open", "late", "erledigt", {"line": ("standing", "erledigt")}),
}
"""Text, dates, a number, a field of the tool's own, a line in the description."""


@dataclass(frozen=True)
class Told:
    """What became of a conflict."""

    stands: Any
    conflicts: int
    others_written: bool
    foreign_kept: bool
    writes_after: int


class Desk:
    """An application around a plain server in this process."""

    def __init__(self, folder: Path) -> None:
        self.standin = memory.furnished(page=500)
        database = folder / "store.db"
        shutil.copy(template(folder), database)
        self.application, self.machine = Job("", f"sqlite:///{database}", []).application()
        self.days = 0

    def policy(self, conflict: Conflict) -> None:
        """Whose value stays."""
        self.part(Partition(books.OFFICE, "plain", Access.WRITE, conflict=conflict))

    def part(self, part: Partition) -> None:
        """What is known of the office's part of its tool."""
        self.application = replace(
            self.application, organization=replace(self.application.organization, partitions=(part,))
        )

    def deliver(self, *wanted: Any, access: Access = Access.WRITE) -> Delivered:
        """Deliver, as a flow's task does."""
        mirror = StoredMirror(self.application.store, f"{books.OFFICE}/plain")
        around = Surroundings(
            Path(), lambda: self.standin.token, lambda: BEGIN + timedelta(days=self.days), mirror
        )
        way = Within(self.standin, around.secret)
        tool = Memory(way, access, around, TicketSettings.model_validate(memory.SETTINGS))
        with sole_writer(self.application.store, self.application.machine, books.OFFICE) as guard:
            return deliver(delivery_of(self.application, tool), wanted, guard)

    def conflict(self, field: str) -> Told:
        """Deliver, let the office change a field, want another value of it and of one more; deliver again."""
        case, other = FIELDS[field], "due" if field != "due" else "title"
        values = {name: each.first for name, each in FIELDS.items()}
        self.deliver(books.item("k/1", **values))
        (ticket,) = self.standin.bearing("k/1")
        there = dict(case.there)
        if line := there.pop("line", None):
            text, lines = apart(ticket["text"])
            there["text"] = together(text, {**lines, **dict([line])})
        self.standin.pass_time(seconds=10)
        self.standin.change(ticket["number"], owner="A. Braun", **there)
        self.standin.pass_time(seconds=10)
        wanted = books.item("k/1", **{**values, field: case.ours, other: FIELDS[other].ours})
        done = self.deliver(wanted)
        place = self._place()
        before = self.standin.writes()
        self.standin.pass_time(seconds=10)
        self.deliver(wanted)
        return Told(
            stands=place[field],
            conflicts=done.conflicts,
            others_written=place[other] == FIELDS[other].ours,
            foreign_kept=self.standin.bearing("k/1")[0]["owner"] == "A. Braun",
            writes_after=self.standin.writes() - before,
        )

    def _place(self) -> dict[str, Any]:
        tool = memory.connector(self.standin)
        (place,) = tool.find(["k/1"])["k/1"]
        return dict(place.values)

    def close(self) -> None:
        """The store is let go."""
        self.application.store.close()
