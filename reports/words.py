"""How values are written for people: labels, dates, facts, and foreign text made harmless.

Foreign text (titles, reasons, cells) is data: control characters and directional overrides are taken
out, its length is limited. Escaping is the templates' job. Refuses to show a person's name: of a fact that
holds one it says only that it is there.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from markupsafe import Markup, escape

from domain.compliance.glossary import MEANINGS as MEANINGS_OF_WORDS
from domain.compliance.glossary import Word
from domain.compliance.sweep import FlipCause
from domain.language import ENGLISH, Language, Message
from domain.organization.office import Role
from domain.plans.fact_names import short_name
from domain.reporting import shown
from domain.reporting.sentence import Bucket
from domain.rollouts.rollout import Standing
from domain.standards.due import CLASS_TITLE
from domain.standards.position import Unplaced
from domain.standards.verdict import Result

MOST_TITLE = 90
MOST_TEXT = 240
KEPT_FORMATS = frozenset("\u200c\u200d")
"""Joiners that scripts and emoji need; every other format character is removed."""
COMPLETING = Message("completing under {old}", about="group")
"""Said of several projects, where other languages have another form than for one."""
GROUPS: Mapping[str, Message] = {
    Bucket.FOLLOWS: Message("Follow {new}"),
    Bucket.OLD: COMPLETING,
    Bucket.DEVIATES: shown.DEVIATION,
    Bucket.OUT: shown.EXCLUDED,
    Bucket.NOT_YET: Message("Not bound yet"),
    Bucket.ASKED: shown.REQUESTED,
    Bucket.MUST_ACT: shown.ACTION,
    Bucket.NOT_REPORTED: shown.NOT_REPORTED,
    Bucket.LATE: Message("Late", about="group"),
    Result.PASS: Message("Pass {new}"),
    Result.GRANDFATHERED: COMPLETING,
    Result.PERMITTED: shown.DEVIATION,
    Result.NOT_APPLICABLE: Message("No rule applies"),
    Result.UNKNOWN: shown.NOT_REPORTED,
    Result.FAIL: Message("Fail", about="group"),
    Result.ERROR: shown.NOT_JUDGED,
}
MEANINGS: Mapping[str, Message] = {
    Bucket.FOLLOWS: Message(
        "Every rule of {new} is kept, or departed from by an approved deviation in force."
    ),
    Bucket.OLD: Message("Nearly complete, so by leeway they complete under {old}. They do not follow {new}."),
    Bucket.DEVIATES: Message(
        "An approved deviation in force takes them out of {new}. They do not follow it."
    ),
    Bucket.OUT: Message(
        "A named person excluded them or rolled them back, or they closed. No share counts them."
    ),
    Bucket.NOT_YET: Message(
        "They do not follow {new}. Their wave has not begun, or they are in its pilot period."
    ),
    Bucket.ASKED: Message("They do not follow {new}. They were asked for what their leeway depends on."),
    Bucket.MUST_ACT: Message(
        "{new} binds them and they do not keep it yet; or they settled before and fail now."
    ),
    Bucket.NOT_REPORTED: MEANINGS_OF_WORDS[Word.REPORTED],
    Bucket.LATE: MEANINGS_OF_WORDS[Word.LATE],
    Result.PASS: Message("Every rule of {new} that applies is kept."),
    Result.GRANDFATHERED: Message(
        "Judged by {old}, under which they may complete. They do not comply with {new}."
    ),
    Result.PERMITTED: Message(
        "An approved deviation covers what they do not keep. They do not comply with {new}."
    ),
    Result.NOT_APPLICABLE: Message("No rule applies to them."),
    Result.UNKNOWN: MEANINGS_OF_WORDS[Word.REPORTED],
    Result.FAIL: Message("A rule is broken."),
    Result.ERROR: Message("A check broke. That is never counted as kept."),
}
CAUSES: Mapping[FlipCause, Message] = {
    FlipCause.PROJECT: Message("The project", about="cause"),
    FlipCause.VERSION: Message("The version", about="cause"),
    FlipCause.LEEWAY: Message("Leeway", about="cause"),
    FlipCause.DEVIATION: Message("Deviation", about="cause"),
    FlipCause.CONNECTOR: Message("The connection to the tool", about="cause"),
    FlipCause.MISSING_DATA: Message("Missing data", about="cause"),
}
ROLES: Mapping[Role, Message] = {
    Role.HEAD: Message("Head", about="role"),
    Role.STANDARDS_OWNER: Message("Standards owner", about="role"),
    Role.APPROVER: Message("Approver", about="role"),
    Role.REPORTER: Message("Reporter", about="role"),
    Role.SPONSOR: Message("Sponsor", about="role"),
    Role.PROGRAM_MANAGER: Message("Program manager", about="role"),
}


OF_TOOLS: Mapping[str, Message] = {
    "tool.kind": Message("The kind of tool"),
    "tool.version": Message("The version of the tool"),
    "tool.field": Message("The tool has the field {name}"),
    "tool.status": Message("The tool has the status {name}"),
}
"""What a version says of tools, by how its verdicts are called."""


UNPLACED: Mapping[Unplaced, Message] = {
    Unplaced.NOT_REPORTED: Message("class not reported"),
    Unplaced.NO_LIFE_CYCLE: Message("class without a life cycle"),
}
"""Why projects are in no life cycle."""


def rule_title(title: str, language: Language = ENGLISH) -> str:
    """The title of a rule; of what a version says of tools, which has none, what it asks for."""
    if title == CLASS_TITLE.text:
        return language.message(CLASS_TITLE)
    root, _, rest = title.partition(".")
    kind, _, name = rest.partition(".")
    said = OF_TOOLS.get(f"{root}.{kind}")
    if said is None:
        return title
    named = short_name(name.replace("gate.", "gates.", 1), language) if kind == "field" else name
    return language.message(said, name=named)


def group_label(group: str, new: str, old: str | None, language: Language = ENGLISH) -> str:
    """A bucket or band as a heading."""
    return shown.sentence_case(language.message(GROUPS[group], new=new, old=shown.before(old, language)))


def group_inside(group: str, new: str, old: str | None, language: Language = ENGLISH) -> str:
    """A bucket or band inside a sentence, where English has small letters, and German large nouns."""
    if language.is_english:
        return group_label(group, new, old).lower()
    return language.message(GROUPS[group], new=new, old=shown.before(old, language))


def group_meaning(group: str, new: str, old: str | None, language: Language = ENGLISH) -> str:
    """What a bucket or band means, in one sentence or two."""
    said = language.message(MEANINGS[group], new=new, old=shown.before(old, language))
    return f"{language.say('They must act.')} {said}" if group == Bucket.LATE else said


def role_words(role: str, language: Language = ENGLISH) -> str:
    """A role of an office, or of a rule, as people read it."""
    if role in ROLES:
        return language.message(ROLES[Role(role)])
    return shown.sentence_case(role.replace("_", " "))


@lru_cache(maxsize=8192)
def clean(text: str, most: int = MOST_TEXT) -> str:
    """The text on one line, without control and directional characters, at most `most` characters long."""
    if text.isascii() and text.isprintable():  # most texts
        line = " ".join(text[: 4 * most].split())
        return line if len(line) <= most and len(text) <= 4 * most else f"{line[: most - 1].rstrip()}…"
    kept = []
    for char in text[: 4 * most]:
        category = unicodedata.category(char)
        if category in ("Cc", "Zl", "Zp"):
            kept.append(" ")
        elif category not in ("Cf", "Cs", "Co", "Cn") or char in KEPT_FORMATS:
            kept.append(char)
    line = " ".join("".join(kept).split())
    return line if len(line) <= most and len(text) <= 4 * most else f"{line[: most - 1].rstrip()}…"


def foreign(text: object, most: int = MOST_TEXT) -> Markup:
    """Foreign text in its own directional isolate, escaped."""
    return _isolated(str(text), most)


@lru_cache(maxsize=8192)
def _isolated(text: str, most: int) -> Markup:
    return Markup(f"<bdi>{escape(clean(text, most))}</bdi>")  # noqa: S704 - escaped


short_day, long_day = ENGLISH.short_day, ENGLISH.long_day
"""Days as English writes them: `31 Mar`, `31 March 2027`."""


def state_words(state: Result | Standing | None, old: str | None = None, language: Language = ENGLISH) -> str:
    """A result or standing in words, with the version before where it is known; a dash for none."""
    return shown.shown(state, old, language) if state is not None else "—"
