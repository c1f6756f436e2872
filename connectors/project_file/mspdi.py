"""The XML of Microsoft Project as bytes: its tasks as rows that can be changed, added and moved.

Nothing is parsed and written again: a changed element replaces exactly its own bytes, and every other byte
stays. Refuses to know what the elements mean to us; their order is that of the published schema (mspdi_pj12);
elements newer than it stand where Microsoft Project itself writes them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from xml.parsers.expat import ParserCreate
from xml.sax.saxutils import escape

from connectors.errors import Refused

ORDER = """
    UID GUID ID Name Active Manual Type IsNull CreateDate Contact WBS WBSLevel OutlineNumber OutlineLevel
    Priority StartText FinishText DurationText Start Finish Duration ManualStart ManualFinish ManualDuration
    DurationFormat FreeformDurationFormat Work Stop Resume ResumeValid EffortDriven Recurring
    OverAllocated Estimated Milestone Summary DisplayAsSummary Critical IsSubproject IsSubprojectReadOnly
    SubprojectName ExternalTask ExternalTaskProject EarlyStart EarlyFinish LateStart LateFinish StartVariance
    FinishVariance WorkVariance FreeSlack TotalSlack StartSlack FinishSlack FixedCost FixedCostAccrual
    PercentComplete PercentWorkComplete Cost OvertimeCost OvertimeWork ActualStart ActualFinish ActualDuration
    ActualCost ActualOvertimeCost ActualWork ActualOvertimeWork RegularWork RemainingDuration RemainingCost
    RemainingWork RemainingOvertimeCost RemainingOvertimeWork ACWP CV ConstraintType CalendarUID
    ConstraintDate Deadline LevelAssignments LevelingCanSplit LevelingDelay LevelingDelayFormat
    PreLeveledStart PreLeveledFinish Hyperlink HyperlinkAddress HyperlinkSubAddress IgnoreResourceCalendar
    Notes HideBar Rollup BCWS BCWP PhysicalPercentComplete EarnedValueMethod PredecessorLink
    ActualWorkProtected ActualOvertimeWorkProtected ExtendedAttribute Baseline OutlineCode IsPublished
    StatusManager CommitmentStart CommitmentFinish CommitmentType TimephasedData
""".split()
PLACE = {name: at for at, name in enumerate(ORDER)}
AFTER_ATTRIBUTES = ("Calendars", "Tasks")
SECTIONS = ("ExtendedAttributes", "Calendars", "Tasks", "Assignments")
DECLARED = re.compile(rb"""(?:\xef\xbb\xbf)?<\?xml[^>]*?encoding=["']([\w.-]+)""")
NOBODY = "-65535"
"""The resource of an assignment that only carries a task's work."""
BARE = re.compile(rb"""<[^<>"']*(?:"[^"]*"[^<>"']*|'[^']*'[^<>"']*)*(?<=/)>""")
"""A tag that opens an element and closes it."""
DEEPEST = 1_000
OF_THE_OFFICE = (
    "Alias",
    "CalculationType",
    "Formula",
    "ValueList",
    "Ltuid",
    "ValuelistSortOrder",
    "Default",
    "DefaultGuid",
    "PhoneticAlias",
)
"""What of a custom field's definition says that the office uses it."""
BEFORE_ALIAS = ("FieldID", "FieldName", "CFType", "Guid", "ElemType", "MaxMultiValues", "UserDef")
PASSED_OVER = ("Baseline", "TimephasedData")


@dataclass(slots=True)
class Node:
    """An element: where its bytes begin and end, its elements, and its text where it has none."""

    name: str
    start: int
    end: int = 0
    kids: list[Node] = field(default_factory=list)
    text: str = ""

    def kid(self, name: str) -> Node | None:
        """The first element of that name."""
        return next((each for each in self.kids if each.name == name), None)

    def said(self, name: str) -> str:
        """The stripped text of the first element of that name; empty where there is none."""
        found = self.kid(name)
        return found.text.strip() if found else ""


