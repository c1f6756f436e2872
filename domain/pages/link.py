"""The link to an office's own page: whose it is, until when, and what an open page may still do.

Refuses to know how a link is signed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from domain.organization.office import Office, Organization, Person


@dataclass(frozen=True, slots=True)
class PageLink:
    """One link made for one person; its `id` stands in the link.

    It is to the page of one office; where `office` is empty, to the person's own pages.
    """

    id: str
    office: str
    person: str
    made: datetime
    until: datetime
    revoked: datetime | None = None


def closed(link: PageLink | None, now: datetime, people: Mapping[str, Person], office: Office | None) -> str:
    """Why a link opens nothing now; empty where it does.

    It ends at its time, when it is revoked, when its person leaves the organization, and when that person has
    no role at the office any more.
    """
    if link is None:
        return "it was never made here"
    if link.revoked is not None:
        return "it was revoked"
    if now >= link.until:
        return "it has ended"
    if link.person not in people:
        return "its person is none of the organization's"
    if office is None:
        return "there is no such office"
    return "" if link.person in of_office(office) else "its person has no role at the office any more"


def closed_to(link: PageLink | None, now: datetime, people: Mapping[str, Person]) -> str:
    """Why a link to a person's own pages opens nothing now; empty where it does.

    Which pages there are is decided besides, by the roles that the person has now.
    """
    if link is None or link.office:
        return "it was never made here"
    if link.revoked is not None:
        return "it was revoked"
    if now >= link.until:
        return "it has ended"
    return "" if link.person in people else "its person is none of the organization's"


def of_office(office: Office) -> tuple[str, ...]:
    """The people who have a role at the office, in order."""
    return tuple(sorted(set(_people(office))))


def _people(office: Office) -> Iterator[str]:
    for people in office.roles.values():
        yield from people


def upload_tool(organization: Organization, office: str) -> str:
    """The id of the tool that the office uploads; empty where it uploads none."""
    for part in organization.parts(office):
        if organization.tools[part.tool].settings.get("upload") is True:
            return part.tool
    return ""
