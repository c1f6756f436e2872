"""What a rollout would do: the same judging, and counts that add up."""

from hypothesis import given
from hypothesis import strategies as st

from domain.rollouts.simulation import Simulation, foresee
from domain.standards.leeway import Eligibility, LeewayDecision
from domain.standards.verdict import FOLLOWS, Result, Verdict, band
from tests.domain.builders import BEYOND, ELIGIBLE, NOT_ELIGIBLE, UNKNOWN, begun, network, plan, rule, version

MANIFEST = begun("porto/1").manifest


def one(*results, leeway=NOT_ELIGIBLE, old=Result.PASS, key="porto/1"):
    verdicts = [Verdict(key, f"rule-{n}", result) for n, result in enumerate(results)]
    return foresee((key, "porto", 1), old, band(results), verdicts, leeway)


def test_a_project_flips_when_it_follows_the_old_version_and_would_not_follow_the_new():
    assert one(Result.FAIL).flips
    assert not one(Result.PASS).flips
    assert not one(Result.FAIL, old=Result.FAIL).flips
    assert not one(Result.FAIL, old=None).flips


def test_who_must_do_what_is_told_per_office_and_role():
    simulation = Simulation(MANIFEST, (one(Result.FAIL, Result.PASS, Result.UNKNOWN), one(Result.FAIL)))
    assert simulation.effort({"rule-0": rule(role="sponsor")}) == {
        ("porto", "sponsor"): 2,
        ("porto", "reporter"): 1,
    }


def test_who_may_finish_under_the_old_version_or_follows_already_has_no_work():
    simulation = Simulation(MANIFEST, (one(Result.FAIL, leeway=ELIGIBLE), one(Result.PASS)))
    assert simulation.effort({}) == {}


def test_facts_missing_for_the_leeway_and_for_the_rules_are_both_named():
    gap = Verdict("porto/1", "register", Result.UNKNOWN, missing=("field.risk_register",))
    found = foresee(("porto/1", "porto", 1), None, Result.UNKNOWN, [gap], UNKNOWN)
    assert found.missing == ("field.risk_register", "plan.percent_complete")


@given(
    st.lists(
        st.tuples(st.sampled_from(list(Result)), st.sampled_from([ELIGIBLE, BEYOND, NOT_ELIGIBLE, UNKNOWN]))
    )
)
def test_the_counts_add_up_to_the_members(members):
    counts = Simulation(MANIFEST, tuple(one(result, leeway=leeway) for result, leeway in members)).counts()
    parts = ("follow", "eligible", "discretion", "not_reported", "asked", "must_act")
    assert sum(counts[part] for part in parts) == counts["members"] == len(members)


def test_what_is_foreseen_is_what_the_network_judges():
    net, new = network(plan(sponsor="Ana"), plan("porto/2")), version()
    for key in net.plans:
        judged, leeway = net.judged(key, new), net.leeway(key, new)
        found = foresee((key, "porto", 1), None, judged.band, judged.verdicts, leeway)
        assert (found.new in FOLLOWS) is (key == "porto/1")
        assert isinstance(leeway, LeewayDecision)
        assert found.eligibility is Eligibility.NOT_ELIGIBLE or found.missing
