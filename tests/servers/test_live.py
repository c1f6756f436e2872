"""The live sample: the main job on a real Redmine and a real Trac, as on workbooks, and written once.

The deployment of the finance system is played with it, to its end; what stands of Vigo's plan in Redmine is
counted again by Redmine's own interface, without a connector.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from config.wiring import examine
from connectors.protocol import Surroundings
from connectors.registry import connect
from domain.delivery.plan_tasks import Fitted
from domain.ids import PlanTaskKey
from domain.plans.fitting import LinkObstacle
from domain.plans.link import PlanLink
from domain.plans.project import Reading
from domain.plans.task import PlanTask
from domain.plans.whole_plan import WholePlan
from examples.harbor_group import deviating, player
from examples.harbor_group_live import sample, servers
from examples.harbor_group_live.copy import NOTES
from tasks import context
from tasks.plan_targets import PlanTarget, derivation_of
from tests import live as standing
from tests.contract.remembered import Remembered
from tests.reports import test_browser
from tests.servers.conftest import Up, interoffice, weeks_told
from tests.tasks.conftest import forget, leave

pytestmark = pytest.mark.servers
browser = test_browser.browser
redmine, trac = standing.redmine, standing.trac
WEEKS = 5
"""The second version of the template comes in the last of them; every week more takes half a minute."""
PATIENCE = 2400.0
"""Seconds for a thousand issues to be put into a Redmine with one thread, and for all weeks."""
PLAN = "vigo/finance-system/1"
TWO = ("hamburg", "singapore")


@pytest.fixture(scope="module")
def both() -> servers.Servers:
    try:
        return servers.known(NOTES)
    except servers.NotThere as absent:
        pytest.skip(str(absent))


@pytest.fixture(scope="module")
def played_live(both, ups, tmp_path_factory) -> Iterator[tuple[Up, sample.Live]]:
    """All weeks, played on both servers; what was put there is taken away at the end."""
    up = ups(tmp_path_factory.mktemp("live") / "state", "--live", "--once", "--weeks", str(WEEKS))
    code = up.process.wait(PATIENCE)
    found = sample.opened(up.folder.live, up.folder.sample, both)
    try:
        assert code == 0, up.said
        yield up, found
    finally:
        found.forget()


def ours_in_redmine(live: sample.Live) -> list[dict[str, Any]]:
    """The product's issues, as its planner sees them."""
    office = live.hamburg
    issues = [issue for name in office.within for issue in office.issues_of(name)]
    return [{**issue, "key": office.key_of(issue)} for issue in issues if office.key_of(issue)]


def ours_in_trac(live: sample.Live) -> list[dict[str, Any]]:
    """The product's tickets, as its planner sees them."""
    server = live.singapore.server
    rows = server.ask("planner", [("ticket.get", (n,)) for n in live.singapore._numbers("planner")])
    return [{**said, "key": said["interoffice_key"]} for *_, said in rows if said.get("interoffice_key")]


def delivered(up: Up, office: str) -> list[str]:
    with sqlite3.connect(f"file:{up.folder.database}?mode=ro", uri=True) as record:
        asked = "select key from intents where office = ? and state = 'done'"
        return sorted(key for (key,) in record.execute(asked, (office,)))


def readings(folder: Path, live: sample.Live | None = None) -> dict[str, Reading]:
    """What the two offices' tools say, read by connectors of the test's own."""
    organization, found = examine(folder).organization, {}
    for office in TWO:
        part = organization.partition(office)
        secret = (lambda office=office: live.offices[office].server.secret()) if live else str
        around = Surroundings(folder, secret, lambda: datetime.now(UTC), Remembered())
        found[office] = connect(organization.tools[part.tool], part, around).read()
    return found


def told_of(reading: Reading) -> dict[str, Any]:
    """The offices' own facts and items, without where they stand."""
    return {
        plan.project.key: (
            {name: value for name, value in asdict(plan.project).items() if name not in ("ref", "sources")},
            Counter(
                (i.title, i.kind, i.owner, i.start, i.due, i.work, i.percent)
                for i in plan.items
                if not i.ours
            ),
        )
        for plan in reading.plans
    }


