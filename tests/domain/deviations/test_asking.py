"""What a request for a deviation must say, what it weighs, and whether it comes in advance."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.decisions.request import Significance
from domain.deviations.asking import (
    Draft,
    add_months,
    deviation_id,
    drafted,
    request_of,
    shown,
    submitted,
    timing,
)
from domain.deviations.deviation import Asked, Category, Costs, Scope, Timing, Weight
from domain.deviations.flaws import Flawed
from domain.deviations.weighing import Policy, weigh
from domain.standards.standard import Level
from tests.domain.builders import rule
from tests.domain.deviations.sample import ASKED, AT, CEILING, DRAFT, FACTS, FIRST, GROUND, LAST, ORG, asked

OFFICE, WHOLE = ORG.offices["porto"], Scope(office="porto")
BAD: dict[str, tuple[dict, str]] = {
    "project that was not read": (
        {"scope": Scope("porto/9")},
        "project: no project 'porto/9' was read; give it as",
    ),
    "project and class": (
        {"scope": Scope("porto/1", "porto")},
        "project: it is for one project or for a class",
    ),
    "no scope": ({"scope": Scope()}, "project: it says of no project or class; give a project, or an office"),
    "only facts": ({"scope": Scope(facts={"project.stage": "closing"})}, "it says of no project or class"),
    "unknown office": (
        {"scope": Scope(office="atlantis"), "limit": 12},
        "there is no office 'atlantis'; give an id",
    ),
    "unknown program": (
        {"scope": Scope(program="moon"), "limit": 12},
        "there is no program 'moon'; give an id of",
    ),
    "no fact": (
        {"scope": Scope(office="porto", facts={"mood": "good"})},
        "facts: 'mood' is no fact; docs/facts.md",
    ),
    "unknown rule": ({"rule": "overruns"}, "rule: method/2.0 has no rule 'overruns'; give the uid of one"),
    "rule of a tool": ({"rule": "tool.kind"}, "has no rule 'tool.kind'"),
    "whole office waived": (
        {"scope": WHOLE},
        "limit: for a whole office or program a rule is given another limit",
    ),
    "limit of a rule without": (
        {"rule": "sponsor", "limit": 3},
        "limit: the rule sponsor has no limit; leave it out",
    ),
    "limit of another kind": (
        {"limit": "many"},
        "limit: 'many' is another kind than 10; give a limit of that kind",
    ),
    "limit that is true": ({"limit": True}, "limit: True is another kind than 10"),
    "limit that is no number": ({"limit": float("nan")}, "limit: it is no number; give a number"),
    "the same limit": ({"limit": 10}, "limit: overrun has that limit already; give the limit that is needed"),
    "ends before it begins": (
        {"last": FIRST - timedelta(1)},
        "last: it ends on 2027-01-10, before it begins; give",
    ),
    "is past": (
        {"first": date(2026, 12, 1), "last": date(2026, 12, 24)},
        "last: it ended on 2026-12-24; what is past is not permitted afterwards",
    ),
    "too long": (
        {"last": date(2027, 7, 12)},
        "last: it lasts until 2027-07-12, longer than 6 months; give 2027-07-11 or an earlier day",
    ),
    "too far": (
        {"first": date(2028, 2, 1), "last": date(2028, 3, 1)},
        "first: it begins on 2028-02-01, in more than",
    ),
    "no reason": ({"reason": "  because  "}, "reason: it gives no reason; say why, in 10 characters or more"),
    "long reason": ({"reason": "x" * 2001}, "reason: it has 2001 characters; write 2000 or fewer"),
    "long citation": ({"citation": "x" * 2001}, "citation: it has 2001 characters"),
    "empty measure": ({"measures": ("weekly report", " ")}, "measures: one of them is empty or too long"),
    "many documents": ({"documents": ("x",) * 21}, "documents: there are 21 of them; give 20 or fewer"),
    "mitigated by nothing": (
        {"category": Category.MITIGATED},
        "measures: it is to be mitigated, and no measure is",
    ),
    "negative cost": ({"costs": Costs(-1.0)}, "cost: -1 is no amount; give what it costs, 0 or more"),
    "infinite cost": ({"costs": Costs(float("inf"))}, "cost: inf is no amount"),
    "negative delay": ({"costs": Costs(days=-3)}, "delay_days: -3 is no number of days; give 0 or more"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_flaw_is_named_with_its_field_and_what_to_do(name: str) -> None:
    changes, told = BAD[name]
    draft = replace(DRAFT, **changes)
    facts = FACTS if draft.scope.project in ("", "porto/1") else None
    with pytest.raises(Flawed) as found:
        drafted("dev-1", draft, ASKED, replace(GROUND, facts=facts))
    assert told in str(found.value)
    assert len(found.value.flaws) == 1


def test_all_flaws_are_named_at_once_and_an_unknown_office_is_one() -> None:
    draft = replace(DRAFT, reason="", rule="x", costs=Costs(-1.0))
    with pytest.raises(Flawed) as found:
        drafted("dev-1", draft, ASKED, GROUND)
    assert [each.field for each in found.value.flaws] == ["rule", "reason", "cost"]
    with pytest.raises(Flawed, match="office: there is no office 'nowhere'; give an id"):
        drafted("dev-1", DRAFT, replace(ASKED, office="nowhere"), GROUND)


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2027, 1, 31), 1, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2027, 12, 31), 12, date(2028, 12, 31)),
        (date(2027, 6, 30), 6, date(2027, 12, 30)),
    ],
)
def test_months_end_with_their_last_day(day: date, months: int, then: date) -> None:
    assert add_months(day, months) == then


NOTHING, ONE = Costs(), Scope("porto/1")


def weights(costs=NOTHING, of=CEILING, others=(), facts=FACTS, scope=ONE) -> tuple[Weight, ...]:
    return weigh(replace(asked(), costs=costs, scope=scope), of, facts, others, Policy()).weights


def test_significance_is_computed_by_the_shipped_table() -> None:
    year = (FACTS["project"]["finish"] - FACTS["project"]["start"]).days
    assert weights() == weights(Costs(5_000.0)) == weights(Costs(days=year // 10)) == ()
    assert weights(Costs(5_000.01)) == (Weight.BUDGET,)
    assert weights(Costs(days=year // 10 + 1)) == (Weight.DURATION,)
    assert weights(Costs(gate="G3")) == (Weight.GATE,)
    assert weights(of=rule(level=Level.LOCKED)) == (Weight.LOCKED,)
    assert weights(scope=Scope(program="cranes")) == (Weight.CLASS,)
    other = replace(asked(), rule="sponsor")
    assert weights(others=(other,)) == ()
    assert weights(others=(other, other)) == (Weight.MANY,)


def test_parts_below_a_threshold_are_added_up_so_that_slicing_gains_nothing() -> None:
    third = replace(asked(), costs=Costs(2_600.0, 20))
    assert weights(third.costs) == ()
    assert weights(third.costs, others=(third,)) == (Weight.BUDGET, Weight.DURATION)
    assert weights(third.costs, others=(replace(third, rule="sponsor"),)) == (), "another rule"


def test_a_share_that_is_not_known_is_significant_and_never_taken_for_nothing() -> None:
    bare = {"project": {}, "cost": {}}
    assert weights(Costs(1.0), facts=bare) == (Weight.NOT_REPORTED,)
    assert weights(Costs(days=1), facts=bare) == (Weight.NOT_REPORTED,)
    assert weights(facts=bare) == ()
    found = weigh(asked(), rule(level=Level.LOCKED), FACTS, (), Policy())
    assert found.significance is Significance.SIGNIFICANT


def test_in_advance_is_by_the_earlier_of_the_declared_start_and_the_first_failing_verdict() -> None:
    span, noon = asked().span, asked().span.begins + timedelta(hours=12)
    assert timing(OFFICE, span, AT, None) is Timing.IN_ADVANCE
    assert timing(OFFICE, span, noon, None) is Timing.IN_ADVANCE, "on its first day"
    assert timing(OFFICE, span, noon + timedelta(days=1), None) is Timing.WAIVER
    assert timing(OFFICE, span, AT, AT + timedelta(seconds=1)) is Timing.IN_ADVANCE
    assert timing(OFFICE, span, AT, AT - timedelta(seconds=1)) is Timing.WAIVER


def test_a_tailoring_is_what_the_level_permits_for_a_whole_office() -> None:
    within = replace(DRAFT, scope=WHOLE, limit=8)
    assert drafted("d", within, ASKED, GROUND).tailors
    assert not drafted("d", replace(within, limit=15), ASKED, GROUND).tailors, "it oversteps a ceiling"
    narrow = replace(within, scope=Scope(office="porto", facts={"project.stage": "closing"}))
    assert not drafted("d", narrow, ASKED, GROUND).tailors


def test_asking_again_is_the_same_and_the_request_says_who_asks_for_what() -> None:
    assert deviation_id("a", DRAFT) == deviation_id("a", replace(DRAFT)) != deviation_id("b", DRAFT)
    waiting = submitted(asked(citation="Port Act"), AT)
    seen = shown(waiting, FACTS, CEILING)
    request = request_of(waiting, "hq", seen)
    assert (request.requester, request.asking, request.office, request.citation) == (
        "carl",
        "porto",
        "hq",
        "Port Act",
    )
    assert request.until == waiting.span.ends
    assert request_of(replace(waiting, asked=Asked("porto", "", AT)), "hq", seen).tells_no_author
    other = {**FACTS, "cost": {**FACTS["cost"], "budget": 1.0}}
    assert shown(waiting, other, CEILING).digest != seen.digest
    assert shown(replace(waiting, reason="another one, really"), FACTS, CEILING).digest != seen.digest
    assert shown(waiting, FACTS, replace(CEILING, limit=9)).digest != seen.digest
    assert shown(waiting, {**FACTS, "plan": {"items": 3}}, CEILING).digest == seen.digest, "not material"


def test_a_draft_keeps_what_was_said() -> None:
    said = Draft("method", "overrun", Scope("porto/1"), " steel is dearer ", FIRST, LAST, documents=("a",))
    found = drafted("dev-7", said, ASKED, GROUND)
    assert (found.reason, found.documents, found.version, found.basis.facts) == (
        "steel is dearer", ("a",), "2.0", {"cost.budget": 100_000.0},
    )  # fmt: skip
