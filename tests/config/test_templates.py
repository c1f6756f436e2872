"""Templates from files: what is exported is imported again, and what is wrong is said with place and remedy."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest

from config.folding import Contradiction, Holder, Part, fold
from config.problems import Problems
from config.templates import FiledTemplate, as_json, as_yaml, data_of, read_template_file
from domain.plans.task import Money
from domain.plans.templates.capture import Wanted, capture
from domain.plans.templates.form import digest_of, in_order
from domain.plans.templates.template import (
    Condition,
    Document,
    Driver,
    Evidence,
    Mark,
    Need,
    Note,
    Parameter,
    Recall,
    RecallKind,
    Release,
    Size,
    Standing,
    TaskKind,
    Template,
)
from domain.standards.standard import Where
from tests.domain.plans.templates.pilots import pilot

ON = date(2027, 6, 1)
GOOD = """\
id: finance
names: {en: Finance system, de: Finanzsystem}
owner: hamburg
language: en
calendar: Standard
calendars:
  - {name: Standard, week: ["08:00-16:00", "08:00-16:00", "08:00-16:00", "08:00-16:00", "08:00-16:00", "", ""]}
parameters:
  - {id: payroll, names: {en: Is payroll run here?}, values: ["yes", "no"]}
tasks:
  - {uid: p, names: {en: Phase}, kind: phase}
  - {uid: a, names: {en: A}, parent: p, duration: 40h, effort: [{role: Developer, work: 16h}]}
  - {uid: b, names: {en: B}, parent: p, duration: 90m, need: conditional, condition: {parameter: payroll, values: ["yes"]}}
  - {uid: c, names: {en: C}, duration: 48eh, cost: {amount: "1250.00", currency: EUR}, held: {kind: must_start_on, after: 8h}}
links:
  - {predecessor: a, successor: b, lag: 50%}
  - {predecessor: b, successor: c, type: SS, lag: -8h}
risks:
  - {uid: r1, texts: {en: Late}, task: b}
documents:
  - {uid: d1, names: {en: Checklist}, link: "https://documents.example.org/a"}
