"""What is particular to Azure DevOps, on a stand-in held against the vendor's own description."""

from collections.abc import Iterator
from datetime import date

import pytest

from connectors.azure_devops.connector import PARENT
from connectors.errors import Refused
from connectors.protocol import Done, Keeping
from connectors.tickets import html
from domain.delivery.wanted import WantedKind
from domain.organization.office import Access
from tests.connectors.deciding import decided
from tests.connectors.workbook import books
from tests.contract.azure_devops_bench import KEY, SETTINGS, connector, furnished
from tests.standins.azure_devops import AzureStandIn
from tests.standins.described import specs
from tests.standins.world import Answer, served

pytestmark = specs("azure-devops-wit-7.1.json", "azure-devops-core-7.1.json")
PATCH = r"PATCH /harbor/(?P<project>[^/]+)/_apis/wit/workitems/(?P<id>[^/]+)"


@pytest.fixture
def standin() -> AzureStandIn:
    return furnished()


@pytest.fixture
def url(standin) -> Iterator[str]:
    with served(standin) as url:
        yield url


def put(tool, *wanted, **more):
    return tool.put(decided(*wanted), tool.read().digest, **more)


def task(key, **more):
    return books.item(key, **{"project": "#1", **more})


def ours(standin):
    return {each["fields"][KEY]: each for each in standin.items.values() if each["fields"].get(KEY)}


def test_epics_are_projects_and_their_children_their_items(url):
    found = connector(url).read()
    first = found.plans[0].project
    assert (first.key, first.title, first.budget, first.gates) == (
        "porto/#1",
        "Lagerhalle 1 Ö",
        1250500.0,
        {"G1": date(2027, 1, 4)},
    )
    assert [len(plan.items) for plan in found.plans] == [3, 3]
    item = found.plans[0].items[0]
    assert (item.title, item.work, item.due) == ("Schritt 0", 20.0, date(2027, 1, 29))
    assert found.unreadable == ()


def test_parents_and_links_stand_there_in_the_end_without_days_between(url, standin):
    tool = connector(url)
    wanted = [
        task("k/2", parent="k/1", start=date(2027, 1, 4), after="k/3 +2d"),
        task("k/1", work=16.0),
        task("k/3", parent="k/1"),
    ]
    assert [r.done for r in put(tool, *wanted).results] == [Done.CREATED] * 3
    again = put(tool, *wanted)
    assert ([r.done for r in again.results], again.calls) == ([Done.SAME] * 3, ())
    assert standin.calls[PATCH] == 1, "the one link"
    (hold,) = [h for h in tool.holds(WantedKind.ITEM) if h.field == "after"]
    assert hold.keeping is Keeping.APPROXIMATED


def test_a_stale_revision_is_looked_at_again_and_the_offices_html_stays(url, standin):
    tool = connector(url)
    put(tool, task("k/1"))
    reading = tool.read()
    number = max(standin.items)
    own = standin.items[number]["fields"]["System.Description"]
    standin.change(number, Description=f'<p>Their <b>own</b> words &amp; <a href="#">links</a></p>{own}')
    moved = task("k/1", due=date(2027, 3, 31), standing="late")
    assert tool.put(decided(moved), reading.digest).results[0].done is Done.UPDATED
    fields = ours(standin)["k/1"]["fields"]
    assert fields["Microsoft.VSTS.Scheduling.DueDate"] == "2027-03-31T00:00:00Z"
    assert fields["System.Description"].startswith(
        '<p>Their <b>own</b> words &amp; <a href="#">links</a></p>'
    )
    assert standin.calls[PATCH] == 2, "the first was refused with 412"
    assert put(tool, moved).results[0].done is Done.SAME


