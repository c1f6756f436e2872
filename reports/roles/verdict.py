"""The first line of a page per role, the line under it, and its figures, in the language of the reader.

Refuses a seventh figure.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from domain.language import Language
from domain.reporting.roles.basis import BasisRollout
from domain.reporting.roles.readers import WHOLE, PageKind
from domain.reporting.roles.sheet import RoleSheet
from domain.reporting.sentence import Bucket
from domain.rollouts.rollout import WaveState
from reports.roles.words import STATES, day_words
from reports.words import group_label

MOST_FIGURES = 6


@dataclass(frozen=True, slots=True)
class ShownFigure:
    """A figure: its value, what it counts, what stands under it, and the group whose pattern it has."""

    value: str
    label: str
    of: str = ""
    under: str = ""
    group: str = ""
    alarm: bool = False


def verdict(sheet: RoleSheet, says: Language) -> str:
    """What matters most to the reader, in one line."""
    rollout = sheet.basis.rollout
    if sheet.page.kind is PageKind.PROJECTS:
        return _of_manager(sheet, says)
    if sheet.page.kind in WHOLE and rollout is not None and len(sheet.projects) == len(sheet.basis.projects):
        share = _share(sheet, rollout, says)
        return says.say("{stand}; {share}", stand=_stand(rollout, says), share=share)
    return _of_some(sheet, says)


def _stand(rollout: BasisRollout, says: Language) -> str:
    if rollout.behind > 0:
        return says.count(rollout.behind, "{n} project behind plan", "{n} projects behind plan")
    if rollout.behind < 0:
        return says.count(-rollout.behind, "{n} project ahead of plan", "{n} projects ahead of plan")
    return says.say("On plan")


def _share(sheet: RoleSheet, rollout: BasisRollout, says: Language) -> str:
    if rollout.goal_reached:
        return says.say("80 % reached")
    if rollout.goal_on is None:
        return says.say("no day for 80 % can be told yet")
    return says.say("80 % expected {day}", day=day_words(says, rollout.goal_on, sheet.basis.as_of))


def _of_some(sheet: RoleSheet, says: Language) -> str:
    late, must = sheet.groups[Bucket.LATE], sheet.groups[Bucket.MUST_ACT]
    owed = sheet.groups[Bucket.NOT_REPORTED] + sheet.groups[Bucket.ASKED]
    said = []
    if not sheet.projects:
        return _of_none(sheet, says)
    if late:
        said.append(says.count(late, "{n} project is late", "{n} projects are late"))
    if must:
        said.append(
            says.count(
                must, "{n} project has something to put right", "{n} projects have something to put right"
            )
        )
    if owed:
        said.append(says.count(owed, "{n} project owes an answer", "{n} projects owe an answer"))
    if sheet.elections:
        said.append(says.count(len(sheet.elections), "{n} election waits", "{n} elections wait"))
    if not said:
        return says.say("No project has anything to put right")
    return says.listed(said)


def _of_none(sheet: RoleSheet, says: Language) -> str:
    """Why a page is about no project: the office was never read, or has none under the version."""
    version = f"{sheet.basis.title} {sheet.basis.version}"
    if sheet.page.kind is PageKind.OFFICE:
        office = next((each for each in sheet.basis.offices if each.id == sheet.page.about), None)
        if office is not None and office.stale and office.read_at is None:
            return says.say("This office was never read, so nothing is known of its projects")
        return says.say("This office has no project under {version}", version=version)
    if sheet.page.kind is PageKind.PROGRAM:
        return says.say("This program has no project under {version}", version=version)
    return says.say("No project is part of this")


def _of_manager(sheet: RoleSheet, says: Language) -> str:
    count = len(sheet.typed) + sheet.more_typed
    if not count:
        return says.say("Nothing waits for you")
    first = sheet.typed[0].by
    if first is None:
        return says.count(
            count, "{n} thing to do, without a date yet", "{n} things to do, without a date yet"
        )
    on = day_words(says, first, sheet.basis.as_of)
    if first < sheet.basis.as_of:
        return says.count(
            count, "{n} thing to do, due since {day}", "{n} things to do, the first due since {day}", day=on
        )
    return says.count(count, "{n} thing to do by {day}", "{n} things to do, the first by {day}", day=on)


def state(sheet: RoleSheet, says: Language) -> str:
    """Where the waves stand, or by what the projects were reviewed."""
    rollout = sheet.basis.rollout
    if rollout is None:
        return says.say(
            "Compliance review by {version}", version=f"{sheet.basis.title} {sheet.basis.version}"
        )
    running = [wave for wave in rollout.waves if wave.state is WaveState.RUNNING]
    ahead = [wave for wave in rollout.waves if wave.state is WaveState.PLANNED]
    count = len(rollout.waves)
    if len(running) > 1:
        numbers = says.listed([str(wave.number) for wave in running])
        waves = says.say("Waves {numbers} of {all} are running.", numbers=numbers, all=count)
    elif running:
        one = running[0]
        waves = says.say(
            "Wave {number} of {all} ({name}) is running.", number=one.number, all=count, name=one.name
        )
    elif ahead:
        one, begins = ahead[0], day_words(says, ahead[0].start, sheet.basis.as_of)
        waves = says.say(
            "Wave {number} of {all} ({name}) begins {day}.",
            number=one.number, all=count, name=one.name, day=begins,
        )  # fmt: skip
    else:
        waves = says.say("Every wave is completed.")
    return f"{waves} {says.message(STATES[rollout.state])}"


def figures(sheet: RoleSheet, says: Language) -> tuple[ShownFigure, ...]:
    """At most six figures of the page; none of a page that is about no project."""
    if not sheet.projects:
        return ()
    return tuple(_figures(sheet, says))[:MOST_FIGURES]


def _figures(sheet: RoleSheet, says: Language) -> Iterator[ShownFigure]:
    groups, basis = sheet.groups, sheet.basis

    def label(group: Bucket) -> str:
        return group_label(group, basis.version, basis.old, says)

    follows = Bucket.FOLLOWS
    of = says.say("of {n}", n=len(sheet.projects))
    yield ShownFigure(str(groups[follows]), label(follows), of, _since(sheet, says), follows)
    if basis.old or groups[Bucket.OLD]:
        under = says.say("by leeway, not compliant")
        yield ShownFigure(str(groups[Bucket.OLD]), label(Bucket.OLD), "", under, Bucket.OLD)
    late = groups[Bucket.LATE]
    must = groups[Bucket.MUST_ACT] + late
    under = says.say("none of them late")
    if late:
        under = says.count(late, "including {n} late", "including {n} late")
    kind = Bucket.LATE if late else Bucket.MUST_ACT
    yield ShownFigure(str(must), label(Bucket.MUST_ACT), "", under, kind, alarm=bool(late))
    owed, silent = len(sheet.owing), groups[Bucket.NOT_REPORTED]
    asked = says.say("including {n} not reported", n=silent) if silent else says.say("asked for")
    under = asked if owed else says.say("nobody owes an answer")
    yield ShownFigure(str(owed), says.say("Answers missing"), "", under, Bucket.NOT_REPORTED)
    if sheet.page.kind is not PageKind.PROJECTS and basis.rollout is not None:
        yield _elections(sheet, says)
    if sheet.page.kind in WHOLE and basis.rollout is not None:
        yield _goal(sheet, basis.rollout, says)
    elif sheet.page.kind is PageKind.OFFICE and basis.rollout is not None:
        told = sum(len(each.projects) for each in sheet.escalations)
        first = sheet.escalations[0].on if sheet.escalations else None
        on = says.say("the first on {day}", day=day_words(says, first, basis.as_of)) if first else ""
        yield ShownFigure(
            str(told), says.say("Will be escalated"), "", on or says.say("nothing is late soon")
        )


def _since(sheet: RoleSheet, says: Language) -> str:
    rollout = sheet.basis.rollout
    whole = sheet.page.kind in WHOLE and len(sheet.projects) == len(sheet.basis.projects)
    if rollout is None or not whole or rollout.adopted_before is None or rollout.counted_before is None:
        return says.say("every rule is kept")
    more = rollout.adopted - rollout.adopted_before
    on = day_words(says, rollout.counted_before, sheet.basis.as_of)
    if more < 0:
        return says.say("{n} fewer adopted than on {day}", n=-more, day=on)
    return (
        says.say("{n} more adopted than on {day}", n=more, day=on)
        if more
        else says.say("as many as on {day}", day=on)
    )


def _elections(sheet: RoleSheet, says: Language) -> ShownFigure:
    waiting = sheet.elections
    first = waiting[0].elect_by if waiting else None
    under = says.say("the first until {day}", day=day_words(says, first, sheet.basis.as_of)) if first else ""
    return ShownFigure(
        str(len(waiting)), says.say("Elections wait"), "", under or says.say("nobody has to elect")
    )


def _goal(sheet: RoleSheet, rollout: BasisRollout, says: Language) -> ShownFigure:
    label = says.say("80 % reached") if rollout.goal_reached else says.say("80 % forecast")
    value = day_words(says, rollout.goal_on, sheet.basis.as_of) if rollout.goal_on else says.say("not yet")
    return ShownFigure(value, label, "", says.say("by the trend of the last weeks"))
