"""A stand-in keeps its state, fails as it is set to, and passes no test in which something departed."""

import http.client
import json
import os
import subprocess
import sys
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from tests.standins.described import specs
from tests.standins.outside import MAKERS, Controlled, outside
from tests.standins.plain import PlainStandIn
from tests.standins.world import Answer, Asked, StandIn, served, sign_in_page

CREATE = ("POST", "/tickets")


def plain(**rules):
    standin = PlainStandIn(**rules)
    standin.add_project("P-1", "Warehouse")
    return standin


def ask(url, method, path, body=None, known="plain-canary-7b1f"):
    line = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
    try:
        sent = None if body is None else json.dumps(body)
        line.request(method, path, sent, {"Authorization": f"Bearer {known}"})
        answer = line.getresponse()
        read = answer.read()
        return answer.status, json.loads(read) if read[:1] in b"[{" else read
    finally:
        line.close()


def ticket(key):
    return {"tickets": [{"project": "P-1", "title": "t", "key": key}]}


def test_what_departs_from_the_description_fails_the_test_that_made_it():
    standin = StandIn()
    standin.departures.append(AssertionError("GET /nowhere is not described"))  # type: ignore[arg-type]
    with pytest.raises(AssertionError, match="GET /nowhere is not described"), served(standin):
        pass


def test_a_stand_in_that_breaks_fails_the_test_and_not_only_the_call():
    standin = StandIn()
    standin.route("GET", "/broken", lambda _: {}["nothing"])
    with pytest.raises(AssertionError, match="the stand-in broke on GET /broken"), served(standin) as url:
        assert ask(url, "GET", "/broken")[0] == 500


def test_a_fault_that_never_fired_fails_the_test():
    standin = plain()
    standin.fault(method="DELETE")
    with pytest.raises(AssertionError, match="faults that never fired"), served(standin) as url:
        ask(url, "GET", "/me")


@pytest.mark.parametrize("applied", [False, True])
def test_a_line_that_is_cut_leaves_what_was_applied(applied):
    standin = plain()
    standin.fault(method="POST", applied=applied)
    with served(standin) as url:
        with pytest.raises((http.client.RemoteDisconnected, ConnectionError)):
            ask(url, *CREATE, ticket("k/1"))
        assert standin.made["k/1"] == applied
        assert ask(url, *CREATE, ticket("k/2"))[0] == 201


@pytest.mark.parametrize("status", [429, 502, 503])
def test_an_answer_of_a_fault_comes_instead_of_the_real_one_so_many_times(status):
    standin = plain()
    fault = standin.fault(method="POST", first=2, times=2, answer=Answer(status, {"message": "later"}))
    with served(standin) as url:
        statuses = [ask(url, *CREATE, ticket(f"k/{n}"))[0] for n in range(5)]
    assert statuses == [201, status, status, 201, 201]
    assert sorted(standin.made) == ["k/0", "k/3", "k/4"]
    assert fault.fired == 2


def test_a_sign_in_page_comes_with_success_and_is_no_json():
    standin = plain()
    standin.fault(answer=sign_in_page())
    with served(standin) as url:
        status, body = ask(url, "GET", "/me")
    assert (status, body[:15]) == (200, b"<!DOCTYPE html>")


def test_a_search_lags_by_the_servers_clock_and_a_look_at_one_does_not():
    standin = plain(lag=timedelta(seconds=60))
    with served(standin) as url:
        (made,) = ask(url, *CREATE, ticket("k/1"))[1]["results"]
        assert ask(url, "GET", "/tickets?key=k/1")[1]["total"] == 0
        assert ask(url, "GET", f"/tickets/{made['number']}")[0] == 200
        standin.pass_time(seconds=61)
        assert ask(url, "GET", "/tickets?key=k/1")[1]["total"] == 1


