"""A project that two standards bind is judged by both; the stricter limit holds, and a contradiction is said."""

from dataclasses import replace
from datetime import timedelta

from domain.compliance.beside import Binding, beside
from domain.standards.standard import Level
from domain.standards.verdict import Result
from tests.domain.builders import MONDAY, item, network, plan, rule, version

LATE = [item(due=MONDAY - timedelta(days=9), percent=10.0) for _ in range(4)]


def standard(name, check, limit, **changes):
    made = version(
        rule("late", check, limit=limit, level=Level.CEILING, **changes), previous=None, leeway=None
    )
    return replace(made, standard=name)


def judged(own, *others, key="porto/1"):
    at = network(plan(key, LATE))
    bindings = [Binding(other) for other in others]
    (found,) = beside(at, at.swept([key], own, None, frozenset()), Binding(own), bindings).judged
    (verdict,) = found.verdicts
    return verdict


METHOD = standard("method", "plan.overdue <= limit", 3)
QUAY = standard("quay", "plan.overdue <= limit", 1)


def test_alone_its_own_limit_holds() -> None:
    assert judged(METHOD).why == "plan.overdue = 4, the limit is 3"


def test_the_stricter_limit_holds_in_the_finding_of_the_laxer_standard() -> None:
    found = judged(METHOD, QUAY)
    assert found.result is Result.FAIL
    assert found.why == "plan.overdue = 4, the limit is 3; stricter is quay/2.0 late: at most 1"
    assert (found.limit, found.source) == (
        1,
        "quay/2.0: limit 1 (ceiling); stricter than method/2.0: limit 3 (ceiling)",
    )
    assert judged(QUAY, METHOD).limit == 1


def test_a_contradiction_is_said_by_each_that_is_not_kept() -> None:
    most = standard("port", "plan.overdue >= limit", 5)
    found = judged(QUAY, most)
    assert found.why.endswith("; contradicts port/2.0 late: at least 5: no value of plan.overdue keeps both")
    assert found.limit == 1
    assert "contradicts quay/2.0 late: at most 1" in judged(most, QUAY).why


def test_a_rule_that_does_not_apply_to_the_project_limits_nothing() -> None:
    elsewhere = standard("quay", "plan.overdue <= limit", 1, applies='project.stage == "closed"')
    assert judged(METHOD, elsewhere) == judged(METHOD)


def test_who_finishes_under_the_version_before_is_held_to_its_limit() -> None:
    strict = replace(QUAY, previous="1.0")
    before = standard("quay", "plan.overdue <= limit", 2)
    spared = Binding(strict, before, frozenset({"porto/1"}))
    at = network(plan("porto/1", LATE))
    (found,) = beside(at, at.swept(["porto/1"], METHOD, None, frozenset()), Binding(METHOD), [spared]).judged
    assert found.verdicts[0].limit == 2


def test_who_finishes_without_a_first_version_is_not_held_to_its_limit() -> None:
    at = network(plan("porto/1", LATE))
    spared = Binding(QUAY, spared=frozenset({"porto/1"}))
    (found,) = beside(at, at.swept(["porto/1"], METHOD, None, frozenset()), Binding(METHOD), [spared]).judged
    assert found.verdicts[0].why == "plan.overdue = 4, the limit is 3"
    (of_quay,) = beside(
        at, at.swept(["porto/1"], QUAY, None, spared.spared), spared, [Binding(METHOD)]
    ).judged
    assert (of_quay.band, of_quay.verdicts, of_quay.grandfathered) == (Result.GRANDFATHERED, (), True)
