"""A link that was used, has ended, was changed, or is somebody else's decides nothing, says so, and is counted."""

from __future__ import annotations

import gc
import random
import re
import time
from collections import Counter
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from config.deciding import law_of
from config.keyfile import link_key
from config.organization_now import OrganizationNow
from config.standing_in import end, set_absence
from config.tokens import decision_token, form_mark, link_mark, unsealed
from config.voting import take_vote, vote_of, withdraw
from domain.decisions.links import DecisionLink, Over
from domain.decisions.request import Channel, Choice, RequestState
from domain.organization.absence import Absence
from gateway.limits import LARGEST, Rates
from gateway.pages import deciding, decision_links
from gateway.pages.decision_links import Visitors
from tests.gateway.pages.approvers import SIGNIFICANT, Approving, approving, words


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("desk")
    with pytest.MonkeyPatch.context() as patched, approving(folder, patched) as found:
        yield found


def forged(made: Approving, **changed: object) -> str:
    """The path of a link whose row in the store is otherwise than the one that is sent."""
    secret, now = f"secret-{random.random()}", datetime.now(UTC).replace(microsecond=0)
    request = made.request()
    given = DecisionLink(
        link_mark(secret), request.id, "tom", request.shown.digest, now, now + timedelta(days=9)
    )
    link = replace(given, **changed)
    with made.desk.application.store.begin() as unit:
        unit.decision_links.add(link)
        unit.commit()
    key = link_key(made.desk.application.settings.state)
    return f"/decide/{decision_token(key, secret, link.until)}"


def by_tool(made: Approving, person: str, choice: Choice) -> None:
    with made.desk.application.store.begin() as unit:
        law = law_of(unit, made.desk.application.organization, made.desk.application.clock.now())
        take_vote(unit, law, vote_of(made.request(), person, choice, Channel.TOOL, law.now))
        unit.commit()


def used(made: Approving) -> str:
    made.ask()
    path = made.link()
    made.answer(path, "decline", why="no")
    return path


def expired(made: Approving) -> str:
    made.ask()
    return forged(made, until=datetime.now(UTC).replace(microsecond=0) - timedelta(seconds=1))


def replaced(made: Approving) -> str:
    made.ask()
    path = made.link()
    made.link()
    return path


def withdrawn(made: Approving) -> str:
    made.ask()
    path = made.link()
    with made.desk.application.store.begin() as unit:
        withdraw(unit, made.id)
        unit.commit()
    return path


def decided_in_the_tool(made: Approving) -> str:
    made.ask()
    path = made.link()
    by_tool(made, "ewa", Choice.APPROVE)
    return path


def returned(made: Approving) -> str:
    made.ask()
    path = made.link()
    by_tool(made, "ewa", Choice.RETURN)
    return path


def past_its_end(made: Approving) -> str:
    made.ask()
    path = made.link()
    made.save(replace(made.request(), until=made.desk.application.clock.now()))
    return path


def being_changed(made: Approving) -> str:
    made.ask()
    path = made.link()
    made.save(replace(made.request(), complete=None))
    return path


def of_who_has_no_role(made: Approving) -> str:
    made.ask()
    return forged(made, person="ola")


def of_who_left(made: Approving) -> str:
    made.ask()
    return forged(made, person="somebody-who-was-here")


def of_who_asked(made: Approving) -> str:
    made.ask(requester="tom")
    return forged(made, person="tom")


def of_who_changed_it_last(made: Approving) -> str:
    made.ask(editor="tom")
    return forged(made, person="tom")


def altered(made: Approving) -> str:
    made.ask()
    path = made.link()
    return path[:-1] + ("A" if path[-1] != "A" else "B")


def cut_off(made: Approving) -> str:
    made.ask()
    return made.link()[:-7]


def of_another_purpose(made: Approving) -> str:
    made.ask()
    page = made.desk.link("ewa").rstrip("/").rpartition("/")[2]
    return f"/decide/{page}"


def never_made(made: Approving) -> str:
    made.ask()
    key = link_key(made.desk.application.settings.state)
    return f"/decide/{decision_token(key, 'nobody stored this', datetime.now(UTC) + timedelta(days=1))}"


