"""The committed organization: that it is generated as it stands, believable in size, and sound."""

import shutil
from collections import Counter
from statistics import median

import pytest

from config.problems import Problems
from config.wiring import examine
from connectors.registry import connect
from domain.organization.office import Access, OfficeKind, RelationKind
from domain.standards.standard import Fate, Level, RuleKind
from examples.harbor_group.agencies import AGENCIES
from examples.harbor_group.generate import HERE, generate
from examples.harbor_group.player import copy_sample
from tests.contract.around import around


@pytest.fixture(scope="module")
def loaded():
    found = examine(HERE)
    assert not isinstance(found, Problems), [str(each) for each in found]
    return found


@pytest.fixture(scope="module")
def readings(loaded):
    organization = loaded.organization
    return {
        p.office: connect(organization.tools[p.tool], p, around(HERE)).read()
        for p in organization.partitions
        if organization.takes_part(p.office, loaded.as_of.date())
    }


@pytest.fixture(scope="module")
def plans(readings):
    return [plan for reading in readings.values() for plan in reading.plans]


@pytest.fixture(scope="module")
def generated(tmp_path_factory):
    """What the script writes, and the folder that it was told to write it to."""
    folder = tmp_path_factory.mktemp("generated")
    return generate(folder), folder


def test_what_is_committed_is_what_the_script_generates_byte_for_byte(generated):
    written, folder = generated
    said = "workbooks, tools.yaml, weeks, agencies' workbooks and their project file, the pilot in its files"
    assert len(written) == 10 + 1 + 12 + 5 + 1 + 2 + 2, said
    for path in written:
        committed = HERE / path.relative_to(folder)
        assert committed.read_bytes() == path.read_bytes(), committed.name


def test_no_workbook_and_no_week_is_left_over_that_the_script_does_not_make(generated):
    _, place = generated
    for folder in ("workbooks", "weeks", "plans", "pilots"):
        made = {path.name for path in (place / folder).iterdir()}
        assert {path.name for path in (HERE / folder).iterdir() if not path.name.startswith(".")} == made


def test_it_loads_without_a_problem_or_a_warning(loaded):
    assert loaded.warnings == ()


def test_it_is_a_holding_of_one_strategic_two_program_and_six_other_offices_that_take_part(loaded):
    organization = loaded.organization
    ours = [o for o in organization.offices.values() if organization.takes_part(o.id, loaded.as_of.date())]
    kinds = Counter(office.kind for office in ours)
    assert (kinds[OfficeKind.STRATEGIC], kinds[OfficeKind.PROGRAM]) == (1, 2)
    assert kinds[OfficeKind.PROJECT] + kinds[OfficeKind.SUBSIDIARY] == 6
    assert len({office.calendar.country for office in ours}) >= 5
    assert len({office.calendar.time_zone for office in ours}) >= 5
    assert len({office.currency for office in ours}) >= 5
    assert len({office.calendar.weekend for office in ours}) == 2


def test_access_is_write_in_six_offices_ask_in_two_and_observe_in_one(loaded, readings):
    access = Counter(p.access for p in loaded.organization.partitions if p.office in readings)
    assert access == {Access.WRITE: 6, Access.ASK: 2, Access.OBSERVE: 1}


def test_the_diverse_subtrees_take_no_part(loaded, readings):
    for office in ("bergen", "tromso", *AGENCIES):
        assert loaded.organization.relation(office) is RelationKind.DIVERSE
        assert office not in readings
    assert (HERE / "workbooks/bergen.xlsx").exists()


def test_five_agencies_plan_in_two_kinds_of_tools_three_currencies_and_three_weekends(loaded):
    offices = [loaded.organization.offices[office] for office in AGENCIES]
    partitions = [loaded.organization.partition(office) for office in AGENCIES]
    assert {office.currency for office in offices} == {"EUR", "EGP", "INR"}
    assert {office.calendar.weekend for office in offices} == {
        frozenset({5, 6}),
        frozenset({4, 5}),
        frozenset({6}),
    }
    kinds = Counter(loaded.organization.tools[each.tool].kind for each in partitions)
    assert kinds == {"workbook": 4, "project-file": 1}
    assert {each.access for each in partitions} == {Access.WRITE}


