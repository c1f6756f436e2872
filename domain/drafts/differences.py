"""What a draft changes of the version before, rule by rule, in the language of whoever reads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace

from domain.drafts.life_cycle_differences import life_cycle_differences
from domain.language import Language
from domain.standards.due import as_written
from domain.standards.standard import NOWHERE, Rule, Version

PARTS = ("leeway", "reports", "tools", "plan_parts", "review")


def differences(version: Version, base: Version | None, says: Language) -> tuple[str, ...]:
    """The lines, in the order of the version's rules; without a version before every rule is new."""
    return tuple(_differences(version, base, says))


def _differences(version: Version, base: Version | None, says: Language) -> Iterator[str]:
    before = {rule.uid: rule for rule in as_written(base)} if base is not None else {}
    rules = as_written(version)
    now = {rule.uid for rule in rules}
    for rule in rules:
        old = before.get(rule.uid)
        if old is None:
            yield says.say("{rule} is new: {title}", rule=rule.uid, title=rule.title)
        elif _bare(old) != _bare(rule):
            yield _changed(old, rule, says)
    for uid in before:
        if uid not in now:
            yield says.say("{rule} is not there any more", rule=uid)
    yield from life_cycle_differences(version, base, says)
    for name in PARTS if base is not None else ():
        if getattr(version, name) != getattr(base, name):
            yield says.say("changed as well: {part}", part=name)


def _changed(old: Rule, rule: Rule, says: Language) -> str:
    if _bare(replace(old, limit=rule.limit)) == _bare(rule):
        return says.say(
            "{rule}: the limit {old} becomes {new}", rule=rule.uid, old=_said(old), new=_said(rule)
        )
    names = [each.name for each in fields(rule) if getattr(old, each.name, None) != getattr(rule, each.name)]
    told = ", ".join(name for name in names if name != "where")
    return says.say("{rule} is changed ({what})", rule=rule.uid, what=told)


def _said(rule: Rule) -> str:
    return "-" if rule.limit is None else str(rule.limit)


def _bare(rule: Rule) -> Rule:
    return replace(rule, where=NOWHERE)
