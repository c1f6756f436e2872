"""What is particular to Jira Cloud and Data Center, on stand-ins held against the vendor's own descriptions."""

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from connectors.errors import Refused, TryLater
from connectors.http.calls import Call
from connectors.jira import adf
from connectors.jira.fields import JiraSettings, label_of
from connectors.protocol import Done, Keeping
from connectors.registry import partition_problems, tool_problems
from connectors.tickets.typed import Typed
from domain.delivery.delivery import Intent, IntentState, Step, decide
from domain.delivery.wanted import WantedKind
from domain.organization.office import Access
from domain.plans.predecessor import text_of
from tests.connectors.deciding import decided
from tests.connectors.workbook import books
from tests.contract import jira_cloud_bench, jira_dc_bench
from tests.contract.jira_bench import EPICS, SETTINGS
from tests.contract.remembered import Remembered
from tests.standins.described import specs
from tests.standins.jira import PLANNER, Issue, JiraStandIn
from tests.standins.world import Answer, served

pytestmark = specs("jira-cloud-v3.json", "jira-dc-10.3.json")
BENCHES = {"cloud": jira_cloud_bench, "dc": jira_dc_bench}


@dataclass
class Office:
    """A running stand-in and connectors to it."""

    standin: Any
    url: str
    bench: Any

    def tool(self, **more: Any) -> Any:
        return self.bench.connector(self.url, **more)

    def put(self, tool: Any, *wanted: Any) -> Any:
        return tool.put(decided(*wanted), tool.read().digest)

    def settle(self) -> None:
        self.standin.pass_time(minutes=2)

    def ours(self, key: str) -> Issue:
        (found,) = self.standin.bearing(key)
        return found


def running(kind: str) -> Iterator[Office]:
    standin = BENCHES[kind].furnished()
    with served(standin) as url:
        yield Office(standin, url, BENCHES[kind])


@pytest.fixture(params=sorted(BENCHES))
def jira(request) -> Iterator[Office]:
    yield from running(request.param)


@pytest.fixture
def cloud() -> Iterator[Office]:
    yield from running("cloud")


@pytest.fixture
def dc() -> Iterator[Office]:
    yield from running("dc")


def task(key: str, **more: Any) -> Any:
    return books.item(key, **{"project": "HAF", **more})


def question(key: str = "q/1", **more: Any) -> Any:
    return books.question(key, **{"project": "HAF", **more})


def dones(written: Any) -> list[Done]:
    return [each.done for each in written.results]


def titles(tool: Any) -> set[str]:
    return {item.title for plan in tool.read().plans for item in plan.items}


def passing(office: Office, tool: Any) -> list[float]:
    """The connector's waits: not slept, they move the server's clock and the connector's own."""
    waits: list[float] = []
    real = tool.http._now

    def pause(seconds: float) -> None:
        waits.append(seconds)
        office.standin.pass_time(seconds=seconds)

    tool.http._now = tool.http._patience.now = lambda: real() + timedelta(seconds=sum(waits))
    tool.http._patience._pause = pause
    return waits


# Reading.


def test_projects_have_the_facts_of_their_property(jira):
    found = jira.tool().read()
    first = found.plans[0].project
    assert (first.key, first.title, first.stage, first.budget) == (
        "porto/HAF",
        "Lagerhalle HAF Ö",
        "execution",
        1250500.0,
    )
    assert first.baseline_finish == date(2027, 5, 31)
    item = found.plans[0].items[0]
    assert (item.title, item.work, item.percent, item.due, item.ref) == (
        "Schritt 0",
        20.0,
        50.0,
        date(2027, 1, 29),
        "HAF-1",
    )
    assert found.unreadable == ()


def test_what_changes_in_a_project_is_seen_though_jira_dates_no_project(jira):
    tool = jira.tool()
    before = tool.read().digest
    jira.standin.projects["HAF"]["facts"]["Stage"] = "closing"
    assert tool.changed(before)


def test_epics_are_projects_with_facts_in_fields_and_issues_by_their_parent(jira):
    own = {
        "customfield_10012": {"value": "Ausführung"},
        "customfield_10013": 1250500.0,
        "customfield_10014": "2027-05-31",
    }
    epic = jira.standin.add("HAF", "Kran 7", type="Epic", own=own, due="2027-06-30", assignee=PLANNER)
    story = jira.standin.add("HAF", "Fundament", parent=epic.id, due="2027-02-01")
    jira.standin.add("HAF", "Bewehrung", type="Sub-task", parent=story.id, due="2027-01-20")
    jira.settle()
    tool = jira.tool(settings=EPICS)
    assert tool.check().remarks == ()
    (plan,) = tool.read().plans
    assert (plan.project.key, plan.project.title, plan.project.stage) == (
        f"porto/{epic.key}",
        "Kran 7",
        "execution",
    )
    assert (plan.project.budget, plan.project.baseline_finish) == (1250500.0, date(2027, 5, 31))
    assert [item.title for item in plan.items] == ["Fundament", "Bewehrung"]
    assert (
        dones(jira.put(tool, task("k/1", project=epic.key), task("k/2", project=epic.key, parent="k/1")))
        == [Done.CREATED] * 2
    )
    assert (jira.ours("k/1").parent, jira.ours("k/2").parent) == (epic.id, jira.ours("k/1").id)
    jira.settle()
    assert (
        dones(jira.put(tool, task("k/1", project=epic.key), task("k/2", project=epic.key, parent="k/1")))
        == [Done.SAME] * 2
    )


