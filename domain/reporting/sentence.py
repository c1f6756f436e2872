"""One sentence computed from counts, whose numbers add up; refuses counts that do not.

A rollout says of a project what the sweep of the same version says of it: `bucket` begins with the band.

Every standing of a rollout and every band of a sweep falls into exactly one phrase.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from domain.language import ENGLISH, Language, Message
from domain.rollouts.adoption import is_late
from domain.rollouts.rollout import Adoption, Standing
from domain.standards.verdict import Result


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
    """A count and the words around it. `group` is the bucket or band that it counts.

    `adds` is false for a part of the part before ("including 4 late"); `lead` stands before it.
    """

    count: int
    text: str
    group: str
    adds: bool = True
    lead: str = ""

    def __str__(self) -> str:
        return f"{self.lead}{self.count}{self.text}"


@dataclass(frozen=True, slots=True)
class Sentence:
    """The parts in order; the first gives the total, the others what became of it."""

    parts: tuple[SentencePart, ...]
    empty: str = ""

    def __str__(self) -> str:
        """The sentence as it is read."""
        if not self.parts:
            return self.empty
        first, *rest = map(str, self.parts)
        return f"{first}; {', '.join(rest)}." if rest else f"{first}."

    @property
    def total(self) -> int:
        """What the parts add up to."""
        return sum(part.count for part in self.parts if part.adds)


SLOT = "\x00"
"""Where the count stands while a part is said."""
OLD = Message("{n} is completing under {old}", "{n} are completing under {old}")
WITHOUT = Message("{n} is completing without it", "{n} are completing without it")
DEVIATES = Message("{n} has an approved deviation", "{n} have an approved deviation")
NOT_REPORTED = Message("{n} has not reported", "{n} have not reported")
OF_A_ROLLOUT: Mapping[Bucket, Message] = {
    Bucket.DEVIATES: DEVIATES,
    Bucket.NOT_REPORTED: NOT_REPORTED,
    Bucket.ASKED: Message("{n} owes an answer", "{n} owe an answer"),
    Bucket.NOT_YET: Message("{n} is not bound yet", "{n} are not bound yet"),
    Bucket.OUT: Message("{n} is excluded", "{n} are excluded"),
}
OF_A_SWEEP: Mapping[Result, Message] = {
    Result.PERMITTED: DEVIATES,
    Result.UNKNOWN: NOT_REPORTED,
    Result.FAIL: Message("{n} fails", "{n} fail"),
    Result.ERROR: Message("{n} could not be judged", "{n} could not be judged"),
    Result.NOT_APPLICABLE: Message("{n} has no rule that applies", "{n} have no rule that applies"),
}


@dataclass(frozen=True, slots=True)
class Saying:
    """Says the parts of a sentence in a language."""

    language: Language

    def part(self, count: int, group: str, said: Message, **values: object) -> SentencePart:
        """The count with what is said of it."""
        text = self.language.texts.ngettext(said.text, said.many, count)
        return self._split(count, group, text.format(**{"n": SLOT, **values}))

    def _split(self, count: int, group: str, text: str) -> SentencePart:
        lead, _, rest = text.partition(SLOT)
        return SentencePart(count, rest, group, lead=lead)

    def first(self, count: int, group: str, total: int, said: Message, version: str) -> SentencePart:
        """The first part, which names the total."""
        of = self.language.count(total, "of {n} project", "of {n} projects")
        return self.part(count, group, said, of=of, version=version)

    def old(self, count: int, group: str, old: str | None) -> SentencePart:
        """How many complete under the version before."""
        return self.part(count, group, OLD, old=old) if old else self.part(count, group, WITHOUT)

    def including(self, late: int, group: str) -> SentencePart:
        """How many of the part before are late."""
        return replace(
            self.part(late, group, Message("including {n} late", "including {n} late")), adds=False
        )


def rollout_sentence(
    counts: Mapping[Bucket, int],
    new: str,
    old: str | None,
    due: date | None,
    today: date,
    late: int = 0,
    language: Language = ENGLISH,
) -> Sentence:
    """Who follows the new version, who does not and why; parts that are 0 are left out.

    `due` is the last due date of those that must act and are not late; `late` how many of those that have not
    reported are late with their work.
    """
    members, says = sum(counts.values()), Saying(language)
    if members == 0:
        return Sentence((), language.say("No project is part of this rollout."))
    follow = Message("{n} {of} follows {version}", "{n} {of} follow {version}")
    parts = [says.first(counts.get(Bucket.FOLLOWS, 0), Bucket.FOLLOWS, members, follow, new)]
    if counts.get(Bucket.OLD, 0):
        parts.append(says.old(counts[Bucket.OLD], Bucket.OLD, old))
    for group, said in OF_A_ROLLOUT.items():
        count = counts.get(group, 0)
        if group is Bucket.NOT_YET:
            parts += _must_act(says, counts, due, today)
        if count:
            parts.append(says.part(count, group, said))
        if count and late and group is Bucket.NOT_REPORTED:
            parts.append(says.including(late, group))
    return Sentence(tuple(parts))


def _must_act(
    says: Saying, counts: Mapping[Bucket, int], due: date | None, today: date
) -> list[SentencePart]:
    """Those that must act, and how many of them are late; nothing where nobody must."""
    late = counts.get(Bucket.LATE, 0)
    must = counts.get(Bucket.MUST_ACT, 0) + late
    if must == 0:
        return []
    if late == must:
        said = Message("{n} requires action and is late", "{n} require action and are late")
        return [says.part(must, Bucket.LATE, said)]
    if due:
        said = Message("{n} requires action by {day}", "{n} require action by {day}")
        parts = [says.part(must, Bucket.MUST_ACT, said, day=says.language.near_day(due, today))]
    else:
        parts = [says.part(must, Bucket.MUST_ACT, Message("{n} requires action", "{n} require action"))]
    if late:
        parts.append(says.including(late, Bucket.LATE))
    return parts


def sweep_sentence(
    bands: Mapping[Result, int], version: str, old: str | None, language: Language = ENGLISH
) -> Sentence:
    """Who keeps the version's rules, and in which band every other project is."""
    judged, says = sum(bands.values()), Saying(language)
    if judged == 0:
        return Sentence((), language.say("No project was judged."))
    passes = Message("{n} {of} passes {version}", "{n} {of} pass {version}")
    parts = [says.first(bands.get(Result.PASS, 0), Result.PASS, judged, passes, version)]
    for group in (Result.PERMITTED, Result.GRANDFATHERED, Result.UNKNOWN, Result.FAIL, Result.ERROR,
                  Result.NOT_APPLICABLE):  # fmt: skip
        count = bands.get(group, 0)
        if count and group is Result.GRANDFATHERED:
            parts.append(says.old(count, group, old))
        elif count:
            parts.append(says.part(count, group, OF_A_SWEEP[group]))
    return Sentence(tuple(parts))
