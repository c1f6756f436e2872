"""The laws of directives, each as a sentence: who is addressed, what runs, what is late, how it ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.cases import moving
from domain.cases.case import Said
from domain.cases.kinds import Color
from domain.delivery.work import wanted_directive
from domain.deviations.flaws import Flawed
from domain.directives.addressing import readdressed
from domain.directives.clocks import acknowledge_by, due_on, escalated, late_by
from domain.directives.directive import Directive, state_of
from domain.directives.following import (
    acknowledged,
    attested,
    delivered,
    finished,
    judged,
    released,
    with_objections,
    withdrawn,
)
from domain.directives.ids import DirectiveKey
from domain.directives.kinds import ClockKind, EndingKind, NotPossible
from domain.directives.sheet import sees, sheet_of
from domain.directives.telling import asked_role, otherwise, question_of
from domain.language import ENGLISH
from domain.organization.office import OfficeKind, Role
from domain.questions.directives import DirectiveQuestionId, Unclear, directive_answer
from tests.domain.builders import office
from tests.domain.cases.sample import ORG
from tests.domain.directives.sample import (
    AT,
    DUE,
    FACT,
    TERMS,
    TEXT,
    later,
    made,
    objection,
    of,
    said,
    with_porto,
    written,
)


def states(directive: Directive) -> dict[str, str]:
    return {each.office: str(state_of(directive, each)) for each in directive.addressees}


def looked(directive: Directive, color: Color, days: float) -> Directive:
    offices = dict.fromkeys(("porto", "dubai", "oslo"), color)
    return finished(judged(directive, offices, ORG, later(days)), later(days))


def test_each_role_of_each_office_of_a_subtree_is_addressed_and_not_who_issued_it() -> None:
    there = made(written("subtree=hq; except=oslo; role=head; role=approver"))
    assert there.issuer == "hq"
    assert [(each.office, each.role) for each in there.addressees] == [
        ("porto", "head"), ("porto", "approver"), ("dubai", "head"), ("dubai", "approver"),
    ]  # fmt: skip
    assert asked_role(of(there, role="approver"), ORG) is Role.HEAD, "nobody is approver there"


def test_both_clocks_run_from_the_delivery_in_the_addressees_own_business_days() -> None:
    there = made(written("office=porto, dubai"))
    porto = of(there)
    assert (due_on(there, porto, ORG), acknowledge_by(there, porto, ORG)) == (None, None)
    assert escalated(there, ORG, later(300)) == there, "no clock runs before it stands in a tool"
    there = delivered(there, "porto", "head", later(7), said(7))
    there = delivered(there, "dubai", "head", AT, said())
    assert due_on(there, of(there), ORG) == DUE + timedelta(days=7)
    assert acknowledge_by(there, of(there), ORG) == date(2027, 1, 18)
    assert due_on(there, of(there, "dubai"), ORG) == DUE, "Friday is a day off there, and the last day"
    assert acknowledge_by(there, of(there, "dubai"), ORG) == date(2027, 1, 11)


def test_a_card_says_from_the_first_what_counts_once_the_question_stands_there() -> None:
    there = made(written("office=porto, dubai"))
    first = wanted_directive(there, of(there), ORG, AT.date())
    stands = delivered(there, "porto", "head", AT, said())
    assert first == wanted_directive(stands, of(stands), ORG, AT.date())
    assert first.fields.answer_by == DUE
    late = wanted_directive(there, of(there), ORG, later(7).date())
    assert late.fields.answer_by == DUE + timedelta(days=7), "its tool took nothing for a week"
    over = withdrawn(there, "not needed", said())
    assert wanted_directive(over, of(over), ORG, AT.date()).ended


def test_silence_fulfils_nothing_and_is_told_once_per_level_up_to_who_issued_it() -> None:
    there = with_porto()
    told = []
    for day in range(80):
        before, there = there, escalated(there, ORG, later(day))
        told += [(each.clock, each.office, each.role) for each in of(there).told[len(of(before).told) :]]
        assert escalated(there, ORG, later(day)) == there
    levels = [("porto", "head"), ("hq", "head"), ("hq", "sponsor")]
    assert sorted(told) == sorted((clock, *level) for clock in ClockKind for level in levels)
    assert of(there).reminded == (date(2027, 1, 27), date(2027, 1, 29))
    assert states(there) == {"porto": "delivered"}
    assert otherwise(with_porto(), of(with_porto()), ORG, ENGLISH).startswith("After ")
    assert otherwise(there, of(there), ORG, ENGLISH).startswith("It went up the tree of offices.")
    assert late_by(there, of(there), ORG, later(80)) == (ClockKind.ACKNOWLEDGE, ClockKind.FULFIL)


def test_a_reminder_that_was_missed_is_made_up_for_once_and_not_after_the_last_day() -> None:
    there = escalated(with_porto(), ORG, later(24))
    assert of(there).reminded == (date(2027, 1, 28),)
    assert of(escalated(there, ORG, later(30))).reminded == (date(2027, 1, 28),)


def test_who_attests_it_has_acknowledged_it_and_the_last_one_ends_it() -> None:
    there = made(written("office=porto, oslo"))
    there = attested(there, "porto", "head", "https://files.example/cranes", said(1, "carl"))
    assert (of(there).acknowledged, of(there).fulfilled) == (later(1), later(1))
    assert finished(there, later(1)).is_open
    assert acknowledged(there, "porto", "head", said(2)) == there
    assert attested(there, "porto", "head", "again", said(2)) == there
    there = finished(attested(there, "oslo", "head", "", said(3, "liv")), later(3))
    assert there.ending is not None
    assert there.ending.kind is EndingKind.FULFILLED
    assert escalated(there, ORG, later(300)) == there
    with pytest.raises(NotPossible, match="is fulfilled: nothing is to be done any more"):
        acknowledged(there, "oslo", "head", said(4))


def test_a_fact_is_judged_until_the_last_day_and_counts_after_it() -> None:
    there = acknowledged(with_porto(FACT), "porto", "head", said(1))
    with pytest.raises(NotPossible, match="report the fact"):
        attested(there, "porto", "head", "done", said(1))
    there = looked(there, Color.GREEN, 5)
    assert states(there) == {"porto": "kept"}
    there = looked(there, Color.RED, 8)
    assert states(there) == {"porto": "acknowledged"}, "within its limit for a while is not fulfilled"
    assert states(looked(there, Color.UNKNOWN, 40)) == {"porto": "acknowledged"}, "a missing fact is not kept"
    assert late_by(there, of(there), ORG, later(40)) == (ClockKind.FULFIL,)
    there = looked(there, Color.GREEN, 40)
    assert (states(there), there.is_open) == ({"porto": "fulfilled"}, False)


def test_an_objection_stops_the_clock_once_and_is_neither_late_nor_fulfilled() -> None:
    there = with_porto()
    first = objection(there, at=later(10))
    there = with_objections(there, (first,), later(10))
    assert states(there) == {"porto": "objection"}
    assert question_of(there, of(there), ORG, later(10)) is None
    assert escalated(there, ORG, later(90)) == there, "its clock stands"
    case = moving.withdrawn(first, "porto", Said(later(15), "carl"), "we find the time")
    there = with_objections(there, (case,), later(17))
    assert due_on(there, of(there), ORG) == date(2027, 2, 5), "the five business days are added"
    again = objection(there, at=later(18), before=(case,))
    assert not again.raisers[0].stops
    there = with_objections(there, (case, again), later(18))
    assert states(there) == {"porto": "objection"}
    assert of(there).running, "it is stopped once"
    assert late_by(there, of(there), ORG, later(90)) == ()
    assert with_objections(there, (case, again), later(19)) == there


def test_an_objection_before_the_delivery_keeps_the_clock_from_beginning() -> None:
    there = made(written("office=porto"))
    case = objection(there, at=later(1))
    there = with_objections(there, (case,), later(1))
    assert delivered(there, "porto", "head", later(2), said(2)) == there
    done = moving.withdrawn(case, "porto", Said(later(3), "carl"), "we find the time")
    there = with_objections(there, (done,), later(3))
    assert states(there) == {"porto": "sent"}
    assert of(delivered(there, "porto", "head", later(4), said(4))).delivered == later(4)


def test_whoever_comes_under_the_office_later_is_addressed_and_who_leaves_is_asked_nothing() -> None:
    there = made(written("subtree=hq"))
    bergen = replace(ORG, offices={**ORG.offices, "bergen": office("bergen", roles={Role.HEAD: ("ida",)})})
    grown = readdressed(there, bergen, Said(later(28)))
    assert [each.office for each in grown.addressees] == ["porto", "dubai", "oslo", "bergen"]
    assert of(grown, "bergen").days == ORG.clocks.answer_days, "it has the days of an answer at least"
    assert readdressed(grown, bergen, Said(later(29))) == grown
    gone = {name: each for name, each in bergen.offices.items() if name != "oslo"}
    left = readdressed(grown, replace(bergen, offices=gone), Said(later(30)))
    assert states(left)["oslo"] == "left"
    assert late_by(left, of(left, "oslo"), replace(bergen, offices=gone), later(90)) == ()
    back = readdressed(left, bergen, Said(later(31)))
    assert (states(back)["oslo"], of(back, "oslo").days) == ("sent", ORG.clocks.answer_days)


def test_without_the_office_that_issued_it_the_others_stay_addressed() -> None:
    there = made(written("subtree=hq"))
    alone = replace(ORG, offices={"porto": replace(ORG.offices["porto"], parent=None)})
    left = readdressed(there, alone, Said(later(1)))
    assert states(left) == {"porto": "sent", "dubai": "left", "oslo": "left"}
    there = delivered(left, "porto", "head", later(1), said(1))
    assert [each.office for each in of(escalated(there, alone, later(90))).told] == ["porto", "porto"] * 2


def test_who_withdraws_or_supersedes_it_ends_every_clock_and_what_is_fulfilled_stays_so() -> None:
    there = attested(made(written("office=porto, oslo")), "porto", "head", "done", said(1, "carl"))
    other = made(written("office=oslo", text="Have the two old cranes inspected first"))
    over = withdrawn(there, "too many at once", said(2), other)
    assert states(over) == {"porto": "fulfilled", "oslo": "superseded"}
    assert (over.ending.by, over.ending.kind) == (other.id, EndingKind.SUPERSEDED)
    assert escalated(over, ORG, later(300)) == over
    assert states(withdrawn(there, "no need", said(2))) == {"porto": "fulfilled", "oslo": "withdrawn"}


REFUSED = [
    (lambda there, _: withdrawn(withdrawn(there, "no need", said()), "no", said()), "is withdrawn already"),
    (lambda there, _: withdrawn(there, "no", said(), there), "cannot take its own place: issue another"),
    (lambda there, other: withdrawn(there, "no", said(), withdrawn(other, "no", said())), "name a directive that is in force"),
    (lambda there, other: withdrawn(there, "no", said(), replace(other, issuer="board")), "name a directive of hq"),
    (lambda there, _: released(there, "dubai", "no", said()), "dubai owes nothing in"),
    (lambda there, _: released(withdrawn(there, "no", said()), "porto", "no", said()), "is withdrawn: nobody has to be released"),
    (lambda there, _: acknowledged(there, "dubai", "head", said()), "is not addressed to the head of dubai"),
    (lambda there, _: acknowledged(there, "porto", "standards_owner", said()), "to the standards owner of porto"),
]  # fmt: skip


def test_what_cannot_be_done_is_refused_and_says_what_to_do() -> None:
    there, other = with_porto(), made(written("office=oslo"))
    for act, words in REFUSED:
        with pytest.raises(NotPossible, match=words):
            act(there, other)


def test_one_office_is_released_and_the_rest_stays_in_force() -> None:
    there = made(written("office=porto, oslo"))
    there = released(there, "porto", "it has no crane", said(1))
    assert states(there) == {"porto": "left", "oslo": "sent"}
    assert readdressed(there, ORG, Said(later(2))) == there, "released, it is not addressed again"
    there = finished(attested(there, "oslo", "head", "", said(3)), later(3))
    assert not there.is_open
    alone = released(made(written("office=porto")), "porto", "it has no crane", said(1))
    assert alone.is_open, "where nobody is left, whoever issued it withdraws it"


NO_EVIDENCE = "evidence: it does not say what is to hold; write fact cost.overrun_percent <= 10, or attested: what holds"
BAD = [
    ({"text": "Inspect"}, "text: it does not say what is to be done; write 10 characters or more"),
    ({"text": "x" * 2001}, "text: it has 2001 characters; write 2000 or fewer"),
    ({"why": "so"}, "why: it gives no reason; say why, in"),
    ({"whom": ""}, "addressees: they name no office; write subtree=ports; except=oslo; role=head, or office=ID"),
    ({"whom": "role=head"}, "addressees: they name no office"),
    ({"whom": "porto"}, "addressees: 'porto' says nothing; write subtree=ports"),
    ({"whom": "office=atlantis"}, "office: there is no office 'atlantis'; give an id of offices.yaml"),
    ({"whom": "subtree=hq; role=king"}, "role: there is no role 'king'; there are head, standards_owner"),
    ({"whom": "office=porto; except=oslo"}, "except: there is no subtree to except it from"),
    ({"whom": "office=hq"}, "office: hq issues it; leave it out"),
    ({"whom": "office=board; office=porto"}, "office: board stands above hq, which issues it; leave it out"),
    ({"whom": "subtree=porto; except=porto"}, "addressees: nobody is left who takes part; name offices that hq leads"),
    ({"terms": "evidence=attested: so"}, "due: it has no last day; give due=2027-03-31"),
    ({"terms": "due=soon; evidence=attested: so"}, "due: 'soon' is no date; write it as 2027-03-18"),
    ({"terms": "due=2026-12-31; evidence=attested: so"}, "due: 2026-12-31 is over; give today or later"),
    ({"terms": "due=2039-12-31; evidence=attested: so"}, "due: 2039-12-31 is more than 3 years away; put it into a standard"),
    ({"terms": "due=2027-02-01"}, "evidence: nothing shows that it is fulfilled; write evidence=attested"),
    ({"terms": "due=2027-02-01; evidence=rule plan-size"}, NO_EVIDENCE),
    ({"terms": "due=2027-02-01; evidence=cel has(project.sponsor)"}, NO_EVIDENCE),
    ({"terms": "due=2027-02-01; evidence=they say so"}, NO_EVIDENCE),
    ({"terms": "due=2027-02-01; evidence=fact cost.nonsense <= 3"}, "evidence: 'cost.nonsense' is no fact; docs/facts.md"),
    ({"terms": f"{TERMS}; acknowledge=never"}, "acknowledge: 'never' is no number of business days; give 1 to 250"),
    ({"terms": f"{TERMS}; issuer=porto"}, "issuer: porto is no strategic office; name one that leads"),
    ({"terms": f"{TERMS}; when=now"}, "terms: 'when' is no term; there are due, evidence, acknowledge, issuer, document"),
    ({"terms": f"{TERMS}; issuer=porto", "issuer": "hq"}, "issuer: it is given twice"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "words"), BAD)
def test_what_is_wrong_with_a_directive_is_said_with_its_place_and_a_remedy(given, words) -> None:
    with pytest.raises(Flawed) as found:
        written(**given)
    assert words in str(found.value)


def test_offices_that_no_strategic_office_leads_together_need_two_directives() -> None:
    west = office("west", None, kind=OfficeKind.STRATEGIC)
    two = replace(ORG, offices={**ORG.offices, "west": west, "vigo": office("vigo", "west")})
    with pytest.raises(Flawed, match="no strategic office leads all of them; issue one directive for each"):
        written("office=porto, vigo", organization=two)
    assert written("office=vigo", organization=two).issuer == "west"
    with pytest.raises(Flawed, match="vigo takes no part in a network that hq leads"):
        written("office=vigo", f"{TERMS}; issuer=hq", organization=two)


def test_offices_without_any_strategic_office_are_told_that_a_directive_needs_one() -> None:
    alone = {"holding": office("holding", None), "vigo": office("vigo", "holding")}
    with pytest.raises(Flawed) as found:
        written("office=vigo", organization=replace(ORG, offices=alone))
    assert "no strategic office leads any of them, and only such an office directs" in str(found.value)
    assert "put them under one strategic office" in str(found.value)
    assert "issue one directive for each" not in str(found.value)


def test_everything_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(Flawed) as found:
        written("office=atlantis; role=king", "due=soon; acknowledge=0", "now")
    assert [each.field for each in found.value.flaws] == [
        "text",
        "office",
        "role",
        "due",
        "evidence",
        "acknowledge",
    ]


def test_the_same_is_one_directive_while_it_is_in_force_and_another_afterwards() -> None:
    there = made(written())
    assert made(written(), (there,)) is there
    over = withdrawn(there, "no need", said(1))
    assert made(written(), (over,)).id != there.id


def test_an_answer_is_one_of_its_words_in_any_language() -> None:
    assert directive_answer("erledigt: siehe Bericht").text == "siehe Bericht"
    with pytest.raises(Unclear, match="lacks its reason"):
        directive_answer("Einspruch")
    with pytest.raises(Unclear, match="is no answer"):
        directive_answer("maybe later")


def test_ids_of_questions_and_keys_read_as_they_are_written() -> None:
    there = with_porto()
    question = question_of(there, of(there), ORG, AT)
    assert question is not None
    assert DirectiveQuestionId.read(question.id).office == "porto"
    assert str(DirectiveQuestionId.read(question.id)) == question.id
    key = DirectiveKey("porto", "head", there.id)
    assert DirectiveKey.read(str(key)) == key
    assert TEXT in question.text
    assert question.answer_by == date(2027, 1, 11)


def test_who_got_it_sees_their_own_line_and_who_issued_it_all_of_them() -> None:
    there = escalated(delivered(made(written()), "porto", "head", AT, said()), ORG, later(20))
    assert not sees(made(written("office=oslo")), ORG, "carl")
    mine = sheet_of(there, ORG, "carl", later(20), ENGLISH)
    assert [each.office for each in mine.addressees] == ["Porto"]
    assert {each.office for each in mine.moments} == {"", "Porto"}
    assert mine.line.count.addressed == 1
    for above in ("mara", "vera"):
        whole = sheet_of(there, ORG, above, later(20), ENGLISH)
        assert [each.office for each in whole.addressees] == ["Porto", "Dubai", "Oslo"]
        assert (whole.line.count.addressed, whole.line.count.late) == (3, 1)
