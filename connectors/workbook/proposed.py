"""The sheets that we propose to an office whose settings name none, with their names in its language.

Refuses to look at a workbook.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from connectors.records.mapping import ItemsSheet, QuestionsSheet, SheetSettings, columns_of
from domain.language import Language, Message

OWN_KEY = "interoffice key"
"""The header of our key: the same in every language, as nobody is to change what stands under it."""
QUESTIONS, TASKS = Message("Questions", about="sheet"), Message("Tasks", about="sheet")
ASKED: Mapping[str, Message] = {
    "kind": Message("Kind", about="header"),
    "project": Message("Project", about="header"),
    "text": Message("Question", about="header"),
    "asked": Message("Asked", about="header"),
    "answer_by": Message("Answer by", about="header"),
    "answer": Message("Answer", about="header"),
    "answered_by": Message("Answered by", about="header"),
    "standing": Message("Standing", about="header"),
}
PLANNED: Mapping[str, Message] = {
    "id": Message("Id", about="header"),
    "project": Message("Project", about="header"),
    "title": Message("Title", about="header"),
    "due": Message("Due", about="header"),
    "status": Message("Status", about="header"),
}
OURS: Mapping[str, Message] = {
    "role": Message("Role", about="header"),
    "standing": Message("Standing", about="header"),
}


def questions_sheet(language: Language) -> QuestionsSheet:
    """The sheet on which we ask."""
    columns = {"key": OWN_KEY, **_said(ASKED, language)}
    return QuestionsSheet.model_validate({"sheet": language.message(QUESTIONS), "columns": columns})


def items_sheet(language: Language) -> ItemsSheet:
    """The sheet with a row per item."""
    columns = {**_said(PLANNED, language), "key": OWN_KEY, **_said(OURS, language)}
    return ItemsSheet.model_validate({"sheet": language.message(TASKS), "columns": columns})


def settings_line(part: str, sheet: SheetSettings) -> str:
    """The sheet as a line of tools.yaml."""
    columns = ", ".join(f"{name}: {_plain(column.header)}" for name, column in columns_of(sheet))
    return f"{part}: {{sheet: {_plain(sheet.sheet)}, columns: {{{columns}}}}}"


def _said(names: Mapping[str, Message], language: Language) -> Mapping[str, str]:
    return {name: language.message(each) for name, each in names.items()}


def _plain(text: str) -> str:
    """A text as YAML has it: in quotes where it needs them."""
    bare = all(each.isalpha() for each in text.split(" "))
    return text if bare else json.dumps(text, ensure_ascii=False)
