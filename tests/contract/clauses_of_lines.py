"""What a connector over HTTP promises when the connection or the server does not do what it should."""

import json
import time
from datetime import UTC, datetime, timedelta

import pytest

from connectors.errors import Refused, ToolError, TryLater
from connectors.http.calls import Answered
from connectors.protocol import Done
from domain.organization.office import Access
from tests.connectors.deciding import decided
from tests.contract.bench import Bench, put
from tests.contract.clauses import clause
from tests.contract.clauses_of_all import LATER, dones
from tests.standins.world import Answer

CANARY = "canary-0c9d1f77ae52"
TROUBLE = Answer(502, {"message": "bad gateway"})
ALWAYS = 10_000


def failing(bench: Bench, **fault):
    """The error of a reading on which something goes wrong."""
    tool = bench.tool()
    bench.standin.fault(**{"method": "", "times": ALWAYS, **fault})
    with pytest.raises(ToolError) as caught:
        tool.read()
    return caught.value


def writing(bench: Bench, tool, *wanted, **fault):
    """What becomes of these when something goes wrong on the writing calls; reading them goes well."""
    digest = tool.read().digest
    bench.settle()
    planted = bench.standin.fault(**fault)
    planted.meets = only_writes(planted)
    return tool.put(decided(*wanted), digest), planted


def only_writes(fault):
    """A fault that meets calls that change something, a POST that only asks not among them."""
    meets = fault.meets

    def act(asked):
        asks = asked.method == "GET" or any(word in asked.path for word in ASKING)
        return not asks and meets(asked)

    return act


ASKING = ("/search", "/wiql", "/workitemsbatch", "/graphql-read", "/jql", "/bulkfetch")
"""Parts of the paths of POSTs that only ask."""


def made(bench: Bench, key: str) -> int:
    """How many things bear the key, counted in the tool."""
    bench.settle()
    return bench.count(key)


def unhurried(tool) -> list[float]:
    """The connector's waits, in seconds: noted, and not slept; its clock goes on by them."""
    waits: list[float] = []
    real, patience = tool.http._now, tool.http._patience

    def now():
        return real() + timedelta(seconds=sum(waits))

    tool.http._now = patience.now = now
    patience._pause = waits.append
    return waits


# Who we are, and what we may.


@clause("standin")
def who_is_not_known_is_refused_and_told_where_the_credential_is_named(bench: Bench) -> None:
    problem = failing(bench, answer=Answer(401, {"message": "who are you?"}))
    assert isinstance(problem, Refused)
    assert "credential" in problem.text


@clause("standin")
def who_may_not_read_is_refused_and_told_of_the_right(bench: Bench) -> None:
    problem = failing(bench, answer=Answer(403, {"message": "not for you"}))
    assert isinstance(problem, Refused)
    assert "right" in problem.text


@clause("standin")
def what_is_not_there_is_refused_in_the_tool_s_own_words(bench: Bench) -> None:
    problem = failing(bench, answer=Answer(404, {"message": "no such place, says the server"}))
    assert isinstance(problem, Refused)
    assert "404" in problem.text


@clause("standin")
def after_a_refusal_that_meets_all_nothing_more_is_sent(bench: Bench) -> None:
    tool = bench.tool()
    wanted = [bench.item(f"k/{n}") for n in range(6)]
    for status, becomes in ((401, Done.LATER), (403, Done.REFUSED)):
        written, fault = writing(bench, tool, *wanted, times=ALWAYS, answer=Answer(status, {"message": "no"}))
        assert set(dones(written)) == {becomes}
        assert fault.fired == 1, "what meets every call was tried again and again"
        bench.standin.faults.clear()


@clause("standin", "count")
def what_the_tool_refuses_is_refused_in_its_own_words(bench: Bench) -> None:
    tool = bench.tool()
    put(bench, tool, bench.item("k/1"))
    no = Answer(422, {"message": "a Friday is refused here", "errorMessages": ["a Friday is refused here"]})
    written, _ = writing(bench, tool, bench.item("k/1", due=LATER), answer=no)
    assert dones(written) == [Done.REFUSED]
    assert "a Friday is refused here" in written.results[0].why


