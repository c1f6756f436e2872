"""Why nothing is shown is said in the language that the browser asks for, and no more than in English."""

from __future__ import annotations

import pytest

from config.languages import shipped
from gateway.pages.refused import NO_LINK, TEXTS, language_asked, why
from tests.gateway.conftest import Client, run


@pytest.mark.parametrize(
    ("header", "tag"),
    [
        ("", "en"),
        ("de", "de"),
        ("pt-BR,pt;q=0.9,en;q=0.8", "pt"),
        ("nl,fr;q=0.7,en;q=0.3", "fr"),
        ("en-GB,de;q=0.9", "en"),
        ("de;q=0.2,es;q=0.9", "es"),
        ("de;q=0,it", "en"),
        ("de;q=many", "en"),
        ("*", "en"),
        ("," * 5000, "en"),
    ],
)
def test_the_language_is_the_first_one_asked_for_that_there_is(header, tag) -> None:
    assert language_asked(header).tag.partition("-")[0] == tag


def test_every_text_is_said_in_every_language_and_another_as_it_stands() -> None:
    for text in TEXTS:
        said = {tag: why(text, tag) for tag in shipped()}
        assert said["en"] == text
        assert len(set(said.values())) == len(said), text
    assert why("the body is too long", "de") == "the body is too long"


def test_a_person_s_link_that_opens_nothing_says_so_in_the_browser_s_language(gateway) -> None:
    async def asked(*languages: str) -> list[tuple[int, str]]:
        async with Client(gateway) as visitor:
            headers = [{"accept-language": each} for each in languages]
            found = [await visitor.http.get("/person/1.x.y/", headers=each) for each in headers]
        return [(each.status_code, each.text) for each in found]

    english, german = run(asked("en", "de-AT,en;q=0.4"))
    assert english == (403, f"{NO_LINK.text}\n")
    assert german == (403, f"{why(NO_LINK.text, 'de')}\n")
