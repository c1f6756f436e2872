"""Every way in which a call can end has one meaning, and what is not idempotent is sent once."""

import contextlib
import gzip
import json
import pickle
import random
import socket
import subprocess
import sys
import zlib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from connectors.errors import OutcomeUnknown, Refused, ToolError, TryLater
from connectors.http.client import Answered, Call, Limits, Reply
from tests.connectors.http.loopback import (
    Clock,
    Drip,
    Tool,
    reset,
    said,
    silence,
    speaking,
    then_end,
    then_reset,
)

CREATE = Call("POST", "/issues.json", json={"subject": "Roof"}, creates=True)
READ = Call("GET", "/issues/1.json")
REPLACE = Call("PUT", "/issues/1.json", json={"subject": "Roof"})
CHANGE = Call("PATCH", "/issues/1", json={"subject": "Roof"})
SEARCH = Call("POST", "/search", json={"jql": "x"}, reads=True)
PAGE = said(200, b"<!DOCTYPE html><html><title>Sign in</title></html>", {"Content-Type": "text/html"})


def ended(http, call):
    """How a call ended: its answer, or the error."""
    try:
        return http.call(call)
    except ToolError as error:
        return error


def met(call, *answers, known=False, exact=True, **options):
    """How a call ends with a tool that answers so, and how often the tool saw it.

    `known`: the tool answered something else before, so that retries were earned. `exact`: what is sent again
    cannot meet a connection that the tool closed before.
    """
    first = [said()] if known else []
    with Tool(*first, *answers) as tool, speaking(tool, **options) as http:
        if known:
            http.get("/before")
        outcome = ended(http, call)
        seen = tool.heads.count(f"{call.method} {call.path} HTTP/1.1")
        assert http.calls == len(tool.requests) or (http.calls > len(tool.requests) and not exact)
        return outcome, seen


@pytest.mark.parametrize("status", [400, 404, 405, 406, 409, 410, 412, 413, 415, 422, 423, 451])
@pytest.mark.parametrize("call", [READ, CREATE, REPLACE], ids=str)
def test_what_a_tool_refuses_is_refused_with_its_status_and_words_and_never_sent_again(call, status):
    outcome, seen = met(call, said(status, {"errors": ["Subject is too long"]}), known=True)
    assert isinstance(outcome, Answered)
    assert (outcome.status, seen) == (status, 1)
    assert str(status) in outcome.text
    assert call.path in outcome.text
    assert "Subject is too long" in outcome.text


@pytest.mark.parametrize(("status", "words"), [(401, "credential"), (403, "no right")])
def test_a_refused_credential_says_what_to_do(status, words):
    outcome, seen = met(CREATE, said(status, {"message": "no"}), known=True)
    assert isinstance(outcome, Answered)
    assert (outcome.status, seen) == (status, 1)
    assert words in outcome.text


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308, 300])
def test_a_redirect_is_refused_and_its_host_named(status):
    outcome, seen = met(READ, said(status, headers={"Location": "https://elsewhere.example/x?token=abc"}))
    assert isinstance(outcome, Answered)
    assert seen == 1
    assert "elsewhere.example" in outcome.text
    assert "token" not in outcome.text


@pytest.mark.parametrize(
    "target",
    ["http://[", "", "//", "http://x:99999999/", "\x80\xff", "javascript:alert(1)", "http://" + "x" * 5000],
)
def test_a_redirect_to_nowhere_is_no_more_than_a_redirect(target):
    for call in (READ, CREATE):
        outcome, seen = met(call, said(302, headers={"Location": target}))
        assert isinstance(outcome, Answered)
        assert (outcome.status, seen) == (302, 1)
        assert len(outcome.text) < 400


def test_a_redirect_is_no_longer_than_another_answer():
    outcome, _ = met(READ, said(302, b"x" * 200_000, {"Location": "https://elsewhere.example"}), cap=100_000)
    assert "100,000 bytes" in outcome.text


