"""Prefect's own pages in a real browser: what the forms ask for, a rollout begun by hand, and its report."""

from __future__ import annotations

import json
import re
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from examples.harbor_group.player import copy_sample
from tests.reports import test_browser
from tests.servers.conftest import Up, hashes, interoffice, signed_in

pytestmark = pytest.mark.servers
browser = test_browser.browser
LONGEST = 60_000
"""Milliseconds that a run may take until its page says so."""
APPROVER = "marijke-van-dijk"
OWN = """async ([path, body, proven]) => {
  const headers = {'content-type': 'application/json', 'authorization': 'Basic ' + localStorage['prefect-password']};
  if (proven) {
    const {token} = await (await fetch('/api/csrf-token?client=form', {headers})).json();
    Object.assign(headers, {'Prefect-Csrf-Token': token, 'Prefect-Csrf-Client': 'form'});
  }
  const answer = await fetch('/api' + path, {method: 'POST', headers, body: JSON.stringify(body)});
  return [answer.status, await answer.json()];
}"""
FOREIGN = """async ([api, path]) => {
  const tell = async (url, options) => {
    try { const answer = await fetch(api + url, options); return [answer.type, await answer.text()]; }
    catch (refused) { return ['blocked', '']; }
  };
  const json = {'content-type': 'application/json'}, proof = {'Prefect-Csrf-Token': 'a', 'Prefect-Csrf-Client': 'a'};
  return [
    await tell(path, {method: 'POST', headers: json, body: '{}'}),
    await tell(path, {method: 'POST', headers: {...json, ...proof}, body: '{}'}),
    await tell(path, {method: 'POST', mode: 'no-cors', headers: {'content-type': 'text/plain'}, body: '{}'}),
    await tell('/csrf-token?client=a', {}),
    await tell('/csrf-token?client=a', {mode: 'no-cors'}),
  ];
}"""


@pytest.fixture(scope="module")
def mine(tmp_path_factory) -> tuple[Path, dict[str, str]]:
    """The folder of an organization, and the hashes of what was in it before anybody read it."""
    folder = tmp_path_factory.mktemp("form") / "mine"
    copy_sample(folder)
    return folder, hashes(folder)


@pytest.fixture(scope="module")
def serving(ups, mine) -> Iterator[Up]:
    """It was read, and has a server, a worker and the gateway for its reports."""
    up = ups(mine[0].parent / "state", "--organization", str(mine[0]))
    up.until_said("serving until Ctrl-C")
    yield up
    up.stop()


@contextmanager
def asking_only_here(browser, **given: object) -> Iterator:
    """A browser of somebody's own, which asks nobody but this machine for anything."""
    context, asked = browser.new_context(viewport={"width": 1280, "height": 800}, **given), []
    context.set_default_timeout(15_000)
    context.on("request", lambda request: asked.append(request.url))
    yield context
    context.close()
    here = ("http://127.0.0.1:", "blob:http://127.0.0.1:", "data:")
    assert [url for url in asked if not url.startswith(here)] == []


@pytest.fixture(scope="module")
def signed(browser, serving) -> dict:
    """What a browser keeps of somebody who signed in."""
    with asking_only_here(browser) as context:
        signed_in(context.new_page(), serving)
        return context.storage_state()


@pytest.fixture(scope="module")
def digest(browser, serving, signed) -> str:
    """Both versions are published and the rollout is simulated; its digest."""
    with asking_only_here(browser, storage_state=signed) as context:
        opened = context.new_page()
        opened.goto(f"{address(serving)}/deployments")
        where = ("--organization", str(serving.folder.root.parent / "mine"))
        listed = interoffice(serving.folder.root, "person", "list", APPROVER, "--json", *where)
        (person,) = [each["opaque"] for each in json.loads(listed.stdout)]
        for version in ("delivery-method/1.0", "delivery-method/2.0"):
            done(opened, serving, "publish-standard", version=version, person=person, dry_run=False)
        told = done(opened, serving, "simulate-standard", version="delivery-method/2.0")
    return re.search(r"digest ([0-9a-f]{64})\.", told)[1]


@pytest.fixture
def page(browser, serving, signed):
    """A page of Prefect's, of somebody who signed in."""
    with asking_only_here(browser, storage_state=signed) as context:
        opened = context.new_page()
        opened.goto(f"{address(serving)}/deployments")
        yield opened


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[str]:
    """The address of a page on this machine that is not ours."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.end_headers()

        def log_message(self, *_) -> None:
            """Nothing is logged."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def address(up: Up) -> str:
    return str(up.folder.notes()["ui"])


