"""An organization from its files: the good one loads; each error has a file, a line and what to write."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config import documents
from config.organization import Loaded, load
from config.problems import Problem, Problems
from config.wiring import KINDS, examine
from domain import canonical
from domain.organization.clocks import Clocks, Escalation
from domain.organization.office import Access, Role
from domain.rollouts.rollout import leader_of_waves
from domain.standards.standard import DatedPart, Election, Fate, PlanPart
from store.standards import VERSION
from tests.config.bad import BAD, SECRET
from tests.config.good import FILES, write

SAMPLE = Path(__file__).resolve().parents[2] / "examples" / "harbor_group"


def loaded(folder: Path) -> Loaded:
    found = examine(folder)
    assert isinstance(found, Loaded), "\n".join(map(str, found))
    return found


def spoil(folder: Path, file: str, old: str, new: str | bytes | None) -> None:
    """Make one edit; it must change something."""
    path = folder / file
    if new is None:
        path.unlink()
        return
    new = new.encode() if isinstance(new, str) else new
    if not old or old == "*":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(new)
        return
    before = path.read_bytes()
    assert before.count(old.encode()) >= 1, f"{old!r} does not stand in {file}"
    path.write_bytes(before.replace(old.encode(), new, 1))


def told(problems: Loaded | Problems, place: str, message: str, instead: str) -> list[Problem]:
    assert isinstance(problems, Problems), "nothing was found wrong"
    return [
        p
        for p in problems.errors
        if str(p.where).startswith(place) and message in p.message and instead in p.instead
    ]


def test_the_good_organization_loads_without_a_word(tmp_path):
    found = loaded(write(tmp_path))
    assert found.warnings == ()
    assert found.as_of == datetime(2027, 1, 4, 7, tzinfo=UTC)
    offices = found.organization.offices
    assert list(offices) == ["hq", "porto", "jeddah", "marine"]
    assert offices["hq"].roles == {
        Role.HEAD: ("ana",),
        Role.STANDARDS_OWNER: ("ana",),
        Role.APPROVER: ("ana", "bo"),
    }
    assert (offices["porto"].rhythm.weekday, offices["porto"].rhythm.every_weeks) == (3, 2)
    assert found.organization.partition("porto").access is Access.WRITE
    assert found.organization.partition("jeddah").access is Access.OBSERVE
    assert found.organization.tools["porto-book"].credentials == "PORTO_SHARE"
    assert [t.id for t in found.tailorings] == ["porto-overdue"]
    assert [w.offices for w in found.rollouts[0].waves] == [("porto",), ("jeddah",)]


def test_a_version_keeps_its_rules_its_leeway_and_what_became_of_older_rules(tmp_path):
    version = loaded(write(tmp_path)).versions["method/2.0"]
    assert [rule.uid for rule in version.rules] == [
        "plan.owners",
        "plan.overdue",
        "case.approved",
        "start.known",
    ]
    assert str(version.rules[1].where) == "standards/method/2.0.yaml:17"
    assert (version.rules[3].least, version.rules[3].most) == (1, 9)
    assert version.leeway.default is Election.FINISH_OLD
    assert [c.at_most for c in version.leeway.conditions] == [None, 6]
    assert [(s.old, s.fate, s.new) for s in version.supersedes] == [
        ("plan.owners", Fate.SAME, ("plan.owners",))
    ]


def test_the_digest_of_a_version_is_of_its_content_and_not_of_its_lines(tmp_path):
    write(tmp_path)
    before = loaded(tmp_path).versions["method/2.0"].digest
    spoil(tmp_path, "standards/method/2.0.yaml", "standard: method", "# a remark\n\nstandard:   method")
    assert loaded(tmp_path).versions["method/2.0"].digest == before
    spoil(tmp_path, "standards/method/2.0.yaml", "days: 10", "days: 11")
    assert loaded(tmp_path).versions["method/2.0"].digest != before


OWN_TREE = (
    "    kind: program\n    mandate: controlling\n    parent: hq\n",
    "    kind: strategic\n    mandate: controlling\n",
)
"""Porto as a strategic office at the root of a tree of its own, with Jeddah below."""


def test_an_organization_that_says_no_clocks_has_the_defaults_and_an_office_its_own_days(tmp_path):
    organization = loaded(write(tmp_path)).organization
    assert organization.clocks == Clocks()
    assert {o.id: o.answer_days for o in organization.offices.values()} == {
        "hq": 5, "porto": 5, "jeddah": 7, "marine": 5,
    }  # fmt: skip


def test_the_clocks_come_from_the_files_and_an_offices_own_days_take_their_place(tmp_path):
    said = "operator_decisions_count: true\n"
    levels = "  escalation: {head: 1, parent: 6, above: never, sponsor: never}\n"
    clocks = (
        "clocks:\n  answer_days: 4\n  elect_days: 8\n  decision_days: 9\n  legal_decision_days: 3\n"
        f"  placing_days: 6\n{levels}"
    )
    spoil(write(tmp_path), "organization.yaml", said, said + clocks)
    organization = loaded(tmp_path).organization
    assert organization.clocks == Clocks(4, 8, 9, 3, 6, Escalation(1, 6, None, None))
    assert [o.answer_days for o in organization.offices.values()] == [4, 4, 7, 4]


def test_a_version_that_says_no_days_for_an_election_has_those_of_the_clocks(tmp_path):
    spoil(write(tmp_path), "standards/method/2.0.yaml", "  elect_days: 5\n", "")
    assert loaded(tmp_path).versions["method/2.0"].leeway.elect_days is None


def test_two_strategic_offices_each_lead_their_own_tree(tmp_path):
    spoil(write(tmp_path), "offices.yaml", *OWN_TREE)
    found = loaded(tmp_path)
    assert leader_of_waves(found.organization, found.rollouts[0].waves).id == "porto"
    assert found.organization.leader_of("hq", date(2027, 1, 4)).id == "hq"


def test_of_two_trees_an_office_outside_both_is_refused_unless_an_agreement_says_who_leads(tmp_path):
    spoil(write(tmp_path), "offices.yaml", *OWN_TREE)
    spoil(tmp_path, "relations.yaml", "  - {root: marine, kind: diverse}\n", "")
    place, message = (
        "offices.yaml:33",
        "no strategic office leads `marine`: none is above it, and there are 2",
    )
    assert told(examine(tmp_path), place, message, "give it a `parent` under one, or an agreement")
    added = "agreements:\n  - {id: hq-marine, giver: hq, taker: marine, shares: [plans], since: 2027-01-01}\n"
    spoil(tmp_path, "agreements.yaml", "agreements:\n", added)
    assert loaded(tmp_path).organization.leader_of("marine", date(2027, 1, 4)).id == "hq"


@pytest.mark.parametrize("case", BAD)
def test_what_is_wrong_is_told_with_its_line_and_what_to_write(tmp_path, case):
    file, old, new, place, message, instead = BAD[case]
    spoil(write(tmp_path), file, old, new)
    problems = examine(tmp_path)
    assert told(problems, place, message, instead), "\n".join(map(str, problems))
    assert all(p.where.line >= 1 for p in problems.errors)
    assert len(problems.errors) <= 4, "a mistake is told where it was made, not wherever it is referred to"


def test_all_problems_of_all_files_are_told_in_one_run(tmp_path):
    write(tmp_path)
    cases = [
        "an unknown country", "an unknown time zone", "an unknown key of a version", "an address that is none",
        "a program of nobody", "two relations of one root", "agreements that overlap", "a setting that no connector takes",
        "no CEL", "an attestation without its end", "a rule with two fates", "leeway on a word",
        "an adjustment of no rule", "waves numbered wrongly", "an unknown office in a wave", "a time without a zone",
    ]  # fmt: skip
    for case in cases:
        spoil(tmp_path, *BAD[case][:3])
    problems = examine(tmp_path)
    missing = [case for case in cases if not told(problems, BAD[case][3].split(":")[0], *BAD[case][4:])]
    assert missing == [], "\n".join(map(str, problems))
    assert [str(p.where) for p in problems] == [
        f"{f}:{n}" for f, n in sorted((p.where.file, p.where.line) for p in problems.errors)
    ]


def test_a_file_is_taken_apart_once_and_told_wrong_each_time_until_it_is_mended(tmp_path, monkeypatch):
    taken_apart = []
    parser = documents.YAML
    monkeypatch.setattr(documents, "YAML", lambda **how: taken_apart.append(1) or parser(**how))
    folder = write(tmp_path)
    spoil(folder, "people.yaml", "name: Ana Reis", "nmae: Ana Reis  # only here")
    first = examine(folder)
    assert told(first, "people.yaml:3", "nmae", "name")
    count = len(taken_apart)
    assert list(examine(folder)) == list(first)
    assert len(taken_apart) == count > 0
    spoil(folder, "people.yaml", "nmae: Ana Reis", "name: Ana Reyes")
    assert loaded(folder).organization.people["ana"].name == "Ana Reyes"
    assert len(taken_apart) == count + 1


def test_a_secret_is_never_repeated(tmp_path):
    for case in ("a secret as credentials", "a secret in settings"):
        spoil(write(tmp_path), *BAD[case][:3])
        said = "\n".join(map(str, examine(tmp_path)))
        assert SECRET not in said
        assert "hunter2" not in said


@pytest.mark.parametrize("name", ["PORTO_SHARE", "TOKEN2", "block:porto-share", ""])
def test_the_name_of_a_credential_is_accepted(tmp_path, name):
    spoil(write(tmp_path), "tools.yaml", "PORTO_SHARE", f'"{name}"')
    assert loaded(tmp_path).organization.tools["porto-book"].credentials == name


@pytest.mark.parametrize(
    "secret",
    [
        "AKIA" + "IOSFODNN7EXAMPLE",
        "xox" + "b-1234567890",
        "https://me:pw@host/x",
        "ey" + "JhbGciOiJIUzI1NiJ9.e30",
        "Xk29" * 8,
        "A" * 70,
    ],
)
def test_what_looks_like_a_secret_is_no_name(tmp_path, secret):
    spoil(write(tmp_path), "tools.yaml", "PORTO_SHARE", f'"{secret}"')
    assert any("secret" in p.message for p in examine(tmp_path).errors)


def test_warnings_stand_apart_from_errors(tmp_path):
    write(tmp_path)
    spoil(tmp_path, "offices.yaml", "roles: {head: [carl]}", "roles: {}")
    spoil(tmp_path, "offices.yaml", "head: [carl], approver: [bo]", "head: [carl]")
    spoil(
        tmp_path,
        "agreements.yaml",
        "since: 2027-01-01, until: 2027-06-30",
        "since: 2026-01-01, until: 2026-06-30",
    )
    spoil(tmp_path, "programs.yaml", "office: porto", "office: jeddah")
    spoil(tmp_path, "offce.yaml", "", "offices: []\n")
    spoil(tmp_path, "tailorings/x.yml", "", "id: x\n")
    said = [str(w) for w in loaded(tmp_path).warnings]
    assert len(said) == 6
    for part in (
        "offices.yaml:33: `jeddah` has no head", "`marine` has no eligible approver",
        "agreements.yaml:2: the agreement `hq-jeddah` expired on 2026-06-30", "programs.yaml:2: `docks` is led by `jeddah`",
        "offce.yaml:1: this file is not read -> did you mean `offices.yaml`?", "tailorings/x.yml:1",
    ):  # fmt: skip
        assert any(part in line for line in said), part


def test_the_sample_has_neither_errors_nor_warnings():
    found = loaded(SAMPLE)
    assert found.warnings == ()
    assert found.as_of == datetime(2027, 1, 4, 7, tzinfo=UTC)
    assert set(found.versions) == {"delivery-method/1.0", "delivery-method/2.0", "site-works/1.0"}


def test_a_missing_folder_is_a_problem(tmp_path):
    problems = examine(tmp_path / "nowhere")
    assert [p.message for p in problems] == ["there is no such folder"]


def test_without_clock_file_the_given_time_holds(tmp_path):
    write(tmp_path)
    (tmp_path / "clock.yaml").unlink()
    found = load(tmp_path, KINDS, datetime(2030, 5, 1, tzinfo=UTC))
    assert found.as_of is None
    assert date(2031, 1, 1) in found.organization.offices["hq"].calendar.holidays
    problems = load(tmp_path, KINDS)
    assert [str(p.where) for p in problems] == ["clock.yaml:1"]


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(file=st.sampled_from(sorted(FILES)), text=st.text(st.characters(codec="utf-8"), max_size=80))
def test_no_text_in_any_file_ends_in_a_traceback(tmp_path, file, text):
    write(tmp_path)
    (tmp_path / file).write_bytes(text.encode())
    assert isinstance(examine(tmp_path), Loaded | Problems)


VALUES = st.recursive(
    st.sampled_from(
        [
            "~",
            "true",
            "3",
            "-1.5",
            "1e999",
            "x",
            "2027-01-04",
            "2027-01-04T07:00:00Z",
            '""',
            '"\\0"',
            "plan.overdue",
        ]
    ),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda v: f"[{', '.join(v)}]")
        | st.dictionaries(st.sampled_from(["id", "rule", "a", "plan", "least"]), inner, max_size=3).map(
            lambda v: "{" + ", ".join(f"{k}: {x}" for k, x in v.items()) + "}"
        )
    ),
    max_leaves=6,
)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(file=st.sampled_from(sorted(FILES)), data=st.data())
def test_no_value_under_any_key_ends_in_a_traceback(tmp_path, file, data):
    write(tmp_path)
    lines = FILES[file].splitlines()
    n = data.draw(st.sampled_from([n for n, line in enumerate(lines) if ":" in line]))
    lines[n] = lines[n].partition(":")[0] + ": " + data.draw(VALUES)
    (tmp_path / file).write_text("\n".join(lines) + "\n", "utf-8")
    assert isinstance(examine(tmp_path), Loaded | Problems)


def test_a_plan_part_says_when_only_where_the_file_does_and_else_keeps_its_digest(tmp_path):
    """What was published before parts could say it has the digest that it had, and comes back as it was."""
    plain = loaded(write(tmp_path / "plain")).versions["method/2.0"]
    assert plain.plan_parts == (PlanPart("gates", "Gates", ("Review at G1",)),)
    assert set(plan_part(plain)) == {"id", "title", "items"}
    write(tmp_path / "dated")
    spoil(
        tmp_path / "dated",
        "standards/method/2.0.yaml",
        "[Review at G1]}",
        "[Review at G1], days: 0, gate: G1}",
    )
    dated = loaded(tmp_path / "dated").versions["method/2.0"]
    assert dated.plan_parts == (DatedPart("gates", "Gates", ("Review at G1",), 0, "G1"),)
    assert dated.digest != plain.digest
    for version in (plain, dated):
        assert VERSION.read(VERSION.write(version)).plan_parts == version.plan_parts


def plan_part(version):
    told = canonical.plain(version)
    return told["plan_parts"][0]
