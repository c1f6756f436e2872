"""What the benches of Jira Cloud and Data Center share: the settings, and what people do there."""

from collections.abc import Callable
from typing import Any

from domain.plans.item_plan import ItemPlan
from domain.plans.predecessor import Predecessor
from tests.connectors.workbook import books
from tests.contract.bench import merged
from tests.standins.jira import PLANNER, JiraStandIn

SETTINGS: dict[str, Any] = {
    "projects": {
        "within": ["HAF", "LAG"],
        "columns": {"stage": "Stage", "baseline_finish": "Baseline finish", "budget": "Budget"},
        "words": {"stage": {"Ausführung": "execution"}},
    },
    "items": {"columns": {"start": "Start date", "role": "Role"}},
    "questions": {"put_as": "Question"},
}
EPICS: dict[str, Any] = {
    **SETTINGS,
    "projects": {**SETTINGS["projects"], "within": ["HAF"], "type": "Epic"},
}
"""The same where epics are projects, with their facts in fields of their own."""
TWO_LINES = "Zeile 1\nZeile 2"


def furnish(standin: JiraStandIn, text: Any) -> None:
    """Two projects with three tasks each, whose description is `text`."""
    facts = {"Stage": "Ausführung", "Baseline finish": "2027-05-31", "Budget": 1250500.0}
    for key in ("HAF", "LAG"):
        standin.add_project(key, f"Lagerhalle {key} Ö", **facts)
    for n in range(6):
        more = {"description": text, "due": "2027-01-29", "estimate": 20 * 3600, "spent": 10 * 3600}
        standin.add(("HAF", "LAG")[n % 2], f"Schritt {n}", **more)
    standin.pass_time(minutes=15)


def jira_bench(
    standin: JiraStandIn,
    connect: Callable[..., Any],
    answerer: str,
    *,
    annotate: Callable[[str, str], None],
    annotation: Callable[[str], str],
) -> Any:
    """A part of a running stand-in."""
    from tests.contract.contract import Bench

    def fill(count: int) -> None:
        for n in range(count):
            standin.add("HAF", f"Noch ein Schritt {n}", due="2027-01-29")

    def bearing(key: str) -> Any:
        return standin.bearing(key)[0]

    def disown(key: str) -> None:
        standin.description = None
        issue = bearing(key)
        standin.comment(issue, "")
        *said, last = standin.comments[issue.id]
        last["body"] = None
        for each in (*said, last, *standin.histories.get(issue.id, ())):
            each["author"] = None

    def require() -> None:
        standin.custom |= {
            "customfield_10030": ("Effort class", {"type": "number"}),
            "customfield_10031": ("Cost center", {"type": "option"}),
        }
        standin.required = {"customfield_10030": [], "customfield_10031": ["0815", "4711 Ö"]}

    def planned() -> tuple[Any, dict[str, ItemPlan]]:
        schema = {"type": "any", "custom": "com.pyxis.greenhopper.jira:gh-lexo-rank"}
        standin.custom |= {"customfield_10019": ("Rank", schema)}
        rank = "customfield_10019"
        first = standin.add("HAF", "Plan A", type="Epic", own={rank: "0|i0003:"})
        second = standin.add("HAF", "Plan B", parent=first.id, own={rank: "0|i0001:"}, spent=23_400)
        third = standin.add("HAF", "Plan C", parent=first.id, own={rank: "0|i0002:"})
        link = (77, "Blocks", second.id, third.id)
        for issue in (second, third):
            standin.change(standin.at(issue.key), links=[link])
        return connect(), {
            "Plan A": ItemPlan(order=3),
            "Plan B": ItemPlan("Plan A", 1, spent=6.5),
            "Plan C": ItemPlan("Plan A", 2, (Predecessor("Plan B"),)),
        }

    beyond = {"projects": {"within": [*SETTINGS["projects"]["within"], "NEU"]}}
    return Bench(
        planned=planned,
        require=require,
        with_settings=lambda over: connect(settings=merged(SETTINGS, over)),
        fresh=lambda: (connect(settings=merged(SETTINGS, beyond)), "NEU"),
        connect=connect,
        state=standin.things,
        foreign=lambda: [each for each in standin.things() if not each["properties"]],
        office_works=lambda: standin.change(standin.at("HAF-1"), summary="Schritt 0, umbenannt") and None,
        copy_row=lambda key: standin.clone(bearing(key)) and None,
        item=lambda key, **more: books.item(key, **{"project": "HAF", **more}),
        question=lambda key, **more: books.question(key, **{"project": "HAF", **more}),
        elsewhere="LAG",
        settle=lambda: standin.pass_time(seconds=standin.lag.total_seconds() + 1),
        again=connect,
        fill=fill,
        redate=lambda key: standin.change(bearing(key), due="2027-02-25") and None,
        annotate=annotate,
        annotation=annotation,
        answer=lambda key, text: standin.comment(bearing(key), text),
        answerer=answerer,
        decide=lambda key: standin.change(bearing(key), by=PLANNER, status="Done") and None,
        bar=standin.barred.add,
        move=lambda key, place: standin.move(bearing(key), place) and None,
        remove=lambda key: standin.remove(bearing(key)),
        disown=disown,
        unfit=lambda: connect(secret=lambda: "nobody's"),
        count=lambda key: len(standin.bearing(key)),
    )
