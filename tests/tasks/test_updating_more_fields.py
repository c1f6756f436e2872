"""Order, calendars, costs, constraints and deadlines of a plan in an office's workbook or project file."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from lxml import etree

from connectors.plan_files.reading import read_plan
from connectors.project_file import outline
from connectors.workbook import ordering
from domain.delivery.plan_updates import SINCE
from domain.delivery.wanted import Wanted
from domain.deployments.sharing import Basis, Share
from domain.outcomes.updating import UpdateState
from domain.plans.merge.change import Why
from domain.plans.task import ConstraintKind, Money, PlanTask
from domain.plans.templates.template import Held, TemplateCalendar
from domain.plans.whole_plan import WholePlan
from tasks import context
from tasks.plan_targets import PlanTarget, derivation_of, ours
from tasks.undoing_updates import undo_update_of
from tests.cli.test_prepare import FILES, book, change
from tests.contract import project_files
from tests.tasks.conftest import forget, leave
from tests.tasks.updated import COLUMNS, DAY, Edit, adding, begin, changing, release, update

pytestmark = pytest.mark.servers  # each writes a file several times, which is checked in a process
PLAN = "gyor/finance-system/1"
MORE = {
    "not_before": "Nem előbb", "deadline": "Végső nap", "cost": "Költség", "calendar": "Naptár", "order": "Sorrend"
}  # fmt: skip
NAMES = {**COLUMNS, **MORE}
MAPPED = "columns: {" + ", ".join(f"{name}: {header}" for name, header in NAMES.items()) + "}"
IN_FILE = """\
tools:
  - {id: terv, kind: project-file, settings: {file: gyor.xml}}
partitions:
  - {office: gyor, tool: terv, access: write, settings: {project: {id: GY-1, title: Híd}}}
"""
NIGHT = TemplateCalendar("Night shift", (((0, 360),),) * 7)
FIRST: tuple[Edit, ...] = (
    lambda old: replace(old, calendars=(*old.calendars, NIGHT)),
    changing("a", cost=Money(Decimal("1500.50"), "HUF"), deadline=4 * DAY),
    changing("b", held=Held(ConstraintKind.START_NO_EARLIER_THAN, 10 * DAY)),
    changing("d", calendar="Night shift"),
)


def in_order(*uids: str) -> Edit:
    """A version in which the tasks stand in this order; those that are not named come last."""

    def edit(old: Any) -> Any:
        ranks = {uid: at for at, uid in enumerate(uids)}
        return replace(old, tasks=tuple(sorted(old.tasks, key=lambda task: ranks.get(task.uid, len(ranks)))))

    return edit


SECOND: tuple[Edit, ...] = (
    changing("a", cost=Money(Decimal(2000), "HUF"), deadline=None),
    changing("b", held=Held(ConstraintKind.START_NO_EARLIER_THAN, 12 * DAY), calendar="Night shift"),
    changing("d", calendar=None, deadline=40 * DAY),
    in_order("p1", "b", "c", "a", "p2", "d", "e", "f"),
)


def workbook(folder: Path) -> None:
    made = openpyxl.load_workbook(book(folder))
    made.create_sheet("Kérdések").append(["kulcs", "Kérdés", "Válasz"])
    for at, header in enumerate(NAMES.values(), 1):
        made["Feladatok"].cell(2, at, header)
    made["Feladatok"]["D3"] = None
    made.save(folder / "gyor.xlsx")
    change(
        folder, "tools.yaml", "columns: {id: Azonosító, project: Projekt, title: Feladat, key: kulcs}", MAPPED
    )


def project_file(folder: Path) -> None:
    project_files.need_java()
    (folder / "tools.yaml").write_text(IN_FILE, "utf-8")
    (folder / "gyor.xml").write_text(project_files.plan(2, CurrencyCode="HUF"), "utf-8")


TOOLS: dict[str, Callable[[Path], None]] = {"workbook": workbook, "project-file": project_file}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Győr with the first version in a tool of a kind."""
    known: dict[str, Path] = {}

    def make(kind: str) -> Path:
        if kind in known:
            return known[kind]
        place = known[kind] = tmp_path_factory.mktemp(kind)
        folder = place / "organization"
        for name, text in FILES.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        TOOLS[kind](folder)
        (folder / "organization.yaml").write_text(
            "id: duna\nname: Duna Csoport\noperator_decisions_count: true\n", "utf-8"
        )
        (folder / "agreements.yaml").write_text(
            "agreements:\n  - {id: all, giver: kozpont, taker: gyor, shares: [templates], since: 2027-01-01}\n",
            "utf-8",
        )
        with pytest.MonkeyPatch.context() as monkeypatch:
            at_place(place, monkeypatch)
            release(1, *FIRST)
            with context.current_application().store.begin() as unit:
                at = datetime(2027, 1, 4, tzinfo=UTC)
                unit.deployments.share(Share("finance-system", "kozpont", Basis.AGREEMENT, "all", at))
                unit.commit()
            begin("gyor", "GY-1", "eva")
            leave()
        return place

    return make


