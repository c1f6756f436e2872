"""YAML values into pydantic models, each of its errors a problem at its line; it refuses unknown keys."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Generic, TypeVar, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError
from pydantic_core import ErrorDetails

from config.credentials import looks_secret
from config.documents import At, YamlDocument
from config.problems import Problems, WrongValue, meant, shown
from domain.standards.standard import Where

SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
KINDS = {
    "string_type": "a text",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "list_type": "a list",
    "tuple_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "date_type": "a date",
    "date_parsing": "a date",
    "date_from_datetime_parsing": "a date",
    "date_from_datetime_inexact": "a date",
    "datetime_type": "a time",
    "datetime_parsing": "a time",
    "datetime_from_date_parsing": "a time",
}
FORMS = {
    "a list": "write `[a, b]`",
    "a date": "write it as 2027-01-04",
    "a time": "write it as 2027-01-04T07:00:00Z",
    "true or false": "write true or false",
    "a mapping": "write `key: value` lines under it",
    "a whole number": "write digits only",
    "a number": "write digits only",
}
NUMBERS = frozenset({"a number", "a whole number"})
DIGITS = re.compile(r"-?[0-9]+(\.[0-9]+)?")
"""A number that stands in quotes, and so is a text."""

Slug = Annotated[str, StringConstraints(pattern=SLUG, max_length=60)]
Words = Annotated[str, StringConstraints(min_length=1, max_length=2000, strip_whitespace=True)]
Whole = Annotated[int, Field(strict=True)]
Number = Annotated[float, Field(strict=True)]
Share = Annotated[float, Field(strict=True, ge=0, le=1)]
Flag = Annotated[bool, Field(strict=True)]


def _day(value: object) -> object:
    if value is None:
        raise WrongValue("it is empty", "write it as 2027-01-04")
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str):
        try:
            return date.fromisoformat(value.strip())
        except ValueError:
            pass
    raise WrongValue(f"{_given(value)} is no date", "write it as 2027-01-04")


def _simple(value: object) -> object:
    if isinstance(value, str | bool | int | float):
        return value
    raise WrongValue(f"{_given(value)} is no number, text or true/false", "write one value")


Day = Annotated[date, BeforeValidator(_day)]
Simple = Annotated[str | bool | int | float, BeforeValidator(_simple)]


class Shape(BaseModel):
    """What a mapping in a file may hold: declared keys only, each described by the docstring under it."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        arbitrary_types_allowed=True,
        strict=False,
        use_attribute_docstrings=True,
    )


S_co = TypeVar("S_co", bound=BaseModel, covariant=True)


@dataclass(frozen=True, slots=True)
class FileEntry(Generic[S_co]):
    """A value of a shape, and the place in the document that it came from."""

    value: S_co
    document: YamlDocument
    at: At

    def where(self, *inside: str | int) -> Where:
        """The place of the entry, or of something inside it."""
        return self.document.where(*self.at, *inside)


def parse(
    shape: type[S_co], document: YamlDocument, problems: Problems, at: At = ()
) -> FileEntry[S_co] | None:
    """The part of the document at `at` as that shape; None, with the reasons in `problems`, if it is not."""
    value: Any = document.value
    for step in at:
        value = value[step]
    try:
        return FileEntry(shape.model_validate(value), document, at)
    except ValidationError as refused:
        errors = refused.errors(include_url=False)
    for error in errors:
        report(error, shape, document, problems, at)
    if any(error["type"] != "extra_forbidden" for error in errors):
        return None
    # Only unknown keys: they are reported, and the rest is still checked, so that one run finds all errors.
    without = _without(value, [error["loc"] for error in errors])
    return FileEntry(shape.model_validate(without), document, at)


def _without(value: Any, locations: list[At], at: At = ()) -> Any:  # noqa: ANN401 - what YAML gave
    """The value without the keys at those locations."""
    if isinstance(value, Mapping):
        inside = {key: _without(each, locations, (*at, key)) for key, each in value.items()}
        return {key: each for key, each in inside.items() if (*at, key) not in locations}
    if isinstance(value, list):
        return [_without(each, locations, (*at, n)) for n, each in enumerate(value)]
    return value


