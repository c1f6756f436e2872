"""The fixture of the tasks' tests: a copy of the sample with a store of its own."""

from tests.tasks.conftest import fresh

__all__ = ["fresh"]
