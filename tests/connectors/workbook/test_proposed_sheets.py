"""The sheets that `check` says to add to the settings are those that `prepare` makes in the workbook."""

from __future__ import annotations

import re

import yaml

from connectors.records import mapping
from connectors.records.mapping import ItemsSheet, QuestionsSheet
from connectors.workbook.preparation import PROPOSED_ITEMS, PROPOSED_QUESTIONS


def pasted(remedy: str, key: str) -> dict:
    """What an operator pastes into tools.yaml."""
    (text,) = re.findall(r"`(.*)`", remedy)
    return yaml.safe_load(text)[key]


def test_what_is_pasted_names_every_column_of_the_sheet_that_is_made() -> None:
    assert QuestionsSheet.model_validate(pasted(mapping.QUESTIONS, "questions")) == PROPOSED_QUESTIONS
    assert ItemsSheet.model_validate(pasted(mapping.ITEMS, "items")) == PROPOSED_ITEMS


def test_a_column_that_is_missed_is_seen() -> None:
    less = mapping.QUESTIONS.replace("project: Project, ", "")
    assert QuestionsSheet.model_validate(pasted(less, "questions")) != PROPOSED_QUESTIONS