def test_an_answer_is_a_comment_of_somebody_else(url, standin):
    tool = connector(url)
    put(tool, books.question("q/1", project="#1"))
    number = max(standin.items)
    standin.comment(number, "pat-interoffice", "<div>we ask again</div>")
    standin.comment(number, "pat-rosa", "<div>2027-05-31</div>")
    (answer,) = tool.read().answers
    assert (answer.text, answer.by) == ("2027-05-31", "Rosa Pinto <rosa@example.com>")


def test_an_answer_after_hundreds_of_remarks_and_changes_is_read(url, standin):
    tool = connector(url)
    put(tool, books.question("q/1", project="#1"))
    number = max(standin.items)
    for _ in range(450):
        standin.comment(number, "pat-interoffice", "<div>we ask again</div>")
    standin.comment(number, "pat-rosa", "<div>2027-05-31</div>")
    standin.change(number, State="Closed")
    (answer,) = tool.read().answers
    assert (answer.text, answer.by) == ("2027-05-31", "Rosa Pinto <rosa@example.com>")
    ticket = tool.detailed(tool.one(f"#{number}"))
    assert len(ticket.comments) == 451
    assert [each.after for each in ticket.changes if each.field == "System.State"] == ["Closed"]


def test_a_task_goes_from_below_one_to_below_another_one(url, standin):
    tool = connector(url)
    for parent in ("k/1", "k/2"):
        put(tool, task("k/1"), task("k/2"), task("k/3", parent=parent))
        (placed,) = [each for each in tool.read().placed if each.key == "k/3"]
        assert placed.values["parent"] == parent
        assert [each["rel"] for each in ours(standin)["k/3"]["relations"]] == [PARENT]
    assert put(tool, task("k/3", parent="k/2")).results[0].done is Done.SAME


def test_a_token_that_is_not_known_gets_a_page_and_is_said_to_be_so(url):
    health = connector(url, secret=lambda: "pat-canary-9").check()
    assert not health.readable
    assert "sign-in page" in health.remarks[0]
    assert "canary" not in health.remarks[0]


def test_a_lost_answer_to_a_create_is_unknown_and_then_found(url, standin):
    tool = connector(url)
    tool.read()
    standin.fault(method="POST", path=r"workitems/\$", applied=True, answer=Answer(502, {}))
    assert put(tool, task("k/1")).results[0].done is Done.UNKNOWN
    assert len(tool.find(["k/1"])["k/1"]) == 1
    assert put(tool, task("k/1")).results[0].done is Done.SAME


def test_quotes_in_a_key_stay_data(url):
    tool = connector(url)
    key = "k/') OR [System.Id] > 0 --"
    put(tool, task(key), task("k/'"))
    assert {k: len(v) for k, v in tool.find([key, "k/'", "k/none'"]).items()} == {
        key: 1,
        "k/'": 1,
        "k/none'": 0,
    }


def test_more_than_a_page_and_many_of_one_millisecond_are_read_to_the_end(url, standin):
    at = standin.now
    for n in range(450):
        number = standin.add("Porto", f"Schritt {n}")
        standin.items[number]["fields"]["System.ChangedDate"] = at
    tool = connector(url)
    tool.read()
    assert len(list(tool.alive())) == 458
    assert len(tool._tickets.all) == 458


def test_a_removed_item_is_seen_by_the_daily_look(url, standin):
    clock = [standin.now]
    tool = connector(url, now=lambda: clock[0])
    assert sum(len(p.items) for p in tool.read().plans) == 6
    del standin.items[8]
    assert sum(len(p.items) for p in tool.read().plans) == 6, "WIQL does not tell"
    clock[0] = clock[0].replace(day=clock[0].day + 2)
    assert sum(len(p.items) for p in tool.read().plans) == 5


def test_a_check_names_the_fields_that_are_missing(url):
    columns = {**SETTINGS["items"]["columns"], "key": "No such field", "standing": "Standing"}
    remarks = connector(url, settings={**SETTINGS, "items": {"columns": columns}}).check().remarks
    assert any("items.columns.key: there is no field 'No such field'" in each for each in remarks)
    assert any("items.columns.standing" in each for each in remarks)
    within = {**SETTINGS, "projects": {**SETTINGS["projects"], "within": ["Porto", "Lisboa"]}}
    assert any("no project 'Lisboa'" in each for each in connector(url, settings=within).check().remarks)
    assert connector(url, Access.OBSERVE).check().readable


