"""The acceptance checks of a case: how people write them, and what facts say of one.

A missing fact gives unknown, never green; several projects are as good as the worst of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from domain.cases.case import AcceptanceCheck
from domain.cases.kinds import CheckKind, Color, Comparison
from domain.deviations.flaws import Flaw, Flawed, quoted
from domain.deviations.terms import as_scalar
from domain.ids import VersionId
from domain.language import Message
from domain.plans.facts import Facts, is_documented
from domain.plans.project import Scalar
from domain.standards.checks.answers import NONE, Evaluator, Expressions
from domain.standards.checks.check import BadCheck, Scene, compile_check
from domain.standards.verdict import Result

EXAMPLES = {
    CheckKind.RULE: "rule plan-size",
    CheckKind.FACT: "fact cost.overrun_percent <= 10",
    CheckKind.EXPRESSION: "cel has(project.sponsor)",
    CheckKind.ATTESTED: "attested: what holds",
}
ALL_KINDS = frozenset(EXAMPLES)
LONGEST = 500
WRITE = Message("write {example}")


def check_of(
    text: str, standard: str = "", project: str = "", *, kinds: frozenset[CheckKind] = ALL_KINDS
) -> AcceptanceCheck:
    """The check that a text states; `standard` is that of a rule without one, `project` where it is asked.

    Raises Flawed for a text that states none of these kinds.
    """
    said = text.strip()
    kind, _, rest = said.replace(":", " ", 1).partition(" ")
    rest, wanted = rest.strip(), _KINDS.get(kind)
    if len(said) > LONGEST or wanted not in kinds or not rest:
        raise Flawed((_no_check(kinds),))
    if wanted is CheckKind.RULE:
        named, _, uid = rest.rpartition(" ")
        version = VersionId.find(named)
        return AcceptanceCheck(wanted, said, version.standard if version else named or standard, uid, project)
    if wanted is CheckKind.FACT:
        return _fact_check(said, rest, project)
    if wanted is CheckKind.EXPRESSION:
        _compiled(rest)
        return AcceptanceCheck(wanted, said, project=project, expression=rest)
    return AcceptanceCheck(wanted, rest)


def _no_check(kinds: frozenset[CheckKind]) -> Flaw:
    *others, last = (text for kind, text in EXAMPLES.items() if kind in kinds)
    example = ", ".join((*others, f"or {last}"))
    return Flaw("check", Message("it does not say what is to hold"), WRITE, example=example)


_KINDS = {
    "rule": CheckKind.RULE,
    "fact": CheckKind.FACT,
    "cel": CheckKind.EXPRESSION,
    "attested": CheckKind.ATTESTED,
}


def _fact_check(said: str, rest: str, project: str) -> AcceptanceCheck:
    fact, _, compared = rest.partition(" ")
    sign, _, value = compared.strip().partition(" ")
    limit = as_scalar(value)
    if not is_documented(fact):
        what, instead = Message("{given} is no fact"), Message("docs/facts.md names them, as {example}")
        raise Flawed((Flaw("check", what, instead, given=quoted(fact), example="cost.overrun_percent"),))
    if sign not in set(Comparison) or limit is None:
        what = Message("{given} is no limit")
        instead = Message("write <=, >= or == and a value: {example}")
        example = "fact cost.overrun_percent <= 10"
        raise Flawed((Flaw("check", what, instead, given=quoted(compared), example=example),))
    return AcceptanceCheck(
        CheckKind.FACT, said, project=project, fact=fact, comparison=Comparison(sign), limit=limit
    )


def _compiled(expression: str) -> None:
    try:
        compile_check(expression).with_limit(None)
    except BadCheck as problem:
        instead = Message("docs/standards.md says what it may use")
        raise Flawed((Flaw("check", str(problem), instead),)) from None


def of_results(results: Iterable[Result]) -> Color:
    """What a rule's verdicts on the projects say: kept where it is kept, permitted, or does not apply."""
    return worst(_OF_RESULT.get(each, Color.UNKNOWN) for each in results)


_OF_RESULT = {
    Result.PASS: Color.GREEN,
    Result.PERMITTED: Color.GREEN,
    Result.GRANDFATHERED: Color.GREEN,
    Result.NOT_APPLICABLE: Color.GREEN,
    Result.FAIL: Color.RED,
}


def of_facts(check: AcceptanceCheck, facts: Sequence[Facts]) -> Color:
    """What a fact with a limit says of each project."""
    return worst(_compared(check, each) for each in facts)


def of_expression(
    check: AcceptanceCheck, facts: Sequence[Facts], evaluator: Evaluator, now: datetime
) -> Color:
    """What an expression says of each project; one that breaks, or lacks a fact, is not known."""
    if not facts:
        return Color.UNKNOWN
    program = compile_check(check.expression).with_limit(None)
    scenes = [Scene(each) for each in facts]
    asked = Expressions((program.text,), ((NONE, 0),), program.steps)
    found = evaluator.answers(asked, [scene.roots for scene in scenes], now)
    outcomes = (program.outcome(scene, answers[0]) for scene, answers in zip(scenes, found, strict=True))
    return of_results(each.result for each in outcomes)


def worst(colors: Iterable[Color]) -> Color:
    """The worst of several: red before unknown before green; of none it is not known."""
    found = set(colors)
    for each in (Color.RED, Color.LAPSED, Color.UNKNOWN):
        if each in found:
            return each
    return Color.GREEN if found else Color.UNKNOWN


def _compared(check: AcceptanceCheck, facts: Facts) -> Color:
    root, _, name = check.fact.partition(".")
    value, limit = _plain(facts.get(root, {}).get(name)), _plain(check.limit)
    if isinstance(value, bool) or isinstance(limit, bool):
        equal = value is limit if isinstance(value, bool) and isinstance(limit, bool) else None
        return _equal(check.comparison, equal)
    if isinstance(value, str) and isinstance(limit, str):
        return _ordered(check.comparison, (value > limit) - (value < limit))
    if isinstance(value, int | float) and isinstance(limit, int | float):
        return _ordered(check.comparison, (value > limit) - (value < limit))
    return Color.UNKNOWN


def _equal(comparison: Comparison, equal: bool | None) -> Color:  # noqa: FBT001 - what was compared
    if equal is None or comparison is not Comparison.EQUAL:
        return Color.UNKNOWN
    return Color.GREEN if equal else Color.RED


def _ordered(comparison: Comparison, order: int) -> Color:
    """`order` is below 0 where the fact is less than the limit, 0 where they are equal."""
    kept = {Comparison.EQUAL: order == 0, Comparison.AT_MOST: order <= 0, Comparison.AT_LEAST: order >= 0}
    return Color.GREEN if kept[comparison] else Color.RED


def _plain(value: object) -> Scalar | None:
    """A fact as limits are written: a day as its text."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, bool | int | float | str) else None
