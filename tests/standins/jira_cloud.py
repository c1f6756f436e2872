"""A stand-in for Jira Cloud's REST v3: a search that lags, tokens for pages, documents, three kinds of limits.

Only `/myself` refuses an unknown user: elsewhere such a user is shown nothing, with success. The old
search is gone (410); a page may hold fewer issues than were asked for, and a token ends after a week.
"""

import base64
import json
from datetime import datetime, timedelta
from typing import Any

from connectors.jira.cloud import JiraCloud
from tests.standins.described import Description
from tests.standins.jira import NAMES, PLANNER, US, Issue, JiraStandIn, Wrong
from tests.standins.world import Answer, Asked

TOKENS = {"interoffice@example.com:token-interoffice": US, "rosa@example.com:token-rosa": PLANNER}
WEEK = timedelta(days=7)
MOST, MOST_KEYS, MOST_FETCHED = 100, 5000, 100


class JiraCloudStandIn(JiraStandIn):
    """A site; `stingy` pages hold half of what was asked for, `lag` is that of searches."""

    base = "/rest/api/3"

    def __init__(self) -> None:
        super().__init__()
        self.description = Description(("jira-cloud-v3.json",), exempt=dict(JiraCloud.spec.exempt))
        self.stingy = False
        self.frank = True
        """Whether it says in a header that it does not know who asks; a proxy may take that away."""
        self.burst: int | None = None
        """How many calls a second each method has; None: many."""
        self.points: int | None = None
        """What is left of the hour's quota; None: much."""
        self.reset = self.now
        self._second: dict[str, list[datetime]] = {}
        self._tokens: dict[str, tuple[str, int, datetime]] = {}
        for method, path, act in (
            ("GET", "/project/search", self._projects),
            ("GET", "/project/{key}", self._one_project),
            ("POST", "/search/jql", self._search),
            ("POST", "/issue/bulkfetch", self._fetch),
            ("GET", "/issue/{key}/comment", self._said),
            ("GET", "/issue/{key}/changelog", self._done),
            ("GET", "/search", self._gone),
            ("POST", "/search", self._gone),
        ):
            self.route(method, self.base + path, act)

    def person(self, name: str) -> dict[str, Any]:
        return {
            "accountId": f"5f:{name}",
            "displayName": NAMES[name],
            "active": True,
            "accountType": "atlassian",
        }

    def rich(self, text: str) -> Any:
        nodes = [{"type": "paragraph", "content": [{"type": "text", "text": text}]}]
        return {"version": 1, "type": "doc", "content": nodes}

    def checked_description(self, told: Any) -> Any:
        if told is None:
            return None
        if not isinstance(told, dict) or (told.get("type"), told.get("version")) != ("doc", 1):
            raise Wrong(
                description="Operation value must be an Atlassian Document (see the Atlassian Document Format)"
            )
        if len(json.dumps(told)) > 200_000 or not all(map(_sound, told["content"])):
            raise Wrong(description="INVALID_INPUT")
        return told

    def parented(self, fields: dict[str, Any], issue_type: str) -> int | None:
        try:
            parent = self.at(fields["parent"]["key"])
        except KeyError:
            raise Wrong(parent="Could not find issue by id or key.") from None
        part, above = self.types()[issue_type], parent.type
        if (part and (self.types()[above] or above == "Epic")) or (not part and above != "Epic"):
            raise Wrong(parentId="Given parent work item does not belong to appropriate hierarchy.")
        return parent.id

    def operated(self, operations: dict[str, Any], issue: Issue) -> dict[str, Any]:
        if operations == {"parent": [{"set": {"none": True}}]} and not self.types()[issue.type]:
            return {"parent": None}
        return super().operated(operations, issue)

    def parent_fields(self, issue: Issue) -> dict[str, Any]:
        parent = self.current(issue.parent) if issue.parent else None
        return {"parent": {"id": str(parent.id), "key": parent.key}} if parent else {}

    def types_page(self, told: list[Any], counts: dict[str, int]) -> dict[str, Any]:
        return {"issueTypes": told, **counts}

    def screen_page(self, told: list[Any], counts: dict[str, int]) -> dict[str, Any]:
        return {"fields": told, **counts}

    def refused(self, asked: Asked) -> Answer | None:
        kind, _, code = asked.headers.get("authorization", "").partition(" ")
        self.user = TOKENS.get(base64.b64decode(code).decode(), "") if kind == "Basic" else ""
        if not self.user:
            return self._stranger(asked)
        return self._limited(asked) or super().refused(asked)

    def _stranger(self, asked: Asked) -> Answer:
        """What is shown to who is not known: nothing, and mostly with success."""
        header = {"X-Seraph-LoginReason": "AUTHENTICATED_FAILED"} if self.frank else {}
        path = asked.path.removeprefix(self.base)
        if path == "/search/jql":
            return Answer(200, {"issues": [], "isLast": True}, header)
        if path == "/project/search":
            return Answer(
                200, {"values": [], "total": 0, "startAt": 0, "maxResults": 50, "isLast": True}, header
            )
        if path == "/field":
            return Answer(200, [], header)
        body = {"errorMessages": ["Client must be authenticated to access this resource."], "errors": {}}
        return Answer(401, body, header)

    def _limited(self, asked: Asked) -> Answer | None:
        """The burst of a method, and the quota of an hour; each says which it is."""
        called = [at for at in self._second.get(asked.method, []) if at > self.now - timedelta(seconds=1)]
        self._second[asked.method] = [*called, self.now]
        if self.burst is not None and len(called) >= self.burst:
            return self._too_many("jira-burst-based", {"Retry-After": "1"})
        if self.points is not None and self.now >= self.reset:
            self.reset, self.points = self.now + timedelta(hours=1), 1000
        if self.points is not None:
            self.points -= 2
            if self.points < 0:
                told = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": f"{self.reset:%Y-%m-%dT%H:%MZ}"}
                return self._too_many("jira-quota-tenant-based", told)
        return None

    def _too_many(self, reason: str, told: dict[str, str]) -> Answer:
        return Answer(429, {"errorMessages": ["Rate limit exceeded."]}, {"RateLimit-Reason": reason, **told})

    def _projects(self, asked: Asked) -> Answer:
        keys = asked.query.get("keys", list(self.projects))
        if len(keys) > 50:
            return self.error(400, "at most 50 keys")
        told = []
        for each in (self.projects[key] for key in keys if key in self.projects):
            properties = {"interoffice": each["facts"]} if each["facts"] and asked.one("properties") else {}
            told.append(
                {"id": each["id"], "key": each["key"], "name": each["name"], "lead": self.person(PLANNER)}
                | {
                    "properties": properties,
                    "style": "classic",
                    "projectTypeKey": "software",
                    "isPrivate": False,
                }
            )
        return self.page(asked, "values", told)

    def _gone(self, _asked: Asked) -> Answer:
        return self.error(
            410, "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API."
        )

    def _search(self, asked: Asked) -> Answer:
        body = asked.json
        wanted = body.get("fields", ["id"])
        size = min(body.get("maxResults", 50), MOST_KEYS if wanted == ["id"] else MOST, self.most)
        start = 0
        if token := body.get("nextPageToken"):
            jql, start, made = self._tokens.get(token, ("", 0, self.now))
            if jql != body["jql"] or self.now - made > WEEK:
                return self.error(400, "The nextPageToken is invalid or has expired.")
        try:
            found = self.found(body["jql"])
        except Wrong as wrong:
            return self.error(400, *wrong.words.values())
        end = start + (max(1, size // 2) if self.stingy else size)
        told = [self.told(issue, wanted, body.get("properties", [])) for issue in found[start:end]]
        if end >= len(found):
            return Answer(200, {"issues": told, "isLast": True})
        name = base64.b64encode(f"{len(self._tokens)}-{end}".encode()).decode()
        self._tokens[name] = (body["jql"], end, self.now)
        return Answer(200, {"issues": told, "isLast": False, "nextPageToken": name})

    def _fetch(self, asked: Asked) -> Answer:
        keys = asked.json["issueIdsOrKeys"]
        if not 1 <= len(keys) <= MOST_FETCHED:
            return self.error(400, "1 to 100 ids or keys")
        found = []
        for key in keys:
            try:
                found.append(self.told(self.at(key), asked.json["fields"], asked.json.get("properties", [])))
            except KeyError:
                continue
        return Answer(200, {"issues": found, "issueErrors": []})

    def _said(self, asked: Asked) -> Answer:
        return self._of_issue(asked, "comments", self.comments)

    def _done(self, asked: Asked) -> Answer:
        return self._of_issue(asked, "values", self.histories)

    def _of_issue(self, asked: Asked, name: str, all_of: dict[int, list[Any]]) -> Answer:
        try:
            return self.page(asked, name, all_of.get(self.at(asked.args["key"]).id, []))
        except KeyError:
            return self.error(404, "Issue does not exist or you do not have permission to see it.")


def _sound(node: dict[str, Any]) -> bool:
    """Whether a node is one that Jira takes: text is never empty, code has no marks."""
    if node["type"] == "text":
        return bool(node.get("text"))
    return all(map(_sound, node.get("content", ())))
