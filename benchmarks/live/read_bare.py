"""The limit: the same pages by requests alone, their JSON parsed and put into a list, nothing else."""

from __future__ import annotations

from http.cookiejar import DefaultCookiePolicy

import requests
from counted import measured, told

asked = told()


def read() -> dict[str, int]:
    """Every page in turn."""
    session = requests.Session()
    session.headers["X-Redmine-API-Key"] = asked["key"]
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))  # sessions cost Redmine time
    session.get(f"{asked['url']}/projects/{asked['project']}.json", params={"include": "trackers"}).json()
    params = [
        ("f[]", "status_id"),
        ("op[status_id]", "*"),
        ("f[]", "project_id"),
        ("op[project_id]", "="),
        ("v[project_id][]", str(asked["number"])),
        ("sort", "updated_on,id"),
        ("include", "relations"),
        ("limit", "100"),
    ]
    issues: list[object] = []
    while True:
        body = session.get(
            f"{asked['url']}/issues.json", params=[*params, ("offset", str(len(issues)))]
        ).json()
        issues += body["issues"]
        if len(issues) >= body["total_count"]:
            return {"issues": len(issues)}


measured(read)