def test_each_week_is_told_as_on_workbooks(played_live, played) -> None:
    up, _ = played_live
    there, plain = weeks_told(up.said), weeks_told(played.said)
    assert there == {week: plain[week] for week in range(1, WEEKS + 1)}


def test_all_that_was_delivered_stands_once_in_redmine_and_in_trac(played_live) -> None:
    up, live = played_live
    for office, found in (("hamburg", ours_in_redmine(live)), ("singapore", ours_in_trac(live))):
        keys = sorted(each["key"] for each in found)
        assert keys == delivered(up, office)
        assert len(set(keys)) == len(keys) > 0
    assert {issue["author"]["name"] for issue in ours_in_redmine(live)} == {"Inter Office"}
    assert {ticket["reporter"] for ticket in ours_in_trac(live)} == {"interoffice"}
    assert sum(issue["key"].startswith("adopt/") for issue in ours_in_redmine(live)) > 10


def test_what_the_offices_keep_is_what_their_own_people_wrote(played_live, tmp_path) -> None:
    """The same weeks on workbooks give the same facts and items: nothing of theirs was changed or lost."""
    _, live = played_live
    plain = tmp_path / "organization"
    player.copy_sample(plain)
    for week in range(1, WEEKS + 1):
        player.play(plain, week)
    there, expected = readings(live.organization, live), readings(plain)
    for office in TWO:
        assert there[office].unreadable == ()
        assert told_of(there[office]) == told_of(expected[office])


def test_answers_were_given_by_people_there_and_understood(played_live) -> None:
    up, _ = played_live
    with sqlite3.connect(f"file:{up.folder.database}?mode=ro", uri=True) as record:
        documents = [json.loads(text) for (text,) in record.execute("select document from questions")]
    by = {each["office"]: each["answered_by"] for each in documents if each.get("answered_by")}
    assert re.fullmatch(r"Paula Planner \(\d+\)", by["hamburg"])
    assert by["singapore"] == "planner"


def decided_by(up: Up, deviation: str) -> list[tuple[str, bool]]:
    """Who approved it, and whether an operator entered it, as the command for people says."""
    done = interoffice(up.folder.root, "deviations", deviation, "--json")
    assert done.returncode == 0, done.stderr
    steps = [each for each in json.loads(done.stdout) if each["step"] == "approves"]
    return sorted((each["person"], each["entered"]) for each in steps)


def notes_at(live: sample.Live, deviation: str) -> list[tuple[str, str]]:
    """The comments at what is asked about a deviation in the strategic office's Redmine, with their authors."""
    office = live.group
    there = [issue for name in office.within for issue in office.issues_of(name)]
    (asked,) = [each for each in there if office.key_of(each).startswith(f"deviate/{deviation}/")]
    journals = office.planner.get(f"/issues/{asked['id']}.json", (("include", "journals"),)).json()
    return [(each["user"]["name"], each["notes"]) for each in journals["issue"]["journals"] if each["notes"]]


def test_the_strategic_office_decides_on_a_deviation_in_its_redmine(played_live) -> None:
    up, live = played_live
    asked = deviating.IN_ADVANCE.id
    assert decided_by(up, asked) == [("marijke-van-dijk", False), ("sanne-de-wit", False)]
    written = [(who, text) for who, text in notes_at(live, asked) if text.startswith("approve")]
    assert sorted(who for who, _ in written) == ["Marijke van Dijk", "Sanne de Wit"]


def dated_issues(live: sample.Live) -> list[tuple[int, str]]:
    """Every issue of the two offices in Redmine, with when it changed last."""
    offices = (live.hamburg, live.vigo)
    return sorted((i["id"], i["updated_on"]) for o in offices for n in o.within for i in o.issues_of(n))


def test_a_second_time_nothing_is_written(played_live, ups) -> None:
    up, live = played_live
    before = dated_issues(live)
    tickets = [("ticket.get", (n,)) for n in live.singapore._numbers("planner")]
    rows = live.singapore.server.ask("planner", tickets)
    again = ups(up.folder.root, "--once", "--weeks", str(WEEKS))
    assert again.process.wait(PATIENCE) == 0, again.said
    assert re.search(r"create 0, update 0, same [1-9]\d*", again.said)
    assert before == dated_issues(live)
    assert live.singapore._numbers("planner") == [number for _, (number,) in tickets]
    assert live.singapore.server.ask("planner", tickets) == rows


