"""The benchmarks on the real Redmine: what they need is pinned, what is missing is said, and a broken promise is seen."""

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


@pytest.fixture
def bench(monkeypatch):
    """A benchmark as a module; what it finds beside itself is forgotten again."""
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    before = set(sys.modules)
    yield importlib.import_module
    for name in {"observe", "deliver", "place"} & set(sys.modules) - before:
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
    assert {"dlt", "python-redmine", "requests"} <= {entry.partition("==")[0] for entry in entries}
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


def test_the_plan_that_is_delivered_has_parents_and_links_and_stands_on_working_days(bench):
    plan = bench("deliver").plan()
    values = [each["values"] for each in plan]
    assert (len(plan), sum("parent" in v for v in values), sum("after" in v for v in values)) == (
        200,
        180,
        160,
    )
    assert {date.fromisoformat(v["start"]).isoweekday() for v in values} <= {1, 2, 3, 4, 5}
