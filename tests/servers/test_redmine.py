"""What is Redmine's own, on the real Redmine 5.0.4: rights, numbers, links that move dates, notes, pages, silence."""

from __future__ import annotations

import sqlite3
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from config.wiring import StoredMirror, SystemClock
from connectors.errors import Refused
from connectors.protocol import Done
from connectors.records.columns import Plain
from domain.delivery.delivery import Intent, IntentState, Step, decide
from domain.delivery.wanted import DecisionFields
from domain.organization.office import Access
from domain.plans.project import COMMENT
from scripts.servers import fill, many
from store import Store
from tasks.delivering import Delivery, deliver
from tasks.keeping import sole_writer
from tests import live
from tests.connectors.deciding import decided
from tests.connectors.workbook.books import OFFICE, item, put, question
from tests.contract.redmine_bench import ask, connector, edit, issue, issues, key_of, ours, settings
from tests.contract.remembered import Remembered
from tests.servers.relay import Relay

pytestmark = pytest.mark.servers
redmine, new_project = live.redmine, live.new_project
LATER = date(2027, 3, 31)
LOREM = "Ünïcödé ñ Ж ﷺ שלום 日本語 🚢 e\u0301 <b>&\"' h1. *x* _y_ {{macro}} #1 @code@ | = ^ ~"
MONDAY = date(2027, 3, 1)


@pytest.fixture
def project(redmine, new_project) -> str:
    """A project of its office's own with one issue, P-1 for `item` and `question` below."""
    made = new_project("Lagerhalle Ö")
    issue(redmine, made, "Der eigene Schritt", due_date="2027-01-29")
    return made


@pytest.fixture
def tool(redmine, project):
    return connector(redmine, settings(project))


@pytest.fixture
def wanted(project):
    """An item of ours in the project."""
    return lambda key="k/1", **values: item(key, project=project, **values)


@pytest.fixture
def asked(project):
    """A question of ours in the project."""
    return lambda key="q/1", **values: question(key, project=project, **values)


def done(written) -> list[Done]:
    return [result.done for result in written.results]


def dates(entry, project: str) -> dict[str, tuple[str | None, str | None]]:
    """Start and due of what is ours, by key."""
    return {key_of(each): (each["start_date"], each["due_date"]) for each in issues(entry, project)}


# What is read


def test_people_and_choices_are_read_as_they_are_shown_and_numbers_stay_numbers(redmine, new_project):
    """To nobody but an administrator does REST say what the numbers in these fields mean."""
    planner = redmine["users"]["planner"]["id"]
    fields, choices = redmine["issue_fields"], redmine["choices"]
    place = new_project("Lagerhalle Ö")
    owner = [{"id": redmine["project_fields"]["owner"], "value": str(planner)}]
    ask(redmine, "PUT", f"/projects/{place}.json", {"project": {"custom_fields": owner}}, "admin")
    for choice, role in (("Build", "6"), ("2027", "0042"), ("Design", "2027-01-31")):
        own = {"approver": planner, "phase": choices[choice], "role": role}
        values = [{"id": fields[name], "value": str(value)} for name, value in own.items()]
        issue(redmine, place, choice, custom_fields=values)
    use = settings(place, owner="Approver", status="Phase", kind=None)
    projects = use.projects.model_copy(
        update={"columns": use.projects.columns.model_copy(update={"lead": Plain(header="Owner")})}
    )
    tool = connector(redmine, use.model_copy(update={"projects": projects}))
    reading = tool.read()
    (plan,) = reading.plans
    assert plan.project.lead == "Paula Planner"
    assert {(item.title, item.owner, item.status) for item in plan.items} == {
        (choice, "Paula Planner", choice) for choice in ("Build", "2027", "Design")
    }
    roles = {
        ticket.title: ticket.fields["Role"] for ticket in tool._tickets.all if ticket.title != "Lagerhalle Ö"
    }
    assert roles == {"Build": "6", "2027": "0042", "Design": "2027-01-31"}
    assert reading.unreadable == ()


@pytest.mark.parametrize("size", [2])
def test_every_list_is_read_to_its_end_with_two_to_a_page(redmine, project, wanted, asked, monkeypatch, size):
    monkeypatch.setattr("connectors.redmine.asking.PAGE", size)
    tool = connector(redmine, settings(project))
    things = [wanted(f"k/{n}") for n in range(5)]
    put(tool, *things, asked())
    for n in range(3):
        issue(redmine, project, f"Noch ein Schritt {n}")
    again = connector(redmine, settings(project))
    reading = again.read()
    assert sum(len(plan.items) for plan in reading.plans) == 5 + 1 + 3
    assert {key: len(places) for key, places in again.find([t.key for t in things]).items()} == {
        thing.key: 1 for thing in things
    }
    assert len(set(again.alive())) == 5 + 1 + 1 + 3


