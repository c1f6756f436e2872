"""Two approvers with addresses, one without, and a request of a plain kind that goes through the same registry."""

from __future__ import annotations

import html
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import httpx

from config.decision_kinds import KINDS
from config.decision_mail import LinkSent, Post, post_of, send_link
from domain.decisions.card import Card, Effect, FactShown, Reader
from domain.decisions.request import DecisionKind, Request, RequestState, Shown, Significance, Stakes
from store.unit import Unit
from tests.gateway.pages import desk as desks
from tests.gateway.pages.desk import FILES, Desk, desk

PEOPLE = """\
people:
  - {{id: ewa, name: Ewa Nowak, address: "{url}", language: de}}
  - {{id: tom, name: Tomasz Wilk, address: "{url}"}}
  - {{id: uma, name: Uma Roth}}
  - {{id: jan, name: Jan Kos, address: "{url}"}}
  - {{id: ola, name: Ola Lis, address: "{url}"}}
  - {{id: kim, name: Kim Sand}}
  - {{id: lea, name: Lea Brun}}
"""


def plain_card(unit: Unit, request: Request, reader: Reader) -> Card:
    """A kind for tests: may a project skip a gate."""
    del unit
    says = reader.language
    who = reader.organization.people.get(request.requester)
    return Card(
        title=f"May {request.subject} skip gate 3?",
        asks=f"Asked by {who.name if who else 'nobody known'}",
        why=request.why,
        facts=(FactShown("Complete", "62 %", "71 %"), FactShown("Budget", "1.2 M", "1.2 M")),
        yes=(Effect("Gate 3 is permitted until 31 March", ("Most nad Motławą",), 2),),
        no=(Effect(says.say("No wave begins: every project is judged as today.")),),
    )


@dataclass
class Mail:
    """What was sent: to whom it went is in the person's address, so each has the text alone."""

    got: list[tuple[str, str]]

    def sends(self, address: str, title: str, body: str) -> bool:
        self.got.append((title, f"{body}\n\n{address}"))
        return True

    def link(self, number: int = -1) -> str:
        """The path of a link that was sent."""
        (found,) = re.findall(r"https?://[^/\s]+(/decide/\S+)", self.got[number][1])
        return found


@dataclass
class Approving:
    """The gateway, and a request that waits."""

    desk: Desk
    mail: Mail
    id: str = ""
    """Of the newest request."""

    @property
    def post(self) -> Post:
        application = self.desk.application
        return replace(post_of(application, application.organization), sends=self.mail.sends)

    def ask(self, **more: Any) -> Request:
        """A new request of jan's for gdansk, to be decided by centrala."""
        self.id = f"dev-{secrets.token_hex(4)}"
        now = self.desk.application.clock.now()
        given = {
            "id": self.id, "kind": DecisionKind.DEVIATION, "subject": "gdansk/P-1", "office": "centrala",
            "shown": Shown("facts", "text", "rule"), "requester": "jan", "editor": "jan", "asking": "gdansk",
            "complete": now - timedelta(hours=1), "due": date(2027, 1, 18), "until": now + timedelta(days=30),
            "why": "The regulator's date is fixed.", "state": RequestState.OPEN,
        }  # fmt: skip
        request = Request(**{**given, **more})
        self.save(request)
        return request

    def save(self, request: Request) -> None:
        with self.desk.application.store.begin() as unit:
            unit.decisions.add(request)
            unit.decisions.save(request)
            unit.commit()

    def link(self, person: str = "tom") -> str:
        """The path of the link that is sent to that person."""
        assert send_link(self.post, self.id, person, again=True) is LinkSent.SENT
        return self.mail.link()

    def get(self, path: str, **more: Any) -> httpx.Response:
        return self.desk.http.get(f"{self.desk.origin}{path}", **more)

    def post_form(self, path: str, fields: dict[str, str], **headers: str) -> httpx.Response:
        said = {"origin": self.desk.origin, "sec-fetch-site": "same-origin", **headers}
        return self.desk.http.post(f"{self.desk.origin}{path}", data=fields, headers=said)

    def form(self, path: str) -> dict[str, str]:
        """The hidden fields of the form that a page shows."""
        page = self.get(path).text
        return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))

    def answer(self, path: str, reply: str, **more: str) -> httpx.Response:
        """What follows when the page's own form is sent."""
        return self.post_form(path, {**self.form(path), "reply": reply, **more})

    def request(self) -> Request:
        with self.desk.application.store.read() as unit:
            found = unit.decisions.get(self.id)
        assert found is not None
        return found

    def decision(self) -> Any:
        with self.desk.application.store.read() as unit:
            return unit.decisions.decision(self.id)

    def votes(self) -> list[Any]:
        with self.desk.application.store.read() as unit:
            return list(unit.decisions.votes(self.id))

    def ledger(self, kind: str) -> list[Any]:
        return [each for each in self.desk.ledger(kind) if each.subject == self.id]

    def refusals(self) -> dict[str, int]:
        """How often what was refused, by reason."""
        found: dict[str, int] = {}
        with self.desk.application.store.read() as unit:
            for (_, why, _), count in unit.decision_links.refusals().items():
                found[str(why)] = found.get(str(why), 0) + count
        return found


SIGNIFICANT = Stakes(Significance.SIGNIFICANT)


def words(page: str) -> str:
    """What a page shows, as text."""
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.partition("<main")[2])))


@contextmanager
def approving(folder: Any, monkeypatch: Any, url: str = "json://127.0.0.1:9/") -> Iterator[Approving]:
    """The organization with its approvers, while the block lasts."""
    offices = FILES["offices.yaml"].replace("approver: [ewa]", "approver: [ewa, tom, uma]")
    offices = offices.replace("head: [ola]", "head: [ola], reporter: [kim]")
    monkeypatch.setitem(desks.FILES, "people.yaml", PEOPLE.format(url=url))
    monkeypatch.setitem(desks.FILES, "offices.yaml", offices)
    monkeypatch.setitem(KINDS, DecisionKind.DEVIATION, plain_card)
    with desk(folder, monkeypatch) as made:
        yield Approving(made, Mail([]))
