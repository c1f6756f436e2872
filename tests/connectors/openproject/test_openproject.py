"""What is particular to OpenProject, on a stand-in held against the vendor's own description."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from connectors.errors import OutcomeUnknown, Refused, TryLater
from connectors.protocol import Done
from domain.organization.office import Access
from tests.connectors.deciding import but, decided
from tests.connectors.workbook import books
from tests.contract.openproject_bench import KEY, SETTINGS, connector, furnished
from tests.standins.described import Departure, specs
from tests.standins.openproject import OpenProjectStandIn
from tests.standins.world import Answer, served

pytestmark = specs("openproject-v3.json")


@pytest.fixture
def standin() -> OpenProjectStandIn:
    return furnished()


@pytest.fixture
def url(standin) -> Iterator[str]:
    with served(standin) as url:
        yield url


def put(tool, *wanted, **more):
    return tool.put(decided(*wanted), tool.read().digest, **more)


def task(key, **more):
    return books.item(key, **more)


def test_projects_and_their_fields_are_read(url):
    found = connector(url).read()
    first = found.plans[0].project
    assert (first.key, first.title, first.stage, first.budget) == (
        "porto/P-1",
        "Lagerhalle 1 Ö",
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
        "#1",
    )
    assert found.unreadable == ()


def test_closed_work_packages_are_read_too(url, standin):
    standin.change(standin.packages[1], status=2)
    assert connector(url).read().plans[0].items[0].status == "Closed"


def test_parents_links_and_dates_stand_there_in_the_end(url, standin):
    tool = connector(url)
    first = task("k/1", start=date(2027, 1, 4), due=date(2027, 1, 8), work=16.0)
    child = task("k/2", parent="k/1", start=date(2027, 1, 4), due=date(2027, 1, 6), after="k/3 +2d")
    before = task("k/3", parent="k/1", start=date(2027, 1, 4), due=date(2027, 1, 7))
    wanted = [child, first, before]
    assert [r.done for r in put(tool, *wanted).results] == [Done.CREATED] * 3
    ours = {p.own[KEY]: p for p in standin.packages.values() if p.own.get(KEY)}
    assert ours["k/2"].parent == ours["k/3"].parent == ours["k/1"].id
    assert (ours["k/2"].start, ours["k/2"].due) == ("2027-01-04", "2027-01-06"), "a relation moved our dates"
    written = standin.writes()
    assert [r.done for r in put(tool, *wanted).results] == [Done.SAME] * 3
    assert standin.writes() == written
    moved = but(child, after="")
    assert put(tool, moved, first, before).results[0].done is Done.UPDATED
    assert standin.relations == {}


def test_what_somebody_changed_meanwhile_is_looked_at_and_kept(url, standin):
    tool = connector(url)
    put(tool, task("k/1"))
    reading = tool.read()
    (ours,) = [p for p in standin.packages.values() if p.own.get(KEY)]
    standin.change(ours, text="the office's own words")
    later = task("k/1", due=date(2027, 3, 31))
    result = tool.put(decided(later), reading.digest).results[0]
    assert result.done is Done.UPDATED
    assert (ours.due, "the office's own words" in ours.text) == ("2027-03-31", True)
    assert standin.calls[r"PATCH /api/v3/work_packages/(?P<id>[^/]+)"] == 2, "the first was refused with 409"


def test_an_answer_is_a_comment_of_somebody_else_with_who_and_when(url, standin):
    tool = connector(url)
    put(tool, books.question("q/1"))
    (asked,) = [p for p in standin.packages.values() if p.own.get(KEY) == "q/1"]
    assert tool.read().answers == ()
    standin.comment(asked, 4, "we ask again")
    standin.comment(asked, 5, "2027-05-31")
    (answer,) = tool.read().answers
    assert (answer.question, answer.text, answer.by) == ("q/1", "2027-05-31", "Rosa Pinto (5)")
    assert answer.at is not None
    assert abs(standin.now - answer.at) < timedelta(seconds=1)


def test_a_lost_answer_to_a_create_is_unknown_and_found_at_the_next_reading(url, standin):
    tool = connector(url)
    tool.read()
    standin.fault(method="POST", path="work_packages$", applied=True)
    assert put(tool, task("k/1")).results[0].done is Done.UNKNOWN
    assert len(tool.find(["k/1"])["k/1"]) == 1
    assert put(tool, task("k/1")).results[0].done is Done.SAME


def test_changes_are_read_without_reading_all_again(url, standin):
    tool = connector(url)
    tool.read()
    standin.pass_time(minutes=5)
    standin.change(standin.packages[1], subject="changed")
    before = tool.http.calls
    assert tool.read().plans[0].items[0].title == "changed"
    assert tool.http.calls - before <= 5, "among them one for the links"


def test_many_pages_are_read_to_the_end(url, standin):
    for n in range(450):
        standin.add(10, f"Schritt {n}")
    assert sum(len(plan.items) for plan in connector(url).read().plans) == 456


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        (
            Answer(
                403,
                {
                    "_type": "Error",
                    "errorIdentifier": "urn:openproject-org:api:v3:errors:MissingPermission",
                    "message": "no",
                },
            ),
            Refused,
            "no right",
        ),
        (Answer(429, {}, {"Retry-After": "7200"}), TryLater, "answered 429"),
        (Answer(200, None, {"Content-Type": "text/html"}, b"<html>sign in"), Refused, "sign-in page"),
    ],
    ids=["no right", "two hours", "a sign-in page"],
)
def test_refusals_say_what_to_do(url, standin, answer, error, words):
    tool = connector(url)
    standin.fault(path="projects/schema", answer=answer)
    with pytest.raises(error, match=words):
        tool.read()


def test_a_wrong_token_is_named_without_showing_it(url):
    tool = connector(url, secret=lambda: "opapi-canary-123456")
    health = tool.check()
    assert not health.readable
    assert "401" in health.remarks[0]
    assert "canary" not in health.remarks[0]


def test_a_check_names_what_is_missing(url):
    settings = {**SETTINGS, "items": {"columns": {"key": "No such field"}, "put_as": "Epic"}}
    remarks = connector(url, settings=settings).check().remarks
    assert any("no type 'Epic'; there are Milestone, Question, Task" in each for each in remarks)
    assert any("no field 'No such field'" in each for each in remarks)
    missing = {**SETTINGS, "projects": {**SETTINGS["projects"], "within": ["P-9"]}}
    assert any("no project 'P-9'" in each for each in connector(url, settings=missing).check().remarks)
    assert connector(url, Access.OBSERVE).check().readable


def test_a_departure_from_the_description_is_caught(standin):
    with pytest.raises(AssertionError, match="neither described"), served(standin) as url:
        connector(url).http.get("/api/v3/work_packages/1/watchers", accept=frozenset({404}))
    other = furnished()
    other._types = lambda _asked: Answer(200, [], {"Content-Type": "application/hal+json"})  # type: ignore[method-assign]
    other.routes = [(m, p, other._types if "types" in p.pattern else act) for m, p, act in other.routes]
    with pytest.raises(AssertionError, match="the answer 200 to GET /api/v3/types"), served(other) as url:
        connector(url).http.get("/api/v3/types")
    assert issubclass(Departure, AssertionError)


def test_an_update_without_an_answer_is_unknown(url, standin):
    tool = connector(url)
    put(tool, task("k/1"))
    standin.fault(method="PATCH", times=5)
    result = put(tool, task("k/1", due=date(2027, 3, 31))).results[0]
    assert result.done is Done.UNKNOWN
    assert issubclass(OutcomeUnknown, Exception)


def test_a_webhook_names_its_work_package_and_garbage_is_refused(url):
    tool = connector(url)
    assert tool.hook({}, b'{"action": "work_package:updated", "work_package": {"id": 5}}') == ("#5",)
    assert tool.hook({}, b'{"action": "project:updated", "project": {"id": 5}}') == ()
    for body in (
        b"",
        b"{}",
        b'{"action": 7}',
        b'{"action": "work_package:updated", "work_package": {"id": "x"}}',
    ):
        with pytest.raises(Refused, match="no webhook of openproject"):
            tool.hook({}, body)


def test_where_work_packages_are_projects_ours_stand_below_them_and_go_from_one_to_another(url, standin):
    first, second = (standin.add(10, f"Halle {n}", type=2).id for n in (1, 2))
    projects = {"within": ["P-1"], "type": "Milestone"}
    tool = connector(url, settings={**SETTINGS, "projects": projects})
    put(tool, task("k/1", project=f"#{first}"), task("k/2", project=f"#{first}", parent="k/1"))
    own = {package.own[KEY]: package for package in standin.packages.values() if KEY in package.own}
    assert own["k/1"].parent == first
    wanted = task("k/2", project=f"#{second}", parent="k/1"), task("k/1", project=f"#{second}")
    assert [r.done for r in put(tool, *wanted).results] == [Done.SAME, Done.UPDATED]
    assert (own["k/1"].parent, own["k/2"].parent) == (second, own["k/1"].id)
    assert [r.done for r in put(tool, *wanted).results] == [Done.SAME] * 2


def test_a_parent_that_the_office_gave_stays_when_the_project_changes(url, standin):
    tool = connector(url)
    put(tool, task("k/1", parent=""))
    (own,) = (package for package in standin.packages.values() if package.own.get(KEY) == "k/1")
    standin.change(own, parent=2)
    assert put(tool, task("k/1", project="P-2", parent="")).results[0].done is Done.UPDATED
    assert (own.project, own.parent) == (11, 2)
