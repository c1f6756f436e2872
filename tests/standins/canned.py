"""A Redmine and a Trac that only answer what is read, for answers that the real servers never give.

Refuses to keep any rule of theirs: what is written, filtered or clamped is tried on the real servers.
"""

from typing import Any

from tests.standins.world import Answer, Asked, StandIn

STAMP = "2027-01-04T09:00:00Z"
TIME = {"__jsonclass__": ["datetime", "2027-01-04T09:00:00"]}
STEPS = 6
PROJECT = "lager"


def step(number: int) -> str:
    """The title of an issue or ticket."""
    return f"Schritt {number}"


class CannedRedmine(StandIn):
    """One project with six issues."""

    def __init__(self) -> None:
        super().__init__()
        self.off = False
        """Whether its REST service is switched off: it answers 403 to everybody who comes with a key."""
        project = {"id": 1, "identifier": PROJECT, "name": "Lagerhalle Ö", "status": 1, "updated_on": STAMP}
        for path, body in (
            ("/users/current.json", {"user": {"id": 5, "login": "interoffice"}}),
            (f"/projects/{PROJECT}.json", {"project": {**project, "trackers": [{"id": 1, "name": "Task"}]}}),
            ("/custom_fields.json", {"custom_fields": []}),
        ):
            self.route("GET", path, lambda _, body=body: Answer(200, body))
        self.route("GET", "/issues.json", self._issues)
        self.route("GET", "/issues.csv", self._export)

    def refused(self, asked: Asked) -> Answer | None:
        return Answer(403) if self.off and "x-redmine-api-key" in asked.headers else None

    def _issues(self, asked: Asked) -> Answer:
        start = int(asked.one("offset", "0"))
        size = min(int(asked.one("limit", "25")), self.most)
        issues = [self._issue(n) for n in range(STEPS)][start : start + size]
        return Answer(200, {"issues": issues, "total_count": STEPS, "offset": start, "limit": size})

    def _issue(self, number: int) -> dict[str, Any]:
        named = {"project": (1, "Lagerhalle Ö"), "tracker": (1, "Task"), "assigned_to": (6, "Paula Planner")}
        return {
            "id": number + 1, "subject": step(number), "description": "", "start_date": "2027-01-04",
            "due_date": "2027-01-29", "done_ratio": 50, "estimated_hours": 20.0, "updated_on": STAMP,
            "spent_hours": 0.0 if number else 6.5,
            "status": {"id": 1, "name": "New", "is_closed": False}, "closed_on": None,
            **{name: {"id": n, "name": text} for name, (n, text) in named.items()},
            "custom_fields": [{"id": 1, "name": "Interoffice key", "value": ""}, {"id": 2, "name": "Role", "value": "6"}],
            "relations": [{"id": 9, "issue_id": 1, "issue_to_id": 2, "relation_type": "precedes", "delay": 0}],
        }  # fmt: skip

    def _export(self, _asked: Asked) -> Answer:
        rows = "".join(f"{number + 1},Paula Planner\n" for number in range(STEPS))
        return Answer(200, None, {"Content-Type": "text/csv"}, f"#,Role\n{rows}".encode())


class CannedTrac(StandIn):
    """A project and six tasks in it."""

    def __init__(self) -> None:
        super().__init__()
        self.route("POST", "/login/rpc", lambda asked: Answer(200, self._answered(asked.json)))

    def _answered(self, asked: dict[str, Any]) -> dict[str, Any]:
        return {"result": self._result(asked["method"], asked["params"]), "error": None, "id": 1}

    def _result(self, method: str, params: list[Any]) -> Any:
        match method:
            case "system.multicall":
                return [self._answered(step) for step in params]
            case "ticket.getTicketFields":
                names = (
                    "summary",
                    "description",
                    "type",
                    "component",
                    "status",
                    "owner",
                    "interoffice_key",
                    "role",
                )
                told = [{"name": name, "label": name, "type": "text"} for name in (*names, "project")]
                return [*told, {"name": "due", "label": "Due", "type": "time"}]
            case "ticket.query":
                return list(range(1, STEPS + 2))
            case "ticket.get":
                return self._ticket(params[0])
        return []

    def _ticket(self, number: int) -> list[Any]:
        kind = "project" if number == 1 else "task"
        title = "Lagerhalle Ö" if number == 1 else step(number - 2)
        said = {
            "summary": title, "description": "", "type": kind, "component": "", "status": "new", "owner": "paula",
            "interoffice_key": "", "role": "6", "project": "" if number == 1 else "#1", "due": TIME,
            "_ts": "1798966800000000",
        }  # fmt: skip
        return [number, TIME, TIME, said]
