"""GitHub's stand-in as a bench of the contract."""

import copy
from collections.abc import Callable
from typing import Any

from connectors.github.connector import GitHub
from connectors.github.fields import GitHubSettings
from connectors.tickets.lines import MARK, apart
from connectors.tickets.settings import TicketTool
from domain.organization.office import Access
from domain.plans.item_plan import NOTHING_PLANNED, ItemPlan
from domain.plans.predecessor import Predecessor
from tests.connectors.workbook import books
from tests.contract.around import around
from tests.contract.bench import merged
from tests.standins.github import GitHubStandIn, Issue

PLACES = {"P-1": "lagerhalle-1", "P-2": "lagerhalle-2"}
SETTINGS: dict[str, Any] = {
    "projects": {"within": [f"porto/{name}" for name in PLACES.values()]},
    "items": {"columns": {"start": "Start", "due": "Due", "work": "Hours", "role": "Role"}},
    "questions": {"put_as": "Question"},
}


def connector(
    url: str,
    access: Access = Access.WRITE,
    secret: Callable[[], str] = lambda: "ghp-interoffice",
    settings: dict[str, Any] = SETTINGS,
    **more: Any,
) -> GitHub:
    """The connector to a stand-in; the office goes by the name of the repositories' owner."""
    use = GitHubSettings.model_validate(settings)
    tool = TicketTool(url=url, allow=("127.0.0.1",))
    return GitHub.connect(around(None, secret, **more), books.OFFICE, access, "2022-11-28", tool, use)


def furnished() -> GitHubStandIn:
    """Two repositories, in them six issues of the office's and a pull request."""
    standin = GitHubStandIn()
    for name in PLACES.values():
        standin.add_repository(f"porto/{name}", description="Neubau Ö")
    for n in range(6):
        standin.add(
            f"porto/lagerhalle-{1 + n % 2}", f"Schritt {n}", body="Zeile 1\r\nZeile 2", type="Task",
            fields={2: "2027-01-29", 3: 20},
        )  # fmt: skip
    standin.add("porto/lagerhalle-1", "Fix the build", pull=True)
    standin.pass_time(minutes=5)
    return standin


def within(wanted: Callable[..., Any]) -> Callable[..., Any]:
    """The sample's things, in the bench's own repositories."""

    def make(*given: Any, **values: Any) -> Any:
        code = values.pop("project", "P-1")
        return wanted(*given, project=PLACES.get(code, code), **values)

    return make


item, question = within(books.item), within(books.question)


def github_bench(url: str, standin: GitHubStandIn) -> Any:  # noqa: C901 - each hand of the office is a function
    """A part of a running stand-in: one of its repositories."""
    from tests.contract.contract import Bench

    def rows() -> list[Any]:
        return copy.deepcopy([vars(issue) for issue in standin.issues.values()])

    def bearing(key: str) -> list[Issue]:
        return [each for each in standin.issues.values() if apart(each.body)[1].get("key") == key]

    def copy_row(key: str) -> None:
        (source,) = bearing(key)
        more = {name: copy.deepcopy(getattr(source, name)) for name in ("body", "type", "labels", "fields")}
        standin.add(source.repository, source.title, **more)

    def annotate(key: str, text: str) -> None:
        (found,) = bearing(key)
        old = found.body
        mark = old.index(MARK) if MARK in old else len(old)
        standin.change(found, body=f"{text}\n\n{old[mark:]}")

    def fill(count: int) -> None:
        for n in range(count):
            standin.add("porto/lagerhalle-1", f"Noch ein Schritt {n}", fields={2: "2027-01-29"})

    def disown(key: str) -> None:
        standin.description = None
        (found,) = bearing(key)
        standin.comment(found, "rosa", "")
        found.events[-1]["body"] = None
        for each in found.events:
            each |= {"actor": None, "user": None}

    def redate(key: str) -> None:
        (found,) = bearing(key)
        standin.change(found, fields={**found.fields, 2: "2027-02-25"})

    def planned() -> tuple[Any, dict[str, ItemPlan]]:
        first = standin.add("porto/lagerhalle-1", "Plan A")
        second = standin.add("porto/lagerhalle-1", "Plan B", parent=first.id)
        standin.add("porto/lagerhalle-1", "Plan C", parent=first.id, after=[second.id])
        return connector(url, settings=settings), {
            "Plan A": NOTHING_PLANNED,
            "Plan B": ItemPlan("Plan A"),
            "Plan C": ItemPlan("Plan A", after=(Predecessor("Plan B"),)),
        }

    projects = {"within": ["porto/lagerhalle-1"]}
    settings = {**SETTINGS, "projects": projects}

    return Bench(
        planned=planned,
        with_settings=lambda over: connector(url, settings=merged(settings, over)),
        connect=lambda access: connector(url, access, settings=settings),
        state=rows,
        foreign=lambda: [row for row in rows() if MARK not in row["body"]],
        office_works=lambda: standin.change(standin.issues[1000], title="Schritt 0, umbenannt"),
        copy_row=copy_row,
        item=item,
        question=question,
        both=lambda: connector(url),
        settle=lambda: standin.pass_time(seconds=1),  # stamps are whole seconds
        again=lambda **more: connector(url, settings=settings, **more),
        fill=fill,
        redate=redate,
        annotate=annotate,
        annotation=lambda key: apart(bearing(key)[0].body)[0],
        answer=lambda key, text: standin.comment(bearing(key)[0], "rosa", text),
        answerer="rosa",
        decide=lambda key: standin.change(bearing(key)[0], state="closed", reason="completed"),
        disown=disown,
        bar=lambda code: standin.barred.add(f"porto/{PLACES[code]}"),
        remove=lambda key: standin.delete(bearing(key)[0]),
        unfit=lambda: connector(url, secret=lambda: "nobody's"),
        count=lambda key: len(bearing(key)),
    )
