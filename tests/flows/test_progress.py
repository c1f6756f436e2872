"""What Prefect's page shows of a distribution that is under way: ids and counts only."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from flows import distribute_plan
from tasks.distributing import PartPut
from tests.domain.outcomes.examples import DISTRIBUTED


def test_the_progress_is_that_of_the_whole_plan_and_the_rest_is_at_the_pace_of_this_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shown: list[dict[str, Any]] = []

    async def keep(**values: Any) -> None:
        shown.append(values)

    monkeypatch.setattr(distribute_plan, "acreate_progress_artifact", keep)
    part = PartPut(replace(DISTRIBUTED, placed=6, tasks=10), more=True, steps=14, steps_left=8, steps_done=3)
    asyncio.run(distribute_plan._progress(part, part.steps_done, 60.0))
    assert shown == [
        {
            "progress": pytest.approx(100 * 6 / 14),
            "key": "distribution",
            "description": "oslo/erp/1: 6 of 10 tasks there with their links, about 3 minutes left",
        }
    ]
