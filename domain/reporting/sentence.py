"""One sentence computed from counts, whose numbers add up; refuses counts that do not.

A rollout says of a project what the sweep of the same version says of it: `bucket` begins with the band.

Every standing of a rollout and every band of a sweep falls into exactly one phrase.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.rollouts.adoption import is_late
from domain.rollouts.rollout import Adoption, Standing
from domain.standards.verdict import Result
from domain.words import counted, day


class Bucket(StrEnum):
    """The state of a member of a rollout, for a director; best first."""

    FOLLOWS = "follows"
    OLD = "old"
    DEVIATES = "deviates"
    OUT = "out"
    NOT_YET = "not_yet"
    ASKED = "asked"
    MUST_ACT = "must_act"
    NOT_REPORTED = "not_reported"
    LATE = "late"


BUCKET_OF: Mapping[Standing, Bucket] = {
    Standing.PLANNED: Bucket.NOT_YET,
    Standing.NOTIFIED: Bucket.NOT_YET,
    Standing.TRIAL: Bucket.NOT_YET,
    Standing.BINDING: Bucket.MUST_ACT,
    Standing.ADOPTED: Bucket.FOLLOWS,
    Standing.GRANDFATHERED: Bucket.OLD,
    Standing.DEVIATING: Bucket.DEVIATES,
    Standing.QUESTIONED: Bucket.ASKED,
    Standing.UNANSWERED: Bucket.ASKED,
    Standing.FAILED: Bucket.MUST_ACT,
    Standing.ROLLED_BACK: Bucket.OUT,
    Standing.SKIPPED: Bucket.OUT,
}
"""Every standing in one bucket; those that must act and are past their due date are LATE instead."""
BUCKET_OF_BAND: Mapping[Result, Bucket] = {
    Result.PASS: Bucket.FOLLOWS,
    Result.PERMITTED: Bucket.DEVIATES,
    Result.GRANDFATHERED: Bucket.OLD,
    Result.UNKNOWN: Bucket.NOT_REPORTED,
}
"""The bands that say by themselves what a rollout says of a member."""
SETTLED_BUCKETS = frozenset({Bucket.FOLLOWS, Bucket.OLD, Bucket.DEVIATES})
SAYS: Mapping[Bucket, frozenset[Result]] = {
    Bucket.OUT: frozenset(Result),
    **{found: frozenset({band}) for band, found in BUCKET_OF_BAND.items()},
    **dict.fromkeys(
        (Bucket.NOT_YET, Bucket.ASKED, Bucket.MUST_ACT, Bucket.LATE),
        frozenset({Result.FAIL, Result.ERROR, Result.NOT_APPLICABLE}),
    ),
}
"""The bands in which a sweep may find the members of a bucket: of one project both say the same."""


def bucket(adoption: Adoption, today: date, band: Result | None = None) -> Bucket:
    """The one bucket of a member on that day of its office, whose band the sweep found; None: not judged.

    What the band says is said. Only of a member that does not follow, and of which all that matters is known,
    the rollout says more: not bound yet, asked, must act, late. Who was taken out is out.
    """
    found = BUCKET_OF[adoption.standing]
    if found is Bucket.OUT:
        return found
    if band is not None:
        if band in BUCKET_OF_BAND:
            return BUCKET_OF_BAND[band]
        found = Bucket.MUST_ACT if found in SETTLED_BUCKETS else found
    return Bucket.LATE if found is Bucket.MUST_ACT and is_late(adoption, today) else found


@dataclass(frozen=True, slots=True)
class SentencePart:
    """A count and the words after it. `group` is the bucket or band that it counts.

    `adds` is false for a part of the part before ("including 4 late").
    """

    count: int
    text: str
    group: str
    adds: bool = True

    @property
    def lead(self) -> str:
        """The word before the count: `including ` for a part of the part before, else nothing."""
        return "" if self.adds else "including "


@dataclass(frozen=True, slots=True)
class Sentence:
    """The parts in order; the first gives the total, the others what became of it."""

    parts: tuple[SentencePart, ...]
    empty: str = ""

    def __str__(self) -> str:
        """The sentence as it is read."""
        if not self.parts:
            return self.empty
        first, *rest = (f"{part.lead}{part.count}{part.text}" for part in self.parts)
        return f"{first}; {', '.join(rest)}." if rest else f"{first}."

    @property
    def total(self) -> int:
        """What the parts add up to."""
        return sum(part.count for part in self.parts if part.adds)


def rollout_sentence(
    counts: Mapping[Bucket, int], new: str, old: str | None, due: date | None, today: date, late: int = 0
) -> Sentence:
    """Who follows the new version, who does not and why; parts that are 0 are left out.

    `due` is the last due date of those that must act and are not late; `late` how many of those that have not
    reported are late with their work.
    """
    members = sum(counts.values())
    if members == 0:
        return Sentence((), "No project is part of this rollout.")
    verbs = {
        Bucket.OLD: ("is", "are", f" completing under {old}" if old else " completing without it"),
        Bucket.DEVIATES: ("has", "have", " an approved deviation"),
        Bucket.NOT_REPORTED: ("has", "have", " not reported"),
        Bucket.ASKED: ("owes", "owe", " an answer"),
        Bucket.NOT_YET: ("is", "are", " not bound yet"),
        Bucket.OUT: ("is", "are", " excluded"),
    }
    follow = counts.get(Bucket.FOLLOWS, 0)
    verb = "follows" if follow == 1 else "follow"
    parts = [SentencePart(follow, f" of {counted(members, 'project')} {verb} {new}", Bucket.FOLLOWS)]
    for group, (one, many, rest) in verbs.items():
        count = counts.get(group, 0)
        if group is Bucket.NOT_YET:
            parts += _must_act(counts, due, today)
        if count:
            parts.append(SentencePart(count, f" {one if count == 1 else many}{rest}", group))
        if count and late and group is Bucket.NOT_REPORTED:
            parts.append(_including(late, group))
    return Sentence(tuple(parts))


def _including(late: int, group: Bucket) -> SentencePart:
    """How many of the part before are late."""
    return SentencePart(late, " late", group, adds=False)


def _must_act(counts: Mapping[Bucket, int], due: date | None, today: date) -> list[SentencePart]:
    """Those that must act, and how many of them are late; nothing where nobody must."""
    late = counts.get(Bucket.LATE, 0)
    must = counts.get(Bucket.MUST_ACT, 0) + late
    if must == 0:
        return []
    if late == must:
        return [SentencePart(must, f" must act and {'is' if must == 1 else 'are'} late", Bucket.LATE)]
    by = f" by {day(due, today)}" if due else ""
    parts = [SentencePart(must, f" must act{by}", Bucket.MUST_ACT)]
    if late:
        parts.append(_including(late, Bucket.LATE))
    return parts


def sweep_sentence(bands: Mapping[Result, int], version: str, old: str | None) -> Sentence:
    """Who keeps the version's rules, and in which band every other project is."""
    judged = sum(bands.values())
    if judged == 0:
        return Sentence((), "No project was judged.")
    verbs = {
        Result.PERMITTED: ("has", "have", " an approved deviation"),
        Result.GRANDFATHERED: ("is", "are", f" completing under {old}" if old else " completing without it"),
        Result.UNKNOWN: ("has", "have", " not reported"),
        Result.FAIL: ("fails", "fail", ""),
        Result.ERROR: ("could", "could", " not be judged"),
        Result.NOT_APPLICABLE: ("has", "have", " no rule that applies"),
    }
    passed = bands.get(Result.PASS, 0)
    verb = "passes" if passed == 1 else "pass"
    parts = [SentencePart(passed, f" of {counted(judged, 'project')} {verb} {version}", Result.PASS)]
    for group, (one, many, rest) in verbs.items():
        count = bands.get(group, 0)
        if count:
            parts.append(SentencePart(count, f" {one if count == 1 else many}{rest}", group))
    return Sentence(tuple(parts))
