"""The report of a deployment: versions, conflicts, and what the offices needed beside the pilot."""

from __future__ import annotations

import csv
from dataclasses import replace
from io import StringIO

import pytest

from config.deployment_reports import deployment_report
from config.deployment_sheets import deployments_seen
from domain.deployments.report import TemplateReport
from domain.plans.localization.derivation import DerivationId
from domain.plans.localization.lacks import NotLocalizable
from domain.plans.localization.sizes import NoSize
from domain.plans.savings.interval import Shown
from domain.plans.savings.office import Measure, Missing
from tasks.deploying import change_deployment_of
from tasks.localizing import localize_plan_of
from tests.deployments.finished import ABROAD, begin, captured, finish, going, released
from tests.deployments.holding import DEPLOYMENT, Holding
from tests.deployments.visitor import Visitor, text_of
from tests.remedies import lacks

pytestmark = pytest.mark.servers  # whole organizations with a store each
RATIOS = {"oslo": 0.7, "lima": 0.75, "kobe": 0.6, "riga": 0.65, "cairo": 0.55}


def all_finished(holding: Holding, **sizes: int | None) -> None:
    """All five offices are finished with fewer hours than the pilot."""
    version = going(holding)
    for office, ratio in RATIOS.items():
        made = begin(holding, office, version, sizes.get(office, 100))
        finish(holding, made, ratio, own={"=Import of stock": 6.0} if office == "oslo" else None)


def report(holding: Holding, person: str) -> TemplateReport:
    """The report as a person may see it."""
    there = holding.application
    with there.store.read() as unit:
        (seen,) = deployments_seen(there, unit, there.organization, person, DEPLOYMENT)
        found = deployment_report(there, unit, seen)
    assert found is not None
    return found


def state(said: str) -> None:
    """The sponsor states what the savings are charged with."""
    given = {"deployment": DEPLOYMENT, "receivers": "", "person": "holding-sponsor", "why": "known now"}
    change_deployment_of.fn(**given, stated=said, dry_run=False)


def test_the_saving_is_that_of_the_offices_hours_beside_the_pilots_without_what_is_built_once(
    holding: Holding,
) -> None:
    all_finished(holding)
    found = report(holding, "oslo-head")
    effort = found.savings.measures[Measure.EFFORT]
    (oslo,) = effort.offices
    assert (oslo.office, float(oslo.pilot), float(oslo.office_total), float(oslo.local)) == (
        "oslo",
        120,
        90,
        6,
    )
    assert oslo.ratio == pytest.approx((0.7 * 120 + 6) / 120)
    assert effort.interval.shown is Shown.SAVED
    assert effort.interval.saved == pytest.approx(0.345, abs=0.02)
    assert found.compared == 5
    days = found.savings.measures[Measure.DURATION]
    assert [each.missing for each in days.offices] == [None]


def test_the_page_says_versions_savings_and_leads_to_the_tasks(holding: Holding) -> None:
    all_finished(holding)
    visitor = Visitor(holding, "oslo-head")
    assert "/report" in visitor.get().text
    told = text_of(visitor.get(f"/deployments/{DEPLOYMENT}/report"))
    assert "5 offices: 5 on version 2; 34 % less effort than the pilot (25 to 43 %)." in told
    assert "wave 1" not in told, "two hidden offices are in each wave"
    tasks = text_of(visitor.get(f"/deployments/{DEPLOYMENT}/figures/oslo"))
    assert "Import of stock added by the office" in tasks
    assert "done once by the pilot, not counted" in tasks
    assert "80" in tasks
    assert "Size (users): pilot 100, here 100." in tasks


def test_nobody_sees_the_figures_of_another_office(holding: Holding) -> None:
    all_finished(holding)
    visitor = Visitor(holding, "oslo-head")
    for office in ("lima", "porto", "nowhere"):
        assert visitor.get(f"/deployments/{DEPLOYMENT}/figures/{office}").status_code == 404
    rows = list(csv.DictReader(StringIO(visitor.get(f"/deployments/{DEPLOYMENT}/report.csv").text)))
    shown = {row["office"] for row in rows if row["actual"]}
    assert shown == {"Oslo Works"}
    assert {row["office"] for row in rows} == {f"{each.title()} Works" for each in ("porto", *ABROAD)}
    assert Visitor(holding, "kobe-call").get(f"/deployments/{DEPLOYMENT}/report").status_code == 404