@pytest.mark.parametrize("status", [500, 502, 503, 504, 408, 425, 520, 599])
def test_trouble_leaves_a_create_unknown_and_it_is_sent_once(status):
    for call in (CREATE, CHANGE):
        outcome, seen = met(call, said(status), known=True)
        assert isinstance(outcome, OutcomeUnknown)
        assert seen == 1


@pytest.mark.parametrize("status", [500, 502, 503, 504, 408, 425])
def test_trouble_with_what_may_be_repeated_is_tried_again_and_then_put_off(status):
    for call, meaning in ((READ, TryLater), (SEARCH, TryLater), (REPLACE, OutcomeUnknown)):
        outcome, seen = met(call, said(status), known=True)
        assert isinstance(outcome, meaning)
        assert seen == 3


@pytest.mark.parametrize(
    "trouble", [said(503), said(500), reset, then_reset(b"HTTP/1.1 200 O"), then_end(b"")]
)
@pytest.mark.parametrize("call", [READ, SEARCH, REPLACE], ids=str)
def test_what_may_be_repeated_gets_its_answer_after_two_troubles(call, trouble):
    clock = Clock()
    outcome, seen = met(call, trouble, trouble, said(200, {"id": 1}), known=True, clock=clock)
    assert isinstance(outcome, Reply)
    assert outcome.json() == {"id": 1}
    assert seen == 3
    assert len(clock.waits) == 2
    assert all(0.5 <= wait <= 3.4 for wait in clock.waits)