"""
BAD = {
    "a duration in days": ("duration: 40h", "duration: 5d", 12, "`duration`: '5d' is no duration", "write it as 40h"),
    "a duration without a unit": ("duration: 40h", "duration: 40", 12, "`duration`", "with its unit: 40h"),
    "a lag that is none": ("lag: 50%", "lag: soon", 16, "'soon' is no lag", "write it as 16h"),
    "hours that overlap": ('"08:00-16:00", "", ""', '"08:00-12:00, 11:00-16:00", "", ""', 7, "overlap or leave the day", "in order"),
    "hours that are none": ('"08:00-16:00", "", ""', '"8-16", "", ""', 7, "'8-16' are no hours of a day", "08:00-12:00"),
    "six days": ('"08:00-16:00", "", ""]', '"08:00-16:00", ""]', 7, "`week`", "7"),
    "a link to nothing": ("successor: c", "successor: z", 17, "there is no task `z`", "known: `p`"),
    "a phase that is none": ("parent: p, duration: 90m", "parent: a, duration: 90m", 13, "there is no phase `a`", "kind phase"),
    "a calendar that is none": ("calendar: Standard", "calendar: Standart", 5, "there is no calendar `Standart`", "did you mean `Standard`?"),
    "a condition without need": ("need: conditional, ", "", 13, "`b` is mandatory with a condition", "or neither"),
    "a value that is none": ('values: ["yes"]}}', 'values: ["maybe"]}}', 13, "`maybe` is no value of `payroll`", "`yes`"),
    "a parameter that is none": ("parameter: payroll", "parameter: pay", 13, "there is no parameter `pay`", "`payroll`"),
    "a uid twice": ("uid: b,", "uid: a,", 13, "two of `tasks` have the uid `a`", "its own"),
    "an amount that is none": ('"1250.00"', '"12,50"', 14, "`12,50` is no amount", "'1250.00'"),
    "a currency that is none": ("currency: EUR", "currency: EURO", 14, "`EURO` is no currency", "ISO 4217"),
    "a constraint without a time": ("{kind: must_start_on, after: 8h}", "{kind: must_start_on}", 14, "lacks its time", "after: 40h"),
    "a document with a user": ("https://documents", "https://jan:pw@documents", 21, "`link`", ""),
    "a document by http": ("https://documents", "http://documents", 21, "`link`", ""),
    "a phase with a duration": ("kind: phase}", "kind: phase, duration: 8h}", 11, "a phase has no duration", "remove it"),
    "a language that is none": ("language: en", "language: english language", 4, "is no tag of a language", "pt-BR"),
    "an unknown key": ("owner: hamburg", "owner: hamburg\nlead: jan", 4, "unknown key `lead`", ""),
    "a size of nothing": ("owner: hamburg", "owner: hamburg\nsize: {driver: users, amount: '0'}", 4, "the pilot's size is not above 0", "how many users"),
    "a size that is none": ("owner: hamburg", "owner: hamburg\nsize: {driver: users, amount: many}", 4, "`many` is no amount", "digits"),
    "a size of something else": ("owner: hamburg", "owner: hamburg\nsize: {driver: chairs, amount: '9'}", 4, "`driver` is `chairs`", "`interfaces`"),
    "ended before begun": ("duration: 40h", "duration: 40h, evidence: {began: 16h, ended: 8h}", 12, "`a` was ended before it was begun", "correct"),
    "work below nothing": ("duration: 40h", "duration: 40h, evidence: {work: -8h}", 12, "the work of `a` is below 0", "work: 16h"),
    "a cost below nothing": ("duration: 40h", "duration: 40h, evidence: {cost: {amount: '-1', currency: EUR}}", 12, "the cost of `a` is below 0", "0 or more"),
    "once that is none": ("duration: 40h", "duration: 40h, once: perhaps", 12, "`once` is `perhaps`", "true or false"),
    "no tasks": ("tasks:", "tasks: []\nold:", 10, "`tasks`", ""),
    "two go-lives": ("kind: phase}", "kind: phase, mark: go_live}\n  - {uid: g, names: {en: G}, kind: gate, mark: go_live}", 11, "2 tasks have the mark go_live", "one"),
}  # fmt: skip


def read(folder: Path, text: str, name: str = "t.yaml") -> tuple[FiledTemplate | None, list[str]]:
    (folder / name).write_text(text, "utf-8")
    problems = Problems()
    return read_template_file(folder / name, problems), [str(each) for each in problems]


def rich(number: int) -> Template:
    """A template with a value of every kind."""
    found = in_order(
        capture(pilot(Random(f"file {number}"), 12), Wanted("finance", "hamburg", ON, "en", "d")).template
    )
    leaf = next(e for e in found.tasks if e.kind is TaskKind.TASK)
    point = next((e for e in found.tasks if e.kind is TaskKind.MILESTONE), leaf)
    changed = {
        leaf.uid: replace(
            leaf,
            once=True,
            evidence=Evidence(began=0, ended=960, work=480, cost=Money(Decimal(9), "EUR")),
            need=Need.CONDITIONAL,
            condition=Condition("payroll", ("yes",)),
            rules=("m/a", "m/b"),
        ),
        point.uid: replace(point, mark=Mark.GO_LIVE)
        if point is not leaf
        else replace(leaf, mark=Mark.GO_LIVE),
    }
    notes = (Note("r-1", {"en": "no: 'quotes' # \"and\" colons: yes", "tr": "İ, \u0131, ş"}, leaf.uid),)
    return in_order(
        replace(
            found, size=Size(Driver.COMPANIES, Decimal(3)), tasks=tuple(changed.get(e.uid, e) for e in found.tasks), risks=notes, lessons=notes,
            parameters=(Parameter("payroll", {"en": "Payroll?"}, ("yes", "no", "2027-01-01")),),
            documents=(Document("d-1", {"en": "1.0"}, "https://documents.example.org/a"),),
        )
    )  # fmt: skip


@pytest.mark.parametrize("number", range(4))
def test_what_is_exported_is_imported_again(tmp_path: Path, number: int) -> None:
    found = rich(number)
    release = Release(
        found, 3, digest_of(found), ON, Standing.LIVE, stated=True, changelog=("2 tasks changed",)
    )
    recall = Recall("finance", 3, RecallKind.STOP, ON, "it drops credit notes")
    for text in (as_yaml(data_of(found)), as_json(data_of(found))):
        again, problems = read(tmp_path, text)
        assert problems == []
        assert again.template == found
        assert as_yaml(data_of(again.template)) == as_yaml(data_of(found))
    again, problems = read(tmp_path, as_yaml(data_of(found, release, recall)))
    assert (problems, again.release, again.recall) == ([], release, recall)


def test_the_good_file_is_read(tmp_path: Path) -> None:
    found, problems = read(tmp_path, GOOD)
    assert problems == []
    assert len(found.template.tasks) == 4


@pytest.mark.parametrize("name", BAD)
def test_what_is_wrong_is_said_with_its_line_and_what_to_write(tmp_path: Path, name: str) -> None:
    before, after, line, message, instead = BAD[name]
    assert before in GOOD
    found, problems = read(tmp_path, GOOD.replace(before, after, 1))
    told = [each for each in problems if message in each and instead in each]
    assert told, problems
    assert told[0].startswith(f"t.yaml:{line}: "), told
    assert found is None or "unknown key" in told[0]


def test_files_and_record_are_folded_with_where_each_part_comes_from() -> None:
    place = Where("templates/finance/1.yaml", 1)
    since = datetime(2027, 6, 1, tzinfo=UTC)
    folded = fold(
        {"a": Part(1, where=place), "b": Part(2, where=place)},
        {"b": Part(2, at=since), "c": Part(3, at=since)},
    )
    assert {key: part.holder for key, part in folded.items()} == {
        "a": Holder.FILES,
        "b": Holder.BOTH,
        "c": Holder.STORE,
    }
    assert folded["b"].source == "templates/finance/1.yaml:1 and the record, since 2027-06-01"
    with pytest.raises(
        Contradiction, match=r"b stands in templates/finance/1.yaml:1 with other content than in the record"
    ):
        fold({"b": Part(2, where=place)}, {"b": Part(9, at=since)})
