"""Why an office was not read is said in the reader's language; the tool's own words are apart from it."""

from dataclasses import dataclass

import pytest

from config.languages import LANGUAGES, shipped
from domain.plans.not_read import WHY, NotRead, own_words, why
from reports.spoken import spoken


@dataclass(frozen=True)
class Tried:
    problem: str
    failure: NotRead | None = None


@pytest.mark.parametrize("tag", shipped())
def test_each_kind_is_said_in_every_language_and_the_tool_is_quoted_behind_it(tag: str) -> None:
    says = LANGUAGES.of(tag)
    not_read = spoken(says)["not_read"]
    assert WHY.keys() == set(NotRead)
    said = {kind: why(Tried("disk <b>full</b>", kind), says) for kind in (*NotRead, None)}
    assert len(set(said.values())) == len(NotRead) + 1
    assert tag == "en" or not {each.text for each in WHY.values()} & set(said.values())
    for kind, words in said.items():
        shown = str(not_read(Tried("disk <b>full</b>", kind)))
        assert shown.startswith(words)
        assert ("disk &lt;b&gt;full&lt;/b&gt;" in shown) is (kind is not NotRead.NEVER)


def test_what_was_read_has_no_reason() -> None:
    assert why(Tried(""), LANGUAGES.of("de")) == ""
    assert own_words(Tried("")) == ""