def test_an_issue_goes_from_one_epic_to_another(jira):
    first, second = (jira.standin.add("HAF", name, type="Epic") for name in ("Kran 7", "Kran 8"))
    jira.settle()
    tool = jira.tool(settings=EPICS)
    jira.put(tool, task("k/1", project=first.key))
    assert dones(jira.put(tool, task("k/1", project=second.key))) == [Done.UPDATED]
    assert jira.ours("k/1").parent == second.id


def test_a_stranger_is_shown_nothing_and_that_is_not_what_there_is(jira):
    memory, now = Remembered(), [jira.standin.now]
    tool = jira.tool(mirror=memory, now=lambda: now[0])
    tool.read()
    now[0] += timedelta(days=2)  # all would be looked through, and be found gone
    revoked = jira.tool(mirror=memory, now=lambda: now[0], secret=lambda: "revoked-canary")
    with pytest.raises(Refused, match="credential"):
        revoked.read()
    with pytest.raises(Refused, match="credential"):
        list(revoked.searched(revoked.jql(order="key ASC"), ("id",)))
    assert len(memory.things()) == 8
    assert "canary" not in " ".join(revoked.check().remarks)


def test_who_is_shown_nothing_without_a_word_asks_who_it_is_first(cloud):
    memory, now = Remembered(), [cloud.standin.now]
    cloud.tool(mirror=memory, now=lambda: now[0]).read()
    now[0] += timedelta(days=2)
    cloud.standin.frank = False
    revoked = cloud.tool(mirror=memory, now=lambda: now[0], secret=lambda: "revoked-canary")
    assert list(revoked.searched(revoked.jql(order="key ASC"), ("id",))) == [], (
        "a stranger is shown something"
    )
    with pytest.raises(Refused, match="401"):
        revoked.read()
    assert len(memory.things()) == 8


def test_a_field_whose_name_two_have_is_a_remark_and_a_missing_fact(jira):
    columns = {**SETTINGS["items"]["columns"], "due": "Region", "standing": "No such field"}
    settings = {**SETTINGS, "items": {"columns": columns}}
    tool = jira.tool(settings=settings)
    remarks = tool.check().remarks
    assert any("2 fields are called 'Region'" in each and "customfield_10015" in each for each in remarks)
    assert any("no field 'No such field'" in each for each in remarks)
    assert {item.due for plan in tool.read().plans for item in plan.items} == {None}, (
        "another field was taken"
    )
    assert dones(jira.put(tool, task("k/1"))) == [Done.REFUSED]
    by_id = {**SETTINGS, "items": {"columns": {**SETTINGS["items"]["columns"], "role": "customfield_10015"}}}
    assert jira.tool(settings=by_id).check().remarks == ()


def test_a_check_names_what_is_missing(jira):
    settings = {**SETTINGS, "items": {**SETTINGS["items"], "put_as": "Story"}, "follows": "Precedes"}
    remarks = jira.tool(settings=settings).check().remarks
    assert any("HAF has no type 'Story'" in each and "Task, Sub-task" in each for each in remarks)
    assert any("no type of link 'Precedes'; name one: Blocks, Cloners" in each for each in remarks)
    missing = {**SETTINGS, "projects": {**SETTINGS["projects"], "within": ["HAF", "NOWHERE"]}}
    assert any("no project 'NOWHERE'" in each for each in jira.tool(settings=missing).check().remarks)


def test_several_types_of_sub_task_need_a_word(jira):
    jira.standin.types = lambda: {
        "Task": False,
        "Sub-task": True,
        "Check": True,
        "Question": False,
        "Epic": False,
    }
    assert any("several types of sub-task" in each for each in jira.tool().check().remarks)
    named = jira.tool(settings={**SETTINGS, "items": {**SETTINGS["items"], "part_as": "Check"}})
    assert named.check().remarks == ()
    jira.put(named, task("k/1"), task("k/2", parent="k/1"))
    assert jira.ours("k/2").type == "Check"
    none = jira.tool(settings={**SETTINGS, "items": {**SETTINGS["items"], "part_as": "Step"}})
    assert any("no type of sub-task 'Step'" in each for each in none.check().remarks)


