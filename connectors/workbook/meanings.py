"""What a header means by its words: what the column is about, and which of several it is (planned, actual).

Beginnings of words of many languages, combined by a few rules, understand headers that no list has. Refuses
to say anything of a header that fits no rule.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from ruamel.yaml import YAML

WORDS = re.compile(r"[^\W_]+|[%#№]")
Words = frozenset[str]
LONG = 4
"""Letters of a beginning that is known at the end of a compound word, too."""
ALONE = frozenset(("od", "do", "von", "bis"))
"""Words that mean a date only where nothing stands beside them."""


@cache
def _table() -> tuple[Mapping[str, Mapping[str, bool]], Mapping[str, Mapping[str, bool]]]:
    """The things and the sorts, each with the beginnings of its words, and whether these are whole words."""
    found = YAML(typ="safe").load(Path(__file__).with_name("meanings.yaml").read_text("utf-8"))

    def stems(part: str) -> dict[str, dict[str, bool]]:
        return {
            name: {str(word).rstrip("$"): str(word).endswith("$") for word in words}
            for name, words in found[part].items()
        }

    return stems("things"), stems("sorts")


def _words(header: str) -> list[str]:
    """The words of a header, without case and accents; a dotless i is an i."""
    plain = unicodedata.normalize("NFKD", header.casefold().replace("\u0131", "i").replace("\u0142", "l"))
    found = WORDS.findall("".join(c for c in plain if not unicodedata.combining(c)))
    return found if len(found) == 1 else [word for word in found if word not in ALONE]


def _said(words: list[str], table: Mapping[str, Mapping[str, bool]]) -> Words:
    def means(word: str, stems: Mapping[str, bool]) -> bool:
        return any(
            word == stem if whole else word.startswith(stem) or (len(stem) >= LONG and word.endswith(stem))
            for stem, whole in stems.items()
        )

    return frozenset(name for name, stems in table.items() if any(means(word, stems) for word in words))


def is_sorted(header: str) -> bool:
    """Whether a header says which of several it is: planned, actual, left, of the baseline."""
    return bool(_said(_words(header), _table()[1]) - {"last"})


def meanings(header: str, part: str) -> Iterator[tuple[str, int]]:
    """The fields of a kind of sheet that a header may mean, each with how directly it says so (0 is best)."""
    things, sorts = _table()
    words = _words(header)
    about, which = _said(words, things), _said(words, sorts)
    if "left" in which or "odd" in which:
        return
    if part == "projects":
        yield from _of_project(about, which)
    elif part == "items":
        yield from _of_item(about, which)


def _of_project(about: Words, which: Words) -> Iterator[tuple[str, int]]:
    if "finish" in about and not about & {"percent", "sign", "cost", "outlook"}:
        yield from _finish(which)
    elif "start" in about and not which & {"base", "actual"}:
        yield "start", 1 if which & {"plan", "now"} else 0
    yield from _percent(about, which, "percent_complete")
    yield from _money(about, which)
    if "sponsor" in about or "holder" in about:
        yield "sponsor", 0 if "sponsor" in about else 2
    elif "lead" in about:
        yield "lead", 0
    if "version" in about and "method" in about:
        yield "standard_version", 0
    if ("report" in about and which & {"last"}) or ("stage" in about and {"last"} <= which):
        yield "last_report", 0 if "report" in about else 1
    elif "stage" in about and not about & {"sign", "id"}:
        yield "stage", 0
    if "currency" in about:
        yield "currency", 0
    yield from _named(about, "project")
    if "program" in about:
        yield "program", 0


def _of_item(about: Words, which: Words) -> Iterator[tuple[str, int]]:
    if (
        about & {"finish", "due"}
        and not about & {"percent", "sign", "share", "start"}
        and not which & {"actual", "base"}
    ):
        yield "due", (0 if "due" in about else 1) + bool(which & {"plan"})
    elif "start" in about and not which & {"base", "actual"}:
        yield "start", 1 if "plan" in which else 0
    yield from _percent(about, which, "percent")
    worked = about & {"work"} or ("time" in about and "plan" in which)
    if worked and not about & {"percent", "sign", "spent"} and "actual" not in which:
        yield "work", 0
    if about & {"owner", "holder"}:
        yield "owner", 0
    elif "lead" in about:
        yield "owner", 1
    if "stage" in about and not about & {"sign"}:
        yield "status", 0
    if "kind" in about:
        yield "kind", 0
    if "project" in about:
        yield "project", 0
        return
    yield from _named(about, "task")


def _finish(which: Words) -> Iterator[tuple[str, int]]:
    if "base" in which:
        yield "baseline_finish", 0
    elif "actual" not in which:
        yield "finish", 1 if "plan" in which else 0
        if "plan" in which:
            yield "baseline_finish", 2


def _percent(about: Words, which: Words, field: str) -> Iterator[tuple[str, int]]:
    if not about & {"percent", "sign"} or about & {"work", "cost", "finance"}:
        return
    if "stage" in about and "sign" not in about:
        return
    if not which & {"plan", "base"}:
        yield field, 0 if about & {"share"} or "now" in which else 1


def _money(about: Words, which: Words) -> Iterator[tuple[str, int]]:
    if about & {"percent", "sign"} or ("work" in about and "cost" not in about):
        return
    if about & {"start", "finish"} and not about & {"cost", "outlook", "budget"}:
        return
    if "spent" in about or ("cost" in about and "actual" in which):
        yield "actual_cost", 0
    elif about & {"forecast", "outlook"} or {"cost", "finish"} <= about:
        yield "forecast_cost", 0
    elif "budget" in about and "base" not in which:
        yield "budget", 0
    elif "cost" in about and which & {"plan", "base"}:
        yield "budget", 1
    elif "cost" in about:
        yield "forecast_cost", 2


def _named(about: Words, thing: str) -> Iterator[tuple[str, int]]:
    """The id or the title: `Project ID`, `Project title`, `Project` alone."""
    others = about - {"project", "task", "id", "title"}
    if others:
        return
    if "id" in about:
        yield "id", 0 if thing in about else 1
    elif "title" in about:
        yield "title", 0 if thing in about else 1
    elif thing in about:
        yield "title", 2
