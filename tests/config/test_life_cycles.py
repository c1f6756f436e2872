"""Life cycles in a version's file: they come back as they are, and each error has its line and what to write."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from config.organization import Loaded
from config.problems import Problems
from config.version_file import checked_file, flaws_of
from config.wiring import KINDS, examine
from domain.canonical import canonical
from domain.drafts.amending import amended, changes_nothing
from domain.drafts.differences import differences
from domain.language import ENGLISH
from domain.questions.needed_facts import needed
from domain.standards.due import CLASS, as_written
from domain.standards.standard import Fate, Version
from store.standards import VERSION
from tests.config.good import FILES, write

FILE = "standards/method/2.0.yaml"
FIRST = FILES[FILE].count("\n") + 1
"""The line of the file on which the life cycles begin."""
CYCLES = """\
project_class: field.project_class
life_cycles:
  - uid: device
    name: Design control
    classes: [medical device, Medizinprodukt]
    phases:
      - {name: Inputs, gate: D1, days: 40, deliverables: [start.known]}
      - name: Outputs
        gate: D2
        days: 120
        deliverables: [plan.overdue, case.approved]
  - uid: it
    name: IT delivery
    classes: [it]
    phases:
      - {name: Build, gate: G1, deliverables: [case.approved]}
"""


def organization(folder: Path, cycles: str = CYCLES) -> Loaded | Problems:
    path = write(folder) / FILE
    path.write_text(path.read_text("utf-8") + cycles, "utf-8")
    return examine(folder)


def version(folder: Path, cycles: str = CYCLES) -> Version:
    found = organization(folder, cycles)
    assert isinstance(found, Loaded), "\n".join(map(str, found))
    return found.versions["method/2.0"]


def test_a_version_with_life_cycles_loads_is_stored_and_written_as_a_file_as_it_is(tmp_path: Path) -> None:
    found = version(tmp_path)
    assert [(each.uid, each.gates) for each in found.life_cycles] == [
        ("device", ("D1", "D2")),
        ("it", ("G1",)),
    ]
    assert [rule.uid for rule in found.rules] == [*(rule.uid for rule in as_written(found)), CLASS]
    assert VERSION.read(VERSION.write(found)) == found
    text = checked_file(found, ["hq", "porto", "jeddah", "marine"], KINDS)
    assert "project_class" in text
    assert 'applies: "project.stage == \\"execution\\""' in text
    assert CLASS not in text


def test_what_is_due_and_its_gates_are_among_the_facts_that_the_version_needs(tmp_path: Path) -> None:
    facts = needed(version(tmp_path))
    assert facts["gates.D1"] == ("start.known",)
    assert facts["gates.D2"] == ("plan.overdue", "case.approved")
    assert CLASS in facts["field.project_class"]


def test_a_version_without_life_cycles_has_the_digest_that_it_had_before_there_were_any(
    tmp_path: Path,
) -> None:
    plain = version(tmp_path, "")
    assert plain.life_cycles == ()
    assert b"life_cycles" not in canonical(plain)


def test_an_amendment_carries_the_life_cycles_over_and_its_file_is_sound(tmp_path: Path) -> None:
    base = version(tmp_path)
    made = amended(base, "2.1", date(2027, 6, 1), "why")
    assert made.life_cycles == base.life_cycles
    assert {each.old for each in made.supersedes} == {rule.uid for rule in as_written(base)}
    assert {each.fate for each in made.supersedes} == {Fate.SAME}
    assert flaws_of(made, ["hq", "porto", "jeddah", "marine"], KINDS) == ()


MOVED = CYCLES.replace("days: 40, deliverables: [start.known]", "days: 30").replace(
    "deliverables: [plan.overdue, case.approved]", "deliverables: [start.known, plan.overdue]"
)
CHANGES = {
    "nothing": ("", CYCLES, ["the life cycle Design control is new, for medical device, Medizinprodukt: D1, D2", "the life cycle IT delivery is new, for it: G1"]),
    "all of it": (CYCLES, "", ["the life cycle Design control is not there any more", "the life cycle IT delivery is not there any more"]),
    "a gate of what is due": (CYCLES, MOVED, [
        "Design control: the gate D1 is due after 30 business days, and was after 40",
        "Design control: start.known is due at D2, and was at D1",
        "Design control: case.approved is not due at D2 any more",
    ]),
    "a phase": (CYCLES, CYCLES.replace("  - uid: it", "      - {name: Transfer, gate: D3}\n  - uid: it"), ["Design control: the phase Transfer with the gate D3 is new"]),
    "a phase taken out": (CYCLES, CYCLES.replace("      - {name: Inputs, gate: D1, days: 40, deliverables: [start.known]}\n", ""), ["Design control: the phase Inputs with the gate D1 is not there any more", "Design control: start.known is not due at D1 any more"]),
    "names": (CYCLES, CYCLES.replace("Inputs", "Eingaben").replace("IT delivery", "IT"), ["Design control: the phase Inputs is called Eingaben", "IT delivery is called IT"]),
    "classes": (CYCLES, CYCLES.replace("[it]", "[it, web]"), ["IT delivery is for it, web, and was for it"]),
    "the fact": (CYCLES, CYCLES.replace("field.project_class", "project.program"), ["the class of a project is now said by project.program"]),
    "the order": (CYCLES.replace("days: 40, ", "").replace("        days: 120\n", ""), CYCLES.replace("gate: D1, days: 40", "gate: DX").replace("gate: D2\n        days: 120", "gate: D1").replace("DX", "D2"), ["another order: D2, D1"]),
}  # fmt: skip


@pytest.mark.parametrize("what", CHANGES)
def test_a_draft_says_what_it_changes_of_the_life_cycles(tmp_path: Path, what: str) -> None:
    before, after, lines = CHANGES[what]
    base, made = version(tmp_path / "a", before), version(tmp_path / "b", after)
    said = differences(made, base, ENGLISH)
    assert [line for line in lines if not any(line in each for each in said)] == [], said
    assert not changes_nothing(made, base)
    assert differences(base, base, ENGLISH) == ()


BAD = {
    "an unknown key of a life cycle": ("    name: Design control", "    nmae: Design control", 4, "unknown key `nmae`", "name"),
    "an unknown key of a phase": ("{name: Build, gate: G1,", "{name: Build, gate: G1, kind: x,", 16, "unknown key `kind`", ""),
    "no uid": ("  - uid: it\n    name", "  - name", 12, "`uid` is missing", "uid: device"),
    "a uid that is none": ("uid: it", "uid: IT delivery", 12, "which is no id", "lower case"),
    "a uid twice": ("uid: it", "uid: device", 12, "two life cycles have the uid `device`", "a uid of its own"),
    "a name twice": ("name: IT delivery", "name: Design Control", 13, "two life cycles are called", "differently"),
    "no name": ("    name: IT delivery\n", "", 12, "`name` is missing", "name:"),
    "no class": ("classes: [it]", "classes: []", 14, "the life cycle `it` is for no class", "one or more"),
    "a class twice": ("classes: [it]", "classes: [it, it]", 14, "the class `it` stands there twice", "keep one"),
    "a class of two life cycles": ("classes: [it]", "classes: [it, medical device]", 14, "the class `medical device` has two life cycles, `device` and `it`", "one of them"),
    "an empty class": ("classes: [it]", 'classes: [""]', 14, "`classes`", ""),
    "a class that is a number": ("classes: [it]", "classes: [3]", 14, "`3`, not a text", "quotes"),
    "no phase": ("    phases:\n      - {name: Build, gate: G1, deliverables: [case.approved]}\n", "    phases: []\n", 15, "the life cycle `it` has no phase", "one or more"),
    "phases that are no list": ("    phases:\n      - {name: Build, gate: G1, deliverables: [case.approved]}\n", "    phases: Build\n", 15, "`phases` is `Build`, not a list", "[a, b]"),
    "too many phases": ("      - {name: Build, gate: G1, deliverables: [case.approved]}\n", "".join(f"      - {{name: P{n}, gate: G{n}}}\n" for n in range(21)), 15, "has 21 phases, 20 is the most", "fewer"),
    "a phase without a gate": ("gate: G1, ", "", 16, "`gate` is missing", "gate: D1"),
    "a gate that is no name": ("gate: G1", "gate: a/b", 16, "`gate` is `a/b`", ""),
    "a gate twice": ("gate: D2", "gate: D1", 9, "two phases end with the gate `D1`", "its own gate"),
    "a phase's name twice": ("name: Outputs", "name: inputs", 8, "two phases are called `inputs`", "differently"),
    "days that go back": ("days: 120", "days: 30", 10, "the gate `D2` is due before the one that precedes it, after 40 days", "40 or more"),
    "days below nought": ("days: 40", "days: -1", 7, "`days`", ""),
    "a deliverable that is no rule": ("[start.known]", "[start.knwon]", 7, "there is no rule `start.knwon`", "start.known"),
    "a deliverable due twice": ("[plan.overdue, case.approved]", "[plan.overdue, start.known]", 11, "`start.known` is due at `D1` already", "first gate"),
    "no fact for the class": ("project_class: field.project_class\n", "", 1, "do not say which fact tells the classes", "project_class: field.project_class"),
    "a fact that is none": ("field.project_class", "project.klass", 1, "there is no fact `project.klass`", "project"),
    "a fact that is a number": ("field.project_class", "cost.budget", 1, "`cost.budget` is no text", "field.project_class"),
    "a fact that is a gate": ("field.project_class", "gates.D1", 1, "`gates.D1` is no text", "field.project_class"),
    "a fact without its root": ("field.project_class", "project_class", 1, "`project_class`", ""),
    "a class and no life cycle": (CYCLES.partition("\n")[2], "", 1, "a class of projects and no life cycle", "life_cycles:"),
    "a scope that is too long": ("[medical device,", f"[{', '.join('c' * 50 + str(n) for n in range(20))},", 2, "with its gates the scope of rule", "shorten"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_what_is_wrong_is_told_with_its_line_and_what_to_write(tmp_path: Path, case: str) -> None:
    old, new, line, message, instead = BAD[case]
    assert CYCLES.count(old) >= 1
    problems = organization(tmp_path, CYCLES.replace(old, new, 1))
    assert isinstance(problems, Problems), "nothing was found wrong"
    place = f"{FILE}:{FIRST + line - 1}"
    told = [
        p for p in problems.errors
        if str(p.where) == place and message in p.message and instead in p.instead
    ]  # fmt: skip
    assert told, f"{place}\n" + "\n".join(map(str, problems))
    assert len(problems.errors) <= 4


def test_a_rule_may_not_take_the_name_of_the_one_about_the_class(tmp_path: Path) -> None:
    path = write(tmp_path) / FILE
    path.write_text(path.read_text("utf-8").replace("uid: start.known", f"uid: {CLASS}"), "utf-8")
    problems = examine(tmp_path)
    assert isinstance(problems, Problems)
    assert any("takes the name of the rule about a project's class" in p.message for p in problems.errors)
