"""What a connector did not foresee becomes one line about its office; what it foresaw stays what it is."""

from __future__ import annotations

import pytest

from connectors.errors import Refused, TryLater
from connectors.unforeseen import UNFORESEEN, one_offices
from store.errors import Changed


@pytest.mark.parametrize("kind", [*UNFORESEEN, KeyError, OverflowError], ids=lambda kind: kind.__name__)
def test_what_no_connector_foresaw_is_refused_in_one_line_and_logged_whole(kind, caplog) -> None:
    def act() -> None:
        with one_offices("porto"):
            raise kind("an odd\nvalue of https://ana:geheim@tool.example/")

    with pytest.raises(Refused, match=rf"not understood \({kind.__name__}: ") as raised:
        act()
    assert "\n" not in raised.value.text
    assert "geheim" not in raised.value.text
    assert "Traceback" in caplog.text
    assert kind.__name__ in caplog.text
    assert "geheim" not in caplog.text


@pytest.mark.parametrize("foreseen", [TryLater("the tool is away"), Changed("k/1"), MemoryError()])
def test_what_was_foreseen_or_is_no_answer_stays_what_it_is(foreseen: Exception) -> None:
    def act() -> None:
        with one_offices("porto", passing=Changed):
            raise foreseen

    with pytest.raises(type(foreseen)) as raised:
        act()
    assert raised.value is foreseen
