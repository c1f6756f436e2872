"""What a person should correct on GitHub before we work with it: rights, types, fields of issues and board.

GitHub silently drops labels, types and field values where the token has no right to set them, so that is
checked beforehand. Refuses to write.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connectors.github.fields import GitHubSettings
from connectors.http.client import Answered
from domain.organization.office import Access


@dataclass(frozen=True)
class Asked:
    """How the organization's lists are read, and the repositories as GitHub returned them."""

    listed: Callable[[str], list[Any]]
    repositories: Sequence[Mapping[str, Any]]

    def of_organization(self, part: str) -> list[str] | str:
        """The names in that list of their organization; else a remark."""
        owner = self.repositories[0]["owner"]
        if owner["type"] != "Organization":
            return f"{owner['login']} is a person and has no {part}; only organizations have"
        try:
            found = self.listed(part)
        except Answered as problem:
            if problem.status != 404:
                raise
            return f"{owner['login']} shows no {part}; turn them on there, and give the token read:org"
        return [str(each["name"]) for each in found]


def of_repositories(
    settings: GitHubSettings, access: Access, repositories: Sequence[Mapping[str, Any]]
) -> Iterator[str]:
    """A remark for each repository where issues are turned off or may not be written."""
    for name, found in zip(settings.projects.within, repositories, strict=True):
        if not found["has_issues"]:
            yield f"{name}: issues are turned off; turn them on in the repository's settings"
        if not access.may_ask:
            continue
        if found["archived"]:
            yield f"{name} is archived and takes no issues; take it out of projects.within"
        elif not found.get("permissions", {}).get("push", True):
            yield f"{name}: without the right to push our labels, types and fields are dropped; grant `write`"


def of_types(settings: GitHubSettings, access: Access, asked: Asked) -> Iterator[str]:
    """A remark for each type of issue that the settings name and that is not there."""
    if settings.types_are == "labels":
        return
    named = [settings.projects.type]
    named += [settings.questions.put_as] if access.may_ask else []
    named += [each for each in settings.asks_by_type if each not in settings.ask_owner]
    named += [settings.items.put_as] if access.may_write else []
    wanted = sorted({each for each in named if each})
    there = asked.of_organization("issue-types") if wanted else []
    if isinstance(there, str):
        yield f"{there}: or write `types_are: labels`"
        return
    for name in wanted:
        if name not in there:
            yield f"there is no issue type {name!r}; there are {', '.join(sorted(there))}"


def of_fields(settings: GitHubSettings, asked: Asked) -> Iterator[str]:
    """A remark where the settings name issue fields and the owner has none at all."""
    there = asked.of_organization("issue-fields") if settings.named else []
    if isinstance(there, str):
        yield f"{there}: or leave items.columns out, and they stand as lines"
        return
