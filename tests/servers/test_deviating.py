"""A project office asks for a deviation by a ticket of its real Redmine, and an approver decides in theirs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import pytest

from domain.deviations.deviation import Deviation, State, Way
from domain.reporting.flips import cause_of
from domain.standards.verdict import Result
from tasks import context, reading
from tasks.delivering import deliver_office
from tasks.reading import read_office
from tasks.reviewing import review_deviations
from tests import live
from tests.contract.redmine_bench import ask, connector, edit, issue, issues, key_of, ours, settings
from tests.tasks import conftest, deviating
from tests.tasks.conftest import Desk, forget

pytestmark = pytest.mark.servers
redmine, new_project = live.redmine, live.new_project
fresh = conftest.fresh
LEADER, ASKING, RULE = "group", "mersin", "version-named"
FIRST = date(2027, 1, 18)
LAST = FIRST + timedelta(days=59)
LABEL = "[sapma]"
REQUEST = f"""rule: delivery-method/2.0 {RULE}
first: {FIRST}
last: {LAST}
measure: her hafta inceleme
tedarikçi yazdan önce teslim edemiyor"""


def account(redmine: Mapping, user: str) -> str:
    """Who somebody is in comments, changes and tickets there."""
    told = ask(redmine, "GET", "/users/current.json", user=user)["user"]
    return f"{told['firstname']} {told['lastname']} ({told['id']})"


@pytest.fixture
def desk(fresh: Desk, redmine: Mapping) -> Desk:
    """The sample, in which one approval is enough, and two people have accounts in the two Redmines."""
    people = fresh.folder / "people.yaml"
    text = people.read_text("utf-8")
    for person, tool, user in (
        ("marijke-van-dijk", "group-workbook", "admin"),
        ("elif-kaya", "mersin-workbook", "planner"),
    ):
        assert f"id: {person}\n" in text
        there = f'id: {person}\n    accounts: {{{tool}: "{account(redmine, user)}"}}\n'
        text = text.replace(f"id: {person}\n", there)
    people.write_text(text, "utf-8")
    terms = fresh.folder / "organization.yaml"
    told = "decisions:\n  approvals: {ordinary: 1, significant: 1}\n"
    terms.write_text(f"{terms.read_text('utf-8')}{told}", "utf-8")
    forget()
    fresh.publish()
    fresh.read()
    return fresh


def the_one(desk: Desk) -> Deviation:
    with desk.application.store.read() as unit:
        (found,) = unit.deviations.of_office(ASKING)
    return found


def told(redmine: Mapping, project: str, word: str) -> list[str]:
    """The descriptions of what we put there in which that word stands."""
    found = [each for each in issues(redmine, project) if key_of(each)]
    return [each["description"] for each in found if word in each["description"]]


def standing(redmine: Mapping, project: str, key: str) -> str:
    return ours(redmine, project, key)["description"]


def said_at(redmine: Mapping, project: str, number: int) -> list[str]:
    """What we said at an issue of the office's own, first line of each, and that we changed nothing of it."""
    (found,) = [each for each in issues(redmine, project) if each["id"] == number]
    ours_there = [each for each in found["journals"] if each["user"]["name"] == "Inter Office"]
    assert all(not each["details"] for each in ours_there), "a comment changes no field"
    return [each["notes"].splitlines()[0] for each in ours_there]


