"""A shared template becomes an office's plan by its answers; what is wrong is refused with its line and remedy."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest

from cli import main
from config.blank_answers import blank_answers
from config.local_plans import away_of, offered, receiver
from config.localizing import UnusableAnswers, answers_file, localized, of_file
from config.standing_in import set_absence
from config.standing_templates import stored_answers
from config.wiring import Application
from domain.deployments.sharing import Basis, Redaction, Share
from domain.organization.absence import Absence
from domain.organization.actions import Operator
from domain.plans.localization.answers import OwnEstimate
from domain.plans.localization.derivation import DerivationId
from domain.plans.localization.lacks import roles_of
from domain.plans.templates.template import Parameter, Recall, RecallKind, Release, TaskKind
from domain.standards.life_cycle import LifeCycle, Phase
from flows.refusals import REFUSALS
from tasks import context
from tasks.localizing import localize_plan_of
from tests.config.good import write
from tests.domain.builders import plan, version
from tests.domain.plans.localization.by_chance import release_by
from tests.remedies import lacks
from tests.tasks.conftest import at_desk, leave

AT = datetime(2027, 1, 4, 7, tzinfo=UTC)
PLAN = DerivationId("porto", "system")
GOOD = """\
office: porto
template: system/1
anchor: {kind: start, on: 2027-03-01}
project: {existing: P-1}
parameters: {size: large}
roles:
  analyst: {person: bo}
rates:
  - {of: SGD, rate: "0.69", on: 2027-01-04, source: European Central Bank}
  - {of: USD, rate: "0.92", on: 2027-01-04, source: European Central Bank}
"""


def template() -> Release:
    """A version that hq owns, the same in every test."""
    chance = Random("localizing")
    found = release_by(chance)
    tasks = tuple(replace(each, held=None, deadline=None) for each in found.template.tasks)
    return replace(found, template=replace(found.template, owner="hq", tasks=tasks))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small organization in which hq shares a template with porto by an agreement."""
    return sharing(tmp_path_factory.mktemp("made"))


def sharing(place: Path) -> Path:
    """The organization in that folder."""
    (place / "organization").mkdir()
    folder = write(place / "organization")
    (folder / "agreements.yaml").write_text(
        "agreements:\n  - {id: hq-porto, giver: hq, taker: porto, shares: [templates], since: 2027-01-01}\n"
    )
    with pytest.MonkeyPatch.context() as monkeypatch:
        at_desk(place, monkeypatch)
        with application().store.begin() as unit:
            unit.templates.release(template(), AT)
            unit.deployments.share(Share("system", "hq", Basis.AGREEMENT, "hq-porto", AT))
            unit.commit()
        leave()
    return place


