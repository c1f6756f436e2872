"""A plan as canonical JSON (RFC 8785): the same plan gives the same bytes; and back.

Refuses what JSON lets through and nobody can mean: keys twice, NaN, numbers for dates, keys that are not
known.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NoReturn

from pydantic import BaseModel, ValidationError
from pydantic.json_schema import GenerateJsonSchema

from connectors.errors import Refused
from connectors.plan_files.found import MOST_CALENDARS, MOST_LINKS, MOST_TASKS, PlanRead, checked, within
from connectors.plan_files.shapes import FORMAT, CalendarShape, PlanShape, TaskShape
from domain.canonical import canonical
from domain.organization.calendar import Hours
from domain.plans.link import Lag, PlanLink
from domain.plans.task import Constraint, Duration, Money, PlanTask
from domain.plans.whole_plan import WholePlan
from domain.plans.work_calendar import SpecialDay, WorkCalendar

DRAFT = "https://json-schema.org/draft/2020-12/schema"
LARGEST = 32 * 1024 * 1024
LISTS = {"tasks": MOST_TASKS, "links": MOST_LINKS, "calendars": MOST_CALENDARS}
MOST_TOLD = 5


class _Untitled(GenerateJsonSchema):
    """Schemas without titles that only repeat the keys."""

    def field_title_should_be_set(self, schema: object) -> bool:
        """Never."""
        del schema
        return False


class _Twice(ValueError):
    """A key that stands twice in an object."""


def written(plan: WholePlan) -> bytes:
    """The plan as canonical JSON with a line's end."""
    return canonical(document(plan)) + b"\n"


def document(plan: WholePlan) -> dict[str, object]:
    """The plan in JSON's types; what is not stated is left out, links are in order."""
    stated = {name: _plain(getattr(plan, name)) for name in ("start", "finish", "status_date")}
    return {
        "format": FORMAT,
        "title": plan.title,
        "calendar": plan.calendar,
        **{name: value for name, value in stated.items() if value is not None},
        "calendars": [_calendar(each) for each in plan.calendars],
        "tasks": [_stated(each) for each in plan.tasks],
        "links": [_link(each) for each in sorted(plan.links)],
    }


def json_schema() -> dict[str, Any]:
    """The JSON Schema of the form, generated from its types."""
    return {
        "$schema": DRAFT,
        "$id": f"urn:{FORMAT.replace('/', ':')}",
        **PlanShape.model_json_schema(schema_generator=_Untitled),
    }


def _calendar(calendar: WorkCalendar) -> dict[str, object]:
    special = [
        {
            "day": day.isoformat(),
            "reason": str(each.reason),
            **({"hours": _hours(each.hours)} if each.hours else {}),
            **({"name": each.name} if each.name else {}),
        }
        for day, each in sorted(calendar.special.items())
    ]
    found: dict[str, object] = {"name": calendar.name, "week": [_hours(each) for each in calendar.week]}
    return found | ({"special": special} if special else {})


def _hours(hours: Hours) -> list[list[str]]:
    return [[f"{at // 60:02}:{at % 60:02}" for at in each] for each in hours]


def _link(link: PlanLink) -> dict[str, object]:
    ends: dict[str, object] = {
        "predecessor": link.predecessor,
        "successor": link.successor,
        "type": str(link.type),
    }
    if link.lag.amount:
        ends["lag"] = {"amount": link.lag.amount, "measure": str(link.lag.measure)}
    return ends


