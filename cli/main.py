"""The command `interoffice`: finds the subcommand, runs it, and says what went wrong in one line.

The only place that catches everything: a traceback goes into a file of the state folder, never onto the
terminal. Exit 0 done, 1 something is wrong with the input or the network, 2 usage.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import os
import sys
import tempfile
import traceback
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from types import ModuleType
from typing import Any

from config.characters import LINES, visible
from domain.words import counted
from runtime.folder import CHECKOUT, write_whole
from runtime.privacy import become_owner, private
from runtime.problem import Problem, UsageProblem

FOR_OTHERS = ("init", "new-standard", "schema", "prepare", "plan")
"""Subcommands that write files for the caller, with the caller's umask. All others write into the state
folder, for its owner alone."""
COLLECTED = 100_000
"""After how many new objects garbage is looked for: what a command imports stays to its end."""
VERBS = (
    "up",
    "setup",
    "check",
    "prepare",
    "rule",
    "init",
    "new-standard",
    "schema",
    "plan",
    "run",
    "status",
    "held",
    "cases",
    "directives",
    "drafts",
    "draft",
    "deviations",
    "person",
    "retention",
    "template",
    "export",
    "inbox",
    "outbox",
    "gateway",
    "link",
    "login",
    "ledger",
    "bench",
)


class Command(argparse.ArgumentParser):
    """A command whose values and options may stand in any order.

    argparse takes the values of `FLOW key=value ...` in one row only, and calls those behind an option
    unrecognized; read in two passes, options first, they are found wherever they stand.
    """

    _reads = False

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:  # noqa: ANN401 - as argparse has it
        """As argparse's; what stands behind a further command, or is another program's, is left to that."""
        rest = (argparse.PARSER, argparse.REMAINDER)
        leads_on = any(each.nargs in rest for each in self._get_positional_actions())
        if self._reads or leads_on:
            return super().parse_known_args(args, namespace)
        self._reads = True
        try:
            return self.parse_known_intermixed_args(args, namespace)
        finally:
            self._reads = False


def parser_of(verbs: Sequence[ModuleType]) -> argparse.ArgumentParser:
    """The whole command line."""
    parser = Command(
        prog="interoffice",
        description="What happens between project management offices: standards, plans and feedback"
        " that travel, on Prefect.",
        epilog="Exit 0 done, 1 something is wrong with the input or the network, 2 usage.",
    )
    commands = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    for module in verbs:
        one = commands.add_parser(module.NAME, help=module.HELP, description=module.HELP)
        module.configure(one)
        one.set_defaults(run=module.run)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; its exit code."""
    gc.set_threshold(COLLECTED)
    modules = [importlib.import_module(f"cli.{verb.replace('-', '_')}") for verb in VERBS]
    arguments = parser_of(modules).parse_args(argv)
    try:
        with nullcontext() if arguments.verb in FOR_OTHERS else private():
            return int(arguments.run(arguments))
    except KeyboardInterrupt:
        print("\ninteroffice: interrupted", file=sys.stderr)
        return 1
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output is gone
        return 1
    except Exception as problem:  # noqa: BLE001 - the border of the process
        return report(problem, getattr(arguments, "state", None))


def report(problem: Exception, state: Path | None) -> int:
    """Print what went wrong, and keep the traceback of an unexpected error; the exit code."""
    known = _known(problem)
    if known is not None:
        print(f"error: {visible(known, kept=LINES)}", file=sys.stderr)
        return 2 if isinstance(problem, UsageProblem) else 1
    from config.settings import variable  # noqa: PLC0415 - only when something is wrong

    folder = state or Path(variable("INTEROFFICE_STATE") or CHECKOUT / "var")
    where = _keep("".join(traceback.format_exception(problem)), folder)
    said = " ".join(str(problem).split())[:300] or "no message"
    print(f"error: {type(problem).__name__}: {visible(said)} -> details: {where}", file=sys.stderr)
    return 1


def _known(problem: Exception) -> str | None:
    """The text of an error that a person can put right; None for any other."""
    from config.problems import UnusableOrganization  # noqa: PLC0415 - only when something is wrong
    from config.settings import BadSettings  # noqa: PLC0415 - only when something is wrong
    from connectors.errors import ToolError  # noqa: PLC0415 - only when something is wrong
    from store.errors import StoreError  # noqa: PLC0415 - only when something is wrong

    if isinstance(problem, UnusableOrganization):
        return f"the organization's files have {counted(len(problem.problems.errors), 'error')}\n{problem}"
    if isinstance(problem, Problem | BadSettings | ToolError | StoreError):
        return str(problem)
    return None


def _keep(text: str, state: Path) -> Path:
    """Write it into the state folder, or else into a new temporary file that nobody can have prepared."""
    with private():
        try:
            become_owner(state)
            path = state / "logs" / "error.log"
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, text)
        except (OSError, Problem):
            handle, name = tempfile.mkstemp(prefix="interoffice-error-", suffix=".log")
            with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
                file.write(text)
            return Path(name)
    return path


if __name__ == "__main__":
    sys.exit(main())
