"""The finance system's twelve weeks, recounted from the agencies' own files: nothing is lost, nothing is doubled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from ruamel.yaml import YAML

from config.deployment_reports import template_report
from config.local_plans import offered, receiver
from domain.outcomes.updating import UpdateState
from domain.plans.localization.localizing import localize
from domain.plans.savings.office import Measure, Missing
from domain.plans.updates.asked import ConflictState
from examples.harbor_group import player
from examples.harbor_group.agencies import AGENCIES, ITEM
from examples.harbor_group.finance import EDITS, OWNER, SYSTEM
from tasks import context
from tasks.distributing import put_part
from tests.contract import project_files
from tests.examples.deploying import Deploying
from tests.tasks.conftest import at_desk, forget, leave

pytestmark = pytest.mark.servers  # twelve weeks of five plans of 260 tasks each
BOOKS = ("piraeus", "vigo", "portsaid", "kochi")
PHASES = 10
OLD = ("Review the design of tax",)
"""What 2.0 removed: it stands there as withdrawn until the agency deletes it."""
FINISHED = ("portsaid", "kochi")
"""Those that are through by the last weeks, and delete what they were asked to."""


@dataclass
class End:
    """What stands in the tools after the weeks, and what each step came to."""

    played: Deploying
    after: dict[int, dict[str, dict[str, dict[str, Any]]]]
    """By week and agency the rows by title."""


@pytest.fixture(scope="module")
def end(tmp_path_factory: pytest.TempPathFactory) -> Iterator[End]:
    project_files.need_java()
    place = tmp_path_factory.mktemp("finance")
    player.copy_sample(place / "organization")
    with pytest.MonkeyPatch.context() as monkeypatch:
        at_desk(place, monkeypatch)
        played = Deploying(place / "organization")
        after = {}
        for week in range(1, player.WEEKS + 1):
            played.play(week)
            after[week] = {office: rows(played.folder, office) for office in AGENCIES}
        yield End(played, after)
        leave()


def rows(folder: Path, office: str) -> dict[str, dict[str, Any]]:
    """The tasks of an agency's plan by title, read without anything of ours; titles that stand twice are told."""
    agency, found = AGENCIES[office], []
    if agency.in_project:
        for task in project_files.tasks_of(folder / agency.plan):
            values = {"title": project_files.said(task, "Name"), "key": project_files.value(task, 30)}
            values |= {
                "duration": project_files.said(task, "Duration"),
                "uid": project_files.said(task, "UID"),
            }
            found.append(values | {"percent": project_files.said(task, "PercentComplete")})
    else:
        book = openpyxl.load_workbook(folder / agency.book, read_only=True)
        sheet = book[agency.sheets.split("|")[1]]
        lines = (dict(zip(ITEM, line, strict=False)) for line in sheet.iter_rows(min_row=2, values_only=True))
        found += [line for line in lines if line["title"]]
        book.close()
    titles = [each["title"] for each in found]
    assert sorted({title for title in titles if titles.count(title) > 1}) == [], office
    return {each["title"]: each for each in found}


def is_of_plan(row: dict[str, Any]) -> bool:
    """Whether a row is a task of the plan that was put there, and not a question or a notice."""
    return str(row["key"] or "").startswith("task/")


def files(folder: Path) -> dict[str, bytes]:
    """The agencies' files, as bytes."""
    used = {office: each.plan if each.in_project else each.book for office, each in AGENCIES.items()}
    return {office: (folder / name).read_bytes() for office, name in used.items()}


def test_five_have_the_whole_plan_and_the_sixth_has_nothing(end: End) -> None:
    for office in AGENCIES:
        there = end.after[3][office]
        assert sum(is_of_plan(row) for row in there.values()) == 250 + PHASES, office
        assert set(AGENCIES[office].own) <= there.keys()
    folder = end.played.folder
    assert (folder / "workbooks/bergen.xlsx").read_bytes() == (
        player.HERE / "workbooks/bergen.xlsx"
    ).read_bytes()
    application = context.current_application()
    with application.store.read() as unit:
        assert unit.readings.of("bergen") is None
        assert [each for each in unit.derivations.ids() if each.office == "bergen"] == []
        for office in ("bergen", "tromso"):
            with pytest.raises(LookupError, match="is shared with"):
                offered(application, unit, office, f"{SYSTEM}/1")
        assert offered(application, unit, "kochi", f"{SYSTEM}/1"), "the control: one that accepted has it"


def test_no_edit_of_an_agency_is_lost(end: End) -> None:
    last = end.after[12]
    assert "Configurare la tesoreria" in last["genoa"]
    assert "Set up treasury" not in last["genoa"]
    assert last["genoa"]["Clean the data of accounts payable"]["duration"] == "PT80H0M0S"
    assert last["genoa"]["Appoint the owner of tax"]["percent"] == "100"
    assert {"Avvisare la banca"} <= last["genoa"].keys()
    assert str(last["piraeus"]["Hand over tax to the accountants"]["due"])[:10] == "2027-09-24"
    assert last["vigo"]["Clean the data of general ledger"]["duration"] == "10d"
    assert "ترجمة النماذج" in last["portsaid"]
    assert "Train the key users of tax" not in last["kochi"]
    assert "Train the key users of tax" in last["vigo"], "the control: the others have it"


def test_every_edit_of_the_script_took_place(end: End) -> None:
    """What is edited by title and not found would be passed over: each edit is seen in the week of it."""
    for week, edits in EDITS.items():
        for office, said in edits.items():
            there = end.after[week][office]
            for each in said:
                if "answer" in each or "all_done" in each:
                    continue
                title = each.get("rename") or each.get("new") or each["task"]
                assert (title in there) is not bool(each.get("delete")), (week, office, title)