# Checks and rights


def test_a_check_of_what_fits_has_no_remark_and_writes_nothing(redmine, tool, project):
    before = issues(redmine, project)
    health = tool.check()
    assert (health.readable, health.writable, health.remarks) == (True, True, ())
    assert issues(redmine, project) == before


def test_a_wrong_key_is_told_each_time_and_never_shown(redmine, project):
    tool = connector(redmine, settings(project), secret="wrong-key-of-ours")
    for _ in range(2):
        health = tool.check()
        assert not health.readable
        assert "401" in health.remarks[0]
        assert "wrong-key" not in health.remarks[0]


def test_who_may_only_read_is_told_what_to_grant_and_nothing_more_is_sent(redmine, project, wanted):
    tool = connector(redmine, settings(project), user="reader")
    (remark,) = tool.check().remarks
    assert (
        "reader (Reader) may not add_issues, edit_issues, manage_subtasks, manage_issue_relations" in remark
    )
    written = put(tool, *(wanted(f"k/{n}") for n in range(3)))
    assert done(written) == [Done.REFUSED] * 3
    assert "reader (Reader) may not add_issues" in written.results[0].why
    assert len(written.calls) == 1
    assert connector(redmine, settings(project), Access.OBSERVE, "reader").check().remarks == ()


def test_a_stranger_is_told_to_become_a_member(redmine, project):
    health = connector(redmine, settings(project), user="outsider").check()
    assert not health.readable
    assert "make it a member" in health.remarks[0]
    with pytest.raises(Refused, match=f"the project {project} is archived, or our user is no member of it"):
        connector(redmine, settings(project), user="outsider").read()


def test_what_is_named_and_not_there_is_told_by_name(redmine, project):
    use = settings(project, "nowhere", role="Rolle")
    use = use.model_copy(
        update={
            "items": use.items.model_copy(update={"put_as": "Aufgabe", "statuses": ("Erledigt",)}),
            "projects": use.projects.model_copy(update={"fields": {"x": use.items.columns.role}}),
        }
    )
    remarks = "\n".join(connector(redmine, use).check().remarks)
    for said in (
        "there is no project nowhere",
        f"{project} has no tracker 'Aufgabe', only Milestone, Question, Task",
        "no status 'Erledigt'",
        "no issue that we may see has a custom field 'Rolle'",
        "no project has a custom field 'Rolle'",
    ):
        assert said in remarks


def test_a_missing_key_field_is_refused_instead_of_taking_every_issue_for_found(redmine, project, wanted):
    tool = connector(redmine, settings(project, key="No such field"))
    with pytest.raises(Refused, match="custom field 'No such field'"):
        tool.find(["k/1"])
    assert done(put(tool, wanted())) == [Done.REFUSED]
    numbered = connector(
        redmine, settings(project, key="No such field", more={"field_ids": {"No such field": 99}})
    )
    with pytest.raises(Refused, match="have the field marked as used as a filter"):
        numbered.find(["k/1"])
    assert "as used as a filter" in "\n".join(numbered.check().remarks)


def test_a_key_that_redmine_drops_without_a_word_stands_in_the_description_and_is_not_put_twice(
    redmine, project, wanted
):
    use = settings(project, key="No such field", more={"field_ids": {"No such field": 99}})
    (told,) = put(connector(redmine, use), wanted()).results
    assert (told.done, "without our key" in told.why) == (Done.REFUSED, True)
    assert done(put(connector(redmine, use), wanted())) == [Done.SAME]
    assert len(issues(redmine, project)) == 2


# Writing