def scanned(data: bytes, sections: Sequence[str] = ()) -> Node:
    """The root element; only the named ones of its elements are parsed further, or all when none is named."""
    top = Node("", 0)
    stack = [top]
    blind = 0
    texts: list[str] = []
    parser = ParserCreate()
    parser.buffer_text = True

    def begin(name: str, _: Mapping[str, str]) -> None:
        nonlocal blind
        texts.clear()
        if blind or name in PASSED_OVER or (sections and len(stack) == 3 and stack[2].name not in sections):
            blind += 1
            return
        node = Node(name, parser.CurrentByteIndex)
        stack[-1].kids.append(node)
        stack.append(node)

    def finish(_: str) -> None:
        nonlocal blind
        if blind:
            blind -= 1
            return
        node = stack.pop()
        closed = BARE.match(data, node.start)
        node.end = closed.end() if closed else data.index(b">", parser.CurrentByteIndex) + 1
        node.text = "" if node.kids else "".join(texts)
        texts.clear()

    parser.StartElementHandler, parser.EndElementHandler = begin, finish
    parser.CharacterDataHandler = texts.append
    parser.Parse(data, True)  # noqa: FBT003 - expat's own way
    return top.kids[0]


def element(name: str, content: str | bytes) -> bytes:
    """An element with that text, or with those elements."""
    inner = escape(content).encode() if isinstance(content, str) else content
    return b"<%b>%b</%b>" % (name.encode(), inner, name.encode())


def spliced(data: bytes, edits: Sequence[tuple[int, int, bytes]]) -> bytes:
    """The bytes with these ranges replaced; insertions at the same place keep their order."""
    out: list[bytes] = []
    at = 0
    for start, end, piece in sorted(edits, key=lambda edit: (edit[0], edit[1])):
        out.extend((data[at:start], piece))
        at = end
    return b"".join([*out, data[at:]])


@dataclass(slots=True, eq=False)
class TaskRow:
    """One task: the bytes before it, its own bytes, and its elements with their offsets in these."""

    lead: bytes
    raw: bytes
    node: Node

    @classmethod
    def of(cls, lead: bytes, raw: bytes) -> TaskRow:
        """The row of those bytes."""
        return cls(lead, raw, scanned(raw))

    @property
    def uid(self) -> int:
        """The number that the task always keeps; raises `Refused` where it is no number."""
        return _number(self.node, "UID", -1)

    @property
    def level(self) -> int:
        """The task's depth in the outline; the project's own task is 0."""
        found = _number(self.node, "OutlineLevel", 0)
        if not 0 <= found <= DEEPEST:
            raise Refused(f"a task stands {found} deep in the outline; save the file anew in its program")
        return found

    @property
    def id(self) -> int:
        """The number of its line."""
        return _number(self.node, "ID", -1)

    @property
    def blank(self) -> bool:
        """Whether it is an empty line of the plan."""
        return self.node.said("IsNull") in ("1", "true")

    def put(self, values: Mapping[str, str | None]) -> None:
        """Set the text of elements, at their places in the schema's order; None takes an element away."""
        for name, text in values.items():
            there = self.node.kid(name)
            if there is not None and text is not None:
                self._cut(there.start, there.end, element(name, text))
            elif there is not None:
                self.take(there)
            elif text is not None:
                self.add(name, element(name, text))

    def add(self, name: str, piece: bytes) -> None:
        """Put an element behind the last one that the schema puts before it or at its place."""
        at, lead = self._inside(), b""
        for each in self.node.kids:
            if PLACE.get(each.name, len(ORDER)) > PLACE[name]:
                break
            at = each.end
        if self.node.kids:
            lead = self.raw[self._inside() : self.node.kids[0].start]
        self._cut(at, at, lead + piece)

    def take(self, node: Node) -> None:
        """Take an element away, with the white space before it."""
        before = max([self._inside(), *(each.end for each in self.node.kids if each.end <= node.start)])
        self._cut(before, node.end, b"")

    def replace(self, node: Node, piece: bytes) -> None:
        """Put other bytes in an element's place."""
        self._cut(node.start, node.end, piece)

    def _inside(self) -> int:
        return self.raw.index(b">") + 1

    def copy(self) -> TaskRow:
        """A copy of the row, which can be changed without changing this one."""
        return TaskRow(self.lead, self.raw, self.node)

    def _cut(self, start: int, end: int, piece: bytes) -> None:
        self.raw = self.raw[:start] + piece + self.raw[end:]
        self.node = scanned(self.raw)


