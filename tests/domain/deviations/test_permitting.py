"""Only what is in force permits, the strictest wins, and what a version or fact changed ends it with its cause."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.compliance.network import Network
from domain.deviations.deviation import Asked, Cause, Scope, State
from domain.deviations.ending import Now, cause_of, ended_by, revoked
from domain.deviations.granting import with_granted
from domain.deviations.measures import by, measured, of_office, quantile
from domain.deviations.permitting import strictest
from domain.deviations.register import Place, Register, covers
from domain.plans.project import ToolDescription
from domain.standards.tailoring import Rulebook, effective_rules
from domain.standards.verdict import Result
from tests.domain.builders import plan, rule, version
from tests.domain.deviations.sample import AT, CEILING, FACTS, LAST, ORG, VERSION, active, asked, later

WITHIN = active().span.begins + timedelta(days=1)
PLAN = plan("porto/1", sponsor="S", budget=100.0, forecast_cost=114.0, currency="EUR", program="cranes")


def judged(*deviations, at=WITHIN, of=PLAN, version=VERSION):
    register = Register(deviations, at)
    network = Network(
        Rulebook(ORG), [of], {"porto": ToolDescription("workbook")}, (), at, deviations=register
    )
    return network.judged(of.project.key, version)


def result(*deviations, **more) -> Result:
    return next(v.result for v in judged(*deviations, **more).verdicts if v.rule == "overrun")


def test_only_what_is_in_force_permits() -> None:
    assert result() is Result.FAIL
    assert result(active()) is Result.PERMITTED
    assert result(active(), at=AT) is Result.FAIL
    assert result(active(), at=active().span.ends) is Result.FAIL
    assert result(asked(), revoked(active(), WITHIN, "ana", "x")) is Result.FAIL
    assert judged(active()).band is Result.PERMITTED, "and that is not compliant"


def test_the_verdict_says_by_which_until_when_and_what_it_was() -> None:
    verdict = next(v for v in judged(active()).verdicts if v.rule == "overrun")
    assert verdict.why == (f"permitted by dev-1 until {LAST}: cost.overrun_percent = 14, the limit is 10")
    assert verdict.source == "dev-1"


def test_a_limit_permits_as_far_as_it_goes_and_of_several_the_strictest_wins_and_both_are_shown() -> None:
    wide, narrow = active(limit=15), replace(active(limit=12), id="dev-2")
    assert result(wide) is Result.PERMITTED
    assert result(narrow) is Result.FAIL
    assert result(wide, narrow) is result(active(), narrow) is Result.FAIL
    assert strictest((active(), wide)) is wide
    both = judged(active(), replace(wide, id="dev-0"))
    verdict = next(v for v in both.verdicts if v.rule == "overrun")
    assert (verdict.result, verdict.source, verdict.limit) == (Result.PERMITTED, "dev-0, dev-1", 15)


def test_what_is_kept_or_does_not_apply_or_is_an_error_stays_and_a_waived_fact_is_not_asked_for() -> None:
    kept = plan("porto/1", sponsor="S", budget=100.0, forecast_cost=101.0, program="cranes")
    assert result(active(), of=kept) is Result.PASS
    bare = plan("porto/1", sponsor="S")
    assert result(of=bare) is Result.UNKNOWN
    assert result(active(), of=bare) is Result.PERMITTED
    assert result(active(limit=15), of=bare) is Result.UNKNOWN


def test_a_class_holds_for_the_projects_of_tomorrow_that_are_in_it_and_for_no_other() -> None:
    place = Place("porto/new", frozenset({"porto", "hq"}), "cranes", FACTS)
    for scope, inside in [
        (Scope(office="hq"), True),
        (Scope(office="santos"), False),
        (Scope(program="cranes"), True),
        (Scope(program="ships"), False),
        (Scope("porto/1"), False),
        (Scope(office="hq", facts={"project.stage": "execution", "cost.budget": 100_000}), True),
        (Scope(office="hq", facts={"project.stage": "closing"}), False),
        (Scope(office="hq", facts={"project.lead": "nobody is named"}), False),
    ]:
        assert covers(scope, place) is inside, scope
    standing = active(scope=Scope(office="porto", facts={"project.stage": "execution"}))
    assert (
        result(standing, of=replace(PLAN, project=replace(PLAN.project, key="porto/new"))) is Result.PERMITTED
    )


def test_a_deviation_from_a_rule_that_a_version_changed_permits_nothing_there() -> None:
    tighter = version(replace(CEILING, limit=8), number="3.0")
    assert result(active(), version=tighter) is Result.FAIL


def now(**changes) -> Now:
    return replace(Now(VERSION, FACTS, "cranes", {"overrun": Result.FAIL}), **changes)


@pytest.mark.parametrize(
    ("there", "cause", "state"),
    [
        (now(), None, None),
        (now(version=None), None, None),
        (now(facts={**FACTS, "plan": {"items": 4}}), None, None),
        (now(facts={**FACTS, "cost": {"budget": 5.0}}), Cause.FACTS_CHANGED, State.ORPHANED),
        (now(facts=None), Cause.PROJECT_GONE, State.ORPHANED),
        (now(program="ships"), Cause.PROJECT_MOVED, State.ORPHANED),
        (now(version=version(rule("other"), number="3.0")), Cause.RULE_DROPPED, State.SUPERSEDED),
        (now(version=version(replace(CEILING, limit=8))), Cause.RULE_CHANGED, State.ORPHANED),
        (
            now(version=version(replace(CEILING, limit=20)), results={"overrun": Result.PASS}),
            Cause.ABSORBED,
            State.SUPERSEDED,
        ),
    ],
)
def test_what_it_was_granted_for_is_gone_or_another_and_it_ends_with_its_cause(there, cause, state) -> None:
    assert cause_of(active(), there) is cause
    if cause is not None:
        ended = ended_by(active(), cause, WITHIN)
        assert (ended.state, ended.ending.cause) == (state, cause)


def test_a_granted_tailoring_is_folded_after_the_files_and_says_where_it_is_from() -> None:
    granted = active(scope=Scope(office="porto"), limit=8)
    book = with_granted(Rulebook(ORG), [granted, active()], WITHIN)
    (effective,) = (e for e in effective_rules(VERSION, book, "porto", None) if e.rule.uid == "overrun")
    assert effective.limit == 8
    assert effective.steps[-1].startswith("dev-1: limit 8 (granted until 2027-03-12: steel")
    assert with_granted(Rulebook(ORG), [granted], granted.span.ends) == Rulebook(ORG)
    assert Register([granted], WITHIN).forces == {}, "it is no deviation of a project"


def test_measures_count_what_waits_how_long_it_took_and_what_came_too_late() -> None:
    two = replace(active(), id="dev-2", decided=later(4))
    waiting = replace(active(), id="dev-3", state=State.UNDER_REVIEW, decided=None, activated=None)
    foreign = replace(waiting, id="dev-4", asked=Asked("santos", "", AT))
    found = measured([two, waiting, foreign, asked()], later(40))
    assert (found.asked, found.waiting, found.oldest_days, found.in_force, found.past_end) == (3, 2, 40, 1, 0)
    assert list(by([two, waiting, foreign], of_office, WITHIN)) == ["porto", "santos"]
    assert (quantile([3, 1, 2], 0.5), quantile(range(1, 11), 0.9), quantile([], 0.5)) == (2, 9, None)
    assert measured([], AT).late_share is None