def test_what_was_put_comes_back_as_it_went_and_a_second_time_nothing_is_written(
    redmine, project, wanted, asked
):
    plan = [
        wanted("k/1", start=MONDAY, due=date(2027, 3, 5), work=7.25),
        wanted("k/2", after="k/1 +2d", parent="k/4", start=date(2027, 3, 10), due=date(2027, 3, 12)),
        wanted("k/3", title=LOREM, role="", standing=""),
        wanted("k/4"),
        asked("q/1", text=f"{LOREM}\n\n{LOREM}"),
    ]
    mirror = Remembered()
    first = connector(redmine, settings(project), mirror=mirror)
    written = put(first, *plan)
    assert done(written) == [Done.CREATED] * 5
    found = first.find([each.key for each in plan])
    for each in plan:
        there = dict(found[each.key][0].values)
        assert {name: there[name] for name in each.values} == dict(first.fit(each).values)
    before = issues(redmine, project)
    for again in (
        first,
        connector(redmine, settings(project), mirror=mirror),
        connector(redmine, settings(project)),
    ):
        written = put(again, *plan)
        assert (done(written), written.calls) == ([Done.SAME] * 5, ())
    assert issues(redmine, project) == before


def test_a_dry_run_writes_nothing_and_lists_the_calls_that_are_made(redmine, tool, project, wanted):
    put(tool, wanted("k/0", due=LATER))
    plan = [
        wanted("k/0"),
        wanted("k/1", start=MONDAY, due=date(2027, 3, 5)),
        wanted("k/2", parent="k/0", after="k/1", start=date(2027, 3, 22), due=date(2027, 3, 23)),
    ]
    before = issues(redmine, project)
    dry = put(tool, *plan, dry_run=True)
    assert issues(redmine, project) == before
    real = put(tool, *plan)
    number = ours(redmine, project, "k/1")["id"]
    second = ours(redmine, project, "k/2")["id"]
    told = [call.replace("k/1", str(number)).replace("k/2", str(second)) for call in dry.calls]
    assert told == list(real.calls)
    assert [call.partition(" ")[0] for call in real.calls] == ["POST", "POST", "PUT", "POST", "PUT"]
    assert [result.done for result in dry.results] == [result.done for result in real.results]


def test_a_text_of_a_megabyte_is_left_out_and_the_rest_is_put(tool, wanted, asked):
    written = put(tool, wanted("k/1"), asked("q/1", text="x" * 2**20), wanted("k/2"))
    assert done(written) == [Done.CREATED, Done.REFUSED, Done.CREATED]
    assert "1,048,576 characters" in written.results[1].why
    long = "\n".join(f"{n}. {LOREM}" for n in range(300))
    assert done(put(tool, asked("q/2", text=long))) == [Done.CREATED]
    assert tool.find(["q/2"])["q/2"][0].values["text"] == long


def test_what_the_tool_cannot_hold_holds_up_nothing_else_of_a_delivery(
    redmine, project, wanted, asked, tmp_path
):
    store = Store(f"sqlite:///{tmp_path}/store.db")
    store.upgrade()
    clock = SystemClock()
    first, second = wanted("k/1", due=date(2027, 2, 1)), wanted("k/2", due=LATER, after="k/1")
    things = [first, asked("q/1", text="x" * 2**20), second]
    for created in (2, 0):
        tool = connector(redmine, settings(project), mirror=StoredMirror(store, "porto/redmine"))
        with sole_writer(store, clock, OFFICE) as guard:
            done = deliver(Delivery(tool, store, clock, clock), things, guard)
        assert (done.create, done.same, done.held, done.problem) == (created, 2 - created, 1, "")
        assert [each.key for each in done.holding] == ["q/1"]
    assert done.calls == ()
    store.close()


def test_parents_stand_before_their_children_three_deep(redmine, tool, project, wanted):
    plan = [
        wanted("k/3", parent="k/2"), wanted("k/1", parent="k/0"), wanted("k/2", parent="k/1"), wanted("k/0"),
    ]  # fmt: skip
    assert done(put(tool, *plan)) == [Done.CREATED] * 4
    parents = {key_of(each): each.get("parent", {}).get("id") for each in issues(redmine, project)}
    numbers = {key_of(each): each["id"] for each in issues(redmine, project)}
    assert [parents[f"k/{n}"] for n in (1, 2, 3)] == [numbers[f"k/{n}"] for n in (0, 1, 2)]
    assert done(put(tool, wanted("k/3", parent="k/0"), wanted("k/2", parent=""))) == [Done.UPDATED] * 2
    assert done(put(tool, wanted("k/3", parent="k/0"), wanted("k/2", parent=""))) == [Done.SAME] * 2


def test_a_circle_of_parents_is_refused(tool, wanted):
    written = put(tool, wanted("k/1", parent="k/2"), wanted("k/2", parent="k/1"), wanted("k/3"))
    assert done(written) == [Done.REFUSED, Done.REFUSED, Done.CREATED]
    assert "own ancestor" in written.results[0].why


