"""Answers that are written into a file and read again are the same, whatever they are."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from config.answers import answers_of, data_of, read_answers_file
from config.problems import Problems
from config.templates import as_yaml
from domain.plans.localization.answers import OwnEstimate
from domain.plans.task import Money
from tests.domain.plans.localization.by_chance import cases

AT = datetime(2027, 1, 4, 9, tzinfo=UTC)


@pytest.mark.parametrize("seed", range(0, 500, 25))
def test_answers_come_back_as_they_were(seed: int, tmp_path: Path) -> None:
    [case] = cases(1, seed)
    estimate = OwnEstimate(AT, Decimal(400), Decimal(60), Money(Decimal("1000.50"), "EUR"))
    for answers in (case.answers, replace(case.answers, estimate=estimate)):
        path = tmp_path / "answers.yaml"
        path.write_text(as_yaml(data_of(answers, "gdansk", "system/1", 2)), "utf-8")
        problems = Problems()
        entry = read_answers_file(path, problems)
        assert not problems.errors
        assert entry is not None
        assert answers_of(entry.value, AT) == answers
        assert (entry.value.office, entry.value.template, entry.value.number) == ("gdansk", "system/1", 2)
