"""Every number of the reports, the index and the pages per role of random networks beside a slow recomputation."""

from __future__ import annotations

from pathlib import Path

import pytest

from tasks import context
from tests.crash.tally import Tally
from tests.tasks.test_random_networks import empty_store
from tests.tasks.test_recomputed import FAULTS
from tests.tasks.test_recomputed_behind import recounted


def networks_recounted(folder: Path, many: int, first: int = 0) -> Tally:
    """So many networks; one of which a number is another is unexpected."""
    tally = Tally(f"figures: the pages of {many} random networks")
    folder.mkdir()
    empty = empty_store(folder)
    for seed in range(first, first + many):
        tally.points += 1
        try:
            tally.attempted += recounted(empty, folder / str(seed), seed)
        except AssertionError as found:
            tally.unexpected += 1
            tally.wrong.append(f"seed {seed}: {found}"[:300])
    context.KEPT.forget()
    return tally


def networks_miscounted(folder: Path, many: int) -> Tally:
    """The control: reports count a hundred more as settled."""
    with pytest.MonkeyPatch.context() as patch:
        FAULTS["settled"](patch)
        tally = networks_recounted(folder, many)
    tally.name, tally.control, tally.wrong = "figures control: a hundred more are settled", True, []
    return tally
