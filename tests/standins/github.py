"""A stand-in for GitHub: repositories, issues, sub-issues, dependencies, issue fields and a board.

Its traps are those that documents and users report: lists show open issues only and pull requests among
them, next pages lie under the repository's number, none from the hundredth on; stamps are whole seconds, and
parents and dependencies leave them as they are; without the right to push, labels, types and fields are dropped
without a word; a PATCH with field values takes away all others; nothing refuses a late write.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from connectors.github.connector import GitHub
from tests.standins.described import Description
from tests.standins.github_shapes import (
    FIELDS,
    ORGANIZATION,
    PHASES,
    TYPES,
    URL,
    error,
    field_value,
    iso,
    label,
    milestone,
    person,
    repository,
)
from tests.standins.world import Answer, Asked, StandIn

BOARD_FIELDS = {
    "Title": (70, "title"),
    "Status": (71, "single_select"),
    "Target": (72, "date"),
    "Labels": (73, "labels"),
}
TOKENS = {"ghp-interoffice": ("interoffice", True), "ghp-rosa": ("rosa", True), "ghp-guest": ("guest", False)}
MOST_CHILDREN = 100


@dataclass
class Issue:
    """An issue or a pull request."""

    id: int
    repository: str
    number: int
    title: str
    body: str = ""
    by: str = "rosa"
    state: str = "open"
    reason: str | None = None
    type: str = ""
    labels: list[str] = field(default_factory=list)
    fields: dict[int, Any] = field(default_factory=dict)
    due_on: str | None = None
    parent: int | None = None
    after: list[int] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    pull: bool = False
    updated: datetime | None = None


class GitHubStandIn(StandIn):
    """One organization with repositories; `issues` by their ids, `board` the board's values by them."""

    def __init__(self) -> None:
        super().__init__()
        self.description = Description(("github.json",), exempt=dict(GitHub.spec.exempt))
        self.repositories: dict[str, dict[str, Any]] = {}
        self.moved: dict[str, str] = {}
        self.barred: set[str] = set()
        """Repositories in which we may only read."""
        self.issues: dict[int, Issue] = {}
        self.deleted: set[tuple[str, int]] = set()
        self.board: dict[int, dict[str, Any]] = {}
        self.login, self.push = "", False
        self.labels: dict[str, list[str]] = {}
        """The labels of each repository."""
        self.new_fields: dict[str, tuple[int, str]] = {}
        """Issue fields that were made by a call."""
        self.left = 5000
        self.deepest = 99
        """The last page that is given of issues."""
        self._events = 0
        repo = "/repos/{owner}/{repo}"
        issue = f"{repo}/issues/{{number}}"
        for method, path, act in (
            ("GET", "/user", self._me),
            ("GET", "/orgs/{org}/issue-fields", self._list_fields),
            ("POST", "/orgs/{org}/issue-fields", self._add_field),
            ("GET", "/orgs/{org}/issue-types", self._list_types),
            ("GET", "/orgs/{org}/projectsV2/{board}/fields", self._board_fields),
            ("GET", "/orgs/{org}/projectsV2/{board}/items", self._board_items),
            ("GET", repo, self._repository),
            ("GET", f"{repo}/labels", self._list_labels),
            ("POST", f"{repo}/labels", self._add_label),
            ("GET", f"{repo}/issues", self._list),
            ("POST", f"{repo}/issues", self._create),
            ("GET", issue, self._show),
            ("PATCH", issue, self._patch),
            ("POST", f"{issue}/issue-field-values", self._add_values),
            ("POST", f"{issue}/comments", self._say),
            ("GET", f"{issue}/timeline", self._timeline),
            ("GET", f"{issue}/dependencies/blocked_by", self._blockers),
            ("POST", f"{issue}/dependencies/blocked_by", self._block),
            ("DELETE", f"{issue}/dependencies/blocked_by/{{id}}", self._unblock),
            ("POST", f"{issue}/sub_issues", self._adopt),
            ("DELETE", f"{issue}/sub_issue", self._disown),
        ):
            self.route(method, path, act)

    # What people do at the tool, in tests.

    def add_repository(self, name: str, **more: Any) -> None:
        """A repository of the organization."""
        self.repositories[name] = {"id": 500 + len(self.repositories), "updated": self.now, **more}

    def add(self, repository: str, title: str, **more: Any) -> Issue:
        """An issue of somebody."""
        number = 1 + sum(issue.repository == repository for issue in self.issues.values())
        number += sum(name == repository for name, _ in self.deleted)
        issue = Issue(1000 + len(self.issues) + len(self.deleted), repository, number, title, **more)
        self.issues[issue.id] = issue
        self._touch(issue)
        return issue

    def change(self, issue: Issue, by: str = "rosa", **more: Any) -> None:
        """Somebody changes an issue."""
        self._touch(issue)
        if "title" in more:
            self._note(issue, "renamed", by, rename={"from": issue.title, "to": more["title"]})
        if more.get("state", issue.state) != issue.state:
            event = "closed" if more["state"] == "closed" else "reopened"
            self._note(issue, event, by, state_reason=more.get("reason"))
        for name, value in more.items():
            setattr(issue, name, value)

    def comment(self, issue: Issue, by: str, text: str) -> None:
        """Somebody says something."""
        self._touch(issue)
        self._note(issue, "commented", by, body=text)

    def delete(self, issue: Issue) -> None:
        """Somebody with all rights deletes an issue."""
        del self.issues[issue.id]
        self.deleted.add((issue.repository, issue.number))

    def at(self, repository: str, number: int) -> Issue | None:
        """The issue with that number."""
        found = (i for i in self.issues.values() if (i.repository, i.number) == (repository, number))
        return next(found, None)

    def things(self) -> list[dict[str, Any]]:
        """The issues."""
        return [dict(vars(issue)) for issue in self.issues.values()]

    def _touch(self, issue: Issue) -> None:
        self.now += timedelta(milliseconds=10)
        issue.updated = self.now

    def _note(self, issue: Issue, event: str, by: str, **more: Any) -> None:
        self._events += 1
        note = {
            "id": self._events, "node_id": f"E_{self._events}", "url": f"{URL}/events/{self._events}",
            "actor": person(by), "event": event, "commit_id": None, "commit_url": None,
            "created_at": iso(self.now), "performed_via_github_app": None,
        }  # fmt: skip
        if event == "commented":
            note |= {
                "user": person(by), "updated_at": iso(self.now), "author_association": "MEMBER",
                "html_url": f"{URL}/c", "issue_url": self._url(issue),
            }  # fmt: skip
        issue.events.append(note | {name: value for name, value in more.items() if value is not None})

    # What the server answers.

    def refused(self, asked: Asked) -> Answer | None:
        if not asked.headers.get("user-agent"):
            return error(403, "Request forbidden by administrative rules. Please add a User-Agent header.")
        token = asked.headers.get("authorization", "").removeprefix("Bearer ")
        if token not in TOKENS:
            return error(401, "Bad credentials")
        if asked.headers.get("x-github-api-version") != "2022-11-28":
            return error(400, "Invalid API version.")
        self.login, self.push = TOKENS[token]
        self.left -= 1
        name = "/".join(asked.path.split("/")[2:4])
        if asked.path.startswith("/repos/") and name in self.barred and asked.method != "GET":
            return error(403, "Resource not accessible by personal access token")
        if asked.path.startswith("/repos/") and name in self.moved:
            to = {"Location": f"{URL}/repositories/{self.moved[name]}"}
            return Answer(301, {"message": "Moved Permanently", "url": to["Location"]}, to)
        return None

    def missing(self, _asked: Asked) -> Answer:
        return error(404, "Not Found")

    def _answer(self, status: int, body: Any, **headers: str) -> Answer:
        told = {
            "X-RateLimit-Limit": "5000",
            "X-RateLimit-Remaining": str(self.left),
            "X-RateLimit-Resource": "core",
        }
        reset = int((self.now + timedelta(minutes=30)).timestamp())
        return Answer(status, body, {**told, "X-RateLimit-Reset": str(reset), **headers})

    def _me(self, _asked: Asked) -> Answer:
        user = person(self.login)
        empty = dict.fromkeys(("bio", "blog", "company", "email", "hireable", "location", "name"))
        counts = dict.fromkeys(("followers", "following", "public_gists", "public_repos"), 0)
        stamps = {"created_at": iso(self.now), "updated_at": iso(self.now)}
        return self._answer(200, {**user, **empty, **counts, **stamps, "user_view_type": "public"})

    def _repository(self, asked: Asked) -> Answer:
        name = f"{asked.args['owner']}/{asked.args['repo']}"
        found = self.repositories.get(name)
        if found is None:
            return error(404, "Not Found")
        return self._answer(200, repository(name, found, push=self.push))

    def _list_fields(self, asked: Asked) -> Answer:
        if asked.args["org"] != ORGANIZATION:
            return error(404, "Not Found")
        return self._answer(
            200,
            [
                {"id": n, "node_id": f"IF_{n}", "name": name, "data_type": kind}
                for name, (n, kind) in (*FIELDS.items(), *self.new_fields.items())
            ],
        )

    def _list_labels(self, asked: Asked) -> Answer:
        name = f"{asked.args['owner']}/{asked.args['repo']}"
        return self._answer(200, [label(each) for each in self.labels.get(name, ())])

    def _add_label(self, asked: Asked) -> Answer:
        there = self.labels.setdefault(f"{asked.args['owner']}/{asked.args['repo']}", [])
        if not self.push:
            return error(403, "Resource not accessible")
        if asked.json["name"].casefold() in map(str.casefold, there):
            return self._invalid("name", "already_exists")
        there.append(asked.json["name"])
        return self._answer(201, label(asked.json["name"]))

    def _add_field(self, asked: Asked) -> Answer:
        if asked.args["org"] != ORGANIZATION:
            return error(404, "Not Found")
        name, kind = asked.json["name"], asked.json["data_type"]
        if name in FIELDS or name in self.new_fields:
            return self._invalid("name", "has already been taken")
        number = 100 + len(self.new_fields)
        self.new_fields[name] = (number, kind)
        return self._answer(200, {"id": number, "node_id": f"IF_{number}", "name": name, "data_type": kind})

    def _list_types(self, asked: Asked) -> Answer:
        if asked.args["org"] != ORGANIZATION:
            return error(404, "Not Found")
        return self._answer(200, [self._type(name) for name in TYPES])

    def _type(self, name: str) -> dict[str, Any]:
        return {"id": 1 + TYPES.index(name), "node_id": f"IT_{name}", "name": name, "description": None}

    def _list(self, asked: Asked) -> Answer:
        name = f"{asked.args['owner']}/{asked.args['repo']}"
        if name not in self.repositories:
            return error(404, "Not Found")
        if not self.repositories[name].get("has_issues", True):
            return error(410, "Issues are disabled for this repo")
        page = int(asked.one("page", "1"))
        if page > self.deepest:
            return error(
                422, "Pagination with the page parameter is not supported for large datasets", errors=[]
            )
        state, labels = asked.one("state", "open"), set(filter(None, asked.one("labels").split(",")))
        found = [i for i in self.issues.values() if i.repository == name and labels <= set(i.labels)]
        found = [i for i in found if state in ("all", i.state)]
        if since := asked.one("since"):
            found = [i for i in found if i.updated.replace(microsecond=0) >= datetime.fromisoformat(since)]
        assert (asked.one("sort"), asked.one("direction")) == ("updated", "asc"), (
            "nobody has told of another order"
        )
        found.sort(key=lambda issue: (issue.updated.replace(microsecond=0), issue.id))
        return self._paged(
            [self._issue(i) for i in found], asked, f"/repositories/{self.repositories[name]['id']}/issues"
        )

    def _paged(self, found: list[Any], asked: Asked, path: str = "") -> Answer:
        size = min(int(asked.one("per_page", "30")), 100, self.most)
        page = int(asked.one("page", "1"))
        links = {}
        if page * size < len(found):
            query = urlencode({**{k: v[0] for k, v in asked.query.items()}, "page": page + 1})
            links = {"Link": f'<http://{asked.headers["host"]}{path or asked.path}?{query}>; rel="next"'}
        return self._answer(200, found[(page - 1) * size : page * size], **links)

    def _url(self, issue: Issue) -> str:
        return f"{URL}/repos/{issue.repository}/issues/{issue.number}"

    def _issue(self, issue: Issue) -> dict[str, Any]:
        url = self._url(issue)
        children = [i for i in self.issues.values() if i.parent == issue.id]
        done = sum(i.state == "closed" for i in children)
        told = {
            "id": issue.id, "node_id": f"I_{issue.id}", "number": issue.number, "title": issue.title,
            "body": issue.body or None, "user": person(issue.by), "state": issue.state,
            "assignee": person("rosa"), "assignees": [person("rosa")], "milestone": milestone(issue.due_on), "locked": False,
            "comments": sum(e["event"] == "commented" for e in issue.events), "closed_at": None,
            "created_at": iso(issue.updated), "updated_at": iso(issue.updated), "url": url, "html_url": url,
            "comments_url": f"{url}/comments", "events_url": f"{url}/events", "labels_url": f"{url}/labels",
            "repository_url": f"{URL}/repos/{issue.repository}", "labels": [label(each) for each in issue.labels],
            "issue_field_values": [field_value(n, given) for n, given in issue.fields.items()],
            "issue_dependencies_summary": {
                "blocked_by": len(issue.after), "total_blocked_by": len(issue.after), "blocking": 0, "total_blocking": 0,
            },
            "sub_issues_summary": {
                "total": len(children), "completed": done,
                "percent_completed": 100 * done // len(children) if children else 0,
            },
        }  # fmt: skip
        if issue.reason:  # else GitHub says null, which its description takes for no reason of its list
            told["state_reason"] = issue.reason
        if issue.type:
            told["type"] = self._type(issue.type)
        if issue.parent:
            told["parent_issue_url"] = self._url(self.issues[issue.parent])
        if issue.pull:
            told["pull_request"] = dict.fromkeys(("url", "html_url", "diff_url", "patch_url"), url)
        return told

    def _asked_for(self, asked: Asked) -> Issue | Answer:
        name, number = f"{asked.args['owner']}/{asked.args['repo']}", int(asked.args["number"])
        found = self.at(name, number)
        if found is None:
            gone = (name, number) in self.deleted
            return error(410, "This issue was deleted") if gone else error(404, "Not Found")
        return found

    def _show(self, asked: Asked) -> Answer:
        found = self._asked_for(asked)
        return found if isinstance(found, Answer) else self._answer(200, self._issue(found))

    def _invalid(self, what: str, text: str) -> Answer:
        errors = [{"resource": "Issue", "field": what, "code": "invalid", "message": text}]
        return error(422, "Validation Failed", errors=errors)

    def _create(self, asked: Asked) -> Answer:
        name = f"{asked.args['owner']}/{asked.args['repo']}"
        if name not in self.repositories:
            return error(404, "Not Found")
        if not self.repositories[name].get("has_issues", True):
            return error(410, "Issues are disabled for this repo")
        if problem := self._problem(asked.json):
            return problem
        issue = self.add(name, asked.json["title"], body=asked.json.get("body") or "", by=self.login)
        if self.push:
            issue.labels = list(asked.json.get("labels", ()))
            issue.type = asked.json.get("type") or ""
            self._set(issue, asked.json.get("issue_field_values", ()))
        return self._answer(201, self._issue(issue))

    def _problem(self, body: dict[str, Any]) -> Answer | None:
        if not str(body.get("title", "-")).strip() or len(str(body.get("title", "-"))) > 256:
            return self._invalid("title", "title is blank or longer than 256 characters")
        if len(body.get("body") or "") > 65536:
            return self._invalid("body", "body is too long (maximum is 65536 characters)")
        if body.get("type") and body["type"] not in TYPES:
            return self._invalid("type", f"there is no issue type {body['type']}")
        for each in body.get("issue_field_values", ()):
            kinds = dict(FIELDS.values())
            if each["field_id"] not in kinds:
                return self._invalid("issue_field_values", "there is no such issue field")
            if kinds[each["field_id"]] == "single_select" and each["value"] not in PHASES:
                return self._invalid("issue_field_values", f"{each['value']} is no option")
        return None

    def _set(self, issue: Issue, values: Any) -> None:
        issue.fields |= {each["field_id"]: each["value"] for each in values}

    def _patch(self, asked: Asked) -> Answer:
        found = self._asked_for(asked)
        if isinstance(found, Answer):
            return found
        if not self.push and found.by != self.login:
            return error(403, "Must have push access")
        if problem := self._problem(asked.json):
            return problem
        names = {name: asked.json[name] for name in ("title", "body", "state") if name in asked.json}
        self.change(found, self.login, **names)
        if self.push and "labels" in asked.json:
            found.labels = list(asked.json["labels"])
        if self.push and "issue_field_values" in asked.json:
            found.fields = {}
            self._set(found, asked.json["issue_field_values"])
        return self._answer(200, self._issue(found))

    def _say(self, asked: Asked) -> Answer:
        found = self._asked_for(asked)
        if isinstance(found, Answer):
            return found
        self.comment(found, self.login, asked.json["body"])
        told = found.events[-1]
        kept = ("id", "node_id", "url", "html_url", "issue_url", "user", "created_at", "updated_at", "body")
        return self._answer(201, {name: told[name] for name in kept if name in told})

    def _add_values(self, asked: Asked) -> Answer:
        found = self._asked_for(asked)
        if isinstance(found, Answer):
            return found
        if not self.push:
            return error(403, "Must have push access")
        if problem := self._problem(asked.json):
            return problem
        self._touch(found)
        self._set(found, asked.json["issue_field_values"])
        return self._answer(200, [field_value(n, given) for n, given in found.fields.items()])

    def _timeline(self, asked: Asked) -> Answer:
        found = self._asked_for(asked)
        return found if isinstance(found, Answer) else self._paged(found.events, asked)

    def _blockers(self, asked: Asked) -> Answer:
        found = self._asked_for(asked)
        if isinstance(found, Answer):
            return found
        return self._paged([self._issue(self.issues[n]) for n in found.after], asked)

    def _block(self, asked: Asked) -> Answer:
        found, other = self._asked_for(asked), asked.json["issue_id"]
        if isinstance(found, Answer):
            return found
        if other not in self.issues or other in found.after or other == found.id:
            return self._invalid("issue_id", "it blocks already, or is not there")
        found.after.append(other)
        self._note(found, "blocked_by_added", self.login, blocked_by=None)
        return self._answer(201, self._issue(self.issues[other]))

    def _unblock(self, asked: Asked) -> Answer:
        found = self._asked_for(asked)
        if isinstance(found, Answer):
            return found
        if int(asked.args["id"]) not in found.after:
            return error(404, "Not Found")
        found.after.remove(int(asked.args["id"]))
        return self._answer(200, self._issue(found))

    def _adopt(self, asked: Asked) -> Answer:
        parent, child = self._asked_for(asked), self.issues.get(asked.json["sub_issue_id"])
        if isinstance(parent, Answer):
            return parent
        if child is None or child.id == parent.id:
            return error(404, "Not Found")
        if child.parent and not asked.json.get("replace_parent"):
            return self._invalid("sub_issue_id", "Sub issue may only have one parent")
        if sum(each.parent == parent.id for each in self.issues.values()) >= MOST_CHILDREN:
            return self._invalid("sub_issue_id", f"Parent cannot have more than {MOST_CHILDREN} sub-issues")
        child.parent = parent.id
        return self._answer(201, self._issue(parent))

    def _disown(self, asked: Asked) -> Answer:
        parent, child = self._asked_for(asked), self.issues.get(asked.json["sub_issue_id"])
        if isinstance(parent, Answer):
            return parent
        if child is None or child.parent != parent.id:
            return error(404, "Not Found")
        child.parent = None
        return self._answer(200, self._issue(parent))

    def _board_fields(self, asked: Asked) -> Answer:
        if asked.args["board"] != "7":
            return error(404, "Not Found")
        stamps = {
            "created_at": iso(self.now),
            "updated_at": iso(self.now),
            "project_url": f"{URL}/projectsV2/7",
        }
        told = [
            {"id": n, "name": name, "data_type": kind, **stamps} for name, (n, kind) in BOARD_FIELDS.items()
        ]
        return self._cursored(told, asked)

    def _board_items(self, asked: Asked) -> Answer:
        wanted = {int(each) for each in asked.one("fields").split(",") if each}
        told = []
        for number, values in self.board.items():
            shown = [
                {"id": 70, "name": "Title", "data_type": "title", "value": {"raw": self.issues[number].title}}
            ]
            for name, value in values.items():
                told_value = (
                    {"id": "o1", "name": {"raw": value, "html": value}} if name == "Status" else value
                )
                shown.append({"id": BOARD_FIELDS[name][0], "name": name, "data_type": BOARD_FIELDS[name][1], "value": told_value})  # fmt: skip
            told.append({
                "id": 9000 + number, "content_type": "Issue", "content": self._issue(self.issues[number]),
                "archived_at": None, "created_at": iso(self.now), "updated_at": iso(self.now),
                "fields": [each for each in shown if each["id"] in wanted],
            })  # fmt: skip
        return self._cursored(told, asked)

    def _cursored(self, found: list[Any], asked: Asked) -> Answer:
        """A page by a cursor: there are no numbers of pages here."""
        size = min(int(asked.one("per_page", "30")), 100, self.most)
        begin = int(asked.one("after", "c0")[1:])
        links = {}
        if begin + size < len(found):
            query = urlencode({**{k: v[0] for k, v in asked.query.items()}, "after": f"c{begin + size}"})
            links = {"Link": f'<http://{asked.headers["host"]}{asked.path}?{query}>; rel="next"'}
        return self._answer(200, found[begin : begin + size], **links)
