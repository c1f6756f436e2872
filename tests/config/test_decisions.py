"""Terms of decisions and bands of discretion from the files: what is wrong is told with its line and what to write."""

from __future__ import annotations

import pytest
from ruamel.yaml import YAML

from config.organization import Loaded
from config.skeleton import TEMPLATE
from config.wiring import examine
from domain.organization.terms import Terms
from domain.standards.standard import Discretion, Election
from tests.config.good import write
from tests.config.test_organization import loaded, spoil, told

ORG, V2 = "organization.yaml", "standards/method/2.0.yaml"
COUNT = "operator_decisions_count: true\n"
LEEWAY = "  elect_days: 5\n"
BAND = f"{LEEWAY}  discretion: "
AT, BAND_AT = "organization.yaml:", f"{V2}:67"


def terms(text: str) -> tuple[str, str, str]:
    return ORG, COUNT, COUNT + text


def band(text: str) -> tuple[str, str, str]:
    return V2, LEEWAY, f"{BAND}{text}\n"


BAD = {
    "no mapping": (terms("decisions: 2\n"), AT + "4", "not a mapping", "key: value"),
    "an unknown key": (terms("decisions: {quorum: 2}\n"), AT + "4", "unknown key `quorum`", "known: `approvals`"),
    "an unknown level": (terms("decisions:\n  approvals: {ordinary: 1, big: 2}\n"), AT + "5", "unknown key `big`", "known: `ordinary`"),
    "a level misspelled": (terms("decisions: {approvals: {signifcant: 2}}\n"), AT + "4", "`signifcant`", "did you mean `significant`?"),
    "approvals as a number": (terms("decisions: {approvals: 2}\n"), AT + "4", "not a mapping", "key: value"),
    "nobody approves": (terms("decisions: {approvals: {ordinary: 0}}\n"), AT + "4", "`ordinary` is `0`", ""),
    "far too many approve": (terms("decisions: {approvals: {gate: 21}}\n"), AT + "4", "`gate` is `21`", ""),
    "half an approver": (terms("decisions: {approvals: {gate: 1.5}}\n"), AT + "4", "not a whole number", "digits only"),
    "a number in quotes": (terms('decisions: {approvals: {gate: "2"}}\n'), AT + "4", "not a whole number", "digits only"),
    "a level that is empty": (terms("decisions:\n  approvals:\n    gate:\n"), AT + "6", "`gate` is empty", "gate:"),
    "significant below ordinary": (terms("decisions:\n  approvals:\n    ordinary: 3\n    significant: 2\n    costly: 3\n    gate: 3\n"), AT + "7", "`significant` is 2, and an ordinary request takes 3", "`significant: 3` or more"),
    "ordinary above the default of others": (terms("decisions:\n  approvals:\n    ordinary: 3\n"), AT + "6", "`significant` is 2, and an ordinary request takes 3", "write `significant: 3`"),
    "a gate below ordinary": (terms("decisions:\n  approvals: {ordinary: 2,\n    gate: 1}\n"), AT + "6", "`gate` is 1", "write `gate: 2` or more"),
    "a cost above the budget": (terms("decisions: {costly_percent: 500}\n"), AT + "4", "`costly_percent` is `500`", ""),
    "a negative cost": (terms("decisions: {costly_percent: -1}\n"), AT + "4", "`costly_percent` is `-1`", ""),
    "a cost in quotes": (terms("decisions: {costly_percent: '5'}\n"), AT + "4", "not a number", "without quotes"),
    "a cost in words": (terms("decisions: {costly_percent: much}\n"), AT + "4", "not a number", "digits only"),
    "own office in words": (terms("decisions: {own_office_decides: sometimes}\n"), AT + "4", "not true or false", "write true or false"),
    "own office as a number": (terms("decisions: {own_office_decides: 1}\n"), AT + "4", "not true or false", "write true or false"),
    "whether entered decisions count, in words": ((ORG, COUNT, "operator_decisions_count: perhaps\n"), AT + "3", "not true or false", "write true or false"),
    "a band that is no mapping": (band("70"), BAND_AT, "not a mapping", "key: value"),
    "a band of an unknown fact": (band("{fact: plan.percent}"), BAND_AT, "`plan.percent`", "plan.percent_complete"),
    "a band of a fact that is no number": (band("{fact: project.lead}"), BAND_AT, "`project.lead` is no number", "plan.percent_complete"),
    "a band upside down": (band("{at_least: 80, at_most: 70}"), BAND_AT, "ends at 70, below its begin, 80", "swap the two"),
    "a band within the rule": (band("{at_least: 92, at_most: 99}"), BAND_AT, "begins at 92, where the rule holds already (from 90)", "below 90"),
    "a share of nobody": (band("{share: 0}"), BAND_AT, "a share of 0 lets nobody elect", "write 0.2"),
    "a share of more than all": (band("{share: 20}"), BAND_AT, "`share` is `20`", "less than or equal to 1"),
    "an unknown key of a band": (band("{atleast: 70}"), BAND_AT, "unknown key `atleast`", "did you mean `at_least`?"),
    "a bound in words": (band("{at_least: nearly}"), BAND_AT, "not a number", "digits only"),
    "a default that is none": ((V2, "default: finish_old", "default: at_next_gate"), f"{V2}:65", "`default` is `at_next_gate`", "at_gate"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_what_is_wrong_is_told_with_its_line_and_what_to_write(tmp_path, case) -> None:
    edit, place, message, instead = BAD[case]
    spoil(write(tmp_path), *edit)
    problems = examine(tmp_path)
    assert not isinstance(problems, Loaded)
    assert told(problems, place, message, instead), "\n".join(map(str, problems))
    assert len(problems.errors) == 1, "\n".join(map(str, problems))


def test_terms_come_from_the_file_and_what_is_left_out_has_its_default(tmp_path) -> None:
    assert loaded(write(tmp_path)).organization.terms == Terms()
    levels = "{ordinary: 1, significant: 3, costly: 2, gate: 4}"
    spoil(tmp_path, *terms(f"decisions:\n  approvals: {levels}\n  own_office_decides: false\n"))
    found = loaded(tmp_path).organization.terms
    assert found == Terms(1, 3, 0.05, own_office_decides=False, costly_quorum=2, gate_quorum=4)


def test_what_init_writes_are_the_defaults_and_load(tmp_path) -> None:
    text = (TEMPLATE / "organization.yaml").read_text("utf-8")
    said = YAML(typ="safe").load(text)["decisions"]
    assert set(said) == {"approvals", "costly_percent", "own_office_decides"}
    (write(tmp_path) / ORG).write_text(text, "utf-8")
    assert loaded(tmp_path).organization.terms == Terms()


def test_where_too_few_are_approvers_for_anything_that_is_said(tmp_path) -> None:
    spoil(
        write(tmp_path), *terms("decisions: {approvals: {ordinary: 3, significant: 3, costly: 3, gate: 3}}\n")
    )
    (warned,) = [each for each in loaded(tmp_path).warnings if "approvals" in each.message]
    assert str(warned).startswith(
        "organization.yaml:4: an ordinary request takes 3 approvals, and `hq` has 2 approvers, here or above"
    )
    assert "until then nothing is approved" in warned.instead


def test_a_band_has_defaults_and_one_that_leaves_a_gap_below_the_rule_is_said(tmp_path) -> None:
    before = loaded(write(tmp_path)).versions["method/2.0"]
    assert before.leeway.discretion is None
    spoil(tmp_path, *band("{}"))
    found = loaded(tmp_path)
    after = found.versions["method/2.0"]
    assert after.leeway.discretion == Discretion("plan.percent_complete", 70, 80, 0.2)
    assert after.digest != before.digest
    (gap,) = [str(each) for each in found.warnings if "neither the rule" in each.message]
    assert gap.endswith(
        "between 80 and 90 neither the rule holds nor the band -> write `at_most: 90` where that is not meant"
    )
    spoil(tmp_path, V2, "discretion: {}", "discretion: {at_least: 75, at_most: 90}")
    assert not [each for each in loaded(tmp_path).warnings if "neither the rule" in each.message]


def test_the_default_of_a_version_may_be_the_next_gate(tmp_path) -> None:
    spoil(write(tmp_path), V2, "default: finish_old", "default: at_gate")
    assert loaded(tmp_path).versions["method/2.0"].leeway.default is Election.AT_GATE