def test_an_agreement_about_measures_opens_the_figures_and_its_absence_closes_them(holding: Holding) -> None:
    path = holding.folder / "agreements.yaml"
    agreed = "  - {id: o-l, giver: lima, taker: oslo, shares: [templates, measures], since: 2027-01-01}\n"
    path.write_text(path.read_text("utf-8") + agreed, "utf-8")
    holding.turn(0)
    all_finished(holding)
    assert set(report(holding, "oslo-head").figures) == {"oslo", "lima"}
    assert set(report(holding, "lima-head").figures) == {"lima"}


def test_what_would_tell_the_figures_of_few_hidden_offices_is_not_said(holding: Holding) -> None:
    path, agreed = holding.folder / "agreements.yaml", ""
    for office in ("lima", "kobe"):
        agreed += f"  - {{id: o-{office}, giver: {office}, taker: oslo, shares: [measures, templates], since: 2027-01-01}}\n"
    path.write_text(path.read_text("utf-8") + agreed, "utf-8")
    holding.turn(0)
    all_finished(holding)
    hidden = report(holding, "oslo-head").savings.measures[Measure.EFFORT]
    assert (hidden.interval.shown, hidden.interval.saved) == (Shown.KEPT_BACK, None)
    assert set(hidden.waves) == {1}, "both offices of the first wave are open"
    assert report(holding, "lima-head").savings.measures[Measure.EFFORT].interval.saved is not None
    told = text_of(Visitor(holding, "oslo-head").get(f"/deployments/{DEPLOYMENT}/report"))
    assert "not shown, as the figures of single offices would follow from it" in told


def test_without_a_stated_size_an_office_is_not_compared_and_below_five_there_is_no_percentage(
    holding: Holding,
) -> None:
    all_finished(holding, oslo=None)
    found = report(holding, "oslo-head").savings.measures[Measure.EFFORT]
    assert (found.offices[0].ratio, found.offices[0].missing) == (None, Missing.SIZE)
    assert found.interval.shown is Shown.TOO_FEW
    told = text_of(Visitor(holding, "oslo-head").get(f"/deployments/{DEPLOYMENT}/report"))
    assert "4 of 5 offices can be compared; there is a percentage from 5 on" in told


def test_twice_the_users_are_twice_the_pilots_hours_and_the_same_days(holding: Holding) -> None:
    all_finished(holding, oslo=200)
    found = report(holding, "oslo-head").savings.measures
    assert float(found[Measure.EFFORT].offices[0].pilot) == 240
    assert float(found[Measure.DURATION].offices[0].pilot) == 15, "without the five of the interface"


def test_central_effort_is_charged_in_equal_parts_and_avoided_costs_stand_by_name(holding: Holding) -> None:
    all_finished(holding)
    before = report(holding, "oslo-head").savings.measures[Measure.EFFORT].offices[0]
    state("central 60h, 500 EUR; avoided license of the old tool: 4000 EUR; avoided travel: 900 EUR")
    found = report(holding, "oslo-head")
    effort, cost = (found.savings.measures[each].offices[0] for each in (Measure.EFFORT, Measure.COST))
    assert float(effort.central) == 12
    assert effort.ratio == pytest.approx(before.ratio + 0.1)
    assert float(cost.central) == 200, "500 EUR in five parts, at 2 NOK for 1 EUR"
    told = text_of(Visitor(holding, "oslo-head").get(f"/deployments/{DEPLOYMENT}/report"))
    assert "license of the old tool: 4,000 EUR" in told
    state("central none; avoided none")
    after = report(holding, "oslo-head")
    assert (after.savings.avoided, after.savings.measures[Measure.EFFORT].offices[0]) == ((), before)


def test_an_office_that_is_not_finished_or_not_read_is_not_compared(holding: Holding) -> None:
    version = going(holding)
    begin(holding, "oslo", version)
    assert report(holding, "oslo-head").savings.measures[Measure.EFFORT].offices[0].missing is Missing.UNREAD
    made = begin(holding, "lima", version)
    finish(holding, made, 0.7, undone=frozenset({"Switch over"}))
    found = report(holding, "lima-head").savings.measures[Measure.EFFORT]
    assert [each.missing for each in found.offices] == [Missing.UNFINISHED]


