"""The same reading by python-redmine: every issue as its resource, links with it."""

from __future__ import annotations

from counted import measured, told
from redminelib import Redmine

asked = told()


def read() -> dict[str, int]:
    """The project, and every issue of it."""
    redmine = Redmine(asked["url"], key=asked["key"])
    redmine.project.get(asked["project"], include="trackers")
    found = redmine.issue.filter(
        project_id=asked["number"], status_id="*", sort="updated_on,id", include="relations"
    )
    return {"issues": len([(issue.id, issue.subject) for issue in found])}


measured(read)
