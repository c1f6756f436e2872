"""Takes out of a text what belongs to the office alone: persons, addresses, phones, credentials, links.

What is taken out is replaced by a mark in brackets, so that a reader sees that something was there. Rather
one word too many than one too few: what was taken out is told, with its place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from domain.plans.templates.names import Names


class Private(StrEnum):
    """What is taken out."""

    CREDENTIAL = "credential"
    LINK = "link"
    ADDRESS = "address"
    """An e-mail address."""
    PHONE = "phone"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Stripped:
    """Something that was taken out: its kind, the task (empty: the plan itself) and field, and the text."""

    kind: Private
    task: str
    field: str
    text: str


_SECRET_WORDS = (
    "password|passwords|passwort|passwörter|kennwort|passwd|pwd|passphrase|secret|token|api[ _-]?key|apikey"
    "|access[ _-]?key|client[ _-]?secret|pin|hasło|haslo|mot de passe|contraseña|clave|senha|wachtwoord"
    "|lösenord"
    "|parola|şifre|heslo|adgangskode|пароль|密码|パスワード"
)
CREDENTIAL = re.compile(
    rf"""
    -----BEGIN[ ][A-Z ]*KEY-----.*?(?:-----END[ ][A-Z ]*KEY-----|$)
    | \b(?:AKIA|ASIA)[A-Z0-9]{{12,}}\b | \bgh[pousr]_[A-Za-z0-9]{{20,}} | \bgithub_pat_\w{{20,}}
    | \bglpat-[\w-]{{16,}} | \bxox[abprs]-[\w-]{{10,}} | \bsk-[\w-]{{16,}} | \bAIza[\w-]{{30,}}
    | \beyJ[\w-]{{8,}}\.[\w-]{{4,}}(?:\.[\w-]*)?
    | \b(?:bearer|basic)\s+[A-Za-z0-9+/=._-]{{12,}}
    | (?<!\w)(?:{_SECRET_WORDS})(?!\w)
      (?:(?:[ ]\w+){{0,3}}?\s*[:=\uff1a]|\s(?:is|ist|to|est|es|é|är|jest)\s)\s*
      (?:"[^"]*"|'[^']*'|\S+)
    | (?<![\w/+-])(?=[\w+/=-]*[a-z])(?=[\w+/=-]*[A-Z])(?=[\w+/=-]*\d)[A-Za-z0-9+/_-]{{24,}}={{0,2}}(?![\w/+-])
    | (?<!\w)(?=[0-9a-f]*[a-f])(?=[0-9a-f]*\d)[0-9a-f]{{32,}}(?!\w)
    """,
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
LINK = re.compile(
    r"""
    \b[a-z][a-z0-9+.-]{1,20}://\S+ | \b(?:mailto|tel|sip|callto|file|javascript|data):\S+ | \bwww\.\S+
    | \\\\[\w.$-]+(?:\\[^\s\\]+)+ | \b[A-Z]:\\\S+
    | (?<![\w+.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?::\d{2,5})?(?:/\S*)?\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
HOST = re.compile(
    r"""
    (?<![\w@.-])(?:[a-z0-9](?:[a-z0-9-]{0,62})\.)+[a-z]{2,12}/\S+
    | (?<![\w@.-])(?:[a-z0-9](?:[a-z0-9-]{0,62})\.)+(?:com|org|gov|edu|info|io|dev|local|internal
      |intra|corp|lan|de|fr|es|pl|pt|it|nl|se|tr|br|uk|eu|ch|at|sa|ae|sg|cn|jp)(?![\w-])
    """,
    re.IGNORECASE | re.VERBOSE,
)
_AT = (
    r"\s?(?:@|\uff20|\(at\)|\[at\]|\((?:małpa|arroba|chiocciola|kukac|apenstaartje)\)|\{at\}|<at>|\(a\)"
    r"|\s+at\s+(?=[\w-]+\s?(?:\.|\(dot\)|\[dot\])\s?\w))\s?"
)
_DOT = r"\s?(?:\.|\(dot\)|\[dot\]|\(kropka\)|\(punkt\))\s?"
ADDRESS = re.compile(
    rf"[\w.!#$%&'*+/=?^`{{|}}~-]+{_AT}[\w-]+(?:(?:\.|{_DOT})[\w-]+)+|[\w.+-]+[@\uff20][\w.-]+", re.IGNORECASE
)
_CALLED = (
    r"(?:tel|telefon|telephone|phone|fon|mobile|mobil|mob|cell|handy|fax|faks|kom|tlf|gsm|whatsapp|call|ph"
    r"|hotline)"
)
_INNER = r"(?:\s*(?:ext|wew|dw|int|poste|durchwahl|x)\.?\s*\d{1,6})?"
PHONE = re.compile(
    rf"""
    (?<!\w){_CALLED}\.?(?:\s*(?:no|nr|number|nummer)\.?)?\s*[:=]?\s*\(?\+?\d[\d\s().\-/\u2013\u00b7]{{2,}}\d{_INNER}
    | (?<![\w.])(?:\+|\b00)\s?\(?\d[\d\s().\-/\u2013\u00b7]{{5,}}\d{_INNER}
    | (?<![\w.,])\(?\d[\d\s().\-/\u2013\u00b7]{{5,}}\d(?![\w]){_INNER}
    """,
    re.IGNORECASE | re.VERBOSE,
)
_NO_PHONE = re.compile(
    r"""
    \d{4}[-./]\d{1,2}[-./]\d{1,2}(?:[\sT\-\u2013]+(?:\d{1,2}(?:[.:]\d{2}){0,2}|\d{4}[-./]\d{1,2}[-./]\d{1,2}))?
    | \d{1,2}[-./]\s?\d{1,2}[-./]\s?\d{2,4}(?:\s*[-\u2013]\s*\d{1,2}[-./]\s?\d{1,2}[-./]\s?\d{2,4})?
    | (?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])
    | (?:19|20)\d{2}(?:\s*[-\u2013/]\s*(?:19|20)\d{2})+
    | \d{1,2}(?:[ .\u00a0\u202f]000)+ | \d{1,3}(?:[ .\u00a0\u202f]\d{3})*[ .\u00a0\u202f]000
    | \d+(?:\.\d+){2,}
    """,
    re.VERBOSE,
)
FEWEST, MOST = 7, 18
"""How many digits a phone number has, and a number that is not told by a word before it."""


def _phones(text: str) -> Iterator[tuple[int, int]]:
    for match in PHONE.finditer(text):
        found = match.group().strip()
        digits = sum(char.isdigit() for char in found)
        called = found[0].isalpha()
        if (
            called
            or found[0] == "+"
            or (FEWEST <= digits <= MOST and not (_NO_PHONE.fullmatch(found.strip("()"))))
        ):
            yield match.span()


_AFTER: Mapping[Private, str] = {Private.CREDENTIAL: ",;)]}"}
"""What is a sentence's own where it stands at the end of something that was found."""


def _matches(kind: Private, pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    after = _AFTER.get(kind, ".,;:!?)]}>\"'»")
    for match in pattern.finditer(text):
        start, end = match.span()
        while end > start and text[end - 1] in after:
            end -= 1
        if end > start:
            yield start, end


def scrubbed(text: str, names: Names, task: str = "", field: str = "") -> tuple[str, tuple[Stripped, ...]]:
    """The text without what is private, and what was taken out of it, step by step.

    Scrubbing twice changes nothing more.
    """
    found: list[Stripped] = []
    for kind, find in _STEPS:
        spans = list(_spans(find, text, names))
        for start, end in reversed(spans):
            found.append(Stripped(kind, task, field, text[start:end].strip()))
            text = f"{text[:start]}{mark(kind)}{text[end:]}"
    return text, tuple(found)


def mark(kind: Private) -> str:
    """What stands in the place of something that was taken out: `[person]`."""
    return f"[{kind}]"


_MARKS = re.compile("|".join(re.escape(mark(kind)) for kind in Private))


_ASIDE = re.compile(
    rf"\s*(?:\([^()]*(?:{_MARKS.pattern})[^()]*\)|[-\u2013\u2014,;:/|]\s*(?:{_MARKS.pattern})(?=\s*(?:$|[,;])))"
)
"""An aside of a title in which something was taken out: in brackets, or at the end behind a dash or comma."""


def without_asides(title: str) -> str:
    """A scrubbed title without the asides that say nothing since: `Finance system (sponsor: [person])`.

    A mark amid the title stays, as a reader would miss the word; nothing is left of a title of marks alone.
    """
    short = _ASIDE.sub("", title).strip()
    return short if _MARKS.sub("", short).strip() else ""


def _spans(find: Finder, text: str, names: Names) -> Iterator[tuple[int, int]]:
    """What of one kind is in a text, outside the marks that stand there already."""
    taken = [match.span() for match in _MARKS.finditer(text)]
    last = 0
    for start, end in sorted(find(text, names)):
        if start >= last and not any(start < stop and begin < end for begin, stop in taken):
            yield start, end
            last = end


Finder: TypeAlias = Callable[[str, Names], Iterator[tuple[int, int]]]


def _by(kind: Private, pattern: re.Pattern[str]) -> Finder:
    return lambda text, _: _matches(kind, pattern, text)


_STEPS: tuple[tuple[Private, Finder], ...] = (
    (Private.CREDENTIAL, _by(Private.CREDENTIAL, CREDENTIAL)),
    (Private.LINK, _by(Private.LINK, LINK)),
    (Private.ADDRESS, _by(Private.ADDRESS, ADDRESS)),
    (Private.LINK, _by(Private.LINK, HOST)),
    (Private.PHONE, lambda text, _: _phones(text)),
    (Private.PERSON, lambda text, names: names.found(text)),
)
"""What is looked for, in this order: an address in a link is part of it, a bare host in an address too."""
