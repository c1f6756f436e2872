"""How GitHub's answers look: people, issues' parts and repositories, with all that its description requires."""

from datetime import datetime
from typing import Any

from tests.standins.world import Answer

URL = "https://api.github.com"
ORGANIZATION = "porto"
TYPES = ("Task", "Question", "Epic")
FIELDS = {
    "Start": (1, "date"), "Due": (2, "date"), "Hours": (3, "number"), "Role": (4, "text"),
    "Phase": (5, "single_select"), "Standing": (6, "text"),
}  # fmt: skip
PHASES = {"Planning": 51, "Execution": 52}
NUMBERS = {"interoffice": 11, "rosa": 12, "guest": 13, ORGANIZATION: 14}


def iso(at: datetime | None) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ") if at else ""


def error(status: int, message: str, **more: Any) -> Answer:
    return Answer(status, {"message": message, "documentation_url": "https://docs.github.com/rest", **more})


def person(login: str) -> dict[str, Any]:
    url = f"{URL}/users/{login}"
    names = (
        "followers",
        "following",
        "gists",
        "starred",
        "subscriptions",
        "organizations",
        "repos",
        "events",
    )
    return {
        "login": login, "id": NUMBERS[login], "node_id": f"U_{login}", "avatar_url": f"{url}/a", "gravatar_id": "",
        "url": url, "html_url": url, "received_events_url": f"{url}/r", "site_admin": False,
        "type": "Organization" if login == ORGANIZATION else "User", **{f"{name}_url": f"{url}/{name}" for name in names},
    }  # fmt: skip


def label(name: str) -> dict[str, Any]:
    number = sum(map(ord, name))
    return {
        "id": number, "node_id": f"L_{number}", "url": f"{URL}/labels/{number}", "name": name,
        "color": "ededed", "default": False, "description": None,
    }  # fmt: skip


def milestone(due_on: str | None) -> dict[str, Any] | None:
    if due_on is None:
        return None
    url = f"{URL}/milestones/1"
    return {
        "url": url, "html_url": url, "labels_url": url, "id": 1, "node_id": "M_1", "number": 1, "state": "open",
        "title": "v1", "description": None, "creator": None, "open_issues": 1, "closed_issues": 0,
        "created_at": due_on, "updated_at": due_on, "closed_at": None, "due_on": due_on,
    }  # fmt: skip


def field_value(number: int, value: Any) -> dict[str, Any]:
    ((name, kind),) = [(name, kind) for name, (n, kind) in FIELDS.items() if n == number]
    told = {
        "issue_field_id": number,
        "issue_field_name": name,
        "node_id": f"V_{number}",
        "data_type": kind,
        "value": value,
    }
    if kind == "single_select":
        told |= {
            "value": PHASES[value],
            "single_select_option": {"id": PHASES[value], "name": value, "color": "red"},
        }
    return told


ADDRESSES = (
    "archive assignees blobs branches clone collaborators comments commits compare contents contributors deployments "
    "downloads events forks git_commits git_refs git_tags git hooks html issue_comment issue_events issues keys labels "
    "languages merges milestones notifications pulls releases ssh stargazers statuses subscribers subscription svn "
    "tags teams trees"
).split()
COUNTS = (
    "forks forks_count network_count open_issues open_issues_count size stargazers_count subscribers_count watchers "
    "watchers_count"
).split()


def repository(name: str, found: dict[str, Any], *, push: bool) -> dict[str, Any]:
    url = f"{URL}/repos/{name}"
    owner, _, last = name.partition("/")
    stamp = iso(found["updated"])
    switches = (
        "archived",
        "disabled",
        "fork",
        "private",
        "has_discussions",
        "has_pages",
        "has_projects",
        "has_wiki",
    )
    return {
        "id": found["id"], "node_id": f"R_{found['id']}", "name": last, "full_name": name, "owner": person(owner),
        "url": url, **{f"{each}_url": f"{url}/{each}" for each in ADDRESSES}, **dict.fromkeys(COUNTS, 0),
        **{each: found.get(each, False) for each in switches}, "has_issues": found.get("has_issues", True),
        "description": found.get("description"), "homepage": None, "language": None, "license": None, "mirror_url": None,
        "default_branch": "main", "created_at": stamp, "updated_at": stamp, "pushed_at": stamp,
        "permissions": {"admin": False, "pull": True, "push": push},
    }  # fmt: skip