def test_lines_of_ours_stand_below_the_offices_words_which_stay(redmine, project, wanted):
    tool = connector(redmine, settings(project, role=None, standing=None))
    put(tool, wanted())
    there = ours(redmine, project, "k/1")
    edit(redmine, there["id"], description=f"Unsere Notiz\r\nZeile 2\r\n\r\n{there['description']}")
    assert done(put(tool, wanted(standing="done"))) == [Done.UPDATED]
    said = ours(redmine, project, "k/1")["description"].replace("\r\n", "\n")
    assert said.startswith("Unsere Notiz\nZeile 2\n\n-- interoffice --\n")
    assert tool.find(["k/1"])["k/1"][0].values["standing"] == "done"


@pytest.mark.parametrize("key", ["k|1", "k 1", "k%1&cf_1=*", "*", "!*", "k/Ж/日本/🚢", "K/1", "x" * 250])
def test_a_key_that_looks_like_a_question_to_redmine_is_found_and_no_other(tool, wanted, key):
    put(tool, wanted("k/1"), wanted(key))
    found = tool.find([key, "other"])
    assert [[place.key for place in places] for places in found.values()] == [[key], []]


# What others do


def test_a_copied_issue_is_held_for_a_person(redmine, tool, project, wanted):
    put(tool, wanted())
    source = ours(redmine, project, "k/1")
    fields = [{"id": each["id"], "value": each["value"]} for each in source["custom_fields"]]
    copy = issue(redmine, project, source["subject"], custom_fields=fields)
    before = issues(redmine, project)
    written = put(tool, wanted(due=LATER))
    assert done(written) == [Done.HELD]
    assert f"#{source['id']}, #{copy}" in written.results[0].why
    assert issues(redmine, project) == before
    assert decide(wanted(), None, tool.find(["k/1"])["k/1"], datetime.now(UTC)).step is Step.HOLD
    assert any("twice" in each.problem for each in tool.read().unreadable)


def test_a_deleted_issue_is_gone_at_the_daily_look_and_is_not_made_again(redmine, project, wanted):
    hours = [0]
    tool = connector(redmine, settings(project), now=lambda: datetime.now(UTC) + timedelta(hours=hours[0]))
    digest = put(tool, wanted("k/1"), wanted("k/2")).digest
    ask(redmine, "DELETE", f"/issues/{ours(redmine, project, 'k/1')['id']}.json")
    written = tool.put(decided(wanted("k/1", due=LATER)), digest)
    assert done(written) == [Done.HELD], "it went between reading and writing"
    assert "gone" in written.results[0].why
    assert tool.find(["k/1"]) == {"k/1": ()}
    hours[0] = 25
    assert {each.key for each in tool.read().placed} == {"k/2"}
    delivered = Intent(wanted("k/1"), "", IntentState.DONE, datetime.now(UTC), datetime.now(UTC))
    assert decide(wanted("k/1"), delivered, (), datetime.now(UTC)).step is Step.HOLD


def test_a_number_that_redmine_gives_away_again_is_not_taken_for_ours(redmine, tool, project, wanted):
    digest = put(tool, wanted()).digest
    number = ours(redmine, project, "k/1")["id"]
    ask(redmine, "DELETE", f"/issues/{number}.json")
    if issue(redmine, project, "Etwas ganz anderes") != number:
        pytest.skip("this Redmine gave away another number")
    assert done(tool.put(decided(wanted(due=LATER)), digest)) == [Done.HELD]
    assert [each["subject"] for each in issues(redmine, project)] == [
        "Der eigene Schritt",
        "Etwas ganz anderes",
    ]


def test_a_title_that_somebody_changed_is_a_conflict_and_their_other_changes_stay(
    redmine, tool, project, wanted
):
    digest = put(tool, wanted()).digest
    number = ours(redmine, project, "k/1")["id"]
    edit(redmine, number, subject="Ihr Titel", done_ratio=40)
    (there,) = tool.find(["k/1"])["k/1"]
    delivered = Intent(tool.fit(wanted()), "", IntentState.DONE, datetime.now(UTC), datetime.now(UTC))
    decision = decide(tool.fit(wanted(due=LATER)), delivered, [there], datetime.now(UTC))
    assert (decision.conflicts, set(decision.changes)) == (("title",), {"title", "due"})
    written = tool.put(decided(wanted(due=LATER)), digest)
    assert written.results[0].fields == ("due", "title"), "it was looked at before it was written"
    there = ours(redmine, project, "k/1")
    assert (there["subject"], there["done_ratio"]) == ("Gate-Prüfung nachholen", 40)


