"""The catalogs: every text of the code in every language, with its values, and nothing besides."""

from __future__ import annotations

import ast
import re
from datetime import date
from pathlib import Path
from string import Formatter

import pytest

from cli import catalogs
from cli.catalogs import Place, Text, brought_in_line, not_literal, of_module, texts, translated, untranslated
from config.languages import CATALOGS, LANGUAGES, catalog, language, nearest, shipped
from domain.language import ENGLISH, Language, Message

OTHERS = shipped()[1:]
DAY = date(2027, 3, 1)
TAG = re.compile(r"<[^>]*>")


def values(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in Formatter().parse(text) if name)


def test_five_languages_are_shipped() -> None:
    assert shipped() == ("en", "de", "es", "fr", "pt")


@pytest.mark.parametrize("tag", OTHERS)
def test_a_catalog_has_every_text_that_is_said_and_no_other(tag: str) -> None:
    assert set(translated(tag)) == set(texts())
    assert untranslated(tag) == []


@pytest.mark.parametrize("tag", OTHERS)
def test_a_translation_has_the_values_and_the_markup_of_its_text(tag: str) -> None:
    for text, said in translated(tag).items():
        for form in said:
            assert values(form) == values(text.many or text.one), (tag, text)
            assert sorted(TAG.findall(form)) == sorted(TAG.findall(text.one)), (tag, text)
            assert form[-1:].isspace() == text.one[-1:].isspace(), (tag, text)


@pytest.mark.parametrize("tag", OTHERS)
def test_a_catalog_stands_in_the_form_that_the_command_writes(tag: str, tmp_path: Path) -> None:
    catalogs.write(tag, tmp_path / "again.po")
    assert (tmp_path / "again.po").read_bytes() == (CATALOGS / f"{tag}.po").read_bytes()
    assert [each.id for each in catalog(tag) if each.fuzzy] == []


PORTUGAL = re.compile(
    r"(?i)\b(?:ficheiro|utilizador|ecrã|plane(?:ad|ament|ia)|regist(?:o|ad|ar)\b|partilh|factos?\b|contact|equipa\b|"
    r"percentagem|carácter|diapositiv|receção|controlo|poupança|veredict|noutr|está a ser|livro de cálculo|por si$|"
    r"para si\b|descarreg|caducou|aceite\b(?!-)|até (?:ao|à)\b)|\bporquê"
)
"""What people write in Portugal and not in Brazil."""


def test_portuguese_is_written_as_in_brazil_throughout() -> None:
    def odd(said: dict[Text, tuple[str, ...]]) -> list[str]:
        return [form for forms in said.values() for form in forms if PORTUGAL.search(form)]

    assert odd(translated("pt")) == []
    planted = (
        "O ficheiro não foi aceite",
        "Está a ser escrito.",
        "Diga porquê",
        "{n} espera por si",
        "até à data",
    )
    assert len(odd({Text("x"): planted})) == len(planted), "the control"


def test_a_text_without_a_translation_is_found_and_said_in_english() -> None:
    known = translated("de")
    made = brought_in_line("de", [*((text, ["x.py"]) for text in known), (Text("never said"), ["x.py"])])
    assert [each.id for each in made if each.id and not "".join(each.string)] == ["never said"]
    assert language("de").say("never said by anybody, {n}", n=3) == "never said by anybody, 3"


def test_every_text_is_a_literal_so_that_a_catalog_can_have_it() -> None:
    assert not_literal() == []
    planted = ast.parse("says.say(f'{n} things')\nsays.count(n, one, 'many')\nsays.say('a {b}', b=1)")
    found = list(of_module("x.py", planted))
    assert [place for _, place in found] == [Place("x.py", 1), Place("x.py", 2), Place("x.py")]


def test_a_region_takes_the_nearest_language_and_its_own_days_and_numbers() -> None:
    assert [nearest(tag) for tag in ("pt-BR", "de-AT", "tr", "en-GB", "DE", "zh-Hant-TW")] == [
        "pt", "de", "en", "en", "de", "en",
    ]  # fmt: skip
    assert language("pt-BR").say("Nothing.") == "Nada."
    assert [language(tag).day(DAY) for tag in ("de", "es", "fr", "pt")] == [
        "1. März 2027", "1 de marzo de 2027", "1 mars 2027", "1 de março de 2027",
    ]  # fmt: skip
    assert language("de").number(1234.5) == "1.234,5"
    assert language("de-CH").number(1234.5) == "1'234.5"
    assert language("de-XX").say("Nothing.") == "Nichts."
    assert (language("tr"), LANGUAGES.of("", "tr"), LANGUAGES.of()) == (ENGLISH, ENGLISH, ENGLISH)


def test_numbers_agree_with_their_nouns() -> None:
    for tag, one, many in (("de", "1 Projekt", "2 Projekte"), ("fr", "0 projet", "2 projets")):
        says = language(tag)
        assert says.count(int(one[0]), "{n} project", "{n} projects") == one
        assert says.count(2, "{n} project", "{n} projects") == many


def test_english_is_said_as_it_stands_in_the_code() -> None:
    for text in texts():
        assert ENGLISH.texts.gettext(text.one) == text.one
    assert ENGLISH.say("by {day}", day=DAY) == "by 2027-03-01"
    assert ENGLISH.message(Message("{n} day", "{n} days"), n=1) == "1 day"
    with pytest.raises(KeyError):
        ENGLISH.say("by {day}")


def test_foreign_braces_in_a_value_are_data() -> None:
    assert language("de").say("Reason given: {why}.", why="{0} {day} %s") == "Begründung: {0} {day} %s."


def test_two_languages_are_equal_by_their_tags() -> None:
    assert language("pt-BR") == language("pt") != Language("de") == language("de")