@clause("standin", "count")
def a_write_to_what_was_changed_is_looked_at_and_tried_once_more(bench: Bench) -> None:
    tool = bench.tool()
    put(bench, tool, bench.item("k/1"))
    written, fault = writing(bench, tool, bench.item("k/1", due=LATER), answer=Answer(409, {"message": "stale"}))  # fmt: skip
    assert fault.fired == 1
    assert dones(written) == [Done.UPDATED]


@clause("standin")
def a_sign_in_page_is_no_answer(bench: Bench) -> None:
    page = Answer(200, headers={"Content-Type": "text/html"}, raw=b"<html><title>Sign in</title></html>")
    problem = failing(bench, answer=page)
    assert isinstance(problem, Refused)
    assert "page" in problem.text


@clause("standin")
def a_redirect_is_not_followed(bench: Bench) -> None:
    away = Answer(302, headers={"Location": "https://elsewhere.example/login?token=x"})
    problem = failing(bench, answer=away)
    assert isinstance(problem, Refused)
    assert not isinstance(problem, TryLater)
    assert "elsewhere.example" in problem.text


# Waits.


@clause("standin")
def a_short_wait_is_kept_and_the_call_repeated(bench: Bench) -> None:
    tool = bench.tool()
    slow = Answer(429, {"message": "slow down"}, {"Retry-After": "1"})
    fault = bench.standin.fault(answer=slow)
    waits, began = unhurried(tool), time.monotonic()
    assert tool.read().plans
    assert fault.fired == 1
    assert sum(waits) + time.monotonic() - began >= 1, "it did not wait as long as it was asked to"


@clause("standin")
def a_long_wait_is_told_with_its_time_and_not_slept(bench: Bench) -> None:
    tool = bench.tool()
    waits, begin = unhurried(tool), datetime.now(UTC)
    bench.standin.fault(times=ALWAYS, answer=Answer(429, {"message": "tomorrow"}, {"Retry-After": "7200"}))
    with pytest.raises(TryLater) as caught:
        tool.read()
    assert caught.value.due(begin) >= begin + timedelta(seconds=7000)
    assert sum(waits) <= 60


@clause("standin", "count")
def what_the_tool_puts_off_is_written_later_and_once(bench: Bench) -> None:
    tool = bench.tool()
    off = Answer(429, {"message": "tomorrow"}, {"Retry-After": "7200"})
    wanted = [bench.item(f"k/{n}") for n in range(2 * (tool.spec.batch or 1))]
    written, fault = writing(bench, tool, *wanted, times=ALWAYS, answer=off)
    assert set(dones(written)) == {Done.LATER}
    assert fault.fired == 1
    fault.times = 0
    assert set(dones(put(bench, bench.tool(), *wanted))) == {Done.CREATED}
    assert {made(bench, each.key) for each in wanted} == {1}


# Outcomes that are not known.


@clause("standin")
def trouble_while_reading_is_tried_again_and_then_put_off(bench: Bench) -> None:
    tool = bench.tool()
    waits = unhurried(tool)
    tool.read()
    passing = bench.standin.fault(answer=TROUBLE)
    assert tool.read().plans
    assert passing.fired == 1
    lasting = bench.standin.fault(times=ALWAYS, answer=TROUBLE)
    with pytest.raises(TryLater):
        tool.read()
    assert 1 <= lasting.fired <= 5, "a dead server is called for ever"
    assert sum(waits) <= 60


@clause("standin", "count")
def a_create_that_got_no_answer_is_unknown_and_not_sent_again(bench: Bench) -> None:
    tool = bench.tool()
    written, fault = writing(bench, tool, bench.item("k/1"), applied=True)
    assert dones(written) == [Done.UNKNOWN]
    assert fault.fired == 1
    assert made(bench, "k/1") == 1
    assert dones(put(bench, bench.tool(), bench.item("k/1"))) in ([Done.SAME], [Done.UPDATED])
    assert made(bench, "k/1") == 1