def prefect(up: Up, asked: str, *values: str) -> list[tuple]:
    with sqlite3.connect(f"file:{up.folder.prefect / 'prefect.db'}?mode=ro", uri=True) as database:
        return database.execute(asked, values).fetchall()


def runs(up: Up) -> int:
    return prefect(up, "select count(*) from flow_run")[0][0]


def path_of(up: Up, flow: str) -> str:
    (identity,) = prefect(up, "select id from deployment where name = ?", flow)[0]
    return f"/deployments/{identity}/create_flow_run"


def done(page, up: Up, flow: str, **parameters: object) -> str:
    """Run a flow from the UI's own page, without its form; the run's sentence."""
    body = {"parameters": {"why": "a test", **parameters}}
    status, made = page.evaluate(OWN, [path_of(up, flow), body, True])
    assert status == 201, made
    asked = (
        "select s.type, s.message from flow_run r join flow_run_state s on s.id = r.state_id where r.id = ?"
    )
    deadline = time.monotonic() + LONGEST / 1000
    while True:
        ((kind, sentence),) = prefect(up, asked, made["id"])
        if kind == "COMPLETED":
            return sentence
        assert kind in ("SCHEDULED", "PENDING", "RUNNING"), sentence
        assert time.monotonic() < deadline, kind
        time.sleep(0.2)


def open_form(page, up: Up, flow: str) -> None:
    """From the list of deployments to the form, as a person goes; the list is longer than a page of it."""
    page.goto(f"{address(up)}/deployments")
    page.get_by_role("link", name="advance-rollouts").first.wait_for()
    (identity,) = prefect(up, "select id from deployment where name = ?", flow)[0]
    page.goto(f"{address(up)}/deployments/deployment/{identity}")
    page.get_by_role("button", name="Run", exact=True).click()
    page.get_by_text("Custom run").click()
    page.locator(".schema-form-property").first.wait_for()


def field(page, name: str):
    label = page.locator(".schema-form-property__label", has_text=re.compile(rf"^{name}( \(Optional\))?$"))
    return page.locator(".schema-form-property", has=label)


def switch(page):
    return field(page, "dry_run").get_by_role("switch")


def switch_off(page) -> None:
    switch(page).click()
    field(page, "dry_run").locator('[role="switch"][aria-checked="false"]').wait_for()


def offered(page, name: str) -> list[str]:
    field(page, name).locator(".p-select-button__control").press("ArrowDown")
    page.locator(".p-select-option").first.wait_for()
    return [text.strip() for text in page.locator(".p-select-option").all_inner_texts()]


def submitted(page, serving: Up, sentence: str) -> None:
    """Submit, go to the run that began, and wait until it says this."""
    newest = "select id from flow_run where deployment_id is not null order by created desc limit 1"
    before = prefect(serving, newest)
    page.get_by_role("button", name="Submit").click()
    page.wait_for_url("**/deployments/deployment/*?tab=Runs")
    (found,) = prefect(serving, newest)
    assert [found] != before, "the form began a run"
    page.goto(f"{address(serving)}/runs/flow-run/{found[0]}")
    page.get_by_text(sentence).first.wait_for(timeout=LONGEST)
    page.locator(".state-badge", has_text="Completed").first.wait_for(timeout=LONGEST)


def test_the_first_time_everything_is_only_read_and_that_is_said(serving, mine) -> None:
    """The first test of this file: others let it write."""
    folder, before = mine
    assert "nothing was written into any office's tool" in serving.said
    assert "interoffice run publish-standard version=delivery-method/2.0 person=" in serving.said
    assert "of 9 offices were read" in serving.said
    assert hashes(folder) == before


def test_every_form_asks_at_most_five_things_beside_its_dry_run_with_help_for_each(serving) -> None:
    found = prefect(serving, "select name, description, parameter_openapi_schema from deployment")
    assert len(found) == 46
    for name, description, schema in found:
        fields = json.loads(schema)["properties"]
        assert len(set(fields) - {"dry_run"}) <= 5, name
        assert description, name
        assert [each for each, about in fields.items() if len(about.get("description", "")) < 10] == [], name
        # reports are pages of ours: they are written unless somebody asks what they would be
        assert fields.get("dry_run", {}).get("default", True) is (name != "report-network"), name
        # a message that is answered holds its reason itself; the others repeat what a schedule does
        assert (
            name
            in {"reap-runs", "send-digests", "answer-message", "notify-failure", "ask-owner", "answer-peer"}
            or "why" in json.loads(schema)["required"]
        ), name


