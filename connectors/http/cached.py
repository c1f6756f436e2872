"""What is asked of a tool once per connector, and kept.

`functools.cached_property` of Python 3.11 holds one lock for all instances of a class while it computes: a
tool that does not answer would keep every other tool of its kind waiting. Here nothing is held.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

T = TypeVar("T")


class cached_property(Generic[T]):  # noqa: N801 - it is used as functools' is
    """A property that is computed when it is first asked for; what it raises is not kept.

    Two threads that ask one instance at the same time may both compute it; the last value stays.
    """

    def __init__(self, compute: Callable[[Any], T]) -> None:
        self.compute, self.__doc__ = compute, compute.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, instance: None, owner: type) -> cached_property[T]: ...
    @overload
    def __get__(self, instance: object, owner: type) -> T: ...
    def __get__(self, instance: object | None, owner: type) -> cached_property[T] | T:
        """The value; on the class, the property itself."""
        if instance is None:
            return self
        value = instance.__dict__[self.name] = self.compute(instance)
        return value