def _stated(value: PlanTask | Duration | Constraint | Money) -> dict[str, object]:
    """What a value states, without what it does not."""
    found = {each.name: getattr(value, each.name) for each in fields(value)}
    return {
        name: _plain(each)
        for name, each in found.items()
        if name == "name" or not (each is None or each is False or each in ("", ()))
    }


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat(timespec="auto" if value.second or value.microsecond else "minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(value, Duration | Constraint | Money):
        return _stated(value)
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return value


def read(data: bytes, name: str) -> PlanRead:
    """The plan of a JSON file. Raises `Refused` with the line or the place in the plan, and a remedy."""
    if len(data) > LARGEST:
        raise Refused(f"{name}: it has {len(data):,} bytes; at most {LARGEST:,} are read; split the plan")
    found = _parsed(data, name)
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise Refused(f'{name}: it is no plan of ours; its first key is "format": "{FORMAT}"')
    for key, most in LISTS.items():
        if isinstance(found.get(key), list):
            within(len(found[key]), most, key, name)
    try:
        shape = PlanShape.model_validate(found)
    except ValidationError as wrong:
        errors = wrong.errors(include_url=False, include_input=False)
        more = [f"and {len(errors) - MOST_TOLD} more"] * (len(errors) > MOST_TOLD)
        raise Refused(f"{name}: " + "; ".join([*map(_told, errors[:MOST_TOLD]), *more])) from None
    try:
        return checked(PlanRead(plan_of(shape), "json"), name)
    except ValueError as wrong:
        raise Refused(f"{name}: {wrong}") from None


def _parsed(data: bytes, name: str) -> Any:  # noqa: ANN401 - whatever JSON has
    def constant(text: str) -> NoReturn:
        raise ValueError(f"it holds {text}, which is no number; give one or leave the key out")

    try:
        return json.loads(data.decode("utf-8-sig"), parse_constant=constant, object_pairs_hook=_once)
    except UnicodeDecodeError as wrong:
        line = data[: wrong.start].count(b"\n") + 1
        raise Refused(f"{name}, line {line}: it is not written in UTF-8; save it as UTF-8") from None
    except json.JSONDecodeError as wrong:
        raise Refused(
            f"{name}, line {wrong.lineno}, column {wrong.colno}: it is no JSON ({wrong.msg}); correct that"
        ) from None
    except RecursionError:
        raise Refused(
            f"{name}: it is nested too deep; write it anew with `interoffice plan read --out`"
        ) from None
    except ValueError as wrong:
        raise Refused(f"{name}: {wrong}") from None


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise _Twice(f"the key {twice!r} stands twice in one object; keep one")
    return found


def _told(error: Mapping[str, Any]) -> str:
    """`tasks[3].duration.minutes: Input should be a valid integer`."""
    place = ""
    for part in error["loc"]:
        place += f"[{part}]" if isinstance(part, int) else f".{part}" if place else str(part)
    what = error.get("ctx", {}).get("error") or error["msg"]
    remedy = "; remove it or correct its name" if error["type"] == "extra_forbidden" else ""
    return f"{place or 'the plan'}: {what}{remedy}"


def plan_of(shape: PlanShape) -> WholePlan:
    """The plan that a file says. Raises ValueError for hours or a constraint that contradict themselves."""
    return WholePlan(
        shape.title,
        shape.calendar,
        tuple(_work_calendar(each) for each in shape.calendars),
        tuple(_task(each) for each in shape.tasks),
        tuple(
            PlanLink(
                each.predecessor,
                each.successor,
                each.type,
                Lag(_whole(each.lag.amount), each.lag.measure) if each.lag and each.lag.amount else Lag(),
            )
            for each in shape.links
        ),
        shape.start,
        shape.finish,
        shape.status_date,
    )


def _whole(amount: float) -> float:
    return int(amount) if amount == int(amount) else amount


def _work_calendar(shape: CalendarShape) -> WorkCalendar:
    special = {each.day: SpecialDay(each.reason, each.hours, each.name) for each in shape.special}
    if len(special) < len(shape.special):
        raise ValueError(f"the calendar {shape.name}: a special day stands twice; keep one")
    return WorkCalendar(shape.name, shape.week, special)


def _task(shape: TaskShape) -> PlanTask:
    return PlanTask(**dict(_values(shape)))


def _values(shape: TaskShape) -> Iterator[tuple[str, Any]]:
    kinds = {
        "duration": Duration,
        "remaining": Duration,
        "work": Duration,
        "constraint": Constraint,
        "cost": Money,
    }
    for name in type(shape).model_fields:
        value = getattr(shape, name)
        if isinstance(value, BaseModel):
            try:
                value = kinds[name](**dict(value))
            except ValueError as wrong:
                raise ValueError(f"the task {shape.uid}: {wrong}") from None
        yield name, value
