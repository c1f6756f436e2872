"""A person's desk shows all that waits for them, oldest first, and has a link to decide sent to their address."""

from __future__ import annotations

import json
import re
import secrets
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from cli import main
from config import decision_mail
from config.keyfile import link_key
from config.tokens import person_token
from config.wiring import Application
from domain.decisions.links import Over
from domain.drafts.draft import Draft, DraftStepKind, Origin
from domain.drafts.draft import Said as DraftSaid
from domain.ids import ApprovalId
from domain.pages.link import PageLink
from domain.questions.question import Question, QuestionKind
from gateway.pages.role_links import Caller
from tests.gateway.pages.approvers import SIGNIFICANT, Approving, approving, words
from tests.gateway.pages.desk import printed


@pytest.fixture
def made(tmp_path, monkeypatch):
    with approving(tmp_path, monkeypatch) as found:
        yield found


def desk_of(made: Approving, person: str, days: int = 9) -> str:
    """The path of that person's desk."""
    return desk_in(made.desk.application, person, days)


def desk_in(application: Application, person: str, days: int = 9) -> str:
    """The path of the desk that somebody has in an organization."""
    now = datetime.now(UTC).replace(microsecond=0)
    link = PageLink(secrets.token_hex(8), "", person, now, now + timedelta(days=days))
    with application.store.begin() as unit:
        unit.page_links.add(link)
        unit.commit()
    return f"/person/{person_token(link_key(application.settings.state), link)}/desk"


def asked(made: Approving, number: int, day: date, **more) -> Question:
    id_ = f"{number}"
    given = {"placed": day, "asked": day, "answer_by": date(2027, 1, 11), "text": f"Question {id_}?", **more}
    return made.desk.ask(f"gdansk/P-{number}", **given)


def test_it_shows_decisions_questions_and_elections_oldest_first_with_what_happens_otherwise(
    made: Approving,
) -> None:
    asked(made, 1, date(2027, 1, 2))
    made.ask()
    asked(
        made,
        2,
        date(2026, 12, 1),
        kind=QuestionKind.ELECTION,
        id="elect-1",
        about="leeway",
        office="centrala",
    )
    shown = words(made.get(desk_of(made, "ewa")).text)
    heads = re.findall(r"(Frage|Entscheidung|Wahl): (\w+)", shown)
    assert heads == [("Wahl", "Centrala"), ("Frage", "Biuro"), ("Entscheidung", "Centrala")]
    assert "3 Sachen warten auf Sie" in shown
    assert "Schweigen genehmigt nichts." in shown
    assert "Den Link zum Entscheiden an mich senden" in shown
    assert "1 thing waits for you" in words(made.get(desk_of(made, "tom")).text), "the decision alone"
    assert "Nothing waits for you." in words(made.get(desk_of(made, "ola")).text)


def test_who_has_no_language_of_their_own_reads_in_that_of_their_office(made: Approving) -> None:
    there = made.desk.application.organization
    tom = next(each for each in there.offices.values() if any("tom" in held for held in each.roles.values()))
    french = replace(tom, language="fr")
    now = datetime.now(UTC)
    link = PageLink("1", "", "tom", now, now)
    known = replace(there, offices={**there.offices, tom.id: french})
    assert Caller(link, known, "/x").language.tag == "fr"
    assert Caller(replace(link, person="ewa"), known, "/x").language.tag == "de", "her own comes first"
    assert Caller(link, there, "/x").language.tag == "en"


def test_a_draft_waits_on_the_desk_of_the_standard_s_owner(made: Approving) -> None:
    version = made.desk.application.versions["metoda/1.0"]
    new = Draft("draft-1", version, "", Origin.REVIEW, "centrala", "", "four offices <b>ask</b>")
    with made.desk.application.store.begin() as unit:
        unit.drafts.add(
            new.moved(new.state, DraftSaid(datetime(2027, 1, 4, 9, tzinfo=UTC)).step(DraftStepKind.DRAFTED))
        )
        unit.commit()
    shown = words(made.get(desk_of(made, "ewa")).text)
    assert "Entwurf einer Fassung: Centrala" in shown
    assert "Der Entwurf von metoda/1.0 ist den Büros vorzulegen oder zurückzunehmen." in shown
    assert "durch draft-amendment" in shown
    assert "Nothing waits for you." in words(made.get(desk_of(made, "ola")).text)