def test_a_rollouts_form_asks_four_things_helps_with_each_and_is_dry(page, serving) -> None:
    open_form(page, serving, "roll-out-standard")
    labels = page.locator(".schema-form-property__label").all_inner_texts()
    assert labels == ["simulation", "why", "approved_by (Optional)", "dry_run (Optional)"]
    helps = page.locator(".schema-form-property__description").all_inner_texts()
    assert len(helps) == 4
    assert "Off: the approval is recorded, or the question written." in helps[-1]
    assert switch(page).get_attribute("aria-checked") == "true"
    box = switch(page).bounding_box()
    assert box["y"] + box["height"] <= 800, "the whole form is on the first screen"


def test_an_empty_form_starts_nothing(page, serving) -> None:
    before = runs(serving)
    open_form(page, serving, "roll-out-standard")
    page.get_by_role("button", name="Submit").click()
    page.get_by_text("'digest' is a required property").wait_for()
    missing = page.locator(".p-label__message--failed").all_inner_texts()
    assert missing == [f"'{name}' is a required property" for name in ("digest", "why")]
    assert runs(serving) == before


def test_offices_and_versions_are_chosen_from_a_list(page, serving) -> None:
    open_form(page, serving, "sync-offices")
    offices = offered(page, "office")
    assert (offices[0], len(offices)) == ("all", 10)
    assert {"hamburg", "singapore"} <= set(offices)
    open_form(page, serving, "publish-standard")
    assert offered(page, "version") == ["delivery-method/1.0", "delivery-method/2.0", "site-works/1.0"]


def test_begun_from_the_form_a_rollout_runs_and_its_report_opens(page, serving, digest) -> None:
    form = "select parameter_openapi_schema from deployment where name = 'roll-out-standard'"
    serving.until(lambda: "delivery-method 2.0, " in prefect(serving, form)[0][0], "that the form follows")
    open_form(page, serving, "roll-out-standard")
    (simulation,) = offered(page, "simulation")
    assert re.fullmatch(r"delivery-method 2\.0, \d{4}-\d\d-\d\d", simulation)
    page.locator(".p-select-option").first.click()
    ask, opaque, _other = offered(page, "approved_by")
    page.locator(".p-select-option").nth(1).click()
    field(page, "why").locator("textarea").fill("the board decided")
    switch_off(page)
    submitted(page, serving, "begins: 60 projects in 3 waves; approval entered by an operator")
    assert page.get_by_text(f"roll out {simulation}", exact=True).count() == 1
    (stored,) = prefect(serving, "select parameters from flow_run where name = ?", f"roll out {simulation}")
    assert json.loads(stored[0])["approved_by"] == opaque
    assert (ask, bool(re.fullmatch(r"p-[0-9a-f]{16}", opaque))) == ("ask them", True)
    assert APPROVER not in str(prefect(serving, "select parameters, name from flow_run"))
    assert digest[:8] not in simulation, "one simulation of a day needs no digest"

    open_form(page, serving, "run-cycle")
    field(page, "why").locator("textarea").fill("the first reports")
    switch_off(page)
    submitted(page, serving, "of 60 projects follow")
    page.get_by_text("Subflow Runs", exact=True).click()
    page.get_by_role("link", name="report", exact=True).first.click()
    page.get_by_text("Artifacts", exact=True).click()
    page.locator(".artifact-card__title", has_text=re.compile(r"^rollout-")).click()
    link = page.locator('a[href*="/reports/rollout-"]')
    link.wait_for()
    told = page.locator("body").inner_text()
    with page.context.expect_page() as opened:
        link.click()
    report = opened.value
    assert report.url.startswith(str(serving.folder.notes()["gateway"]))
    assert "interoffice link PERSON" in report.locator("body").inner_text(), "it is for whom it is for"
    mine = ("--organization", str(serving.folder.root.parent / "mine"))
    made = interoffice(serving.folder.root, "link", APPROVER, *mine)
    (personal,) = re.findall(r"http://\S+/to/\S+/", made.stdout)
    report.goto(f"{personal}reports/{report.url.rpartition('/')[2]}")
    sentence = report.locator(".sum").first.inner_text()
    assert sentence in told
    assert re.match(r"\d+ of 60 projects follows? 2\.0; ", sentence)
    assert report.locator(".bars").first.is_visible()
    assert prefect(serving, "select count(*) from flow_run where state_type != 'COMPLETED'") == [(0,)]


