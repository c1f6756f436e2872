"""`interoffice init DIR [FILE ...]`: a folder of an organization, with the tools in which its offices plan.

It proposes what headers, words and fields mean, shows each proposal with samples, and only ever reads an
office's file or server. Refuses a folder that is not empty unless it is to add to it.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from config.characters import LINES, visible
from runtime.problem import Problem, UsageProblem

NAME = "init"
HELP = "make an organization's folder from the offices' own files and servers, or add an office to it"

NOT_EMPTY = "{} is not empty -> name a folder that is not there yet, or add to this one with --add"


def configure(parser: argparse.ArgumentParser) -> None:
    """The folder, what to look at, and the answers to what is asked on a terminal."""
    parser.add_argument(
        "folder", type=Path, metavar="DIR", nargs="?", help="a folder that is not there yet, or empty"
    )
    parser.add_argument(
        "files",
        nargs="*",
        default=[],
        metavar="FILE[=OFFICE]",
        help="an office's workbook (.xlsx) or project file (.xml, .mpp, .xer), which is only read",
    )
    parser.add_argument(
        "--add",
        nargs="*",
        metavar="FILE[=OFFICE]",
        help="add to a folder that is there; what stands in its files stays",
    )
    parser.add_argument(
        "--copy",
        nargs="*",
        metavar="FILE[=OFFICE]",
        help="copy the files into the folder; else they are used in their place",
    )
    parser.add_argument("--workbook", action="append", default=[], metavar="FILE", help="the same as FILE")
    _of_servers(parser)
    _answers(parser)
    parser.add_argument(
        "--from", dest="source", type=Path, metavar="FILE", help="an organization.xlsx that was filled in"
    )
    parser.add_argument(
        "--template", type=Path, metavar="FILE", help="write an empty organization.xlsx to fill in"
    )


def _of_servers(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("servers")
    group.add_argument(
        "--tracker", action="append", default=[], metavar="URL", help="the address of an office's tracker"
    )
    group.add_argument("--kind", metavar="KIND", help="redmine, jira-cloud, ... where it is not recognized")
    group.add_argument("--credentials", metavar="NAME", help="the NAME of the variable with the secret")
    group.add_argument("--user", metavar="NAME", help="the user, where the server wants one with the secret")
    group.add_argument(
        "--allow", action="append", default=[], metavar="HOST", help="a private host that may be called"
    )
    group.add_argument(
        "--within",
        action="append",
        default=[],
        metavar="PROJECT",
        help="a project there that is the office's",
    )


def _answers(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group(
        "answers", "One for each file, or one for all; what is not given is asked on a terminal."
    )
    for name, what in (
        ("office", "the office's id, else proposed"),
        ("tool", "the tool's id, else made of the office's"),
        ("name", "the office's name"),
        ("country", "its country: DE, DE-BY"),
        ("time-zone", "its time zone: Europe/Berlin"),
        ("currency", "its currency: EUR"),
        ("language", "its language: de"),
        ("head", "who heads it: a person's id, or a name"),
    ):
        group.add_argument(f"--{name}", action="append", default=[], metavar=name.upper(), help=what)
    group.add_argument("--project", metavar="ID", help="the project, where a project file holds several")
    group.add_argument("--encoding", metavar="NAME", help="how a project file's letters are written: cp1252")
    group.add_argument("--no-questions", action="store_true", help="ask nothing, on a terminal too")


def run(arguments: argparse.Namespace) -> int:
    """Make or extend the folder, and say what is left to fill in and what to run next."""
    if arguments.template is not None:
        from cli.init.sheets import template  # noqa: PLC0415 - keeps --help quick

        return template(arguments)
    if arguments.folder is None:
        raise UsageProblem("no folder is named -> write `interoffice init DIR`")
    if arguments.source is not None:
        from cli.init.sheets import from_sheets  # noqa: PLC0415 - keeps --help quick

        return from_sheets(arguments)
    return _made(arguments)


def _made(arguments: argparse.Namespace) -> int:
    from cli.init.answering import Answering  # noqa: PLC0415 - keeps --help quick
    from cli.init.inputs import inputs_of, looked_at  # noqa: PLC0415 - keeps --help quick
    from cli.init.shown import ending, table  # noqa: PLC0415 - keeps --help quick
    from config.skeleton import CannotAdd, NotEmpty, add_to, write_skeleton  # noqa: PLC0415 - keeps --help quick

    folder: Path = arguments.folder
    adds = arguments.add is not None
    if not adds and folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Problem(NOT_EMPTY.format(folder))
    answering = Answering.of(arguments)
    inputs = inputs_of(arguments)
    answering.fits(inputs)
    looked = looked_at(inputs, arguments)
    additions, told = [], []
    for n, each in enumerate(looked):
        told.append(visible("\n".join(table(each, answering.proposed(n, each))), kept=LINES))
        if answering.asks:
            print(told.pop())
        additions.append(answering.addition(n, each, folder))
    try:
        written = add_to(folder, additions) if adds else write_skeleton(folder, additions)
    except NotEmpty:
        raise Problem(NOT_EMPTY.format(folder)) from None
    except CannotAdd as reason:
        raise Problem(str(reason)) from None
    except OSError as reason:
        raise Problem(f"{folder} cannot be written: {reason.strerror} -> name another folder") from None
    for text in told:
        print(text)
    served = any(not each.is_file for each in looked)
    print(visible("\n".join(ending(folder, written, added=adds, served=served)), kept=LINES))
    return 0