def test_what_somebody_wrote_meanwhile_as_we_want_it_is_left(redmine, tool, project, wanted):
    digest = put(tool, wanted()).digest
    edit(redmine, ours(redmine, project, "k/1")["id"], due_date=LATER.isoformat())
    written = tool.put(decided(wanted(due=LATER)), digest)
    assert (done(written), written.calls) == ([Done.SAME], ())


def test_a_note_is_an_answer_with_who_and_when_and_ours_is_none(redmine, tool, project, asked):
    put(tool, asked())
    number = ours(redmine, project, "q/1")["id"]
    assert tool.read().answers == ()
    edit(redmine, number, user="interoffice", notes="A note of our own")
    assert tool.read().answers == ()
    edit(redmine, number, notes="Erst dies")
    feedback = redmine["statuses"]["Feedback"]
    edit(redmine, number, notes="Auftraggeberin ist\r\nDr. Ç. Şahin 🚢", status_id=feedback)
    planner = redmine["users"]["planner"]["id"]
    (answer,) = tool.read().answers
    assert (answer.question, answer.by) == ("q/1", f"Paula Planner ({planner})")
    assert answer.text.split() == ["Auftraggeberin", "ist", "Dr.", "Ç.", "Şahin", "🚢"]
    (ticket,) = [ticket for ticket in tool._tickets.all if ticket.key == "q/1"]
    (change,) = ticket.changes
    assert (change.field, change.before, change.after, change.by) == (
        "status",
        "New",
        "Feedback",
        f"Paula Planner ({planner})",
    )
    assert abs(change.at - datetime.now(UTC)) < timedelta(minutes=5)


def test_questions_that_rest_are_not_asked_for_again_and_again(redmine, project, asked):
    seconds, mirror = [0], Remembered()

    def fresh():
        moment = lambda: datetime.now(UTC) + timedelta(seconds=seconds[0])  # noqa: E731 - a clock that is moved
        return connector(redmine, settings(project), mirror=mirror, now=moment)

    put(fresh(), *(asked(f"q/{n}") for n in range(5)))
    seconds[0] = 10
    fresh().read()
    resting = fresh()
    resting.read()
    assert resting.http.calls == 2, "the project, and what changed of late"
    edit(redmine, ours(redmine, project, "q/3")["id"], notes="Ja")
    waked = fresh()
    assert [each.question for each in waked.read().answers] == ["q/3"]
    assert waked.http.calls == 2 + 2, "its notes, and who we are"


def test_a_closed_issue_is_read_found_and_updated_and_stays_closed(redmine, tool, project, wanted):
    put(tool, wanted())
    number = ours(redmine, project, "k/1")["id"]
    edit(redmine, number, status_id=redmine["statuses"]["Closed"])
    assert {each.status for each in tool.read().plans[0].items if each.ours} == {"Closed"}
    assert len(tool.find(["k/1"])["k/1"]) == 1
    assert done(put(tool, wanted(due=LATER))) == [Done.UPDATED]
    assert ours(redmine, project, "k/1")["status"]["name"] == "Closed"


def switch(entry, project: str, status: int) -> None:
    """Close, archive or reopen a project; Redmine 5.0 lets nobody do that by REST."""
    with sqlite3.connect(entry["database"], timeout=60) as database:
        database.execute("update projects set status = ? where identifier = ?", (status, project))


def test_a_closed_project_is_read_and_nothing_is_put_there(redmine, tool, project, wanted):
    put(tool, wanted())
    switch(redmine, project, 5)
    fresh = connector(redmine, settings(project))
    assert len(fresh.read().plans[0].items) == 2
    assert "is closed in Redmine" in fresh.check().remarks[0]
    written = put(fresh, wanted(due=LATER), wanted("k/2"))
    assert (done(written), written.calls) == ([Done.REFUSED] * 2, ())
    assert "have it reopened" in written.results[0].why
    switch(redmine, project, 1)
    assert done(put(fresh, wanted(due=LATER), wanted("k/2"))) == [Done.UPDATED, Done.CREATED]


