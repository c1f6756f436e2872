"""What commands that list one kind of stored thing have in common: which of it they show."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol, TypeVar

from runtime.place import add_options
from runtime.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Container


class Listed(Protocol):
    """A thing that is open, or over."""

    @property
    def is_open(self) -> bool:
        """Whether it is not over."""


T = TypeVar("T", bound=Listed)
T_co = TypeVar("T_co", bound=Listed, covariant=True)


class Register(Protocol[T_co]):
    """Where the things are kept."""

    def get(self, id_: str, /) -> T_co | None:
        """That one; None when there is none."""

    def all(self) -> Sequence[T_co]:
        """All of them."""

    def of_office(self, office: str, /) -> Sequence[T_co]:
        """Those of an office."""


def add_choice(parser: argparse.ArgumentParser, one: str, office: str, over: str) -> None:
    """The options by which one chooses; the texts say what each gives."""
    parser.add_argument("id", nargs="?", metavar="ID", help=one)
    parser.add_argument("--office", default="", metavar="OFFICE", help=office)
    parser.add_argument("--all", action="store_true", help=over)
    parser.add_argument("--json", action="store_true", help="for other programs")
    add_options(parser)


def chosen(
    register: Register[T], arguments: argparse.Namespace, offices: Container[str], name: str
) -> list[T]:
    """The things to show: that one, those of an office, or all; those that are over only where asked for.

    `name` is the command, `cases`. Raises Problem for an unknown thing or office.
    """
    if arguments.id is not None:
        found = register.get(arguments.id)
        if found is None:
            what = name.removesuffix("s")
            raise Problem(f"there is no {what} {arguments.id[:40]} -> `interoffice {name} --all` lists them")
        return [found]
    if arguments.office and arguments.office not in offices:
        raise Problem(f"there is no office {arguments.office[:40]} -> give an id of offices.yaml")
    listed = register.of_office(arguments.office) if arguments.office else register.all()
    return [each for each in listed if each.is_open or arguments.all]
