"""The amendment that follows from what was asked for, and nothing else; what a draft changes, in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from domain.deviations.flaws import Flawed
from domain.drafts.amending import amended, changes_nothing, next_number, relaxed
from domain.drafts.differences import differences
from domain.drafts.terms import Step, terms_of
from domain.language import ENGLISH
from domain.standards.standard import Consultation, Fate, Level
from tests.domain.builders import rule, version

DAY = date(2027, 6, 1)


def of(level: Level, limit: object = 10, **more):
    return replace(rule("size", level=level, limit=limit), **more)


@pytest.mark.parametrize(
    ("there", "asked", "wanted"),
    [
        (of(Level.CEILING), (12, 25, 8, None), 25),
        (of(Level.CEILING), (8,), None),
        (of(Level.FLOOR), (12, 4, 6.5), 4),
        (of(Level.LOCKED), (12, 14), 14),
        (of(Level.LOCKED), (12, 4), None),
        (of(Level.RANGE, least=0.0, most=20.0), (15,), 15),
        (of(Level.RANGE, least=0.0, most=20.0), (25,), None),
        (of(Level.ADVISORY), (25,), None),
        (of(Level.CEILING, "Kick-off"), (25,), None),
        (of(Level.CEILING), (True, "25"), None),
        (of(Level.CEILING), (), None),
    ],
)
def test_a_limit_is_the_loosest_that_was_asked_for_where_the_direction_is_known(there, asked, wanted) -> None:
    assert relaxed(there, asked) == wanted


def test_numbers_follow_each_other_and_skip_those_that_are_taken() -> None:
    assert [next_number(each, {"2.1", "2.2"}) for each in ("2.0", "1.9", "3", "2.0-rc1", "1.2.9")] == [
        "2.3", "1.10", "3.1", "2.3", "1.2.10",
    ]  # fmt: skip


def test_an_amendment_keeps_every_rule_but_one_limit_and_is_consulted_on() -> None:
    base = replace(version(rule("size", limit=5), rule("sponsor")), consultation=Consultation(0, ("porto",)))
    made = amended(base, "1.1", DAY, "why", rule="size", limit=9)
    assert [each.limit for each in made.rules] == [9, None]
    assert (made.previous, made.effective_from, made.consulted) == (
        base.version,
        DAY,
        Consultation(10, ("porto",)),
    )
    assert {(each.old, each.fate) for each in made.supersedes} == {
        ("size", Fate.SAME),
        ("sponsor", Fate.SAME),
    }
    assert made.digest not in ("", base.digest)
    assert differences(made, base, ENGLISH) == ("size: the limit 5 becomes 9", "changed as well: leeway")
    assert not changes_nothing(made, base)
    assert changes_nothing(amended(base, "1.1", DAY, "why"), base)
    assert amended(base, "1.1", DAY, "w", days=3, offices=("oslo",)).consulted == Consultation(3, ("oslo",))
    with pytest.raises(LookupError, match="has no rule 'none'"):
        amended(base, "1.1", DAY, "why", rule="none", limit=3)


def test_what_a_draft_changes_is_said_rule_by_rule() -> None:
    base = version(rule("size", limit=5), rule("sponsor"), rule("owner"))
    made = replace(
        base, rules=(rule("size", "plan.items > 1", limit=5), rule("sponsor"), rule("charter")), plan_parts=()
    )
    assert differences(made, base, ENGLISH) == (
        "size is changed (check)", f"charter is new: {rule('charter').title}", "owner is not there any more",
    )  # fmt: skip
    assert len(differences(base, None, ENGLISH)) == 3


WRONG = [
    ("limit", "'limit' says nothing"),
    ("color=red", "'color' is no term; there are limit, rule, effective, days, step, office"),
    ("effective=soon", "'soon' is no date; write it as"),
    ("effective=2026-01-01", "2026-01-01 is over; give a day from today on"),
    ("days=0", "0 only stands in the version's file"),
    ("days=900", "give 1 to 250"),
    ("office=atlantis", "there is no office 'atlantis'; give an id of offices.yaml"),
    ("rule=size", "a rule is named and no limit; add limit="),
    ("step=jump", "'jump' is none; there are open, keep, withdraw"),
    ("limit=1; limit=2", "it is given twice"),
]


@pytest.mark.parametrize(("text", "told"), WRONG)
def test_bad_terms_are_named_with_what_to_do(text: str, told: str) -> None:
    with pytest.raises(Flawed) as found:
        terms_of(text, {"porto"}, date(2027, 1, 4))
    assert told in str(found.value)


def test_all_that_is_wrong_is_named_at_once_and_good_terms_are_values() -> None:
    with pytest.raises(Flawed) as found:
        terms_of("days=0; office=atlantis; step=jump", {"porto"}, date(2027, 1, 4))
    assert len(found.value.flaws) == 3
    read = terms_of("limit=9; office=porto; office=porto; step=keep", {"porto"}, date(2027, 1, 4))
    assert (read.limit, read.offices, read.step, read.edits) == (9, ("porto",), Step.KEEP, True)
    assert not terms_of("", {"porto"}, date(2027, 1, 4)).edits