@dataclass(frozen=True)
class Recounted:
    """What stands of a plan: its tasks by uid, each with what Redmine or the stored plan says of it."""

    titles: Mapping[str, str]
    parents: Mapping[str, str]
    days: Mapping[str, tuple[date | None, date | None]]
    """Of tasks without parts."""
    links: Mapping[tuple[str, str], int]
    """Predecessor and successor, and the days between them."""

    def differing(self, other: Recounted) -> dict[str, list[object]]:
        """What is not the same, by name."""
        found = {}
        for name in ("titles", "parents", "days", "links"):
            mine, theirs = getattr(self, name), getattr(other, name)
            keys = sorted(mine.keys() | theirs.keys())
            found[name] = [(k, mine.get(k), theirs.get(k)) for k in keys if mine.get(k) != theirs.get(k)]
        return {name: each for name, each in found.items() if each}


def in_redmine(live: sample.Live) -> Recounted:
    """Vigo's plan as Redmine's own interface shows it to Vigo's people; each task has to be there once."""
    (project,) = live.vigo.within
    params = (("project_id", project), ("status_id", "*"), ("include", "relations"), ("limit", "100"))
    issues: list[dict[str, Any]] = []
    while page := live.vigo.planner.get(
        "/issues.json", (*params, ("sort", "id"), ("offset", str(len(issues))))
    ).json()["issues"]:
        issues += page
    issues = [each for each in issues if not _is_withdrawn(each)]
    keys = [(each, PlanTaskKey.find(live.vigo.key_of(each))) for each in issues]
    uids = {each["id"]: key.uid for each, key in keys if key is not None}
    assert len(set(uids.values())) == len(uids)
    mine = [each for each in issues if each["id"] in uids]
    over = {each["parent"]["id"] for each in mine if "parent" in each}
    told = {each["id"]: each for one in mine for each in one.get("relations", ())}.values()
    relations = [each for each in told if {each["issue_id"], each["issue_to_id"]} <= uids.keys()]
    assert {each["relation_type"] for each in relations} <= {"precedes"}
    return Recounted(
        {uids[each["id"]]: each["subject"] for each in mine},
        {uids[each["id"]]: uids[each["parent"]["id"]] for each in mine if "parent" in each},
        {uids[e["id"]]: (_day(e, "start_date"), _day(e, "due_date")) for e in mine if e["id"] not in over},
        {(uids[e["issue_id"]], uids[e["issue_to_id"]]): e["delay"] or 0 for e in relations},
    )


def _is_withdrawn(issue: Mapping[str, Any]) -> bool:
    """Whether it is of a task that the template does not have any more, which stays there and says so."""
    told = {each["name"]: each.get("value") for each in issue.get("custom_fields", ())}
    return told.get("Standing") == "withdrawn"


def _day(issue: Mapping[str, Any], name: str) -> date | None:
    return date.fromisoformat(issue[name]) if issue.get(name) else None


def as_stored(plan: WholePlan, fitted: Fitted) -> Recounted:
    """The stored local plan, without the links that the certificate says Redmine does not hold."""
    out = {each.link for each in fitted.left_out}
    uids = {task.uid for task in plan.tasks}
    over = {task.parent for task in plan.tasks}
    return Recounted(
        {task.uid: task.name for task in plan.tasks},
        {task.uid: task.parent for task in plan.tasks if task.parent in uids},
        {task.uid: _days(task) for task in plan.tasks if task.uid not in over},
        {(each.predecessor, each.successor): _whole_days(each) for each in plan.links if each not in out},
    )


def _days(task: PlanTask) -> tuple[date | None, date | None]:
    start = task.finish if task.milestone else task.start
    return start.date() if start else None, task.finish.date() if task.finish else None


