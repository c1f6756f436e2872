"""Our tasks in the XML: made, changed, linked, given work; dates are those that were agreed.

Our tasks are scheduled manually, so that no recalculation moves a date that was agreed; the office may
change that. Refuses to touch what the office filled in: progress, resources, links of its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import NAMESPACE_URL, uuid5

from connectors.errors import Skip
from connectors.project_file.mspdi import NOBODY, Node, TaskRow, element
from connectors.project_file.reading import NOTE, about_text
from connectors.tickets.drafting import one_line
from domain.plans.item_plan import DayConstraint
from domain.plans.predecessor import LagUnit, Predecessor
from domain.plans.project import FieldValue, Values
from domain.plans.task import ConstraintKind

MORNING, EVENING = "T08:00:00", "T17:00:00"
DAY_MINUTES = 480
SHOWN = 80
TYPES = {"FF": "0", "FS": "1", "SF": "2", "SS": "3"}
LAG_FORMATS = {LagUnit.WORKING_DAYS: "7", LagUnit.ELAPSED_DAYS: "8", LagUnit.PERCENT: "19"}
"""Days, elapsed days and percent, as the published schema numbers them."""
ELAPSED_DAY = 1440
IN_DAYS = "7"
WORKING = 5
HUNDREDTHS = 100
CONSTRAINT_NUMBERS = {
    ConstraintKind.AS_LATE_AS_POSSIBLE: "1",
    ConstraintKind.MUST_START_ON: "2",
    ConstraintKind.MUST_FINISH_ON: "3",
    ConstraintKind.START_NO_EARLIER_THAN: "4",
    ConstraintKind.START_NO_LATER_THAN: "5",
    ConstraintKind.FINISH_NO_EARLIER_THAN: "6",
    ConstraintKind.FINISH_NO_LATER_THAN: "7",
}
"""As the published schema numbers them."""
CARRIED = ("RegularWork", "RemainingWork")
"""What Microsoft Project writes besides the work of a task that nobody is assigned to."""
NONE = re.compile(r"P?T?(0+[HMS])*")


@dataclass(frozen=True, slots=True)
class Frame:
    """What every task of ours in a file shares."""

    fields: Mapping[str, str]
    """The ids of the custom fields that are ours, by our names."""
    answer: str
    """The name of the custom field in which the office answers."""
    day_minutes: int = DAY_MINUTES


@dataclass(frozen=True, slots=True)
class Work:
    """What carries a task's work: an assignment to add, or changes to the one that is there."""

    fresh: bytes = b""
    edits: tuple[tuple[int, int, bytes], ...] = ()


def new_row(uid: int, key: str, model: TaskRow | None) -> TaskRow:
    """A task with nothing but its numbers, with the white space of the model."""
    space = _layout(model)
    fields = {
        "UID": str(uid),
        "GUID": str(uuid5(NAMESPACE_URL, f"interoffice:{key}")).upper(),
        "ID": "0",
        "Name": "-",
        "Active": "1",
        "Manual": "1",
        "Type": "1",
        "IsNull": "0",
        "OutlineNumber": "0",
        "OutlineLevel": "1",
        "Priority": "500",
        "DurationFormat": IN_DAYS,
        "Estimated": "0",
        "Milestone": "0",
        "Summary": "0",
    }
    inner = b"".join(space + element(name, text) for name, text in fields.items())
    close = space[:-1] if space[-1:] == b"\t" else space[:-2] if space.endswith(b"  ") else space
    return TaskRow.of(model.lead if model else b"", element("Task", inner + (close if space else b"")))


def _layout(model: TaskRow | None) -> bytes:
    """The white space before an element of the model."""
    if model is None or not model.node.kids:
        return b""
    found = model.raw[model.raw.index(b">") + 1 : model.node.kids[0].start]
    return found if not found.strip() else b""


def custom(row: TaskRow, field: str) -> Node | None:
    """The element of a task that holds a custom field's value."""
    return next(
        (kid for kid in row.node.kids if kid.name == "ExtendedAttribute" and kid.said("FieldID") == field),
        None,
    )


