"""Verdicts: of one rule on one project at one time; and bands, the worst of a project's verdicts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar, dataclass_transform

from domain.plans.project import Scalar

T = TypeVar("T")


class Result(StrEnum):
    """The result of a rule for a project."""

    PASS = "pass"
    FAIL = "fail"
    PERMITTED = "permitted"
    GRANDFATHERED = "grandfathered"
    NOT_APPLICABLE = "not_applicable"
    UNKNOWN = "unknown"
    ERROR = "error"


WORST_FIRST = (
    Result.ERROR,
    Result.FAIL,
    Result.UNKNOWN,
    Result.PERMITTED,
    Result.GRANDFATHERED,
    Result.PASS,
)
FOLLOWS = frozenset({Result.PASS, Result.PERMITTED})
"""The bands in which a project follows the version that it is judged by."""


@dataclass_transform(frozen_default=True)
def made_often(kind: type[T]) -> type[T]:
    """A dataclass that is frozen for the type checker only, for values made by the ten thousand.

    Freezing it at run time too makes each cost three times as much.
    """
    return dataclass(slots=True, unsafe_hash=True)(kind)


@made_often
class Verdict:
    """Of one rule on one project: the result, why in words, and the facts that it used.

    `missing` names the facts (`root.name`) whose absence made it unknown. Of what is not kept, `limit` is the
    limit in force, where the rule uses one, and `source` says where it, or the rule, comes from: the version,
    or a tailoring and its reason.
    """

    project: str
    rule: str
    result: Result
    why: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    limit: Scalar | None = None
    source: str = ""


def band(results: Iterable[Result]) -> Result:
    """The band of a project is the worst of its verdicts; not applicable only where every one is.

    Raises ValueError for no verdicts at all: an empty rule set says nothing about a project.
    """
    found = frozenset(results)
    if not found:
        raise ValueError("a project without a verdict has no band: the rule set is empty")
    return next((result for result in WORST_FIRST if result in found), Result.NOT_APPLICABLE)


OPEN_RESULTS = frozenset({Result.FAIL, Result.UNKNOWN, Result.ERROR})
