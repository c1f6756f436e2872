"""Packs whose texts try to be something else: markup, formulas, control characters, directions, great lengths."""

from dataclasses import fields, is_dataclass, replace
from enum import Enum
from itertools import cycle

from domain.ids import Id
from domain.reporting.pack import Pack
from tests.domain.reporting.packs import example_pack

MARKUP = "<script>alert(1)</script><img src=x onerror=alert(2)>&amp;\"'{{ 7*7 }}{% raw %}"
FORMULA = '=HYPERLINK("http://127.0.0.1:9/?"&A1,"look")'
CONTROL = "a\x00b\x07c\x1bd\x85e\u2028f\ufffe\U000e0041g"
DIRECTION = "\u202egnp.exe\u2066\u061c\u200f שלום مرحبا"
FORMULAS = ("=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "\r=1+1", " =1+1", "\uff1d1+1")
LONG = "Ünïcode " * 1250
KEPT = {"currency", "time_zone", "language", "version", "versions", "ledger_head", "office", "id", "figure", "figures", "key",
        "basis"}  # fmt: skip


def with_texts(*texts: str, projects: int = 12) -> Pack:
    """The example with these texts, in turn, where offices can write some; what links it together stays."""
    return rewritten(example_pack(projects), *texts)


def rewritten(value, *texts: str):
    """A pack, or a part of one, with these texts, in turn, where offices can write some."""
    return _changed(value, cycle(texts))


def _changed(value, texts):
    if is_dataclass(value) and not isinstance(value, Id):
        kept = {each.name: getattr(value, each.name) for each in fields(value)}
        return replace(value, **{n: v if n in KEPT else _changed(v, texts) for n, v in kept.items()})
    if isinstance(value, tuple):
        return tuple(_changed(each, texts) for each in value)
    plain = isinstance(value, str) and not isinstance(value, Enum)
    return next(texts) if plain and value else value


def crowded() -> Pack:
    """The example with 12 figures and 40 offices, of which 8 are missing; all that is listed is there five times."""
    pack = example_pack(120)
    figures = [
        replace(each, id=f"{each.id}{n}", name=f"{each.name}, {n}")
        for n in range(3)
        for each in pack.figures[:4]
    ]
    more = [
        replace(pack.offices[n % 4], id=f"office-{n}", name=f"Regionalbüro Nummer {n}") for n in range(36)
    ]
    shown = replace(pack.sections[0], figures=tuple(each.id for each in figures))
    charts = [replace(each, figures=(f"{each.figures[0]}0",)) for each in pack.sections[1:4]]
    return replace(
        pack, figures=tuple(figures), offices=(*pack.offices, *more), sections=(shown, *charts),
        restatements=pack.restatements * 5, changes=pack.changes * 5, needs=pack.needs * 5,
    )  # fmt: skip