def test_forms_follow_the_files_and_a_choice_that_is_gone_starts_nothing(page, serving, mine) -> None:
    before = runs(serving)
    open_form(page, serving, "sync-offices")
    assert "singapore" in offered(page, "office")
    page.locator(".p-select-option", has_text="singapore").first.click()
    field(page, "why").locator("textarea").fill("a test")
    files = {path: path.read_text("utf-8") for path in mine[0].rglob("*.yaml")}
    form = "select parameter_openapi_schema from deployment where name = 'sync-offices'"
    try:
        for path, text in files.items():
            path.write_text(re.sub(r"\bsingapore\b", "straits", text), "utf-8")
        serving.until(lambda: '"straits"' in prefect(serving, form)[0][0], "that the form follows")
        page.get_by_role("button", name="Submit").click()
        page.get_by_text("'singapore' is not one of ['all', ").first.wait_for()
        assert "If a choice is refused as gone, load this page anew." in page.locator("body").inner_text()
    finally:
        for path, text in files.items():
            path.write_text(text, "utf-8")
    serving.until(lambda: '"singapore"' in prefect(serving, form)[0][0], "that the form follows back")
    assert runs(serving) == before


def test_files_that_cannot_be_used_leave_the_forms_and_fail_a_run_in_one_line(page, serving, mine) -> None:
    people = mine[0] / "people.yaml"
    text = people.read_text("utf-8")
    try:
        people.write_text("people: [{id: ana, name: Ana Reis, height: 3}]\n", "utf-8")
        serving.until_said("the forms stay as they are: the organization's files have")
        made = page.evaluate(OWN, [path_of(serving, "report-network"), {"parameters": {"why": "x"}}, True])[1]
        page.goto(f"{address(serving)}/runs/flow-run/{made['id']}")
        page.get_by_text("Refused: the organization's files have").first.wait_for(timeout=LONGEST)
        lines = page.locator(".log-row").all_inner_texts()
        assert len(lines) == 1, lines
        assert "`interoffice check` with the organization's folder names each with file and line" in lines[0]
        assert "Ana" not in lines[0]
    finally:
        people.write_text(text, "utf-8")


def test_the_daily_deployments_stand_alone_at_the_address_that_is_said(page, serving) -> None:
    (said,) = re.findall(r"Daily: +(\S+)", serving.said)
    page.goto(said)
    page.get_by_role("link", name="run-cycle").first.wait_for()
    shown = page.locator("tbody tr").all_inner_texts()
    assert sorted(text.split()[0] for text in shown) == ["report-network", "run-cycle", "sync-offices"]


def test_a_refusal_is_the_first_thing_in_the_log_of_its_page(page, serving) -> None:
    mine = ("--organization", str(serving.folder.root.parent / "mine"))
    asked = ("run", "steer-rollout", "rollout=delivery-method-2", "action=roll_back", "subject=nowhere")
    ended = interoffice(serving.folder.root, *asked, f"person={APPROVER}", "why=a test", "--json", *mine)
    run = json.loads(ended.stdout)
    page.goto(f"{address(serving)}/runs/flow-run/{run['run']}")
    page.get_by_text(run["message"]).first.wait_for()
    lines = page.locator(".log-row").all_inner_texts()
    assert len(lines) == 1, lines
    assert "Refused: " in lines[0]


def test_a_page_of_somebody_else_starts_nothing_and_the_ui_can(page, serving, elsewhere) -> None:
    path = path_of(serving, "reap-runs")
    before = runs(serving)
    foreign = page.context.new_page()
    foreign.goto(elsewhere)
    answers = foreign.evaluate(FOREIGN, [f"{address(serving)}/api", path])
    assert [kind for kind, _ in answers] == ["blocked"] * 5
    assert [text for _, text in answers if text] == []
    assert page.evaluate(OWN, [path, {}, False])[0] == 403
    assert runs(serving) == before
    assert page.evaluate(OWN, [path, {}, True])[0] == 201, "the control: the UI's own page can"
    assert runs(serving) == before + 1
