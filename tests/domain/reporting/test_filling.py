"""A filled format adds up over versions and offices, and what was not said is a gap and never zero."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import ROUND_HALF_EVEN, Decimal

import pytest

from domain.reporting import adding
from domain.reporting.figures import Figure, Gap, GapReason, Tally
from domain.reporting.pack import Pack
from domain.standards.formats import SourceRule, Total, Unit
from tests.domain.reporting.networks import NEW, NOW, OLD, RATES, Grown, network

NETWORKS = 200
"""Of the thousand of `make crash ARGS=figures`, the first."""
SLOW = 100


def steps(figure: Figure) -> Iterator[tuple[str, list[Tally]]]:
    yield "versions", [step.tally for step in figure.bridge]
    yield "offices", [step.tally for step in figure.offices if not is_missing(step.tally)]


def is_missing(tally: Tally) -> bool:
    return isinstance(tally.value, Gap) and tally.value.reason is GapReason.OFFICE


def wrongs(pack: Pack) -> Iterator[str]:
    """Where the parts of a figure do not come to the whole, or a missing office is no gap."""
    missing = {office.id for office in pack.offices if office.missing is not None}
    for figure in pack.figures:
        if figure.total is Total.NETWORK:
            continue
        for step in figure.offices:
            if (step.office in missing) is not is_missing(step.tally) or (
                step.office in missing and (step.tally.amount is not None or step.tally.projects)
            ):
                yield f"{figure.id}: {step.office}"
        if missing and not (
            isinstance(figure.value, Gap) or set(missing) <= {g.office for g in figure.lacking}
        ):
            yield f"{figure.id} does not name the missing offices"
        for name, tallies in steps(figure):
            if not isinstance(figure.value, Gap) and not comes_to(figure, tallies):
                yield f"{figure.id} over {name}"


def comes_to(figure: Figure, tallies: list[Tally]) -> bool:
    known = [t for t in tallies if not isinstance(t.value, Gap)]
    if figure.total in (Total.COUNT, Total.SUM):
        return sum((t.amount for t in known), Decimal(0)) == Decimal(str(figure.value))
    if figure.total is Total.SHARE:
        amount, of = sum(t.amount for t in known), sum(t.of for t in known)
        return (
            bool(of)
            and (100 * Decimal(amount) / of).quantize(Decimal("0.01"), ROUND_HALF_EVEN) == figure.value
        )
    return (min if figure.total is Total.MINIMUM else max)(t.value for t in known) == figure.value


def test_over_many_networks_every_bridge_adds_up_and_a_missing_office_is_a_gap() -> None:
    bridged = missing = gaps = 0
    for seed in range(NETWORKS):
        pack = network(seed).pack
        assert list(wrongs(pack)) == [], seed
        known = [f for f in pack.figures if f.is_known]
        bridged += sum(len([s for s in f.bridge if s.tally.of]) == 2 for f in known)
        missing += sum(office.missing is not None for office in pack.offices)
        gaps += sum(not f.is_known for f in pack.figures)
    assert bridged > 2 * NETWORKS, "figures were bridged over two versions"
    assert missing > NETWORKS / 4, "offices were missing"
    assert gaps > NETWORKS, "there were gaps"


@pytest.mark.parametrize("fault", ["a version is left out", "a missing office counts as zero"])
def test_the_control_a_sum_that_leaves_something_out_is_found(
    monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    if fault == "a version is left out":
        whole = adding._total
        monkeypatch.setattr(adding, "_total", lambda f, known: whole(f, known[1:] or known))
    else:
        monkeypatch.setattr(adding, "_office", lambda *_: Tally(0, Decimal(0), 0, 0))
    assert any(list(wrongs(network(seed).pack)) for seed in range(50))


def slowly(grown: Grown, figure: Figure) -> object:
    """The figure once more, from the plans and without any of the code that fills; `gap` where there is none."""
    own = {f.id: f for f in grown.formats[1].format.fields}[figure.id]
    older = {f.id: f for f in grown.formats[0].format.fields}
    values, gaps = [], sum(office.missing is not None for office in grown.offices)
    for office in grown.offices:
        for each in office.projects:
            value = None
            if each.version == NEW or figure.id in older:
                value = one(each, figure.id, each.version)
            gaps += value is None
            values += [] if value is None else [value]
    if (gaps and own.source is SourceRule.ALL) or (not values and gaps):
        return "gap"
    if figure.total in (Total.COUNT, Total.SUM):
        return sum(values)
    if not values:
        return "gap"
    if figure.total is Total.SHARE:
        return round(Decimal(100) * sum(values) / len(values), 2)
    return min(values) if figure.total is Total.MINIMUM else max(values)


def one(each, figure: str, version: str) -> object:
    project, overdue = each.project, each.facts["plan"]["overdue"]
    if figure in ("spent", "budget"):
        money = project.actual_cost if figure == "spent" else project.budget
        rate = {"EUR": Decimal(1), **RATES.per_unit}.get(project.currency or "")
        return None if money is None or rate is None else round(Decimal(str(money)) * rate, 2)
    return {
        "late": int(overdue > (3 if version == OLD else 1)),
        "late_share": int(overdue > 1),
        "open": overdue,
        "last": project.finish,
        "first": project.start,
        "slow": None if project.percent_complete is None else Decimal(str(project.percent_complete)),
    }[figure]


def test_on_100_networks_every_figure_equals_a_slow_recomputation() -> None:
    compared = 0
    for seed in range(SLOW):
        grown = network(seed)
        assert list(wrongs(grown.pack)) == [], seed
        values = {}
        for figure in grown.pack.figures:
            if figure.total is Total.NETWORK:
                continue
            said = "gap" if isinstance(figure.value, Gap) else figure.value
            assert said == slowly(grown, figure), (seed, figure.id)
            values[figure.id] = said
            compared += said != "gap"
        whole = next((f for f in grown.pack.figures if f.total is Total.NETWORK), None)
        spent, budget = values.get("spent", "gap"), values.get("budget", "gap")
        if whole is not None and (spent == "gap" or not budget or budget == "gap"):
            assert isinstance(whole.value, Gap)
        elif whole is not None:
            assert abs(whole.value - 100 * spent / budget) <= Decimal("0.005"), seed
    assert compared > 2 * SLOW


def test_a_restricted_project_is_counted_and_named_nowhere() -> None:
    hidden = 0
    for seed in range(SLOW):
        grown = network(seed)
        names = {p.key for p in grown.pack.projects}
        restricted = [r for office in grown.offices for r in office.projects if r.restricted]
        assert grown.pack.restricted == len(restricted)
        for each in restricted:
            hidden += 1
            assert each.project.key not in names
            assert f"'{each.project.key}'" not in repr(grown.pack)
    assert hidden > SLOW / 4


def test_the_same_network_gives_the_same_pack_and_other_facts_another() -> None:
    grown, again = network(5), network(5)
    assert grown.pack == again.pack
    assert network(6).pack != grown.pack
    assert grown.pack.head.as_of == NOW


def test_money_without_a_rate_is_a_gap_that_names_the_currency() -> None:
    gaps = {
        gap.words
        for seed in range(20)
        for gap in network(seed).pack.gaps()
        if gap.reason is GapReason.RATE and gap.projects
    }
    assert gaps == {"the rates Plan 2027 have no rate for SAR"}


def test_a_missing_fact_is_named_in_the_words_of_the_trade() -> None:
    words = {gap.words for seed in range(20) for gap in network(seed).pack.gaps() if gap.fact}
    assert {"Currency is not reported", "Planned finish is not reported"} <= words
    assert not [each for each in words if "ISO" in each or "_" in each]


def test_a_figure_in_money_is_to_the_cent() -> None:
    for seed in range(20):
        for figure in network(seed).pack.figures:
            if figure.unit is Unit.MONEY and figure.is_known:
                assert figure.value == figure.value.quantize(Decimal("0.01"))


def test_the_first_line_keeps_the_name_of_an_office_as_it_is_written() -> None:
    """Of an office that did not report nothing is known: the line names it in the middle of its sentence."""
    packs = [network(seed).pack for seed in range(20)]
    named = [
        (pack.verdict, office.name)
        for pack in packs
        for office in pack.offices
        if re.search(f"not known, {re.escape(office.name)}", pack.verdict, re.IGNORECASE)
    ]
    assert named
    assert [line for line, name in named if name not in line] == []