BAD = [
    (
        used,
        410,
        Over.USED,
        "This link was used, and decides nothing any more. You declined it. It is declined.",
    ),
    (expired, 410, Over.EXPIRED, "This link has ended. While the decision waits, a new one is sent to you."),
    (replaced, 410, Over.REPLACED, "A newer link was sent to you in place of this one."),
    (withdrawn, 410, Over.WITHDRAWN, "it was withdrawn"),
    (decided_in_the_tool, 410, Over.DECIDED, "It is decided already. It is approved"),
    (returned, 410, Over.RETURNED, "It was returned with a question."),
    (past_its_end, 410, Over.ENDED, "It has to be asked for anew."),
    (being_changed, 410, Over.WITHDRAWN, "or is being changed"),
    (of_who_has_no_role, 410, Over.NO_ROLE, "your role is another one by now"),
    (of_who_left, 410, Over.NO_ROLE, "your role is another one by now"),
    (of_who_asked, 410, Over.BARRED, "you asked for it or changed it last"),
    (of_who_changed_it_last, 410, Over.BARRED, "you asked for it or changed it last"),
    (altered, 403, Over.UNKNOWN, "Copy it from the letter again"),
    (cut_off, 403, Over.UNKNOWN, "Copy it from the letter again"),
    (of_another_purpose, 403, Over.UNKNOWN, "Copy it from the letter again"),
    (never_made, 403, Over.UNKNOWN, "Copy it from the letter again"),
]


@pytest.mark.parametrize(("way", "status", "why", "said"), BAD, ids=[each[0].__name__ for each in BAD])
def test_a_link_that_decides_nothing_says_why_and_is_counted(made: Approving, way, status, why, said) -> None:
    path = way(made)
    before, decision, votes = made.refusals(), made.decision(), made.votes()
    looked = made.get(path)
    sent = made.post_form(path, {"reply": "approve", "shown": made.request().shown.digest, "form": "x"})
    for answer in (looked, sent):
        assert answer.status_code == status
        assert said in words(answer.text)
    assert made.refusals().get(why, 0) == before.get(why, 0) + 2
    assert (made.decision(), made.votes()) == (decision, votes)


def test_the_form_of_one_link_decides_nothing_by_another(made: Approving) -> None:
    made.ask(stakes=SIGNIFICANT)
    ewas, toms = made.link("ewa"), made.link("tom")
    other = made.form(ewas)
    answer = made.post_form(toms, {**other, "reply": "approve"})
    assert answer.status_code == 403
    assert "not the form of this link" in words(answer.text)
    assert made.votes() == []
    assert made.refusals()[Over.OTHER_FORM] >= 1


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://elsewhere.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site", "origin": "http://elsewhere"},
    ],
)
def test_a_form_from_another_page_is_not_taken(made: Approving, headers) -> None:
    made.ask()
    path = made.link()
    fields = {**made.form(path), "reply": "approve"}
    assert made.post_form(path, fields, **headers).status_code == 403
    assert made.decision() is None


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("application/json", b'{"reply": "approve"}', 415),
        ("text/plain", b"reply=approve", 415),
        ("multipart/form-data; boundary=x", b"--x--", 415),
        ("application/x-www-form-urlencoded", b"reply=approve", 403),
        ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % n for n in range(5000)), 400),
    ],
)
def test_what_is_no_form_of_ours_is_refused(made: Approving, kind, body, status) -> None:
    made.ask()
    path = made.link()
    headers = {"origin": made.desk.origin, "content-type": kind}
    assert (
        made.desk.http.post(f"{made.desk.origin}{path}", content=body, headers=headers).status_code == status
    )
    assert made.decision() is None


def test_a_body_that_says_it_is_too_large_is_refused_before_it_is_sent(made: Approving) -> None:
    made.ask()
    there = urlsplit(made.desk.origin)
    with closing(HTTPConnection(there.hostname or "", there.port, timeout=30)) as connection:
        connection.putrequest("POST", made.link())
        for name, value in (
            ("origin", made.desk.origin),
            ("content-type", "application/x-www-form-urlencoded"),
            ("content-length", str(LARGEST + 1)),
        ):
            connection.putheader(name, value)
        connection.endheaders()
        assert connection.getresponse().status == 413
    assert made.decision() is None


def test_who_is_away_is_asked_in_the_deputys_person_and_may_still_decide(made: Approving) -> None:
    application = made.desk.application
    kept = set_absence(
        application.organization, application.store, application.clock,
        Absence("tom", date(2027, 1, 4), date(2027, 1, 8), "ola"), "tom",
    )  # fmt: skip
    made.ask()
    assert "gdansk/P-1" in words(made.get(made.link("ola")).text)
    made.answer(made.link("ola"), "approve")
    assert made.decision().by == ("ola",)
    end(application.store, application.clock, kept.id)


def settled(folder: Path) -> None:
    """Wait until no connection is left to the folder's databases: the last one takes the log's files with it."""
    until = time.monotonic() + 10
    while any(folder.rglob("*.db-*")) and time.monotonic() < until:
        gc.collect()  # one that was let go is closed when it is collected
        time.sleep(0.02)
    assert not list(folder.rglob("*.db-*"))


