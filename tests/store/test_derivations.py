"""Derivations come out of the store as they went in, with local times and the tasks' keys."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from domain.plans.localization.answers import OwnEstimate, Unfilled
from domain.plans.localization.derivation import Derivation, DerivationId, Ground, GroundKind
from domain.plans.localization.localizing import localize
from domain.plans.task import Money
from store import Store
from store.derivations import PLAN
from store.errors import Unknown, Unstorable
from tests.domain.plans.localization.by_chance import cases

AT = datetime(2027, 1, 4, 9, tzinfo=UTC)


def made(seed: int = 0) -> Derivation:
    [case] = cases(1, seed)
    answers = replace(
        case.answers,
        estimate=OwnEstimate(AT, Decimal(400), None, Money(Decimal("1000.50"), "EUR")),
        roles={**case.answers.roles, "tester": Unfilled("omar", date(2027, 2, 1))},
    )
    local = localize(case.release, answers, case.receiver)
    found = DerivationId(local.office, local.template.template, 1)
    return Derivation(
        found, 1, case.release.digest, Ground(GroundKind.DEPLOYMENT, "d-1"), answers, AT, local.plan
    )


def test_a_derivation_comes_back_as_it_was_with_its_keys_and_again_changes_nothing(store: Store) -> None:
    wanted = made()
    with store.begin() as unit:
        assert unit.derivations.keep(wanted)
        assert not unit.derivations.keep(replace(wanted, at=AT + timedelta(1)))
        unit.derivations.place(wanted.id, {"T1": "77"})
        unit.derivations.hold(wanted.id, "P-9")
        unit.commit()
    placed = replace(wanted, keys={"T1": "77"}, project="P-9")
    with store.read() as unit:
        assert unit.derivations.find(wanted.id) == placed
        assert unit.derivations.of_office("gdansk") == unit.derivations.of_template("system") == (placed,)
        assert unit.derivations.ids() == (wanted.id,)
        assert unit.derivations.find(DerivationId("gdansk", "system", 2)) is None


def test_what_is_not_there_cannot_hold_a_project(store: Store) -> None:
    with store.begin() as unit, pytest.raises(Unknown, match="no local plan"):
        unit.derivations.hold(DerivationId("gdansk", "system"), "P-9")


def test_a_plan_whose_times_have_a_zone_is_refused() -> None:
    with pytest.raises(Unstorable, match="local clock"):
        PLAN.write(replace(made().base, start=AT))
