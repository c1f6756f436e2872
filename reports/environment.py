"""The environment of all templates: everything is escaped, and nothing may be undefined."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from domain.compliance.glossary import MEANINGS, NAMES
from domain.language import ENGLISH
from domain.plans.project import Stage
from domain.questions.answers import word
from domain.reporting.needs import ROLLOUT_STATES, WAVE_STATES
from domain.words import counted
from reports import charts, words
from reports.spoken import spoken

TEMPLATES = Path(__file__).parent / "templates"
OF_PACKS = Path(__file__).parent / "pack" / "templates"


@cache
def environment() -> Environment:
    """The environment of the templates, made once in a process."""
    made = Environment(
        loader=FileSystemLoader((TEMPLATES, OF_PACKS)),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters["capitalize_first"] = lambda text: text[:1].upper() + text[1:]
    made.globals.update(
        bar=charts.bar,
        clean=words.clean,
        counted=counted,
        first_style=_style(TEMPLATES / "first.css"),
        foreign=words.foreign,
        glossary=[(NAMES[word], meaning) for word, meaning in MEANINGS.items()],
        pack_style=_style(OF_PACKS / "pack.css"),
        patterns=charts.patterns(),
        stage_word=lambda stage, language: word(Stage(stage), language),
        style=_style(TEMPLATES / "style.css"),
        rollout_states=ROLLOUT_STATES,
        states=WAVE_STATES,
        swatch=charts.swatch,
        unplaced=words.UNPLACED,
        utc=_utc,
        **spoken(ENGLISH),
    )
    return made


def _style(file: Path) -> Markup:
    return Markup(file.read_text("utf-8"))  # noqa: S704 - our own file


def _utc(at: datetime) -> datetime:
    """The instant in UTC."""
    return at.astimezone(UTC)