def test_asked_for_by_a_ticket_decided_by_a_ticket_and_over_60_days_later(
    desk: Desk, redmine: Mapping, new_project, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts = {"stage": "Execution", "percent_complete": 40, "budget": 900000}
    there, deciding = new_project("Mersin", facts), new_project("Portfolio office")
    issue(redmine, there, "What the project does")
    issue(redmine, deciding, "What the office does")
    asks = settings(there, more={"deviations": {"title": LABEL}})
    tools = {ASKING: connector(redmine, asks), LEADER: connector(redmine, settings(deciding))}
    real = context.connectors
    for office, tool in tools.items():
        tool._office = office
    for room in (context, reading):
        monkeypatch.setattr(
            room, "connectors", lambda office: {"redmine": tools[office]} if office in tools else real(office)
        )
    number = it_is_asked_for(desk, redmine, there)
    it_is_decided(desk, redmine, deciding)
    it_holds_and_ends(desk, redmine, there)
    it_is_said_at_the_ticket(desk, redmine, there, number)


def it_is_asked_for(desk: Desk, redmine: Mapping, there: str) -> int:
    """Somebody without an account asks; then somebody of the office does, with a flaw at first."""
    issue(redmine, there, f"{LABEL} no author is known", user="admin", description=REQUEST)
    number = issue(redmine, there, f"{LABEL} sürüm", description=REQUEST.replace(str(LAST), "bahar"))
    assert read_office(ASKING).requests == 0
    deliver_office(ASKING, dry_run=False)
    (unknown,) = told(redmine, there, "nobody who is known here has the account")
    (lacking,) = told(redmine, there, "last: 'bahar' is no date; write it as 2027-03-18")
    assert f"#{number} " in lacking
    assert f"#{number} " not in unknown
    edit(redmine, number, description=REQUEST)
    assert [read_office(ASKING).requests for _ in range(2)] == [1, 0]
    made = the_one(desk)
    assert (made.asked.person, made.asked.way, made.asked.place) == ("elif-kaya", Way.TICKET, f"#{number}")
    assert made.scope.project == f"{ASKING}/{there}"
    for office in (ASKING, LEADER):
        deliver_office(office, dry_run=False)
    assert f"#{number}." in standing(redmine, there, f"deviation/{made.id}")
    (waiting,) = said_at(redmine, there, number)
    assert waiting.startswith(f"Deviation {made.id}: waiting.")
    assert read_office(ASKING).requests == 0, "what we say there is no new request"
    return number


def it_is_decided(desk: Desk, redmine: Mapping, deciding: str) -> None:
    """Whoever has no role there decides nothing and is told so; the approver decides."""
    with desk.application.store.read() as unit:
        (question,) = [each.id for each in unit.questions.of(LEADER) if each.kind == "deviation"]
    number = ours(redmine, deciding, question)["id"]
    edit(redmine, number, notes="approve")
    read_office(LEADER)
    assert the_one(desk).state is State.UNDER_REVIEW
    deliver_office(LEADER, dry_run=False)
    assert "Paula Planner" in standing(redmine, deciding, question)
    edit(redmine, number, notes="approve", user="admin")
    read_office(LEADER)
    assert the_one(desk).state is State.SCHEDULED


def it_holds_and_ends(desk: Desk, redmine: Mapping, there: str) -> None:
    """60 days after its first one it is over: the sweep fails the project and says why."""
    made = the_one(desk)
    project, card = made.scope.project, f"deviation/{made.id}"
    deviating.at(FIRST)
    assert deviating.verdict(desk, project, RULE) is Result.PERMITTED
    review_deviations.fn()
    deliver_office(ASKING, dry_run=False)
    assert "standing: in force" in standing(redmine, there, card)
    with desk.application.store.read() as unit:
        before = unit.sweeps.latest("delivery-method", "2.0")
    deviating.at(LAST + timedelta(days=1))
    assert deviating.verdict(desk, project, RULE) is Result.FAIL
    with desk.application.store.read() as unit:
        now = unit.sweeps.latest("delivery-method", "2.0")
    moved = next(each for each in now.judged if each.project == project)
    _, why = cause_of(next(each for each in before.judged if each.project == project), moved)
    assert f"a deviation from {RULE} ended" in why
    assert review_deviations.fn().expired == 1
    deliver_office(ASKING, dry_run=False)
    assert "its last day is over" in standing(redmine, there, card)


def it_is_said_at_the_ticket(desk: Desk, redmine: Mapping, there: str, number: int) -> None:
    """Each state stands there once as a comment, and the office's own words as it wrote them."""
    before = said_at(redmine, there, number)
    named = f"Deviation {the_one(desk).id}: "
    assert [each.removeprefix(named).split(". ")[0] for each in before] == [
        "waiting", "in force", "ended: its last day is over",
    ]  # fmt: skip
    assert deliver_office(ASKING, dry_run=False).create == 0
    assert said_at(redmine, there, number) == before
    (asking,) = [each for each in issues(redmine, there) if each["id"] == number]
    assert asking["description"].splitlines() == REQUEST.splitlines()