def at_place(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTEROFFICE_STATE", str(place / "state"))
    monkeypatch.setenv("INTEROFFICE_ORGANIZATION", str(place / "organization"))
    forget()


@pytest.fixture(params=TOOLS)
def folder(
    request: pytest.FixtureRequest,
    made: Callable[[str], Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Path]:
    shutil.copytree(made(request.param), tmp_path, dirs_exist_ok=True)
    at_place(tmp_path, monkeypatch)
    yield tmp_path / "organization"
    leave()


def target() -> PlanTarget:
    with context.current_application().store.read() as unit:
        found = derivation_of(unit, PLAN)
    return PlanTarget(found, context.connector("gyor"))


def live() -> dict[str, PlanTask]:
    """The template's tasks as the tool has them now, in its order."""
    found = target()
    plan: WholePlan = ours(found.derivation, found.tool.read())
    return {task.uid: task for task in plan.tasks if "/" not in task.uid}


def orders() -> dict[str | None, list[str]]:
    """The tasks in each summary."""
    found: dict[str | None, list[str]] = {}
    for uid, task in live().items():
        found.setdefault(task.parent, []).append(uid)
    return found


def days(uid: str) -> tuple[date | None, date | None]:
    """The deadline and the day of the constraint of a task."""
    task = live()[uid]
    held = task.constraint.at if task.constraint else None
    return (task.deadline.date() if task.deadline else None, held.date() if held else None)


class Office:
    """The office at work in its own tool, whichever it is."""

    def __init__(self, folder: Path) -> None:
        self.workbook, self.file = folder / "gyor.xlsx", folder / "gyor.xml"

    def rows(self) -> tuple[Any, Any]:
        made = openpyxl.load_workbook(self.workbook)
        return made, made["Feladatok"]

    def put(self, uid: str, **values: Any) -> None:
        """Set the deadline, the cost (None: take it away) or the number in the order of a task."""
        if not self.file.exists():
            made, sheet = self.rows()
            for row in sheet.iter_rows(min_row=3):
                if row[0].value == uid:
                    for name, value in values.items():
                        sheet.cell(row[0].row, list(NAMES).index(name) + 1).value = value
            made.save(self.workbook)
            return
        tree, tasks = self._tasks()
        task = tasks[uid]
        for name, value in values.items():
            if name == "deadline":
                self._set(task, "Deadline", None if value is None else f"{value}T17:00:00")
            elif name == "cost":
                for each in ("FixedCost", "Cost"):
                    self._set(task, each, None if value is None else str(round(value * 100)))
        tree.write(self.file, encoding="UTF-8", xml_declaration=True)

    def first(self, uid: str, before: str) -> None:
        """Move a task up, before another one."""
        if not self.file.exists():
            _, sheet = self.rows()
            at = list(NAMES).index("order")
            number = next(row[at].value for row in sheet.iter_rows(min_row=3) if row[0].value == before)
            self.put(uid, order=number - 0.25)
            return
        tree, tasks = self._tasks()
        tasks[before].addprevious(tasks[uid])
        tree.write(self.file, encoding="UTF-8", xml_declaration=True)

    def _tasks(self) -> tuple[Any, dict[str, Any]]:
        tree = etree.parse(self.file)
        space = project_files.SPACE
        found = {}
        for task in tree.iterfind(f"{space}Tasks/{space}Task"):
            values = [each.text or "" for each in task.iterfind(f"{space}ExtendedAttribute/{space}Value")]
            key = next((value for value in values if value.startswith("task/gyor/GY-1/")), "")
            if key:
                found[key.rpartition("/")[2]] = task
        return tree, found

    def _set(self, task: Any, name: str, text: str | None) -> None:
        space = project_files.SPACE
        there = task.find(f"{space}{name}")
        if text is None:
            if there is not None:
                task.remove(there)
            return
        if there is None:
            there = etree.Element(f"{space}{name}")
            after = task.find(f"{space}ConstraintType")
            (task.find(f"{space}OutlineLevel") if after is None else after).addnext(there)
        there.text = text


@pytest.mark.usefixtures("folder")
def test_all_five_stand_in_the_tool_and_the_certificate_says_what_does_not() -> None:
    tasks, there = live(), target()
    assert tasks["a"].cost == Money(Decimal("1500.5"), "HUF")
    assert (days("a")[0], days("b")[1]) == (date(2027, 3, 4), date(2027, 3, 16))
    assert (tasks["d"].calendar, tasks["a"].calendar) == ("Night shift", None)
    assert orders() == {None: ["p1", "p2"], "p1": ["a", "b", "c"], "p2": ["d", "e", "f"]}
    told = {each.field: each for each in there.fitted.certificate.fields}
    for name in ("task.cost", "task.deadline", "task.calendar", "task.order"):
        assert (told[name].lost, told[name].approximated) == (0, 0), name
    assert told["task.constraint"].lost == 0
    hours = 0 if there.tool.plan_limits.calendars else 1
    assert told["calendar.week"].lost == 1 + hours  # the plan's own calendar is never put there
    assert told["plan.calendar"].lost == 1


def test_a_calendar_that_the_file_has_already_keeps_its_hours_and_the_certificate_has_both(
    folder: Path,
) -> None:
    path = folder / "gyor.xml"
    if not path.exists():
        pytest.skip("a workbook has no calendars")
    assert fate_of_hours() == (1, 0), "ours stands there"
    text = path.read_text("utf-8")
    at = text.index("<Name>Night shift</Name>")
    other = text[:at] + text[at:].replace("<ToTime>06:00:00</ToTime>", "<ToTime>05:00:00</ToTime>")
    assert other != text
    path.write_text(other, "utf-8")
    forget()
    assert fate_of_hours() == (0, 1)
    told = {each.field: each for each in target().fitted.certificate.fields}
    (shown,) = (each for each in told["calendar.week"].examples if each.about == "Night shift")
    assert (shown.before, shown.after) == ((((0, 360),),) * 7, (((0, 300),),) * 7)


def fate_of_hours() -> tuple[int, int]:
    """How many of the tasks' calendars keep their hours, and how many have others there."""
    told = {each.field: each for each in target().fitted.certificate.fields}
    return told["calendar.week"].kept, told["calendar.week"].approximated


def test_a_new_version_writes_them_and_a_second_update_nothing(folder: Path) -> None:
    release(2, *SECOND)
    done = update(PLAN)
    assert (done.state, done.problem, done.conflicts) == (UpdateState.UPDATED, "", 0)
    tasks = live()
    assert tasks["a"].cost == Money(Decimal(2000), "HUF")
    assert (days("a")[0], days("b")[1]) == (None, date(2027, 3, 19))
    assert (tasks["b"].calendar, tasks["d"].calendar) == ("Night shift", None)
    assert orders()["p1"] == ["b", "c", "a"]
    before = bytes_of(folder)
    assert update(PLAN).state is UpdateState.UNCHANGED
    release(3)  # the same once more
    assert (update(PLAN).changed, bytes_of(folder)) == (0, before)


def bytes_of(folder: Path) -> bytes:
    return next(path for path in (folder / "gyor.xml", folder / "gyor.xlsx") if path.exists()).read_bytes()


@pytest.mark.usefixtures("folder")
def test_an_undo_gives_them_back() -> None:
    before = {uid: (task.cost, task.constraint, task.deadline, task.calendar) for uid, task in live().items()}
    release(2, *SECOND)
    update(PLAN)
    done = undo_update_of.fn(PLAN, "eva", "too early", dry_run=False)
    assert done.plan.state is UpdateState.UPDATED
    after = {uid: (task.cost, task.constraint, task.deadline, task.calendar) for uid, task in live().items()}
    assert after == before
    assert orders()["p1"] == ["a", "b", "c"]
    assert update(PLAN).state is UpdateState.UNCHANGED


def test_what_the_office_changed_stays_and_what_both_changed_is_asked(folder: Path) -> None:
    office = Office(folder)
    office.put("d", deadline=date(2027, 6, 1), cost=750)
    office.put("a", cost=None)
    office.first("f", "d")
    release(2, *SECOND)
    done = update(PLAN)
    assert done.state is UpdateState.UPDATED
    with context.current_application().store.read() as unit:
        found = unit.derivations.find(derivation_of(unit, PLAN).id)
        asked = [each for each in unit.plan_updates.conflicts(found.id) if each.is_open]
    assert sorted((str(place), each.why) for each in asked for place in each.places) == [
        ("the cost of a", Why.BOTH_CHANGED),
        ("the deadline of d", Why.BOTH_CHANGED),
    ]
    assert (live()["a"].cost, days("d")[0]) == (None, date(2027, 6, 1))
    assert live()["d"].cost == Money(Decimal(750), "HUF")
    assert orders()["p2"] == ["f", "d", "e"]
    assert orders()["p1"] == ["b", "c", "a"]


def unwritten() -> None:
    """The intents of this plan as an older Interoffice left them: without these fields and the order."""
    with context.current_application().store.begin() as unit:
        for intent in unit.intents.of("gyor"):
            wanted: Wanted = intent.wanted.without((*SINCE, "behind"))
            unit.intents.renew(replace(intent, wanted=wanted, digest=wanted.digest))
        unit.commit()


def test_a_plan_that_was_placed_before_loses_nothing_until_it_is_written(folder: Path) -> None:
    office = Office(folder)
    unwritten()
    office.put("a", cost=None, deadline=None)  # as it was never put there
    office.first("f", "d")
    release(2, changing("e", names={"en": "Switch"}))
    done = update(PLAN)
    assert (done.state, done.conflicts, done.changed) == (UpdateState.UPDATED, 0, 1), done
    with context.current_application().store.read() as unit:
        last = unit.plan_updates.standing(derivation_of(unit, PLAN).id).footing.last
    there = {task.uid: task for task in last.tasks}
    assert (there["a"].cost, there["a"].deadline is None) == (Money(Decimal("1500.50"), "HUF"), False)
    assert [task.uid for task in last.tasks if task.parent == "p2"] == ["d", "e", "f"]
    assert (live()["a"].cost, days("a")[0]) == (None, None)  # and nothing of it was written
    release(
        3, changing("a", cost=Money(Decimal(2000), "HUF")), in_order("p1", "a", "b", "c", "p2", "e", "d", "f")
    )
    done = update(PLAN)
    assert (done.state, done.conflicts) == (UpdateState.UPDATED, 0)
    assert (live()["a"].cost, days("a")[0]) == (Money(Decimal(2000), "HUF"), None)
    assert orders()["p2"] == ["e", "d", "f"]
    office.put("a", cost=None)  # from now on that is a change of the office
    release(4, changing("a", cost=Money(Decimal(2500), "HUF")))
    assert update(PLAN).conflicts == 1


def test_without_the_list_of_what_was_never_written_the_old_plan_would_see_removals(folder: Path) -> None:
    office = Office(folder)
    office.put("a", cost=None)
    release(2, changing("e", names={"en": "Switch"}))
    update(PLAN)
    with context.current_application().store.read() as unit:
        last = unit.plan_updates.standing(derivation_of(unit, PLAN).id).footing.last
    assert next(task for task in last.tasks if task.uid == "a").cost is None


def test_a_currency_that_is_not_the_plan_s_gets_no_costs(folder: Path) -> None:
    path = folder / "gyor.xml"
    if not path.exists():
        pytest.skip("this workbook states no currency")
    Office(folder).put("a", cost=None)
    path.write_text(path.read_text("utf-8").replace("HUF", "EUR"), "utf-8")
    told = {each.field: each for each in target().fitted.certificate.fields}
    assert told["task.cost"].lost == 1
    release(2, changing("a", cost=Money(Decimal(2000), "HUF")))
    before = path.read_text("utf-8")
    assert update(PLAN).conflicts == 0
    assert path.read_text("utf-8") == before


def test_without_arranging_the_order_would_not_come_about(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control of the orders above."""
    module = outline if (folder / "gyor.xml").exists() else ordering
    monkeypatch.setattr(module, "arranged", lambda now, _: list(now))
    release(2, *SECOND)
    update(PLAN)
    assert orders()["p1"] == ["a", "b", "c"]


def test_a_task_that_comes_between_two_is_one_write_beside_the_office_s_own_row(folder: Path) -> None:
    office = Office(folder)
    if office.workbook.exists():
        made, sheet = office.rows()
        own = {"id": "F-7", "project": "GY-1", "title": "Ours", "parent": "p1", "order": 2.5}
        sheet.append([own.get(name) for name in NAMES])
        sheet.append(["Összesen", None, "Total"])
        made.save(office.workbook)
    release(
        2,
        adding("n", "Check the data", 1, "p1", "a"),
        in_order("p1", "a", "n", "b", "c", "p2", "d", "e", "f"),
    )
    foreseen = update(PLAN, dry_run=True)
    done = update(PLAN)
    assert (done.state, done.created, done.conflicts) == (UpdateState.UPDATED, 1, 0)
    assert orders()["p1"] == ["a", "n", "b", "c"]
    assert foreseen.created == 1
    if office.workbook.exists():
        _, sheet = office.rows()
        at = list(NAMES).index("order")
        numbers = {row[0].value: row[at].value for row in sheet.iter_rows(min_row=3) if row[0].value}
        assert numbers == {
            "F-1": None, "p1": 1, "a": 2, "b": 3, "c": 4, "p2": 5, "d": 6, "e": 7, "f": 8, "n": 2.5, "F-7": 2.5,
            "Összesen": None,
        }  # fmt: skip


def test_a_formula_in_the_column_of_the_order_is_never_overwritten_and_is_said(folder: Path) -> None:
    office = Office(folder)
    if not office.workbook.exists():
        pytest.skip("a project file has no formulas")
    office.put("a", order="=1+1")
    release(2, in_order("p1", "b", "c", "a", "p2", "d", "e", "f"))
    before = bytes_of(folder)
    done = update(PLAN)
    assert done.state is UpdateState.UNFINISHED
    assert "holds a formula of the office's, which is never overwritten; clear it" in done.problem
    assert bytes_of(folder) == before


def test_other_programs_read_what_was_written(folder: Path, tmp_path: Path) -> None:
    release(2, *SECOND)
    update(PLAN)
    office = Office(folder)
    if office.file.exists():
        plan = read_plan(office.file.read_bytes(), office.file.name).plan
        tasks = {task.name: task for task in plan.tasks}
        night = next(each for each in plan.calendars if each.name == "Night shift")
        assert night.week == (((0, 360),),) * 7
        assert tasks["Train the users"].calendar == "Night shift"
        held = tasks["Train the users"].constraint
        assert (held.kind, str(held.at)) == (ConstraintKind.START_NO_EARLIER_THAN, "2027-03-19 08:00:00")
        assert tasks["Copy the data"].cost == Money(Decimal(2000), "HUF")
        assert (tasks["Copy the data"].deadline, tasks["Rehearse"].deadline is None) == (None, False)
        names = [task.name for task in plan.tasks]
        assert names.index("Copy the data") > names.index("Print the manual")
        return
    if shutil.which("soffice") is None:
        pytest.skip("LibreOffice is not installed")
    command = ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", "--convert-to"]
    subprocess.run(
        [*command, "xlsx", "--outdir", str(tmp_path / "saved"), str(office.workbook)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    shutil.copy(tmp_path / "saved" / "gyor.xlsx", office.workbook)
    assert live()["a"].cost == Money(Decimal(2000), "HUF")
    assert (days("a")[0], days("b")[1]) == (None, date(2027, 3, 19))
    assert orders()["p1"] == ["b", "c", "a"]
    assert update(PLAN).state is UpdateState.UNCHANGED
