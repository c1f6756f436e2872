"""The page of a deployment says how its offices stand, in the reader's language, and takes what they may decide."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from config import sharing
from config.deploying import CLOSED
from config.languages import LANGUAGES
from config.permitting import NotPermitted
from domain.deployments import peers
from domain.language import ENGLISH, Worded
from domain.organization.actions import Account, Action, Refusal, RefusalCause
from gateway.pages import deployments as page
from store.errors import Changed
from tests.deployments.holding import Holding
from tests.deployments.visitor import Visitor, text_of


def test_the_page_says_how_the_offices_stand_and_when_the_next_one_goes_live(holding: Holding) -> None:
    holding.going()
    page = Visitor(holding, "oslo-head").get()
    told = text_of(page)
    assert page.status_code == 200
    assert "3 offices: 1 live, 2 not started; next go-live 12 May." in told
    assert "Oslo Works not started 12 May Person Oslo-Call answers how the plan fits it" in told
    assert "Finance system, version 1 of 1 February 2027" in told
    assert "Kobe" not in told
    assert "Person Lima-Head" not in told


def test_a_link_opens_a_page_with_content_though_nobody_was_ever_judged(holding: Holding) -> None:
    holding.going()
    head = Visitor(holding, "oslo-head").get("/")
    assert head.status_code == 200
    assert head.url.path.endswith("/deployments/erp-9") or head.url.path.endswith("/deployments")
    outside = Visitor(holding, "cairo-head").get("/")
    assert outside.status_code == 200
    assert outside.url.path.endswith("/desk")


def test_each_reader_reads_it_in_their_own_language(holding: Holding) -> None:
    holding.going()
    spanish, portuguese = (text_of(Visitor(holding, f"{office}-head").get()) for office in ("lima", "porto"))
    assert "no iniciadas" in spanish
    assert "não iniciados" in portuguese


def test_the_sponsor_sees_who_has_not_accepted_and_nothing_else_of_them(holding: Holding) -> None:
    holding.going()
    told = text_of(Visitor(holding, "holding-sponsor").get())
    assert "1 has not accepted" in told
    assert "Kobe Works its head has not accepted yet 1 July Person Kobe-Reporter Close the deployment" in told


def test_a_head_accepts_on_the_page_and_it_counts_as_theirs_whatever_operators_may(holding: Holding) -> None:
    path = holding.folder / "organization.yaml"
    path.write_text(path.read_text("utf-8").replace("true", "false"), "utf-8")
    holding.turn(0)
    holding.open()
    visitor = Visitor(holding, "oslo-head")
    before = text_of(visitor.get())
    assert "Does Oslo Works take part?" in before
    assert "Porto" not in before
    assert visitor.post("reply", office="oslo", accept="yes", why="we need it").status_code == 200
    with holding.application.store.read() as unit:
        reply = unit.deployments.get("erp-9").receiver("oslo").reply
        entry = list(unit.ledger.entries())[-1].event
    assert (reply.person, reply.accepts, reply.entered) == ("oslo-head", True, False)
    assert (entry.detail["entered_by_operator"], entry.detail["moved"]) == (False, "accepted")
    assert "Does Oslo Works take part?" not in text_of(visitor.get())


def test_a_desk_leads_to_the_deployments_that_a_person_sees_and_a_head_to_the_plans_of_templates(
    holding: Holding,
) -> None:
    before = Visitor(holding, "oslo-head").get("/desk").text
    assert "/deployments" not in before
    assert "/plans/" in before, "the pilot's template is there"
    holding.open()
    head, sponsor = (
        Visitor(holding, "oslo-head").get("/desk").text,
        Visitor(holding, "holding-sponsor").get("/desk").text,
    )
    assert "/deployments" in head
    assert "/deployments" in sponsor
    assert "/plans/" not in sponsor, "the sponsor heads no office"


def test_the_owner_shares_a_peer_asks_the_owner_answers_and_everybody_reads_it(holding: Holding) -> None:
    holding.open()
    for office in ("porto", "oslo", "lima"):
        holding.reply(office)
    owner, oslo, lima = (Visitor(holding, f"{office}-head") for office in ("porto", "oslo", "lima"))
    assert "Finance system" not in text_of(oslo.get())
    shared = owner.post("share", why="start from it", **{"keep-risks": "yes", "keep-texts": "yes"})
    assert "1 risco retido, 1 lição ou documento retido." in text_of(shared)
    assert "not answered yet" in text_of(oslo.post("ask", office="oslo", text="Which bank was it?"))
    with holding.application.store.read() as unit:
        (question,) = unit.deployments.questions("finance")
    assert "Oslo Works: Which bank was it?" in text_of(owner.get())
    owner.post("answer", question=str(question.id), text="The one with the new interface.")
    told = text_of(lima.get())
    assert "Oslo Works: Which bank was it? The one with the new interface." in told
    assert any(text.endswith("The one with the new interface.") for text in holding.notices()["oslo"])


def test_what_is_not_taken_is_said_on_the_page_and_what_one_may_not_is_refused(holding: Holding) -> None:
    holding.going()
    oslo, owner = Visitor(holding, "oslo-head"), Visitor(holding, "porto-head")
    for visitor, what, fields, said in (
        (oslo, "reply", {"office": "oslo", "accept": "perhaps", "why": "x"}, "choose one of the two buttons"),
        (oslo, "reply", {"office": "lima", "accept": "yes", "why": "x"}, "you are not the head of lima"),
        (oslo, "reply", {"office": "oslo", "accept": "no", "why": " "}, "why: write a reason of at most 300"),
        (oslo, "ask", {"office": "lima", "text": "?"}, "lima is none of your offices in this deployment"),
        (oslo, "ask", {"office": "oslo", "text": " "}, "question: it is empty; write what you want to say"),
        (oslo, "ask", {"office": "oslo", "text": "x" * 601}, "it has 601 characters; write at most 600"),
        (oslo, "ask", {"office": "oslo", "text": "call me at oslo@works.example"}, "it holds an address"),
        (
            oslo,
            "share",
            {"why": "mine"},
            "only these roles of the office may do that: Head, Standards owner; ask",
        ),
        (oslo, "close", {"why": "enough"}, "only the sponsor who opened this deployment may do that"),
        (
            owner,
            "answer",
            {"question": "peer/finance/0", "text": "no"},
            "a pergunta não é deste modelo; recarregue",
        ),
    ):
        page = visitor.post(what, **fields)
        assert (page.status_code, said in text_of(page)) == (422, True), (what, fields, text_of(page)[:900])
    assert oslo.post("steal").status_code == 404


@pytest.mark.parametrize("tag", ["de", "es", "fr", "pt"])
def test_every_refusal_of_the_page_is_said_in_the_reader_s_language_with_what_to_do(tag: str) -> None:
    says = LANGUAGES.of(tag)
    refusal = Refusal(Action.SHARE, Account("x"), "x", RefusalCause.NO_ROLE, "whoever", "it takes")
    closing = replace(refusal, action=Action.CLOSE_DEPLOYMENT)
    refused = (
        Worded(page.NO_REASON, most=300),
        Worded(page.NO_CHOICE),
        Worded(page.NOT_HEAD, office="lima"),
        Worded(page.NOT_YOURS, office="lima"),
        Worded(page.NO_QUESTION),
        *(peers.Unfit(said, what=what, n=601, most=600, private=private, question="q")
          for said in (peers.IS_EMPTY, peers.IS_LONG, peers.IS_PRIVATE, peers.IS_ANSWERED)
          for what in (peers.QUESTION, peers.ANSWER) for private in peers.PRIVATE.values()),
        Worded(CLOSED, deployment="erp-9", day=date(2027, 3, 1)),
        Worded(sharing.CLOSED, deployment="erp-9"),
        NotPermitted(refusal), NotPermitted(closing), LookupError("x"), Changed("x"),
    )  # fmt: skip
    for each in refused:
        told = page.told(each, says)
        assert told != page.told(each, ENGLISH)
        assert "a phone number" not in told


def test_after_the_close_only_the_sponsor_sees_that_it_was(holding: Holding) -> None:
    holding.going()
    sponsor = Visitor(holding, "holding-sponsor")
    assert "The deployment is closed." in text_of(sponsor.post("close", why="all are live"))
    for person in ("oslo-head", "porto-head", "lima-head"):
        assert Visitor(holding, person).get().status_code == 404
