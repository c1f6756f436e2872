"""The network at one time, judged."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

from domain.compliance.network import Network
from domain.plans.project import ToolDescription
from domain.questions.question import Question, QuestionKind, QuestionState
from domain.standards.standard import Level
from domain.standards.tailoring import Rulebook
from domain.standards.verdict import Result
from tests.domain.builders import (
    MONDAY,
    adjust,
    network,
    noon,
    office,
    organization,
    plan,
    rule,
    tailoring,
    version,
)

OLD = version(rule("lead", "has(project.lead)"), number="1.0", previous=None)
NEW = version(rule())


def sweep_of(net, grandfathered=()):
    spared = frozenset(grandfathered)
    return net.sweep(NEW, net.swept(sorted(net.plans), NEW, OLD, spared), [])


def swept(net, *grandfathered):
    return {j.project: j for j in sweep_of(net, grandfathered).judged}


def test_bands_add_up_to_the_projects_judged():
    plans = [plan(f"porto/{n}", sponsor="Ana" if n % 2 else None) for n in range(7)]
    bands = Counter(j.band for j in swept(network(*plans), "porto/4").values())
    assert sum(bands.values()) == 7
    assert bands[Result.PASS] == 3


def test_a_grandfathered_project_is_judged_by_the_version_that_it_finishes_under():
    found = swept(network(plan(lead="Rui"), plan("porto/2")), "porto/1", "porto/2")
    assert (found["porto/1"].band, found["porto/1"].version) == (Result.GRANDFATHERED, "1.0")
    assert (found["porto/2"].band, found["porto/2"].grandfathered) == (Result.FAIL, True)


def test_who_follows_only_the_new_version_is_not_grandfathered_into_compliance():
    assert swept(network(plan(sponsor="Ana")), "porto/1")["porto/1"].band is Result.FAIL


def test_the_same_values_give_the_same_sweep_and_any_change_another():
    plans = [plan(sponsor="Ana"), plan("porto/2")]
    one, two = (sweep_of(network(*p)) for p in (plans, reversed(plans)))
    assert one == two
    later = sweep_of(network(*plans, at=noon(MONDAY) + timedelta(hours=1)))
    changed = sweep_of(network(plan(sponsor="Bea"), plans[1]))
    assert len({one.id, later.id, changed.id}) == 3


def test_what_is_as_it_was_is_not_judged_anew_and_all_else_is():
    org = organization(office("porto"), office("genova"))
    tools = {"porto": ToolDescription("workbook"), "genova": ToolDescription("workbook")}
    plans = [plan(sponsor="Ana"), plan("porto/2"), plan("genova/1"), plan("porto/3")]
    asked = Question("q", "porto", "porto/3", QuestionKind.FACT, "project.sponsor", "Who?", MONDAY, MONDAY)
    answered = replace(asked, state=QuestionState.ANSWERED, answer="Bea")

    def at(now, plans, tools, questions, before):
        return Network(Rulebook(org), plans, tools, questions, now, {}, before)

    first = at(noon(MONDAY), plans, tools, (), None)
    was = {key: first.judged(key, NEW) for key in first.plans}
    changed = [plans[0], plan("porto/2", sponsor="Rui"), *plans[2:]]
    moved = {**tools, "genova": ToolDescription("workbook", "2024")}
    second = at(noon(MONDAY), changed, moved, (answered,), first)
    assert second.judged("porto/1", NEW) is was["porto/1"]
    assert second.judged("porto/2", NEW).band is Result.PASS
    assert second.judged("genova/1", NEW) is not was["genova/1"]
    assert second.judged("porto/3", NEW).band is Result.PASS
    assert second.judged("porto/1", OLD).version == "1.0"
    later = at(noon(MONDAY) + timedelta(days=1), plans, tools, (), first)
    assert later.judged("porto/1", NEW) is not was["porto/1"]


def test_an_office_without_a_readable_tool_is_judged_by_what_is_known():
    net = network(plan(sponsor="Ana"))
    net.tools = {}
    assert net.judged("porto/1", NEW).band is Result.PASS
    assert net.facts("porto/1")["tool"]["kind"] == "unknown"


def test_a_field_of_another_kind_stops_nobody_else():
    register = version(rule("register", "field.risk_register == true"))
    net = network(plan(fields={"risk_register": "soon"}), plan("porto/2", fields={"risk_register": True}))
    bands = [net.judged(key, register).band for key in ("porto/1", "porto/2")]
    assert bands[1] is Result.PASS
    assert bands[0] is not Result.PASS


def test_tailorings_make_the_rules_differ_between_offices_and_so_does_their_digest():
    limited = version(rule("overdue", "plan.items <= limit", level=Level.CEILING, limit=10))
    of_porto = tailoring("of-porto", [adjust("overdue", limit=-1)], office="porto")
    org = organization(office("porto"), office("genova"))
    net = network(plan(), plan("genova/1"), org=org, tailorings=(of_porto,))
    here, there = net.judged("porto/1", limited), net.judged("genova/1", limited)
    assert (here.band, there.band) == (Result.FAIL, Result.PASS)
    assert here.rules != there.rules


def test_today_is_the_offices_own():
    far = office("auckland", calendar=replace(office().calendar, time_zone="Pacific/Auckland"))
    net = network(plan("auckland/1"), plan(), org=organization(office(), far), tool=ToolDescription("x"))
    assert (net.today("auckland/1") - net.today("porto/1")).days == 1