def test_a_type_that_is_not_there_is_refused_for_that_item(url):
    tool = connector(url, settings={**SETTINGS, "items": {**SETTINGS["items"], "put_as": "Story"}})
    result = put(tool, task("k/1")).results[0]
    assert result.done is Done.REFUSED
    assert "VS402323" in result.why
    assert issubclass(Refused, Exception)


def test_html_shows_text_and_takes_nothing_of_it_for_markup():
    said = "a < b & c\n\n<script>alert(1)</script>"
    assert html.plain(html.paragraphs(said)) == said
    source = html.written("<p>theirs</p>", {"kind": "x", "standing": "a <b>"})
    assert html.read(source) == ("theirs", {"kind": "x", "standing": "a <b>"})
    bare = source.replace(' class="interoffice"', "")
    assert html.read(bare) == html.read(source), "a tool that takes attributes away"
    assert html.written(source, {"kind": "y"}).startswith("<p>theirs</p><pre")


def test_a_service_hook_names_its_work_item_and_garbage_is_refused(url):
    tool = connector(url)
    assert tool.hook({}, b'{"eventType": "workitem.created", "resource": {"id": 5}}') == ("#5",)
    assert tool.hook({}, b'{"eventType": "workitem.updated", "resource": {"id": 9, "workItemId": 5}}') == (
        "#5",
    )
    assert tool.hook({}, b'{"eventType": "git.push", "resource": {}}') == ()
    for body in (
        b"",
        b"[]",
        b"{}",
        b'"x"',
        b'{"eventType": "workitem.created", "resource": {"id": "../1"}}',
        b"\xff",
    ):
        with pytest.raises(Refused, match="no webhook of azure-devops"):
            tool.hook({}, body)


def test_who_decided_and_when_is_read_with_the_ticket(url, standin):
    tool = connector(url)
    put(tool, books.question("q/1", project="#1"))
    number = max(standin.items)
    standin.change(number, "pat-interoffice", Due_Date="2027-01-12T00:00:00Z")
    standin.change(number, "pat-rosa", State="Closed")
    (change,) = [each for each in tool.read().changes if each.field == "System.State"]
    assert (change.key, change.before, change.after) == ("q/1", "New", "Closed")
    assert change.by == "Rosa Pinto <rosa@example.com>"
    assert change.at == standin.items[number]["fields"]["System.ChangedDate"].replace(
        microsecond=change.at.microsecond
    )
    assert not [each for each in tool.read().changes if each.by.startswith("Interoffice")], (
        "ours are no decisions"
    )


def test_the_tool_says_which_fields_and_statuses_it_offers(url):
    tool = connector(url).read().tool
    assert {"budget", "gate.G1", "title", "item.due", "item.work"} <= tool.fields
    assert tool.statuses == {"New"}


def test_where_team_projects_are_the_projects_a_work_item_goes_with_its_area_and_iteration(url, standin):
    columns = {"key": "Interoffice key"}
    tool = connector(url, settings={"projects": {"within": ["Porto", "Faro"]}, "items": {"columns": columns}})
    put(tool, task("k/1", project="Porto"), task("k/2", project="Porto", parent="k/1"))
    wanted = task("k/1", project="Faro"), task("k/2", project="Faro", parent="k/1")
    assert [r.done for r in put(tool, *wanted).results] == [Done.UPDATED] * 2
    places = ("System.TeamProject", "System.AreaPath", "System.IterationPath")
    assert {each["fields"][place] for each in ours(standin).values() for place in places} == {"Faro"}
    assert [r.done for r in put(tool, *wanted).results] == [Done.SAME] * 2