@clause("standin", "count")
def a_create_that_was_answered_with_trouble_is_unknown(bench: Bench) -> None:
    tool = bench.tool()
    written, fault = writing(bench, tool, bench.item("k/1"), applied=True, answer=TROUBLE)
    assert dones(written) == [Done.UNKNOWN]
    assert fault.fired == 1
    assert dones(put(bench, bench.tool(), bench.item("k/1"))) in ([Done.SAME], [Done.UPDATED])
    assert made(bench, "k/1") == 1


@clause("standin", "count")
def one_unknown_outcome_does_not_end_the_others(bench: Bench) -> None:
    tool = bench.tool()
    size = tool.spec.batch or 1
    put(bench, tool, bench.item("k/before"))  # it shows that the key is held there
    wanted = [bench.item(f"k/{n}") for n in range(size + 1)]
    written, _ = writing(bench, tool, *wanted, applied=True)
    assert dones(written)[:size] == [Done.UNKNOWN] * size
    assert dones(written)[size:] == [Done.CREATED]


# Time, size, and what is told.


@clause("standin")
def no_call_waits_for_ever(bench: Bench) -> None:
    tool = bench.tool()
    assert all(0 < seconds <= 60 for seconds in tool.http._timeout)
    unhurried(tool)
    tool.http._timeout = (1.0, 0.05)
    bench.standin.fault(times=ALWAYS, slow=0.2)
    begin = time.monotonic()
    with pytest.raises(ToolError):
        tool.read()
    assert time.monotonic() - begin < 60


@clause("standin", "again")
def the_credential_stands_in_no_error(bench: Bench) -> None:
    echo = {"message": f"bad token {CANARY}, said Authorization: Bearer {CANARY}"}
    answers = [Answer(status, echo, {"X-Echo": CANARY}) for status in (400, 401, 403, 404, 422, 500)]
    answers.append(Answer(302, None, {"Location": f"https://elsewhere.example/?x={CANARY}"}))
    answers.append(Answer(200, headers={"Content-Type": "text/html"}, raw=f"<html>{CANARY}".encode()))
    for answer in answers:
        tool = bench.again(secret=lambda: CANARY)
        unhurried(tool)
        fault = bench.standin.fault(times=ALWAYS, answer=answer)
        with pytest.raises(ToolError) as caught:
            tool.read()
        told = [caught.value.text, repr(caught.value), *tool.check().remarks]
        fault.times = 0
        assert CANARY not in " ".join(told), f"{answer.status}: the credential is told"


@clause("standin")
def a_refused_write_does_not_say_the_credential_back(bench: Bench) -> None:
    tool = bench.tool()
    secrets = [value.split()[-1] for value in tool.http._auth().values()]
    digest = tool.read().digest
    said = f"we know {' and '.join(secrets)}"
    echo = {"message": said, "errorMessages": [said], "errors": [said]}
    for status in (400, 403, 422):
        fault = bench.standin.fault(method="POST", times=ALWAYS, answer=Answer(status, echo))
        (result,) = tool.put(decided(bench.item("k/1")), digest).results
        fault.times = 0
        assert result.done is not Done.CREATED
        assert not [each for each in secrets if each in repr(result)], f"{status}: the credential is told"


@clause("standin", "again")
def the_credential_stands_in_no_call_that_is_listed(bench: Bench) -> None:
    tool = bench.tool()
    secret = tool.http._auth()
    written = put(bench, tool, bench.item("k/1"), bench.question("q/1"))
    told = json.dumps([*written.calls, repr(written), repr(tool.read())])
    assert not [value for value in secret.values() if value.split()[-1] in told]


@clause("standin")
def an_answer_that_is_cut_off_is_no_answer(bench: Bench) -> None:
    problem = failing(bench, answer=Answer(200, raw=b'{"tickets": [{"numb'))
    assert isinstance(problem, Refused | TryLater)
    assert not isinstance(problem, Answered)


@clause("standin")
def an_observer_s_put_makes_no_writing_call(bench: Bench) -> None:
    tool = bench.tool(Access.OBSERVE)
    before = len(bench.standin.log)
    put(bench, tool, bench.item("k/1"), bench.question("q/1"))
    sent = bench.standin.log[before:]
    assert not [
        (method, path)
        for method, path in sent
        if method != "GET" and not any(word in path for word in ASKING)
    ]
