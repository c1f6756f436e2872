"""The regulatory case in two real tools: an office raises it in its Redmine, the one that leads answers in its Trac."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from domain.cases.case import Case
from domain.cases.kinds import CaseState
from domain.cases.telling import STATES
from domain.drafts.draft import Draft, DraftState
from tasks.commenting import answer_comment
from tasks.drafting import draft_version
from tasks.looking_after import escalate_cases
from tasks.publishing import publish_version
from tasks.reading import read_office
from tests import live
from tests.chromium import chromium
from tests.contract import trac_bench
from tests.contract.redmine_bench import edit, issue
from tests.gateway.conftest import Shelf
from tests.gateway.pages.desk import served
from tests.gateway.pages.test_desk import desk_in
from tests.servers.smtp import MailServer, mail_server
from tests.servers.test_decision_page import opened, tab_to
from tests.servers.two_tools import ADMIN, InRedmine, InTrac, planned_there, round_of, the_one
from tests.tasks import conftest, deviating
from tests.tasks.conftest import Desk
from tests.tasks.deviating import MONDAY
from tests.tasks.test_drafts import NEXT, OWNER, RULE, exported

pytestmark = pytest.mark.servers
redmine, new_project, trac = live.redmine, live.new_project, live.trac
as_read, published = conftest.as_read, conftest.published
RAISING, LEADING = "mersin", "group"
HEAD, ANSWERS, DECIDE = "elif-kaya", "marijke-van-dijk", ("sanne-de-wit", "lotte-smit")
WHY = "Liman idaresi her saha için iki plan istiyor."
RAISED = f"""about: rule delivery-method/2.0 {RULE}
cause: regulatory
deadline: 2027-06-30
citation: Liman Kanunu 12
check: rule {RULE}
days: 1
{WHY}"""
ITEMS, LATE = 10, 2


class Two:
    """The two offices, each in its tool, and what is done there."""

    def __init__(self, desk: Desk, raising: InRedmine, leading: InTrac) -> None:
        self.desk, self.raising, self.leading = desk, raising, leading
        self.items: list[int] = []
        self.number = 0

    @property
    def case(self) -> Case:
        with self.desk.application.store.read() as unit:
            (found,) = unit.cases.all()
        return found

    @property
    def draft(self) -> Draft:
        with self.desk.application.store.read() as unit:
            (found,) = unit.drafts.all()
        return found

    def hour(self, state: CaseState) -> None:
        """What an hour does; afterwards both tools say that the case stands so."""
        round_of(RAISING, LEADING)
        assert self.case.state is state
        shown = {self.card(office) for office in (RAISING, LEADING)}
        assert shown == {STATES[state].text}, "kept in step"

    def card(self, office: str) -> str:
        place = self.raising if office == RAISING else self.leading
        return the_one(place, f"feedback/{office}/{self.case.id}").standing

    def answered(self, office: str, text: str, **more: str) -> None:
        """Somebody of an office answers the newest question of the case in its tool."""
        place = self.raising if office == RAISING else self.leading
        place.comment(the_one(place, f"case/{self.case.id}/").number, text, **more)

    def said(self) -> list[str]:
        """What we said at the ticket by which it was raised."""
        (asking,) = [each for each in self.raising.tickets() if each.number == self.number]
        assert asking.fields["description"].splitlines() == RAISED.splitlines(), "it is as it was written"
        return [text.partition("\n")[0] for text in asking.said_by(self.raising.us)]


@pytest.fixture
def mail(tmp_path_factory) -> Iterator[MailServer]:
    with mail_server(tmp_path_factory.mktemp("mail")) as found:
        yield found


@pytest.fixture
def two(published: Desk, redmine: Mapping, trac: Mapping, new_project, mail: MailServer, monkeypatch):
    """The two offices; the one that raises it has a project in which every fifth item is overdue."""
    monkeypatch.setattr("socket.getfqdn", lambda *_: "this.localhost")
    people = published.folder / "people.yaml"
    text = people.read_text("utf-8")
    for person in (ANSWERS, *DECIDE):
        address = f'id: {person}\n    address: "{mail.address(person)}"\n'
        text = text.replace(f"id: {person}\n", address)
    people.write_text(text, "utf-8")
    offices = published.folder / "offices.yaml"
    text = offices.read_text("utf-8")
    offices.write_text(
        text.replace(f"approver: [{ANSWERS}, ", f"approver: [{DECIDE[1]}, {ANSWERS}, "), "utf-8"
    )
    facts = {"stage": "Execution", "percent_complete": 40, "budget": 900000}
    raising = InRedmine(redmine, new_project("Mersin", facts))
    leading = InTrac(trac, trac_bench.component_of_its_own(trac))
    trac_bench.project(trac, leading.component, "G-1")
    places = {RAISING: raising, LEADING: leading}
    planned_there(published, places, {RAISING: HEAD, LEADING: ANSWERS}, monkeypatch)
    found = Two(published, raising, leading)
    for number in range(ITEMS):
        due = date(2027, 1, 8) if number < LATE else date(2027, 6, 30)
        found.items.append(issue(redmine, raising.project, f"İş {number}", due_date=due.isoformat()))
    deviating.at(MONDAY)
    yield found
    trac_bench.remove(trac, leading.component)


def test_a_regulatory_case_goes_the_whole_way_in_two_tools_and_is_opened_again(two: Two, mail) -> None:
    it_is_raised(two)
    they_agree(two)
    the_draft_is_consulted_on(two)
    the_desk_decides(two, mail)
    it_is_published_tried_and_closed(two)
    it_is_opened_again(two)
    each_thing_stands_once(two)


def it_is_raised(two: Two) -> None:
    """A ticket of the office's own, by the tool's own record of who wrote it."""
    entry, project = two.raising.entry, two.raising.project
    two.number = issue(entry, project, "[mevzuat] iki plan", description=RAISED)
    assert [read_office(RAISING).requests for _ in range(2)] == [1, 0]
    (raiser,) = two.case.raisers
    assert (raiser.office, raiser.person, raiser.request) == (RAISING, HEAD, f"#{two.number}")
    assert (two.case.counterpart, two.case.about.project) == (LEADING, f"{RAISING}/{project}")
    two.hour(CaseState.RAISED)
    assert two.case.turn.delivered is None
    round_of(RAISING, LEADING)
    assert two.case.turn.delivered is not None, "the clock runs from when it stands in the other's tool"
    assert not [each for each in two.raising.heads() if each.key.startswith("case/")]


def they_agree(two: Two) -> None:
    """Each side answers in its own tool, as a person who is known there; nobody else does."""
    two.answered(LEADING, "acknowledge", user=ADMIN)
    two.hour(CaseState.RAISED)
    two.answered(LEADING, "acknowledge")
    two.hour(CaseState.ACKNOWLEDGED)
    two.answered(LEADING, "nothing: the rule is right")
    two.hour(CaseState.PROPOSAL)
    two.answered(RAISING, "amendment: ports may have more overdue items", user=ADMIN)
    two.hour(CaseState.PROPOSAL)
    two.answered(RAISING, "amendment: ports may have more overdue items")
    two.hour(CaseState.COUNTER_PROPOSAL)
    two.answered(LEADING, "accept")
    two.hour(CaseState.AGREED)
    by = [(str(each.kind), each.person, each.entered) for each in two.case.steps]
    assert by == [
        ("raised", HEAD, False), ("acknowledged", ANSWERS, False), ("proposed", ANSWERS, False),
        ("proposed", HEAD, False), ("agreed", ANSWERS, False),
    ]  # fmt: skip


def the_draft_is_consulted_on(two: Two) -> None:
    """The office comments on it in its tool, and is answered."""
    terms = f"limit=28; days=1; office={RAISING}; effective={MONDAY + timedelta(days=10)}"
    draft_version.fn(two.case.id, terms, OWNER, "the ports asked for it", dry_run=False)
    assert two.draft.state is DraftState.CONSULTATION
    round_of(RAISING, LEADING)
    asked = the_one(two.raising, f"draft/{two.draft.id}/")
    two.raising.comment(asked.number, "25 yeter")
    round_of(RAISING, LEADING)
    (comment,) = two.draft.comments
    assert (comment.office, comment.text) == (RAISING, "25 yeter")
    deviating.at(MONDAY + timedelta(days=3))
    round_of(RAISING, LEADING)
    answer_comment.fn(two.draft.id, comment.number, "declined", OWNER, "other ports need 28", dry_run=False)
    round_of(RAISING, LEADING)
    assert two.draft.state is DraftState.DECISION


def the_desk_decides(two: Two, mail: MailServer) -> None:
    """Approvers find it at their desks, have the link sent, and decide by keyboard in a real browser.

    Who agreed to it for the office has drafted it by that, and does not decide on it.
    """
    application = two.desk.application
    with served(application, application.settings.state, Shelf()) as origin, chromium() as browser:
        page = opened(browser, origin + desk_in(application, ANSWERS))
        expect(page.get_by_role("button", name="Send me the link to decide")).to_have_count(0)
        for person in DECIDE:
            assert two.draft.state is DraftState.DECISION
            page = opened(browser, origin + desk_in(application, person))
            tab_to(page, "Send me the link to decide")
            page.keyboard.press("Enter")
            expect(page.get_by_role("status")).to_be_visible()
            content = mail.letters(person)[-1].get_body(("plain",)).get_content().replace("\r\n", "\n")
            (path,) = re.findall(r"^https?://[^/\s]+(/decide/\S+)$", content, re.MULTILINE)
            page.goto(f"{origin}{path}")
            tab_to(page, "Approve")
            page.keyboard.press("Space")
            tab_to(page, "Send the decision")
            page.keyboard.press("Enter")
            expect(page.get_by_role("heading", level=1)).to_have_text("Thank you, it is recorded")
    escalate_cases.fn(dry_run=False)
    assert two.draft.state is DraftState.APPROVED


def it_is_published_tried_and_closed(two: Two) -> None:
    """Published it is effective later; then both are served, and it is closed after the agreed day."""
    file = two.desk.folder / "standards/delivery-method/2.1.yaml"
    file.write_text(exported(two.desk, two.draft.id), "utf-8")
    two.desk.application.store.close()
    conftest.forget()
    deviating.at(MONDAY + timedelta(days=3))
    assert publish_version.fn(NEXT, "the ports asked for it", OWNER, dry_run=False).new
    two.hour(CaseState.AGREED)
    deviating.at(MONDAY + timedelta(days=10))
    two.hour(CaseState.TRIAL)
    two.answered(LEADING, "works until 2027-12-31")
    two.hour(CaseState.EFFECTIVE)
    deviating.at(MONDAY + timedelta(days=14))
    two.hour(CaseState.CLOSED)


def it_is_opened_again(two: Two) -> None:
    """Four of ten are overdue: the check of the office turned red."""
    for number in two.items[LATE : 2 * LATE]:
        edit(two.raising.entry, number, due_date="2027-01-11")
    two.hour(CaseState.JOINT_ANALYSIS)
    assert two.case.reopened == 1
    two.answered(LEADING, "explanation: close what is done")
    two.hour(CaseState.PROPOSAL)


def each_thing_stands_once(two: Two) -> None:
    """Counted by the servers' own words: one ticket for each of ours, one comment for each state, no more."""
    states = [
        each.removeprefix(f"{two.case.id} on the rule {RULE} of delivery-method/2.0: ").split(".")[0]
        for each in two.said()
    ]
    assert states == [
        "raised", "acknowledged", "proposal", "counter-proposal", "agreed, to be carried out",
        "carried out, pilot period", "effective", "closed", "joint analysis", "proposal",
    ]  # fmt: skip
    round_of(RAISING, LEADING)  # what was delivered last is found there, and its clock runs
    before = [place.tickets() for place in (two.raising, two.leading)]
    for tickets, office in zip(before, (RAISING, LEADING), strict=True):
        keys = [each.key for each in tickets if each.key]
        assert len(set(keys)) == len(keys)
        assert sum(key.startswith(f"feedback/{office}/") for key in keys) == 1
        assert not [key for key in keys if key.startswith("feedback/") and f"/{office}/" not in key]
    assert [(each.create, each.update) for each in round_of(RAISING, LEADING)] == [(0, 0), (0, 0)]
    assert [place.tickets() for place in (two.raising, two.leading)] == before
    written = [each for each in before[0] if not each.key and each.number != two.number]
    assert all(not each.said_by(two.raising.us) for each in written), "nothing of the office's own is touched"
    with two.desk.application.store.read() as unit:
        assert unit.ledger.verify() is None