def test_calls_are_counted_by_their_template_and_credentials_are_known():
    standin = plain()
    seen = []
    standin.on_call = lambda number, phase: seen.append((number, phase))
    with served(standin) as url:
        for number in (1, 2):
            ask(url, "GET", f"/tickets/{number}")
        ask(url, "GET", "/me", known="somebody-else")
    assert standin.calls[r"GET /tickets/(?P<number>[^/]+)"] == 2
    assert standin.credentials == {"Bearer plain-canary-7b1f", "Bearer somebody-else"}
    assert seen == [(n, phase) for n in (1, 2, 3) for phase in ("before", "after")]


CALLER = """
import sys, json, http.client
line = http.client.HTTPConnection(sys.argv[1].removeprefix("http://"), timeout=30)
sys.stdin.readline()
for n in range(3):
    body = {"tickets": [{"project": "P-1", "title": "t", "key": f"k/{n}"}]}
    line.request("POST", "/tickets", json.dumps(body), {"Authorization": "Bearer plain-canary-7b1f"})
    line.getresponse().read()
"""


@pytest.mark.parametrize(("applied", "stand"), [(False, ["k/0"]), (True, ["k/0", "k/1"])])
def test_a_caller_is_killed_at_a_call_and_counted_outside(tmp_path, applied, stand):
    with outside("plain", tmp_path) as world:
        assert world.pid != os.getpid()
        with subprocess.Popen([sys.executable, "-c", CALLER, world.url], stdin=subprocess.PIPE) as caller:
            world.ask("faults", method="POST", first=2, kill=caller.pid, applied=applied)
            caller.communicate(b"go\n", timeout=30)
            assert caller.returncode == -9
        assert sorted(world.ask("things")["made"]) == stand
        assert world.ask("fired") == [1]
        assert world.ask("calls")["writes"] == 2 + applied


def test_a_stand_in_outside_is_steered_beside_the_vendors_paths(tmp_path):
    with outside("plain", tmp_path, page=7) as world:
        before = len(world.ask("things")["tickets"])
        number = world.do("add", "P-1", "somebody's", due="2027-01-29")
        assert len(world.ask("things")["tickets"]) == before + 1
        later = world.ask("time", lag=60)
        assert len(ask(world.url, "GET", "/tickets")[1]["tickets"]) == 6, (
            "the seventh is younger than the lag"
        )
        world.ask("time", seconds=61)
        assert len(ask(world.url, "GET", "/tickets")[1]["tickets"]) == 7
        world.do("remove", number)
        world.ask("faults", path="/me", answer={"status": 503, "body": {}})
        assert ask(world.url, "GET", "/me")[0] == 503
        assert world.ask("time") > later
        world.ask("faults", path="/nobody/asks")
        assert "never fired" in world.ask("ended")[0]
        world.ask("anew")
        assert len(world.ask("things")["tickets"]) == before


@specs(
    "azure-devops-wit-7.1.json", "github.json", "jira-cloud-v3.json", "jira-dc-10.3.json", "openproject-v3.json"
)  # fmt: skip
def test_every_kind_can_stand_outside_and_tell_its_things():
    for kind in MAKERS:
        controlled = Controlled(kind, {})
        answer = controlled.handle(Asked("POST", "/__world__/things", {}, {}, b""))
        assert len(json.loads(answer.bytes())) >= 2, kind


def test_a_stand_in_outside_that_cannot_start_says_why(tmp_path):
    with pytest.raises(AssertionError, match="no_such_module"), outside("no_such_module:made", tmp_path):
        pass


def test_a_body_a_query_and_a_route_are_read():
    standin = StandIn()
    standin.route(
        "PUT", "/a/{name}", lambda asked: Answer(200, [asked.args["name"], asked.one("q"), asked.json])
    )
    with served(standin) as url:
        assert ask(url, "PUT", "/a/b?q=c%20d", {"e": 1}) == (200, ["b", "c d", {"e": 1}])
        assert ask(url, "PUT", "/a/b/c", {})[0] == 404
    assert standin.handle(Asked("GET", "/a/b", {}, {}, b"")).status == 404
