"""Notices to offices, each sent once: from how adoptions moved, counted per office, without names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TypeAlias

from domain.language import Language, Message
from domain.organization.ladder import EscalationLevel, ladder
from domain.organization.office import Organization, Role
from domain.questions.question import Notice, NoticeKind
from domain.rollouts.carrying import OWNER
from domain.rollouts.rollout import Adoption, Rollout, RolloutState, Standing, leader_of_waves

TEXTS: Mapping[NoticeKind, Message] = {
    NoticeKind.QUESTION: Message(
        "{n} project waits for an answer of yours; the report says until when",
        "{n} projects wait for an answer of yours; the report says until when",
    ),
    NoticeKind.DUE: Message(
        "{n} project is bound by the version now; the report says what is due",
        "{n} projects are bound by the version now; the report says what is due",
    ),
    NoticeKind.LATE: Message("{n} project is past its date", "{n} projects are past their date"),
    NoticeKind.ESCALATED: Message(
        "{n} project of an office below you is past its date",
        "{n} projects of an office below you are past their date",
    ),
    NoticeKind.LAPSED: Message(
        "{n} project may no longer complete under the old version; the report says what is due",
        "{n} projects may no longer complete under the old version; the report says what is due",
    ),
    NoticeKind.DISCRETION: Message(
        "{n} project completes under the old version beyond the rule, as its program manager elected; the "
        "report says why",
        "{n} projects complete under the old version beyond the rule, as their program managers elected; the "
        "report says why",
    ),
    NoticeKind.CARRIED: Message(
        "{n} project of yours had not settled when its wave ended, and is carried forward; "
        "the report says until when",
        "{n} projects of yours had not settled when their wave ended, and are carried forward; "
        "the report says until when",
    ),
}
HALTED = Message("the rollout halted; a named person resumes it")
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
        if after.beyond and not before.beyond:
            told.update(dict.fromkeys(_of_discretion(leader, after.office), 1))
    found = []
    for (kind, office, role), n in sorted(told.items()):
        text = _text(organization, leader, (kind, office, role), n)
        key = f"{kind}/{rollout.id}/{office}/{role}/{today}"
        counts, says = {"projects": n}, organization.language_of(office)
        found.append(Notice(key, kind, office, role, today, counts, text, says.tag))
    if rollout.state is RolloutState.HALTED:
        key = f"halted/{rollout.id}/{rollout.note}"
        says = organization.language_of(leader)
        text = says.message(HALTED)
        found.append(Notice(key, NoticeKind.HALTED, leader, str(Role.APPROVER), today, {}, text, says.tag))
    return tuple(found)


def together(organization: Organization, rollout: Rollout, one: Notice, other: Notice) -> Notice:
    """One notice for what both are about, of the same key: it counts the projects of both."""
    if not other.counts:
        return one
    n = one.counts["projects"] + other.counts["projects"]
    leader = leader_of_waves(organization, rollout.manifest.waves).id
    text = _text(organization, leader, (one.kind, one.office, one.role), n)
    return replace(one, counts={"projects": n}, text=text, language=other.language)


def _text(organization: Organization, leader: str, call: Call, n: int) -> str:
    kind, office, _ = call
    says = organization.language_of(office)
    text = says.message(TEXTS[kind], n=n)
    if kind is NoticeKind.LATE:
        text += _what_follows(organization, _ladder(organization, office, leader), says)
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


def _of_discretion(leader: str, office: str) -> Iterator[Call]:
    """Who is told that a program manager elected beyond the rule: who leads, and the project's office."""
    yield NoticeKind.DISCRETION, leader, str(Role.APPROVER)
    yield NoticeKind.DISCRETION, office, str(Role.HEAD)


def _what_follows(organization: Organization, levels: Sequence[EscalationLevel], says: Language) -> str:
    """Who is told after the head, and when; nothing where the ladder ends with the head."""
    if len(levels) == 1:
        return ""
    first, then = levels[:2]
    days, week = then.after - first.after, 7 - len(organization.offices[first.office].calendar.weekend)
    if then.role is Role.HEAD:
        if days == week:
            return says.say("; one week more and the parent office is told")
        return says.count(
            days,
            "; {n} business day more and the parent office is told",
            "; {n} business days more and the parent office is told",
        )
    if days == week:
        return says.say("; one week more and the sponsor is told")
    return says.count(
        days,
        "; {n} business day more and the sponsor is told",
        "; {n} business days more and the sponsor is told",
    )