LOST = {
    "reset before the answer": reset,
    "end before the answer": then_end(b""),
    "reset within the headers": then_reset(b"HTTP/1.1 201 Created\r\nContent-"),
    "reset within the body": then_reset(said(201, {"id": 1})[:-3]),
    "end within the body": then_end(said(201, {"id": 1})[:-3]),
    "end within a chunk": then_end(b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n40\r\n{"),
    "no HTTP": then_end(b"SSH-2.0-OpenSSH_9.2\r\n"),
    "broken compression": said(201, b"\x1f\x8bnot gzip at all", {"Content-Encoding": "gzip"}),
    "no answer in time": silence,
    "an informational status": then_end(b"HTTP/1.1 103 Early Hints\r\n\r\n"),
}


@pytest.mark.parametrize("fault", LOST)
def test_a_lost_answer_leaves_a_create_unknown_and_it_is_sent_once(fault):
    for call in (CREATE, CHANGE):
        outcome, seen = met(call, LOST[fault], known=True, timeout=(5, 0.05))
        assert isinstance(outcome, OutcomeUnknown), outcome
        assert seen == 1


@pytest.mark.parametrize("fault", LOST)
def test_a_lost_answer_to_a_question_is_asked_for_again_and_then_put_off(fault):
    outcome, seen = met(READ, LOST[fault], known=True, timeout=(5, 0.05))
    assert isinstance(outcome, TryLater), outcome
    assert seen == (1 if fault == "an informational status" else 3)


def test_whatever_comes_back_is_an_answer_or_one_of_our_errors_and_a_create_is_sent_once():
    """Four hundred answers with bytes changed, doubled, dropped or cut."""
    chance = random.Random(7)
    packed = gzip.compress(b'{"id": 1, "subject": "Roof"}')
    chunked = b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\n3\r\n{"a\r\n4\r\n": 1\r\n1\r\n}\r\n0\r\n\r\n'
    whole = [
        said(200, {"id": 1}),
        said(422, {"errors": ["x"]}),
        said(200, packed, {"Content-Encoding": "gzip"}),
        chunked,
        said(302, headers={"Location": "/x"}),
        said(429, headers={"Retry-After": "3"}),
        PAGE,
    ]
    kinds = set()
    for number in range(400):
        answer = bytearray(chance.choice(whole))
        for _ in range(chance.randint(1, 4)):
            at = chance.randrange(len(answer))
            answer[at : at + chance.choice((0, 1, 1, 5))] = chance.choice(
                (b"", b"\r\n", b"\x00", b"\xff", b"9", b":", bytes(answer[at : at + 9]), chance.randbytes(3))
            )
        call = CREATE if number % 2 else READ
        outcome, seen = met(call, then_end(bytes(answer)), timeout=(5, 5), exact=False)
        if isinstance(outcome, Reply):
            with contextlib.suppress(ToolError):
                outcome.json()
            assert outcome.told.isprintable()
        else:
            assert type(outcome) in (Answered, Refused, TryLater, OutcomeUnknown)
            assert outcome.text.isprintable()
        kinds.add(type(outcome))
        assert seen == 1 or b"429" in answer
    assert kinds == {Reply, Answered, Refused, TryLater, OutcomeUnknown}


def test_an_answer_that_breaks_off_is_not_taken_for_whole():
    """The control: the same answer in full is given."""
    whole = said(201, {"id": 1})
    assert met(CREATE, whole)[0].json() == {"id": 1}
    assert isinstance(met(CREATE, then_end(whole[:-1]))[0], OutcomeUnknown)


def test_what_could_not_be_sent_is_put_off_also_for_a_create():
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    for call in (CREATE, READ):
        with speaking(f"http://127.0.0.1:{port}") as http:
            outcome = ended(http, call)
            assert isinstance(outcome, TryLater)
            assert timedelta(seconds=20) < outcome.after < timedelta(seconds=100)
            assert http.calls == 0


def test_a_write_that_may_have_been_done_stays_unknown_when_the_tool_is_gone_at_the_next_try():
    with Tool(said(), reset) as tool, speaking(tool) as http:
        http.get("/before")
        tool._listener.close()
        assert isinstance(ended(http, REPLACE), OutcomeUnknown)


def test_a_write_that_may_have_been_done_stays_unknown_when_the_next_try_meets_a_limit():
    limit = said(429, headers={"Retry-After": "7200"})
    outcome, seen = met(REPLACE, said(503), limit, known=True)
    assert isinstance(outcome, OutcomeUnknown)
    assert seen == 2


def test_statuses_that_are_asked_for_are_given_back():
    for status in (304, 404, 409, 412, 500):
        outcome, seen = met(replace(READ, accept=frozenset({status})), said(status, {"a": 1}))
        assert outcome.status == status
        assert seen == 1


@pytest.mark.parametrize("status", [200, 202, 203])
@pytest.mark.parametrize("call", [READ, CREATE], ids=str)
def test_a_page_instead_of_data_is_a_sign_in_and_refused(call, status):
    outcome, _ = met(call, PAGE.replace(b"200 OK", f"{status} OK".encode()))
    assert isinstance(outcome, Refused)
    assert "sign-in" in outcome.text


def test_a_page_is_given_where_a_page_was_asked_for():
    outcome, _ = met(replace(READ, headers=(("Accept", "text/html"),)), PAGE)
    assert outcome.body.startswith(b"<!DOCTYPE")
    with pytest.raises(Refused, match="sign-in"):
        outcome.json()


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"not json", b"[" * 100_000, b"<xml/>"])
def test_what_is_no_json_says_so_and_leaves_a_create_unknown(body):
    for call, meaning in ((READ, Refused), (CREATE, OutcomeUnknown)):
        outcome, _ = met(call, said(200, body, {"Content-Type": "application/json"}))
        with pytest.raises(meaning, match="no JSON"):
            outcome.json()


def test_json_is_read_in_every_encoding_that_json_may_have():
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        assert met(READ, said(200, '{"a": "é"}'.encode(encoding)))[0].json() == {"a": "é"}


def test_headers_are_found_in_any_case_and_links_by_their_relation():
    link = '<https://x.example/a?page=2,3>; rel="next last", <https://x.example/a>; rel=first'
    reply, _ = met(READ, said(200, headers={"LINK": link, "X-One": "1"}))
    assert reply.headers["x-one"] == reply.headers["X-ONE"] == "1"
    assert reply.links == {
        "next": "https://x.example/a?page=2,3",
        "last": "https://x.example/a?page=2,3",
        "first": "https://x.example/a",
    }