def test_an_archived_project_is_told_and_the_others_are_read(redmine, project, new_project):
    other, mirror = new_project("Kaimauer"), Remembered()
    issue(redmine, other, "Bohren")
    tool = connector(redmine, settings(project, other), mirror=mirror)
    assert len(tool.read().plans) == 2
    switch(redmine, other, 9)
    for fresh in (tool, connector(redmine, settings(project, other), mirror=mirror)):
        reading = fresh.read()
        assert [len(plan.items) for plan in reading.plans] == [1]
        assert [each.ref for each in reading.unreadable] == [f"@{other}"]
        assert "archived" in reading.unreadable[0].problem
    switch(redmine, other, 1)
    reading = connector(redmine, settings(project, other), mirror=mirror).read()
    assert ([len(plan.items) for plan in reading.plans], reading.unreadable) == ([1, 1], ())


# Pages


@pytest.fixture
def large(redmine, new_project) -> str:
    """A project with 250 issues."""
    made = new_project("Viele")
    number = ask(redmine, "GET", f"/projects/{made}.json")["project"]["id"]
    many.redmine_issues(redmine, number, 250)
    return made


def test_250_issues_are_three_pages_and_one_edit_is_one(redmine, large):
    mirror = Remembered()
    tool = connector(redmine, settings(large), mirror=mirror)
    reading = tool.read()
    assert len(reading.plans[0].items) == 250
    assert tool.http.calls == 1 + 3
    moved = issues(redmine, large)[10]["id"]
    edit(redmine, moved, subject="Umbenannt")
    fresh = connector(redmine, settings(large), mirror=mirror)
    assert fresh.changed(reading.digest)
    assert fresh.http.calls <= 3
    assert [each.title for each in fresh.read().plans[0].items if each.ref == f"#{moved}"] == ["Umbenannt"]


class Hooked(Remembered):
    """A memory that lets something happen after its first page."""

    def __init__(self, happen) -> None:
        super().__init__()
        self.happen = happen

    def keep(self, things, cursor, gone=()) -> None:
        super().keep(things, cursor, gone)
        if len(self.things()) == 100 and self.happen:
            happen, self.happen = self.happen, None
            happen()


@pytest.mark.parametrize("what", ["edited", "deleted"])
def test_what_slides_between_pages_while_they_are_read_is_not_missed(redmine, large, what):
    numbers = [
        each["id"]
        for each in ask(redmine, "GET", f"/issues.json?project_id={large}&sort=id&limit=100")["issues"]
    ]

    def happen() -> None:
        for number in numbers[:3]:
            if what == "edited":
                edit(redmine, number, subject="Umbenannt")
            else:
                ask(redmine, "DELETE", f"/issues/{number}.json")

    tool = connector(redmine, settings(large), mirror=Hooked(happen))
    there = ask(redmine, "GET", f"/issues.json?project_id={large}&status_id=*&limit=1")["total_count"]
    assert there == 250
    found = {each.ref for each in tool.read().plans[0].items}
    assert len(found) == 250, "what was deleted after it was read goes at the daily look"


def test_a_reading_that_was_broken_off_goes_on_and_misses_nothing(redmine, large):
    numbers = [
        each["id"]
        for each in ask(redmine, "GET", f"/issues.json?project_id={large}&sort=id&limit=100")["issues"]
    ]

    class Cut(Exception):
        """The process ends here."""

    def happen() -> None:
        raise Cut

    mirror = Hooked(happen)
    with pytest.raises(Cut):
        connector(redmine, settings(large), mirror=mirror).read()
    assert len(mirror.things()) == 100
    for number in numbers[:3]:
        edit(redmine, number, subject="Umbenannt")
    fresh = connector(redmine, settings(large), mirror=mirror)
    items = fresh.read().plans[0].items
    assert (len(items), sum(each.title == "Umbenannt" for each in items)) == (250, 3)
    assert fresh.http.calls <= 1 + 3, "the project, and what was not read yet"


# Links


def test_a_link_with_a_delay_stands_in_working_days_and_goes_again(redmine, tool, project, wanted):
    first = wanted("k/1", start=MONDAY, due=date(2027, 3, 5))

    def second(**more):
        return wanted("k/2", start=date(2027, 3, 10), due=date(2027, 3, 12), **more)

    assert done(put(tool, first, second(after="k/1 +2d"))) == [Done.CREATED] * 2
    (link,) = ours(redmine, project, "k/2")["relations"]
    assert (link["relation_type"], link["delay"], link["issue_id"]) == (
        "precedes",
        2,
        ours(redmine, project, "k/1")["id"],
    )
    assert done(put(tool, first, second(after="k/1 +1d"))) == [Done.SAME, Done.UPDATED]
    (link,) = ours(redmine, project, "k/2")["relations"]
    assert link["delay"] == 1
    assert dates(redmine, project)["k/2"] == ("2027-03-10", "2027-03-12"), "Redmine had moved it to the 9th"
    assert done(put(tool, first, second(after=""))) == [Done.SAME, Done.UPDATED]
    assert ours(redmine, project, "k/2").get("relations", []) == []
    written = put(tool, first, second(after=""))
    assert (done(written), written.calls) == ([Done.SAME] * 2, ())


