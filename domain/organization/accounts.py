"""Who in an organization a name in an office's tool is; refuses to guess by names that only look alike."""

from __future__ import annotations

from domain.organization.office import Organization, Person


def person_of(organization: Organization, office: str, account: str | None, tool: str = "") -> Person | None:
    """The person who has that account in the tool, or in any tool that the office plans in; None for nobody.

    Case and spaces do not count. What is an account of two people in the office's tools is nobody's.
    """
    wanted = _plain(account or "")
    tools = [tool] if tool else [part.tool for part in organization.parts(office)]
    found = {
        person.id: person
        for person in organization.people.values()
        for each in tools
        if wanted and _plain(person.accounts.get(each, "")) == wanted
    }
    return next(iter(found.values())) if len(found) == 1 else None


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()
