"""What a deployment or an agreement opens, to whom, from when and until when; and nothing besides."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from domain.deployments.deployment import Deployment, Membership, Receiver, Reply
from domain.deployments.sharing import (
    Basis,
    Deployments,
    Hidden,
    NotShared,
    Reading,
    Redaction,
    Share,
    Shared,
    Unshared,
    Visible,
    reading_of,
    shared_with,
    visible,
)
from domain.organization.calendar import Calendar
from domain.organization.office import Agreement, OfficeKind
from domain.plans.templates.template import Template
from tests.domain.builders import diverse, office, organization

AT = datetime(2027, 3, 1, 9, tzinfo=UTC)
LATER = AT + timedelta(days=30)
TEMPLATE = Template("finance", {"en": "Finance"}, "porto", "en", "std", (), ())
YES, NO = Reply(accepts=True, person="ana", at=AT), Reply(accepts=False, person="ana", at=AT)
SHARE = Share("finance", "porto", Basis.DEPLOYMENT, "erp", AT, frozenset({Redaction.COSTS}))
AGREED = Share("finance", "porto", Basis.AGREEMENT, "a1", AT)
EVERYWHERE = [diverse("hq")]


def receiver(name, reply=YES):
    return Receiver(name, date(2027, 5, 12), f"call-{name}", reply)


def deployment(*receivers, **changes):
    stands = Deployment("erp", "ERP", "ERP 9", "sam", "porto", "finance", receivers, AT, pilot_reply=YES)
    return replace(stands, **changes)


def known(*receivers, shares=(SHARE,), **changes):
    return Deployments((deployment(*receivers, **changes),), shares)


def agreement(giver="porto", taker="oslo", shares=("templates",), since=date(2027, 1, 1), until=None):
    return Agreement("a1", giver, taker, frozenset(shares), since, until)


def holding(*agreements, relations=EVERYWHERE):
    names = ("porto", "oslo", "lima", "kobe")
    return organization(*map(office, names), relations=tuple(relations), agreements=agreements)


def of_no_strategic_office(*agreements):
    there = holding(*agreements)
    offices = {key: replace(each, kind=OfficeKind.SUBSIDIARY) for key, each in there.offices.items()}
    return replace(there, offices=offices, relations=())


@pytest.mark.parametrize("there", [holding(), of_no_strategic_office()], ids=["holding", "no leader"])
def test_an_office_whose_head_accepted_has_the_template_and_what_is_kept_back_is_said(there):
    found = shared_with("oslo", TEMPLATE, known(receiver("oslo")), there, AT)
    assert found == Shared("erp", Basis.DEPLOYMENT, frozenset({Redaction.COSTS}))


def test_the_owner_has_its_own_template_without_any_deployment():
    assert shared_with("porto", TEMPLATE, Deployments(), holding(), AT) == Shared("porto", Basis.OWN)


@pytest.mark.parametrize(
    ("what", "at", "reason"),
    [
        (known(receiver("oslo"), shares=()), AT, Unshared.NO_SHARE),
        (known(receiver("lima")), AT, Unshared.OUTSIDE),
        (known(receiver("oslo", None)), AT, Unshared.INVITED),
        (known(receiver("oslo", NO)), AT, Unshared.DECLINED),
        (known(receiver("oslo"), closed=LATER), LATER, Unshared.ENDED),
        (known(receiver("oslo")), AT - timedelta(1), Unshared.ENDED),
        (known(receiver("oslo"), template="other"), AT, Unshared.OUTSIDE),
        (known(receiver("oslo"), shares=(replace(SHARE, under="hr"),)), AT, Unshared.OUTSIDE),
        (known(receiver("oslo"), shares=(replace(SHARE, giver="lima"),)), AT, Unshared.NO_SHARE),
    ],
)  # fmt: skip
def test_anything_less_shares_nothing_and_says_why(what, at, reason):
    found = shared_with("oslo", TEMPLATE, what, holding(), at)
    assert found == NotShared("finance", "oslo", reason)
    assert str(found).startswith("the template finance is")


@pytest.mark.parametrize(
    ("there", "shares", "expected"),
    [
        (agreement(), (AGREED,), Shared("a1", Basis.AGREEMENT)),
        (agreement(), (), Unshared.NO_SHARE),
        (agreement(shares=("plans", "reports")), (AGREED,), Unshared.OUTSIDE),
        (agreement(giver="oslo", taker="porto"), (AGREED,), Unshared.OUTSIDE),
        (agreement(until=date(2027, 2, 28)), (AGREED,), Unshared.ENDED),
        (agreement(since=date(2027, 3, 2)), (AGREED,), Unshared.ENDED),
    ],
)
def test_an_agreement_shares_from_giver_to_taker_on_its_days_what_was_shared_under_it(
    there, shares, expected
):
    found = shared_with("oslo", TEMPLATE, Deployments(shares=shares), holding(there), AT)
    assert (found if isinstance(found, Shared) else found.reason) == expected


def test_an_agreement_ends_with_the_day_of_the_office_that_takes():
    east = office("kobe", calendar=Calendar("JP", "Asia/Tokyo"))
    there = organization(office("porto"), east, agreements=(agreement(taker="kobe", until=date(2027, 3, 1)),))
    shares, evening = Deployments(shares=(AGREED,)), datetime(2027, 3, 1, 14, 59, tzinfo=UTC)
    assert isinstance(shared_with("kobe", TEMPLATE, shares, there, evening), Shared)
    assert isinstance(shared_with("kobe", TEMPLATE, shares, there, evening + timedelta(minutes=1)), NotShared)


def test_members_see_each_other_peers_too_once_both_heads_accepted_and_until_the_close():
    everybody = known(receiver("oslo"), receiver("lima"), receiver("kobe", None), closed=LATER)
    assert visible("oslo", "lima", everybody, holding(), AT) == Visible(("erp",))
    assert visible("lima", "porto", everybody, holding(), AT) == Visible(("erp",))
    assert visible("oslo", "kobe", everybody, holding(), AT) == Hidden()
    assert visible("kobe", "oslo", everybody, holding(), AT) == Hidden()
    assert visible("oslo", "lima", everybody, holding(), LATER) == Hidden()


def test_the_pilot_is_seen_by_nobody_before_its_head_accepted():
    assert visible("oslo", "porto", known(receiver("oslo"), pilot_reply=None), holding(), AT) == Hidden()


def test_the_giver_under_an_agreement_sees_how_the_takers_plan_stands_and_not_the_other_way_round():
    there, shares = holding(agreement()), Deployments(shares=(AGREED,))
    assert visible("porto", "oslo", shares, there, AT) == Visible(agreements=("a1",))
    assert visible("oslo", "porto", shares, there, AT) == Hidden()
    assert visible("porto", "lima", shares, there, AT) == Hidden()


def test_of_a_diverse_office_a_deployment_or_a_template_agreement_lets_its_local_plan_alone_be_read():
    deployed, agreed = known(receiver("oslo"), receiver("kobe", None)), Deployments(shares=(AGREED,))
    assert reading_of("oslo", deployed, holding(), AT) is Reading.LOCAL_PLAN
    assert reading_of("oslo", agreed, holding(agreement()), AT) is Reading.LOCAL_PLAN
    for outside in ("kobe", "lima", "nowhere"):
        assert reading_of(outside, deployed, holding(), AT) is Reading.NOTHING
    assert reading_of("oslo", deployed, holding(relations=()), AT) is Reading.WHOLE


@pytest.mark.parametrize(
    ("shares", "part"),
    [(("templates",), False), (("templates", "lessons"), False), (("templates", "reports"), True)],
)
def test_an_agreement_about_templates_alone_with_a_strategic_office_opens_no_network(shares, part):
    there = holding(agreement("hq", "oslo", shares))
    assert there.takes_part("oslo", AT.date()) is part


def test_a_reply_is_the_offices_own_and_an_office_outside_has_none():
    asked = deployment(receiver("oslo", None), pilot_reply=None)
    assert list(asked.replied("oslo", YES).accepted()) == ["oslo"]
    assert list(asked.replied("porto", YES).accepted()) == ["porto"]
    assert asked.replied("oslo", NO).membership("oslo") is Membership.DECLINED
    with pytest.raises(LookupError, match="lima is not in the deployment erp"):
        asked.replied("lima", YES)
