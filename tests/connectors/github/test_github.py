"""What is particular to GitHub, on a stand-in held against the vendor's own description."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from pydantic import ValidationError

from connectors.errors import Refused, TryLater
from connectors.github import connector as github
from connectors.github.fields import GitHubSettings, label_of
from connectors.preparation import Making
from connectors.protocol import Done, Keeping
from connectors.tickets.lines import apart
from domain.delivery.delivery import GONE
from domain.delivery.wanted import WantedKind
from domain.organization.office import Access
from domain.plans.predecessor import text_of
from tests.connectors.deciding import decided
from tests.contract.github_bench import SETTINGS, connector, furnished, item, question
from tests.contract.remembered import Remembered
from tests.standins.described import specs
from tests.standins.github import GitHubStandIn
from tests.standins.world import Answer, served

pytestmark = specs("github.json")
BEGIN = datetime(2027, 1, 4, 7, tzinfo=UTC)
FIRST, SECOND = "porto/lagerhalle-1", "porto/lagerhalle-2"
PLAIN = {**SETTINGS, "items": {}}
EPICS = {
    **SETTINGS,
    "projects": {
        "within": [FIRST],
        "type": "Epic",
        "columns": {"stage": "Phase", "baseline_finish": "Due"},
        "words": {"stage": {"Execution": "execution"}},
    },
}
BOARD = {
    "projects": {"within": [FIRST], "board": 7},
    "items": {"columns": {"due": "board/Target", "status": "board/Status"}},
    "questions": {"put_as": "Question"},
}


@pytest.fixture
def standin() -> GitHubStandIn:
    return furnished()


@pytest.fixture
def url(standin) -> Iterator[str]:
    with served(standin) as url:
        yield url


def put(tool, *wanted, **more):
    return tool.put(decided(*wanted), tool.read().digest, **more)


def ours(standin):
    found = {apart(each.body)[1].get("key", ""): each for each in standin.issues.values()}
    return {key: each for key, each in found.items() if key}


def items(tool):
    return {each.ref: each for plan in tool.read().plans for each in plan.items}


# Reading.


def test_repositories_are_projects_and_pull_requests_no_items(url):
    tool = connector(url)
    assert tool.office == FIRST.partition("/")[0], "the office goes by their owner's name: the harder case"
    found = tool.read()
    assert [(p.project.key, p.project.title) for p in found.plans] == [
        ("porto/lagerhalle-1", "lagerhalle-1"),
        ("porto/lagerhalle-2", "lagerhalle-2"),
    ]
    assert [each.title for each in found.plans[0].items] == ["Schritt 0", "Schritt 2", "Schritt 4"]
    first = found.plans[0].items[0]
    assert (first.ref, first.due, first.work, first.owner, first.status) == (
        "porto/lagerhalle-1#1",
        date(2027, 1, 29),
        20.0,
        "rosa",
        "open",
    )
    assert found.unreadable == ()


def test_closed_issues_are_read_with_how_they_ended_and_the_day_of_their_milestone(url, standin):
    standin.change(standin.issues[1000], state="closed", reason="not_planned", due_on="2027-06-30T07:00:00Z")
    standin.change(standin.issues[1002], state="closed", reason="completed")
    found = items(connector(url, settings=PLAIN))
    assert found[f"{FIRST}#1"].status == "closed as not planned"
    assert found[f"{FIRST}#1"].due == date(2027, 6, 30)
    assert found[f"{FIRST}#2"].status == "closed"


def test_issues_of_a_type_are_projects_and_their_sub_issues_the_items(url, standin):
    epic = standin.add(FIRST, "Halle 1", type="Epic", fields={2: "2027-05-31", 5: "Execution"})
    standin.change(standin.issues[1000], parent=epic.id)
    standin.change(standin.issues[1002], parent=1000)
    tool = connector(url, settings=EPICS)
    (plan,) = tool.read().plans
    assert (plan.project.key, plan.project.stage) == ("porto/lagerhalle-1#5", "execution")
    assert plan.project.baseline_finish == date(2027, 5, 31)
    assert [each.title for each in plan.items] == ["Schritt 0", "Schritt 2"]
    wanted = item("k/1", project="lagerhalle-1#5")
    assert put(tool, wanted).results[0].done is Done.CREATED
    assert ours(standin)["k/1"].parent == epic.id
    assert put(tool, wanted).results[0].done is Done.SAME


def test_labels_tell_issues_apart_where_there_are_no_types(url, standin):
    standin.add(FIRST, "Halle 1", labels=["project", "wontfix"])
    settings = {**PLAIN, "types_are": "labels", "projects": {"within": [FIRST], "type": "project"}}
    tool = connector(url, settings=settings)
    assert [plan.project.title for plan in tool.read().plans] == ["Halle 1"]
    assert tool.check().remarks == ()
    put(tool, item("k/1", project="lagerhalle-1#5"))
    assert ours(standin)["k/1"].labels == [label_of("k/1"), "Task"]


@pytest.mark.parametrize("told", [True, False], ids=["up to its earliest end", "up to the last change"])
def test_a_change_in_one_repository_while_another_is_read_is_read_the_next_time(url, standin, told):
    tool = connector(url)
    tool.read()
    standin.pass_time(minutes=5)
    real, asked = tool.page, []

    def page(since, token):
        if len(asked) == 1:
            standin.change(standin.issues[1000], title="changed meanwhile")
            standin.pass_time(minutes=5)
            standin.change(standin.issues[1001], title="changed later")
        asked.append(token)
        found = real(since, token)
        return found if told else replace(found, upto=None)

    tool.page = page
    assert items(tool)[f"{SECOND}#1"].title == "changed later"
    assert (items(tool)[f"{FIRST}#1"].title == "changed meanwhile") is told


def test_no_page_is_asked_for_that_github_does_not_give(url, standin, monkeypatch):
    standin.deepest = 2
    for n in range(320):
        standin.add(SECOND, f"Noch ein Schritt {n}")
        if n % 50 == 0:
            standin.pass_time(seconds=1)
    with pytest.raises(Refused, match="Pagination with the page parameter"):
        connector(url).read()
    monkeypatch.setattr(github, "DEEP", 2)
    assert len(items(connector(url))) == 326


def test_a_board_s_days_and_states_come_with_the_issues_and_their_changes_are_seen(url, standin):
    standin.board = {1000: {"Status": "Todo", "Target": "2027-04-30"}, 1001: {"Status": "Done"}}
    tool = connector(url, settings=BOARD)
    assert tool.check().remarks == ()
    assert tool.natives == {"title", "project", "parent", "after"}
    first = items(tool)[f"{FIRST}#1"]
    assert (first.due, first.status) == (date(2027, 4, 30), "Todo")
    digest = tool.read().digest
    assert not tool.changed(digest)
    standin.board[1000]["Target"] = "2027-05-31"
    assert tool.changed(digest), "the issue's own stamp does not move by that"
    assert items(tool)[f"{FIRST}#1"].due == date(2027, 5, 31)
    del standin.board[1000]
    assert items(tool)[f"{FIRST}#1"].due is None
    assert put(tool, item("k/1")).results[0].done is Done.CREATED
    assert put(tool, item("k/1")).results[0].done is Done.SAME


def test_a_board_of_many_items_is_read_by_its_cursor(url, standin):
    standin.board = {standin.add(FIRST, f"Schritt {n}").id: {"Target": "2027-04-30"} for n in range(120)}
    found = items(connector(url, settings=BOARD))
    assert sum(each.due == date(2027, 4, 30) for each in found.values()) == 120


def test_who_answered_and_who_closed_a_question_is_known(url, standin):
    tool = connector(url)
    put(tool, question("q/1"))
    asked = ours(standin)["q/1"]
    standin.comment(asked, "interoffice", "we ask again")
    standin.comment(asked, "rosa", "M. Lopes")
    standin.change(asked, state="closed", reason="completed", title="Auftraggeber")
    (answer,) = tool.read().answers
    assert (answer.question, answer.text, answer.by) == ("q/1", "M. Lopes", "rosa")
    (ticket,) = tool._tickets.by_key["q/1"]
    assert {(each.field, each.before, each.after, each.by) for each in ticket.changes} == {
        ("state", "", "closed", "rosa"),
        ("title", "Wer ist Auftraggeber?", "Auftraggeber", "rosa"),
    }


# Writing.


def test_days_and_work_stand_as_lines_where_no_field_is_named_for_them(url, standin):
    tool = connector(url, settings=PLAIN)
    held = {hold.field: hold.keeping for hold in tool.holds(WantedKind.ITEM)}
    assert [held[name] for name in ("start", "due", "work")] == [Keeping.APPROXIMATED] * 3
    wanted = item("k/1", start=date(2027, 1, 4), work=16.0)
    assert put(tool, wanted).results[0].done is Done.CREATED
    issue = ours(standin)["k/1"]
    assert "\ndue: 2027-02-26\n" in issue.body
    assert issue.fields == {}
    found = items(tool)[f"{FIRST}#5"]
    assert (found.start, found.due, found.work) == (date(2027, 1, 4), date(2027, 2, 26), 16.0)
    assert put(tool, wanted).results[0].done is Done.SAME
    standin.pass_time(seconds=1)
    standin.change(issue, body="Wir warten noch.\n\n" + issue.body.replace("2027-02-26", "soon"))
    (problem,) = tool.read().unreadable
    assert (problem.ref, problem.text) == (f"{FIRST}#5 due", "soon")
    assert problem.project == found.project == "porto/lagerhalle-1", "it is of the item's project"
    result = put(tool, wanted).results[0]
    assert (result.done, result.fields) == (Done.UPDATED, ("due",))
    assert issue.body.startswith("Wir warten noch.")
    assert "\ndue: 2027-02-26\n" in issue.body


def test_only_our_values_are_sent_and_the_office_s_stay(url, standin):
    tool = connector(url)
    put(tool, item("k/1"))
    issue = ours(standin)["k/1"]
    standin.change(issue, fields={**issue.fields, 5: "Execution"})
    standin.pass_time(seconds=1)
    put(tool, item("k/1", due=date(2027, 3, 31), title="Später"))
    assert issue.fields == {2: "2027-03-31", 4: "reporter", 5: "Execution"}
    assert issue.title == "Später"
    before = standin.writes()
    put(tool, item("k/1", due=date(2027, 4, 30), title="Später"))
    assert standin.writes() - before == 1, "a day alone is one call"


def test_parents_and_what_follows_what_stand_there_though_no_stamp_moves(url, standin):
    tool = connector(url)
    wanted = [
        item("k/1", start=date(2027, 1, 4), work=16.0),
        item("k/2", parent="k/1", after="k/3 +2d"),
        item("k/3", parent="k/1"),
    ]
    assert [r.done for r in put(tool, *wanted).results] == [Done.CREATED] * 3
    there = ours(standin)
    assert there["k/2"].parent == there["k/3"].parent == there["k/1"].id
    assert there["k/2"].after == [there["k/3"].id]
    written = standin.writes()
    assert [r.done for r in put(tool, *wanted).results] == [Done.SAME] * 3
    assert standin.writes() == written
    moved = item("k/2", parent="k/3", after="")
    assert put(tool, moved).results[0].done is Done.UPDATED
    assert (there["k/2"].parent, there["k/2"].after) == (there["k/3"].id, [])
    assert put(tool, moved).results[0].done is Done.SAME
    assert put(tool, item("k/2", parent="", after="")).results[0].done is Done.UPDATED
    assert there["k/2"].parent is None


def test_what_somebody_else_placed_elsewhere_is_seen_within_a_day(url, standin):
    now = [BEGIN]
    tool = connector(url, now=lambda: now[0])
    put(tool, item("k/1"), item("k/2"))
    there = ours(standin)
    standin.pass_time(minutes=5)
    standin.change(standin.issues[1000], title="changed later")
    tool.read()
    there["k/2"].parent = there["k/1"].id
    assert tool.read().placed[1].values["parent"] == ""
    now[0] += timedelta(hours=25)
    assert tool.read().placed[1].values["parent"] == "k/1"


def test_what_items_follow_is_not_asked_again_by_the_daily_look_through_all(url, standin):
    memory, now = Remembered(), [BEGIN]
    put(
        connector(url, mirror=memory, now=lambda: now[0]),
        *(item(f"k/{n}", after="k/0" if n else "") for n in range(4)),
    )
    standin.pass_time(minutes=5)
    standin.change(standin.issues[1000], title="changed later")
    connector(url, mirror=memory, now=lambda: now[0]).read()
    now[0] += timedelta(hours=25)
    there = ours(standin)
    there["k/1"].after.append(there["k/3"].id)
    before = len(standin.log)
    (placed,) = [
        each for each in connector(url, mirror=memory, now=lambda: now[0]).read().placed if each.key == "k/1"
    ]
    assert text_of(placed.values["after"]) == "k/0; k/3"
    asked = [path for _, path in standin.log[before:] if path.endswith("blocked_by")]
    assert asked == [f"/repos/{FIRST}/issues/{there['k/1'].number}/dependencies/blocked_by"]


def test_the_hundred_and_first_sub_issue_is_refused_in_github_s_words(url, standin):
    epic = standin.add(FIRST, "Halle 1", type="Epic")
    for n in range(100):
        standin.add(FIRST, f"Teil {n}", parent=epic.id)
    result = put(connector(url, settings=EPICS), item("k/1", project=f"lagerhalle-1#{epic.number}")).results[
        0
    ]
    assert result.done is Done.REFUSED
    assert "more than 100 sub-issues" in result.why


def test_a_key_is_found_by_its_label_and_without_it_too(url, standin):
    tool = connector(url)
    put(tool, item("k/1"), item("k/2"))
    assert label_of("k/1") in ours(standin)["k/1"].labels
    fresh = connector(url)
    fresh.read()
    standin.change(ours(standin)["k/1"], labels=[])
    standin.change(ours(standin)["k/2"], body="io: somebody wrote over it")
    assert {key: len(each) for key, each in fresh.find(["k/1", "k/2"]).items()} == {"k/1": 1, "k/2": 0}
    many = {f"x/{n}": 0 for n in range(40)}
    assert {key: len(each) for key, each in fresh.find(["k/1", *many]).items()} == {"k/1": 1, **many}


def test_what_github_drops_without_a_word_is_told(url):
    guest = connector(url, secret=lambda: "ghp-guest")
    assert any("without the right to push" in each for each in guest.check().remarks)
    result = put(guest, item("k/1")).results[0]
    assert result.done is Done.REFUSED
    assert "the tool took due, role without a word" in result.why
    assert len(guest.find(["k/1"])["k/1"]) == 1, "it is there, without its label"


def test_an_issue_that_was_deleted_is_held_and_one_that_should_move_is_refused(url, standin):
    tool = connector(url)
    put(tool, item("k/1"), item("k/2"))
    assert put(tool, item("k/2", project="P-2")).results[0].why.endswith("in GitHub, by hand")
    standin.delete(ours(standin)["k/1"])
    result = put(tool, item("k/1", due=date(2027, 3, 31))).results[0]
    assert (result.done, result.why) == (Done.HELD, GONE)


def test_a_key_with_wide_spaces_is_refused(url):
    assert put(connector(url), item("k/1  2")).results[0].done is Done.REFUSED


# Limits.


def test_a_plan_of_two_thousand_items_is_said_to_take_four_hours(url, standin):
    plan = put(connector(url), *(item(f"k/{n}") for n in range(2000)), dry_run=True)
    assert plan.count(Done.CREATED) == len(plan.calls) == 2000
    assert plan.seconds >= 4 * 3600
    assert standin.writes() == 0


def test_no_more_than_eighty_issues_are_written_in_a_minute(url):
    waits: list[float] = []
    tool = connector(url, settings=PLAIN, now=lambda: BEGIN + timedelta(seconds=sum(waits)))
    tool.http._patience._pause = waits.append
    wanted = [item(f"k/{n}") for n in range(82)]
    assert put(tool, *wanted).count(Done.CREATED) == 82
    assert len(waits) == 1
    assert 59 <= waits[0] <= 61


RESET = str(int((datetime.now(UTC) + timedelta(hours=8)).timestamp()))  # from when this file was read


@pytest.mark.parametrize(
    "answer",
    [
        Answer(
            403,
            {"message": "API rate limit exceeded"},
            {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": RESET},
        ),
        Answer(
            429,
            {"message": "API rate limit exceeded"},
            {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": RESET},
        ),
        Answer(403, {"message": "You have exceeded a secondary rate limit"}, {"Retry-After": "1800"}),
    ],
    ids=["403 until the reset", "429 until the reset", "secondary, half an hour"],
)
def test_a_limit_that_is_used_up_is_told_with_its_time(url, standin, answer):
    tool = connector(url)
    fault = standin.fault(path="/issues$", answer=answer)
    with pytest.raises(TryLater) as caught:
        tool.read()
    assert timedelta(minutes=25) < caught.value.due(datetime.now(UTC)) - datetime.now(UTC)
    assert fault.fired == 1


# What a person should mend.


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"projects": {"within": ["lagerhalle-1"]}}, "write owner/name"),
        ({"projects": {"within": [FIRST, "Porto/Lagerhalle-1"]}}, "stands there twice"),
        ({**SETTINGS, "items": {"columns": {"key": "Key"}}}, "our key stands in the description"),
        ({**BOARD, "items": {"columns": {"role": "board/Role"}}}, "read only"),
        ({**SETTINGS, "items": {"columns": {"due": "board/Target"}}}, "projects.board names no board"),
    ],
)
def test_settings_that_cannot_be_kept_are_refused(settings, words):
    with pytest.raises(ValidationError, match=words):
        GitHubSettings.model_validate(settings)


def test_a_check_names_what_is_missing(url, standin):
    standin.repositories[FIRST] |= {"has_issues": False}
    standin.repositories[SECOND] |= {"archived": True}
    settings = {
        **SETTINGS,
        "items": {"columns": {"due": "Deadline"}, "put_as": "Story"},
        "projects": {**SETTINGS["projects"], "board": 7, "columns": {"stage": "board/Stage"}},
    }
    remarks = "\n".join(connector(url, settings=settings).check().remarks)
    for words in (
        "issues are turned off",
        "is archived",
        "no issue type 'Story'; there are Epic, Question, Task",
        "items.columns.due: there is no field 'Deadline'",
        "projects.columns.stage: there is no field 'board/Stage'",
    ):
        assert words in remarks
    assert connector(url).check().readable


def test_a_person_s_repository_has_neither_types_nor_fields(url, standin):
    standin.add_repository("rosa/garden")
    settings = {**SETTINGS, "projects": {"within": ["rosa/garden"]}}
    remarks = connector(url, settings=settings).check().remarks
    assert any("rosa is a person" in each for each in remarks)
    assert all("rosa is a person" in each or "none at all" in each for each in remarks)
    assert sum("rosa is a person" in each for each in remarks) == 2
    plain = {**PLAIN, "projects": settings["projects"], "types_are": "labels"}
    assert connector(url, settings=plain).check().remarks == ()


def test_a_repository_that_was_renamed_is_said_and_not_followed(url, standin):
    standin.moved = {FIRST: "500"}
    reading = connector(url).read()
    (told,) = reading.unreadable
    assert (told.ref, told.text) == (f"@{FIRST}", FIRST)
    assert "renamed or moved; write its new owner/name" in told.problem
    assert len(reading.plans) == 1, "the other repository is read"
    assert not [path for _, path in standin.log if path.startswith("/repositories")]


def test_a_repository_whose_issues_are_turned_off_is_a_line_and_the_other_is_read(url, standin):
    everything = connector(url).read()
    standin.repositories[FIRST]["has_issues"] = False
    reading = connector(url).read()
    (told,) = reading.unreadable
    assert (told.ref, "issues are turned off" in told.problem) == (f"@{FIRST}", True)
    assert [len(plan.items) > 0 for plan in everything.plans] == [True, True]
    assert [len(plan.items) > 0 for plan in reading.plans] == [False, True]


def test_an_office_all_of_whose_issues_are_turned_off_cannot_be_read(url, standin):
    for repository in standin.repositories.values():
        repository["has_issues"] = False
    with pytest.raises(Refused, match="issues are turned off"):
        connector(url).read()


def test_a_wrong_token_is_named_without_showing_it(url):
    health = connector(url, secret=lambda: "ghp-canary-123456").check()
    assert not health.readable
    assert "401" in health.remarks[0]
    assert "canary" not in health.remarks[0]


def test_a_webhook_names_its_issue_and_nobody_else_s(url):
    tool = connector(url)
    told = b'{"action": "edited", "issue": {"number": 5%s}, "repository": {"full_name": "%s"}}'
    assert tool.hook({}, told % (b"", b"Porto/Lagerhalle-1")) == (f"{FIRST}#5",)
    assert tool.hook({}, told % (b', "pull_request": {}', FIRST.encode())) == ()
    assert tool.hook({}, told % (b"", b"rosa/garden")) == ()
    assert (
        tool.hook({}, b'{"zen": "Speak like a human.", "repository": {"full_name": "porto/lagerhalle-1"}}')
        == ()
    )


def test_an_observer_needs_no_right_to_write(url):
    assert connector(url, Access.OBSERVE, secret=lambda: "ghp-guest").check().remarks == ()


def test_a_departure_from_the_description_is_caught(standin):
    with pytest.raises(AssertionError, match="neither described"), served(standin) as url:
        connector(url).http.get("/repos/porto/lagerhalle-1/pulls", accept=frozenset({404}))
    other = furnished()
    other._issue = lambda _issue: {"number": "five"}  # type: ignore[method-assign]
    with pytest.raises(AssertionError, match="the answer 200 to GET /repos"), served(other) as url:
        connector(url).http.get(f"/repos/{FIRST}/issues", github.LIST)


def test_where_a_type_of_issue_is_a_project_parts_go_with_their_parent(url, standin):
    for n in (1, 2):
        standin.add(FIRST, f"Halle {n}", type="Epic")
    standin.pass_time(seconds=2)
    tool = connector(url, settings=EPICS)
    first, second = [plan.project.ref for plan in tool.read().plans]
    put(tool, item("k/1", project=first), item("k/2", project=first, parent="k/1"))
    standin.pass_time(seconds=2)
    wanted = [item("k/2", project=second, parent="k/1"), item("k/1", project=second)]
    assert [result.done for result in put(tool, *wanted).results] == [Done.SAME, Done.UPDATED]
    assert [result.done for result in put(tool, *wanted).results] == [Done.SAME] * 2
    assert tool.find(["k/2"])["k/2"][0].values["project"] == second.removeprefix("porto/")


LABELED = {
    **SETTINGS,
    "types_are": "labels",
    "items": {"columns": {"due": "Target day", "role": "Wer macht es"}},
}


def test_labels_that_give_the_types_and_issue_fields_are_made_where_they_are_not_there(standin, url):
    standin.labels[FIRST] = ["task"]
    tool = connector(url, settings=LABELED)
    steps = [step for step in tool.lacking() if isinstance(step, Making)]
    kinds = {step.name: step.call.json.get("data_type", "label") for step in steps}
    assert kinds == {"Target day": "date", "Wer macht es": "text", "Question": "label", "Task": "label"}
    assert [each.problem for each in tool.make(steps)] == [""] * len(steps)
    assert standin.labels == {FIRST: ["task", "Question"], SECOND: ["Task", "Question"]}
    assert {name: kind for name, (_, kind) in standin.new_fields.items()} == {
        "Target day": "date",
        "Wer macht es": "text",
    }
    assert not [step for step in connector(url, settings=LABELED).lacking() if isinstance(step, Making)]


def test_what_a_token_may_not_make_is_said_and_holds_up_nothing_else(standin, url):
    tool = connector(url, secret=lambda: "ghp-guest", settings=LABELED)
    steps = [step for step in tool.lacking() if isinstance(step, Making)]
    problems = [each.problem for each in tool.make(steps)]
    assert any("403" in each and "grant it" in each for each in problems)
    assert standin.labels.get(FIRST, []) == []