def test_settings_that_jira_has_no_place_for_are_refused():
    items = {"columns": {"key": "Interoffice key"}}
    (problem,) = partition_problems("jira-cloud", {**SETTINGS, "items": items})
    assert "take it out" in problem.text
    (problem,) = tool_problems("jira-cloud", {"url": "https://harbor.atlassian.net"})
    assert problem.place == ("user",)
    assert tool_problems("jira-dc", {"url": "https://jira.harbor.example"}) == ()


def test_data_center_takes_a_user_s_password_too(dc):
    tool = jira_dc_bench.JiraDataCenter.connect(
        jira_dc_bench.around(None, lambda: "word"),
        books.OFFICE,
        Access.OBSERVE,
        "10.3",
        jira_dc_bench.TicketTool(url=dc.url, user="rosa", allow=("127.0.0.1",)),
        JiraSettings.model_validate(SETTINGS),
    )
    assert tool.http._auth() == {"Authorization": "Basic cm9zYTp3b3Jk"}


# Pages, zones and lags.


def test_pages_with_fewer_than_asked_are_followed_to_the_end(cloud):
    for n in range(240):
        cloud.standin.add("HAF", f"Noch {n}")
    cloud.standin.stingy = True
    cloud.settle()
    assert len(titles(cloud.tool())) == 246
    assert cloud.standin.calls[r"POST /rest/api/3/search/jql"] == 5


def test_a_page_without_an_issue_is_not_the_last_one(cloud):
    tool = cloud.tool()
    empty = Answer(200, {"issues": [], "isLast": False, "nextPageToken": "unheard-of"})
    cloud.standin.fault(method="POST", path="search/jql", answer=empty)
    assert len(titles(tool)) == 6


def test_a_token_that_is_too_old_leads_back_to_the_mark(cloud):
    for n in range(150):
        cloud.standin.add("HAF", f"Noch {n}")
    cloud.settle()
    memory = Remembered()
    first = cloud.tool(mirror=memory)
    cloud.standin.fault(method="POST", path="search/jql", first=2, times=3, answer=Answer(503, {}))
    passing(cloud, first)
    with pytest.raises(TryLater):
        first.read()
    cloud.standin.pass_time(days=8)
    assert len(titles(cloud.tool(mirror=memory))) == 156


def test_a_circle_of_pages_is_not_followed_for_ever(cloud):
    tool = cloud.tool()
    again = Answer(200, {"issues": [], "isLast": False, "nextPageToken": "the same"})
    cloud.standin.fault(method="POST", path="search/jql", times=50, answer=again)
    with pytest.raises(TryLater, match="a page leads back to one that was read already"):
        tool.read()
    assert cloud.standin.faults[0].fired == 2


def test_the_old_search_of_the_cloud_is_gone_and_never_called(cloud):
    tool = cloud.tool()
    cloud.put(tool, task("k/1"), question())
    tool.find(["k/1"])
    list(tool.alive())
    assert not any(path.endswith("/search") for _, path in cloud.standin.log if "project" not in path)
    assert cloud.standin._gone(None).status == 410


def test_data_center_gives_as_many_as_it_likes(dc):
    dc.standin.most = 4
    for n in range(20):
        dc.standin.add("LAG", f"Noch {n}")
    dc.settle()
    tool = dc.tool()
    assert len(titles(tool)) == 26
    assert len(set(tool.alive())) == 26


@pytest.mark.parametrize("zone", ["America/Sao_Paulo", "Asia/Kolkata", "Pacific/Auckland"])
def test_changes_are_found_whatever_the_zone_of_our_profile(jira, zone):
    jira.standin.zone = ZoneInfo(zone)
    tool = jira.tool()
    tool.read()
    jira.standin.pass_time(hours=1)
    jira.standin.change(jira.standin.at("HAF-1"), summary="eben geändert")
    jira.settle()
    assert "eben geändert" in titles(tool)


def test_without_the_profile_s_zone_changes_would_be_lost(dc):
    tool = dc.tool()
    tool.read()
    tool.__dict__["zone"] = ZoneInfo("UTC")  # Jira reads it as a time in São Paulo: three hours too late
    dc.standin.change(dc.standin.at("HAF-1"), summary="eben geändert")
    dc.settle()
    assert "eben geändert" not in titles(tool), "the stand-in does not keep the rule that this is about"


