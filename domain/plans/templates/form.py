"""A template as plain data, in one order whatever order it was made in: what files hold and the hash covers.

Durations and lags are texts such as `40h`, `90m`, `48eh` (elapsed hours) and `50%`. Fields that say nothing
are left out. It refuses to read data: config does, with the place of each error.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from operator import attrgetter

from domain.canonical import digest
from domain.organization.calendar import Hours
from domain.plans.link import Lag, LagMeasure, PlanLink
from domain.plans.task import Duration, Money
from domain.plans.templates.template import Note, Template, TemplateTask

HOUR = 60
_LENGTH = re.compile(r"(?P<sign>[+-]?)(?P<amount>\d{1,9})(?P<elapsed>e?)(?P<unit>[hm])")
_PERCENT = re.compile(r"[+-]?\d{1,9}(\.\d{1,6})?%")
DURATION_FORM = "write it as 40h, 90m or 48eh (elapsed hours)"
LAG_FORM = "write it as 16h, -8h, 24eh (elapsed hours) or 50%"
HOURS_FORM = "write it as 08:00-12:00, 13:00-17:00, or leave it empty for a free day"
_HOURS = re.compile(r"(\d\d):([0-5]\d)-(\d\d):([0-5]\d)")


class NotSuchText(ValueError):
    """A text has another form: what it is not, and what to write instead."""

    def __init__(self, what: str, instead: str) -> None:
        super().__init__(f"{what}; {instead}")
        self.what, self.instead = what, instead


def duration_text(duration: Duration) -> str:
    """`40h`, `90m`, `48eh`."""
    return _length(duration.minutes, elapsed=duration.elapsed)


def duration_of(text: str) -> Duration:
    """The duration of such a text. Raises NotSuchText."""
    found = _LENGTH.fullmatch(text.strip())
    if found is None or found["sign"]:
        raise NotSuchText(f"{text[:40]!r} is no duration", DURATION_FORM)
    return Duration(_minutes(found), bool(found["elapsed"]))


def offset_of(text: str) -> int:
    """Working minutes after the plan's start, `-8h` before it. Raises NotSuchText."""
    found = _LENGTH.fullmatch(text.strip())
    if found is None or found["elapsed"]:
        raise NotSuchText(f"{text[:40]!r} is no working time", "write it as 40h or 90m")
    return _minutes(found)


def lag_text(lag: Lag) -> str:
    """`16h`, `-8h`, `24eh`, `50%`."""
    if lag.measure is LagMeasure.PERCENT:
        return f"{lag.amount:.6f}".rstrip("0").rstrip(".") + "%"
    return _length(int(lag.amount), elapsed=lag.measure is LagMeasure.ELAPSED)


def lag_of(text: str) -> Lag:
    """The lag of such a text. Raises NotSuchText."""
    asked = text.strip()
    if _PERCENT.fullmatch(asked):
        return Lag(float(asked[:-1]), LagMeasure.PERCENT)
    found = _LENGTH.fullmatch(asked)
    if found is None:
        raise NotSuchText(f"{text[:40]!r} is no lag", LAG_FORM)
    return Lag(_minutes(found), LagMeasure.ELAPSED if found["elapsed"] else LagMeasure.WORKING)


def hours_text(hours: Hours) -> str:
    """`08:00-12:00, 13:00-17:00`; empty for a free day."""
    return ", ".join(f"{_clock(start)}-{_clock(stop)}" for start, stop in hours)


def hours_of(text: str) -> Hours:
    """The hours of such a text. Raises NotSuchText."""
    found = []
    for part in filter(None, (each.strip() for each in text.split(","))):
        match = _HOURS.fullmatch(part)
        if match is None:
            raise NotSuchText(f"{part[:40]!r} are no hours of a day", HOURS_FORM)
        start, start_minute, stop, stop_minute = map(int, match.groups())
        found.append((start * HOUR + start_minute, stop * HOUR + stop_minute))
    return tuple(found)


