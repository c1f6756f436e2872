"""Writes what is wanted into the XML of Microsoft Project: tasks found by our key, and only our fields.

Parents are put before their parts, and what is followed before what follows it. Refuses to change a
custom field that the office uses, to put a task twice, and a key that stands twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from connectors.errors import Refused, Skip
from connectors.project_file import mspdi
from connectors.project_file.calendars import written_calendar
from connectors.project_file.fitting import check_key, fitted
from connectors.project_file.mspdi import PlanXml, TaskRow, element
from connectors.project_file.outline import Outline
from connectors.project_file.reading import CONTAINER, Contents, Ours, ref
from connectors.project_file.rows import (
    DAY_MINUTES,
    Frame,
    custom,
    new_row,
    put_asked,
    put_custom,
    put_item,
    put_links,
    put_work,
)
from connectors.protocol import Done, Put
from connectors.tickets import lineage
from domain.delivery.delivery import Decision, Step
from domain.delivery.wanted import ITEMS, Wanted, WantedKind
from domain.plans.project import Values
from domain.plans.work_calendar import WorkCalendar

TEXTS = (
    tuple(188743731 + 3 * n for n in range(6))
    + tuple(range(188743747, 188743751))
    + tuple(range(188743997, 188744017))
)
"""The ids of the custom text fields of tasks, Text1 to Text30, as the published schema numbers them."""


NO_CALENDAR = "-1"


class Later(Exception):
    """What a thing needs, its parent or what it follows, is not there yet."""


@dataclass
class ProjectFileWriter:
    """Places wanted things in a document; `changed` says whether any of them changed it."""

    document: PlanXml
    found: Contents
    office: str
    changed: bool = False
    outline: Outline = field(init=False)
    frame: Frame = field(init=False)
    there: dict[str, list[Ours]] = field(init=False)
    uids: dict[str, int] = field(init=False)
    wanted: dict[str, Values] = field(default_factory=dict)
    definitions: list[bytes] = field(default_factory=list)
    fresh_work: list[bytes] = field(default_factory=list)
    behind: dict[str, str] = field(default_factory=dict)
    """What tasks are to stand behind, by our keys."""
    calendars: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    """The calendars that are added, by name."""
    taken: list[str] = field(default_factory=list)
    """The free custom fields that get our names, for people: `Text30 for interoffice key`."""
    named: set[str] = field(default_factory=set)
    """The ids of those of them that the file defines already, without a name."""

    def __post_init__(self) -> None:
        self.outline = Outline(self.document)
        self.there = {}
        for each in self.found.ours:
            self.there.setdefault(each.key, []).append(each)
        self.uids = {key: each[0].task.uid for key, each in self.there.items() if len(each) == 1}
        self.frame = self._frame()

    def place(self, decisions: Sequence[Decision]) -> list[Put]:
        """Place each wanted thing; the results in the order given."""
        results: dict[int, Put] = {}
        wanted = [each.wanted for each in decisions]
        standing = {key: str(each[0].values.get("parent", "")) for key, each in self.there.items()}
        circular = lineage.circular(wanted, standing)
        for at in ordered(wanted):
            results[at] = self._place(decisions[at], circular)
        return [results[at] for at in range(len(decisions))]

    def together(self) -> bytes:
        """The file with all that was placed."""
        new = {uid for uid in self.outline.by_uid if self._is_ours(uid)}
        known = {"": None, **self.uids}
        behind = {self.uids[key]: known[at] for key, at in self.behind.items() if at in known}
        self.outline.arrange(behind, frozenset(self.uids.values()))
        self.outline.settle(new)
        self.document.define(self.definitions)
        self.document.add_calendars([piece for _, piece in self.calendars.values()])
        self.document.assign(self.fresh_work)
        return self.document.together()

    def _is_ours(self, uid: int) -> bool:
        row = self.outline.by_uid[uid]
        return any(custom(row, self.frame.fields[name]) is not None for name in ("key", "about"))

    def _place(self, decision: Decision, circular: Mapping[str, str]) -> Put:
        key = decision.key
        try:
            again = key in self.wanted
            fit = self._checked(decision.wanted, circular)
            return Put(key, Done.SAME) if again else self._placed(decision.of(fit))
        except Skip as skip:
            return Put(key, Done.REFUSED, why=skip.text)
        except Later as later:
            return Put(key, Done.LATER, why=str(later))

    def _checked(self, wanted: Wanted, circular: Mapping[str, str]) -> Wanted:
        """The thing as it would be read back; raises `Skip` for what cannot stand in this file at all."""
        if wanted.office != self.office:
            raise Skip(f"it belongs to {wanted.office}, and this is the file of {self.office}")
        check_key(wanted.key)
        fit = fitted(wanted, self.found.settings)
        if self.wanted.setdefault(wanted.key, fit.values) != fit.values:
            raise Skip("the same key is wanted with other content")
        if wanted.key in circular:
            raise Skip(circular[wanted.key])
        return fit

    def _placed(self, decision: Decision) -> Put:
        """Carry out the decision, made again on the tasks that have the key now."""
        key, there = decision.key, self.there.get(decision.key, [])
        now = decision.again([each.placed for each in there])
        asked = now.wanted.kind not in ITEMS
        if now.step is Step.HOLD:
            remedy = "; clear it in the copies" if len(there) > 1 else ""
            places = ", ".join(ref(each.task) for each in there)
            return Put(key, Done.HELD, places, f"{now.why}{remedy}")
        if now.step is Step.CREATE:
            parent = self._parent(now.wanted.kind, now.changes)
            row = new_row(self.outline.next_uid, key, self._model())
            put_custom(row, self.frame.fields["key"], key)
            self._fill(row, now.wanted, now.changes, now.changes)
            self.outline.put_below([row], parent)
            self.uids[key] = row.uid
            self._stand(key, now.changes)
            self.changed = True
            return Put(key, Done.CREATED, f"UID {row.uid}", fields=tuple(now.changes))
        if there[0].asked is not asked:
            raise Skip("what stands there under its key is of another kind")
        return self._update(there[0], now, asked=asked)

    def _update(self, there: Ours, decision: Decision, *, asked: bool) -> Put:
        changes = decision.changes
        if changes:
            old = self.outline.by_uid[there.task.uid]
            row = old.copy()
            whole = {**there.values, **changes}
            self._fill(row, decision.wanted, whole if asked else changes, whole)
            self.outline.swap(old, row)
            if "parent" in changes:
                self.outline.move(row, self._parent(decision.wanted.kind, changes, row))
            self._stand(there.key, changes)
            self.changed = True
        done = Done.UPDATED if changes else Done.SAME
        return Put(
            there.key, done, f"UID {there.task.uid}", fields=tuple(changes), conflicts=decision.conflicts
        )

    def _stand(self, key: str, values: Values) -> None:
        if isinstance(at := values.get("behind"), str):
            self.behind[key] = at

    def _fill(self, row: TaskRow, wanted: Wanted, values: Values, whole: Values) -> None:
        """Write these fields of a task; refusals come before anything of the document is changed.

        A task of a plan keeps its duration when its dates are written: it may be shorter than the days
        between them, where holidays lie there.
        """
        kind = wanted.kind
        if kind not in ITEMS:
            put_asked(row, values, self.frame)
            return
        self._parent(kind, whole, row)
        if kind is WantedKind.TASK and not values.keys().isdisjoint(("start", "due")):
            values = {**{name: whole[name] for name in ("duration", "milestone") if name in whole}, **values}
        put_item(row, values, self.frame)
        if "calendar" in values:
            row.put({"CalendarUID": self._calendar(str(values["calendar"]), wanted.hours)})
        after = values.get("after")
        if isinstance(after, tuple):
            if missing := [each.key for each in after if each.key not in self.uids]:
                raise Later(f"it follows {missing[0]}, which is not there yet")
            put_links(row, after, self.uids, self.frame.day_minutes)
        if isinstance(hours := values.get("work"), float):
            there = list(self.document.assignments())
            used = [int(each.said("UID") or 0) for each in there]
            work = put_work(row, hours, there, max([0, *used]) + 1 + len(self.fresh_work))
            self.fresh_work += [work.fresh] if work.fresh else []
            self.document.edits += work.edits

    def _calendar(self, name: str, hours: WorkCalendar | None) -> str:
        """The number of the calendar of that name, which is added where the file has none; -1 for none."""
        if not name:
            return NO_CALENDAR
        there = (each for each in self.document.calendars() if each.said("Name") == name)
        found = next((each.said("UID") for each in there), "")
        if found:
            return found
        if name not in self.calendars:
            if hours is None or hours.name != name:
                raise Skip(
                    f"its calendar {name!r} is not in the file; make it there, or give the plan its hours"
                )
            number = max([0, *self.document.numbers("Calendars")]) + 1 + len(self.calendars)
            self.calendars[name] = number, written_calendar(number, hours)
        return str(self.calendars[name][0])

    def _parent(self, kind: WantedKind, values: Values, row: TaskRow | None = None) -> TaskRow | None:
        """The row below which a thing goes: its parent's, else the summary task for all of ours.

        A plan's task without a parent stands at the top, among the office's own.
        """
        key = str(values.get("parent", ""))
        if not key:
            return None if kind is WantedKind.TASK else self._container()
        if key not in self.uids:
            raise Later(f"its parent {key} is not there yet")
        parent = self.outline.by_uid[self.uids[key]]
        known = row is not None and row.uid in self.outline.by_uid
        if known and row is not None and parent in self.outline.parts(self.outline.by_uid[row.uid]):
            raise Later(f"its parent {key} still stands below it, so it would be its own ancestor")
        return parent

    def _container(self) -> TaskRow:
        """The summary task below which ours stand; made when the first of them is put."""
        for uid in sorted(self.found.containers):
            return self.outline.by_uid[uid]
        row = new_row(self.outline.next_uid, CONTAINER, self._model())
        row.put({"Name": self.found.settings.questions.below, "Manual": "0", "Summary": "1"})
        put_custom(row, self.frame.fields["about"], CONTAINER)
        self.outline.put_below([row], None)
        self.found = Contents(
            self.found.schedule, self.found.settings, self.found.ours, self.found.containers | {row.uid}
        )
        return row

    def _model(self) -> TaskRow | None:
        """The row whose white space new rows take."""
        return self.outline.rows[-1] if self.outline.rows else None

    def _frame(self) -> Frame:
        """The custom fields that are ours: those with our names, else free text fields, from the last on."""
        there = {node.said("FieldID"): node for node in self.document.definitions()}
        used = {node.said("FieldID") for node in self.document.definitions() if not mspdi.is_idle(node)}
        for row in self.document.rows:
            used |= {kid.said("FieldID") for kid in row.node.kids if kid.name == "ExtendedAttribute"}
        free = [number for number in reversed(TEXTS) if str(number) not in used]
        fields = {}
        for name, alias in self.found.settings.ours.items():
            known = self._defined(alias)
            if not known and not free:
                raise Refused(f"{self.document.name}: no custom text field is free for {alias!r}; free one")
            number = known or str(free.pop(0))
            fields[name] = number
            if not known:
                self._name(number, alias, there.get(number))
        minutes = self.found.schedule.minutes_per_day
        return Frame(fields, self.found.settings.ours["answer"], int(minutes or DAY_MINUTES))

    def _name(self, number: str, alias: str, there: mspdi.Node | None) -> None:
        """Give a free custom field our name: in its definition, or in one that is added."""
        label = f"Text{TEXTS.index(int(number)) + 1}"
        self.taken.append(f"{label} is taken for {alias!r}, as it has no name and no value")
        if there is not None:
            self.named.add(number)
            self.document.edits.append(mspdi.named(there, alias))
            return
        inner = element("FieldID", number) + element("FieldName", label) + element("Alias", alias)
        self.definitions.append(element("ExtendedAttribute", inner))

    def _defined(self, alias: str) -> str:
        """The id of the custom field of that name; empty when there is none."""
        wanted = alias.casefold()
        found = [
            node.said("FieldID")
            for node in self.document.definitions()
            if wanted in (node.said("Alias").casefold(), node.said("FieldName").casefold())
        ]
        texts = [number for number in found if number in map(str, TEXTS)]
        if len(found) > 1 or len(texts) < len(found):
            why = "stands twice" if len(found) > 1 else "is not a text field of tasks"
            raise Refused(
                f"{self.document.name}: the custom field {alias!r} {why}; rename it, or name another"
            )
        return found[0] if found else ""


def ordered(wanted: Sequence[Wanted]) -> Iterator[int]:
    """The positions in the order of writing: parents before parts, predecessors before successors."""
    by_key: dict[str, int] = {}
    for at, each in enumerate(wanted):
        by_key.setdefault(each.key, at)
    done: set[int] = set()
    for start in range(len(wanted)):
        path = [start]
        while path:
            at = path[-1]
            seen = {*done, *path}
            first = next(
                (by_key[k] for k in needs(wanted[at]) if k in by_key and by_key[k] not in seen),
                None,
            )
            if first is not None:
                path.append(first)
                continue
            path.pop()
            if at not in done:
                done.add(at)
                yield at


def needs(wanted: Wanted) -> list[str]:
    """The keys of the things that have to be there first."""
    return [*([wanted.parent] if wanted.parent else []), *(each.key for each in wanted.after)]