def test_no_change_of_the_template_is_lost(end: End) -> None:
    last = end.after[12]
    for office in AGENCIES:
        new = {"Rehearse the cut-over", "Compare the bank statements", "Hand over tax to the accountants"}
        assert new <= last[office].keys(), office
        assert "Correct what the banks found in treasury" in last[office]
        assert "Correct what was found in treasury" not in last[office]
    assert [
        last[office]["Clean the data of general ledger"]["duration"] for office in ("piraeus", "portsaid")
    ] == [
        "64h",
        "64h",
    ]
    assert last["piraeus"]["Train all users of treasury"]["duration"] == "32h", (
        "it took the template's four days"
    )


def test_nothing_stands_there_twice_and_every_task_of_the_newest_version_once(end: End) -> None:
    application = context.current_application()
    with application.store.read() as unit:
        found = {each.id.office: each for each in unit.derivations.of_template(SYSTEM)}
        release = offered(application, unit, "kochi", f"{SYSTEM}/3").release
    assert found.keys() == AGENCIES.keys()
    for office, derivation in found.items():
        meant = {
            task.uid
            for task in localize(release, derivation.answers, receiver(application, office)).plan.tasks
        }
        keys = [
            row["key"].rpartition("/")[2]
            for row in end.after[12][office].values()
            if row["key"] and row["key"].startswith("task/")
        ]
        assert len(keys) == len(set(keys)), office
        gone = {derivation_uid for derivation_uid in meant if derivation_uid not in keys}
        assert len(gone) == (1 if office == "kochi" else 0), (office, gone)
        assert len(set(keys) - meant) == (0 if office in FINISHED else len(OLD)), office


@pytest.mark.usefixtures("end")
def test_conflicts_are_answered_declined_defaulted_and_a_deletion_stays() -> None:
    with context.current_application().store.read() as unit:
        states = {
            office: sorted(
                (str(each.state), str(each.choice or ""))
                for derivation in unit.derivations.of_office(office)
                for each in unit.plan_updates.conflicts(derivation.id)
            )
            for office in AGENCIES
        }
    assert states == {
        "genoa": [(str(ConflictState.DEFAULTED), "ours")],
        "piraeus": [(str(ConflictState.DECIDED), "theirs")],
        "vigo": [(str(ConflictState.DECIDED), "ours")] * 2,
        "portsaid": [],
        "kochi": [(str(ConflictState.DECIDED), "ours"), (str(ConflictState.MOOT), "")],
    }


def test_what_was_taken_back_is_gone_until_the_next_version_brings_it(end: End) -> None:
    cleaning = [
        end.after[week]["kochi"]["Clean the data of accounts payable"]["duration"] for week in (4, 5, 6, 9)
    ]
    assert cleaning[0] == cleaning[2] != cleaning[1] == cleaning[3]
    assert end.played.came_to[7, "update-plans", SYSTEM]["kochi"].state is UpdateState.UNCHANGED


def test_another_update_and_another_distribution_write_nothing(end: End) -> None:
    before = files(end.played.folder)
    assert {each.state for each in end.played.again()} == {UpdateState.UNCHANGED}
    for office in AGENCIES:
        head = YAML(typ="safe").load((player.HERE / "offices.yaml").read_text())["offices"]
        person = next(each for each in head if each["id"] == office)["roles"]["head"][0]
        outcome = put_part.fn(f"{office}/{SYSTEM}/1", person, "again", ()).outcome
        assert (outcome.created, outcome.linked) == (0, 0)
    forget()
    end.played.cycle()
    assert files(end.played.folder) == before


def test_the_recall_reaches_every_receiver_in_its_own_tool(end: End) -> None:
    folder, text = end.played.folder, "two days, not one"
    for office, agency in AGENCIES.items():
        if agency.in_project:
            assert text in (folder / agency.plan).read_text("utf-8"), office
            continue
        book = openpyxl.load_workbook(folder / agency.book, read_only=True)
        said = [str(value) for line in book["Interoffice"].iter_rows(values_only=True) for value in line]
        assert [each for each in said if text in each], office
        book.close()
    with context.current_application().store.read() as unit:
        assert [notice.key for notice in unit.notices.of("bergen") if "recalled" in notice.key] == []


@pytest.mark.usefixtures("end")
def test_what_it_saved_is_shown_of_two_agencies_and_of_the_others_why_not() -> None:
    application = context.current_application()
    with application.store.read() as unit:
        found = template_report(application, unit, application.organization, OWNER, SYSTEM)
    assert found is not None
    effort, duration = (found.savings.measures[each] for each in (Measure.EFFORT, Measure.DURATION))
    assert found.missing[Measure.EFFORT] == {Missing.UNFINISHED: 3}
    assert found.missing[Measure.DURATION] == {Missing.UNFINISHED: 3, Missing.ACTUAL: 1}
    assert (effort.interval.offices, effort.interval.saved) == (2, None), "two are too few for a percentage"
    shown = {each.office: each for each in effort.offices}
    assert shown.keys() == set(FINISHED), "the others show their figures to nobody"
    rows = {office: end_rows(office) for office in FINISHED}
    for office, each in shown.items():
        hours = sum(float(row["work"] or 0) for row in rows[office])
        assert float(each.office_total) == pytest.approx(hours), "counted in the workbook itself"
    (last,) = (each for each in duration.offices if each.ratio is not None)
    assert (last.office, sorted(effort.waves)) == ("kochi", [2, 4])
    assert effort.waves[4] < effort.waves[2] < 1


def end_rows(office: str) -> list[dict[str, Any]]:
    """The rows of an agency's tasks, without phases."""
    there = rows(context.current_application().settings.organization, office)
    phases = {row["parent"] for row in there.values()}
    return [row for row in there.values() if row["id"] not in phases]
