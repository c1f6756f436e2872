"""What counts as an answer: words of every language, with and without accents, and never two meanings."""

from __future__ import annotations

import unicodedata
from itertools import combinations

import pytest

from config.languages import language, shipped
from domain.plans.project import Stage
from domain.questions import answers
from domain.questions.answers import REPLIES, STAGES, UMLAUTS, WORDS, Reply, plain, reply, stage, word
from domain.questions.deciding import Choice, choice

EVERY = [(meaning, each) for meaning, by in WORDS.items() for words in by.values() for each in words]
STAGED = [(meaning, each) for meaning, by in STAGES.items() for words in by.values() for each in words]


def bare(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


@pytest.mark.parametrize(("meaning", "said"), EVERY)
def test_a_word_is_understood_as_it_is_written_in_a_cell_or_a_comment(meaning, said) -> None:
    forms = (said, said.upper(), said.title(), f" {said}.\n", bare(said), said.translate(UMLAUTS))
    composed = [unicodedata.normalize(form, said) for form in ("NFC", "NFD")]
    assert {reply(each) for each in (*forms, *composed)} == {meaning}


@pytest.mark.parametrize(("meaning", "said"), STAGED)
def test_a_stage_is_understood_in_every_language(meaning, said) -> None:
    assert {stage(each) for each in (said, said.upper(), bare(said), said.translate(UMLAUTS))} == {meaning}


def test_no_word_means_two_things_in_whatever_languages() -> None:
    for table in (EVERY, STAGED):
        for (one, first), (other, second) in combinations(table, 2):
            assert one is other or plain(first) != plain(second), (first, second)


def test_a_word_that_would_mean_two_things_is_refused_when_the_words_are_put_together() -> None:
    both = {Reply.FINISH: {"es": ("terminar",)}, Reply.ADOPT: {"pt": ("Términar",)}}
    with pytest.raises(ValueError, match="means finish and adopt"):
        answers._by_word(both)


def test_every_shipped_language_offers_a_word_for_every_answer() -> None:
    for table in (WORDS, STAGES):
        for meaning, by in table.items():
            assert set(by) == set(shipped()), meaning
            for tag in shipped():
                assert plain(word(meaning, language(tag))) == plain(by[tag][0])


def test_what_english_understood_before_is_understood_still() -> None:
    before = "finish|finish_old|finish old|adopt|same|different|approve|approved|accept|accepted"
    before += "|reject|rejected|decline|declined"
    assert [each for each in before.split("|") if each not in {*REPLIES, "finish_old"}] == []
    assert reply("finish_old") is Reply.FINISH
    assert [stage(each) for each in Stage] == list(Stage)


@pytest.mark.parametrize(
    "said",
    ["genehmigt?", "nicht genehmigt", "¿aprobado?", "je ne suis pas d'accord", "approuver ou rejeter", "",
     "não aprovar", "oui", "ja", "sim", "sí", "ok", "termin", "abschluss"],
)  # fmt: skip
def test_what_asks_back_denies_or_says_more_is_no_answer(said) -> None:
    assert reply(said) is None


def test_a_decision_counts_in_every_language() -> None:
    assert {choice(each) for each in ("Genehmigt", "approuvée", "Aprobado.", "aceite")} == {Choice.APPROVED}
    assert {choice(each) for each in ("Abgelehnt", "refusé", "rechazada", "Recusado!")} == {Choice.REJECTED}
    assert choice("abschließen") is None
