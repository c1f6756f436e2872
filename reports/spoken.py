"""What a page says its texts through, in the language of its reader.

A text may hold markup, as it stands in a template or in its translation; what is put into it is escaped.
Refuses to translate what an office or a person wrote.
"""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup, escape

from domain.language import Language


def spoken(language: Language) -> Mapping[str, object]:
    """What a template says its texts through: they may hold markup, and what is put into them is escaped."""

    def say(text: str, **values: object) -> Markup:
        return Markup(language.say(text, **_escaped(values)))  # noqa: S704

    def count(n: int, one: str, many: str, **values: object) -> Markup:
        return Markup(language.count(n, one, many, **_escaped(values)))  # noqa: S704

    return {"say": say, "count": count, "name": language.name, "language": language}


def _escaped(values: Mapping[str, object]) -> Mapping[str, object]:
    return {name: escape(value) if isinstance(value, str) else value for name, value in values.items()}