@pytest.fixture
def folder(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of it, with a file of good answers."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    found = at_desk(tmp_path, monkeypatch).folder
    (found / "answers.yaml").write_text(GOOD)
    yield found
    leave()


def application() -> Application:
    return context.current_application()


def made_of(text: str, folder: Path, **values: object):
    (folder / "answers.yaml").write_text(text)
    given = {"office": "porto", "released": "system/1", "person": "bo", "why": "our turn", "dry_run": False}
    return localize_plan_of.fn(**{**given, "answers": "answers.yaml", **values})


def test_a_plan_is_made_once_and_again_changes_nothing(folder: Path) -> None:
    first = made_of(GOOD, folder)
    assert (first.plan, first.new, first.first) == ("porto/system/1", True, "2027-03-01")
    assert first.vacancies == len(roles_of(template().template)) - 1
    with application().store.read() as unit:
        stored = unit.derivations.find(PLAN)
        count = len(list(unit.ledger.entries()))
    again = made_of(GOOD, folder)
    assert (again.new, again.sentence) == (
        False, "porto/system/1 was made of system/1 with these answers before; nothing changed."
    )  # fmt: skip
    with application().store.read() as unit:
        assert unit.derivations.find(PLAN) == stored
        entries = list(unit.ledger.entries())
    assert len(entries) == count
    assert (entries[-1].event.kind, entries[-1].event.subject) == ("localize", "porto/system/1")


def test_a_dry_run_stores_nothing_and_the_stored_answers_are_not_asked_again(folder: Path) -> None:
    assert made_of(GOOD, folder, dry_run=True).dry_run
    with pytest.raises(LookupError, match="has answered nothing for system yet"):
        made_of(GOOD, folder, answers="")
    made_of(GOOD, folder)
    assert not made_of(GOOD, folder, answers="").new


def test_who_is_away_in_the_time_of_their_tasks_is_counted_and_is_no_vacancy(folder: Path) -> None:
    there = application()
    before = made_of(GOOD, folder)
    new = Absence("bo", date(2027, 2, 22), date(2027, 6, 30))
    set_absence(there.organization, there.store, there.clock, new, "bo")
    after = made_of(GOOD, folder, dry_run=True)
    assert (before.away, after.away, after.vacancies) == (0, 1, before.vacancies)
    again = made_of(GOOD, folder)
    assert not again.new
    with there.store.read() as unit:
        stored = unit.derivations.find(PLAN)
        assert stored is not None
        [told] = away_of(there, unit, stored)
    assert (told.person, told.owner, told.last) == ("bo", "bo", new.last)


def test_a_plan_whose_gates_are_not_those_of_its_projects_class_says_so_and_what_to_do(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    there = application()
    assert made_of(GOOD, folder, dry_run=True).gates == 0
    own = [each.names["en"] for each in template().template.tasks if each.kind is TaskKind.GATE]
    phases = (Phase("Inputs", "D1"), Phase("Rest", own[0]))
    life_cycle = LifeCycle("device", "Design control", ("device",), phases)
    method = replace(version(), project_class="field.kind", life_cycles=(life_cycle,))
    with there.store.begin() as unit:
        unit.versions.publish(method, AT)
        unit.plans.put("porto", [plan("porto/P-1", fields={"kind": "device"})], AT)
        unit.commit()
    outcome = made_of(GOOD, folder, dry_run=True)
    assert outcome.gates == len(own)
    assert f"{len(own)} gate" in outcome.sentence
    assert "from the life cycle of its project" in outcome.sentence
    assert main.main(["plan", "localize", str(folder / "answers.yaml")]) == 0
    told = capsys.readouterr().out
    assert "gates: The plan lacks gates of the life cycle Design control (method/2.0): D1. Add each" in told
    with there.store.begin() as unit:
        unit.plans.put("porto", [plan("porto/P-1")], AT)
        unit.commit()
    assert main.main(["plan", "localize", str(folder / "answers.yaml")]) == 0
    told = capsys.readouterr().out
    assert "gates: method/2.0 has life cycles, and the class of the project is not reported" in told


def test_a_version_that_needs_more_asks_for_that_alone(folder: Path) -> None:
    made_of(GOOD, folder)
    old = template()
    more = Parameter("payroll", {"en": "Payroll here?"}, ("yes", "no"))
    new = replace(old, version=2, template=replace(old.template, parameters=(*old.template.parameters, more)))
    with application().store.begin() as unit:
        unit.templates.release(new, AT)
        unit.commit()
    with pytest.raises(ValueError, match="payroll") as asked:
        made_of(GOOD, folder, released="system/2", answers="")
    assert str(asked.value) == (
        "parameters.payroll: the parameter payroll is not answered; answer one of yes, no"
    )


def test_what_was_estimated_first_stays(folder: Path) -> None:
    first = OwnEstimate(AT, Decimal(300))
    with application().store.begin() as unit:
        unit.derivations.estimate(PLAN, first)
        assert not unit.derivations.estimate(PLAN, replace(first, effort=Decimal(1)))
        unit.commit()
    made_of(GOOD + "estimate: {effort: 900h}\n", folder)
    with application().store.read() as unit:
        assert unit.derivations.find(PLAN).answers.estimate == first


def test_a_plan_in_the_offices_tool_is_not_made_anew(folder: Path) -> None:
    made_of(GOOD, folder)
    with application().store.begin() as unit:
        unit.derivations.place(PLAN, {"T1": "77"})
        unit.commit()
    assert not made_of(GOOD, folder).new
    with pytest.raises(ValueError, match="is in the office's tool already"):
        made_of(GOOD.replace("2027-03-01", "2027-04-01"), folder)


def test_what_the_owner_keeps_back_is_not_in_the_plan(folder: Path) -> None:
    share = Share("system", "hq", Basis.AGREEMENT, "hq-porto", AT, frozenset({Redaction.COSTS}))
    with application().store.begin() as unit:
        unit.deployments.share(share)
        unit.commit()
    made_of(GOOD, folder)
    with application().store.read() as unit:
        plan = unit.derivations.find(PLAN).base
    assert any(task.cost for task in template().template.tasks)
    assert not any(task.cost for task in plan.tasks)


def test_a_filled_in_file_is_taken(folder: Path) -> None:
    with application().store.read() as unit:
        release = offered(application(), unit, "porto", "system").release
    text = blank_answers(release, receiver(application(), "porto"))
    with pytest.raises(UnusableAnswers) as blank:
        made_of(text, folder)
    left_open = [n for n, line in enumerate(text.splitlines(), 1) if ":  #" in line or ": ," in line]
    left_open += [n for n, line in enumerate(text.splitlines(), 1) if line.startswith(("  on:", "project:"))]
    assert {each.where.line for each in blank.value.problems} <= set(left_open)
    assert {"`on`: it is empty", "`size` is empty"} <= {each.message for each in blank.value.problems}
    for blank_line, filled in (
        ("  on:  ", "  on: 2027-03-01 "), ("existing:", "existing: P-1"), ("  size: ", '  size: "large" '),
        ("rate: , on: , source: ", 'rate: "0.7", on: 2027-01-04, source: a bank'),
    ):  # fmt: skip
        text = text.replace(blank_line, filled)
    assert made_of(text, folder).vacancies == len(roles_of(template().template))


def test_a_run_names_whom_nothing_permits(folder: Path) -> None:
    with pytest.raises(PermissionError, match="whoever is named may not make a template an office's plan"):
        made_of(GOOD, folder, person="ana")
    with application().store.read() as unit:
        assert unit.derivations.find(PLAN) is None


WRONG = [
    ("office: porto", "office: oslo", 1, "`office` is oslo, and porto was asked for"),
    ("system/1", "other/1", 2, "`template` is other/1, and system/1 was asked for"),
    ("kind: start", "kind: begin", 3, "`kind` is `begin`"),
    ("on: 2027-03-01", "on: 1 March", 3, "`on`: `1 March` is no date"),
    ("on: 2027-03-01", "on: 9999-12-30", 3, "the plan leaves the years that calendars know"),
    ("{kind: start, on: 2027-03-01}", "{kind: gate, on: 2027-03-01}", 3, "no gate is named"),
    ("{kind: start,", "{kind: gate, gate: T999,", 3, "T999 is no gate or milestone of the template"),
    ("{kind: start,", "{kind: start, gate: T999,", 3, "the gate T999 is named, though the plan is not counted"),
    ("{existing: P-1}", "{}", 4, "no project is named"),
    ("{existing: P-1}", "{existing: P-1, new: P-2}", 4, "an existing and a new project are named"),
    ("size: large", "size: huge", 5, "huge is no value of the parameter size"),
    ("parameters: {size: large}\n", "", 1, "the parameter size is not answered"),
    ("size: large", "size: large, colour: red", 5, "the template asks for no parameter colour"),
    ("analyst: {person: bo}", "analyst: {person: nobody}", 7, "nobody is not in people.yaml, or has left"),
    ("analyst: {person: bo}", "analyst: {person: bo, name: Bo}", 7, "`analyst` has a person and a name"),
    ("analyst: {person: bo}", "analyst: {person: bo, due: 2027-02-01}", 7, "has a person, and is a vacancy"),
    ("analyst: {person: bo}", "analyzt: {person: bo}", 7, "the template has no role analyzt"),
    ('of: SGD, rate: "0.69"', 'of: SGX, rate: "0.69"', 9, "SGX"),
    ('of: SGD, rate: "0.69"', 'of: USD, rate: "0.69"', 10, "USD has two rates"),
    ('of: SGD, rate: "0.69"', 'of: CHF, rate: "0.69"', 8, "there is no rate for SGD"),
    ('rate: "0.69"', 'rate: "0"', 9, "the rate of SGD is not above 0"),
    ('rate: "0.69"', "rate: about one", 9, "`about one` is no amount"),
    ("project:", "leave_out: [T999]\nproject:", 4, "the template has no task T999"),
    ("project:", "leave_out: [P1]\nproject:", 4, "the task P1 is not optional"),
    ("project:", "calendars: {moon: office}\nproject:", 4, "the template has no further calendar moon"),
    ("project:", "language: klingon-1!\nproject:", 4, "is no tag of a language"),
    ("project:", "durations: short\nproject:", 4, "`durations` is `short`"),
    ("project:", "half_days: [tomorrow]\nproject:", 4, "`tomorrow` is no date"),
    ("project:", "estimate: {effort: 40eh}\nproject:", 4, "effort is no elapsed time"),
    ("project:", "estimate: {effort: much}\nproject:", 4, "is no duration"),
    ("project:", "colour: red\nproject:", 4, "unknown key `colour`"),
    (
        "project:", "blackouts: [{name: Audit, first: 2027-05-07, last: 2027-05-03}]\nproject:", 4,
        "the blackout `Audit` ends before it begins",
    ),
    (
        "project:", "blackouts: [{name: Audit, first: 2027-05-07, last: 2028-05-03}]\nproject:", 4,
        "the blackout `Audit` has 363 days",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "line", "told"), WRONG)
def test_a_wrong_answer_is_told_with_its_line_and_what_to_do(folder: Path, old, new, line, told) -> None:
    assert old in GOOD
    with pytest.raises(UnusableAnswers) as refused:
        made_of(GOOD.replace(old, new), folder)
    found = [each for each in refused.value.problems if told in each.message]
    assert [each.where.line for each in found] == [line]
    assert all(each.instead for each in refused.value.problems)


ELSEWHERE = [
    ({"released": "nothing"}, "template: no template 'nothing' is shared with porto"),
    ({"office": "jeddah"}, "is shared with jeddah; its owner shares it with share-plan"),
    ({"office": "atlantis"}, "there is no office 'atlantis'"),
    ({"answers": "none.yaml"}, "answers: there is no file 'none.yaml'"),
    ({"answers": "../../answers.yaml"}, "leads out of the organization's folder"),
    ({"person": "nobody"}, "nobody has the id that was given"),
]


@pytest.mark.parametrize(("values", "told"), ELSEWHERE)
def test_what_is_not_there_or_not_shared_is_told_with_what_to_do(folder: Path, values, told) -> None:
    text = GOOD.replace("office: porto\n", "").replace("template: system/1\n", "")
    with pytest.raises(REFUSALS, match=told) as refused:
        made_of(text, folder, **values)
    assert lacks(str(refused.value)) == [], str(refused.value)


def test_a_recalled_version_is_begun_by_nobody(folder: Path) -> None:
    with application().store.begin() as unit:
        unit.templates.recall(Recall("system", 1, RecallKind.STOP, AT.date(), "it drops notes"), AT)
        unit.commit()
    with pytest.raises(ValueError, match="the version is recalled: it drops notes"):
        made_of(GOOD, folder)


def test_the_agreements_end_ends_it(folder: Path) -> None:
    path = folder / "agreements.yaml"
    path.write_text(path.read_text().replace("since: 2027-01-01", "since: 2026-01-01, until: 2026-12-31"))
    context.KEPT.forget()
    with pytest.raises(LookupError, match="no template 'system/1' is shared with porto"):
        made_of(GOOD, folder)


def test_a_second_plan_of_one_template_has_its_own_number(folder: Path) -> None:
    made_of(GOOD, folder)
    assert made_of(GOOD + "number: 2\n", folder).plan == "porto/system/2"


def test_a_plan_that_would_have_to_begin_in_the_past_says_so(folder: Path) -> None:
    entry = answers_file(folder / "answers.yaml")
    with application().store.read() as unit:
        made = of_file(application(), unit, entry, "", "")
    late = replace(made, local=replace(made.local, schedule=replace(
        made.local.schedule, start=made.local.start - timedelta(days=60))))  # fmt: skip
    assert localized(application(), late, Operator("bo"), "why", dry_run=True).days_late == 4


def test_answers_are_exported_in_the_form_in_which_they_are_read(folder: Path) -> None:
    made_of(GOOD + "estimate: {effort: 900h}\n", folder)
    with application().store.read() as unit:
        files = stored_answers(unit)
    assert list(files) == ["answers/porto/system/1.yaml"]
    assert not made_of(files["answers/porto/system/1.yaml"], folder).new