def test_a_call_arrives_as_it_was_written():
    call = Call(
        "PATCH",
        "/wit/$batch",
        (("a", "ä&b"), ("a", "2")),
        body=b"[1]",
        headers=(("Content-Type", "application/json-patch+json"),),
    )
    with Tool() as tool, speaking(tool) as http:
        http.call(call)
        head, _, body = tool.requests[0].decode().partition("\r\n\r\n")
    assert head.startswith("PATCH /wit/$batch?a=%C3%A4%26b&a=2 HTTP/1.1")
    assert "application/json-patch+json" in head
    assert "User-Agent: interoffice/" in head
    assert "Authorization: Bearer" in head
    assert body == "[1]"


def test_connections_are_used_again_and_cookies_are_not_kept():
    with Tool(said(headers={"Set-Cookie": "session=1"})) as tool, speaking(tool) as http:
        for _ in range(5):
            http.get("/x")
        assert tool.connects == 1
        assert not any(b"cookie" in request.lower() for request in tool.requests)


@pytest.mark.parametrize(
    "path",
    ["issues", "//evil.example/x", "/\\evil.example", "https://evil.example/", "/a?b=1", "/a#b", "/../admin", "/a/%2e%2E/b", "/a/./b",
     "/a\r\nHost: evil", "/a\x00", "/a\\..\\b", "", "/a%5c..%5cb", "/a\u202eb"],
)  # fmt: skip
def test_what_is_no_path_below_the_tool_is_not_called(path):
    with Tool() as tool, speaking(tool) as http:
        with pytest.raises(Refused, match="no path"):
            http.get(path)
        assert tool.connects == 0


def test_the_address_of_a_next_page_is_followed_only_below_the_tool():
    with Tool() as tool, speaking(tool.url + "/jira") as http:
        assert http.below(f"{tool.url}/jira/rest/x?a=1&b=%20") == ("/rest/x", (("a", "1"), ("b", " ")))
        assert http.below("/jira/rest/x") == ("/rest/x", ())
        for evil in (
            "https://evil.example/jira/x", "//evil.example/jira/x", "/other/x", "/jirax/y", tool.url.replace("http", "https") + "/jira/x",
            tool.url.replace("127.0.0.1", "127.0.0.2") + "/jira/x", "http://[::1/", "/jira/../x",
        ):  # fmt: skip
            with pytest.raises(Refused):
                http.get(*http.below(evil))
        assert tool.connects == 0


@pytest.mark.parametrize(
    "base",
    ["", "pmo.example", "ftp://pmo.example", "http://", "http://u:p@pmo.example", "https://token@pmo.example", "https://pmo.example/?a=1",
     "https://pmo.example/#a", "http://[::1", "https://pmo.example:99999", "file:///etc/passwd", "https:///x", "unix:///run/docker.sock"],
)  # fmt: skip
def test_an_address_that_is_none_or_holds_a_secret_is_refused_at_once(base):
    with pytest.raises(Refused, match="url"), speaking(base):
        pass


def test_a_call_that_cannot_be_written_is_refused_and_not_sent():
    for call, auth in (
        (READ, {"Authorization": "Bearer a\r\nHost: b"}),
        (READ, {"Authorization": "Bearer Łódź"}),
        (replace(CREATE, json={"a": float("nan")}), {}),
    ):
        with Tool() as tool, speaking(tool, auth=lambda given=auth: given) as http:
            with pytest.raises(Refused, match="cannot be written"):
                http.call(call)
            assert not tool.requests


