"""In a real browser: a first screen, a phone, a printed page; nothing is wider than the phone or leaves it."""

import re
import socket
import threading
import time
from dataclasses import replace

import pytest

from examples.harbor_group import player
from tests.chromium import chromium
from tests.gateway.conftest import Shelf, application_of
from tests.reports import sample
from tests.reports.filed import file_report

pytestmark = pytest.mark.servers
CONTRAST = """() => {
  const channel = v => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const light = c => 0.2126 * channel(c[0]) + 0.7152 * channel(c[1]) + 0.0722 * channel(c[2]);
  const rgb = text => text.match(/[\\d.]+/g).map(Number);
  const ground = e => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor); if (c.length < 4 || c[3] > 0) return c; } return [255, 255, 255]; };
  const bad = [];
  for (const e of document.querySelectorAll('body *:not(svg *)')) {
    if (![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())) continue;
    const style = getComputedStyle(e), a = light(rgb(style.color)), b = light(ground(e));
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5 || parseFloat(style.fontSize) < 11.5) bad.push([e.tagName, e.className, ratio, style.fontSize]);
  }
  return bad.slice(0, 5);
}"""


@pytest.fixture(scope="module")
def browser():
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def gateway(tmp_path_factory):
    """The real gateway on a loopback port, with one report of each kind; (address, names of files)."""
    import uvicorn

    from gateway.app import create_app, gateway_of

    state = tmp_path_factory.mktemp("reports")
    application = application_of(state)
    player.copy_sample(state / "organization")
    settings = application.settings.model_copy(update={"organization": state / "organization"})
    application = replace(application, settings=settings)
    names = {}
    for report in (sample.a_rollout_report(), sample.a_sweep_report()):
        entry = file_report(state / "reports", application.store, report)
        names[entry.kind] = f"{entry.slug}.html"
    app = create_app(state / "reports", gateway_of(application, Shelf()))
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        config = uvicorn.Config(app, log_level="error", lifespan="off", ws="none")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
        thread.start()
        deadline = time.monotonic() + 20
        while not server.started:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}", names
        server.should_exit = True
        thread.join(10)
        application.store.close()


@pytest.fixture(params=["rollout", "sweep"])
def opened(request, browser, gateway):
    """A function that opens the report at a size, and the list of what the page asked for and complained of."""
    address, names = gateway
    contexts, seen = [], []

    def open_at(width, height):
        context = browser.new_context(viewport={"width": width, "height": height})
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda asked: seen.append(asked.url))
        page.on("console", lambda said: seen.append(said.text))
        page.on("pageerror", lambda error: seen.append(str(error)))
        page.goto(f"{address}/reports/{names[request.param]}")
        return page

    yield open_at, seen
    for context in contexts:
        context.close()
    assert [line for line in seen if not line.startswith((address, "data:"))] == []


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (768, 1024), (390, 844), (320, 700)])
def test_nothing_is_wider_than_the_screen_and_nothing_is_fetched(opened, width, height) -> None:
    open_at, seen = opened
    page = open_at(width, height)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("document.querySelectorAll('bdi').length") > 15
    assert len([line for line in seen if "/reports/" in line]) == 1
    assert len(seen) <= 2, "the report and its own empty icon"


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844)])
def test_text_is_large_and_dark_enough(opened, width, height) -> None:
    open_at, _ = opened
    assert open_at(width, height).evaluate(CONTRAST) == []


def test_the_first_screen_of_a_director_holds_it_all(browser, gateway) -> None:
    address, names = gateway
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(f"{address}/reports/{names['rollout']}")
    for place in ("h1", ".figures", ".bars", ".course", "#h-needs", ".list li:nth-child(3)"):
        box = page.locator(place).first.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 800, place
    page.close()


def test_a_click_on_a_figure_shows_its_projects_and_a_project_its_rules(browser, gateway) -> None:
    address, names = gateway
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(f"{address}/")
    page.click(f'a[href="reports/{names["rollout"]}"]')
    page.click(".figures a[href$='g-late.html']")
    assert page.locator("tbody tr").count() == 4
    page.locator("tbody a").first.click()
    assert re.search(r"/p-\d+\.html$", page.url)
    assert page.locator("section h2").count() >= 1
    page.click("text=All reports")
    assert page.url == f"{address}/"
    page.close()


def test_a_phone_shows_it_in_six_screens(opened) -> None:
    open_at, _ = opened
    assert open_at(390, 844).evaluate("document.documentElement.scrollHeight") <= 6 * 844


def test_it_prints_on_two_pages(opened) -> None:
    open_at, _ = opened
    pdf = open_at(1280, 800).pdf(prefer_css_page_size=True)
    assert pdf.startswith(b"%PDF")
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 2


def test_a_request_that_leaves_would_be_seen(browser, gateway) -> None:
    """The planted fault: a page that asks for a picture elsewhere is caught by the same ear, and not let out."""
    address, names = gateway
    page = browser.new_page()
    seen, said = [], []
    page.on("request", lambda asked: seen.append(asked.url))
    page.on("console", lambda line: said.append(line.text))
    page.goto(f"{address}/reports/{names['sweep']}")
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=\"http://127.0.0.1:9/pixel\">')")
    page.wait_for_timeout(200)
    assert "http://127.0.0.1:9/pixel" in seen or any("Content Security Policy" in line for line in said)
    page.close()