def test_the_secret_of_a_link_stands_in_the_letter_alone(made: Approving) -> None:
    made.ask()
    path = made.link()
    made.get(path)
    made.answer(path, "approve")
    token = path.rpartition("/")[2]
    key = link_key(made.desk.application.settings.state)
    secret = unsealed(key, b"interoffice/decision/", token)["id"]
    settled(made.desk.folder)
    files = [each for each in made.desk.folder.rglob("*") if each.is_file()]
    assert any(link_mark(secret).encode() in each.read_bytes() for each in files), "its digest is kept"
    for each in files:
        content = each.read_bytes()
        assert secret.encode() not in content, each
        assert token.encode() not in content, each


class Many:
    """Sends many bad links at the functions that the routes call, without the wire between."""

    def __init__(self, made: Approving, seed: int) -> None:
        self.made, self.chance = made, random.Random(seed)
        application = made.desk.application
        now = OrganizationNow(application.settings.organization)
        self.visitors = Visitors(application, now, Rates(time.monotonic))
        self.key, self.sent = link_key(application.settings.state), Counter[str]()
        made.ask(stakes=SIGNIFICANT)
        self.request, self.live = made.request(), made.link("tom").rpartition("/")[2]
        self.others = made.link("ewa").rpartition("/")[2]
        self.old = used(made).rpartition("/")[2]
        made.id = self.request.id
        self.ended = forged(made, until=datetime.now(UTC).replace(microsecond=0) - timedelta(days=1))
        self.shown = self.request.shown.digest

    def form(self, token: str) -> dict[str, str]:
        """The form that the page of that token would show."""
        mark = link_mark(unsealed(self.key, b"interoffice/decision/", token)["id"])
        return {"reply": "approve", "shown": self.shown, "form": form_mark(self.key, mark, self.shown)}

    def altered(self) -> tuple[str, dict[str, str]]:
        at = self.chance.randrange(2, len(self.live))
        sign = self.chance.choice("ABCxyz019-_.")
        token = self.live[:at] + sign + self.live[at + 1 :]
        return (token if token != self.live else token + "A"), self.form(self.live)

    def reused(self) -> tuple[str, dict[str, str]]:
        return self.old, self.form(self.old)

    def expired(self) -> tuple[str, dict[str, str]]:
        token = self.ended.rpartition("/")[2]
        return token, self.form(token)

    def somebody_elses(self) -> tuple[str, dict[str, str]]:
        return self.live, self.form(self.others)

    def send(self, number: int) -> None:
        """One after the other; every tenth is a program that only looks."""
        kind = ("altered", "altered", "reused", "expired", "somebody_elses")[number % 5]
        token, fields = getattr(self, kind)()
        self.sent["prefetched" if number % 10 == 9 else kind] += 1
        if number % 10 == 9:
            with self.made.desk.application.store.read() as unit:
                self.visitors.find(unit, self.live)
            return
        deciding.take(self.visitors, token, fields, lambda _: None)

    @property
    def decided(self) -> int:
        """Votes that came of it."""
        return len(self.made.votes())


def test_of_many_bad_links_none_decides(made: Approving) -> None:
    many = Many(made, 7)
    for number in range(250):
        many.send(number)
    assert many.decided == 0
    assert min(many.sent.values()) >= 25
    deciding.take(many.visitors, many.live, many.form(many.live), lambda _: None)
    assert many.decided == 1, "the good one among them still decides"


@pytest.mark.servers
def test_of_ten_thousand_bad_links_none_decides(made: Approving) -> None:
    seed = random.SystemRandom().randrange(10**6)
    many = Many(made, seed)
    for number in range(10_000):
        many.send(number)
    assert many.decided == 0, f"seed {seed}: {dict(many.sent)}"


@pytest.mark.parametrize("left_out", ["signature", "end and use", "form"])
def test_the_control_a_check_that_is_left_out_lets_one_decide(
    made: Approving, monkeypatch, left_out: str
) -> None:
    if left_out == "signature":
        many = Many(made, 8)
        monkeypatch.setattr("config.tokens.hmac.compare_digest", lambda *_: True)
        mark = many.live.rpartition(".")[0] + "." + "A" * 43
        deciding.take(many.visitors, mark, many.form(many.live), lambda _: None)
    elif left_out == "form":
        many = Many(made, 9)
        monkeypatch.setattr(deciding, "fits", lambda *_: True)
        deciding.take(many.visitors, *many.somebody_elses(), lambda _: None)
    else:
        many = Many(made, 10)
        monkeypatch.setattr(decision_links, "over", lambda *_: None)
        deciding.take(many.visitors, *many.expired(), lambda _: None)
    assert many.decided == 1
    assert made.request().state is RequestState.OPEN


def test_a_link_is_one_spelling_and_holds_no_name(made: Approving) -> None:
    made.ask()
    token = made.link().rpartition("/")[2]
    assert re.fullmatch(r"1\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{43}", token)
    said = unsealed(link_key(made.desk.application.settings.state), b"interoffice/decision/", token)
    assert set(said) == {"id", "until"}