def test_a_link_onto_what_stood_long_before_is_made_once_though_redmine_does_not_date_it(
    redmine, project, wanted
):
    day = date(2027, 3, 2)
    plan = [wanted("k/1", start=MONDAY, due=MONDAY), wanted("k/2", start=day, due=day)]
    put(connector(redmine, settings(project)), *plan)
    past = (datetime.now(UTC) - timedelta(days=9)).replace(tzinfo=None).isoformat(" ")
    with sqlite3.connect(redmine["database"], timeout=60) as database:
        number = ours(redmine, project, "k/2")["id"]
        database.execute(
            "update issues set created_on = ?, updated_on = ? where id = ?", (past, past, number)
        )
    mirror, before = Remembered(), Remembered()

    def tool():
        return connector(redmine, settings(project), mirror=mirror)

    tool().read()
    linked = wanted("k/2", start=day, due=day, after="k/1")
    before.keep(mirror.things(), mirror.cursor())
    assert done(put(tool(), linked)) == [Done.UPDATED]
    written = put(tool(), linked)
    assert (done(written), written.calls) == ([Done.SAME], ())
    forgetful = connector(redmine, settings(project), mirror=before)
    written = put(forgetful, linked)
    assert written.calls == (), "the issue is looked at before a link is made"
    assert len(ours(redmine, project, "k/2")["relations"]) == 1


def test_a_link_that_contradicts_the_dates_is_refused_unsent_and_nothing_moves(
    redmine, tool, project, wanted
):
    plan = [
        wanted("k/1", start=MONDAY, due=date(2027, 3, 5)),
        wanted("k/2", start=date(2027, 3, 3), due=date(2027, 3, 4), after="k/1"),
    ]
    written = put(tool, *plan)
    assert done(written) == [Done.CREATED, Done.REFUSED]
    assert "Redmine lets it begin on 2027-03-08 at the earliest" in written.results[1].why
    assert len(written.calls) == 2
    again = put(tool, *plan)
    assert (done(again), again.calls) == ([Done.SAME, Done.REFUSED], ())
    assert dates(redmine, project)["k/2"] == ("2027-03-03", "2027-03-04")


def chain(wanted, start: date, length: int = 6):
    """Tasks that follow each other, each a day long, with a week of leeway between every two."""
    days = [start + timedelta(weeks=n) for n in range(length)]
    return [
        wanted(f"k/{n}", start=day, due=day, after=f"k/{n - 1}" if n else "") for n, day in enumerate(days)
    ]


def test_what_redmine_moves_when_links_are_made_is_put_back_in_one_delivery(redmine, tool, project, wanted):
    plan = chain(wanted, MONDAY)
    assert done(put(tool, *reversed(plan))) == [Done.CREATED] * 6
    expected = {each.key: (str(each.values["start"]), str(each.values["due"])) for each in plan}
    found = dates(redmine, project)
    assert {key: found[key] for key in expected} == expected
    written = put(tool, *plan)
    assert (done(written), written.calls) == ([Done.SAME] * 6, ())


@pytest.mark.parametrize("weeks", [2, -2])
def test_a_whole_plan_moves_in_one_delivery(redmine, tool, project, wanted, weeks):
    put(tool, *chain(wanted, MONDAY))
    plan = chain(wanted, MONDAY + timedelta(weeks=weeks))
    assert done(put(tool, *reversed(plan))) == [Done.UPDATED] * 6
    expected = {each.key: (str(each.values["start"]), str(each.values["due"])) for each in plan}
    found = dates(redmine, project)
    assert {key: found[key] for key in expected} == expected
    written = put(tool, *plan)
    assert (done(written), written.calls) == ([Done.SAME] * 6, ())


