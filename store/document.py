"""Domain values as JSON text, and back, exactly: what comes out equals what went in, types included.

JSON knows no dates, so those are written as objects with one tagged member (`{"$date": "2027-01-04"}`);
a mapping's own key that begins with `$` gets a second `$`. Times are kept in UTC. In a field without a
type of its own (a verdict's facts, a simulation's document) tuples and sets come back as lists.
It refuses NaN, infinities, times without a zone, and values that are not what their field says.
"""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError

from store import tagged
from store.errors import Unstorable

T = TypeVar("T")
_MADE: list[DocumentForm[Any]] = []


def prepare() -> None:
    """Work out how every type is written and read, which is else done when a value of it is first needed."""
    for form in _MADE:
        _ = form.adapter


class DocumentForm(Generic[T]):
    """How the values of one type are written and read."""

    def __init__(self, kind: type[T], *, keep: int = 0, plain: bool = False) -> None:
        """The last `keep` values that were read are kept in memory, for types whose values never change.

        `plain` says that all its mappings have texts as keys: its values are written more quickly.
        """
        self._kind = kind
        self._text = tagged.write_plain if plain else tagged.write
        self._understood = lru_cache(maxsize=keep)(self._read) if keep else self._read
        _MADE.append(self)

    @cached_property
    def adapter(self) -> TypeAdapter[T]:
        """Pydantic's form of the type; a command needs few of them, and each takes time to make."""
        return TypeAdapter(self._kind)

    def write(self, value: T) -> str:
        """The value as JSON text. Raises Unstorable for what would not come back as it is."""
        try:
            return self._text(self._native(value))
        except (PydanticSerializationError, TypeError, ValueError) as problem:
            raise Unstorable(f"a {type(value).__name__} cannot be stored: {problem}") from None

    def _native(self, value: T) -> Any:  # noqa: ANN401 - Python's own types
        """The value in Python's own types, as it is written."""
        return self.adapter.dump_python(value, warnings="error")

    def read(self, text: str) -> T:
        """The value that was written. Raises Unstorable where the text is not of this type."""
        try:
            return self._understood(text)
        except (ValidationError, ValueError) as problem:
            kinds = len(problem.errors()) if isinstance(problem, ValidationError) else 1
            raise Unstorable(f"a stored document cannot be read: {kinds} problems in it") from None

    def _read(self, text: str) -> T:
        return self.adapter.validate_python(tagged.read(text))
