"""Notices to offices, each sent once: from how adoptions moved, counted per office, without names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TypeAlias

from domain.organization.ladder import EscalationLevel, ladder
from domain.organization.office import Organization, Role
from domain.questions.question import Notice, NoticeKind
from domain.rollouts.carrying import OWNER
from domain.rollouts.rollout import Adoption, Rollout, RolloutState, Standing, leader_of_waves
from domain.words import business_days

TEXTS: Mapping[NoticeKind, str] = {
    NoticeKind.QUESTION: "{n} projects wait for an answer of yours; the report says until when",
    NoticeKind.DUE: "{n} projects are bound by the version now; the report says what is due",
    NoticeKind.LATE: "{n} projects are past their date",
    NoticeKind.ESCALATED: "{n} projects of an office below you are past their date",
    NoticeKind.LAPSED: "{n} projects may no longer finish under the old version; the report says what is due",
    NoticeKind.CARRIED: "{n} projects of yours had not settled when their wave ended, and are carried "
    "forward; the report says until when",
    NoticeKind.HALTED: "the rollout halted; a named person resumes it",
}
Call: TypeAlias = tuple[NoticeKind, str, str]
"""A kind of notice, the office and the role that get it."""


def notices(
    organization: Organization,
    rollout: Rollout,
    moved: Iterable[tuple[Adoption, Adoption]],
    today: date,
) -> tuple[Notice, ...]:
    """The notices for these moves (before, after); one key for each notice and day, so it is sent once."""
    leader = leader_of_waves(organization, rollout.manifest.waves).id
    told: Counter[Call] = Counter()
    for before, after in moved:
        told.update(_calls(_ladder(organization, after.office, leader), before, after))
    found = []
    for (kind, office, role), n in sorted(told.items()):
        text = _text(organization, leader, (kind, office, role), n)
        key = f"{kind}/{rollout.id}/{office}/{role}/{today}"
        found.append(Notice(key, kind, office, role, today, {"projects": n}, text))
    if rollout.state is RolloutState.HALTED:
        key = f"halted/{rollout.id}/{rollout.note}"
        found.append(
            Notice(key, NoticeKind.HALTED, leader, str(Role.APPROVER), today, {}, TEXTS[NoticeKind.HALTED])
        )
    return tuple(found)


def together(organization: Organization, rollout: Rollout, one: Notice, other: Notice) -> Notice:
    """One notice for what both are about, of the same key: it counts the projects of both."""
    if not other.counts:
        return one
    n = one.counts["projects"] + other.counts["projects"]
    leader = leader_of_waves(organization, rollout.manifest.waves).id
    text = _text(organization, leader, (one.kind, one.office, one.role), n)
    return replace(one, counts={"projects": n}, text=text)


def _text(organization: Organization, leader: str, call: Call, n: int) -> str:
    kind, office, _ = call
    text = TEXTS[kind].format(n=n)
    if kind is NoticeKind.LATE:
        text += _what_follows(organization, _ladder(organization, office, leader))
    return text


def _ladder(organization: Organization, office: str, leader: str) -> tuple[EscalationLevel, ...]:
    """Who is told of an office that is late, in a rollout that the office `leader` leads."""
    return ladder(organization, office, organization.clocks.escalation, leader)


def _calls(levels: Sequence[EscalationLevel], before: Adoption, after: Adoption) -> Iterator[Call]:
    """What a move gives notice of: its standing, its new date, each level of the ladder that it reached."""
    office = after.office
    if after.standing is not before.standing:
        if after.standing is Standing.QUESTIONED:
            yield NoticeKind.QUESTION, office, str(Role.REPORTER)
        if after.standing in (Standing.BINDING, Standing.FAILED):
            lapsed = before.standing is Standing.GRANDFATHERED or before.until is not None
            yield (NoticeKind.LAPSED if lapsed else NoticeKind.DUE), office, str(Role.REPORTER)
    if after.carried is not None and after.carried != before.carried:
        yield NoticeKind.CARRIED, office, str(OWNER)
    for n, level in enumerate(levels[before.escalated : after.escalated], before.escalated):
        yield (NoticeKind.ESCALATED if n else NoticeKind.LATE), level.office, str(level.role)


def _what_follows(organization: Organization, levels: Sequence[EscalationLevel]) -> str:
    """Who is told after the head, and when; nothing where the ladder ends with the head."""
    if len(levels) == 1:
        return ""
    first, then = levels[:2]
    week = 7 - len(organization.offices[first.office].calendar.weekend)
    who = "the parent office" if then.role is Role.HEAD else "the sponsor"
    return f"; {business_days(then.after - first.after, week)} more and {who} is told"