def test_an_answer_that_is_too_long_is_not_read():
    outcome, seen = met(READ, said(200, b"x" * 200_000), cap=100_000)
    assert isinstance(outcome, Refused)
    assert "100,000 bytes" in outcome.text
    assert seen == 1
    assert isinstance(met(CREATE, said(201, b"x" * 200_000), cap=100_000)[0], OutcomeUnknown)
    assert len(met(READ, said(200, b"x" * 100_000), cap=100_000)[0].body) == 100_000


def test_a_compressed_answer_is_opened_and_its_opened_size_counts():
    small = gzip.compress(json.dumps({"a": "x" * 1000}).encode())
    assert met(READ, said(200, small, {"Content-Encoding": "gzip"}))[0].json() == {"a": "x" * 1000}
    bomb = gzip.compress(bytes(200_000))
    outcome, _ = met(READ, said(200, bomb, {"Content-Encoding": "gzip"}), cap=100_000)
    assert isinstance(outcome, Refused)


@pytest.mark.servers  # many seconds
def test_a_bomb_takes_no_memory():
    """A quarter of a GB of zeros in 250 kB, read in a process of its own; the control is requests by itself."""
    squeezer = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = b"".join(squeezer.compress(bytes(2**20)) for _ in range(256)) + squeezer.flush()
    with Tool(said(200, bomb, {"Content-Encoding": "gzip"})) as tool:
        code = f"""if True:
            from pathlib import Path
            from datetime import UTC, datetime
            import requests
            from connectors.errors import Refused
            from connectors.http.client import Http
            def peak():  # of this program alone: what getrusage tells begins at the peak of who started it
                return int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) / 1024
            http = Http({tool.url!r}, auth=dict, now=lambda: datetime.now(UTC), allow=["127.0.0.1"])
            before = peak()
            try: http.get("/x")
            except Refused: print("refused", peak() - before)
            len(requests.get({tool.url!r}, timeout=60).content)
            print(peak() - before)
        """
        done = subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            cwd=Path(__file__).parents[3],
        )
    word, ours, control = done.stdout.split()
    assert word == "refused"
    assert float(ours) < 50
    assert float(control) > 200


@pytest.mark.parametrize(
    "start",
    [b"", b"HTTP/1.1 200 OK\r\nX-Slow: ", said(200, b"{}", {"Content-Length": "1000"})],
    ids=["at once", "in a header", "in the body"],
)
def test_an_answer_that_drips_is_ended_although_each_byte_comes_in_time(start):
    drip = Drip(start, every=0.02)
    outcome, seen = met(CREATE, drip, timeout=(5, 5), deadline=0.3)
    assert isinstance(outcome, OutcomeUnknown)
    assert "in time" in outcome.text
    assert seen == 1
    assert drip.sent < 200


def test_no_single_read_waits_longer_than_the_call_may_last():
    """The tool would say something after three seconds, and each read may take five."""
    spoke = []

    def late(line):
        line.settimeout(3)
        try:
            line.recv(1)
        except TimeoutError:
            spoke.append(line.send(b"H"))

    outcome, _ = met(CREATE, late, timeout=(5, 5), deadline=0.2)
    assert "in time" in outcome.text
    assert not spoke


def test_a_drip_that_ends_within_its_time_is_read():
    """The control."""

    def slow(line):
        for byte in said(200, {"a": 1}):
            line.sendall(bytes([byte]))

    assert met(READ, slow)[0].json() == {"a": 1}


def test_the_least_time_of_calls_follows_the_strictest_limit():
    limits = Limits(per_minute=600, per_hour=5000, writes_per_minute=80, writes_per_hour=500)
    assert limits.seconds(2000, 2000) == pytest.approx(4 * 3600)
    assert limits.seconds(2000, 0) == pytest.approx(2000 / 5000 * 3600)
    assert Limits().seconds(10**6, 10**6) == 0


def test_errors_survive_the_way_between_processes():
    for error in (Answered("no", 409), TryLater("soon", after=timedelta(minutes=1)), OutcomeUnknown("lost")):
        copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - made here
        assert (type(copy), copy.text, vars(copy)) == (type(error), error.text, vars(error))
