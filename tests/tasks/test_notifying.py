"""People get one digest a morning, by Apprise, at their addresses; a real receiver on loopback listens."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import httpx
import pytest

from domain.delivery.digests import Digest
from domain.questions.question import Notice, NoticeKind
from tasks import notifying
from tasks.advancing import advance_all
from tasks.notifying import tell_people
from tests.tasks.conftest import Desk, forget
from tests.tasks.receiving import Receiver, listening


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with listening() as server:
        yield server


def address_of_everybody(desk: Desk, url: str) -> None:
    """Everybody's address; each has a path of their own, by which a message says whose it is."""
    path = desk.folder / "people.yaml"
    lines = [line for line in path.read_text("utf-8").splitlines() if "address:" not in line]
    told = [
        line.replace("name:", f'address: "{url}"\n    name:') if "name:" in line else line for line in lines
    ]
    path.write_text("\n".join(told) + "\n", "utf-8")
    forget()


def later(desk: Desk, **time: int) -> None:
    """The organization's clock goes on."""
    file: Path = desk.folder / "clock.yaml"
    now = desk.application.clock.now() + timedelta(**time)
    file.write_text(f"as_of: {now:%Y-%m-%dT%H:%M:%SZ}\n", "utf-8")
    forget()


@pytest.fixture
def morning(begun: Desk, receiver: Receiver) -> Desk:
    """A morning at which notices wait."""
    begun.play(1)
    address_of_everybody(begun, f"json://127.0.0.1:{receiver.server_port}/")
    begun.read()
    advance_all(dry_run=False)
    return begun


def waiting(desk: Desk) -> int:
    with desk.application.store.read() as unit:
        return len(unit.notices.undelivered())


def test_a_digest_is_sent_once_and_one_that_failed_is_sent_the_next_time(
    morning: Desk, receiver: Receiver
) -> None:
    before = waiting(morning)
    assert before > 0
    receiver.answer = 500
    failed = tell_people().failed
    assert failed > 0
    assert waiting(morning) == before
    receiver.answer = 200
    told = tell_people()
    assert (told.sent, told.shown, told.failed) == (failed, 0, 0)
    assert len(receiver.got) == failed, "one for each person, whatever their number of notices"
    assert tell_people().sent == 0
    with morning.application.store.read() as unit:
        entries = [each.event for each in unit.ledger.entries() if each.event.kind == "digest"]
    assert len(entries) == failed
    assert not any(each.subject.partition("p-")[0] for each in entries), "people are named by pseudonym"


def test_a_morning_comes_by_the_clock_of_the_person_s_office(morning: Desk, receiver: Receiver) -> None:
    later(morning, hours=-4)  # six in the morning in Mersin, whose head and reporter are waited for
    assert (tell_people().sent, receiver.got) == (0, [])
    assert waiting(morning) > 0
    later(morning, hours=4)
    told = tell_people().sent
    assert told == len(receiver.got) > 0
    assert waiting(morning) == 1, "it is four in the morning in Santos"
    later(morning, hours=5)
    assert tell_people().sent == len(receiver.got) - told == 1
    assert waiting(morning) == 0


def test_a_run_that_ended_while_it_sent_sends_no_second_digest_and_loses_nothing(
    morning: Desk, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Ended(BaseException):
        """As a process ends."""

    real, sent = notifying._send, list[Digest]()

    def ends(_mailing, digest, _body) -> bool:
        sent.append(digest)
        raise Ended

    monkeypatch.setattr(notifying, "_send", ends)
    with pytest.raises(Ended):
        tell_people()
    monkeypatch.setattr(notifying, "_send", real)
    forget()
    tell_people()
    others = len(receiver.got)
    later(morning, days=1)
    tell_people()
    texts = [each["message"] for each in receiver.got[others:]]
    assert any(all(line.text in text for line in sent[0].lines) for text in texts), "the next one tells it"


def test_without_an_address_a_notice_is_only_shown(begun: Desk) -> None:
    begun.play(1)
    address_of_everybody(begun, "")
    begun.read()
    advance_all(dry_run=False)
    told = tell_people()
    assert told.shown > 0
    assert (told.sent, told.failed) == (0, 0)


def test_what_is_sent_holds_counts_and_links_and_no_title_of_a_project(
    morning: Desk, receiver: Receiver
) -> None:
    tell_people()
    with morning.application.store.read() as unit:
        titles = {stored.plan.project.title for stored in unit.plans.current()}
        links = {each.office for office in (*morning.offices, "") for each in unit.page_links.of(office)}
    sent = json.dumps(receiver.got, ensure_ascii=False)
    assert "project waits for an answer" in sent
    assert not [title for title in titles if title in sent]
    assert links
    found = []
    for message in receiver.got:
        lines = message["message"].strip().split("\n\n")
        addresses = [re.search(r"https?://\S+/(?:office|person)/1\.\S+/(?:desk)?$", each) for each in lines]
        assert all(addresses), "each line has its link"
        found += [httpx.URL(each[0]).path.split("/")[1] for each in addresses]
    assert "office" in found


def test_a_head_is_led_to_the_page_of_the_role_and_by_the_same_link_the_next_morning(
    morning: Desk, receiver: Receiver
) -> None:
    with morning.application.store.begin() as unit:
        for number in (1, 2):
            day = date(2027, 1, 4)
            unit.notices.add(
                Notice(f"n/{number}", NoticeKind.LATE, "hamburg", "head", day, {}, f"Late {number}")
            )
        unit.commit()
    tell_people()
    sent = [each["message"] for each in receiver.got if "Late 1" in each["message"]]
    links = re.findall(r"https?://\S+(/person/1\.\S+/)$", sent[0], re.MULTILINE)
    assert len(links) == 2
    assert len(set(links)) == 1
