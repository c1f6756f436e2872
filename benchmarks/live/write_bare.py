"""The limit: the calls that a delivery made, made again by requests alone in another project."""

from __future__ import annotations

from http.cookiejar import DefaultCookiePolicy

import requests
from counted import measured, told

asked = told()
numbers: dict[int, int] = {asked["was"]: asked["number"]}
"""Which number here is which number there: of the project, and of issues in the order of their making."""


def here(value: object, key: str = "") -> object:
    """A value with this project's numbers."""
    if isinstance(value, dict):
        return {name: here(each, name) for name, each in value.items()}
    known = isinstance(value, int) and key in ("project_id", "parent_issue_id", "issue_to_id")
    return numbers[value] if known else value


def there(path: str) -> str:
    """A path with this project's numbers and name."""
    parts = path.split("/")
    if parts[1] == "issues" and parts[2].partition(".")[0].isdecimal():
        number, point, rest = parts[2].partition(".")
        parts[2] = f"{numbers[int(number)]}{point}{rest}"
    return "/".join(parts).replace(asked["name_was"], asked["project"])


def write() -> dict[str, int]:
    """Every call in turn."""
    session = requests.Session()
    session.headers["X-Redmine-API-Key"] = asked["key"]
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))  # sessions cost Redmine time
    created = iter(asked["ids"])
    for method, path, params, body in asked["calls"]:
        given = [
            (name, str(asked["number"]) if name == "v[project_id][]" else value) for name, value in params
        ]
        reply = session.request(method, asked["url"] + there(path), params=given, json=here(body))
        reply.raise_for_status()
        if method == "POST" and path == "/issues.json":
            numbers[next(created)] = reply.json()["issue"]["id"]
    return {"created": len(asked["ids"])}


measured(write)
