"""`interoffice schema DIR`: JSON Schemas of an organization's files, by which editors complete and check.

With `--plan` it prints the schema of a plan's JSON instead.

It refuses a folder that is no organization's, and to overwrite a file that it did not write.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from runtime.problem import Problem, UsageProblem

NAME = "schema"
HELP = (
    "write the JSON Schemas of an organization's files, by which editors complete and check while one types"
)


def configure(parser: argparse.ArgumentParser) -> None:
    """The organization's folder, or what else a schema is asked of."""
    parser.add_argument(
        "folder", type=Path, nargs="?", metavar="DIR", help="the folder of the organization's files"
    )
    parser.add_argument(
        "--plan", action="store_true", help="print the schema of a plan's JSON, as `plan read` writes it"
    )


def run(arguments: argparse.Namespace) -> int:
    """Write the schemas and say how a file names its own. Raises Problem where they cannot be written."""
    from config.files import FILES  # noqa: PLC0415 - keeps --help quick
    from config.schemas import NotOurs, write_schemas  # noqa: PLC0415 - keeps --help quick

    if arguments.plan == (arguments.folder is not None):
        raise UsageProblem(
            "give either the organization's folder or --plan -> see `interoffice schema --help`"
        )
    if arguments.plan:
        from cli.docs import plan_schema  # noqa: PLC0415 - keeps --help quick

        print(plan_schema(), end="")
        return 0
    folder: Path = arguments.folder
    if not (folder / "organization.yaml").is_file():
        raise UsageProblem(
            f"{folder} has no organization.yaml -> give the organization's folder, or make one with"
            f" `interoffice init {folder}`"
        )
    try:
        written = write_schemas(folder)
    except NotOurs as there:
        raise Problem(f"{there} is no schema of ours -> move it out of the way, and try again") from None
    except OSError as reason:
        raise Problem(f"{folder} cannot be written: {reason.strerror} -> make it writable") from None
    print(f"wrote {len(written)} schemas to {written[0].parent}")
    print("an editor finds the schema of a file by its first line:")
    width = max(len(kind.pattern) for kind in FILES)
    print("\n".join(f"  {kind.pattern:{width}}  {kind.modeline}" for kind in FILES))
    return 0