def test_what_follows_stays_where_it_is_wanted_when_only_the_first_moves(redmine, tool, project, wanted):
    plan = chain(wanted, MONDAY)
    put(tool, *plan)
    moved = [wanted("k/0", start=MONDAY, due=date(2027, 3, 3), after=""), *plan[1:]]
    assert done(put(tool, *moved))[0] is Done.UPDATED
    found = dates(redmine, project)
    assert [found[f"k/{n}"][0] for n in range(6)] == [str(MONDAY + timedelta(weeks=n)) for n in range(6)]
    written = put(tool, *moved)
    assert (done(written), written.calls) == ([Done.SAME] * 6, ())


def test_what_has_only_a_due_date_keeps_it_when_it_follows(redmine, tool, project, wanted):
    plan = [wanted("k/1", due=MONDAY), wanted("k/2", due=LATER, after="k/1")]
    put(tool, *plan)
    assert dates(redmine, project)["k/2"][1] == LATER.isoformat()
    written = put(tool, *plan)
    assert (done(written), written.calls) == ([Done.SAME] * 2, ())


def test_a_link_of_the_office_stays(redmine, tool, project, wanted):
    put(tool, wanted())
    number = ours(redmine, project, "k/1")["id"]
    own = issue(redmine, project, "Der eigene Vorgänger", start_date="2027-01-04", due_date="2027-01-05")
    ask(
        redmine,
        "POST",
        f"/issues/{own}/relations.json",
        {"relation": {"issue_to_id": number, "relation_type": "blocks"}},
    )
    put(tool, wanted(due=LATER, after=""))
    assert len(ours(redmine, project, "k/1")["relations"]) == 1


# Lost answers


def test_an_answer_that_is_lost_leaves_unknown_what_happened_and_a_look_finds_it(redmine, project, wanted):
    with Relay(redmine["url"], lose=lambda body: b"k/2" in body) as relay:
        tool = connector({**redmine, "url": relay.url}, settings(project))
        written = put(tool, *(wanted(f"k/{n}") for n in range(1, 4)))
        assert done(written) == [Done.CREATED, Done.UNKNOWN, Done.CREATED]
        assert relay.lost == 1
    again = put(connector(redmine, settings(project)), *(wanted(f"k/{n}") for n in range(1, 4)))
    assert (done(again), again.calls) == ([Done.SAME] * 3, ())


def test_a_lost_answer_to_an_update_is_asked_for_again(redmine, project, wanted):
    put(connector(redmine, settings(project)), wanted())
    lost = []

    def lose(body: bytes) -> bool:
        lost.append(b"2027-03-31" in body)
        return lost[-1] and sum(lost) == 1

    with Relay(redmine["url"], lose=lose) as relay:
        tool = connector({**redmine, "url": relay.url}, settings(project))
        assert done(put(tool, wanted(due=LATER))) == [Done.UPDATED]
    assert ours(redmine, project, "k/1")["due_date"] == LATER.isoformat()
    assert len([each for each in ours(redmine, project, "k/1")["journals"] if each["details"]]) == 1


def test_a_remark_of_several_projects_is_read_with_one_list(redmine, new_project):
    places = [new_project(f"Halle {n}") for n in range(3)]
    for place in places:
        fill.change_redmine_project(redmine, place, {"lead": "Otto Lang"})
    tool = connector(redmine, settings(*places))
    assert {plan.project.lead for plan in tool.read().plans} == {"Otto Lang"}
    assert tool.http.calls == 2, "a list of projects, a page of issues"


def test_a_decision_is_made_in_redmine_and_it_is_known_by_whom_and_when(redmine, tool, project):
    asked = question("approve/method-2/1", project="", kind="decision: approval", text="May it begin?")
    put(tool, replace(asked, fields=DecisionFields(**asked.values)))
    number = ours(redmine, project, asked.key)["id"]
    planner, admin = f"Paula Planner ({redmine['users']['planner']['id']})", "Redmine Admin (1)"
    edit(redmine, number, notes="approve", user="admin")
    time.sleep(1.1)  # Redmine's stamps have whole seconds
    edit(redmine, number, status_id=redmine["statuses"]["Rejected"])
    time.sleep(1.1)
    edit(redmine, number, notes="approve")
    told = [each for each in tool.read().changes if each.key == asked.key]
    assert [(each.field, each.after, each.by) for each in told] == [
        (COMMENT, "approve", admin),
        ("status", "Rejected", planner),
        (COMMENT, "approve", planner),
    ]
    assert all(abs(each.at - datetime.now(UTC)) < timedelta(minutes=5) for each in told)