def put_custom(row: TaskRow, field: str, text: str) -> None:
    """Set a custom field; an empty text takes it away."""
    piece = element("ExtendedAttribute", element("FieldID", field) + element("Value", text))
    there = custom(row, field)
    if there is None and text:
        row.add("ExtendedAttribute", piece)
    elif there is not None and text:
        value = there.kid("Value")
        row.replace(value or there, element("Value", text) if value else piece)
    elif there is not None:
        row.take(there)


def put_item(row: TaskRow, values: Values, frame: Frame) -> None:
    """Write these fields of an item; parent, links and work are not fields of its own."""
    if "title" in values:
        row.put({"Name": str(values["title"])})
    if "start" in values or "due" in values:
        row.put(_dates(row, values.get("start"), values.get("due"), frame.day_minutes))
    if "duration" in values or "milestone" in values:
        row.put(_length(row, values))
    if "constraint" in values:
        row.put(_constraint(values["constraint"]))
    if "deadline" in values:
        row.put({"Deadline": f"{values['deadline']}{EVENING}" if values["deadline"] else None})
    if "cost" in values:
        row.put(_cost(row, values["cost"]))
    for name in ("role", "standing"):
        if name in values:
            put_custom(row, frame.fields[name], str(values[name]))


def _dates(
    row: TaskRow, start: FieldValue | None, due: FieldValue | None, day_minutes: int
) -> dict[str, str | None]:
    """The elements that hold start and due; a task without a start takes one estimated day."""
    old_start = None if row.node.said("Estimated") == "1" else row.node.said("Start")[:10]
    first = start or (date.fromisoformat(old_start) if old_start else None)
    old_due = row.node.said("Finish")[:10]
    last = due or (date.fromisoformat(old_due) if old_due else first)
    begin = first or last
    if not isinstance(begin, date) or not isinstance(last, date):
        return {}
    if begin > last:
        raise Skip(f"it would start on {begin}, after it is due on {last}")
    minutes = working_days(begin, last) * day_minutes
    length = f"PT{minutes // 60}H{minutes % 60}M0S"
    begins, ends = f"{begin}{MORNING}", f"{last}{EVENING}"
    return {
        "Manual": "1",
        "Start": begins,
        "Finish": ends,
        "Duration": length,
        "DurationFormat": IN_DAYS,
        "Estimated": "0" if first else "1",
        "ManualStart": begins,
        "ManualFinish": ends,
        "ManualDuration": length,
        **({"RemainingDuration": length} if _waits(row) else {}),
        **dict.fromkeys(("StartText", "FinishText", "DurationText")),
    }


def _length(row: TaskRow, values: Values) -> dict[str, str | None]:
    """The elements that hold a task's working time; a milestone has none, and stands at its evening."""
    milestone = values.get("milestone") is True
    said = values.get("duration")
    minutes = said if isinstance(said, int) else 0
    if not milestone and not minutes:
        return {}
    at = row.node.said("Finish")
    length = "PT0H0M0S" if milestone else f"PT{minutes // 60}H{minutes % 60}M0S"
    return {
        "Duration": length,
        "ManualDuration": length,
        "Milestone": "1" if milestone else "0",
        **({"Start": at, "ManualStart": at} if milestone and at else {}),
        **({"RemainingDuration": length} if _waits(row) else {}),
    }


def _constraint(value: FieldValue) -> dict[str, str | None]:
    """The elements that hold a constraint; as soon as possible is none."""
    if not isinstance(value, DayConstraint):
        return {"ConstraintType": "0", "ConstraintDate": None}
    hour = EVENING if "finish" in value.kind else MORNING
    return {
        "ConstraintType": CONSTRAINT_NUMBERS[value.kind],
        "ConstraintDate": f"{value.on}{hour}" if value.on else None,
    }


def _cost(row: TaskRow, value: FieldValue) -> dict[str, str | None]:
    """The elements that hold a cost, in hundredths; what people's rates cost is a part of it and stays."""
    whole, fixed = (Decimal(row.node.said(name) or 0) for name in ("Cost", "FixedCost"))
    wanted = Decimal(str(value or 0)) * HUNDREDTHS
    rates = max(whole - fixed, Decimal(0))
    if wanted < rates:
        raise Skip(
            "the people who are assigned to it cost more; change their rates or their work in the file"
        )
    return {"FixedCost": f"{wanted - rates:f}", "Cost": f"{wanted:f}"}


