"""What `interoffice rule try` prints about a rule that was tried: lines for people, data for programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, time
from pathlib import Path

from cli.rule.trial import Fact, Trial, Tried
from domain.standards.checks.steps import MOST_STEPS
from domain.words import counted

LONGEST = 60
"""Most characters of a value in the lines for people."""
SHOWN = 10
"""Most entries of a list in the lines for people."""
MIDNIGHT = time(0)


def page(folder: Path, tried: Tried) -> Iterator[str]:
    """The lines for people."""
    effective = tried.effective
    rule = effective.rule
    yield rule.title
    yield f"  rule      {rule.uid} of {tried.version.id}, {rule.kind}, {rule.level}"
    yield f"  file      {folder / rule.where.file}:{rule.where.line}"
    for key, text in (("check", rule.check), ("applies", rule.applies), ("subject", rule.subject)):
        for number, line in enumerate(text.strip().splitlines()):
            yield f"  {key if number == 0 else '':10}{line}"
    limit = _written(effective.limit) if effective.limit is not None else "none"
    yield f"  limit     {limit}{', and the rule is off here' if effective.off else ''}"
    for number, step in enumerate(effective.steps):
        yield f"  {'from' if number == 0 else '':10}{step}"
    yield f"  remedy    {rule.remedy}: {rule.role}, within {counted(rule.days, 'business day')}"
    for number, cost in enumerate(tried.costs):
        steps = f"{cost.key} at most {cost.steps:,} of {MOST_STEPS:,} steps"
        yield f"  {'cost' if number == 0 else '':10}{steps}"
    for trial in tried.trials:
        yield from _trial(trial)


def _trial(trial: Trial) -> Iterator[str]:
    yield ""
    yield f"on {trial.on}, at {trial.now:%Y-%m-%d %H:%M} UTC"
    names = max((len(fact.name) for fact in trial.facts), default=0)
    values = [_shown(fact) for fact in trial.facts]
    width = max(map(len, values), default=0)
    for fact, value in zip(trial.facts, values, strict=True):
        yield f"  {fact.name:{names}}  {value:{width}}  {fact.type}: {fact.meaning}"
    if not trial.facts:
        yield "  it looks at no fact"
    verdict = trial.verdict
    meant = "" if trial.wanted in ("", str(verdict.result)) else f", and should be {trial.wanted}"
    yield f"  result    {verdict.result}{meant}{f': {verdict.why}' if verdict.why else ''}"
    if trial.microseconds is not None:
        yield f"  took      {trial.microseconds:.1f} microseconds of CPU just now"


def _shown(fact: Fact) -> str:
    if fact.value is None:
        return "not reported"
    unit = f"{'' if fact.unit == '%' else ' '}{fact.unit}" if fact.unit else ""
    return f"{_written(fact.value)}{unit}"


def _written(value: object) -> str:
    """A value as an expression or a file would hold it, shortened."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}" if value.time() == MIDNIGHT else value.isoformat()
    if isinstance(value, list):
        value = f"{counted(len(value), 'entry')}{': ' if value else ''}{', '.join(map(str, value[:SHOWN]))}"
    text = " ".join(str(value).split())
    return f"{text[:LONGEST]}..." if len(text) > LONGEST else text


def as_data(folder: Path, tried: Tried) -> Mapping[str, object]:
    """The same as data for other programs."""
    effective = tried.effective
    rule = effective.rule
    return {
        "version": tried.version.id,
        "rule": rule.uid,
        "title": rule.title,
        "kind": str(rule.kind),
        "level": str(rule.level),
        "file": str(folder / rule.where.file),
        "line": rule.where.line,
        "check": rule.check,
        "applies": rule.applies,
        "subject": rule.subject,
        "limit": effective.limit,
        "off": effective.off,
        "from": list(effective.steps),
        "remedy": rule.remedy,
        "role": rule.role,
        "days": rule.days,
        "steps": {cost.key: cost.steps for cost in tried.costs},
        "most_steps": MOST_STEPS,
        "tried": [_trial_data(trial) for trial in tried.trials],
    }


def _trial_data(trial: Trial) -> Mapping[str, object]:
    verdict = trial.verdict
    return {
        "on": trial.on,
        "now": trial.now.isoformat(),
        "facts": [
            {"name": f.name, "value": f.value, "type": f.type, "unit": f.unit, "meaning": f.meaning}
            for f in trial.facts
        ],
        "result": str(verdict.result),
        "wanted": trial.wanted or None,
        "why": verdict.why,
        "missing": list(verdict.missing),
        "microseconds": trial.microseconds,
    }
