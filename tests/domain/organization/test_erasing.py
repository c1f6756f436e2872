"""A person is found in every form in which our files have them, and nobody else is."""

import html
import json
import unicodedata
from urllib.parse import quote

import pytest

from domain.organization.erasing import Eraser, Indistinct, written

JOSE = written(
    "jose", "José da Silva-Núñez", "mailto://jose.silva@example.com?smtp=x", ("JSN01",), ("Zé Silva",)
)
ERASER = Eraser(JOSE, "p-0123456789abcdef")
STANDS = "p-0123456789abcdef"

SPELLED = [
    "José da Silva-Núñez",
    "JOSÉ DA SILVA-NÚÑEZ",
    "Silva-Núñez, José da",
    "José  da\nSilva-Núñez",
    "José\u00a0da Silva-Núñez",
    unicodedata.normalize("NFD", "José da Silva-Núñez"),
    json.dumps("José da Silva-Núñez")[1:-1],
    html.escape("José da Silva-Núñez"),
    "Jos&#233; da Silva-N&#250;&#241;ez",
    quote("José da Silva-Núñez"),
    "jose.silva@example.com",
    "JSN01",
    "Zé Silva",
]


@pytest.mark.parametrize("text", SPELLED)
def test_each_spelling_is_replaced_and_then_found_nowhere(text) -> None:
    for around in (
        "{}",
        "by {}, yes",
        '"{}"',
        "<td>{}</td>",
        "a\\n{}",
        "owner={}&x=1",
        "%20{}",
        "&lt;{}&gt;",
    ):
        new = ERASER.text(around.format(text))
        assert new == around.format(STANDS)
        assert ERASER.text(new) == new
        assert not ERASER.left(new.encode())
        assert ERASER.left(around.format(text).encode()) or text in (SPELLED[3], SPELLED[4])


@pytest.mark.parametrize(
    "text",
    [
        "José da Silva-Núñez-Costa is somebody else's JSN012",
        "xJSN01",
        "jose.silva@example.company",
        "the jose of the church, a word",
        "josephine",
        '"jose luis"',
        "Silva",
    ],
)  # fmt: skip
def test_other_people_and_words_stay(text) -> None:
    kept = text.replace("José da Silva-Núñez", "X")
    assert ERASER.text(kept) == kept


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ('{"owner":"jose"}', f'{{"owner":"{STANDS}"}}'),
        ("absence:jose:2027-01-04", f"absence:{STANDS}:2027-01-04"),
        ("jose", STANDS),
        ('["ana","jose"]', f'["ana","{STANDS}"]'),
        ("/to/jose/", f"/to/{STANDS}/"),
    ],
)
def test_an_id_that_could_be_a_word_is_replaced_where_it_stands_as_an_id(text, new) -> None:
    assert ERASER.text(text) == new


def test_what_stands_where_is_said() -> None:
    assert list(ERASER.places("asked by José da Silva-Núñez, JSN01")) == [
        (9, "José da Silva-Núñez"),
        (30, "JSN01"),
    ]


@pytest.mark.parametrize("text", ["Jo", "-", "x."])
def test_a_text_that_stands_everywhere_by_chance_is_refused(text) -> None:
    with pytest.raises(Indistinct, match="give a longer one"):
        written("somebody", also=(text,))
    with pytest.raises(Indistinct, match="too short"):
        written("jo", "Jo Nesser")


def test_a_name_in_letters_without_any_latin_one_is_found() -> None:
    eraser = Eraser(written("o-petrenko", "Олена Петренко"), "p-1")
    assert eraser.text("Відповідальна: Олена Петренко (o-petrenko)") == "Відповідальна: p-1 (p-1)"
    assert eraser.text(json.dumps("ОЛЕНА ПЕТРЕНКО")) == '"p-1"'
