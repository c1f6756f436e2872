"""The sheets that `check` says to add to the settings are those that `prepare` makes in the workbook."""

from __future__ import annotations

import re

import pytest
import yaml

from config.languages import language, shipped
from connectors.records import mapping
from connectors.records.mapping import ItemsSheet, QuestionsSheet
from connectors.workbook.proposed import items_sheet, questions_sheet, settings_line
from domain.language import ENGLISH


def pasted(remedy: str, key: str) -> dict:
    """What an operator pastes into tools.yaml."""
    (text,) = re.findall(r"`(.*)`", remedy)
    return yaml.safe_load(text)[key]


def test_what_is_pasted_names_every_column_of_the_sheet_that_is_made() -> None:
    assert QuestionsSheet.model_validate(pasted(mapping.QUESTIONS, "questions")) == questions_sheet(ENGLISH)
    assert ItemsSheet.model_validate(pasted(mapping.ITEMS, "items")) == items_sheet(ENGLISH)


def test_a_column_that_is_missed_is_seen() -> None:
    less = mapping.QUESTIONS.replace("project: Project, ", "")
    assert QuestionsSheet.model_validate(pasted(less, "questions")) != questions_sheet(ENGLISH)


@pytest.mark.parametrize("tag", shipped())
def test_the_line_for_tools_yaml_names_the_sheets_in_every_language(tag: str) -> None:
    says = language(tag)
    for key, sheet in (("questions", questions_sheet(says)), ("items", items_sheet(says))):
        again = type(sheet).model_validate(pasted(f"`{settings_line(key, sheet)}`", key))
        assert again == sheet
        assert len(sheet.sheet) <= 31
        assert not set(sheet.sheet) & set("[]:*?/\\")


def test_a_header_that_yaml_would_take_for_something_else_stands_in_quotes() -> None:
    sheet = questions_sheet(ENGLISH).model_copy(update={"sheet": "Fragen: alle"})
    assert pasted(f"`{settings_line('questions', sheet)}`", "questions")["sheet"] == "Fragen: alle"
