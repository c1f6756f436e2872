"""The real Redmine as a bench of the contract: each bench has projects of its own in the running server."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from connectors.redmine.connector import Redmine
from connectors.redmine.fields import RedmineSettings
from connectors.tickets.lines import MARK, apart
from connectors.tickets.settings import TicketTool
from domain.organization.office import Access
from domain.plans.item_plan import NOTHING_PLANNED, ItemPlan
from domain.plans.mirror import Mirror
from domain.plans.predecessor import Predecessor
from scripts.servers import fill, many
from tests.connectors.workbook import books
from tests.contract import redmine_administration as administration
from tests.contract.around import around
from tests.contract.bench import merged
from tests.contract.remembered import Remembered

US, PLANNER = "interoffice", "planner"
PROJECTS = {
    "stage": "Stage",
    "sponsor": "Sponsor",
    "lead": "Project lead",
    "finish": "Finish",
    "percent_complete": {"header": "Percent complete", "unit": "percent"},
    "budget": "Budget",
    "standard_version": "Standard",
}
ITEMS = {"key": "Interoffice key", "role": "Role", "standing": "Standing"}
FACTS = {
    "stage": "Execution",
    "sponsor": "Dr. Ç. Şahin",
    "finish": date(2027, 5, 31),
    "percent_complete": 94,
    "budget": 1250500.5,
    "gate_g1": date(2026, 4, 1),
    "standard_version": "1.0",
    "business_case_person": "M. Lopes",
    "business_case_on": date(2026, 2, 1),
    "risk_register": "ja",
}


def settings(*within: str, more: Mapping[str, Any] | None = None, **items: Any) -> RedmineSettings:
    """How the bench's projects are read; a column of items that is None is not mapped."""
    columns = {name: header for name, header in {**ITEMS, **items}.items() if header is not None}
    return RedmineSettings.model_validate(
        {
            "projects": {
                "within": within,
                "columns": PROJECTS,
                "gates": {"G1": "Gate 1 passed"},
                "attested": {
                    "business_case": {"person": "Business case: approved by", "on": "Business case: on"}
                },
                "fields": {"risk_register": "Risk register"},
                "words": {"stage": {"Execution": "execution", "Closing": "closing"}},
            },
            "items": {"columns": columns, "words": {"kind": {"Task": "task", "Milestone": "milestone"}}},
            "questions": {"put_as": "Question"},
            "parents_computed": False,
            **(more or {}),
        }
    )


def reset(use: RedmineSettings, over: Mapping[str, Any]) -> RedmineSettings:
    """Settings with others put over them, part by part."""
    return RedmineSettings.model_validate(merged(use.model_dump(exclude_unset=True), over))


