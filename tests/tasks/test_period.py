"""One period of the network on the sample's real workbooks, without Prefect around it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from socket import gethostname

import pytest
from sqlalchemy import text

from config.hosts import incarnation
from connectors.errors import TryLater
from connectors.workbook.connector import Workbook
from domain.hosts.life import Host, Process
from domain.plans.not_read import NotRead
from domain.plans.project import Reading
from domain.rollouts.rollout import Standing
from domain.standards.verdict import Result
from examples.harbor_group.editing import Edit, edit
from runtime.overview import Overview
from store.errors import Changed, Fenced
from tasks.advancing import advance_all
from tasks.context import current_application
from tasks.keeping import sole_writer
from tasks.publishing import publish_version
from tasks.rolling import approve_rollout
from tasks.steering import Steering, steer
from tests.tasks.conftest import Desk, Period, copy_of, forget, leave


@pytest.fixture(scope="module")
def week_3(stages: dict[int, Path], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Period]:
    """The sample after its third week, to be copied, and what that period came to."""
    place = tmp_path_factory.mktemp("week_3")
    with pytest.MonkeyPatch.context() as monkeypatch:
        desk = copy_of(stages, 2, place, monkeypatch)
        desk.play(3)
        period = desk.period()
        leave()
    return place, period


@pytest.fixture
def after_week_3(
    week_3: tuple[Path, Period], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Desk]:
    yield copy_of({3: week_3[0]}, 3, tmp_path, monkeypatch)
    leave()


def test_a_period_run_again_writes_nothing_and_leaves_every_workbook_byte_for_byte(
    after_week_3: Desk,
) -> None:
    desk = after_week_3
    after = desk.workbooks()
    head = _head()
    again = desk.period()
    assert again.writes[:2] == (0, 0)
    assert again.writes[2] > 0
    assert again.advanced.moved == 0
    assert not again.swept.new
    assert not any(page.written for page in again.pages)
    assert Overview(desk.application).sentence() == again.pages[0].sentence, (
        "status says what the report says"
    )
    assert desk.workbooks() == after
    assert _head() == head


def test_work_items_stand_in_the_tools_that_permit_writing_and_in_no_other(running: Desk) -> None:
    desk = running
    organization = desk.application.organization
    with desk.application.store.read() as unit:
        placed = {office: unit.intents.of(office) for office in desk.offices}
    for office in desk.offices:
        access = organization.partition(office).access
        kinds = {str(intent.wanted.kind) for intent in placed[office]}
        assert access.may_write or "item" not in kinds
        assert access.may_ask or not kinds
    assert any(intent.wanted.kind == "item" for office in desk.offices for intent in placed[office])
    observed = [o for o in desk.offices if not organization.partition(o).access.may_ask]
    assert observed


def test_a_damaged_workbook_delays_its_office_only(begun: Desk) -> None:
    desk = begun
    desk.play(1)
    victim = desk.offices[2]
    path = desk.folder / "workbooks" / f"{victim}.xlsx"
    path.write_bytes(path.read_bytes()[:2000])
    broken = path.read_bytes()
    period = desk.period()
    problems = {read.office: read.problem for read in period.read if read.problem}
    assert list(problems) == [victim]
    assert path.name in problems[victim]
    with desk.application.store.read() as unit:
        failures = {key: each.failure for key, each in unit.readings.latest().items() if each.failure}
    assert failures == {victim: NotRead.REFUSED}
    assert path.read_bytes() == broken
    assert {d.office for d in period.delivered if d.problem} <= {victim}
    assert period.swept.judged == desk.period().swept.judged > 0


def test_an_answer_that_no_connector_foresaw_stays_one_offices(begun: Desk, monkeypatch, caplog) -> None:
    victim, read, problem = begun.offices[2], Workbook.read, KeyError("author")

    def answer(tool: Workbook) -> Reading:
        if tool.office == victim:
            raise problem
        return read(tool)

    monkeypatch.setattr(Workbook, "read", answer)
    period = begun.period()
    (told,) = [each for each in period.read if each.problem]
    assert told.office == victim
    assert "not understood (KeyError" in told.problem
    assert [each.office for each in period.delivered if each.problem] in ([], [victim])
    assert sum(each.create for each in period.delivered) > 0
    assert "KeyError: 'author'" in caplog.text


def test_a_title_that_cannot_be_stored_stays_one_projects(begun: Desk, monkeypatch) -> None:
    victim, read = begun.offices[2], Workbook.read

    def answer(tool: Workbook) -> Reading:
        found = read(tool)
        if tool.office != victim:
            return found
        first, *others = found.plans
        odd = replace(first, project=replace(first.project, title="Lager \ud83d"))
        return replace(found, plans=(odd, *others))

    before = {each.office: each for each in begun.read()}
    monkeypatch.setattr(Workbook, "read", answer)
    period = begun.period()
    assert [each.office for each in period.read if each.problem] == []
    (told,) = [each for each in period.read if each.office == victim]
    assert told.projects == before[victim].projects - 1
    assert told.unreadable == before[victim].unreadable + 1
    with begun.application.store.read() as unit:
        reading = unit.readings.of(victim)
    assert reading is not None
    assert "half a character" in reading.unreadable[-1].problem


def test_a_dry_run_tells_and_forgets(begun: Desk) -> None:
    desk = begun
    desk.play(1)
    desk.read()
    before, head = desk.workbooks(), _head()
    foreseen = advance_all(dry_run=True)
    assert foreseen.moved > 0
    assert advance_all(dry_run=True) == foreseen
    assert desk.workbooks() == before
    assert _head() == head
    done = advance_all(dry_run=False)
    assert (done.moved, done.standings) == (foreseen.moved, foreseen.standings)


def test_a_copied_row_is_a_question_that_closes_when_the_copy_is_cleared(after_week_3: Desk) -> None:
    desk = after_week_3
    office = next(o for o in desk.offices if _items(o))
    ours = _items(office)[0].wanted
    (book,) = desk.application.connectors(office).values()
    values = {"id": "copy-1", "project": ours.values["project"], "title": "a copy", "key": ours.key}
    edit(book.path, book.settings, [Edit("items", f"{values['project']}/copy-1", values, append=True)])
    held = next(d for d in desk.period().delivered if d.office == office)
    assert [each.key for each in held.holding] == [ours.key]
    (question,) = _copies(office)
    assert (question.state, question.about) == ("open", ours.key)
    assert held.create >= 1, "the question stands in the workbook"
    edit(book.path, book.settings, [Edit("items", f"{values['project']}/copy-1", {"key": None})])
    desk.period()
    assert [q.state for q in _copies(office)] == ["answered"]


def test_only_the_digest_of_a_simulation_is_approved(fresh: Desk) -> None:
    desk = fresh
    desk.publish()
    desk.read()
    digest = desk.simulate()
    with pytest.raises(LookupError, match="no simulation has the digest"):
        desk.approve("0" * 64)
    with pytest.raises(PermissionError, match="nobody has the id"):
        approve_rollout.fn(digest, "nobody-of-ours", "a test", dry_run=False)
    assert desk.approve(digest).new
    assert not desk.approve(digest).new


def test_a_published_version_is_not_changed(fresh: Desk) -> None:
    desk = fresh
    desk.publish()
    version = min(desk.application.versions)
    assert not publish_version.fn(version, "again", desk.approver(), dry_run=False).new
    path = desk.folder / f"standards/{version}.yaml"
    path.write_text(path.read_text("utf-8").replace("title: ", "title: Another ", 1), "utf-8")
    forget()
    with pytest.raises(Changed, match="never changes"):
        publish_version.fn(version, "edited", desk.approver(), dry_run=False)


def test_nobody_steers_without_a_name_and_a_reason(begun: Desk) -> None:
    desk = begun
    rollout = desk.application.rollouts[0].id
    with pytest.raises(PermissionError, match="nobody has the id"):
        steer.fn(rollout, Steering.PAUSE, "", "nobody-of-ours", "why", dry_run=False)
    with pytest.raises(ValueError, match="reason"):
        steer.fn(rollout, Steering.PAUSE, "", desk.approver(), " ", dry_run=False)
    assert steer.fn(rollout, Steering.PAUSE, "", desk.approver(), "budget", dry_run=False).state == "paused"
    desk.play(1)
    assert desk.period().advanced.moved == 0
    assert steer.fn(rollout, Steering.RESUME, "", desk.approver(), "go", dry_run=False).state == "running"
    assert desk.period().advanced.moved > 0


def test_an_office_rolled_back_gets_its_items_withdrawn(running: Desk) -> None:
    desk = running
    rollout = desk.application.rollouts[0].id
    office = next(d for d in desk.offices if _items(d))
    found = steer.fn(rollout, Steering.ROLL_BACK, office, desk.approver(), "audit", dry_run=False)
    assert found.moved > 0
    period = desk.period()
    assert next(d for d in period.delivered if d.office == office).update > 0
    assert {intent.wanted.values["standing"] for intent in _items(office)} <= {"withdrawn", "met"}
    with desk.application.store.read() as unit:
        standings = {a.standing for a in unit.adoptions.of(rollout) if a.office == office}
    assert standings == {Standing.ROLLED_BACK}


def test_an_office_rolled_back_and_brought_back_has_its_items_again_with_time_from_now(running: Desk) -> None:
    desk = running
    rollout = desk.application.rollouts[0].id
    office = next(d for d in desk.offices if _open(d))
    before = _open(office)

    def decide(action: Steering) -> tuple[bool, int]:
        found = steer.fn(rollout, action, office, desk.approver(), "audit", dry_run=False)
        return found.changed, found.moved

    out = decide(Steering.ROLL_BACK)
    assert out[1] > 0
    assert decide(Steering.ROLL_BACK) == (False, 0)
    desk.period()
    assert not _open(office)
    assert decide(Steering.BRING_BACK) == out
    head = _head()
    assert decide(Steering.BRING_BACK) == (False, 0)
    assert _head() == head
    period = desk.period()
    assert next(d for d in period.delivered if d.office == office).update > 0
    after = _open(office)
    assert after.keys() == before.keys()
    today = desk.application.organization.offices[office].calendar.local_date(desk.application.clock.now())
    assert {values["due"] > today for values in after.values()} == {True}
    with desk.application.store.read() as unit:
        members = [a for a in unit.adoptions.of(rollout) if a.office == office]
        assert unit.ledger.verify() is None
    assert {a.notified_on for a in members} == {today}
    assert {a.standing for a in members}.isdisjoint({Standing.ROLLED_BACK, Standing.PLANNED})
    assert desk.period().writes[:2] == (0, 0)


def test_a_project_left_out_and_brought_back_is_asked_again_until_a_day_to_come(begun: Desk) -> None:
    desk = begun
    desk.period()
    clock = desk.folder / "clock.yaml"
    clock.write_text(clock.read_text("utf-8").replace("2027-01-04", "2027-01-11"), "utf-8")
    forget()
    rollout = desk.application.rollouts[0].id
    with desk.application.store.read() as unit:
        silent = next(
            a for a in unit.adoptions.of(rollout) if a.standing in (Standing.QUESTIONED, Standing.UNANSWERED)
        )
        asked = {q.id: q for q in unit.questions.of(silent.office) if q.project == silent.project}
    for action in (Steering.LEAVE_OUT, Steering.BRING_BACK):
        for changed in (True, False):
            command = (rollout, action, silent.project, desk.approver(), "they answered on the phone")
            assert steer.fn(*command, dry_run=False).changed is changed
    desk.period()
    with desk.application.store.read() as unit:
        (again,) = [a for a in unit.adoptions.of(rollout) if a.project == silent.project]
        now = {q.id: q for q in unit.questions.of(silent.office) if q.id in asked and q.state == "open"}
    assert again.standing is Standing.QUESTIONED
    assert again.answer_by > silent.answer_by
    assert now
    assert all(each.answer_by > asked[key].answer_by for key, each in now.items())


def test_a_project_comes_back_with_its_office_and_one_that_is_closed_does_not(running: Desk) -> None:
    desk = running
    rollout, office = desk.application.rollouts[0].id, "hamburg"
    steer.fn(rollout, Steering.ROLL_BACK, office, desk.approver(), "audit", dry_run=False)
    with desk.application.store.read() as unit:
        member = next(a for a in unit.adoptions.of(rollout) if a.office == office)
    command = (rollout, Steering.BRING_BACK, member.project, desk.approver(), "audit")
    with pytest.raises(ValueError, match="bring back hamburg"):
        steer.fn(*command, dry_run=False)


def test_a_writer_on_another_host_is_waited_for_until_that_host_s_heartbeat_stops_and_then_cannot_write(
    fresh: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, application = fresh.offices[0], fresh.application
    with sole_writer(application.store, application.machine, office) as late:
        monkeypatch.setenv("INTEROFFICE_HOST", "elsewhere")
        with pytest.raises(TryLater), sole_writer(application.store, application.machine, office):
            raise AssertionError("two living writers")
        with late([]):
            pass
        with application.store.begin() as unit:
            unit._session.execute(text("UPDATE hosts SET heard = heard - 61 WHERE name <> 'elsewhere'"))
            unit.commit()
        with sole_writer(application.store, application.machine, office) as newer:
            with newer([]):
                pass
            with pytest.raises(Fenced), late([]):
                raise AssertionError("the replaced writer came through")


@pytest.mark.parametrize("start", [incarnation(), ""], ids=["today's", "an older Interoffice's"])
def test_a_writer_of_this_host_whose_process_is_gone_is_replaced_at_once(fresh: Desk, start: str) -> None:
    office, application = fresh.offices[0], fresh.application
    with application.store.begin() as unit:
        dead = Process(Host(gethostname(), start), os.getpid(), 1.0)
        unit.locks.claim(office, dead, application.machine.now())
        unit.commit()
    with sole_writer(application.store, application.machine, office) as newer, newer([]):
        pass


def test_a_lock_of_a_host_that_was_never_heard_of_is_free_a_heartbeat_after_it_was_noticed(
    fresh: Desk,
) -> None:
    office, application = fresh.offices[0], fresh.application
    with application.store.begin() as unit:
        unit.locks.claim(office, Process(Host("away", ""), os.getpid(), 1.0), application.machine.now())
        unit.commit()
    with pytest.raises(TryLater), sole_writer(application.store, application.machine, office):
        raise AssertionError("nobody looked whether it lives")
    with application.store.begin() as unit:
        unit._session.execute(text("UPDATE hosts SET heard = heard - 61 WHERE name = 'away'"))
        unit.commit()
    with sole_writer(application.store, application.machine, office) as newer, newer([]):
        pass


def test_the_ledger_holds_and_bands_add_up_after_some_weeks(
    week_3: tuple[Path, Period], after_week_3: Desk
) -> None:
    _, period = week_3
    assert sum(period.swept.bands.values()) == period.swept.judged
    with after_week_3.application.store.read() as unit:
        assert unit.ledger.verify() is None
        kinds = {entry.event.kind for entry in unit.ledger.entries()}
        sweep = unit.sweeps.latest("delivery-method", "2.0")
    assert {"version", "approval", "adoption", "sweep", "delivery", "question"} <= kinds
    assert any(judged.band is Result.FAIL for judged in sweep.judged)


def _head() -> str:
    with current_application().store.read() as unit:
        return unit.ledger.head()


def _open(office: str):
    values = {i.wanted.key: i.wanted.values for i in _items(office)}
    return {key: each for key, each in values.items() if each["standing"] in ("open", "late")}


def _items(office: str):
    with current_application().store.read() as unit:
        return [i for i in unit.intents.of(office) if i.wanted.kind == "item"]


def _copies(office: str):
    with current_application().store.read() as unit:
        return [q for q in unit.questions.of(office) if q.kind == "duplicate_key"]