def test_costs_that_the_owner_keeps_back_are_in_no_report_of_others(holding: Holding) -> None:
    all_finished(holding)
    assert Measure.COST in report(holding, "oslo-head").savings.measures
    holding.share(keep_back="costs")
    assert Measure.COST not in report(holding, "oslo-head").savings.measures
    assert Measure.COST in report(holding, "porto-head").savings.measures
    page = Visitor(holding, "oslo-head").get(f"/deployments/{DEPLOYMENT}/figures/oslo").text
    assert "1600" not in page
    assert "3,200" not in page


def test_offices_of_another_pilot_are_not_compared_with_this_one(holding: Holding) -> None:
    all_finished(holding)
    template = captured()
    assert template.pilot is not None
    other = replace(template, pilot=replace(template.pilot, office="cairo"))
    released(holding, other, 3)
    found = report(holding, "oslo-head").savings.measures[Measure.EFFORT]
    assert [each.missing for each in found.offices] == [Missing.PILOT]


def test_the_owner_reads_a_report_over_all_offices_that_it_sees(holding: Holding) -> None:
    all_finished(holding)
    owner = Visitor(holding, "porto-head").get("/templates")
    told = text_of(owner)
    assert owner.status_code == 200
    assert "5" in told
    assert Visitor(holding, "oslo-head").get("/templates").status_code == 404
    assert Visitor(holding, "oslo-head").get("/templates/finance/report").status_code == 404


def test_after_the_close_there_is_no_report(holding: Holding) -> None:
    all_finished(holding)
    holding.close()
    for person in ("holding-sponsor", "oslo-head"):
        assert Visitor(holding, person).get(f"/deployments/{DEPLOYMENT}/report").status_code == 404


WRONG = [
    ("central much", "central: 'much' is neither hours nor a cost; write hours"),
    ("central 3h, 4h", "central: hours stand there twice"),
    ("central 3 EUR, 4 EUR", "central: a cost stands there twice"),
    ("central ,", "central: it states nothing"),
    ("avoided license", "avoided, entry 1: 'license' has no name, amount and currency"),
    ("avoided a: 3 EUR; avoided b: 4", "avoided, entry 2: 'b: 4' has no name"),
    (f"avoided {'x' * 81}: 3 EUR", "its name has 81 characters; write at most 80"),
    ("avoided a: 0 EUR", "has the amount 0; leave it out"),
    ("avoided", "avoided: it names nothing"),
    ("; ".join(["avoided a: 1 EUR"] * 21), "avoided: it has 21 entries; 20 at most"),
    ("saved: 3 EUR", "stated, entry 1: 'saved: 3 EUR' begins with neither central nor avoided"),
    ("", "receivers: it names no office"),
]


@pytest.mark.parametrize(("said", "problem"), WRONG)
def test_what_states_nothing_is_refused_with_place_and_remedy(
    holding: Holding, said: str, problem: str
) -> None:
    holding.going()
    with pytest.raises(ValueError, match=problem) as refused:
        state(said)
    assert lacks(str(refused.value)) == [], str(refused.value)


def test_a_size_is_stated_after_the_plan_is_in_its_tool_and_changes_nothing_of_it(holding: Holding) -> None:
    all_finished(holding, oslo=None)
    there = holding.application
    with there.store.read() as unit:
        before = unit.derivations.find(DerivationId("oslo", "finance"))
    assert before is not None
    with pytest.raises(NotLocalizable, match=r"size\.driver: the size is given in companies"):
        localize_plan_of.fn("oslo", "finance/2", "oslo-head", "counted", "3 companies", dry_run=False)
    with pytest.raises(NoSize, match="nothing is counted by 'chairs'"):
        localize_plan_of.fn("oslo", "finance/2", "oslo-head", "counted", "3 chairs", dry_run=False)
    localize_plan_of.fn("oslo", "finance/2", "oslo-head", "counted", "50 users", dry_run=False)
    with there.store.read() as unit:
        after = unit.derivations.find(DerivationId("oslo", "finance"))
    assert after is not None
    assert (after.base, after.keys) == (before.base, before.keys)
    (oslo,) = report(holding, "oslo-head").savings.measures[Measure.EFFORT].offices
    assert (float(oslo.pilot), oslo.missing) == (60, None)