def connector(
    entry: Mapping,
    use: RedmineSettings,
    access: Access = Access.WRITE,
    user: str = US,
    secret: str = "",
    mirror: Mirror | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Redmine:
    """The connector to a Redmine, with the key of one of its users."""
    surroundings = around(
        None,  # nothing of it lies in a file
        lambda: secret or entry["users"][user]["key"],
        mirror or Remembered(),
        now,
    )
    tool = TicketTool(url=entry["url"], allow=("127.0.0.1",))
    return Redmine.connect(surroundings, books.OFFICE, access, "5.0.4", tool, use)


def ask(entry: Mapping, method: str, path: str, body: object = None, user: str = PLANNER) -> dict[str, Any]:
    """One REST call as somebody, which must succeed; the answer's body."""
    return fill.ask_redmine(entry, method, path, body, user)


def issue(entry: Mapping, project: str, subject: str, user: str = PLANNER, **fields: Any) -> int:
    """An issue of the office's own; its number."""
    told = {"project_id": project, "tracker_id": entry["kinds"]["Task"], "subject": subject, **fields}
    return ask(entry, "POST", "/issues.json", {"issue": told}, user)["issue"]["id"]


def edit(entry: Mapping, number: int, user: str = PLANNER, **fields: Any) -> None:
    """Somebody changes an issue."""
    ask(entry, "PUT", f"/issues/{number}.json", {"issue": fields}, user)


def issues(entry: Mapping, *projects: str) -> list[dict[str, Any]]:
    """Everything that stands in these projects, with links and journals, by number."""
    whole = "/issues/{}.json?include=relations,journals"
    return [
        ask(entry, "GET", whole.format(each["id"]), user="admin")["issue"]
        for project in projects
        for each in listed(entry, project)
    ]


def listed(entry: Mapping, project: str) -> list[dict[str, Any]]:
    """Everything that stands in a project, without links and journals, by number: one call."""
    path = f"/issues.json?project_id={project}&status_id=*&limit=100&sort=id"
    return ask(entry, "GET", path, user="admin")["issues"]


def key_of(told: Mapping[str, Any]) -> str:
    """Our key in an issue; empty for what is the office's own."""
    values = {field["name"]: field["value"] for field in told.get("custom_fields", ())}
    return values.get("Interoffice key") or ""


def ours(entry: Mapping, project: str, key: str) -> dict[str, Any]:
    """The one issue that bears our key."""
    (found,) = [each for each in issues(entry, project) if key_of(each) == key]
    return found


@dataclass
class Desk:
    """What people do in some projects, by their codes."""

    entry: Mapping
    projects: Mapping[str, str]
    roles: dict[str, int] = field(default_factory=dict)
    fields: list[int] = field(default_factory=list)

    def listed(self, sort: str = "id:desc") -> list[dict[str, Any]]:
        """A page of each project, without links and journals."""
        asked = (
            f"/issues.json?project_id={name}&status_id=*&limit=100&sort={sort}"
            for name in self.projects.values()
        )
        return [each for path in asked for each in ask(self.entry, "GET", path, user="admin")["issues"]]

    def bearing(self, key: str) -> dict[str, Any]:
        (found,) = [each for each in self.listed() if key_of(each) == key]
        return found

    def edit(self, key: str, user: str = PLANNER, **fields: Any) -> None:
        edit(self.entry, self.bearing(key)["id"], user, **fields)

    def work(self) -> None:
        oldest = min(self.listed("updated_on"), key=lambda each: (each["updated_on"], each["id"]))
        edit(self.entry, oldest["id"], subject=f"{oldest['subject']}, umbenannt")

    def annotate(self, key: str, text: str) -> None:
        old = self.bearing(key)["description"] or ""
        lines = old[old.index(MARK) :] if MARK in old else ""
        self.edit(key, "admin", description=f"{text}\r\n\r\n{lines}".strip())

    def annotation(self, key: str) -> str:
        return apart((self.bearing(key)["description"] or "").replace("\r\n", "\n"))[0]

    def copy(self, key: str) -> None:
        source = self.bearing(key)
        told = {name: source.get(name) for name in ("description", "start_date", "due_date")}
        told["custom_fields"] = [
            {"id": each["id"], "value": each["value"]} for each in source["custom_fields"]
        ]
        place = source["project"]["id"]
        issue(self.entry, place, source["subject"], tracker_id=source["tracker"]["id"], **told)

    def remove(self, key: str) -> None:
        ask(self.entry, "DELETE", f"/issues/{self.bearing(key)['id']}.json", user="admin")

    def role(self, code: str) -> int:
        """Our user's own role in a project, made when it is asked for."""
        if code not in self.roles:
            self.roles[code] = administration.own_role(self.entry, self.projects[code])
        return self.roles[code]

    def unkey(self, off: bool) -> None:
        field = str(self.entry["issue_fields"]["interoffice_key"])
        for code in self.projects:
            if off:
                administration.rule(self.entry, self.role(code), field, "readonly")
            else:
                administration.no_rule(self.entry, self.role(code), field)

    def bar(self, code: str) -> None:
        administration.without(self.entry, self.role(code), "add_issues", "edit_issues")

    def require(self) -> None:
        """Both fields in the first project; an issue of the office's shows them."""
        place = self.projects["P-1"]
        values = "---\n- '0815'\n- 4711 Ö\n"
        given = (("Effort class", ""), ("Cost center", values))
        numbers = [administration.required_field(self.entry, place, label, each) for label, each in given]
        self.fields += numbers
        shown = [{"id": number, "value": value} for number, value in zip(numbers, ("1", "0815"), strict=True)]
        issue(self.entry, place, "Mit Kostenstelle", custom_fields=shown)

    def close(self) -> None:
        for name in self.projects.values():
            fill.remove_redmine_project(self.entry, name)
        for role in self.roles.values():
            administration.remove_role(self.entry, role)
        for number in self.fields:
            administration.remove_field(self.entry, number)

    def within(self, wanted: Callable[..., Any]) -> Callable[..., Any]:
        """The sample's things, in a project of this desk."""

        def make(*given: Any, **values: Any) -> Any:
            code = values.pop("project", "P-1")
            return wanted(*given, project=self.projects.get(code, code), **values)

        return make


def redmine_bench(entry: Mapping) -> Any:
    """Projects of the running Redmine, two with six tasks and an empty one; the bench's `close` removes them."""
    from tests.contract.contract import Bench

    mark = secrets.token_hex(5)
    desk = Desk(entry, {code: f"{code.lower()}-{mark}" for code in ("P-1", "P-2", "P-3")})
    numbers = {
        code: fill.redmine_project(entry, identifier, f"Lagerhalle {code} Ö", FACTS)
        for code, identifier in desk.projects.items()
    }
    for number in range(6):
        place = desk.projects[f"P-{1 + number % 2}"]
        text = {"description": "Zeile 1\r\nZeile 2", "due_date": "2027-01-29", "estimated_hours": 20}
        issue(entry, place, f"Schritt {number}", **text)
    names, new = tuple(desk.projects.values()), f"p-77-{mark}"

    def close() -> None:
        desk.close()
        with suppress(fill.Failed):  # not every clause starts it
            fill.remove_redmine_project(entry, new)

    use = settings(*names)

    def planned() -> tuple[Any, dict[str, ItemPlan]]:
        place = desk.projects["P-3"]
        first = issue(entry, place, "Plan A")
        second = issue(entry, place, "Plan B", parent_issue_id=first, start_date="2027-03-01")
        third = issue(entry, place, "Plan C", parent_issue_id=first)
        relation = {"issue_to_id": third, "relation_type": "precedes", "delay": 2}
        ask(entry, "POST", f"/issues/{second}/relations.json", {"relation": relation}, "admin")
        return connector(entry, use), {
            "Plan A": NOTHING_PLANNED,
            "Plan B": ItemPlan("Plan A"),
            "Plan C": ItemPlan("Plan A", after=(Predecessor("Plan B", 2),)),
        }

    return Bench(
        planned=planned,
        unshown=frozenset({"spent"}),  # its projects have no time tracking
        connect=lambda access: connector(entry, use, access),
        state=lambda: issues(entry, *names),
        foreign=lambda: [each for each in issues(entry, *names) if not key_of(each)],
        office_works=desk.work,
        copy_row=desk.copy,
        item=desk.within(books.item),
        question=desk.within(books.question),
        again=lambda **more: connector(entry, use, **more),
        fill=lambda count: many.redmine_issues(entry, numbers["P-3"], count),
        redate=lambda key: desk.edit(key, due_date="2027-02-25"),
        annotate=desk.annotate,
        annotation=desk.annotation,
        answer=lambda key, text: desk.edit(key, notes=text),
        answerer=f"Paula Planner ({entry['users']['planner']['id']})",
        decide=lambda key: desk.edit(key, status_id=entry["statuses"]["In Progress"]),
        remove=desk.remove,
        require=desk.require,
        with_settings=lambda over: connector(entry, reset(use, over)),
        unkey=desk.unkey,
        bar=desk.bar,
        unfit=lambda: connector(entry, use, secret="nobody's"),
        count=lambda key: sum(key_of(each) == key for each in desk.listed()),
        close=close,
        fresh=lambda: (connector(entry, settings(*names, new), user="admin"), new),
    )
