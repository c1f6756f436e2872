"""Findings: what a verdict that is not kept says to people, and who has to do what by when.

Facts, limit and source are the verdict's own; remedy, role and days are those of the immutable version by
which it was judged. Refuses to give a rule's title as the reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from domain.compliance.sweep import Judged
from domain.organization.calendar import Calendar
from domain.plans.project import Scalar
from domain.standards.checks.check import compile_check
from domain.standards.standard import Rule, Version
from domain.standards.verdict import Result, Verdict, made_often

KEPT = frozenset({Result.PASS, Result.NOT_APPLICABLE})
DEFAULT_ROLE = "reporter"
DEFAULT_DAYS = 20
"""For what a version says of tools, which is no rule of its own."""


@made_often
class Finding:
    """One verdict that is not kept: the facts, the limit in force and its source, and what has to be done.

    `asked` are the facts that have to be there and are not, or an attestation that nobody gave.
    `by` is the last day for it at the office; None while the version does not bind the project: then there
    will be `days` business days.
    """

    rule: str
    title: str
    result: Result
    why: str
    facts: Mapping[str, object]
    missing: tuple[str, ...]
    limit: Scalar | None
    source: str
    remedy: str
    role: str
    days: int
    by: date | None = None
    asked: tuple[str, ...] = ()


def remedy_of(verdict: Verdict, rule: Rule | None) -> str:
    """What has to be done about it; `rule` is None for what the version says of tools."""
    return rule.remedy if rule is not None else f"Bring the tool in line: {verdict.why}"


def rules_of(version: Version | None) -> Mapping[str, Rule]:
    """The rules of a version by their uids; none of no version."""
    return {rule.uid: rule for rule in version.rules} if version is not None else {}


def _asked(verdict: Verdict, rule: Rule | None) -> tuple[str, ...]:
    """What has to be there for the rule to be kept, and is not; empty where the verdict itself names it."""
    if rule is None or verdict.result is not Result.FAIL:
        return ()
    if rule.check:
        return tuple(path for path in compile_check(rule.check).asks if path not in verdict.facts)
    return () if verdict.facts else (f"attested.{rule.subject}",)


def findings(
    judged: Judged,
    version: Version | None,
    calendar: Calendar,
    bound_on: date | None = None,
    rules: Mapping[str, Rule] | None = None,
) -> tuple[Finding, ...]:
    """The verdicts of a project that are not kept, in the order of the rules.

    `version` is the one that it was judged by, `calendar` its office's, `bound_on` the day since when the
    version binds it; `rules` are `rules_of` the version, where somebody asks for many projects.
    """
    rules = rules_of(version) if rules is None else rules
    found, due = list[Finding](), dict[int, date]()
    for verdict in judged.verdicts:
        if verdict.result in KEPT:
            continue
        rule = rules.get(verdict.rule)
        days = rule.days if rule else DEFAULT_DAYS
        if bound_on is not None and days not in due:
            due[days] = calendar.add_business_days(bound_on, days)
        found.append(
            Finding(
                rule=verdict.rule,
                title=rule.title if rule else verdict.rule,
                result=verdict.result,
                why=verdict.why,
                facts=verdict.facts,
                missing=verdict.missing,
                limit=verdict.limit,
                source=verdict.source or (version.id if version is not None and rule is None else ""),
                remedy=remedy_of(verdict, rule),
                role=rule.role if rule else DEFAULT_ROLE,
                days=days,
                by=due.get(days),
                asked=_asked(verdict, rule),
            )
        )
    return tuple(found)
