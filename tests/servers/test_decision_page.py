"""By mail and in a real browser without scripts, by keyboard alone: an approver decides, and sees their desk."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from config.decision_mail import LinkSent, post_of, send_link
from domain.decisions.request import RequestState
from gateway.pages.office import HEADERS
from tests.chromium import chromium
from tests.gateway.pages import approvers
from tests.gateway.pages.approvers import SIGNIFICANT, Approving, approving
from tests.gateway.pages.test_desk import desk_of
from tests.reports.pack.test_pictures import RULES, axe
from tests.reports.test_browser import CONTRAST
from tests.servers.smtp import MailServer, mail_server

__all__ = ["axe"]
pytestmark = pytest.mark.servers
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
SCROLLS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
VIOLATIONS = f"async () => (await axe.run(document, {RULES})).violations.map(v => [v.id, v.nodes[0].html])"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def mail(tmp_path_factory) -> Iterator[MailServer]:
    with mail_server(tmp_path_factory.mktemp("mail")) as found:
        yield found


@pytest.fixture
def made(tmp_path, monkeypatch, mail) -> Iterator[Approving]:
    monkeypatch.setattr(
        "socket.getfqdn", lambda *_: "this.localhost"
    )  # smtplib says who it is; no name is looked up
    people = approvers.PEOPLE
    for person in ("ewa", "tom", "jan", "ola"):
        people = re.sub(rf'(id: {person},.*?address: )"{{url}}"', rf'\1"{mail.address(person)}"', people)
    monkeypatch.setattr(approvers, "PEOPLE", people)
    with approving(tmp_path, monkeypatch) as found:
        yield found


def mailed(made: Approving, mail: MailServer, person: str = "tom") -> str:
    """The link that the person finds in their mail; it is opened at the address of the running gateway."""
    application = made.desk.application
    assert (
        send_link(post_of(application, application.organization), made.id, person, again=True)
        is LinkSent.SENT
    )
    letter = mail.letters(person)[-1]
    content = letter.get_body(("plain",)).get_content().replace("\r\n", "\n")
    (path,) = re.findall(r"^https?://[^/\s]+(/decide/\S+)$", content, re.MULTILINE)
    return f"{made.desk.origin}{path}"


def opened(browser: Browser, url: str, *, scripts: bool = False, size: dict[str, int] | None = None) -> Page:
    page = browser.new_context(java_script_enabled=scripts, viewport=size or WIDE).new_page()
    page.goto(url)
    return page


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the field or button of that name has the focus."""
    wanted = page.get_by_label(name, exact=True).or_(page.get_by_role("button", name=name))
    for _ in range(40):
        page.keyboard.press("Tab")
        if wanted.evaluate_all("found => found.some(each => each === document.activeElement)"):
            return
    raise AssertionError(f"the keyboard does not reach {name}")


def test_a_letter_comes_by_mail_and_the_keyboard_alone_decides_once(made: Approving, mail, browser) -> None:
    made.ask()
    url = mailed(made, mail)
    page = opened(browser, url)
    expect(page.get_by_role("heading", level=1)).to_have_text("May gdansk/P-1 skip gate 3?")
    tab_to(page, "Approve")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_label("Decline", exact=True)).to_be_checked()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Space")
    expect(page.get_by_label("Approve", exact=True)).to_be_checked()
    assert made.decision() is None, "nothing is decided before it is sent"
    tab_to(page, "Send the decision")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you, it is recorded")
    assert page.url == f"{url}/done"
    assert made.decision().outcome is RequestState.APPROVED
    page.reload()
    page.go_back()
    expect(page.get_by_text("This link was used, and decides nothing any more.")).to_be_visible()
    assert len(made.ledger("decision")) == 1


def test_a_form_without_a_reason_is_told_at_its_field_and_then_taken(made: Approving, mail, browser) -> None:
    made.ask()
    page = opened(browser, mailed(made, mail))
    tab_to(page, "Approve")
    page.keyboard.press("ArrowRight")
    tab_to(page, "Send the decision")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Write why")
    expect(page.get_by_label("Decline", exact=True)).to_be_checked()
    reason = page.get_by_label("Your reason or question (needed to decline or return)")
    expect(reason).to_have_attribute("aria-invalid", "true")
    tab_to(page, "Your reason or question (needed to decline or return)")
    page.keyboard.type("The gate is in two weeks.")
    tab_to(page, "Send the decision")
    page.keyboard.press("Enter")
    expect(page.get_by_text("You declined it.")).to_be_visible()
    assert made.request().state is RequestState.DECLINED


def test_a_delegate_gets_their_own_letter(made: Approving, mail, browser) -> None:
    made.ask(stakes=SIGNIFICANT)
    page = opened(browser, mailed(made, mail))
    page.get_by_label("Let somebody else decide").check()
    page.get_by_label("Who decides in your place, as your delegate").select_option("ola")
    page.get_by_role("button", name="Send the decision").click()
    expect(page.get_by_text("You let somebody else decide")).to_be_visible()
    assert len(mail.letters("ola")) == 1
    assert made.decision() is None


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1280", "360"])
def test_axe_finds_nothing_and_nothing_is_cut_off(
    made: Approving, mail, browser, axe, size, tmp_path_factory
) -> None:
    made.ask()
    url = mailed(made, mail, "ewa")
    pictures = Path(tmp_path_factory.getbasetemp())
    for step in ("asked", "problem", "desk", "over"):
        if step == "desk":
            url = made.desk.origin + desk_of(made, "ewa")
        if step == "over":
            url = f"{made.desk.origin}/decide/nothing"
        page = opened(browser, url, scripts=True, size=size)
        if step == "problem":
            page.get_by_label("Ablehnen", exact=True).check()
            page.get_by_role("button", name="Die Entscheidung senden").click()
            expect(page.get_by_role("alert")).to_be_visible()
        assert not page.evaluate(SCROLLS), step
        assert page.evaluate(CONTRAST) == [], step
        page.evaluate(axe)
        assert page.evaluate(VIOLATIONS) == [], step
        page.screenshot(path=pictures / f"{step}-{size['width']}.png", full_page=True)
    page.goto(made.desk.origin + desk_of(made, "ewa"))
    page.evaluate("document.querySelector('h1').remove(); document.documentElement.lang = ''")
    page.evaluate(axe)
    assert page.evaluate(VIOLATIONS) != [], "the control"


def test_the_control_under_the_gateways_own_headers_no_decision_leaves_the_browser(
    made: Approving, mail, browser, monkeypatch
) -> None:
    monkeypatch.setitem(HEADERS, "content-security-policy", "default-src 'none'; form-action 'none'")
    made.ask()
    page = opened(browser, mailed(made, mail))
    page.get_by_label("Approve", exact=True).check()
    page.get_by_role("button", name="Send the decision").click(no_wait_after=True)
    page.wait_for_timeout(300)
    assert made.decision() is None


def test_a_program_that_opens_every_link_of_the_letter_decides_nothing(
    made: Approving, mail, browser
) -> None:
    made.ask()
    url = mailed(made, mail)
    page = opened(browser, url, scripts=True)
    page.wait_for_timeout(300)
    page.reload()
    assert made.decision() is None
    assert made.get(url.removeprefix(made.desk.origin)).status_code == 200
