"""A rule against which many offices speak comes under review by itself, as one case put to its owner."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.cases.case import Said
from domain.cases.kinds import CaseState, Way
from domain.cases.moving import withdrawn
from domain.cases.reviewing import under_review
from domain.deviations.deviation import Scope
from tasks.case_steps import keep
from tasks.looking_after import any_case, escalate_cases
from tasks.raising import raise_case
from tasks.reporting import write_reports
from tasks.requesting import Room
from tasks.sweeping import sweep_network
from tests.domain.deviations import sample
from tests.tasks.conftest import Desk
from tests.tasks.deviating import MONDAY, at, with_people

pytestmark = pytest.mark.servers
RULE = "version-named"
OFFICES = ("mersin", "antwerp", "hamburg", "durban")


@pytest.fixture
def desk(published: Desk) -> Desk:
    with_people(published)
    at(MONDAY)
    sweep_network("newest")
    return published


def asked(
    desk: Desk,
    offices: tuple[str, ...],
    each: int = 2,
    ago: int = 5,
    rule: str = RULE,
    limits: tuple = (None,),
) -> None:
    """So many projects of each office asked for a deviation, some days ago."""
    application = desk.application
    now = application.clock.now() - timedelta(days=ago)
    with application.store.begin() as unit:
        projects = list(unit.plans.digests())
        for office in offices:
            own = sorted(key for key in projects if key.startswith(f"{office}/"))[:each]
            assert len(own) == each
            for nth, key in enumerate(own):
                made = sample.asked()
                unit.deviations.add(
                    replace(
                        made, id=f"dev-{key.replace('/', '-')}-{ago}", standard="delivery-method", version="2.0",
                        rule=rule, limit=limits[nth % len(limits)], scope=Scope(project=key), submitted=now, asked=replace(made.asked, office=office),
                    )
                )  # fmt: skip
        unit.commit()


def cases(desk: Desk):
    with desk.application.store.read() as unit:
        return unit.cases.all()


def test_many_deviations_of_four_offices_are_one_case_put_to_the_owner_once(desk: Desk) -> None:
    asked(desk, OFFICES[:2], 4)
    assert any_case()
    assert escalate_cases.fn(dry_run=False).under_review == 0, "two offices are not enough"
    asked(desk, OFFICES, 3, ago=4)
    assert escalate_cases.fn(dry_run=True).under_review == 1
    assert cases(desk) == ()
    assert escalate_cases.fn(dry_run=False).under_review == 1
    (case,) = cases(desk)
    assert (case.counterpart, case.about.subject, case.state) == ("group", RULE, CaseState.RAISED)
    assert {each.office for each in case.raisers} == set(OFFICES)
    assert all(each.way is Way.REVIEW and not each.person for each in case.raisers)
    assert "4 offices said that it does not fit, for" in case.raisers[0].reason
    assert all(document.startswith("dev-") for each in case.raisers for document in each.documents)
    assert under_review([case]) == {("delivery-method", RULE)}
    assert case.question, "its owner is asked in its own tool"
    assert escalate_cases.fn(dry_run=False).under_review == 0
    assert cases(desk) == (case,)
    write_reports()
    found = []
    for packed in (desk.folder.parent / "state/reports").glob("*-pages.zip"):
        with zipfile.ZipFile(packed) as pages:
            if "deviations.html" in pages.namelist():
                found.append(pages.read("deviations.html").decode())
    marked = [
        re.search(r'version-named.{0,20}<span class="mark">under review</span>', each) for each in found
    ]
    assert sum(map(bool, marked)) == 1, "on the pages of that standard, and not of the other"


def test_a_case_that_an_office_raised_before_is_the_one_that_is_reviewed(desk: Desk) -> None:
    told = raise_case.fn(
        "mersin", f"rule delivery-method/2.0 {RULE}", "cause=quality", "elif-kaya", "it does not fit a port",
        objection=False, dry_run=False,
    )  # fmt: skip
    asked(desk, OFFICES, 3)
    assert escalate_cases.fn(dry_run=False).under_review == 1
    (case,) = cases(desk)
    assert (case.id, case.raiser) == (told.case, "mersin")
    assert under_review([case])
    assert escalate_cases.fn(dry_run=False).under_review == 0


def test_what_was_said_before_a_review_was_over_opens_no_other(desk: Desk) -> None:
    asked(desk, OFFICES, 3)
    escalate_cases.fn(dry_run=False)
    (case,) = cases(desk)
    application = desk.application
    with application.store.begin() as unit:
        room, after = Room(unit, application.clock, application.rulebook), case
        for office in OFFICES:
            after = withdrawn(after, office, Said(application.clock.now(), ""), "settled")
        keep(room, case, after)
        unit.commit()
    assert not cases(desk)[0].is_open
    assert escalate_cases.fn(dry_run=False).under_review == 0
    assert len(cases(desk)) == 1


def test_before_any_compliance_review_no_rule_binds_anything(published: Desk) -> None:
    with_people(published)
    at(MONDAY)
    asked(published, OFFICES, 3)
    assert escalate_cases.fn(dry_run=False).under_review == 0
