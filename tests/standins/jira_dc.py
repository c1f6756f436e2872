"""A stand-in for Jira Data Center's REST v2: pages that the server clamps, plain text, epics by a field of links.

Every answer has the state of the token bucket, `retry-after: 0` while there is something in it.
"""

from datetime import timedelta
from typing import Any

from connectors.jira.data_center import EPIC_LINK, JiraDataCenter
from tests.standins.described import Description
from tests.standins.jira import NAMES, PLANNER, US, Issue, JiraStandIn, Wrong
from tests.standins.world import Answer, Asked

TOKENS = {"pat-interoffice": US, "pat-rosa": PLANNER}
EPIC_FIELD = "customfield_10020"


class JiraDataCenterStandIn(JiraStandIn):
    """A server; `bucket` calls before the next ones are put off."""

    base = "/rest/api/2"

    def __init__(self) -> None:
        super().__init__()
        self.description = Description(
            ("jira-dc-10.3.json",), strip="/rest", exempt=dict(JiraDataCenter.spec.exempt)
        )
        self.custom[EPIC_FIELD] = ("Epic Link", {"type": "any", "custom": EPIC_LINK})
        self.capacity = self.bucket = 100_000
        self.filled = self.now
        for method, path, act in (
            ("GET", "/project", self._projects),
            ("GET", "/project/{key}", self._one_project),
            ("GET", "/project/{key}/properties/{name}", self._project_property),
            ("GET", "/issue/{key}/properties/{name}", self._issue_property),
            ("POST", "/search", self._search),
            ("GET", "/issue/{key}/comment", self._said),
        ):
            self.route(method, self.base + path, act)

    def person(self, name: str) -> dict[str, Any]:
        return {"name": name, "key": f"JIRAUSER{len(name)}", "displayName": NAMES[name], "active": True}

    def rich(self, text: str) -> Any:
        return text

    def checked_description(self, told: Any) -> Any:
        if told is not None and (not isinstance(told, str) or len(told) > 32_767):
            raise Wrong(description="Operation value must be a string of at most 32,767 characters")
        return told

    def parented(self, fields: dict[str, Any], issue_type: str) -> int | None:
        if EPIC_FIELD in fields:
            if fields[EPIC_FIELD] is None:
                return None
            try:
                epic = self.at(fields[EPIC_FIELD])
            except (KeyError, TypeError):
                raise Wrong(**{EPIC_FIELD: "String value expected as the Epic Key."}) from None
            if epic.type != "Epic" or self.types()[issue_type]:
                raise Wrong(**{EPIC_FIELD: f"Issue '{epic.key}' must be of type 'Epic'."})
            return epic.id
        if not self.types()[issue_type]:
            raise Wrong(
                parent="Field 'parent' cannot be set. It is not on the appropriate screen, or unknown."
            )
        try:
            parent = self.at(fields["parent"]["key"])
        except KeyError:
            raise Wrong(parent="Could not find issue by id or key.") from None
        if self.types()[parent.type]:
            raise Wrong(parent="A sub-task cannot be the parent of another one.")
        return parent.id

    def parent_fields(self, issue: Issue) -> dict[str, Any]:
        parent = self.current(issue.parent) if issue.parent else None
        if parent is None:
            return {EPIC_FIELD: None}
        if self.types()[issue.type]:
            return {"parent": {"id": str(parent.id), "key": parent.key}, EPIC_FIELD: None}
        return {EPIC_FIELD: parent.key}

    def types_page(self, told: list[Any], counts: dict[str, int]) -> dict[str, Any]:
        return {"values": told, **counts, "isLast": counts["startAt"] + len(told) >= counts["total"]}

    def properties_told(self, held: dict[str, Any]) -> dict[str, Any]:
        del held
        return {}

    def refused(self, asked: Asked) -> Answer | None:
        kind, _, token = asked.headers.get("authorization", "").partition(" ")
        self.user = TOKENS.get(token, "") if kind == "Bearer" else ""
        if not self.user:
            header = {"X-Seraph-LoginReason": "AUTHENTICATED_FAILED"}
            return Answer(401, {"errorMessages": ["You are not authenticated."], "errors": {}}, header)
        passed = (self.now - self.filled) / timedelta(seconds=1)
        if passed >= 1:
            self.bucket, self.filled = min(self.capacity, self.bucket + 10 * int(passed)), self.now
        if self.bucket <= 0:
            return Answer(429, {"message": "Rate limit exceeded."})
        self.bucket -= 1
        return super().refused(asked)

    def handle(self, asked: Asked) -> Answer:
        answer = super().handle(asked)
        told = {
            "X-RateLimit-Limit": str(self.capacity), "X-RateLimit-Remaining": str(self.bucket),
            "X-RateLimit-Interval-Seconds": "1", "X-RateLimit-FillRate": "10",
            "retry-after": "1" if answer.status == 429 else "0",
        }  # fmt: skip
        given = {name.lower() for name in answer.headers}
        answer.headers |= {name: value for name, value in told.items() if name.lower() not in given}
        return answer

    def _projects(self, _asked: Asked) -> Answer:
        return Answer(
            200,
            [
                {"id": each["id"], "key": each["key"], "name": each["name"], "lead": self.person(PLANNER)}
                for each in self.projects.values()
            ],
        )

    def _project_property(self, asked: Asked) -> Answer:
        facts = self.projects.get(asked.args["key"], {}).get("facts")
        if not facts or asked.args["name"] != "interoffice":
            return self.error(404, f"The property {asked.args['name']} does not exist")
        return Answer(200, {"key": "interoffice", "value": facts})

    def _issue_property(self, asked: Asked) -> Answer:
        held = self.at(asked.args["key"]).properties
        if asked.args["name"] not in held:
            return self.error(404, f"The property {asked.args['name']} does not exist")
        return Answer(200, {"key": asked.args["name"], "value": held[asked.args["name"]]})

    def _said(self, asked: Asked) -> Answer:
        return self.page(asked, "comments", self.comments.get(self.at(asked.args["key"]).id, []))

    def _search(self, asked: Asked) -> Answer:
        body = asked.json
        start, size = body.get("startAt", 0), min(body.get("maxResults", 50), self.most)
        try:
            found = self.found(body["jql"])
        except Wrong as wrong:
            return self.error(400, *wrong.words.values())
        told = [self.told(issue, body.get("fields", ["*all"]), []) for issue in found[start : start + size]]
        return Answer(200, {"issues": told, "total": len(found), "startAt": start, "maxResults": size})
