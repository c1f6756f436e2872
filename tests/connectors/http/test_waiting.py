"""A tool's request to wait is kept, or raised with its time; in every form of it, and within one limit."""

import threading
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.errors import OutcomeUnknown, Refused, TryLater
from connectors.http import waiting
from connectors.http.client import Answered, Call, Limits
from connectors.http.pacing import rates_of
from tests.connectors.http.loopback import Clock, Tool, reset, said, speaking

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
SOON = NOW + timedelta(seconds=20)
LATER = NOW + timedelta(hours=2)
CREATE = Call("POST", "/issues", json={}, creates=True)
CHANGE = Call("PATCH", "/issues/1", json={})


def styles(at):
    """A point in time in every style in which servers say it."""
    return {
        "delta seconds": {"Retry-After": str(int((at - NOW).total_seconds()))},
        "delta with a fraction": {"Retry-After": str((at - NOW).total_seconds())},
        "HTTP date": {"Retry-After": format_datetime(at, usegmt=True)},
        "epoch seconds": {"Retry-After": str(int(at.timestamp()))},
        "epoch milliseconds": {"Retry-After": str(int(at.timestamp() * 1000))},
        "ISO": {"Retry-After": at.isoformat()},
        "ISO with Z": {"Retry-After": at.strftime("%Y-%m-%dT%H:%M:%SZ")},
        "Jira's reset": {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": at.strftime("%Y-%m-%dT%H:%MZ") if at.second == 0 else at.isoformat()},
        "GitHub's reset": {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(at.timestamp()))},
        "the draft's reset": {"RateLimit-Remaining": "0", "RateLimit-Reset": str(int((at - NOW).total_seconds()))},
        "garbage besides a reset": {"Retry-After": "soon", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": at.isoformat()},
    }  # fmt: skip


GARBAGE = ["", "soon", "-5", "0", "nan", "inf", "-inf", "1e400", "99999999999999999999", "Mon, 99 Foo 2027", "2027-13-45T00:00:00Z",
           "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", "1", "\u0661\u0662", "Thu, 01 Jan 1970 00:00:00 GMT", "0x10"]  # fmt: skip


@pytest.mark.parametrize("style", styles(SOON))
@pytest.mark.parametrize("call", [CREATE, Call("GET", "/issues")], ids=str)
def test_a_short_wait_is_waited_in_every_style_and_the_call_made_again(call, style):
    clock = Clock()
    with (
        Tool(said(429, headers=styles(SOON)[style]), said(200, {"id": 1})) as tool,
        speaking(tool, clock) as http,
    ):
        assert http.call(call).json() == {"id": 1}
        assert len(tool.requests) == 2
    assert SOON <= clock.time <= SOON + timedelta(seconds=1)


@pytest.mark.parametrize("style", styles(LATER))
@pytest.mark.parametrize("call", [CREATE, Call("GET", "/issues")], ids=str)
def test_a_long_wait_is_told_with_its_time_and_not_slept(call, style):
    clock = Clock()
    with Tool(said(429, headers=styles(LATER)[style])) as tool, speaking(tool, clock) as http:
        with pytest.raises(TryLater) as told:
            http.call(call)
        assert told.value.at == LATER
        assert len(tool.requests) == 1
        with pytest.raises(TryLater) as again:
            http.get("/other")
        assert again.value.at == LATER
        assert len(tool.requests) == 1
    assert clock.waits == []


@pytest.mark.parametrize("style", styles(SOON))
def test_a_wait_on_a_success_puts_off_the_next_call(style):
    clock = Clock()
    with Tool(said(200, headers=styles(SOON)[style]), said()) as tool, speaking(tool, clock) as http:
        http.get("/a")
        assert clock.waits == []
        http.get("/b")
        assert SOON <= clock.time <= SOON + timedelta(seconds=1)
        http.get("/c")
        assert len(clock.waits) == 1
        assert len(tool.requests) == 3


def test_a_long_wait_on_a_success_gives_the_answer_and_raises_at_the_next_call():
    with Tool(said(200, {"id": 1}, styles(LATER)["delta seconds"])) as tool, speaking(tool) as http:
        assert http.get("/a").json() == {"id": 1}
        with pytest.raises(TryLater) as told:
            http.call(CREATE)
        assert told.value.at == LATER
        assert len(tool.requests) == 1


@pytest.mark.parametrize("text", GARBAGE)
def test_what_names_no_time_to_come_is_no_wait_and_no_fault(text):
    moment = waiting.moment(text, NOW)
    assert moment is None or moment <= NOW + timedelta(seconds=12)
    clock = Clock()
    headers = {"Retry-After": text.encode().decode("latin-1")}
    with (
        Tool(said(200, {"id": 1}, headers), said(429, headers=headers), said()) as tool,
        speaking(tool, clock) as http,
    ):
        http.get("/a")
        http.get("/b")
        assert len(tool.requests) == 3
    assert sum(clock.waits) < 16


@given(st.text() | st.floats().map(str) | st.integers().map(str) | st.datetimes().map(str))
def test_any_text_is_a_time_within_a_year_or_none(text):
    moment = waiting.moment(text, NOW)
    assert moment is None or (moment.tzinfo is not None and moment - NOW <= waiting.LONGEST)


def test_a_server_that_says_go_on_with_every_answer_is_not_waited_for():
    """Jira Data Center sends `retry-after: 0` always; then a 403 is a 403."""
    clock, headers = Clock(), {"retry-after": "0", "X-RateLimit-Remaining": "12"}
    with Tool(said(200, headers=headers), said(403, headers=headers)) as tool, speaking(tool, clock) as http:
        http.get("/a")
        with pytest.raises(Answered) as refused:
            http.get("/b")
        assert refused.value.status == 403
        assert len(tool.requests) == 2
    assert clock.waits == []


def test_a_403_that_is_a_limit_is_waited_for_and_one_that_is_not_is_refused():
    for answer in (
        said(403, {"message": "API rate limit exceeded"}, styles(SOON)["GitHub's reset"]),
        said(403, {"message": "You have exceeded a secondary rate limit"}, {"Retry-After": "20"}),
    ):
        with Tool(answer, said()) as tool, speaking(tool) as http:
            http.call(CREATE)
            assert len(tool.requests) == 2
    with (
        Tool(said(403, {"message": "You have exceeded a secondary rate limit"})) as tool,
        speaking(tool) as http,
    ):
        with pytest.raises(TryLater) as told:
            http.call(CREATE)
        assert told.value.at >= NOW + timedelta(seconds=60)
    with Tool(said(403, {"message": "Forbidden"})) as tool, speaking(tool) as http, pytest.raises(Answered):
        http.call(CREATE)


@pytest.mark.parametrize("reason", ["jira-burst-based", "jira-per-issue-on-write"])
def test_jiras_short_limits_are_waited_for(reason):
    with (
        Tool(said(429, headers={"RateLimit-Reason": reason, "Retry-After": "5"}), said()) as tool,
        speaking(tool) as http,
    ):
        http.call(CREATE)
        assert len(tool.requests) == 2


@pytest.mark.parametrize("reason", ["jira-quota-global-based", "jira-quota-tenant-based"])
@pytest.mark.parametrize("after", [{}, {"Retry-After": "5"}])
def test_jiras_quota_stops_until_its_reset(reason, after):
    headers = {
        "RateLimit-Reason": reason,
        "X-RateLimit-Remaining": "0",
        "X-RateLimit-Reset": LATER.isoformat(),
        **after,
    }
    clock = Clock()
    with Tool(said(429, headers=headers), said()) as tool, speaking(tool, clock) as http:
        with pytest.raises(TryLater) as told:
            http.call(CREATE)
        assert told.value.at == LATER
        assert len(tool.requests) == 1
    assert clock.waits == []


@pytest.mark.parametrize("each", [10, 25, 40, 60])
def test_all_the_waits_of_a_call_together_stay_within_its_patience(each):
    clock = Clock()
    limit = said(429, headers={"Retry-After": str(each)})
    with Tool(limit) as tool, speaking(tool, clock, patience=60, attempts=9) as http:
        with pytest.raises(TryLater):
            http.call(CREATE)
        assert len(tool.requests) in (60 // each, 60 // each + 1)  # each wait is a little longer than asked
    assert sum(clock.waits) <= 60.01


def test_a_write_that_a_limit_refused_is_sent_again_and_one_in_trouble_is_not():
    for answer, seen, meaning in (
        (said(429, headers={"Retry-After": "1"}), 3, TryLater),
        (said(503, headers={"Retry-After": "1"}), 1, OutcomeUnknown),
    ):
        for call in (CREATE, CHANGE):
            with Tool(answer) as tool, speaking(tool) as http:
                with pytest.raises(meaning):
                    http.call(call)
                assert len(tool.requests) == seen


def test_trouble_that_names_a_time_is_put_off_until_then():
    with Tool(said(), said(503, headers=styles(LATER)["HTTP date"])) as tool, speaking(tool) as http:
        http.get("/before")
        with pytest.raises(TryLater) as told:
            http.get("/x")
        assert told.value.at == LATER
        assert len(tool.requests) == 2


# Limits of our own


def most_within(times, seconds):
    """The most calls within any span of so many seconds."""
    return max(sum(1 for other in times if start <= other < start + seconds) for start in times)


@pytest.mark.parametrize(
    ("limits", "span", "most"),
    [
        (Limits(per_second=4), 1, 4),
        (Limits(per_second=0.5), 2, 1),
        (Limits(per_minute=30), 60, 30),
        (Limits(per_second=5, per_minute=40), 60, 40),
    ],
)
def test_a_limit_is_kept_in_every_span_by_waiting(limits, span, most):
    clock, times = Clock(), []
    with Tool() as tool, speaking(tool, clock, limits=limits) as http:
        for _ in range(90):
            http.get("/x")
            times.append(clock.time.timestamp())
    assert most_within(times, span) == most
    assert limits.seconds(90, 0) * 0.6 <= times[-1] - times[0] <= limits.seconds(90, 0) * 1.2


def test_without_a_limit_nothing_waits():
    """The control: the same calls in no time."""
    clock = Clock()
    with Tool() as tool, speaking(tool, clock) as http:
        for _ in range(90):
            http.get("/x")
    assert clock.waits == []


def test_the_limit_of_writes_holds_besides_that_of_all_calls():
    limits, clock, times, writes = Limits(per_minute=40, writes_per_minute=10), Clock(), [], []
    with Tool() as tool, speaking(tool, clock, limits=limits) as http:
        for number in range(120):
            http.call(CREATE if number % 2 else Call("GET", "/x"))
            times.append(clock.time.timestamp())
            if number % 2:
                writes.append(times[-1])
    assert most_within(writes, 60) == 10
    assert most_within(times, 60) <= 40


def test_tries_again_count_for_the_limit():
    with Tool(said(), said(500)) as tool, speaking(tool, limits=Limits(per_hour=3)) as http:
        http.get("/a")
        with pytest.raises(TryLater) as told:
            http.get("/b")
        assert len(tool.requests) == 3
        with pytest.raises(TryLater) as told:
            http.get("/c")
        assert told.value.at > NOW + timedelta(minutes=59)
        assert len(tool.requests) == 3


def test_a_limit_that_is_far_used_up_is_told_with_its_time_and_nothing_is_sent():
    clock = Clock()
    with Tool() as tool, speaking(tool, clock, limits=Limits(per_hour=5)) as http:
        for _ in range(5):
            http.get("/x")
        with pytest.raises(TryLater) as told:
            http.call(CREATE)
        assert len(tool.requests) == http.calls == 5
        assert abs(told.value.at - (NOW + timedelta(hours=1))) < timedelta(seconds=1)
        assert clock.waits == []
        clock.time = told.value.at
        http.call(CREATE)


def test_a_clock_that_is_set_back_does_not_stop_the_calls():
    clock = Clock()
    with Tool() as tool, speaking(tool, clock, limits=Limits(per_minute=5)) as http:
        for number in range(30):
            http.get("/x")
            if number == 7:
                clock.time -= timedelta(hours=3)
    assert sum(clock.waits) < 10 * 60


def test_limits_that_others_imply_are_left_out():
    assert [
        (rate.limit, rate.interval)
        for rate in rates_of({"per_second": 1, "per_minute": 100, "per_hour": 5000})
    ] == [(1, 1000)]
    assert [(rate.limit, rate.interval) for rate in rates_of({"per_second": 100, "per_minute": 50})] == [
        (50, 60_000)
    ]
    assert [(rate.limit, rate.interval) for rate in rates_of({"per_minute": 80, "per_hour": 500})] == [
        (80, 60_000),
        (500, 3_600_000),
    ]


# An outage


def tried(http):
    """Whether a try succeeded, and otherwise when the next one is due."""
    try:
        http.get("/issues")
    except TryLater as error:
        return error
    return None


OUTAGES = {
    "503": said(503),
    "503 with a wait": said(503, headers={"Retry-After": "45"}),
    "reset": reset,
    "504": said(504),
}


def through(outage, clients, *, fresh):
    """Half an hour of an outage: the tries, the calls in it, and the minute of each call by client."""
    start, end = NOW, NOW + timedelta(minutes=30)
    tries, calls, longest, moments, recovered = 0, 0, 0.0, [], []
    for _ in range(clients):
        with Tool(*[said()] * 40, outage) as tool:
            clock = Clock()
            with speaking(tool, clock) as http:
                for _ in range(40):  # a good while before it
                    http.get("/issues")
                before = len(tool.requests)
                current = http
                while clock.time < end:
                    tries += 1
                    waits = len(clock.waits)
                    if fresh:
                        with speaking(tool, clock) as other:
                            told = tried(other)
                    else:
                        told = tried(current)
                    moments.append((clock.time - start).total_seconds())
                    longest = max(longest, sum(clock.waits[waits:]))
                    clock.time = told.due(clock.time)
                calls += len(tool.requests) - before
                tool.answers = [said()]
                assert tried(http) is None
                recovered.append((clock.time - end).total_seconds())
    return tries, calls, longest, moments, recovered


@pytest.mark.servers  # many seconds
@pytest.mark.parametrize("kind", OUTAGES)
@pytest.mark.parametrize("fresh", [False, True], ids=["one client kept", "a new client each time"])
def test_half_an_hour_of_outage_makes_hardly_more_calls_than_tries(kind, fresh):
    clients = 50 if kind == "503" and not fresh else 5
    tries, calls, longest, moments, recovered = through(OUTAGES[kind], clients, fresh=fresh)
    assert tries >= clients * 20
    assert calls <= tries * 1.2
    assert longest <= 60
    assert max(recovered) <= 90 + 60
    if clients == 50:
        late = [moment for moment in moments if moment > 600]
        fullest = max(
            sum(1 for moment in late if start <= moment < start + 5) for start in range(600, 1800, 5)
        )
        assert fullest <= 3 * len(late) / 240 + 6  # all began together; a crowd would be 50


def test_a_client_without_a_budget_would_multiply_the_outage(monkeypatch):
    """The control: each try is made three times."""
    monkeypatch.setattr("connectors.http.client.Http._afford", lambda _: True)
    tries, calls, *_ = through(OUTAGES["503"], 2, fresh=False)
    assert calls > tries * 2.5


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422])
def test_refusals_are_never_tried_again_however_many_retries_were_earned(status):
    with Tool(*[said()] * 40, said(status)) as tool, speaking(tool) as http:
        for _ in range(40):
            http.get("/x")
        for number in range(20):
            with pytest.raises(Answered):
                http.get("/x")
            assert len(tool.requests) == 41 + number


def test_retries_are_earned_by_answers_and_a_tool_that_never_answered_has_none():
    with Tool(said(503)) as tool, speaking(tool) as http:
        with pytest.raises(TryLater):
            http.get("/x")
        assert len(tool.requests) == 1
    with Tool(said(404), said(503)) as tool, speaking(tool) as http:
        with pytest.raises(Refused):
            http.get("/x")
        with pytest.raises(TryLater):
            http.get("/x")
        assert len(tool.requests) == 4


def test_clients_of_several_threads_each_keep_their_own_count():
    def work():
        with speaking(tool) as http:
            for _ in range(20):
                http.get("/x")
            counts.append(http.calls)

    counts: list[int] = []
    with Tool() as tool:
        threads = [threading.Thread(target=work) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert counts == [20] * 8
        assert len(tool.requests) == 160
