"""The environment of all templates: everything is escaped, and nothing may be undefined."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from domain.compliance.glossary import MEANINGS
from domain.language import ENGLISH
from domain.organization.office import Role
from domain.plans.project import Stage
from domain.questions.answers import word
from domain.words import counted
from reports import charts, words
from reports.spoken import spoken

TEMPLATES = Path(__file__).parent / "templates"
OF_PACKS = Path(__file__).parent / "pack" / "templates"
ROLES: Mapping[Role, str] = {
    Role.HEAD: "Head",
    Role.STANDARDS_OWNER: "Standards owner",
    Role.APPROVER: "Approver",
    Role.REPORTER: "Reporter",
    Role.SPONSOR: "Sponsor",
    Role.PROGRAM_MANAGER: "Program manager",
}


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
        glossary=[(str(word), meaning) for word, meaning in MEANINGS.items()],
        long_day=words.long_day,
        pack_style=_style(OF_PACKS / "pack.css"),
        patterns=charts.patterns(),
        role_words=role_words,
        roles=ROLES,
        short_day=words.short_day,
        state_words=words.state_words,
        stage_word=lambda stage, language: word(Stage(stage), language),
        style=_style(TEMPLATES / "style.css"),
        swatch=charts.swatch,
        utc=_utc,
        **spoken(ENGLISH),
    )
    return made


def role_words(role: str) -> str:
    """A role of a rule as people read it."""
    text = role.replace("_", " ")
    return text[:1].upper() + text[1:]


def _style(file: Path) -> Markup:
    return Markup(file.read_text("utf-8"))  # noqa: S704 - our own file


def _utc(at: datetime) -> datetime:
    """The instant in UTC."""
    return at.astimezone(UTC)
