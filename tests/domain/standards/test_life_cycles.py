"""Life cycles: what is due applies from its gate on, and a project has one, or a stated reason why not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.cases.pressure import pressure
from domain.cases.reviewing import signals
from domain.compliance.network import Network
from domain.compliance.sweep import Judged
from domain.delivery.work import Board, wanted_items
from domain.deviations.asking import Ground, drafted, submitted
from domain.deviations.deviation import Deviation, Scope
from domain.deviations.ending import granted, put_in_force
from domain.deviations.register import Register
from domain.ids import VersionId
from domain.plans.project import Attestation, Plan, ToolDescription
from domain.reporting.life_cycles import cycle_line, summed
from domain.rollouts.adoption import step
from domain.rollouts.rollout import Standing
from domain.standards.due import CLASS, as_written, bound
from domain.standards.life_cycle import Deliverable, LifeCycle, Phase
from domain.standards.position import Position, Unplaced, plan_parts
from domain.standards.standard import Election, Level, RuleKind, Version
from domain.standards.tailoring import Rulebook, rules_digest
from domain.standards.verdict import Result
from tasks.putting_under_review import UNBOUND
from tests.domain.builders import (
    MONDAY,
    NOT_ELIGIBLE,
    WORLD,
    adjust,
    adoption,
    item,
    noon,
    office,
    organization,
    plan,
    rule,
    seen,
    tailoring,
    version,
)
from tests.domain.deviations.sample import ASKED, AT, DRAFT

FACT = "field.kind"
DEVICE = LifeCycle(
    "device",
    "Design control",
    ("device", "Medizinprodukt"),
    (
        Phase("Inputs", "D1", (Deliverable("inputs"),), 10),
        Phase("Outputs", "D2", (Deliverable("risks"), Deliverable("overdue", "plan.items > 0")), 40),
        Phase("Transfer", "D3"),
    ),
)
IT = LifeCycle("it", "IT delivery", ("it",), (Phase("Build", "G1", (Deliverable("inputs"),)),))
RULES = (
    rule("inputs", "has(field.inputs)", role="head"),
    rule("risks", "", kind=RuleKind.ATTESTED, subject="risk_file"),
    rule("overdue", "plan.overdue <= limit", limit=2, level=Level.CEILING, applies="plan.items > 0"),
    rule("sponsor"),
)
LAST_WEEK, NEXT_WEEK = MONDAY - timedelta(days=7), MONDAY + timedelta(days=7)
TOOL = ToolDescription("workbook", fields=frozenset({"attested.risk_file"}))


def with_cycles(*cycles: LifeCycle, number: str = "2.0") -> Version:
    cycles = cycles or (DEVICE, IT)
    return version(*bound(RULES, FACT, cycles), number=number, project_class=FACT, life_cycles=cycles)


VERSION = with_cycles()


def of(kind: str | None = "device", gates: dict[str, date] | None = None, **changes) -> Plan:
    fields = {"kind": kind} if kind is not None else {}
    values = {"sponsor": "S", **changes}
    return plan(fields={**fields, **values.pop("fields", {})}, gates=gates or {}, **values)


def judged(what: Plan, under: Version = VERSION, *, tailorings=(), deviations=(), at=None) -> Judged:
    at = at or noon(MONDAY)
    network = Network(
        Rulebook(organization(office()), tailorings), [what], {"porto": TOOL}, (), at,
        deviations=Register(deviations, at),
    )  # fmt: skip
    return network.judged(what.project.key, under)


def results(found: Judged) -> dict[str, Result]:
    return {each.rule: each.result for each in found.verdicts}


def test_what_is_due_at_a_gate_applies_once_it_was_passed_and_to_its_own_class_alone() -> None:
    before = results(judged(of(gates={"D1": NEXT_WEEK})))
    assert before == {
        "inputs": Result.NOT_APPLICABLE, "risks": Result.NOT_APPLICABLE, "overdue": Result.NOT_APPLICABLE,
        "sponsor": Result.PASS, CLASS: Result.PASS,
    }  # fmt: skip
    assert results(judged(of(gates={"D1": LAST_WEEK})))["inputs"] is Result.FAIL
    assert results(judged(of("Medizinprodukt", {"D1": MONDAY})))["inputs"] is Result.FAIL
    assert results(judged(of("it", {"D1": LAST_WEEK})))["inputs"] is Result.NOT_APPLICABLE
    assert results(judged(of("it", {"G1": LAST_WEEK})))["inputs"] is Result.FAIL


def test_a_gate_that_is_left_out_lets_nobody_escape_what_is_due_there() -> None:
    found = judged(of(gates={"D2": LAST_WEEK}))
    assert results(found)["inputs"] is Result.FAIL
    assert found.position is not None
    assert (found.position.passed, found.position.left_out, found.position.to_come) == (
        ("D2",), ("D1",), ("D3",),
    )  # fmt: skip


def test_a_scope_that_forgets_the_later_gates_is_found() -> None:
    """The planted fault: a rule that applies at its own gate alone."""
    forgetful = replace(
        VERSION,
        rules=tuple(
            replace(each, applies='gates.exists(g, g in ["D1"] && gates[g] <= now)')
            if each.uid == "inputs"
            else each
            for each in VERSION.rules
        ),
    )
    skipped = of(gates={"D2": LAST_WEEK})
    assert escaped(skipped, VERSION) == set()
    assert escaped(skipped, forgetful) == {"inputs"}


def escaped(what: Plan, under: Version) -> set[str]:
    """What is due at a gate that was passed or left out, and is not judged: the law says there is none."""
    found = judged(what, under)
    at = found.position
    cycle = next((c for c in under.life_cycles if at is not None and c.uid == at.life_cycle), None)
    if at is None or cycle is None:
        return set()
    reached = {*at.passed, *at.left_out}
    due = {d.rule for p in cycle.phases if p.gate in reached for d in p.deliverables if not d.applies}
    return {uid for uid in due if results(found)[uid] is Result.NOT_APPLICABLE}


GATES = ("D1", "D2", "D3", "G1")


@given(
    st.sampled_from(["device", "Medizinprodukt", "it", "other", "", None]),
    st.dictionaries(st.sampled_from(GATES), st.integers(-20, 20)),
)
def test_a_project_has_one_life_cycle_or_a_stated_reason_and_its_gates_add_up(kind, days) -> None:
    what = of(kind, {gate: MONDAY + timedelta(days=n) for gate, n in days.items()})
    found = judged(what)
    at = found.position
    assert at is not None
    fitting = [each for each in VERSION.life_cycles if kind in each.classes]
    if not fitting:
        reason = Unplaced.NOT_REPORTED if kind is None else Unplaced.NO_LIFE_CYCLE
        assert at == Position(unplaced=reason)
        expected = Result.UNKNOWN if kind is None else Result.FAIL
        assert results(found)[CLASS] is expected
        return
    (cycle,) = fitting
    assert (at.life_cycle, at.unplaced) == (cycle.uid, None)
    assert sorted((*at.passed, *at.left_out, *at.to_come)) == sorted(cycle.gates)
    assert at.to_come == cycle.gates[len(cycle.gates) - len(at.to_come) :]
    assert {gate for gate, n in days.items() if n <= 0 and gate in cycle.gates} == set(at.passed)
    assert escaped(what, VERSION) == set()
    line = cycle_line(found, VERSION, MONDAY)
    assert line is not None
    assert sum(each.projects for each in summed([line, line, None])) == 2


def test_a_class_that_is_not_reported_is_asked_for_and_one_without_a_life_cycle_is_work() -> None:
    unknown = next(v for v in judged(of(None, {"D1": LAST_WEEK})).verdicts if v.rule == CLASS)
    assert (unknown.result, unknown.missing) == (Result.UNKNOWN, (FACT,))
    work = {w.key: w.fields for w in wanted(judged(of("boat")))}
    assert [each.title for each in work.values()] == [
        "Enter the class of the project, one of: device, Medizinprodukt, it"
    ]


def wanted(found: Judged, standing=Standing.BINDING, before=None, today=MONDAY, **more):
    rules = {each.uid: each for each in VERSION.rules}
    board = Board(VersionId("method", "2.0"), rules, before or {}, today)
    return wanted_items(board, adoption(standing), found.verdicts, found.position, **more)


def test_what_is_missing_at_the_next_gate_is_work_due_on_its_day_and_met_once_it_is_there() -> None:
    coming = judged(of(gates={"D1": NEXT_WEEK}))
    (item,) = wanted(coming, Standing.ADOPTED)
    assert (item.fields.title, item.fields.due, item.fields.role, item.fields.standing) == (
        "mend inputs", NEXT_WEEK, "head", "open",
    )  # fmt: skip
    before = {item.key: item.fields}
    assert [w.fields.standing for w in wanted(coming, before=before, today=NEXT_WEEK)] == ["open"]
    passed = judged(of(gates={"D1": LAST_WEEK}))
    kept = {w.key: w.fields.standing for w in wanted(passed, before=before)}
    assert kept[item.key] == "open", "it is the same item before and after the gate"
    there = judged(of(gates={"D1": NEXT_WEEK}, fields={"inputs": "M 7"}))
    assert {w.key: w.fields.standing for w in wanted(there, before=before)} == {item.key: "met"}
    assert list(wanted(coming, Standing.PLANNED)) == [], "nobody is asked before the version is theirs"
    assert list(wanted(coming, Standing.ADOPTED, closed=True)) == []
    ended = [
        *wanted(coming, Standing.ADOPTED, before, closed=True), *wanted(coming, Standing.ROLLED_BACK, before),
    ]  # fmt: skip
    assert [(w.fields.standing, w.ended) for w in ended] == [("withdrawn", True)] * 2, "and never met"


def test_the_next_gate_is_due_as_the_tool_says_else_so_many_business_days_after_the_start() -> None:
    start = date(2027, 1, 4)
    assert judged(of(start=start)).position.due == WORLD.add_business_days(start, 10)
    assert judged(of(start=start, gates={"D1": NEXT_WEEK})).position.due == NEXT_WEEK
    assert judged(of()).position.due is None
    late = judged(of(start=date(2026, 11, 2)))
    assert cycle_line(late, VERSION, MONDAY).overdue == 1
    assert [w.fields.standing for w in wanted(late)] == ["late"]


def test_a_tailored_limit_holds_at_the_gate_and_before_it_and_its_own_scope_stays() -> None:
    late = tuple(item(due=LAST_WEEK, percent=0.0) for _ in range(2))
    what = replace(of(gates={"D1": LAST_WEEK}), items=late)
    stricter = (tailoring("porto", [adjust("overdue", limit=1)], office="porto"),)
    assert judged(what).position.missing == ("risks",)
    assert judged(what, tailorings=stricter).position.missing == ("risks", "overdue")
    passed = replace(what, project=replace(what.project, gates={"D2": LAST_WEEK}))
    assert results(judged(passed))["overdue"] is Result.PASS
    assert results(judged(passed, tailorings=stricter))["overdue"] is Result.FAIL
    assert results(judged(replace(passed, items=())))["overdue"] is Result.NOT_APPLICABLE


def deviating(under: Version) -> Deviation:
    ground = Ground(organization(office()), under, {"project": {}}, "", AT)
    draft = replace(DRAFT, rule="inputs")
    asked = drafted("dev-1", draft, ASKED, ground)
    return put_in_force(granted(submitted(asked, AT), AT), AT)


def test_a_deviation_from_what_is_due_permits_it_at_the_gate_and_takes_it_off_what_is_missing() -> None:
    permitted = deviating(VERSION)
    coming, passed = of(gates={"D1": date(2027, 6, 1)}), of(gates={"D1": LAST_WEEK})
    at = permitted.span.begins + timedelta(hours=12)
    assert results(judged(passed, deviations=[permitted], at=at))["inputs"] is Result.PERMITTED
    assert judged(coming, at=at).position.missing == ("inputs",)
    assert judged(coming, deviations=[permitted], at=at).position.missing == ()


def test_a_deviation_ends_where_a_later_version_moves_its_gate() -> None:
    moved = with_cycles(
        replace(
            DEVICE,
            phases=(Phase("Inputs", "D1"), replace(DEVICE.phases[1], deliverables=(Deliverable("inputs"),))),
        ),
        number="2.1",
    )
    permitted = deviating(VERSION)
    at = permitted.span.begins + timedelta(hours=12)
    passed = of(gates={"D2": LAST_WEEK})
    assert results(judged(passed, deviations=[permitted], at=at))["inputs"] is Result.PERMITTED
    assert results(judged(passed, moved, deviations=[permitted], at=at))["inputs"] is Result.FAIL


def test_who_adopts_at_the_next_gate_is_bound_by_a_gate_of_the_life_cycle() -> None:
    stands = adoption(Standing.GRANDFATHERED, elected=Election.AT_GATE, since=MONDAY)
    after = MONDAY + timedelta(days=9)
    found = step(stands, seen(today=after, leeway=NOT_ELIGIBLE, gates={"D2": after}))
    assert found.standing is Standing.BINDING


def test_a_rule_of_a_gate_binds_those_who_reached_it_and_no_others_when_it_is_under_pressure() -> None:
    found = [judged(of(gates={"D1": on})) for on in (NEXT_WEEK, LAST_WEEK)]
    binds = sum(results(each)["inputs"] not in UNBOUND for each in found)
    assert binds == 1
    said = [
        replace(permitted, id=f"dev-{n}", scope=Scope(f"office-{n}/1"), asked=replace(ASKED, office=f"o{n}"))
        for n, permitted in enumerate([deviating(VERSION)] * 3)
    ]
    (under,) = pressure(signals(said, ()), {("method", "inputs"): 5 * binds}, {}, AT)
    assert (under.rule, len(under.offices), under.under_review) == ("inputs", 3, True)


def test_a_life_cycle_changes_the_digest_by_which_a_report_names_the_version_as_the_cause() -> None:
    assert judged(of()).rules != judged(of(), with_cycles(DEVICE)).rules
    assert rules_digest(()) != judged(of()).rules


def test_the_rules_as_written_are_those_of_the_file() -> None:
    assert as_written(VERSION) == RULES
    assert bound(RULES, "", ()) == RULES


def test_the_phases_are_pieces_of_plan_with_what_is_due_and_their_gates() -> None:
    first, second, last = plan_parts(VERSION, DEVICE)
    assert (first.id, first.items, first.days, first.gate) == ("device.D1", ("the rule inputs",), 10, "D1")
    assert (second.items, last.items, last.days) == (("the rule risks", "the rule overdue"), (), None)


@pytest.mark.parametrize("attested", [True, False])
def test_an_attested_deliverable_is_kept_by_a_person_s_word(attested) -> None:
    word = Attestation("risk_file", "Ana", LAST_WEEK, "risk.pdf", date(2027, 12, 1))
    found = judged(of(gates={"D2": LAST_WEEK}, attestations=(word,) if attested else ()))
    assert results(found)["risks"] is (Result.PASS if attested else Result.FAIL)
