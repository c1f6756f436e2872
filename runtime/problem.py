"""What a command says when it cannot go on: one line, what is wrong and what to do; never a traceback."""

from __future__ import annotations


class Problem(Exception):
    """Something that a person can put right. Its text is `what is wrong -> what to do`; exit 1."""


class UsageProblem(Problem):
    """The command itself was not understood; exit 2."""


class Gone(Problem):
    """A process or a run ended that should not have; its caller may try again."""