@dataclass
class PlanXml:
    """A file in parts: rows may be changed, added and moved; `together` gives the file."""

    name: str
    data: bytes
    root: Node
    tasks: Node
    rows: list[TaskRow]
    edits: list[tuple[int, int, bytes]] = field(default_factory=list)
    """Changes outside the tasks."""

    def definitions(self) -> Iterator[Node]:
        """The definitions of custom fields."""
        found = self.root.kid("ExtendedAttributes")
        yield from (each for each in (found.kids if found else ()) if each.name == "ExtendedAttribute")

    def assignments(self) -> Iterator[Node]:
        """Who or what works on which task."""
        found = self.root.kid("Assignments")
        yield from (each for each in (found.kids if found else ()) if each.name == "Assignment")

    def calendars(self) -> Iterator[Node]:
        """The calendars that are not those of one resource."""
        found = self.root.kid("Calendars")
        kids = found.kids if found else ()
        yield from (each for each in kids if each.said("IsBaseCalendar") in ("1", "true"))

    def numbers(self, section: str) -> Iterator[int]:
        """The UIDs of what stands in a section."""
        found = self.root.kid(section)
        yield from (_number(each, "UID", -1) for each in (found.kids if found else ()))

    def add_calendars(self, pieces: Sequence[bytes]) -> None:
        """Add calendars."""
        self._append("Calendars", pieces)

    def define(self, pieces: Sequence[bytes]) -> None:
        """Add definitions of custom fields."""
        self._append("ExtendedAttributes", pieces)

    def assign(self, pieces: Sequence[bytes]) -> None:
        """Add assignments."""
        self._append("Assignments", pieces)

    def _append(self, section: str, pieces: Sequence[bytes]) -> None:
        """Add elements behind the last of a section; a section that is not there is added in its place."""
        there = self.root.kid(section)
        if not pieces:
            return
        if there is not None and there.kids:
            first, last = there.kids[0], there.kids[-1]
            lead = _space_before(self.data, first.start)
            self.edits.append((last.end, last.end, b"".join(lead + piece for piece in pieces)))
            return
        whole = element(section, b"".join(pieces))
        if there is not None:
            self.edits.append((there.start, there.end, whole))
            return
        if section == "Assignments":
            place = (self.root.kid("Resources") or self.tasks).end
        else:
            place = next(node.start for name in AFTER_ATTRIBUTES if (node := self.root.kid(name)))
        self.edits.append((place, place, whole))

    def together(self) -> bytes:
        """The file with all changes."""
        begin = self.tasks.kids[0].start - len(self._lead) if self.tasks.kids else self.tasks.start
        end = self.tasks.kids[-1].end if self.tasks.kids else self.tasks.end
        inner = b"".join(row.lead + row.raw for row in self.rows)
        whole = inner if self.tasks.kids else element("Tasks", inner)
        return spliced(self.data, [*self.edits, (begin, end, whole)])

    @property
    def _lead(self) -> bytes:
        return _space_before(self.data, self.tasks.kids[0].start)


def _number(node: Node, name: str, otherwise: int) -> int:
    text = node.said(name)
    if text and not (text.isascii() and text.removeprefix("-").isdigit()):
        raise Refused(
            f"a task has the {name} {text!r}, which is no number; save the file anew in its program"
        )
    return int(text) if text else otherwise


def _space_before(data: bytes, at: int) -> bytes:
    """The white space right before a place."""
    begin = at
    while begin and data[begin - 1 : begin] in (b" ", b"\t", b"\r", b"\n"):
        begin -= 1
    return data[begin:at]