def entries(
    shape: type[S_co], document: YamlDocument | None, key: str, problems: Problems
) -> Iterator[FileEntry[S_co]]:
    """The usable entries of the list under `key`; what is wrong with the others is a problem."""
    if document is None or document.value.get(key) is None:
        return
    listed = document.value[key]
    if not isinstance(listed, list):
        problems.add(document.where(key), f"`{key}` is no list", "write one entry per `- ` line")
        return
    for n in range(len(listed)):
        entry = parse(shape, document, problems, (key, n))
        if entry is not None:
            yield entry


def only(document: YamlDocument, keys: tuple[str, ...], problems: Problems) -> None:
    """Refuse every top-level key that is not one of these."""
    for key in document.value:
        if key not in keys:
            problems.add(document.where(key), f"unknown key `{key}`", meant(key, keys))


def raw_ids(document: YamlDocument | None, key: str, name: str = "id") -> list[str]:
    """The ids that stand in the list under `key`, also of entries with errors."""
    listed = document.value.get(key) if document else None
    entries_ = listed if isinstance(listed, list) else []
    return [e[name] for e in entries_ if isinstance(e, Mapping) and isinstance(e.get(name), str)]


def report(
    error: ErrorDetails, shape: type[BaseModel], document: YamlDocument, problems: Problems, at: At = ()
) -> None:
    """Add one error of pydantic as a problem at its line, in our words."""
    location = tuple(error["loc"])
    where = document.where(*at, *_in_document(document, at, location))
    name = next((str(step) for step in reversed(location) if isinstance(step, str)), "this")
    message, instead = _worded(error, name, shape, location)
    problems.add(where, message, instead)


def _in_document(document: YamlDocument, at: At, location: At) -> At:
    """The steps of pydantic's location that stand in the file; pydantic adds steps of its own for unions."""
    found: At = ()
    for step in location:
        if (*at, *found, step) in document.lines:
            found = (*found, step)
    return found


def _worded(error: ErrorDetails, name: str, shape: type[BaseModel], location: At) -> tuple[str, str]:
    kind, given = error["type"], error["input"]
    if kind == "missing":
        return f"`{name}` is missing", f"add `{name}: {_sample(shape, location)}`"
    if kind == "extra_forbidden":
        inside = _shape_at(shape, location[:-1]) or shape
        return f"unknown key `{name}`", meant(name, _names(inside))
    if kind == "value_error":
        broken = error["ctx"]["error"]
        told = (broken.message, broken.instead) if isinstance(broken, WrongValue) else (str(broken), "")
        message, instead = told
        return (message if name == "this" else f"`{name}`: {message}"), instead
    what = "what stands there" if looks_secret(given) else _given(given)
    if kind in ("enum", "literal_error"):
        choices = re.findall(r"'([^']*)'", str(error.get("ctx", {}).get("expected", "")))
        return f"`{name}` is {what}", meant(given, choices)
    if kind == "string_pattern_mismatch" and error["ctx"]["pattern"] == SLUG:
        return f"`{name}` is {what}, which is no id", "write lower case letters, digits and dashes"
    if given is None:
        return f"`{name}` is empty", f"write `{name}: {_sample(shape, location)}`"
    wanted = KINDS.get(kind, "")
    if wanted:
        quoted = kind == "string_type" and isinstance(given, int | float)
        how = f'put it in quotes: "{given}"' if quoted else FORMS.get(wanted, "")
        if wanted in NUMBERS and isinstance(given, str) and DIGITS.fullmatch(given):
            how = "write digits only, without quotes"
        return f"`{name}` is {what}, not {wanted}", how
    return f"`{name}` is {what}", error["msg"][:1].lower() + error["msg"][1:]


def _given(value: object) -> str:
    if isinstance(value, Mapping):
        return "a mapping"
    return "a list" if isinstance(value, list | tuple) else shown(value)


def _names(shape: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in shape.model_fields.items()]


def _field(shape: type[BaseModel], name: object) -> Any:  # noqa: ANN401 - an annotation may be anything
    return next((f for n, f in shape.model_fields.items() if name in (n, f.alias)), None)


def _shape_at(shape: type[BaseModel], location: At) -> type[BaseModel] | None:
    inside: type[BaseModel] | None = shape
    for step in location:
        field = _field(inside, step) if inside is not None else None
        if field is not None:
            inside = _shape_in(field.annotation)
    return inside


def _shape_in(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _shape_in(part))), None)


def _sample(shape: type[BaseModel], location: At) -> str:
    inside = _shape_at(shape, location[:-1])
    field = _field(inside, location[-1]) if inside is not None and location else None
    return str(field.examples[0]) if field is not None and field.examples else "..."
