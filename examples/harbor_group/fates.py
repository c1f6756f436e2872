"""What becomes of each project in the twelve weeks: the plot, as data.

`ready` is the week in which its office has filled in all that 2.0 newly asks for; `part` the week in
which it filled in the half that takes longer. Never ready is NEVER. It leaves how that happens to story.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

NEVER = 99


@dataclass(frozen=True, slots=True)
class Fate:
    """When a project is ready for 2.0; `closes` is the week in which it ends, `behind` its overdue work."""

    ready: int = NEVER
    part: int = NEVER
    closes: int = NEVER
    behind_from: int = NEVER
    caught_up: int = NEVER


FATES: Mapping[str, Fate] = {
    # Wave 1 completes within three weeks.
    "group/GP-01": Fate(1),
    "group/GP-02": Fate(2),
    "group/GP-03": Fate(3, 2),
    "group/GP-04": Fate(closes=7),
    "group/GP-05": Fate(0, 0, closes=5),
    "mersin/MR-01": Fate(2, 1, behind_from=-3, caught_up=2),
    "mersin/MR-02": Fate(1),
    "mersin/MR-03": Fate(3, 2),
    "mersin/MR-04": Fate(),
    "mersin/MR-05": Fate(2),
    "mersin/MR-06": Fate(2),
    # Wave 2 is late, halts, and goes on; one project of it is carried forward.
    "hamburg/TA-01": Fate(4, 3),
    "hamburg/TA-02": Fate(5, 4),
    "hamburg/TA-03": Fate(9, 4),
    "hamburg/TA-04": Fate(closes=10),
    "hamburg/TA-05": Fate(6, 5),
    "hamburg/TA-06": Fate(6, 4),
    "hamburg/TA-07": Fate(6, 5),
    "hamburg/TA-08": Fate(11, 4, behind_from=3, caught_up=11),
    "hamburg/TA-09": Fate(4),
    "santos/SP-01": Fate(4, 3),
    "santos/SP-02": Fate(5, 4),
    "santos/SP-03": Fate(9, 4),
    "santos/SP-04": Fate(closes=11),
    "santos/SP-05": Fate(4),
    "santos/SP-06": Fate(9, 4),
    "santos/SP-07": Fate(9, 4),
    "santos/SP-08": Fate(8, 7),
    "dammam/DM-01": Fate(4, 3),
    "dammam/DM-02": Fate(5, 4),
    "dammam/DM-03": Fate(closes=9),
    "dammam/DM-04": Fate(6, 5),
    "dammam/DM-05": Fate(9, 4),
    "dammam/DM-06": Fate(9, 4),
    "dammam/DM-07": Fate(4),
    # Wave 3 has just begun to work when the sample ends; Antwerp is silent.
    "lehavre/LH-01": Fate(9, 8),
    "lehavre/LH-02": Fate(10, 9),
    "lehavre/LH-03": Fate(9),
    "lehavre/LH-04": Fate(11, 10),
    "lehavre/LH-05": Fate(),
    "lehavre/LH-06": Fate(),
    "lehavre/LH-07": Fate(12, 11),
    "antwerp/AW-01": Fate(),
    "antwerp/AW-02": Fate(),
    "antwerp/AW-03": Fate(),
    "antwerp/AW-04": Fate(),
    "antwerp/AW-05": Fate(),
    "antwerp/AW-06": Fate(),
    "durban/DB-01": Fate(9, 8),
    "durban/DB-02": Fate(8),
    "durban/DB-03": Fate(),
    "durban/DB-04": Fate(part=12),
    "durban/DB-05": Fate(behind_from=5),
    "singapore/GC-01": Fate(9, 8),
    "singapore/GC-02": Fate(10, 9),
    "singapore/GC-03": Fate(12, 10),
    "singapore/GC-04": Fate(),
    "singapore/GC-05": Fate(0, 0, closes=7),
    "singapore/GC-06": Fate(9),
    "singapore/GC-07": Fate(),
    "singapore/GC-08": Fate(),
}
SILENT_OFFICE, SILENT_FROM = "antwerp", 6
"""The office whose workbook nobody changes any more, and the week from which on."""
