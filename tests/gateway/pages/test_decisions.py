"""An approver decides on the page of a link that was sent to them alone: once, and on what was shown."""

from __future__ import annotations

import pytest

from config.standing_in import end
from domain.decisions.request import Channel, RequestState, Shown
from tests.gateway.pages.approvers import SIGNIFICANT, Approving, approving, words


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("desk")
    with pytest.MonkeyPatch.context() as patched, approving(folder, patched) as found:
        yield found


def test_one_screen_says_who_asks_what_why_the_facts_the_effects_and_who_else_decides(
    made: Approving,
) -> None:
    made.ask()
    shown = words(made.get(made.link("tom")).text)
    for said in (
        "May gdansk/P-1 skip gate 3?", "Asked by Jan Kos", "The regulator's date is fixed.", "62 %", "71 % changed",
        "Gate 3 is permitted until 31 March : Most nad Motławą and 2 more", "If you decline",
        "1 approval is needed.", "Others who may decide: Ewa Nowak and Uma Roth .", "Decide by 18 January 2027.",
        "Silence approves nothing.", "it ends undecided", "Nothing like it was decided before.",
    ):  # fmt: skip
        assert said in shown, said


def test_it_approves_once_is_recorded_and_starts_the_run_that_acts_on_it(made: Approving) -> None:
    made.ask()
    path = made.link("tom")
    answer = made.answer(path, "approve")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{path}/done")
    assert "You approved it." in words(made.get(answer.headers["location"]).text)
    decision = made.decision()
    assert (decision.outcome, decision.by, decision.entered) == (RequestState.APPROVED, ("tom",), False)
    (vote,) = made.votes()
    with made.desk.application.store.read() as unit:
        assert "centrala" in [each.office for each in unit.inbox.hints()]
        who = unit.pseudonyms.of("tom")
    assert vote.channel is Channel.PAGE
    (voted,), (decided,) = made.ledger("vote"), made.ledger("decision")
    assert (voted.actor, voted.detail["choice"], decided.detail["outcome"]) == (who, "approve", "approved")


def test_two_are_needed_for_what_weighs_and_the_second_sees_the_first(made: Approving) -> None:
    made.ask(stakes=SIGNIFICANT)
    made.answer(made.link("ewa"), "approve")
    assert made.request().state is RequestState.OPEN
    second = made.link("tom")
    assert "2 approvals are needed. So far approved by Ewa Nowak ." in words(made.get(second).text)
    made.answer(second, "approve")
    assert set(made.decision().by) == {"ewa", "tom"}


@pytest.mark.parametrize(
    ("reply", "why", "state", "said"),
    [
        ("decline", "too early", RequestState.DECLINED, "You declined it."),
        ("return", "until when?", RequestState.RETURNED, "You returned it with a question."),
    ],
)
def test_who_declines_or_asks_back_says_why_and_the_words_are_kept(
    made: Approving, reply: str, why: str, state: RequestState, said: str
) -> None:
    made.ask()
    path = made.link("tom")
    assert said in words(made.get(made.answer(path, reply, why=why).headers["location"]).text)
    assert made.request().state is state
    (vote,) = made.votes()
    assert vote.why == why
    assert why not in str(made.ledger("vote")[0].detail), "the ledger keeps its hash"


def test_it_is_said_in_the_persons_language(made: Approving) -> None:
    made.ask()
    page = made.get(made.link("ewa")).text
    assert '<html lang="de"' in page
    assert "Genehmigen" in page


def test_a_delegate_gets_a_link_of_their_own_and_both_are_one_place(made: Approving, monkeypatch) -> None:
    monkeypatch.setattr("gateway.pages.decision.send_link", lambda _post, _request, to: made.link(to))
    made.ask(stakes=SIGNIFICANT)
    answer = made.answer(made.link("tom"), "delegate", to="ola")
    assert "You let somebody else decide" in words(made.get(answer.headers["location"]).text)
    assert made.desk.ledger("delegation")
    made.answer(made.mail.link(), "approve")
    assert made.request().state is RequestState.OPEN
    assert [vote.person for vote in made.votes()] == ["ola"]
    for kept in made.desk.ledger("delegation"):
        end(made.desk.application.store, made.desk.application.clock, kept.subject)


def test_nobody_is_offered_as_a_delegate_who_asked_or_decides_anyhow(made: Approving) -> None:
    made.ask()
    page = made.get(made.link("tom")).text
    assert 'value="ola"' in page
    assert not [each for each in ("jan", "ewa", "tom", "uma") if f'<option value="{each}"' in page]


NO_REASON = "Write why, so that whoever asks knows what to do."


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "Choose what you decide."),
        ({"reply": "perhaps"}, "Choose what you decide."),
        ({"reply": "decline"}, "Write why, so that whoever asks knows what to do."),
        ({"reply": "return", "why": "  "}, "Write why, so that whoever asks knows what to do."),
        ({"reply": "decline", "why": "x" * 2001}, "Shorten it to 2000 signs."),
        ({"reply": "delegate"}, "Choose who decides in your place."),
        ({"reply": "delegate", "to": "jan"}, "This person cannot stand in"),
        ({"reply": "delegate", "to": "nobody"}, "This person cannot stand in"),
        ({"reply": "delegate", "to": "ewa"}, "This person cannot stand in"),
    ],
)
def test_a_form_that_is_not_taken_says_why_at_its_field_and_keeps_what_was_written(
    made: Approving, fields: dict[str, str], said: str
) -> None:
    made.ask()
    path = made.link("tom")
    answer = made.post_form(
        path, {**made.form(path), **({"why": "kept words"} if said not in NO_REASON else {}), **fields}
    )
    assert (answer.status_code, answer.headers["location"]) == (303, f"{path}#problem")
    page = made.get(path).text
    assert said in words(page)
    assert "Nothing is decided yet." in words(page)
    if "why" not in fields and said not in NO_REASON:
        assert "kept words" in page
    assert made.decision() is None
    assert made.answer(path, "approve").headers["location"] == f"{path}/done"


def test_what_changed_since_it_was_shown_is_shown_again_before_anything_is_decided(made: Approving) -> None:
    request = made.ask()
    path = made.link("tom")
    fields = made.form(path)
    made.save(request.changed(Shown("other facts", "text", "rule"), "jan", made.desk.application.clock.now()))
    answer = made.post_form(path, {**fields, "reply": "approve"})
    assert answer.headers["location"] == f"{path}#problem"
    assert "It changed since it was shown to you." in words(made.get(path).text)
    assert made.decision() is None
    made.answer(path, "approve")
    assert made.decision() is not None


def test_looking_decides_nothing_by_whatever_method(made: Approving) -> None:
    made.ask()
    path = made.link("tom")
    for _ in range(3):
        assert made.get(path).status_code == 200
        assert made.desk.http.head(f"{made.desk.origin}{path}").status_code == 200
        assert made.get(f"{path}?reply=approve").status_code == 200
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS"):
        assert made.desk.http.request(method, f"{made.desk.origin}{path}").status_code == 405
    assert made.get(f"{path}/done").headers["location"] == path
    assert made.decision() is None
