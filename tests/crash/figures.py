"""Every number of the reports, the index and the pages per role of random networks beside a slow recomputation."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from domain.reporting import adding
from examples.harbor_group import player
from reports.pack.page import page
from tasks import context
from tests.crash.tally import Tally
from tests.domain.reporting.networks import network
from tests.domain.reporting.test_filling import wrongs
from tests.reports.pack.test_figures import differences, some
from tests.tasks.conftest import copy_of, leave, make_stages
from tests.tasks.test_random_networks import empty_store
from tests.tasks.test_recomputed import FAULTS
from tests.tasks.test_recomputed_behind import recounted, recounted_week


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


def weeks_recounted(folder: Path) -> Tally:
    """Every week of the sample from the third one on; one in which a number is another is unexpected."""
    folder.mkdir()
    make_stages(folder)
    with pytest.MonkeyPatch.context() as patch:
        desk = copy_of({2: folder / "live"}, 2, folder / "played", patch)
        tally = _compared(
            "figures: the pages of the sample, week by week",
            range(3, player.WEEKS + 1),
            lambda week: recounted_week(desk, week),
        )
        leave()
    return tally


def bridges_added(many: int) -> Tally:
    """So many networks with two versions; one whose bridge does not come to the whole is unexpected."""
    return _compared(
        f"figures: the bridges of {many} random networks",
        range(many),
        lambda seed: [*wrongs(network(seed).pack)],
    )


def bridges_left_short(many: int) -> Tally:
    """The control: one of the versions is left out of the whole."""
    whole = adding._total
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(adding, "_total", lambda field, known: whole(field, known[1:] or known))
        tally = bridges_added(many)
    tally.name, tally.control, tally.wrong = "figures control: a version is left out", True, []
    return tally


def packs_recounted(many: int) -> Tally:
    """So many packs by chance; one whose page says another number than its values is unexpected."""
    return _compared(
        f"figures: the pages of {many} packs by chance",
        range(many),
        lambda seed: [*differences(pack := some(seed), page(pack))],
    )


def _compared(name: str, numbers: Iterable[int], wrong: Callable[[int], list[str]]) -> Tally:
    """What is looked at by its numbers; `wrong` says what is wrong with one."""
    tally = Tally(name)
    for number in numbers:
        tally.points += 1
        tally.attempted += 1
        if found := wrong(number):
            tally.unexpected += 1
            tally.wrong.append(f"{number}: {found}"[:300])
    return tally
