"""What a refusal has to say: where what is wrong stands, and what to do."""

from __future__ import annotations

import re

PLACE = re.compile(
    r"^[\w./ -]+(, entry \d+)?: "  # a parameter, a key of a file or an entry of it
    r"|'[^']+'"  # the value itself
    r"|\b[\w-]+\.yaml\b|\bthe (deployment|task|plan|tool|template|project) [\w'./-]+"
    r"|^whoever is named|^nobody |^[a-z]+ is "  # the parameter `person`; an office
)
REMEDY = re.compile(
    r"\b(write|give|leave|open|share|shares|localize|capture|grant|add|keep|take|set|correct|split|state|close)\b"
    r"|\bit takes (the|its)\b|`interoffice |\bput\b|\bthere are (?!none)['\w-]|\bat most\b"
)


def lacks(text: str) -> list[str]:
    """What of the two a refusal does not say, or says on several lines."""
    _, _, rest = text.replace("; ", ": ").partition(": ")
    found = [] if PLACE.search(text) else ["place"]
    found += [] if REMEDY.search(rest) else ["remedy"]
    return found + (["one line"] if "\n" in text else [])
