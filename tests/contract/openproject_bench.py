"""OpenProject's stand-in as a bench of the contract."""

import copy
from collections.abc import Callable
from typing import Any

from connectors.openproject.connector import OpenProject
from connectors.tickets.lines import MARK, apart
from connectors.tickets.settings import TicketSettings, TicketTool
from domain.organization.office import Access
from domain.plans.item_plan import ItemPlan, Span
from domain.plans.predecessor import LagUnit, Predecessor
from tests.connectors.workbook import books
from tests.contract.around import around
from tests.contract.bench import merged
from tests.standins.openproject import OpenProjectStandIn

SETTINGS: dict[str, Any] = {
    "projects": {
        "within": ["P-1", "P-2"],
        "columns": {"stage": "Stage", "baseline_finish": "Baseline finish", "budget": "Budget"},
        "words": {"stage": {"Ausführung": "execution"}},
    },
    "items": {"columns": {"key": "Interoffice key", "role": "Role"}},
    "questions": {"put_as": "Question"},
}
KEY = "customField7"


def connector(
    url: str,
    access: Access = Access.WRITE,
    secret: Callable[[], str] = lambda: "opapi-interoffice",
    settings: dict[str, Any] = SETTINGS,
    **more: Any,
) -> OpenProject:
    """The connector to a stand-in."""
    tool = TicketTool(url=url, allow=("127.0.0.1",))
    surroundings = around(None, secret, **more)
    return OpenProject.connect(
        surroundings, books.OFFICE, access, "17.0", tool, TicketSettings.model_validate(settings)
    )


def furnished() -> OpenProjectStandIn:
    """A server with two projects and six work packages of the office's."""
    standin = OpenProjectStandIn()
    numbers = [
        standin.add_project(
            f"P-{n}",
            f"Lagerhalle {n} Ö",
            Stage="Ausführung",
            Budget=1250500.0,
            **{"Baseline finish": "2027-05-31"},
        )
        for n in (1, 2)
    ]
    for n in range(6):
        standin.add(
            numbers[n % 2], f"Schritt {n}", text="Zeile 1\nZeile 2", due="2027-01-29", work="PT20H", done=50
        )
    standin.pass_time(minutes=5)
    return standin


def openproject_bench(url: str, standin: OpenProjectStandIn) -> Any:  # noqa: C901 - each hand of the office is a function
    """A part of a running stand-in."""
    from tests.contract.contract import Bench

    def rows() -> list[Any]:
        return copy.deepcopy([vars(p) for p in standin.packages.values()])

    def foreign() -> list[Any]:
        return [row for row in rows() if not row["own"].get(KEY)]

    def bearing(key: str) -> list[Any]:
        return [p for p in standin.packages.values() if p.own.get(KEY) == key]

    def annotate(key: str, text: str) -> None:
        old = bearing(key)[0].text
        mark = old.index(MARK) if MARK in old else len(old)
        standin.change(bearing(key)[0], text=f"{text}\n\n{old[mark:]}")

    def decide(key: str) -> None:
        standin._note(bearing(key)[0], 5, details=("Status changed from New to Closed",))
        standin.change(bearing(key)[0], status=2)

    def disown(key: str) -> None:
        standin.description = None
        standin._note(bearing(key)[0], 5)
        for each in bearing(key)[0].activities:
            each["_links"]["user"] = {"href": None} if each["id"] % 2 else None
        bearing(key)[0].activities[-1] |= {"comment": None, "details": None}
        standin.change(bearing(key)[0])

    def copy_row(key: str) -> None:
        (source,) = bearing(key)
        standin.add(source.project, source.subject, text=source.text, due=source.due, own=dict(source.own))

    def require() -> None:
        always = {"required": True, "hasDefault": False, "writable": True}
        options = [
            {"href": f"/api/v3/custom_options/{n}", "title": t} for n, t in ((1, "0815"), (2, "4711 Ö"))
        ]
        standin.required = {
            "customField20": {"type": "Integer", "name": "Effort class", **always},
            "customField21": {"type": "CustomOption", "name": "Cost center", **always,
                              "_links": {"allowedValues": options}},
        }  # fmt: skip

    def planned() -> tuple[Any, dict[str, ItemPlan]]:
        first = standin.add(10, "Plan A", manual=True)
        second = standin.add(10, "Plan B", parent=first.id)
        third = standin.add(10, "Plan C", parent=first.id)
        standin.plans = {
            first.id: {"duration": "P5D", "spent": "P1DT2H30M"},
            second.id: {"duration": "P3D", "weekends": True},
            third.id: {"milestone": "2027-03-05"},
        }
        standin.relations[900] = {"from": third.id, "to": second.id, "type": "follows", "lag": 2}
        working, running = Span(5), Span(3, LagUnit.ELAPSED_DAYS)
        return connector(url), {
            "Plan A": ItemPlan(duration=working, manual=True, spent=26.5),
            "Plan B": ItemPlan("Plan A", duration=running, manual=False),
            "Plan C": ItemPlan(
                "Plan A", after=(Predecessor("Plan B", 2),), milestone=True, manual=False
            ),
        }  # fmt: skip

    beyond = {"projects": {"within": [*SETTINGS["projects"]["within"], "p-77"]}}
    return Bench(
        planned=planned,
        require=require,
        with_settings=lambda over: connector(url, settings=merged(SETTINGS, over)),
        fresh=lambda: (connector(url, settings=merged(SETTINGS, beyond)), "p-77"),
        connect=lambda access: connector(url, access),
        state=rows,
        foreign=foreign,
        office_works=lambda: standin.change(standin.packages[1], subject="Lagerhalle 1, umbenannt"),
        copy_row=copy_row,
        item=books.item,
        question=books.question,
        again=lambda **more: connector(url, **more),
        fill=lambda count: (
            [standin.add(10, f"Noch ein Schritt {n}", due="2027-01-29") for n in range(count)] and None
        ),
        redate=lambda key: standin.change(bearing(key)[0], due="2027-02-25"),
        annotate=annotate,
        annotation=lambda key: apart(bearing(key)[0].text)[0],
        answer=lambda key, text: standin.comment(bearing(key)[0], 5, text),
        answerer="Rosa Pinto (5)",
        decide=decide,
        disown=disown,
        unkey=lambda off: setattr(standin, "keyless", off),
        bar=standin.barred.add,
        derive=lambda key: standin.change(bearing(key)[0], manual=False),
        remove=lambda key: standin.packages.pop(bearing(key)[0].id) and None,
        unfit=lambda: connector(url, secret=lambda: "nobody's"),
        count=lambda key: len(bearing(key)),
    )