def _whole_days(link: PlanLink) -> int:
    return int(link.lag.amount // (8 * 60))


@contextmanager
def in_process(up: Up, live: sample.Live, both: servers.Servers) -> Iterator[PlanTarget]:
    """The played state's application in this process, with Vigo's plan and its real tool."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("INTEROFFICE_STATE", str(up.folder.root))
        patched.setenv("INTEROFFICE_ORGANIZATION", str(live.organization))
        for name, value in sample.credentials(both).items():
            patched.setenv(name, value)
        forget()
        with context.current_application().store.read() as unit:
            found = derivation_of(unit, PLAN)
        yield PlanTarget(found, context.connector("vigo"))
        leave()


def test_the_plan_of_the_deployment_stands_once_in_redmine_as_it_is_stored(played_live, both) -> None:
    """After weeks with two versions, an office's edits and answers."""
    up, live = played_live
    with in_process(up, live, both) as target:
        plan, fitted = target.derivation.base, target.fitted
    there, stored = in_redmine(live), as_stored(plan, fitted)
    assert (len(there.titles), len(there.parents)) == (
        len(plan.tasks),
        sum(bool(t.parent) for t in plan.tasks),
    )
    assert len(there.titles) >= 250
    assert len(there.links) > 150
    assert there.differing(stored) == {}
    assert {each.why for each in fitted.left_out} <= set(LinkObstacle)
    lost = {each.field: each.lost for each in fitted.certificate.fields if each.lost}
    assert lost.get("link.type", 0) == len(fitted.left_out) == len(plan.links) - len(there.links)


def test_a_recount_finds_a_task_moved_a_link_gone_and_a_task_put_twice(played_live, both) -> None:
    """The control: the same recount of the plan with one task a day later, one link less, one task more."""
    up, live = played_live
    with in_process(up, live, both) as target:
        plan, fitted = target.derivation.base, target.fitted
    out = {each.link for each in fitted.left_out}
    moved = next(task for task in plan.tasks if not task.summary)
    later = replace(moved, start=moved.start + timedelta(1), finish=moved.finish + timedelta(1))
    held = next(link for link in plan.links if link not in out)
    tasks = (*(later if each is moved else each for each in plan.tasks), replace(moved, uid="twice"))
    changed = replace(plan, tasks=tasks, links=tuple(each for each in plan.links if each != held))
    found = in_redmine(live).differing(as_stored(changed, fitted))
    assert [key for key, *_ in found["days"]] == sorted([moved.uid, "twice"])
    assert [key for key, *_ in found["titles"]] == ["twice"]
    assert [key for key, *_ in found["links"]] == [(held.predecessor, held.successor)]


def test_no_credential_is_left_in_anything_that_was_written(played_live, both) -> None:
    up, _ = played_live
    secrets = [secret.encode() for secret in sample.credentials(both).values()]
    written = [path for path in up.folder.root.rglob("*") if path.is_file()]
    assert len(written) > 20
    for path in written:
        content = path.read_bytes()
        assert [secret for secret in secrets if secret in content] == [], path
    assert not any(secret.decode() in up.said for secret in secrets)


def test_our_items_are_seen_among_the_offices_own_on_redmines_page(played_live, browser, both) -> None:
    up, live = played_live
    (issue, *_) = [each for each in ours_in_redmine(live) if each["key"].startswith("adopt/")]
    identifier = next(
        name
        for name in live.hamburg.within
        if any(i["id"] == issue["id"] for i in live.hamburg.issues_of(name))
    )
    page = browser.new_page(viewport={"width": 1280, "height": 760})
    page.goto(f"{both.redmine.url}/login")
    page.fill("#username", "planner")
    page.fill("#password", both.redmine.told["users"]["planner"]["password"])
    page.click("#login-submit")
    fields = both.redmine.told["issue_fields"]
    shown = [
        "tracker",
        "subject",
        "assigned_to",
        "due_date",
        f"cf_{fields['role']}",
        f"cf_{fields['standing']}",
    ]
    columns = "&".join(f"c[]={name}" for name in shown)
    query = f"set_filter=1&f[]=status_id&op[status_id]=o&{columns}&sort=due_date,id&per_page=100"
    page.goto(f"{both.redmine.url}/projects/{identifier}/issues?{query}")
    page.screenshot(path=str(up.folder.root.parent / "redmine.png"))
    rows = page.locator("table.issues tbody tr").all_inner_texts()
    (ours,) = [row for row in rows if str(issue["id"]) in row.split()]
    assert issue["subject"] in ours
    assert [row for row in rows if "reporter" not in row and "sponsor" not in row]
    page.close()
