"""A deviation from asking to its end on the sample: who decides, what it changes, and what ends it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from cli import main
from config.organization import Loaded
from config.standing_deviations import deviation_files
from config.wiring import examine
from domain.decisions.request import Choice, RequestState
from domain.deviations.deviation import Cause, State, Timing, Way
from domain.deviations.flaws import Flawed
from domain.deviations.force import Force, force
from domain.questions.question import NoticeKind, QuestionState
from domain.standards.verdict import Result
from tasks.answering import read_message
from tasks.ending import end_deviation
from tasks.entering import request_deviation
from tasks.network import load_network
from tasks.reviewing import review_deviations
from tasks.wanting import wanted_in_tool
from tests.tasks.conftest import Desk
from tests.tasks.deviating import (
    ASKS,
    AT,
    HEAD,
    LAST,
    MONDAY,
    OTHER,
    PROJECT,
    RULE,
    VERSION,
    approve,
    ask,
    at,
    stored,
    verdict,
    with_people,
)
from tests.tasks.test_answering import sent


@pytest.fixture
def desk(published: Desk) -> Desk:
    with_people(published)
    return published


def test_from_asking_in_advance_to_the_end_of_its_last_day(desk: Desk) -> None:
    told = ask(gate="G3")
    assert (told.significant, told.in_advance, told.office, told.new) == (True, True, "group", True)
    assert not ask(gate="G3").new, "asked again, it changes nothing"
    at(MONDAY)
    assert verdict(desk) is Result.FAIL, "a request permits nothing"
    with pytest.raises(PermissionError, match="may not decide on a request"):
        approve(told.deviation, ASKS)
    assert approve(told.deviation, HEAD) == RequestState.OPEN, "one of two"
    assert verdict(desk) is Result.FAIL
    assert approve(told.deviation, OTHER) == RequestState.APPROVED
    assert verdict(desk) is Result.PERMITTED
    at(LAST, 20)
    assert verdict(desk) is Result.PERMITTED
    assert review_deviations.fn().noticed == 1, "it ends soon"
    at(LAST, 21)
    assert verdict(desk) is Result.FAIL, "midnight in Istanbul"
    assert [review_deviations.fn().expired for _ in range(2)] == [1, 0]
    with pytest.raises(ValueError, match="ended, it is expired: nothing is left to end"):
        end_deviation.fn(told.deviation, HEAD, "too late", dry_run=False)
    with desk.application.store.read() as unit:
        kinds = [e.event.detail["state"] for e in unit.ledger.entries() if e.event.kind == "deviation"]
        assert kinds == ["proposed", "under_review", "approved", "scheduled", "active", "expiring", "expired"]
        assert unit.ledger.verify() is None


def test_below_significance_it_is_recorded_and_the_office_that_leads_is_told(desk: Desk) -> None:
    told = ask(rule="plan-size", limit="5")
    assert (told.significant, told.office, told.state) == (False, "", State.SCHEDULED)
    at(MONDAY)
    assert force(stored(desk, told.deviation), desk.application.clock.now()) is Force.FULL
    with desk.application.store.read() as unit:
        (notice,) = [each for each in unit.notices.of("group") if each.kind is NoticeKind.DEVIATION]
    assert notice.text.startswith(
        "Recorded without a decision, as it is below significance: mersin/MR-01 may keep"
    )


@pytest.mark.usefixtures("desk")
def test_the_third_open_request_of_a_project_is_significant() -> None:
    ask(rule="plan-size", cost=1e9)
    ask(rule="milestones-planned", cost=1e9)
    assert ask(rule="task-length").significant


def test_asked_after_a_sweep_that_failed_it_is_a_waiver_and_waits_for_the_office_that_leads(
    desk: Desk,
) -> None:
    assert verdict(desk) is Result.FAIL
    at(date(2027, 1, 5))
    told = ask(rule=RULE)
    assert (told.in_advance, told.office) == (False, "group")
    assert stored(desk, told.deviation).timing is Timing.WAIVER


def test_law_gives_interim_effect_until_it_is_declined(desk: Desk) -> None:
    told = ask(citation="Ports Act, section 12")
    at(MONDAY)
    assert told.interim
    assert verdict(desk) is Result.PERMITTED
    assert approve(told.deviation, HEAD, choice=Choice.DECLINE) == RequestState.DECLINED
    assert verdict(desk) is Result.FAIL
    assert stored(desk, told.deviation).state is State.REJECTED


def test_silence_never_approves(desk: Desk) -> None:
    told = ask(gate="G3")
    at(LAST - timedelta(days=1))
    assert review_deviations.fn().granted == 0
    assert verdict(desk) is Result.FAIL
    assert stored(desk, told.deviation).state is State.UNDER_REVIEW


def test_revoked_or_withdrawn_by_who_may_and_by_nobody_else(desk: Desk) -> None:
    told = ask(gate="G3")
    with pytest.raises(PermissionError, match="may not end a deviation"):
        end_deviation.fn(told.deviation, "anja-petersen", "a test", dry_run=False)
    with pytest.raises(ValueError, match="give a reason"):
        end_deviation.fn(told.deviation, HEAD, " ", dry_run=False)
    with pytest.raises(LookupError, match="there is no deviation 'dev-0'"):
        end_deviation.fn("dev-0", HEAD, "a test", dry_run=False)
    approve(told.deviation)
    at(MONDAY)
    assert verdict(desk) is Result.PERMITTED
    assert end_deviation.fn(told.deviation, ASKS, "solved", dry_run=True).state == State.REVOKED
    assert verdict(desk) is Result.PERMITTED, "a dry run"
    end_deviation.fn(told.deviation, ASKS, "solved", dry_run=False)
    assert verdict(desk) is Result.FAIL
    other = ask(rule="plan-size", gate="G2")
    assert end_deviation.fn(other.deviation, ASKS, "solved", dry_run=False).state == State.WITHDRAWN
    with desk.application.store.read() as unit:
        assert unit.decisions.get(f"deviation/{other.deviation}").state is RequestState.WITHDRAWN
        assert {q.state for q in unit.questions.of("group")} == {QuestionState.MOOT, QuestionState.ANSWERED}


def test_what_it_was_granted_for_is_gone_and_it_ends_with_its_cause(desk: Desk) -> None:
    told = ask(gate="G3")
    approve(told.deviation)
    with desk.application.store.begin() as unit:
        (there,) = (s.plan for s in unit.plans.current("mersin") if s.plan.project.key == PROJECT)
        unit.plans.put("mersin", [s.plan for s in unit.plans.current("mersin") if s.plan is not there], AT)
        unit.commit()
    assert review_deviations.fn().ended == 1
    gone = stored(desk, told.deviation)
    assert (gone.state, gone.ending.cause) == (State.ORPHANED, Cause.PROJECT_GONE)
    assert review_deviations.fn().looked == 0


def test_a_standing_deviation_needs_a_scope_and_holds_for_no_project_outside_it(desk: Desk) -> None:
    with pytest.raises(Flawed, match="it says of no project or class"):
        ask(project="", fact="project.stage=execution")
    told = ask(project="", office="mersin", fact="project.stage=execution")
    assert told.significant
    approve(told.deviation)
    at(MONDAY)
    with desk.application.store.read() as unit:
        network = load_network(unit, desk.application.rulebook, desk.application.clock.now())
        version = unit.versions.get("delivery-method", "2.0")
    for key in network.plans:
        permitted = any(v.result is Result.PERMITTED for v in network.judged(key, version).verdicts)
        there = network.plans[key].project
        assert not permitted or (there.office, there.stage) == ("mersin", "execution")
    assert verdict(desk) is Result.PERMITTED


BAD = (
    ({"project": "atlantis/1"}, "project: it says of no project or class that is known"),
    ({"project": "mersin/NOPE"}, "project: no project 'mersin/NOPE' was read"),
    (
        {"fact": "stage is closing", "project": "", "office": "mersin"},
        "fact: 'stage is closing' names no fact",
    ),
    ({"last": "soon"}, "last: 'soon' is no date; write it as 2027-03-18"),
    ({"price": 3}, "terms: 'price' is no term; there are first, last, limit"),
    ({"cost": "a lot"}, "cost: 'a lot' is no number; write digits"),
    ({"delay_days": 1.5}, "delay_days: '1.5' is no number"),
    ({"category": "forgiven"}, "category: 'forgiven' is no category; there are waived, mitigated"),
    ({"gate": ""}, "terms: 'gate=' says nothing; write last=2027-03-18; limit=15"),
    ({"rule": "nope"}, "rule: delivery-method/2.0 has no rule 'nope'"),
    ({"limit": "few", "rule": "plan-size"}, "limit: 'few' is another kind than 10"),
    ({"person": "anja-petersen"}, "whoever is named may not ask for a deviation"),
    ({"person": "nobody"}, "nobody has the id that was given"),
    ({"rule": "delivery-method/9.0 plan-size"}, "delivery-method/9.0 is not published"),
    ({"last": date(2028, 1, 1)}, "longer than 6 months"),
)
"""What is asked for, and what is said to it: the term, and what to write."""


@pytest.mark.parametrize(("changes", "told"), BAD)
def test_a_bad_request_stores_nothing(desk: Desk, changes, told: str) -> None:
    with pytest.raises((ValueError, LookupError, PermissionError)) as found:
        ask(**changes)
    assert told in str(found.value)
    with desk.application.store.read() as unit:
        assert unit.deviations.all() == ()


def test_the_office_that_asks_sees_how_it_stands_in_its_tool(desk: Desk) -> None:
    told = ask(gate="G3")

    def row() -> tuple[str, bool]:
        with desk.application.store.read() as unit:
            network = load_network(unit, desk.application.rulebook, desk.application.clock.now())
            (found,) = (w for w in wanted_in_tool(unit, network, "mersin") if told.deviation in w.key)
        return found.fields.standing, found.ended

    assert row() == ("waiting", False)
    approve(told.deviation)
    assert row() == ("approved", False)
    at(MONDAY)
    assert row() == ("in force", False)
    at(LAST + timedelta(days=1))
    assert row() == ("ended: its last day is over", True)


def test_facts_that_changed_are_asked_again_and_a_vote_on_what_was_shown_before_counts_no_more(
    desk: Desk,
) -> None:
    told = ask(gate="G3")
    assert approve(told.deviation, HEAD) == RequestState.OPEN
    with desk.application.store.begin() as unit:
        unit.deviations.save(replace(stored(desk, told.deviation), reason="quite another reason"))
        unit.commit()
    with pytest.raises(ValueError, match="changed since it was shown: look at it anew"):
        approve(told.deviation, OTHER)
    assert approve(told.deviation, OTHER) == RequestState.OPEN, "the other vote is on what it was"
    assert approve(told.deviation, HEAD) == RequestState.APPROVED


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main.main([*arguments]) == 0
    return capsys.readouterr().out


def test_the_command_and_the_export_show_what_the_store_holds(desk: Desk, tmp_path: Path, capsys) -> None:
    told, limit = ask(gate="G3"), ask(project="", office="mersin", rule="task-length", limit="45")
    approve(told.deviation)
    assert f"{told.deviation}  2027-01-18 to 2027-03-18  version-named  mersin/MR-01  approved" in printed(
        capsys, "deviations"
    )
    steps = [each["step"] for each in json.loads(printed(capsys, "deviations", told.deviation, "--json"))]
    assert steps == ["asked", "approves", "approves", "granted", "put_in_force", "begins", "ends"]
    assert "delivery-method: version-named: 0 waiting" in printed(capsys, "deviations", "--measures", "rule")
    assert main.main(["deviations", "dev-none"]) == 1
    at(MONDAY)
    with desk.application.store.read() as unit:
        files = deviation_files(unit, desk.application.clock.now())
    assert sorted(files) == sorted(
        [
            f"deviations/{told.deviation}.yaml",
            f"deviations/{limit.deviation}.yaml",
            f"tailorings/{limit.deviation}.yaml",
        ]
    )
    folder = tmp_path / "organization"
    name = f"tailorings/{limit.deviation}.yaml"
    (folder / name).write_text(files[name], "utf-8")
    assert isinstance(examine(folder), Loaded), "a granted tailoring may be taken over into the files"


def test_a_message_asks_for_a_deviation_and_its_texts_stand_in_no_parameter(desk: Desk) -> None:
    message = sent(
        desk, "deviation.requested", project=PROJECT, rule=f"{VERSION} {RULE}", terms=f"last={LAST}; gate=G3",
        person=ASKS, why="the supplier Lindqvist & Sons cannot deliver",
    )  # fmt: skip
    source = desk.application.organization.sources["board"]
    desk.application.organization.sources["board"] = replace(source, offices=frozenset({"mersin"}))
    asked = read_message.fn(message)
    assert "Lindqvist" not in str(asked.parameters)
    assert ASKS not in str(asked.parameters)
    told = request_deviation.fn(**asked.parameters)
    made = stored(desk, told.deviation)
    assert (made.asked.way, made.asked.person, made.costs.gate) == (Way.MESSAGE, ASKS, "G3")
    assert made.reason.endswith("Lindqvist & Sons cannot deliver")
