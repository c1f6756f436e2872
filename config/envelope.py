"""The envelope of a message: its kind and data, plain or as a CloudEvent; it refuses unknown fields.

Plain is what Standard Webhooks recommends: `type`, `timestamp`, `data`. A CloudEvent (1.0) comes in
structured mode, all of it JSON, or in binary mode, with its attributes as headers.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, cast

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError, model_validator
from pydantic_core import from_json

from config.messages import KINDS, MessageKind, MessageShape
from config.problems import meant

STRUCTURED = "application/cloudevents+json"
PLAIN = "application/json"
REFERENCE = re.compile(r"message ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")
"""A flow's parameter that refers to a stored message for its text."""
ATTRIBUTE = re.compile(r"[a-z0-9]{1,20}")
CONTROL = r"\x00-\x1f\x7f-\x9f\u2028\u2029"
Text = Annotated[str, StringConstraints(min_length=1, max_length=256, pattern=rf"^[^{CONTROL}]+$")]
"""A line of text: no control characters, so that it can be a key, and be shown."""
Reference = Annotated[str, StringConstraints(min_length=1, max_length=256, pattern=rf"^[^\s{CONTROL}]+$")]
"""The same without blanks, as a URI is: an id that follows it after a blank is not taken for a part of it."""


class Unfit(Exception):
    """A message that cannot be understood; its text says where and what to write, and repeats no value."""


class PlainShape(BaseModel):
    """A message as Standard Webhooks recommends it."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    type: Text
    data: dict[str, Any]
    timestamp: Text | None = None


class CloudEventShape(BaseModel):
    """A CloudEvent as JSON; extension attributes are permitted, and not read."""

    model_config = ConfigDict(extra="allow", frozen=True, strict=True)

    specversion: Literal["1.0"]
    id: Text
    source: Reference
    type: Text
    data: dict[str, Any]
    time: Text | None = None
    subject: Text | None = None
    datacontenttype: Literal["application/json"] = "application/json"
    dataschema: Text | None = None

    @model_validator(mode="after")
    def _only_attributes(self) -> CloudEventShape:
        for name, value in (self.model_extra or {}).items():
            if not ATTRIBUTE.fullmatch(name) or not isinstance(value, str | int | bool):
                raise ValueError("has a field that is no attribute of a CloudEvent")
        return self


@dataclass(frozen=True, slots=True)
class Opened:
    """A message by its kind, with its sender's id where the envelope holds one."""

    kind: str
    data: Mapping[str, Any]
    id: str = ""


def parsed(body: bytes) -> Any:  # noqa: ANN401 - JSON
    """The JSON value in a body. Raises Unfit for no JSON, too deep nesting, and a number that is infinite."""
    try:
        said = from_json(body, allow_inf_nan=False, cache_strings=False)
    except ValueError as problem:
        at = re.search(r"line \d+ column \d+", str(problem))
        raise Unfit(f"the body is no JSON that can be read{f', at {at[0]}' if at else ''}") from None
    if not _is_finite(said):
        raise Unfit("the body holds a number that is too large")
    return said


def _is_finite(said: object) -> bool:
    """Whether every number is finite: the parser reads 1e400 as infinity."""
    left = [said]
    while left:
        each = left.pop()
        if isinstance(each, dict):
            left.extend(each.values())
        elif isinstance(each, list):
            left.extend(each)
        elif isinstance(each, float) and not math.isfinite(each):
            return False
    return True


def opened(headers: Mapping[str, str], body: bytes, *, authentic: bool) -> Opened:
    """The message in a verified body. `headers` by lower-case name; `authentic` says they are verified too.

    Raises Unfit, also for a CloudEvent in binary mode whose headers are not signed.
    """
    form = headers.get("content-type", "").partition(";")[0].strip().lower()
    if form not in (PLAIN, STRUCTURED):
        raise Unfit(f"the content type must be {PLAIN} or {STRUCTURED}")
    said = parsed(body)
    if form == STRUCTURED:
        event = _shaped(CloudEventShape, said)
        return Opened(event.type, event.data, f"{event.source} {event.id}")
    if "ce-specversion" in headers:
        if not authentic:
            raise Unfit(f"a CloudEvent's headers are not covered by this signature: send it as {STRUCTURED}")
        names = ("specversion", "id", "source", "type")
        event = _shaped(CloudEventShape, {n: headers.get(f"ce-{n}", "") for n in names} | {"data": said})
        return Opened(event.type, event.data, f"{event.source} {event.id}")
    plain = _shaped(PlainShape, said)
    return Opened(plain.type, plain.data)


def data_of(body: bytes) -> Mapping[str, Any]:
    """The data of a stored message: what stands under `data`; of a CloudEvent in binary mode, the body."""
    said = parsed(body)
    found = said.get("data", said) if isinstance(said, dict) else None
    if not isinstance(found, dict):
        raise Unfit("the body holds no object of data")
    return found


def kind_of(name: str) -> MessageKind:
    """The kind of that name. Raises Unfit naming the closest one."""
    if name not in KINDS:
        raise Unfit(f"there is no such kind of message; {meant(name, KINDS) or 'see /docs'}")
    return KINDS[name]


def fitting(kind: MessageKind, data: Mapping[str, Any]) -> MessageShape:
    """The data of a message of that kind. Raises Unfit naming every field that is wrong."""
    return cast("MessageShape", _shaped(kind.shape, data, "data"))


def parameters(kind: MessageKind, said: MessageShape, message: str) -> Mapping[str, Any]:
    """The parameters of the flow of that kind; instead of texts and people a reference to the message."""
    withheld = dict.fromkeys(said.withheld, f"message {message}")
    return {**said.model_dump(exclude=set(said.said_only)), **withheld, **kind.always}


def referred(parameter: str) -> str:
    """The id of the message to which a flow's parameter refers; empty where it is the text itself."""
    found = REFERENCE.fullmatch(parameter.strip())
    return found[1] if found else ""


def _shaped(shape: type[Any], said: object, above: str = "") -> Any:  # noqa: ANN401 - of that shape
    try:
        return shape.model_validate(said)
    except ValidationError as refused:
        raise Unfit(_told(refused, above)) from None


def _told(refused: ValidationError, above: str) -> str:
    """What is wrong and where, without any value; unknown names are the sender's, so only counted."""
    errors = refused.errors(include_url=False, include_input=False, include_context=False)
    unknown = sum(error["type"] == "extra_forbidden" for error in errors)
    lines = [
        f"{'.'.join([above, *map(str, error['loc'])]).strip('.') or 'the body'}: {error['msg'].lower()}"
        for error in errors[:5]
        if error["type"] != "extra_forbidden"
    ]
    if unknown:
        lines.append(f"{unknown} unknown field{'s' * (unknown > 1)}: see /docs for those that there are")
    return "; ".join(lines)