def _waits(row: TaskRow) -> bool:
    """Whether a task has surely not begun: then all of its duration remains."""
    return row.node.kid("RemainingDuration") is not None and row.node.said("PercentComplete") in ("", "0")


def working_days(first: date, last: date) -> int:
    """The days from Monday to Friday between two days, both counted; at least one."""
    days = (first + timedelta(days=n) for n in range(7))
    weeks, rest = divmod((last - first).days + 1, 7)
    return max(1, weeks * WORKING + sum(day.weekday() < WORKING for day in list(days)[:rest]))


def put_asked(row: TaskRow, values: Values, frame: Frame) -> None:
    """Write a question or notice: a milestone without work, its text in the notes."""
    title = one_line(f"{values.get('kind', '')}: {values.get('text', '')}")
    row.put({"Name": title if len(title) <= SHOWN else f"{title[: SHOWN - 1].rstrip()}…", "Milestone": "1"})
    note = str(values.get("text", ""))
    if "answer_by" in values:
        note += "\n\n" + NOTE.format(field=frame.answer)
    row.put({"Notes": note or None})
    put_custom(row, frame.fields["about"], about_text(values))
    put_custom(row, frame.fields["standing"], str(values.get("standing", "")))
    day = values.get("answer_by", values.get("asked"))
    if isinstance(day, date):
        at, none = f"{day}{EVENING}", "PT0H0M0S"
        row.put({"Start": at, "Finish": at, "Duration": none})
        row.put({"ManualStart": at, "ManualFinish": at, "ManualDuration": none})


def put_links(row: TaskRow, after: Sequence[Predecessor], uids: Mapping[str, int], day_minutes: int) -> None:
    """Let a task follow just these tasks of ours; links to tasks that are not ours stay."""
    wanted = {uids[each.key]: each for each in after}
    ours = {str(uid) for uid in uids.values()}
    for kid in reversed(row.node.kids):
        if kid.name == "PredecessorLink" and kid.said("PredecessorUID") in ours:
            row.take(kid)
    for uid, each in wanted.items():
        fields = {
            "PredecessorUID": str(uid),
            "Type": TYPES[each.type],
            "CrossProject": "0",
            "LinkLag": str(_lag_of(each, day_minutes)),
            "LagFormat": LAG_FORMATS[each.unit],
        }
        row.add(
            "PredecessorLink", element("PredecessorLink", b"".join(element(*each) for each in fields.items()))
        )


def _lag_of(each: Predecessor, day_minutes: int) -> int:
    """A lag in tenths of minutes, or in percent."""
    if each.unit is LagUnit.PERCENT:
        return round(each.lag)
    return round(each.lag * (ELAPSED_DAY if each.unit.is_elapsed else day_minutes)) * 10


def put_work(row: TaskRow, hours: float, assignments: Sequence[Node], uid: int) -> Work:
    """Write a task's work, with the assignment to nobody that carries it.

    `assignments` are the file's, `uid` the number of one to add. Raises `Skip` where the office has assigned
    people, or work has begun: then the office plans the work.
    """
    minutes = round(hours * 60)
    length = f"PT{minutes // 60}H{minutes % 60}M0S"
    there = [each for each in assignments if each.said("TaskUID") == str(row.uid)]
    if any(each.said("ResourceUID") != NOBODY for each in there) or len(there) > 1:
        raise Skip("people are assigned to it, so its work is planned there; change it in the file")
    if any(NONE.sub("", each.said("ActualWork")) for each in there):
        raise Skip("work on it has begun, so what is left is planned there; change it in the file")
    row.put({"Work": length, **{name: length for name in CARRIED if row.node.kid(name) is not None}})
    if there:
        kids = [kid for kid in there[0].kids if kid.name in ("Work", *CARRIED)]
        return Work(edits=tuple((kid.start, kid.end, element(kid.name, length)) for kid in kids))
    fields = {
        "UID": str(uid),
        "TaskUID": str(row.uid),
        "ResourceUID": NOBODY,
        "RemainingWork": length,
        "Units": "1",
        "Work": length,
    }
    return Work(fresh=element("Assignment", b"".join(element(*each) for each in fields.items())))
