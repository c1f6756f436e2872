"""Three offices, two workbooks and a Microsoft Project file, over three versions with edits each week."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from domain.deployments.sharing import Basis, Share
from domain.outcomes.updating import UpdateState
from domain.plans.merge.place import Side
from tasks import context
from tasks.resolving import resolve_conflict_of
from tasks.undoing_updates import undo_update_of
from tests.cli.test_prepare import FILES, book, change
from tests.contract import project_files
from tests.tasks.conftest import forget, leave
from tests.tasks.test_updating import MAPPED, PLAIN
from tests.tasks.updated import COLUMNS, Sheet, adding, begin, changing, lasting, release, update, without

pytestmark = pytest.mark.servers
GYOR, PECS, CENTER = (f"{office}/finance-system/1" for office in ("gyor", "pecs", "kozpont"))
MORE_TOOLS = """\
  - {{id: terv, kind: project-file, settings: {{file: pecs.xml}}}}
  - {{id: tabla2, kind: workbook, settings: {{file: kozpont.xlsx}}}}
partitions:
  - office: pecs
    tool: terv
    access: write
    settings: {{project: {{id: PE-1}}}}
  - office: kozpont
    tool: tabla2
    access: write
    settings:
      projects: {{sheet: Projektek, columns: {{id: Sorszám, title: Megnevezés, finish: Befejezés}}}}
      items: {{sheet: Feladatok, {mapped}}}
      questions: {{sheet: Kérdések, columns: {{key: kulcs, text: Kérdés, answer: Válasz}}}}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The first version in all three tools."""
    project_files.need_java()
    folder = tmp_path / "organization"
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    made = openpyxl.load_workbook(book(folder))
    made.create_sheet("Kérdések").append(["kulcs", "Kérdés", "Válasz"])
    for at, header in enumerate(COLUMNS.values(), 1):
        made["Feladatok"].cell(2, at, header)
    made["Feladatok"]["D3"] = None
    made.save(folder / "gyor.xlsx")
    shutil.copy(folder / "gyor.xlsx", folder / "kozpont.xlsx")
    project_files.plain(folder / "pecs.xml")
    change(folder, "tools.yaml", PLAIN, MAPPED)
    change(folder, "tools.yaml", "partitions:\n", MORE_TOOLS.format(mapped=MAPPED))
    (folder / "organization.yaml").write_text(
        "id: duna\nname: Duna\noperator_decisions_count: true\n", "utf-8"
    )
    (folder / "agreements.yaml").write_text(
        "agreements:\n"
        + "".join(
            f"  - {{id: all-{office}, giver: kozpont, taker: {office}, shares: [templates], since: 2027-01-01}}\n"
            for office in ("gyor", "pecs")
        ),
        "utf-8",
    )
    monkeypatch.setenv("INTEROFFICE_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("INTEROFFICE_ORGANIZATION", str(folder))
    forget()
    release(1)
    with context.current_application().store.begin() as unit:
        for office in ("gyor", "pecs"):
            at = datetime(2027, 1, 4, tzinfo=UTC)
            unit.deployments.share(Share("finance-system", "kozpont", Basis.AGREEMENT, f"all-{office}", at))
        unit.commit()
    for office, project in (("gyor", "GY-1"), ("kozpont", "GY-1"), ("pecs", "PE-1")):
        begin(office, project, "eva")
    yield folder
    leave()


def in_file(path: Path) -> dict[str, Any]:
    """The tasks of the project file by name."""
    return {project_files.said(task, "Name"): task for task in project_files.tasks_of(path)}


def edit_file(path: Path, name: str, **values: str) -> None:
    def edit(root: Any) -> None:
        space = project_files.SPACE
        for task in root.findall(f"{space}Tasks/{space}Task"):
            if task.findtext(f"{space}Name") == name:
                for field, value in values.items():
                    task.find(f"{space}{field}").text = value

    project_files.edited(path, edit)


def decide(plan: str, side: Side) -> None:
    with context.current_application().store.read() as unit:
        (asked,) = [each for each in unit.plan_updates.open() if each.plan == plan]
    resolve_conflict_of.fn(str(asked), str(side), "eva", "so we agreed", dry_run=False)


def test_no_edit_and_no_change_is_lost_over_three_versions(folder: Path) -> None:
    gyor, center, pecs = Sheet(folder / "gyor.xlsx"), Sheet(folder / "kozpont.xlsx"), folder / "pecs.xml"
    # the first week: each office makes the plan its own
    gyor.edit("b", duration="64h")
    gyor.delete("c")
    center.add("X-1", "Ask the union", parent="p1")
    edit_file(pecs, "Train the users", Name="Oktatás")
    # the second version
    release(2, lasting("a", 4), lasting("b", 6), adding("g", "Test the reports", 2, "p2", "d"))
    done = {plan: update(plan) for plan in (GYOR, PECS, CENTER)}
    assert [each.problem for each in done.values()] == ["", "", ""]
    assert {plan: each.state for plan, each in done.items()} == dict.fromkeys(done, UpdateState.UPDATED)
    assert [done[plan].conflicts for plan in (GYOR, PECS, CENTER)] == [1, 0, 0]
    assert [done[plan].created for plan in (GYOR, PECS, CENTER)] == [1, 1, 1]
    assert {"Oktatás", "Test the reports"} <= in_file(pecs).keys()
    assert project_files.said(in_file(pecs)["Oktatás"], "Duration") == "PT48H0M0S"
    before = [path.read_bytes() for path in (gyor.path, center.path, pecs)]
    assert {update(plan).state for plan in done} == {UpdateState.UNCHANGED}
    assert [path.read_bytes() for path in (gyor.path, center.path, pecs)] == before
    # the second week: one declines, one takes its update back, one goes on editing
    decide(GYOR, Side.OURS)
    undo_update_of.fn(CENTER, "eva", "too early", dry_run=False)
    edit_file(pecs, "Rehearse", Name="Próba")
    assert center.rows()["a"]["duration"] == "16h"
    assert center.rows()["b"]["duration"] == "40h"
    # the third version
    release(3, changing("e", names={"en": "Cut over"}), lasting("a", 3), lasting("c", 2), without("f"))
    done = {plan: update(plan) for plan in (GYOR, PECS, CENTER)}
    assert {each.version for each in done.values()} == {3}
    assert {each.conflicts for each in done.values()} == {0}
    for sheet, training in ((gyor, "64h"), (center, "48h")):
        rows = sheet.rows()
        assert (rows["a"]["duration"], rows["e"]["title"], rows["b"]["duration"]) == (
            "24h",
            "Cut over",
            training,
        )
        assert len(rows) == len({row["key"] for row in rows.values()})
    assert "c" not in gyor.rows()
    assert {"Oktatás", "Próba", "Cut over", "Test the reports", "Hand over"} <= in_file(pecs).keys()
    assert len(in_file(pecs)) == len(project_files.tasks_of(pecs))
    before = [path.read_bytes() for path in (gyor.path, center.path, pecs)]
    assert {update(plan).state for plan in done} == {UpdateState.UNCHANGED}
    assert [path.read_bytes() for path in (gyor.path, center.path, pecs)] == before
