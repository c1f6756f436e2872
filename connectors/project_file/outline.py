"""The order of the tasks in the XML: which is part of which, where a new one goes, and their numbers.

Our tasks go behind the last part of their parent. Line numbers and outline numbers of the office's tasks
change only where ours were put before them, as when a person inserts a line.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from connectors.project_file.mspdi import PlanXml, TaskRow
from connectors.records.ordering import arranged


class Outline:
    """The rows of a document with their numbers; `settle` gives every row the numbers of its place."""

    def __init__(self, document: PlanXml) -> None:
        self.rows = document.rows
        self.by_uid = {row.uid: row for row in self.rows if not row.blank}
        self.next_uid = max([0, *self.by_uid, *(row.uid for row in self.rows)]) + 1
        self._before = {id(row): number for row, number in numbered(self.rows)}
        self._first = self.rows[0].id if self.rows else 1
        levels = [row.level for row in self.rows if row.uid and not row.blank]
        self._highest = min([1, *levels])
        """The level of tasks that are part of no other: 1, in files of some programs 0."""

    def parts(self, row: TaskRow) -> list[TaskRow]:
        """The row and all that is part of it, however deep, in their order."""
        at = self.rows.index(row)
        end = at + 1
        for later in range(at + 1, len(self.rows)):
            if self.rows[later].blank:
                continue
            if self.rows[later].level <= row.level:
                break
            end = later + 1
        return self.rows[at:end]

    def put_below(self, rows: Sequence[TaskRow], parent: TaskRow | None) -> None:
        """Put rows, of which the first is the summary of the others, behind a parent's last part or last."""
        by = (parent.level + 1 if parent else self._highest) - rows[0].level
        for row in rows:
            if by and not row.blank:
                row.put({"OutlineLevel": str(row.level + by)})
        at = self.rows.index(self.parts(parent)[-1]) + 1 if parent else len(self.rows)
        self.rows[at:at] = rows
        self.by_uid |= {row.uid: row for row in rows if not row.blank}
        self.next_uid = max(self.next_uid, *(row.uid + 1 for row in rows))

    def move(self, row: TaskRow, parent: TaskRow | None) -> None:
        """Take a row with all its parts from its place and put it below another."""
        moved = self.parts(row)
        at = self.rows.index(row)
        del self.rows[at : at + len(moved)]
        self.put_below(moved, parent)

    def arrange(self, behind: Mapping[int, int | None], ours: Collection[int]) -> None:
        """Put tasks of ours right behind others, by their numbers; None: first among the parts of one task.

        What is not ours stays behind what it stands behind.
        """
        parents = self._parents()
        for parent in {parents[uid] for uid in behind}:
            self._arrange([row for row in self.rows if parents.get(row.uid, -1) == parent], behind, ours)

    def _parents(self) -> dict[int, int | None]:
        """The number of the task that each one is part of."""
        found: dict[int, int | None] = {}
        above: list[TaskRow] = []
        for row in self.rows:
            if row.blank:
                continue
            while above and above[-1].level >= row.level:
                above.pop()
            found[row.uid] = above[-1].uid if above else None
            above.append(row)
        return found

    def _arrange(
        self, family: Sequence[TaskRow], behind: Mapping[int, int | None], ours: Collection[int]
    ) -> None:
        begin, end = self.rows.index(family[0]), self.rows.index(self.parts(family[-1])[-1]) + 1
        starts = [self.rows.index(row) for row in family]
        head: list[TaskRow] = []
        groups: dict[int, list[TaskRow]] = {}
        into = head
        for row, start, stop in zip(family, starts, [*starts[1:], end], strict=True):
            if row.uid in ours:
                into = groups[row.uid] = []
            into += self.rows[start:stop]
        order = arranged(list(groups), behind)
        self.rows[begin:end] = [*head, *(row for uid in order for row in groups[uid])]

    def swap(self, old: TaskRow, new: TaskRow) -> None:
        """Replace a row by another one."""
        self.rows[self.rows.index(old)] = new
        self.by_uid[new.uid] = new
        if id(old) in self._before:
            self._before[id(new)] = self._before.pop(id(old))

    def settle(self, ours: Collection[int]) -> None:
        """Number the lines and the outline; mark which of our tasks have parts."""
        line = self._first - 1
        for row, number in numbered(self.rows):
            changes: dict[str, str | None] = {}
            line = row.id if row.id > line else line + 1
            if row.id != line:
                changes["ID"] = str(line)
            if number and self._before.get(id(row)) != number:
                changes["OutlineNumber"] = number
            if changes:
                row.put(changes)
        solid = [row for row in self.rows if not row.blank]
        for row, follower in zip(solid, [*solid[1:], None], strict=True):
            has_parts = "1" if follower is not None and follower.level > row.level else "0"
            if row.uid in ours and row.node.said("Summary") != has_parts:
                row.put({"Summary": has_parts})
            if row.uid in ours and has_parts == "1" and not row.node.said("Start"):
                row.put({"Manual": "0"})  # its dates are those of its parts


def numbered(rows: Sequence[TaskRow]) -> list[tuple[TaskRow, str]]:
    """Each row with its outline number by its place and depth; empty lines have none."""
    found = []
    counts: list[int] = []
    for row in rows:
        if row.blank:
            found.append((row, ""))
            continue
        level = row.level
        counts = [*counts[:level], *([0] * (level - len(counts)))]
        if level:
            counts[level - 1] += 1
        found.append((row, ".".join(map(str, counts)) if level else "0"))
    return found
