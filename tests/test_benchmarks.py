"""The benchmarks: what they need is pinned, what is missing is said, what is counted is there, a broken promise is seen."""

from __future__ import annotations

import importlib
import json
import os
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
NAMES = {
    "observe",
    "report",
    "deliver",
    "gateway",
    "judge",
    "place",
    "load",
    "installed",
    "handed",
    "made_up",
    "rules",
    "older",
    "schedule",
    "generated",
    "merge",
    "edited_plans",
    "judged",
    "savings",
    "localize",
    "review",
}


@pytest.fixture
def bench(monkeypatch):
    """A benchmark as a module, whatever else bears its name; what it finds beside itself is forgotten again."""
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    for name in NAMES:
        monkeypatch.delitem(sys.modules, name, raising=False)
    yield importlib.import_module
    for name in NAMES & set(sys.modules):
        del sys.modules[name]


@pytest.mark.parametrize("name", ["observe", "deliver"])
def test_without_a_redmine_a_benchmark_says_what_starts_one(name, tmp_path):
    done = subprocess.run(
        [sys.executable, ROOT / "benchmarks" / f"{name}.py", "--json"],
        env={**os.environ, "INTEROFFICE_SERVERS": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["bench"] == name
    assert "`make servers` starts it" in told["skipped"]


def test_the_peers_are_pinned_with_hashes_and_no_place_is_named():
    lock = (ROOT / "requirements-bench.lock").read_text("utf-8")
    entries = re.split(r"(?m)^(?=[a-z0-9])", lock)[1:]
    assert {"dlt", "python-redmine", "requests", "cel-python", "regopy", "dictdiffer"} <= {
        entry.partition("==")[0] for entry in entries
    }
    assert all("==" in entry and "--hash=sha256:" in entry for entry in entries)
    assert re.findall(r"(?m)://|^\s*--(?!hash)\S+|^\s*-[a-z]\b.*| @ ", lock) == []


def test_a_broken_promise_of_observing_is_seen(bench):
    observe = bench("observe")
    good = {
        "read_by_us": {"requests": 101, "cpu": 1.1},
        "read_bare": {"requests": 101, "cpu": 0.4},
        "sync": {"requests": 4},
    }
    assert observe.judged(good)["good"]
    for broken in (
        {"read_by_us": {"requests": 102, "cpu": 1.1}},
        {"read_by_us": {"requests": 101, "cpu": 1.3}},
        {"sync": {"requests": 6}},
    ):
        assert not observe.judged({**good, **broken})["good"]


def test_a_broken_promise_of_reports_is_seen(bench):
    report = bench("report")
    before, good = {"cpu": 12.0}, {"cpu": 2.0, "largest": 999_999}
    assert report.judged(good, before)["good"]
    for broken in ({"cpu": 2.1}, {"largest": 1_000_000}):
        assert not report.judged({**good, **broken}, before)["good"]


def test_a_broken_promise_of_delivering_is_seen(bench):
    deliver = bench("deliver")
    good = {
        "ours": {"requests": 366},
        "limit": {"requests": 366},
        "times": 1.1,
        "second": {"writes": 0},
    }
    assert deliver.judged(good)
    for broken in ({"limit": {"requests": 365}}, {"times": 1.16}, {"second": {"writes": 1}}):
        assert not deliver.judged({**good, **broken})


def test_a_broken_promise_of_scheduling_is_seen(bench):
    scheduling = bench("schedule")
    ours = [
        {
            "A": {"Start": "2027-03-01T08:00", "LateStart": "2027-03-02T08:00"},
            "S": {"LateStart": "2027-03-01T08:00"},
        }
    ]
    same = [{"A": dict(ours[0]["A"]), "S": {"LateStart": "None"}}]
    found = scheduling.compared(ours, same)
    assert (found["dates"], found["differences"]) == (2, [])
    good = {"seconds": {"ours": [1.0, 9.0, 2.0], "mpxj": [1.0, 1.0, 1.0]}, **found}
    assert scheduling.judged(good)["good"]
    assert not scheduling.judged({**good, "seconds": {"ours": [4.0, 1.0, 4.0], "mpxj": [1.0, 1.0, 1.0]}})[
        "good"
    ]
    same[0]["A"]["LateStart"] = "2027-03-02T13:00"
    assert not scheduling.judged({**good, **scheduling.compared(ours, same)})["good"]


def merging(ours: dict | None = None, **other) -> dict:
    """What a benchmark of merging found, good unless told otherwise."""
    none = dict.fromkeys(("false", "silent", "doubled", "back"), 0)
    found = {
        "seconds": {"ours": [4.0, 40.0, 4.0], "limit": [1.0, 1.0, 1.0]},
        "whole": {"cpu": 4.0, "memory": 0.2},
    }
    return {**found, "ours": {**none, **(ours or {})}, **other}


def test_a_broken_promise_of_merging_is_seen(bench):
    merge = bench("merge")
    assert merge.judged(merging())["good"]
    for broken in (
        *({"ours": {name: 1}} for name in ("false", "silent", "doubled", "back")),
        {"seconds": {"ours": [6.0], "limit": [1.0]}},
        {"whole": {"cpu": 41.0, "memory": 0.2}},
        {"whole": {"cpu": 4.0, "memory": 1.1}},
    ):
        assert not merge.judged(merging(**broken))["good"], broken


def test_a_broken_promise_of_localizing_is_seen_and_the_figures_come_out_of_real_plans(bench):
    localize = bench("localize")
    found = localize.measured(3, 1, 40, 1)
    assert found["explained"]["dates"] > 60
    good = {"cpu": [3.0, 30.0, 3.0], "growth": [1.0, 1.3, 1.1], "memory": 0.1}
    assert localize.judged(good)["good"]
    for broken in ({"cpu": [21.0]}, {"growth": [1.3]}, {"memory": 1.1}):
        assert not localize.judged({**good, **broken})["good"], broken


def test_ours_and_git_are_judged_on_the_same_plans_and_what_is_planted_is_counted(bench):
    merge = bench("merge")
    cases = merge.edited_plans.many(2, 80)
    for case in cases:
        sides = tuple(map(merge.edited_plans.plain, case))
        found = merge.of_ours(merge.merge(*case), sides)
        assert (found["false"], found["silent"], found["doubled"], found["back"]) == (0, 0, 0, 0)
        assert found["true"] == found["asked"] + found["declared"] > 0
        assert merge.by_git([sides])["true"] == found["true"]
        wrong = merge.judging.judged(sides, {("T1", "name")}, (), {"T2": 2})
        assert (wrong["doubled"], wrong["silent"]) == (1, found["true"] - wrong["asked"])
    assert merge.whole(3, 40)["writes"] > 20


@pytest.mark.servers
def test_both_schedulers_are_measured_on_equal_plans_and_find_the_same_dates(bench):
    found = bench("schedule").measure(plans=6, tasks=40, rounds=1, warm=0)
    assert found["differences"] == []
    assert found["dates"] > 6 * 40 * 5
    assert all(seconds > 0 for each in found["seconds"].values() for seconds in each)


def test_the_plan_that_is_delivered_has_parents_and_links_and_stands_on_working_days(bench):
    plan = bench("deliver").plan()
    values = [each["values"] for each in plan]
    assert (len(plan), sum("parent" in v for v in values), sum("after" in v for v in values)) == (
        200,
        180,
        160,
    )
    assert {date.fromisoformat(v["start"]).isoweekday() for v in values} <= {1, 2, 3, 4, 5}


def test_what_stands_after_a_benchmarks_name_is_for_the_benchmark():
    command = [sys.executable, "-c", "import sys; from cli.main import main; sys.exit(main())", "bench"]
    asked = [*command, "judge", "--json", "--rounds", "1", "--help"]
    done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "--before DIR" in done.stdout


SMALL = ("--projects", "5", "--rules", "40", "--rounds", "1")
"""Enough for every kind of fact, and no more than a second."""
WRONG = """
import sys
sys.path.insert(0, sys.argv[1])
import by_python, handed

def prepare(asked):
    judge = by_python.prepare(asked)
    def wrong(every):
        said = judge(every)
        said[1][2] = "pass" if said[1][2] != "pass" else "fail"
        return said
    return wrong

handed.serve(prepare)
"""


@pytest.fixture
def judge(bench, monkeypatch):
    """The benchmark of judging at a small size, without the peers, which would have to be fetched."""
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks" / "judging"))
    found = bench("judge")

    def absent():
        raise found.installed.Absent("no network")

    monkeypatch.setattr(found.installed, "peers", absent)
    monkeypatch.setattr(sys, "argv", ["judge", "--json", *SMALL])
    return found


def test_all_that_judge_say_the_same_and_the_figures_are_there(judge, capsys):
    code = judge.main()
    told = json.loads(capsys.readouterr().out)
    assert told["differences"] == []
    assert (told["bench"], told["skipped"], set(told["times"])) == (
        "judge",
        "no network",
        {"limit", "python"},
    )
    assert sum(told["results"].values()) == 5 * 40
    assert set(told["results"]) >= {"pass", "fail", "unknown", "not_applicable"}
    assert min(told[name] for name in ("ours", "limit", "python")) > 0
    assert code == (0 if told["good"] else 1)


def test_a_verdict_that_another_gives_differently_is_found_and_named(judge, capsys, monkeypatch, tmp_path):
    planted = tmp_path / "wrong.py"
    planted.write_text(WRONG, "utf-8")
    folder = str(ROOT / "benchmarks" / "judging")
    monkeypatch.setitem(judge.PROGRAMS, "python", (str(planted), folder))
    assert judge.main() == 1
    told = json.loads(capsys.readouterr().out)
    assert [re.sub("ours .*", "", each) for each in told["differences"]] == ["office-1/B-0001 R003: "]
    assert "1 verdict differs" in told["broken"]


def test_the_version_before_is_another_checkouts_own(judge, tmp_path):
    programs, _ = judge.commands(tmp_path)
    assert programs["before"] == [*programs["ours"][:-1], str(tmp_path)]
    elsewhere = {"before": programs["before"], "ours": programs["ours"]}
    with pytest.raises(SystemExit, match="ended with 1"):
        judge.measure(2, 2, 1, elsewhere)


def test_the_made_up_network_has_errors_and_every_form_and_root_and_limits_of_some_offices(judge):
    made = judge.made_up(40, 200)
    rules = [held.rule for held in made.held["office-0"]]
    import rules as texts

    assert {each.check.form for each in rules} == {form for forms in texts.FORMS.values() for form in forms}
    assert {each.check.facts[0] for each in rules} == set(texts.FACTS)
    assert 60 < sum(each.scope is not None for each in rules) < 100
    assert {each.scope for each in rules if each.scope} >= {
        texts.Sentence(how, (of,)) for how, of in texts.SCOPES
    }
    limits = [[(held.limit, held.off) for held in made.held[office]] for office in ("office-0", "office-1")]
    assert 10 < sum(one != other for one, other in zip(*limits, strict=True)) < 50
    network = made.network()
    said = {
        v.result.value for plan in made.plans for v in network.judged(plan.project.key, made.version).verdicts
    }
    assert said == {"pass", "fail", "unknown", "not_applicable", "error"}


def test_a_broken_promise_of_judging_is_seen(judge):
    times = {"cel_python": 40.0, "regopy": 20.0, "limit": 0.05, "before": 2.5}
    good = {"times": times, "differences": []}
    assert judge.judged(good)["good"]
    for name in times:
        assert not judge.judged({**good, "times": {**times, name: times[name] * 0.99}})["good"], name
    assert not judge.judged({**good, "differences": ["office-1/B-0001 R003: ours pass, python fail"]})["good"]


def test_times_are_found_in_each_round_so_a_slow_minute_of_the_machine_counts_for_nobody(judge):
    ours, theirs = [100.0, 50.0, 80.0], [5.0, 2.5, 4.0]
    assert judge.times({"ours": ours, "regopy": theirs}) == {"regopy": 20.0}


@pytest.mark.usefixtures("judge")
def test_todays_names_of_an_older_checkout_are_those_that_the_benchmark_imports():
    older = importlib.import_module("older")
    made_up = (ROOT / "benchmarks" / "judging" / "made_up.py").read_text("utf-8")
    imported = set(re.findall(r"(?m)^from (domain\.[a-z_.]+) import", made_up)) - {"domain.canonical"}
    assert imported == set(older.NAMES)


def test_the_work_of_a_child_is_counted_while_it_lives_and_when_it_has_ended(judge):
    before = judge.handed.cpu()
    busy = "import time\nwhile time.process_time() < 0.3: pass\nprint(flush=True)\ninput()"
    with subprocess.Popen(
        [sys.executable, "-c", busy], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        child.stdout.readline()
        living = judge.handed.cpu() - before
        child.communicate(b"\n")
    assert living > 0.25
    assert judge.handed.cpu() - before > 0.25


def load(taken: int, refused: int = 0, p99: float = 20.0) -> dict:
    """What one load on a server found in a second."""
    statuses = {"202": taken, "503": refused}
    return {"statuses": statuses, "taken": taken, "seconds": 1.0, "cpu": 0.1, "p50": 5.0, "p99": p99}


def test_a_broken_promise_of_the_gateway_is_seen(bench):
    gateway = bench("gateway")
    rounds = {"ours": 500, "limit": 900, "prefect": 25}
    loads = {name: [load(1), load(count), load(count), load(count)] for name, count in rounds.items()}
    steady = {"ours": load(1000), "limit": load(1000)}
    good = {"loads": loads, "steady": steady, "there": {"ours": 2501}}
    told = gateway.figures(good)
    assert told["good"], told
    assert (told["rate"], told["acknowledged"]["ours"], told["refused"]["ours"]) == (rounds, 2501, 0)
    for broken in (
        {"there": {"ours": 2500}},
        {"there": {"ours": 2502}},
        {"steady": {**steady, "ours": load(1000, p99=50.0)}},
        {"loads": {**loads, "limit": [load(1), *[load(1001)] * 3]}},
        {"loads": {**loads, "prefect": [load(1), *[load(26)] * 3]}},
    ):
        assert not gateway.figures({**good, **broken})["good"], broken
    turned = gateway.figures({**good, "loads": {**loads, "ours": [*loads["ours"][:3], load(500, 7)]}})
    assert (turned["refused"]["ours"], turned["acknowledged"]["ours"]) == (7, 2501)


@pytest.mark.servers
def test_what_the_gateway_acknowledged_to_the_client_is_in_its_store_and_nothing_else(bench):
    place = bench("gateway").place
    with place.on_disk() as folder:
        ours = Path(folder) / "ours"
        ours.mkdir()
        with place.gateway(ours) as port:
            fast = place.loaded(port, name="fast", connections=8, seconds=0.5)
            even = place.loaded(port, name="even", connections=8, seconds=0.5, rate=40)
            again = place.loaded(port, name="even", connections=1, seconds=0.1, rate=40)
            lost = place.loaded(port, name="lost", connections=2, seconds=0.2, deployment="none")
        there = place.rows(ours / "interoffice.db", "messages")
    assert set(fast["statuses"]) == {"202"}
    assert even["statuses"] == {"202": 20}
    assert again["statuses"] == {"200": 4}, "the same messages are known, not stored twice"
    assert (set(lost["statuses"]), lost["taken"]) == ({"404"}, 0)
    assert there == fast["taken"] + even["taken"]


def test_the_limit_commits_a_row_for_each_request_that_it_answers(bench):
    place = bench("gateway").place
    with place.on_disk() as folder:
        with place.bare(Path(folder) / "limit") as port:
            found = place.loaded(port, name="bare", connections=4, seconds=0.3)
        assert found["taken"] == place.rows(Path(folder) / "limit" / "bare.db", "message") > 0


@pytest.mark.servers
def test_prefect_starts_each_run_that_it_is_asked_for_once(bench):
    place = bench("gateway").place
    with place.on_disk() as folder, place.prefect(Path(folder) / "prefect") as prefect:
        asked = {"connections": 2, "seconds": 1.0, "rate": 5, **prefect}
        found = [place.loaded(name="run", **asked) for _ in range(2)]
        assert [each["taken"] for each in found] == [5, 5], found
        assert place.started(prefect) == 5


def test_a_review_counts_what_is_permitted_and_growth_beyond_the_promise_is_seen(bench, tmp_path):
    review = bench("review")
    found = review.review(500, tmp_path)
    assert (found.deviations, found.permitted) == (500, 400)
    one, slower = review.Measured(100, 1, 1.0, 80), review.Measured(100, 1, 1.2, 80)
    ten = review.Measured(1000, 11, 11.0, 800)
    assert review.Round(one, ten, one).growth == pytest.approx(1.1)
    assert review.Round(one, ten, slower).growth == pytest.approx(1.0), "the two small ones are averaged"
    assert review.Round(one, review.Measured(1000, 13, 13.0, 800), one).growth > review.GROWTH