def test_a_time_that_the_clock_shows_twice_is_asked_for_from_the_earlier_one(dc):
    dc.standin.zone = zone = ZoneInfo("Europe/Lisbon")
    tool = dc.tool()
    start = datetime(2026, 10, 24, 22, 0, tzinfo=UTC)  # clocks go back on the 25th at 01:00 UTC
    twice = 0
    for minutes in range(0, 360, 7):
        since = start + timedelta(minutes=minutes, seconds=31)
        read = datetime.fromisoformat(tool._minute(since))
        instants = {read.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
        assert max(instants) <= since
        assert since - min(instants) <= timedelta(hours=3)
        twice += len({(since + timedelta(hours=h)).astimezone(zone).hour for h in (0, 1)}) == 1
    assert twice > 5


def test_a_zone_that_nobody_knows_is_a_remark(dc):
    tool = dc.tool()
    profile = {"timeZone": "GMT+03:00", "displayName": "Interoffice", "name": "interoffice"}
    tool.__dict__["user"] = Typed(profile)
    assert any("choose one such as Europe/Lisbon" in each for each in tool.check().remarks)


def test_what_we_wrote_is_seen_at_once_though_the_search_lags(jira):
    jira.standin.lag = timedelta(seconds=20)
    tool = jira.tool()
    assert dones(jira.put(tool, task("k/1"), task("k/2", after="k/1"))) == [Done.CREATED] * 2
    assert {each.key for each in tool.read().placed} == {"k/1", "k/2"}
    assert dones(jira.put(tool, task("k/1"), task("k/2", after="k/1"))) == [Done.SAME] * 2
    assert dones(jira.put(tool, task("k/1"), task("k/2", title="anders"))) == [Done.SAME, Done.UPDATED]
    assert tool.find(["k/2"])["k/2"][0].values["title"] == "anders"
    assert len(jira.standin.bearing("k/1")) == 1


def test_a_lost_answer_is_waited_out_before_anything_is_created_again(jira):
    tool = jira.tool()
    wanted = tool.fit(task("k/1"))
    sent = jira.standin.now
    jira.standin.fault(method="POST", path="issue/bulk", applied=True)
    assert dones(jira.put(tool, wanted)) == [Done.UNKNOWN]
    intent = Intent(wanted, wanted.digest, IntentState.SENT, sent, sent_at=sent)
    lag = tool.spec.read_lag

    def step(read_lag):
        return decide(wanted, intent, tool.find(["k/1"])["k/1"], jira.standin.now, read_lag).step

    assert tool.find(["k/1"]) == {"k/1": ()}, "the search does not lag"
    assert step(timedelta()) is Step.CREATE, "who did not wait would make a second one"
    assert step(lag) is Step.WAIT
    jira.standin.pass_time(seconds=lag.total_seconds())
    assert step(lag) is Step.SAME
    assert len(jira.standin.bearing("k/1")) == 1


def test_the_daily_look_does_not_forget_what_the_search_does_not_show_yet(jira):
    memory, now = Remembered(), [datetime.now(UTC)]
    tool = jira.tool(mirror=memory, now=lambda: now[0])
    jira.put(tool, task("k/0"))
    now[0] += timedelta(hours=25)
    jira.standin.now = now[0]
    jira.standin.lag = timedelta(minutes=5)
    digest = tool._tickets.digest
    assert dones(tool.put(decided(task("k/1")), digest)) == [Done.CREATED]
    assert {each.key for each in tool.read().placed} == {"k/0", "k/1"}


# Our key.


def test_our_key_stands_in_the_creating_call(jira):
    tool = jira.tool()
    jira.put(tool, task("k/1"))
    assert (
        len(
            [
                path
                for method, path in jira.standin.log
                if method in ("POST", "PUT") and "issue" in path and "fetch" not in path
            ]
        )
        == 1
    )
    issue = jira.ours("k/1")
    assert issue.labels == [label_of("k/1")]
    assert "k/1" in str(issue.properties["interoffice"])


def test_a_clone_has_no_property_and_is_held_all_the_same(jira):
    tool = jira.tool()
    jira.put(tool, task("k/1"))
    jira.settle()
    clone = jira.standin.clone(jira.ours("k/1"))
    jira.settle()
    assert clone.properties == {}
    result = jira.put(tool, task("k/1", due=date(2027, 3, 31))).results[0]
    assert result.done is Done.HELD
    assert clone.key in result.why
    assert len(tool.find(["k/1"])["k/1"]) == 2


@pytest.mark.parametrize("what", ["label", "lines", "label and lines"])
def test_what_the_office_cleared_away_does_not_make_a_second_one(jira, what):
    tool = jira.tool()
    jira.put(tool, task("k/1"))
    changes = {"labels": []} if "label" in what else {}
    if "lines" in what:
        changes["description"] = jira.standin.rich("nur noch das hier")
    if jira.bench is jira_dc_bench and what == "label and lines":
        pytest.skip("nothing is left there that says that it is ours")
    jira.standin.change(jira.ours("k/1"), **changes)
    jira.settle()
    assert len(tool.find(["k/1"])["k/1"]) == 1
    again = jira.put(tool, task("k/1"))
    assert dones(again) in ([Done.SAME], [Done.UPDATED])
    assert len(jira.standin.issues()) == 7
    jira.settle()
    assert dones(jira.put(tool, task("k/1"))) == [Done.SAME]


def test_a_line_with_a_key_alone_makes_no_issue_ours(jira):
    text = f"{jira.standin.rich('x') and ''}-- interoffice --\nkey: k/1\n"
    jira.standin.add(
        "HAF",
        "abgeschrieben",
        description=adf.written(None, {"key": "k/1"}) if jira.bench is jira_cloud_bench else text,
    )
    jira.settle()
    assert jira.tool().find(["k/1"]) == {"k/1": ()}
    assert jira.tool().read().placed == ()


def test_an_issue_that_is_moved_gets_another_key_and_is_not_there_twice(jira):
    tool = jira.tool()
    jira.put(tool, task("k/1"))
    jira.settle()
    moved = jira.standin.move(jira.ours("k/1"), "LAG")
    jira.settle()
    assert moved.key.startswith("LAG-")
    places = [each for each in tool.read().placed if each.key == "k/1"]
    assert [each.ref for each in places] == [moved.key]
    result = jira.put(tool, task("k/1")).results[0]
    assert result.done is Done.REFUSED
    assert f"{moved.key} stands in LAG: move it to HAF in Jira, by hand" in result.why
    assert dones(jira.put(tool, task("k/1", project="LAG"))) == [Done.SAME]


def test_an_issue_that_left_the_office_s_projects_is_gone(jira):
    jira.standin.add_project("AWAY", "Anderswo")
    tool = jira.tool()
    jira.put(tool, task("k/1"))
    jira.settle()
    tool.read()
    jira.standin.move(jira.ours("k/1"), "AWAY")
    jira.settle()
    assert tool.find(["k/1"]) == {"k/1": ()}
    assert dones(tool.put(decided(task("k/1", due=date(2027, 3, 31))), tool._tickets.digest)) == [Done.HELD]


# Writing.


def test_of_a_bulk_each_answer_goes_to_its_own_thing(jira):
    tool = jira.tool()
    fine = [task(f"k/{n}", title=f"Nummer {n}") for n in range(6)]
    real = jira.standin._made

    def made(update):
        if update["fields"]["summary"] in ("Nummer 1", "Nummer 4"):
            update["fields"]["customfield_99999"] = "x"
        return real(update)

    jira.standin._made = made
    written = jira.put(tool, *fine)
    assert dones(written) == [
        Done.CREATED,
        Done.REFUSED,
        Done.CREATED,
        Done.CREATED,
        Done.REFUSED,
        Done.CREATED,
    ]
    assert "customfield_99999: Field 'customfield_99999' cannot be set" in written.results[1].why
    for each in written.results:
        if each.ref:
            assert jira.standin.at(each.ref).summary == f"Nummer {each.key[-1]}"


def test_a_bulk_of_which_nothing_was_made_is_refused_thing_by_thing(jira):
    tool = jira.tool(settings={**SETTINGS, "items": {**SETTINGS["items"], "put_as": "Story"}})
    written = jira.put(tool, task("k/1"), task("k/2"))
    assert dones(written) == [Done.REFUSED] * 2
    assert "issuetype: Specify a valid issue type" in written.results[0].why


def test_a_bulk_that_is_not_answered_for_all_is_unknown(jira):
    tool = jira.tool()
    short = Answer(
        201, {"issues": [{"id": "1", "key": "HAF-99", "self": "https://jira.example/1"}], "errors": []}
    )
    jira.standin.fault(method="POST", path="issue/bulk", applied=True, answer=short)
    assert dones(jira.put(tool, task("k/1"), task("k/2"))) == [Done.UNKNOWN] * 2
    jira.settle()
    assert dones(jira.put(tool, task("k/1"), task("k/2"))) == [Done.SAME] * 2


def test_at_most_fifty_are_created_in_one_call(jira):
    tool = jira.tool()
    assert set(dones(jira.put(tool, *(task(f"k/{n}") for n in range(51))))) == {Done.CREATED}
    assert sum(path.endswith("issue/bulk") for _, path in jira.standin.log) == 2
    assert len(jira.standin.issues()) == 57


def test_only_what_changed_is_sent(jira):
    tool = jira.tool()
    jira.put(tool, task("k/1", work=16.0))
    seen = []
    real = jira.standin._values
    jira.standin._values = lambda fields, kind: seen.append(set(fields)) or real(fields, kind)
    jira.put(tool, task("k/1", work=16.0, due=date(2027, 3, 31)))
    jira.put(tool, task("k/1", work=24.5, due=date(2027, 3, 31), role="planner"))
    jira.put(tool, task("k/1", work=24.5, due=date(2027, 3, 31), role="planner", standing="late"))
    assert seen == [{"duedate"}, {"timetracking", "customfield_10011"}, {"description"}]
    assert jira.ours("k/1").estimate == 24.5 * 3600


def test_hours_are_held_in_whole_minutes(jira):
    tool = jira.tool()
    wanted = task("k/1", work=0.51)
    assert tool.fit(wanted).values["work"] == 0.52
    jira.put(tool, wanted)
    assert dones(jira.put(tool, wanted)) == [Done.SAME]
    assert jira.ours("k/1").estimate == 31 * 60


def test_dates_and_hours_may_stand_in_fields_of_the_office_s(jira):
    columns = {
        "start": "Start date",
        "due": "Baseline finish",
        "work": {"header": "Budget", "unit": "days"},
        "standing": "Standing",
    }
    tool = jira.tool(settings={**SETTINGS, "items": {"columns": columns}})
    wanted = task("k/1", start=date(2027, 1, 4), due=date(2027, 1, 8), work=20.0, standing="zwei  Zeilen")
    assert dones(jira.put(tool, wanted)) == [Done.CREATED]
    own = jira.ours("k/1").own
    assert (own["customfield_10010"], own["customfield_10014"], own["customfield_10013"]) == (
        "2027-01-04",
        "2027-01-08",
        2.5,
    )
    assert (own["customfield_10017"] == "zwei Zeilen") == (jira.bench is jira_dc_bench), (
        "v3 takes documents only"
    )
    assert dones(jira.put(tool, wanted)) == [Done.SAME]
    assert tool.find(["k/1"])["k/1"][0].values["work"] == 20.0


def test_without_a_field_for_it_a_start_is_lost_and_said_to_be(jira):
    tool = jira.tool(settings={**SETTINGS, "items": {"columns": {"role": "Role"}}})
    holds = {hold.field: hold.keeping for hold in tool.holds(WantedKind.ITEM)}
    assert (holds["start"], holds["after"], holds["parent"]) == (
        Keeping.LOST,
        Keeping.APPROXIMATED,
        Keeping.APPROXIMATED,
    )
    assert "start" not in tool.fit(task("k/1", start=date(2027, 1, 4))).values


def test_who_waits_is_blocked_by_whom_it_waits_for(jira):
    tool = jira.tool()
    jira.put(tool, task("k/1"), task("k/2", after="k/1 +3d"))
    ((_, kind, blocking, blocked),) = jira.ours("k/2").links
    assert (kind, blocking, blocked) == ("Blocks", jira.ours("k/1").id, jira.ours("k/2").id)
    assert text_of(tool.find(["k/2"])["k/2"][0].values["after"]) == "k/1"
    assert tool.find(["k/1"])["k/1"][0].values["after"] == ()


def test_a_part_is_a_sub_task_and_what_is_below_it_has_a_line(jira):
    tool = jira.tool()
    wanted = [task("k/1"), task("k/2", parent="k/1"), task("k/3", parent="k/2"), task("k/4", parent="k/3")]
    assert dones(jira.put(tool, *wanted)) == [Done.CREATED] * 4
    made = {key: jira.ours(key) for key in ("k/1", "k/2", "k/3", "k/4")}
    assert [issue.type for issue in made.values()] == ["Task", "Sub-task", "Task", "Sub-task"]
    assert (made["k/2"].parent, made["k/3"].parent, made["k/4"].parent) == (
        made["k/1"].id,
        None,
        made["k/3"].id,
    )
    assert f"parent: {made['k/2'].key}" in str(made["k/3"].description)
    jira.settle()
    assert dones(jira.put(jira.tool(), *wanted)) == [Done.SAME] * 4


def test_what_the_office_put_into_an_epic_of_ours_goes_out_of_it_again(jira):
    tool = jira.tool()
    jira.put(tool, task("k/1"), task("k/2", parent=""))
    epic = jira.standin.change(jira.ours("k/1"), type="Epic")
    jira.standin.change(jira.ours("k/2"), parent=epic.id)
    jira.settle()
    assert tool.find(["k/2"])["k/2"][0].values["parent"] == "k/1"
    assert dones(jira.put(tool, task("k/2", parent=""))) == [Done.UPDATED]
    assert jira.ours("k/2").parent is None


def test_where_epics_are_projects_parts_go_with_their_parent(jira):
    for n in (1, 2):
        jira.standin.add("HAF", f"Halle {n}", type="Epic")
    jira.settle()
    tool = jira.tool(settings=EPICS)
    first, second = [plan.project.ref for plan in tool.read().plans]
    wanted = [task("k/1", project=first), task("k/2", project=first, parent="k/1")]
    assert dones(jira.put(tool, *wanted)) == [Done.CREATED] * 2
    jira.settle()
    wanted = [task("k/2", project=second, parent="k/1"), task("k/1", project=second)]
    assert dones(jira.put(tool, *wanted)) == [Done.SAME, Done.UPDATED]
    jira.settle()
    assert dones(jira.put(tool, *wanted)) == [Done.SAME] * 2
    assert [place.values["project"] for place in tool.find(["k/2"])["k/2"]] == [second]


def test_a_part_that_goes_elsewhere(jira):
    tool = jira.tool()
    jira.put(tool, task("k/1"), task("k/2"), task("k/3", parent="k/1"), task("k/4"))
    moved = jira.put(tool, task("k/3", parent="k/2")).results[0]
    if jira.bench is jira_cloud_bench:
        assert (moved.done, jira.ours("k/3").parent) == (Done.UPDATED, jira.ours("k/2").id)
    else:
        assert moved.done is Done.REFUSED
        assert "in Jira, by hand" in moved.why
    out = jira.put(tool, task("k/3", parent="")).results[0]
    assert out.done is Done.REFUSED
    assert "is a sub-task" in out.why
    assert dones(jira.put(tool, task("k/4", parent="k/2"))) == [Done.UPDATED]
    assert tool.find(["k/4"])["k/4"][0].values["parent"] == "k/2"
    assert dones(jira.put(tool, task("k/4", parent=""))) == [Done.UPDATED]
    assert tool.find(["k/4"])["k/4"][0].values["parent"] == ""


# Descriptions.

OFFICE_NODES = [
    {"type": "panel", "attrs": {"panelType": "info", "localId": "a1"}, "content": [{"type": "paragraph", "content": [
        {"type": "text", "text": "Achtung", "marks": [{"type": "strong"}]}, {"type": "hardBreak"},
        {"type": "mention", "attrs": {"id": "5f:rosa", "text": "@Rosa"}}, {"type": "text", "text": " prüft"},
    ]}]},
    {"type": "mediaSingle", "attrs": {"layout": "center"}, "content": [{"type": "media", "attrs": {"id": "m", "type": "file", "collection": ""}}]},
    {"type": "unheardOf", "attrs": {"x": [1, {"y": None}]}},
    {"type": "bulletList", "content": [{"type": "listItem", "content": [{"type": "paragraph", "content": [{"type": "text", "text": "eins"}]}]}]},
    {"type": "codeBlock", "attrs": {"language": "sql"}, "content": [{"type": "text", "text": "key: select\nrole: from"}]},
]  # fmt: skip


def test_every_node_of_the_office_s_stays_as_it_is(cloud):
    tool = cloud.tool()
    cloud.put(tool, task("k/1"))
    issue = cloud.ours("k/1")
    (ours,) = issue.description["content"]
    theirs = copy.deepcopy(OFFICE_NODES)
    cloud.standin.change(
        issue, description={**issue.description, "content": [*theirs[:2], ours, *theirs[2:]], "extra": "kept"}
    )
    cloud.settle()
    assert dones(cloud.put(tool, task("k/1", standing="late"))) == [Done.UPDATED]
    after = cloud.ours("k/1").description
    assert [*after["content"][:2], *after["content"][3:]] == OFFICE_NODES
    assert (after["extra"], after["content"][2]["type"]) == ("kept", "codeBlock")
    assert "standing: late" in adf.plain(after["content"][2])
    assert "key: k/1" in adf.plain(after["content"][2])


def test_the_text_of_a_document_is_what_people_see():
    text, lines = adf.read(
        {
            "version": 1,
            "type": "doc",
            "content": [*OFFICE_NODES, *adf.written(None, {"role": "planner"})["content"]],
        }
    )
    assert text == "Achtung\n@Rosa prüft\n\neins\nkey: select\nrole: from"
    assert lines == {"role": "planner"}
    for said in ("", "a", "a\n\nb", "  eingerückt\n- x", "\n\n"):
        assert adf.plain(adf.whole(said)) == said
    assert adf.read(None) == ("", {})
    inline = [
        {"type": "date", "attrs": {"timestamp": "1801440000000"}}, {"type": "text", "text": " "},
        {"type": "inlineCard", "attrs": {"url": "https://x.example"}}, {"type": "emoji", "attrs": {"shortName": ":ok:"}},
        {"type": "date", "attrs": {"timestamp": "soon"}}, {"type": "status", "attrs": {"text": "GUT"}},
    ]  # fmt: skip
    assert adf.plain({"type": "paragraph", "content": inline}) == "2027-02-01 https://x.example:ok:GUT"


def test_a_description_as_text_keeps_the_office_s_words(dc):
    tool = dc.tool()
    dc.put(tool, task("k/1"))
    issue = dc.ours("k/1")
    dc.standin.change(issue, description=f"h2. Eigenes\r\n\r\n*fett*\r\n\r\n{issue.description}\r\n")
    dc.settle()
    assert dones(dc.put(tool, task("k/1", standing="late"))) == [Done.UPDATED]
    text = dc.ours("k/1").description
    assert text.startswith("h2. Eigenes\n\n*fett*\n")
    assert "standing: late" in text


# Questions.


def test_an_answer_and_a_decision_come_with_who_and_when(jira):
    tool = jira.tool(access=Access.ASK)
    jira.put(tool, question())
    for n in range(130):
        jira.standin.comment(jira.ours("q/1"), f"wir fragen nach ({n})", by="interoffice")
    jira.standin.comment(jira.ours("q/1"), "2027-05-31")
    jira.standin.change(jira.ours("q/1"), status="Done")
    jira.settle()
    reading = tool.read()
    (answer,) = reading.answers
    assert (answer.text, answer.by.startswith("Rosa Pinto (")) == ("2027-05-31", True)
    assert any(change.by == answer.by and change.after == "Done" for change in reading.changes)


def test_a_question_that_is_gone_and_still_found_does_not_end_the_reading(jira):
    tool = jira.tool(access=Access.ASK)
    jira.put(tool, question())
    jira.settle()
    jira.standin.comment(jira.ours("q/1"), "ja")
    jira.settle()
    jira.standin.remove(jira.ours("q/1"))
    assert {each.key for each in jira.tool().read().placed} == {"q/1"}, "the search does not lag"


def test_who_may_not_create_is_told_so(jira):
    tool = jira.tool(access=Access.ASK)
    jira.standin.fault(path="createmeta/HAF", answer=Answer(403, {"errorMessages": ["No."], "errors": {}}))
    health = tool.check()
    assert (health.readable, health.writable) == (True, False)
    assert any("may we create issues in HAF?" in each for each in health.remarks)


def test_a_webhook_names_its_issue_and_garbage_is_refused(jira):
    tool = jira.tool()
    body = b'{"webhookEvent": "jira:issue_updated", "issue": {"id": "1", "key": "HAF-1"}}'
    assert tool.hook({}, body) == ("HAF-1",)
    assert tool.hook({}, b'{"webhookEvent": "sprint_started", "sprint": {"id": 5}}') == ()
    for wrong in (
        b"",
        b"[]",
        b'{"webhookEvent": 7}',
        b'{"webhookEvent": "jira:issue_updated", "issue": {"key": "../x"}}',
    ):
        with pytest.raises(Refused, match="no webhook of jira"):
            tool.hook({}, wrong)


# Limits.


def test_a_burst_is_waited_out(cloud):
    tool = cloud.tool()
    waits = passing(cloud, tool)
    cloud.standin.burst = 1
    assert len(titles(tool)) == 6
    assert waits
    assert set(waits) <= {1.0} or max(waits) < 2


def test_too_many_writes_to_one_issue_are_waited_out(cloud):
    tool = cloud.tool()
    waits = passing(cloud, tool)
    for n in range(22):
        tool.send(Call("PUT", "/rest/api/3/issue/HAF-1", json={"fields": {"summary": f"Fassung {n}"}}))
    assert sum(waits) >= 1.9


def test_a_spent_quota_stops_until_its_reset(cloud):
    tool = cloud.tool(now=lambda: cloud.standin.now)
    digest = tool.read().digest
    waits = passing(cloud, tool)
    cloud.standin.points, cloud.standin.reset = 1, cloud.standin.now + timedelta(hours=1)
    assert set(dones(tool.put(decided(task("k/1"), task("k/2")), digest))) == {Done.LATER}
    with pytest.raises(TryLater) as caught:
        cloud.tool(now=lambda: cloud.standin.now).read()
    assert abs(caught.value.due(cloud.standin.now) - cloud.standin.reset) <= timedelta(minutes=1)
    assert waits == []
    cloud.standin.now = cloud.standin.reset
    assert len(titles(tool)) == 6


def test_a_drained_bucket_is_waited_for_and_retry_after_zero_is_no_wait(dc):
    tool = dc.tool()
    waits = passing(dc, tool)
    assert len(titles(tool)) == 6
    assert waits == []
    dc.standin.bucket = 1
    assert len(titles(tool)) == 6
    assert waits
    assert max(waits) < 2


def test_a_query_takes_no_words_from_the_settings(jira):
    settings = {**SETTINGS, "projects": {**SETTINGS["projects"], "within": ['HAF") OR project in ("LAG']}}
    with pytest.raises(Refused, match="400"):
        jira.tool(settings=settings).page(None, "")


def test_the_stand_in_shows_a_state_of_a_while_ago(jira):
    standin: JiraStandIn = jira.standin
    standin.lag = timedelta(seconds=30)
    standin.change(standin.at("HAF-1"), summary="neu")
    assert standin.found('project in ("HAF") ORDER BY key ASC')[0].summary == "Schritt 0"
    standin.pass_time(seconds=30)
    assert standin.found('project in ("HAF") ORDER BY key ASC')[0].summary == "neu"


@pytest.mark.parametrize("settings", [SETTINGS, EPICS], ids=["projects", "epics"])
def test_a_project_that_is_not_there_is_a_line_and_the_others_are_read(jira, settings):
    """Jira refuses a search that names a project which nobody knows."""
    within = settings["projects"]["within"]
    changed = {**settings, "projects": {**settings["projects"], "within": [*within, "GONE"]}}
    before = jira.tool(settings=settings).read()
    reading = jira.tool(settings=changed).read()
    (told,) = [each for each in reading.unreadable if each not in before.unreadable]
    assert (told.ref, "there is no project 'GONE'" in told.problem) == ("@GONE", True)
    assert [len(plan.items) for plan in reading.plans] == [len(plan.items) for plan in before.plans]
    assert reading.plans or settings is EPICS, "where epics are the projects there is none yet"
