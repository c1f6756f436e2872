"""The deployment of Singapore's finance system to five agencies, week by week: who starts what, who edits what.

Data only. The operator enters what sponsors and heads decided; the agencies edit their own plans, in their own
tools, by the titles that stand there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from domain.plans.project import Scalar

SYSTEM = "finance-system"
"""The template, and the deployment that is named after the same system."""
HEADS = {
    "genoa": "paolo-traverso",
    "piraeus": "eleni-vlachou",
    "vigo": "carmen-otero",
    "portsaid": "mona-fawzy",
    "kochi": "thomas-kurian",
}
LIVE = {
    "genoa": "2027-05-10",
    "piraeus": "2027-09-23",
    "vigo": "2027-06-14",
    "portsaid": "2027-05-30",
    "kochi": "2027-06-21",
    "bergen": "2027-11-15",
}
"""When each office is to go live; Bergen is asked, and its head has not answered.

Each is what the template gives the office at first, or some days later. Genoa needs longer for a task than the
template does, and the second version adds days: at the end its plan goes live a week later than agreed.
"""
OWNER = "tan-wei-ling"
SPONSOR = "hugo-vermeer"
COMPANIES = 6
"""How many companies' books Singapore keeps in the finance system; the agencies state theirs in their answers."""
CLEAN = "Clean the data of general ledger"
PAYABLE = "Clean the data of accounts payable"


def _action(flow: str, why: str, **more: Scalar) -> dict[str, object]:
    return {"flow": flow, "parameters": {**more, "why": why, "dry_run": False}}


def beside(*actions: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    """Actions that need not wait for each other."""
    yield from actions[:1]
    yield from ({**action, "beside": True} for action in actions[1:])


def _version(number: int, why: str) -> list[Mapping[str, object]]:
    """A version: captured from the pilot's plan, released, and brought into the agencies' plans."""
    file = f"pilots/singapore-finance-{number}.xml" if number > 1 else "pilots/singapore-finance.xml"
    made: list[Mapping[str, object]] = [
        _action(
            "capture-plan", why, plan=f"singapore/{file}", template=SYSTEM, person=OWNER,
            confirm=f"go_live=Go-live, support_end=Early-life support ended, size={COMPANIES} companies",
        ),
        _action("release-template", why, draft=SYSTEM, person=OWNER),
    ]  # fmt: skip
    return made if number == 1 else [*made, _update()]


def _update() -> Mapping[str, object]:
    return _action("update-plans", "Every week", template=SYSTEM)


ACTIONS: Mapping[int, Sequence[Mapping[str, object]]] = {
    1: (
        *_version(1, "Five agencies are to start from it"),
        _action(
            "open-deployment", "The agencies close their books by hand", system="Finance system",
            template=SYSTEM, receivers=", ".join(f"{office} {day}" for office, day in LIVE.items()),
            person=SPONSOR,
        ),
        _action("accept-deployment", "We help", deployment=SYSTEM, office="singapore", person=OWNER),
        _action("share-plan", "So that they start from it", template=SYSTEM, under=SYSTEM, person=OWNER),
    ),
    2: tuple(
        beside(
            *(
                _action("accept-deployment", "We take part", deployment=SYSTEM, office=office, person=head)
                for office, head in HEADS.items()
            )
        )
    ),
    3: (
        *beside(
            *(
                _action(
                    "localize-plan", "As we answered", office=office, released=f"{SYSTEM}/1", person=head,
                    answers=f"answers/{office}.yaml",
                )
                for office, head in HEADS.items()
            )
        ),
        *beside(
            *(
                _action(
                    "distribute-plan", "It is our plan now", derivation=f"{office}/{SYSTEM}/1", person=head
                )
                for office, head in HEADS.items()
            )
        ),
    ),
    5: _version(2, "What early-life support taught us"),
    6: (
        _action(
            "undo-update", "Not before the audit", derivation=f"kochi/{SYSTEM}/1", person=HEADS["kochi"]
        ),
    ),
    7: (_update(),),
    9: _version(3, "What the agencies taught us"),
    11: (_update(),),
    12: (
        _action(
            "recall-template",
            "Compare the bank statements needs two days, not one: plan for two", released=f"{SYSTEM}/3",
            recall="correction", person=OWNER,
        ),
    ),
}  # fmt: skip
"""By week, in their order."""

EDITS: Mapping[int, Mapping[str, Sequence[Mapping[str, Scalar]]]] = {
    4: {
        "genoa": (
            {"task": PAYABLE, "duration": 10},
            {"task": "Set up treasury", "rename": "Configurare la tesoreria"},
        ),
        "piraeus": ({"task": "Hand over tax", "start": date(2027, 9, 23), "due": date(2027, 9, 24)},),
        "vigo": ({"task": CLEAN, "duration": 10},),
        "portsaid": ({"new": "ترجمة النماذج", "start": date(2027, 3, 1), "due": date(2027, 3, 4)},),
        "kochi": ({"task": "Train the key users of tax", "delete": True},),
    },
    5: {"genoa": ({"task": "Appoint the owner of tax", "done": True},)},
    6: {
        "vigo": ({"task": CLEAN, "answer": "mantener"},),
        "portsaid": ({"task": "Appoint the owner of tax", "done": True},),
    },
    8: {
        "piraeus": ({"task": "Train all users of treasury", "duration": 5},),
        "genoa": ({"new": "Avvisare la banca", "start": date(2027, 3, 8), "due": date(2027, 3, 9)},),
    },
    10: {
        "piraeus": ({"task": "Train all users of treasury", "answer": "template"},),
        "vigo": ({"task": CLEAN, "answer": "mantener"},),
        "kochi": ({"task": "Train the key users of tax", "answer": "keep"},),
    },
    11: {"portsaid": ({"all_done": 0.52, "start": date(2027, 2, 7), "due": date(2027, 3, 18)},)},
    12: {"kochi": ({"all_done": 0.48, "start": date(2027, 2, 15), "due": date(2027, 3, 26)},)},
}
"""By week and agency."""