def _length(minutes: int, *, elapsed: bool) -> str:
    amount, unit = (minutes // HOUR, "h") if minutes % HOUR == 0 else (minutes, "m")
    return f"{amount}{'e' if elapsed else ''}{unit}"


def _minutes(found: re.Match[str]) -> int:
    amount = int(found["amount"]) * (HOUR if found["unit"] == "h" else 1)
    return -amount if found["sign"] == "-" else amount


def _clock(minute: int) -> str:
    return f"{minute // HOUR:02}:{minute % HOUR:02}"


def in_order(template: Template) -> Template:
    """The same template with everything in one order: tasks as in the outline, all else sorted."""
    return replace(
        template,
        calendars=tuple(sorted(template.calendars, key=attrgetter("name"))),
        tasks=_outlined(template.tasks),
        links=tuple(sorted(template.links)),
        parameters=tuple(sorted(template.parameters, key=attrgetter("id"))),
        risks=tuple(sorted(template.risks, key=attrgetter("uid"))),
        lessons=tuple(sorted(template.lessons, key=attrgetter("uid"))),
        documents=tuple(sorted(template.documents, key=attrgetter("uid"))),
    )


def _outlined(tasks: tuple[TemplateTask, ...]) -> tuple[TemplateTask, ...]:
    """Each phase before the tasks in it, siblings in their order; what is in no phase comes last."""
    within: dict[str | None, list[TemplateTask]] = {}
    for task in tasks:
        within.setdefault(task.parent, []).append(task)
    found: dict[int, TemplateTask] = {}
    waiting = list(reversed(within.get(None, ())))
    while waiting:
        task = waiting.pop()
        if id(task) not in found:
            found[id(task)] = task
            waiting += reversed(within.get(task.uid, ()))
    rest = (task for task in tasks if id(task) not in found)
    return tuple(_sorted(task) for task in (*found.values(), *rest))


def _sorted(task: TemplateTask) -> TemplateTask:
    return replace(
        task,
        effort=tuple(sorted(task.effort, key=lambda each: (each.role, each.minutes or 0))),
        rules=tuple(sorted(task.rules)),
    )


def digest_of(template: Template) -> str:
    """SHA-256 (hex) of the template's content; equal content gives equal digests, in whatever order."""
    return digest(as_data(template))


def as_data(template: Template) -> dict[str, object]:
    """The template as JSON and YAML know values: what its file holds."""
    template = in_order(template)
    pilot = template.pilot
    return _filled(
        id=template.id,
        names=_texts(template.names),
        owner=template.owner,
        language=template.language,
        calendar=template.calendar,
        calendars=[
            {"name": each.name, "week": [hours_text(hours) for hours in each.week]}
            for each in template.calendars
        ],
        pilot=None
        if pilot is None
        else _filled(
            office=pilot.office, captured=pilot.captured.isoformat(), source=pilot.source,
            standing=str(pilot.standing),
        ),
        size=template.size and {"driver": str(template.size.driver), "amount": f"{template.size.amount:f}"},
        parameters=[
            {"id": each.id, "names": _texts(each.names), "values": list(each.values)}
            for each in template.parameters
        ],
        tasks=[_task(task) for task in template.tasks],
        links=[_link(link) for link in template.links],
        risks=_notes(template.risks),
        lessons=_notes(template.lessons),
        documents=[
            _filled(uid=each.uid, names=_texts(each.names), link=each.link, task=each.task)
            for each in template.documents
        ],
    )  # fmt: skip


def _task(task: TemplateTask) -> dict[str, object]:
    condition, held, evidence, estimate = task.condition, task.held, task.evidence, task.estimate
    return _filled(
        uid=task.uid,
        names=_texts(task.names),
        kind=str(task.kind),
        parent=task.parent,
        duration=_duration(task.duration),
        calendar=task.calendar,
        need=str(task.need),
        condition=condition and {"parameter": condition.parameter, "values": list(condition.values)},
        effort=[
            _filled(role=each.role, work=_after(each.minutes))
            for each in task.effort
        ],
        cost=_money(task.cost),
        rules=list(task.rules),
        held=held and _filled(kind=str(held.kind), after=_after(held.after)),
        deadline=_after(task.deadline),
        mark=task.mark and str(task.mark),
        open=task.open or None,
        once=task.once or None,
        evidence=evidence
        and (
            _filled(
                planned=_duration(evidence.planned), actual=_duration(evidence.actual),
                baselined=evidence.baselined or None, began=_after(evidence.began),
                ended=_after(evidence.ended), work=_after(evidence.work), cost=_money(evidence.cost),
            )
            or None
        ),
        estimate=estimate
        and {
            "likely": duration_text(estimate.likely),
            "safe": duration_text(estimate.safe),
            "basis": str(estimate.basis),
        },
    )  # fmt: skip


def _link(link: PlanLink) -> dict[str, object]:
    lag = lag_text(link.lag) if link.lag.amount else None
    return _filled(predecessor=link.predecessor, successor=link.successor, type=str(link.type), lag=lag)


def _notes(notes: Iterable[Note]) -> list[dict[str, object]]:
    return [_filled(uid=each.uid, texts=_texts(each.texts), task=each.task) for each in notes]


def _texts(texts: Mapping[str, str]) -> dict[str, str]:
    return dict(sorted(texts.items()))


def _duration(duration: Duration | None) -> str | None:
    return None if duration is None else duration_text(duration)


def _after(minutes: int | None) -> str | None:
    return None if minutes is None else _length(minutes, elapsed=False)


def _money(money: Money | None) -> dict[str, str] | None:
    return None if money is None else {"amount": f"{money.amount:f}", "currency": money.currency}


def _filled(**values: object) -> dict[str, object]:
    """The values that say something."""
    return {name: value for name, value in values.items() if value is not None and value not in ([], {})}