def test_where_no_java_is_the_fifth_keeps_a_workbook_too(tmp_path):
    copy_sample(tmp_path / "plain", project_files=False)
    found = examine(tmp_path / "plain")
    assert not isinstance(found, Problems), [str(each) for each in found]
    organization = found.organization
    assert {organization.tools[p.tool].kind for p in organization.partitions} == {"workbook"}
    partition = organization.partition("genoa")
    reading = connect(organization.tools[partition.tool], partition, around(tmp_path / "plain")).read()
    assert [plan.project.key for plan in reading.plans] == ["genoa/GE-FIN"]
    assert reading.unreadable == ()


def test_one_program_cuts_across_offices(plans):
    offices = {plan.project.office for plan in plans if plan.project.program == "green-corridor"}
    assert len(offices) >= 5


def test_sixty_projects_one_of_them_kept_twice_have_about_three_thousand_items(plans):
    sizes = [len(plan.items) for plan in plans]
    assert len(plans) == 61
    assert 2700 <= sum(sizes) <= 3300
    assert 42 <= median(sizes) <= 50


def test_projects_stand_at_every_stage_but_closed_and_several_are_nearly_complete(plans):
    stages = Counter(str(plan.project.stage) for plan in plans)
    assert set(stages) == {"proposed", "planning", "execution", "closing", "on_hold"}
    assert stages["closing"] >= 10


def test_every_cell_is_understood_and_every_total_of_the_offices_stays_out(readings):
    assert {office: reading.unreadable for office, reading in readings.items() if reading.unreadable} == {}


def test_units_differ_between_offices_and_come_out_alike(plans):
    for plan in plans:
        project = plan.project
        assert project.percent_complete is None or 1 < project.percent_complete <= 100
        assert project.budget is None or project.budget >= 300_000
        assert all(item.work is None or 16 <= item.work <= 136 for item in plan.items)


def test_titles_people_and_headers_are_of_many_languages():
    register = (HERE / "tools.yaml").read_text(encoding="utf-8")
    for header in (
        "Projektleitung",
        "Patrocinador",
        "Chef de projet",
        "Opdrachtgever",
        "مدير المشروع",
        "Aşama",
    ):
        assert header in register


@pytest.mark.parametrize("version", ["1.0", "2.0"])
def test_each_version_has_thirty_rules_or_more_of_both_kinds_and_of_every_level(loaded, version):
    rules = loaded.versions[f"delivery-method/{version}"].rules
    assert len(rules) >= 30
    assert {rule.kind for rule in rules} == set(RuleKind)
    assert {rule.level for rule in rules} == set(Level)
    assert all(rule.remedy.endswith(".") and 0 < rule.days <= 15 for rule in rules)


def test_2_0_says_what_became_of_every_rule_of_1_0(loaded):
    old, new = (loaded.versions[f"delivery-method/{v}"] for v in ("1.0", "2.0"))
    assert {s.old for s in new.supersedes} == {rule.uid for rule in old.rules}
    assert {s.fate for s in new.supersedes} == set(Fate)


def test_two_offices_tailor_2_0(loaded):
    tailored = [t.office for t in loaded.tailorings if t.version == "2.0"]
    assert sorted(tailored) == ["dammam", "santos"]


def test_a_tailoring_that_oversteps_its_level_is_refused_with_file_and_line(tmp_path):
    folder = tmp_path / "organization"
    shutil.copytree(HERE, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    path = folder / "tailorings/santos-thresholds.yaml"
    path.write_text(path.read_text().replace("limit: 7\n", "limit: 45\n"))
    found = examine(folder)
    assert isinstance(found, Problems)
    [problem] = [str(each) for each in found.errors]
    line = next(
        n for n, text in enumerate(path.read_text().splitlines(), 1) if "rule: slip-within-limit" in text
    )
    assert f"tailorings/santos-thresholds.yaml:{line}" in problem
    assert "ceiling" in problem