def document(data: bytes, name: str) -> PlanXml:
    """The parts of a file; raises `Refused` for one that is not written as Microsoft Project writes it."""
    try:
        return _document(data, name)
    except Refused as refused:
        raise Refused(f"{name}: {refused.text}") from None


def _document(data: bytes, name: str) -> PlanXml:
    declared = DECLARED.match(data)
    try:
        data.decode("utf-8" if declared is None or declared[1].upper() == b"UTF-8" else "ascii")
    except UnicodeDecodeError:
        raise Refused("it is not in UTF-8; open it in Microsoft Project and save it anew") from None
    root = scanned(data, SECTIONS)
    tasks = root.kid("Tasks")
    if root.name != "Project" or tasks is None or any(kid.name != "Task" for kid in tasks.kids):
        raise Refused("its tasks are not where Microsoft Project writes them; open it there and save it anew")
    rows = []
    at = tasks.kids[0].start - len(_space_before(data, tasks.kids[0].start)) if tasks.kids else 0
    for kid in tasks.kids:
        rows.append(TaskRow(data[at : kid.start], data[kid.start : kid.end], _moved(kid, kid.start)))
        at = kid.end
    twice = [uid for uid, times in Counter(row.uid for row in rows).items() if times > 1]
    if twice:
        raise Refused(f"the unique id {twice[0]} stands twice; open it in Microsoft Project and save it anew")
    for row in rows:
        _ = row.level, row.id  # raises for what is no number now, before anything is changed
    return PlanXml(name, data, root, tasks, rows)


def _moved(node: Node, by: int) -> Node:
    """The element with its offsets counted from another beginning."""
    kids = [_moved(kid, by) for kid in node.kids]
    return Node(node.name, node.start - by, node.end - by, kids, node.text)


def is_idle(definition: Node) -> bool:
    """Whether a custom field is only defined: it has no name, formula, list or value by default."""
    busy = any(
        kid.text.strip() not in ("", "0") or kid.kids for kid in definition.kids if kid.name in OF_THE_OFFICE
    )
    return not busy


def named(definition: Node, alias: str) -> tuple[int, int, bytes]:
    """The change that gives a definition a name, at its place in the schema's order."""
    there = definition.kid("Alias")
    if there is not None:
        return there.start, there.end, element("Alias", alias)
    before = [kid for kid in definition.kids if kid.name in BEFORE_ALIAS]
    at = before[-1].end if before else definition.kids[0].start
    return at, at, element("Alias", alias)


def lost(data: bytes, new: bytes, uids: Collection[int], fields: Collection[str] = ()) -> list[str]:
    """What a new file lost or changed: elements outside the tasks, and the tasks of those UIDs.

    The line number and the outline number of a task may differ, and the names of the custom `fields`.
    """
    before, after = document(data, ""), document(new, "")
    there = {row.uid: _steady(row) for row in after.rows}
    gone = [f"UID {row.uid}" for row in before.rows if row.uid in uids and there.get(row.uid) != _steady(row)]
    kept = Counter(_pieces(after, fields))
    return gone + [name for name, piece in _pieces(before, fields) if not kept[name, piece]]


def _steady(row: TaskRow) -> bytes:
    """A task's bytes without the numbers of its place."""
    edits = [(kid.start, kid.end, b"") for kid in row.node.kids if kid.name in ("ID", "OutlineNumber")]
    return spliced(row.raw, edits)


def _pieces(parts: PlanXml, fields: Collection[str]) -> Iterator[tuple[str, bytes]]:
    """Everything outside the tasks, element by element, except assignments of work without a person."""
    for section in parts.root.kids:
        whole = parts.data[section.start : section.end]
        if section.name not in SECTIONS:
            yield section.name, whole
        elif section.name != "Tasks":
            for kid in section.kids:
                if kid.said("ResourceUID") != NOBODY:
                    nameless = kid.said("FieldID") in fields
                    names = (each for each in kid.kids if nameless and each.name == "Alias")
                    edits = [(each.start - kid.start, each.end - kid.start, b"") for each in names]
                    yield kid.name, spliced(parts.data[kid.start : kid.end], edits)
