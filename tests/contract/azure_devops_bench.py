"""Azure DevOps' stand-in as a bench of the contract."""

import copy
from collections.abc import Callable
from typing import Any

from connectors.azure_devops.connector import AzureDevOps
from connectors.azure_devops.fields import AzureSettings
from connectors.tickets import html
from connectors.tickets.settings import TicketTool
from domain.organization.office import Access
from domain.plans.item_plan import ItemPlan
from domain.plans.predecessor import Predecessor
from tests.connectors.workbook import books
from tests.contract.around import around
from tests.contract.bench import merged
from tests.standins.azure_devops import FIELDS, ORGANIZATION, AzureStandIn

SETTINGS: dict[str, Any] = {
    "projects": {
        "within": ["Porto"],
        "type": "Epic",
        "columns": {"budget": "Budget"},
        "gates": {"G1": "Gate 1"},
    },
    "items": {"columns": {"key": "Interoffice key", "role": "Role"}},
}
KEY = FIELDS["Interoffice key"]


def connector(
    url: str,
    access: Access = Access.WRITE,
    secret: Callable[[], str] = lambda: "pat-interoffice",
    settings: dict[str, Any] = SETTINGS,
    zone: str | None = None,
    **more: Any,
) -> AzureDevOps:
    """The connector to a stand-in."""
    tool = TicketTool(url=f"{url}{ORGANIZATION}", allow=("127.0.0.1",), zone=zone)
    use = AzureSettings.model_validate(settings)
    return AzureDevOps.connect(around(None, secret, **more), books.OFFICE, access, "7.1", tool, use)


def furnished() -> AzureStandIn:
    """An organization with one team project, in it two epics that are projects, and six tasks."""
    standin = AzureStandIn()
    standin.projects = ["Porto", "Faro"]
    url = f"https://x{ORGANIZATION}/_apis/wit/workItems/"
    epics = [
        standin.add("Porto", f"Lagerhalle {n} Ö", "Epic", Budget=1250500.0, Gate_1="2027-01-04T00:00:00Z")
        for n in (1, 2)
    ]
    for n in range(6):
        number = standin.add(
            "Porto", f"Schritt {n}", Description="<div>Zeile 1</div><div>Zeile <b>2</b></div>",
            Due_Date="2027-01-29T00:00:00Z", Original_Estimate=20,
        )  # fmt: skip
        standin.items[number]["relations"].append(
            {"rel": "System.LinkTypes.Hierarchy-Reverse", "url": f"{url}{epics[n % 2]}", "attributes": {}}
        )
    standin.pass_time(minutes=5)
    return standin


def disown(standin: AzureStandIn, number: int) -> None:
    """Who commented on a work item and changed it is gone; a comment has no text."""
    standin.description = None
    standin.comment(number, "pat-rosa", "")
    standin.comments[number][-1]["text"] = None
    for each in standin.comments[number]:
        each["createdBy"] = None
    for each in standin.updates[number]:
        del each["revisedBy"]


def azure_devops_bench(url: str, standin: AzureStandIn) -> Any:  # noqa: C901 - each hand of the office is a function
    """A part of a running stand-in; the projects' ids are the epics' numbers."""
    from tests.contract.contract import Bench

    def rows() -> list[Any]:
        return copy.deepcopy([{"id": n, **each} for n, each in standin.items.items()])

    def bearing(key: str) -> list[int]:
        return [number for number, each in standin.items.items() if each["fields"].get(KEY) == key]

    def described(key: str) -> str:
        return standin.items[bearing(key)[0]]["fields"]["System.Description"]

    def annotate(key: str, text: str) -> None:
        block = "".join(html.BLOCK.findall(described(key)))
        standin.change(bearing(key)[0], Description=html.paragraphs(text) + block)

    def fill(count: int) -> None:
        for n in range(count):
            number = standin.add("Porto", f"Noch ein Schritt {n}", Due_Date="2027-01-29T00:00:00Z")
            above = {"rel": "System.LinkTypes.Hierarchy-Reverse", "url": "https://x/_apis/wit/workItems/1"}
            standin.items[number]["relations"].append({**above, "attributes": {}})

    def copy_row(key: str) -> None:
        (source,) = [each for each in standin.items.values() if each["fields"].get(KEY) == key]
        number = standin.add("Porto", "")
        fields = {**source["fields"], "System.ChangedDate": standin.now}
        standin.items[number] = {**copy.deepcopy(source), "fields": fields}

    def planned() -> tuple[Any, dict[str, ItemPlan]]:
        def related(kind: str, number: int) -> dict[str, Any]:
            url = f"https://x/_apis/wit/workItems/{number}"
            return {"rel": f"System.LinkTypes.{kind}-Reverse", "url": url, "attributes": {}}

        first = standin.add("Porto", "Plan A", Stack_Rank=30.5)
        standin.items[first]["relations"].append(related("Hierarchy", 1))
        second = standin.add("Porto", "Plan B", Stack_Rank=20.0)
        standin.items[second]["relations"].append(related("Hierarchy", first))
        third = standin.add("Porto", "Plan C")
        standin.items[third]["relations"] += [related("Hierarchy", first), related("Dependency", second)]
        return connector(url), {
            "Plan A": ItemPlan(order=2),
            "Plan B": ItemPlan("Plan A", 1),
            "Plan C": ItemPlan("Plan A", after=(Predecessor("Plan B"),)),
        }

    def require() -> None:
        standin.required = {"Custom.Effortclass": [], "Custom.Costcenter": ["0815", "4711 Ö"]}

    return Bench(
        planned=planned,
        require=require,
        with_settings=lambda over: connector(url, settings=merged(SETTINGS, over)),
        connect=lambda access: connector(url, access),
        state=rows,
        foreign=lambda: [row for row in rows() if not row["fields"].get(KEY)],
        office_works=lambda: standin.change(1, Title="Lagerhalle 1, umbenannt"),
        copy_row=copy_row,
        item=lambda key, **more: books.item(key, **{"project": "#1", **more}),
        question=lambda key, **more: books.question(key, **{"project": "#1", **more}),
        elsewhere="#2",
        again=lambda **more: connector(url, **more),
        fill=fill,
        redate=lambda key: standin.change(bearing(key)[0], Due_Date="2027-02-25T00:00:00Z"),
        annotate=annotate,
        annotation=lambda key: html.read(described(key))[0],
        answer=lambda key, text: standin.comment(bearing(key)[0], "pat-rosa", html.paragraphs(text)),
        answerer="Rosa Pinto <rosa@example.com>",
        decide=lambda key: standin.change(bearing(key)[0], State="Closed"),
        disown=lambda key: disown(standin, bearing(key)[0]),
        small=lambda tool: setattr(tool, "size", 2),
        unkey=lambda off: setattr(standin, "keyless", off),
        remove=lambda key: standin.items.pop(bearing(key)[0]) and None,
        unfit=lambda: connector(url, secret=lambda: "nobody's"),
        count=lambda key: len(bearing(key)),
    )
