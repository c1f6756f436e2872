"""Stored reasons in the reader's language: why a member stands where it does, why a rule is not kept.

They are stored in English and stay so; each known form is recognized here and said again with its values.
Refuses to guess: what has no known form, as what a tool or a person wrote, is shown as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date

from domain.language import Language, Message
from domain.plans.fact_names import short_name
from domain.standards.due import CLASS_REMEDY
from domain.standards.standard import Level
from reports.fact_words import MEANINGS, UNITS, FactWords

MOST_KEPT = 16_384
"""Reasons whose text is kept at a time."""
LONGEST = 2_000
"""Characters of a reason that is looked at; none that we make is longer."""
FORMS = (
    Message("follows the version"),
    Message("departs from it by a deviation in force"),
    Message("closed before it adopted"),
    Message("closed before the rollout reached it"),
    Message("adopted, and no longer follows"),
    Message("its deviation ended, and it does not follow"),
    Message("brought back: bound again"),
    Message("its program office elected to adopt"),
    Message("told on {day}"),
    Message("binding from {day}"),
    Message("asked for {facts} until {day}"),
    Message("passed {gate}: adopts at its next gate, as elected"),
    Message("no leeway: {why}"),
    Message("leeway lapsed: {why}"),
    Message("{why} ({chosen})"),
    Message("elected"),
    Message("by default"),
    Message("elected: adopts at its next gate"),
    Message("by default: adopts at its next gate"),
    Message("{chosen}; the program manager's reason: {reason}"),
    Message("the version grants no leeway"),
    Message("leeway ended on {day}"),
    Message("{facts}: may complete under {previous} until {day}"),
    Message("{facts}: may complete without it until {day}"),
    Message(
        "{why}; {fact} is {value}, of a band from {low} to {high} beyond the rule: its program manager may "
        "let it complete under {previous} until {day}"
    ),
    Message(
        "{why}; {fact} is {value}, not from {low} to {high}: to complete under the old version it takes "
        "a deviation, in advance"
    ),
    Message("{why}: to complete under the old version it takes a deviation, in advance"),
    Message("{why}; not reported: {facts}"),
    Message("not reported: {facts}"),
    Message("permitted by {deviation} until it is decided, as law demands it: {why}"),
    Message("permitted by {deviation} until {day}: {why}"),
    Message("permitted by {deviation} until {day}, limit {limit}: {why}"),
    Message("permitted by {deviation} until {day}"),
    Message("kept in {kind}; the version names {kinds}"),
    Message("the tool has no field {field}"),
    Message("the tool has no status {status}"),
    Message("{kind} {version}; the version asks for {least} or later"),
    Message("nobody has attested it"),
    Message("the attestation lacks {parts}"),
    Message("attested for {day}, which is still to come"),
    Message("it was valid until {day}"),
    Message("the check asks for a limit and the rule has none"),
    Message("the evaluator was not asked"),
    Message("gives {type}, not true or false"),
    Message("the check was ended: {why}"),
    Message("it took too much CPU"),
    Message("the evaluator ended with {signal}"),
    Message("no reason is known"),
    Message("the check is not tried: {n} checks of this project had to be ended"),
)
"""The forms in which reasons are stored, as the code that makes them writes them; the longer first."""
DEEPER = frozenset({"why", "chosen"})
"""The values that are reasons themselves."""
OF_TOOL = Message("Bring the tool in line: {why}")
"""The remedy of what a version says of tools."""
PARTS: Mapping[str, Message] = {
    "person": Message("person", about="attestation"),
    "on": Message("day", about="attestation"),
    "document": Message("document", about="attestation"),
    "valid_until": Message("last day", about="attestation"),
}
STEPS = (
    Message("no opinion", about="rule"),
    Message("limit {limit}", about="rule"),
    Message("holds", about="rule"),
    Message("off", about="rule"),
)
"""Where a limit comes from, as `domain/standards/tailoring.py` writes its steps: `group: holds (locked)`."""
LEVELS: Mapping[str, Message] = {
    Level.LOCKED: Message("locked", about="level"),
    Level.FLOOR: Message("floor", about="level"),
    Level.CEILING: Message("ceiling", about="level"),
    Level.RANGE: Message("range", about="level"),
    Level.ADVISORY: Message("advisory", about="level"),
    Level.OFFICE_CHOICE: Message("the office's choice", about="level"),
    Level.SILENT: Message("silent", about="level"),
}
SHAPES: Mapping[str, str] = {
    "day": r"\d{4}-\d\d-\d\d",
    "n": r"\d+",
    "chosen": r"(?:elected|by default).*",
    "deviation": r"\S+",
    "field": r"\S+",
    "of": r"\S+",
    "fact": r"[a-z_]+\.\S+",
}
CONDITION = re.compile(r"-?\d[\d.]*(?: \S+)? (?:>=|<=|<|>) -?\d[\d.]*(?: \S+)?")
"""What was found of a fact beside what is asked for, as `domain/standards/leeway.py` writes it."""
UNIT = re.compile(rf"\b(?:{'|'.join(sorted(name for name in UNITS if name.isalpha()))})\b")
DECIMAL = re.compile(r"(?<![\w.-])\d+\.\d+(?![\w.-])")
PATH = re.compile(r"[a-z_]\.[A-Za-z]|valid_until")
"""Words of ours that are no English: the path of a fact, and the name of a field."""
VALUE = re.compile(r"\\\{(\w+)\\\}")


def _pattern(said: str) -> re.Pattern[str]:
    """What a text of that form matches, with its values by name."""
    return re.compile(
        VALUE.sub(lambda m: f"(?P<{m[1]}>{SHAPES.get(m[1], '.+?')})", re.escape(said)), re.DOTALL
    )


TOOL_PATTERN, CLASS_PATTERN = _pattern(OF_TOOL.text), _pattern(CLASS_REMEDY.text)
PATTERNS = tuple((said, _pattern(said.text)) for said in FORMS)
SOURCES = tuple((said, _pattern("{of}: " + said.text + " ({why})")) for said in STEPS)


class Whys:
    """Reasons in one language; what was said once is kept, as many projects have the same."""

    def __init__(self, says: Language) -> None:
        """Nothing is said yet."""
        self._says = says
        self._kept: dict[str, str] = {}
        self._written: Mapping[str, Callable[[str], object]] = {
            "day": date.fromisoformat,
            "facts": self._facts,
            "fact": self._fact,
            "field": self._fact,
            "value": self._numbers,
            "low": self._numbers,
            "high": self._numbers,
            "parts": self._parts,
            **dict.fromkeys(DEEPER, self.told),
        }

    def told(self, stored: str) -> str:
        """The reason in the language; one of no known form as it is stored."""
        if len(stored) > LONGEST:
            return stored
        found = self._kept.get(stored)
        if found is None:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            found = self._kept[stored] = self._said(stored)
        return found

    def remedy(self, stored: str) -> str:
        """What has to be done: what no standard says itself in the language, else as its standard says it."""
        if len(stored) > LONGEST:
            return stored
        if (found := TOOL_PATTERN.fullmatch(stored)) is not None:
            return self._says.message(OF_TOOL, why=self.told(found["why"]))
        if (found := CLASS_PATTERN.fullmatch(stored)) is not None:
            return self._says.message(CLASS_REMEDY, **found.groupdict())
        return stored

    def source(self, stored: str) -> str:
        """Where a limit comes from; the reason for a tailoring as its office wrote it."""
        if len(stored) > LONGEST or self._says.is_english:
            return stored
        for step, pattern in SOURCES:
            if (found := pattern.fullmatch(stored)) is not None:
                values = found.groupdict()
                of, why = values.pop("of"), values.pop("why")
                told = self._says.message(LEVELS[why]) if why in LEVELS else why
                return f"{of}: {self._says.message(step, **values)} ({told})"
        return stored

    def _said(self, stored: str) -> str:
        if self._says.is_english and not PATH.search(stored):
            return stored
        for said, pattern in PATTERNS:
            if (match := pattern.fullmatch(stored)) is not None:
                values = {name: self._value(name, value) for name, value in match.groupdict().items()}
                return self._says.message(said, **values)
        if "; " in stored:  # several conditions, or a reason with what a second version adds to it
            return "; ".join(map(self.told, stored.split("; ")))
        return self._compared(stored) if CONDITION.fullmatch(stored) else stored

    def _value(self, name: str, value: str) -> object:
        written = self._written.get(name)
        try:
            return written(value) if written else value
        except ValueError:  # a day that no calendar has
            return value

    def _compared(self, text: str) -> str:
        return UNIT.sub(lambda found: self._says.message(UNITS[found[0]]), self._numbers(text))

    def _fact(self, path: str) -> str:
        return fact_name(path, self._says)

    def _facts(self, listed: str) -> str:
        """Facts that are missing, or what was found of them beside what is asked for: `93 % >= 90 %`."""
        parts = listed.split(", ")
        told = (self._compared(each) if CONDITION.fullmatch(each) else self._fact(each) for each in parts)
        return ", ".join(told)

    def _parts(self, listed: str) -> str:
        says = self._says
        return ", ".join(says.message(PARTS[each]) if each in PARTS else each for each in listed.split(", "))

    def _numbers(self, text: str) -> str:
        """Decimal fractions as the language writes them."""
        return DECIMAL.sub(lambda found: self._says.number(float(found[0])), text)


def fact_name(path: str, says: Language) -> str:
    """A fact in a few words; in a language that has no such words its meaning, as it is documented."""
    found = short_name(path, says)
    if says.is_english or path not in MEANINGS or found != short_name(path):
        return found
    return FactWords(says).name(path)
