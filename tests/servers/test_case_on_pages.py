"""In a real browser by keyboard alone: two offices take a case from raised to closed on their pages; it is opened again.

Neither office writes anything in a tool: what a person sends on the page that their own link opens is all.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from playwright.sync_api import Browser, Page, expect

from domain.cases.case import Case
from domain.cases.kinds import CaseState, Color, OutcomeKind, Side, StepKind
from domain.questions.question import QuestionState
from tasks import context
from tasks.looking_after import escalate_cases
from tasks.reading import read_office
from tests.chromium import chromium
from tests.gateway.conftest import Shelf
from tests.gateway.pages import desk as desks
from tests.gateway.pages.approvers import Approving, approving
from tests.gateway.pages.desk import served
from tests.gateway.pages.test_raising import page_of
from tests.servers.test_decision_page import opened, tab_to
from tests.tasks.deviating import at

pytestmark = pytest.mark.servers
RAISING, HEAD = "gdansk", "jan"
LEADING, OWNER = "centrala", "ewa"
OWN_BOOK = """\
  - {id: centrala-book, kind: workbook, settings: {file: workbooks/centrala.xlsx}}
partitions:
  - office: centrala
    tool: centrala-book
    settings: {projects: {sheet: Projekty, columns: {id: Nr, title: Nazwa}}}
"""
"""The office that leads has a workbook too, that is only read."""
FIELD = "document.activeElement.matches('form.ask input[type=text], form.ask textarea')"
AGREED, LAPSED = date(2027, 1, 25), date(2027, 3, 1)
"""A day by which both checks were kept for ten business days, and one on which the word of one has lapsed."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def made(tmp_path, monkeypatch) -> Iterator[Approving]:
    monkeypatch.setitem(
        desks.FILES, "tools.yaml", desks.FILES["tools.yaml"].replace("partitions:\n", OWN_BOOK)
    )
    with approving(tmp_path, monkeypatch) as found:
        book = desks.workbook([["C-1", "Centrala"]])
        (found.desk.folder / "organization/workbooks/centrala.xlsx").write_bytes(book)
        found.desk.begin()
        yield found


@contextmanager
def on(day: date) -> Iterator[str]:
    """The gateway as it is on that day; its address."""
    at(day)
    application = context.current_application()
    with served(application, application.settings.state, Shelf()) as origin:
        yield origin


def the_case() -> Case:
    with context.current_application().store.read() as unit:
        (found,) = unit.cases.all()
    return found


def hour(state: CaseState) -> Case:
    """What an hour does: the pages are read, and what follows is done."""
    for office in (RAISING, LEADING):
        assert not read_office(office).problem, office
    escalate_cases.fn(dry_run=False)
    case = the_case()
    assert case.state is state
    return case


def raises(page: Page) -> None:
    """The head says what does not work, and by which word of theirs it will be known that it does."""
    for name, text in (
        ("What it is about", "report monthly"),
        ("Its cause", "a regulator"),
        ("What does not work, or why the office refuses", "the authority asks for another form"),
        ("When the office is served, if that is known", "attested: the authority takes our reports"),
    ):
        page.get_by_label(name).focus()
        page.keyboard.type(text)
    for name, then in (
        ("Look at it first", "Nothing is stored yet."),
        ("Raise it", "it is taken within the hour"),
    ):
        page.get_by_role("button", name=name).focus()
        page.keyboard.press("Enter")
        expect(page.get_by_text(then)).to_be_visible()


def answers(made: Approving, browser: Browser, person: str, office: str, text: str, origin: str = "") -> None:
    """A person opens the one question on the page of their office and answers it, by keyboard alone."""
    url = made.desk.page(person, office).url
    page = opened(browser, url.replace(made.desk.origin, origin or made.desk.origin))
    tab_to(page, "Open 1 question")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Send the answers")).to_be_visible()
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate(FIELD):
            break
    page.keyboard.type(text)
    tab_to(page, "Send the answers")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Answered here")).to_be_visible()
    page.context.close()


def test_a_case_goes_the_whole_way_on_pages_and_is_opened_again(made: Approving, browser: Browser) -> None:
    raises(opened(browser, made.desk.origin + page_of(made, HEAD)))
    assert hour(CaseState.RAISED).turn.delivered is None, "its clock runs from when it is opened"
    answers(made, browser, OWNER, LEADING, "nothing: the report is right")
    hour(CaseState.PROPOSAL)
    answers(made, browser, HEAD, RAISING, "explanation: say which form the authority takes")
    hour(CaseState.COUNTER_PROPOSAL)
    answers(made, browser, OWNER, LEADING, "accept")
    hour(CaseState.TRIAL)
    attested_by_both(made, browser)
    with on(AGREED):
        case = hour(CaseState.CLOSED)
        assert set(case.colors.values()) == {Color.GREEN}
    with on(LAPSED) as origin:
        case = hour(CaseState.TRIAL)
        assert (case.reopened, case.colors[Side.COUNTERPART]) == (1, Color.LAPSED)
        answers(made, browser, OWNER, LEADING, "fails: two reports came in the old form", origin)
        case = hour(CaseState.JOINT_ANALYSIS)
        assert case.turn.side is Side.COUNTERPART, "who looks for what serves both"
    said_by_persons(case)


def attested_by_both(made: Approving, browser: Browser) -> None:
    """Each side is asked in its turn, and says that it works; one of them until a day."""
    words = {RAISING: (HEAD, "works"), LEADING: (OWNER, "works until 2027-02-26")}
    for state in (CaseState.TRIAL, CaseState.EFFECTIVE):
        case = the_case()
        office = case.office(case.turn.side)
        person, text = words.pop(office)
        answers(made, browser, person, office, text)
        hour(state)
    assert words == {}, "both were asked"


def said_by_persons(case: Case) -> None:
    """Each step has the person whose link it was, none was entered for somebody, and no question is left over."""
    spoken = [(each.kind, each.person, each.entered) for each in case.steps if each.person]
    assert spoken == [
        (StepKind.RAISED, HEAD, False), (StepKind.PROPOSED, OWNER, False), (StepKind.PROPOSED, HEAD, False),
        (StepKind.AGREED, OWNER, False), (StepKind.ATTESTED, HEAD, False), (StepKind.ATTESTED, OWNER, False),
        (StepKind.ATTESTED, OWNER, False),
    ]  # fmt: skip
    assert [each.outcome for each in case.proposals] == [OutcomeKind.NOTHING, OutcomeKind.EXPLANATION]
    assert [each.kind for each in case.steps].count(StepKind.REOPENED) == 1
    with context.current_application().store.read() as unit:
        assert unit.ledger.verify() is None
        asked = [each for office in (RAISING, LEADING) for each in unit.questions.of(office)]
    assert sum(each.state is QuestionState.ANSWERED for each in asked) == 6
