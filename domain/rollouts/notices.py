"""Notices to offices, each sent once: from how adoptions moved, counted per office, without names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from domain.organization.office import Organization, Role
from domain.questions.question import Notice, NoticeKind
from domain.rollouts.rollout import Adoption, Rollout, RolloutState, Standing

TEXTS: Mapping[NoticeKind, str] = {
    NoticeKind.QUESTION: "{n} projects wait for an answer of yours; the questions stand in your tool",
    NoticeKind.DUE: "{n} projects are bound by the version now; the work items stand in your tool",
    NoticeKind.LATE: "{n} projects are past their date; one week more and the parent office is told",
    NoticeKind.ESCALATED: "{n} projects of an office below you are past their date",
    NoticeKind.LAPSED: "{n} projects may no longer finish under the old version; see the work items",
    NoticeKind.HALTED: "the rollout halted; a named person resumes it",
}


def notices(
    organization: Organization,
    rollout: Rollout,
    moved: Iterable[tuple[Adoption, Adoption]],
    today: date,
) -> tuple[Notice, ...]:
    """The notices for these moves (before, after); one key for each notice and day, so it is sent once."""
    told: Counter[tuple[NoticeKind, str, str]] = Counter()
    for before, after in moved:
        for kind, office, role in _calls(organization, before, after):
            told[kind, office, role] += 1
    found = [
        _notice(rollout, kind, office, role, n, today) for (kind, office, role), n in sorted(told.items())
    ]
    if rollout.state is RolloutState.HALTED:
        leader = organization.strategic().id
        key = f"halted/{rollout.id}/{rollout.note}"
        found.append(
            Notice(key, NoticeKind.HALTED, leader, str(Role.APPROVER), today, {}, TEXTS[NoticeKind.HALTED])
        )
    return tuple(found)


def together(one: Notice, other: Notice) -> Notice:
    """One notice for what both are about, of the same key: it counts the projects of both."""
    counted = {name: one.counts.get(name, 0) + n for name, n in other.counts.items()}
    text = TEXTS[one.kind].format(n=counted["projects"]) if counted else one.text
    return replace(one, counts=counted, text=text)


def _calls(
    organization: Organization, before: Adoption, after: Adoption
) -> Iterable[tuple[NoticeKind, str, str]]:
    office = after.office
    if after.standing is not before.standing:
        if after.standing is Standing.QUESTIONED:
            yield NoticeKind.QUESTION, office, str(Role.REPORTER)
        if after.standing in (Standing.BINDING, Standing.FAILED):
            lapsed = before.standing is Standing.GRANDFATHERED or before.until is not None
            yield (NoticeKind.LAPSED if lapsed else NoticeKind.DUE), office, str(Role.REPORTER)
    if after.escalated >= 1 > before.escalated:
        yield NoticeKind.LATE, office, str(Role.HEAD)
    if after.escalated >= 2 > before.escalated:
        parent = organization.offices[office].parent or office
        yield NoticeKind.ESCALATED, parent, str(Role.HEAD)


def _notice(rollout: Rollout, kind: NoticeKind, office: str, role: str, count: int, today: date) -> Notice:
    key = f"{kind}/{rollout.id}/{office}/{role}/{today}"
    return Notice(key, kind, office, role, today, {"projects": count}, TEXTS[kind].format(n=count))
