"""The events of the story that follow no rule: answers, slips, decisions of people; data, week by week."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from domain.plans.project import Scalar

TEXTS: Mapping[int, str] = {
    1: "Mersin buys a newer spreadsheet program and answers its question; Hamburg elects for its lighting project.",
    2: "Singapore says that shore power in Santos is the project that Santos keeps; the pilot wave is bound.",
    3: "The pilot wave is through: all of it follows 2.0, or completes under 1.0. The large ports begin.",
    4: "Hamburg elects: one project completes under 1.0, one adopts all the same.",
    5: "The large ports are bound. The lighting project in Mersin slips by sixteen weeks: its leeway lapses.",
    6: "Antwerp goes silent. In Santos new work for the cranes makes percent complete fall: leeway lapses.",
    7: "The large ports work off what they were asked.",
    8: "More than a quarter of the large ports' projects are late; the rollout halts.",
    9: "The ports catch up. The group's head has spoken with the three heads, and resumes; two are carried forward.",
    10: "The last wave is in its pilot period; program offices elect.",
    11: "Antwerp leaves its questions unanswered. The digital twin in Hamburg is done by its new date.",
    12: "Antwerp's parent office is told. End of the quarter: what is open now must be done in the days to come.",
}
TURNS: Mapping[tuple[int, str], Mapping[str, Scalar]] = {
    (3, "group/GP-03"): {"baseline_finish": date(2027, 8, 27)},
    (4, "dammam/DM-04"): {"finish": date(2027, 4, 29), "baseline_finish": date(2027, 4, 22)},
    (5, "mersin/MR-04"): {"finish": date(2027, 5, 28)},
    (5, "hamburg/TA-07"): {"forecast_cost": 1_450_000},
    (9, "santos/SP-07"): {"forecast_cost": 11_640_000},
    (9, "dammam/DM-06"): {"forecast_cost": 13_310_000},
    (6, "santos/SP-08"): {"finish": date(2027, 3, 19), "baseline_finish": date(2027, 3, 19)},
}
ANSWERS: Sequence[tuple[int, str, Mapping[str, str]]] = (
    (
        1,
        "mersin",
        {
            "project": "mersin/MR-03",
            "kind": "fact",
            "about": "plan.percent_complete",
            "answer": "84",
            "by": "Emre Şahin",
        },
    ),
    (
        1,
        "hamburg",
        {
            "project": "mersin/MR-04",
            "kind": "election",
            "about": "leeway",
            "answer": "finish",
            "by": "Katrin Brandt",
        },
    ),
    (
        2,
        "singapore",
        {
            "project": "singapore/GC-04",
            "kind": "twin",
            "about": "santos/SP-02",
            "answer": "same",
            "by": "Rajesh Pillai",
        },
    ),
    (
        4,
        "hamburg",
        {
            "project": "hamburg/TA-04",
            "kind": "election",
            "about": "leeway",
            "answer": "finish",
            "by": "Katrin Brandt",
        },
    ),
    (
        4,
        "hamburg",
        {
            "project": "hamburg/TA-05",
            "kind": "election",
            "about": "leeway",
            "answer": "adopt",
            "by": "Katrin Brandt",
        },
    ),
    (
        4,
        "santos",
        {
            "project": "santos/SP-08",
            "kind": "election",
            "about": "leeway",
            "answer": "finish",
            "by": "Luciana Prado",
        },
    ),
    (
        4,
        "singapore",
        {
            "project": "santos/SP-04",
            "kind": "election",
            "about": "leeway",
            "answer": "finish",
            "by": "Tan Wei Ling",
        },
    ),
    (
        10,
        "hamburg",
        {
            "project": "lehavre/LH-05",
            "kind": "election",
            "about": "leeway",
            "answer": "finish",
            "by": "Katrin Brandt",
        },
    ),
    (
        10,
        "singapore",
        {
            "project": "durban/DB-03",
            "kind": "election",
            "about": "leeway",
            "answer": "finish",
            "by": "Tan Wei Ling",
        },
    ),
)
"""Week, office in whose workbook the question stands, and the answer."""
TOOLS: Mapping[int, Mapping[str, Mapping[str, str]]] = {1: {"mersin-workbook": {"version": "2024"}}}
"""What the register of tools says from that week on."""
OPERATORS: Mapping[int, Sequence[Mapping[str, object]]] = {
    9: (
        {
            "flow": "steer-rollout",
            "parameters": {
                "rollout": "delivery-method-2",
                "action": "resume",
                "person": "marijke-van-dijk",
                "why": "All three ports named dates and people; six projects are done, one follows by 22 March",
                "dry_run": False,
            },
        },
    ),
}
"""What an operator starts in that week, after the offices' own work was read."""
