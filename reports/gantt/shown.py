"""What a Gantt page says of its tasks in text: names and progress, read back from the page itself.

The rest (dates, links, deadlines, the outline) is a picture for people; refuses to guess it from that.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from lxml import etree

from domain.plans.task import PlanTask

TITLE = re.compile(r"(.*): [^:]+ \d{4} to [^:]+ \d{4}(?:, critical)?(?:, ([\d.e+-]+) % done)?", re.DOTALL)


def _parsed(page: bytes) -> etree._Element:
    return etree.HTML(page, etree.HTMLParser(encoding="utf-8", huge_tree=True))


def shown_title(page: bytes) -> str:
    """The title of the page."""
    return str(_parsed(page).findtext(".//head/title") or "")


def shown_tasks(page: bytes, tasks: Sequence[PlanTask]) -> tuple[PlanTask, ...]:
    """The tasks that the page shows, row by row; `tasks` are those that were drawn, in their order."""
    root = _parsed(page)
    titles = [str(each.text or "") for each in root.iterfind(".//svg[@class='gantt']/g/title")]
    found = []
    for task, title in zip(tasks, titles, strict=True):
        said = TITLE.fullmatch(title)
        if said is not None:
            found.append(PlanTask(task.uid, said[1], percent=None if said[2] is None else float(said[2])))
    return tuple(found)
