"""What a page says its texts through, in the language of its reader.

A text may hold markup, as it stands in a template or in its translation; what is put into it is escaped. A
number that a page shows bears the name of its figure, so that it can be read out of the page and computed
again. Refuses to translate what an office or a person wrote.
"""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup, escape

from domain.language import Language
from domain.plans.not_read import Unsuccessful, own_words, why
from domain.rollouts.rollout import Standing
from domain.standards.verdict import Result
from reports import words


def spoken(language: Language) -> Mapping[str, object]:
    """What a template says its texts through: they may hold markup, and what is put into them is escaped."""

    def say(text: str, **values: object) -> Markup:
        return Markup(language.say(text, **_escaped(values)))  # noqa: S704

    def count(n: int, one: str, many: str, *, figure: str = "", **values: object) -> Markup:
        number = {"n": marked(figure, n)} if figure else {}
        return Markup(language.count(n, one, many, **_escaped({**values, **number})))  # noqa: S704

    def not_read(of: Unsuccessful, most: int = words.MOST_TEXT) -> str:
        """Why an office was not read, and behind it what its tool said."""
        because, said = why(of, language), own_words(of)
        return say("{why}: “{words}”", why=because, words=words.foreign(said, most)) if said else because

    def state_words(state: Result | Standing | None, old: str | None = None) -> str:
        return words.state_words(state, old, language)

    return {
        "say": say,
        "count": count,
        "name": language.name,
        "language": language,
        "figure": marked,
        "ledger_foot": lambda head, entry: _ledger_foot(language, head, entry),
        "message": language.message,
        "not_read": not_read,
        "short_day": language.short_day,
        "long_day": language.long_day,
        "state_words": state_words,
        "role_words": lambda role: words.role_words(role, language),
        "rule_title": lambda title: words.rule_title(title, language),
    }


def _ledger_foot(says: Language, head: str, entry: int) -> Markup:
    """The line that prints the ledger's head, which `printed` reads out of the file again."""
    shown = Markup('<code class="ledger-head">{}</code>').format(head or says.say("none"))
    if entry:
        number = marked("ledger-entry", entry)
        said = says.say("Ledger head {head} (entry {n}).", head=shown, n=number)
    else:
        said = says.say("Ledger head {head}.", head=shown)
    why = says.say("Whoever verifies the ledger compares this value: a tail cut off later shows.")
    return Markup(f"<p>{said} {escape(why)}</p>")  # noqa: S704 - our own words


def marked(figure: str, value: object) -> Markup:
    """The value, marked as that figure of the page."""
    return Markup('<span data-figure="{}">{}</span>').format(figure, value)


def _escaped(values: Mapping[str, object]) -> Mapping[str, object]:
    return {name: escape(value) if isinstance(value, str) else value for name, value in values.items()}