def test_deciding_from_the_desk_sends_a_link_that_decides_once_to_the_persons_own_address(
    made: Approving, monkeypatch
) -> None:
    monkeypatch.setattr(decision_mail.Post, "__init__", with_mail(made, decision_mail.Post.__init__))
    made.ask(stakes=SIGNIFICANT)
    path = desk_of(made, "tom")
    answer = made.answer(path, "")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{path}?told=sent#told")
    assert "A link was sent to your address." in words(made.get(answer.headers["location"]).text)
    made.answer(made.mail.link(), "approve")
    shown = words(made.get(path).text)
    assert "You approved it; it waits for others who decide." in shown
    assert "Send me the link" not in shown
    assert made.get(made.mail.link()).status_code == 410


def with_mail(made: Approving, real):
    """The real parts, but that what is sent is kept here instead of at an address that does not exist."""

    def init(self, *given, **named):
        real(self, *given, **{**named, "sends": made.mail.sends})

    return init


def test_an_address_that_takes_nothing_is_told_and_no_link_stands(made: Approving) -> None:
    made.ask()
    answer = made.answer(desk_of(made, "tom"), "")
    assert "Nothing could be sent to your address." in words(made.get(answer.headers["location"]).text)
    with made.desk.application.store.read() as unit:
        assert unit.decision_links.of(made.id) == ()


def test_who_has_no_address_decides_in_the_tool_and_is_told_so(made: Approving) -> None:
    made.ask()
    shown = words(made.get(desk_of(made, "uma")).text)
    assert "You have no address here to which a link could be sent." in shown
    assert "Send me the link" not in shown


def test_the_desk_itself_decides_nothing_and_sends_only_what_its_own_form_asks_for(made: Approving) -> None:
    made.ask()
    path = desk_of(made, "tom")
    for fields in (
        {"request": made.id},
        {"request": made.id, "form": "x"},
        {"reply": "approve", **made.form(path), "form": ""},
    ):
        assert made.post_form(path, fields).status_code == 403
    ewas = made.form(desk_of(made, "ewa"))
    assert made.post_form(path, ewas).status_code == 403, "the form of another's desk"
    assert made.post_form(path, made.form(path), origin="https://elsewhere.example").status_code == 403
    assert made.decision() is None
    with made.desk.application.store.read() as unit:
        assert unit.decision_links.of(made.id) == ()


def test_a_desk_ends_with_its_link(made: Approving) -> None:
    assert made.get(desk_of(made, "tom", days=-1)).status_code == 403
    path = desk_of(made, "tom")
    assert made.get(path[:-6] + "/desk").status_code == 403


def test_what_is_asked_as_a_decision_stands_there_once(made: Approving) -> None:
    id_ = str(ApprovalId("metoda-1", "d" * 64))
    given = {"id": id_, "kind": QuestionKind.APPROVAL, "office": "centrala", "placed": date(2027, 1, 4)}
    made.desk.ask("centrala/x", "digest", **given)
    made.ask()
    assert "2 things wait for you" in words(made.get(desk_of(made, "tom")).text)
    made.save(replace(made.request(), id=id_))
    assert "2 things wait for you" in words(made.get(desk_of(made, "tom")).text)


def test_the_command_makes_a_desks_link_for_who_has_no_other_page(made: Approving) -> None:
    url = printed("link", "--person", "kim").strip()
    path = url[url.index("/person/") :]
    answer = made.get(path, follow_redirects=True)
    assert answer.status_code == 200
    assert made.get(f"{path}desk").status_code == 200
    assert Over.UNKNOWN not in made.refusals()


def test_who_has_no_role_gets_no_link_and_it_is_said_what_to_do(made: Approving, capsys) -> None:
    assert made.desk.folder.is_dir()
    assert main.main(["link", "--person", "lea"]) == 1
    assert "'lea' has no page of their own -> give them a role of an office" in capsys.readouterr().err


def test_links_to_decide_are_listed_without_their_secret(made: Approving) -> None:
    made.ask(stakes=SIGNIFICANT)
    first, second = made.link(), made.link()
    made.answer(second, "approve")
    made.get(first)
    listed = printed("link", "--decisions")
    assert re.search(rf"tom  {made.id}  until \S+  replaced\n", listed)
    assert re.search(rf"tom  {made.id}  until \S+  answered: approve\n", listed)
    assert re.search(r"refused \S+  replaced  1\n", listed)
    assert "decide/" not in listed
    found = json.loads(printed("link", "--decisions", "--json"))
    assert {each["state"] for each in found["links"]} == {"replaced", "answered: approve"}
