"""`interoffice draft export ID DIR`: the file of a draft, for its owner to edit or to take over.

It stands where the organization's files have it, so that DIR may be the organization's folder. Refuses to
overwrite other content, and to write what would be read back as something else.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from runtime.place import add_options, standing
from runtime.privacy import create
from runtime.problem import Problem

NAME = "draft"
HELP = (
    "write the file of a draft of a version, to be edited or to be taken over into the organization's files"
)


def configure(parser: argparse.ArgumentParser) -> None:
    """The options."""
    parser.add_argument("action", choices=("export",), help="write the file")
    parser.add_argument("id", metavar="ID", help="a draft's id or its version, as `interoffice drafts` shows")
    parser.add_argument("folder", type=Path, metavar="DIR", help="where standards/ is or will be")
    parser.add_argument("--json", action="store_true", help="for other programs")
    add_options(parser)


def run(arguments: argparse.Namespace) -> int:
    """Write it, or say that it is there; 0. Raises Problem for other content, and for an unknown draft."""
    from cli.drafts import named_draft  # noqa: PLC0415 - keeps --help quick
    from config.version_file import NoFile, checked_file, name_of  # noqa: PLC0415 - as above
    from config.wiring import wire  # noqa: PLC0415 - keeps --help quick
    from connectors.registry import KINDS  # noqa: PLC0415 - keeps --help quick

    folder = arguments.folder.expanduser().resolve()  # before the process changes whom it runs as
    application = wire(standing(arguments).settings)
    with application.store.read() as unit:
        draft = named_draft(unit, arguments.id)
    try:
        text = checked_file(draft.version, application.organization.offices, KINDS)
    except NoFile as why:
        raise Problem(f"{why} -> write its file by hand") from None
    path = folder / name_of(draft.version)
    try:
        same = path.exists() and path.read_text("utf-8") == text
        if path.exists() and not same:
            raise Problem(f"{path} is there with other content -> move it away, or export elsewhere")
        if not same:
            path.parent.mkdir(parents=True, exist_ok=True)
            with create(path) as out:
                out.write(text)
    except OSError as reason:
        raise Problem(f"{folder} cannot be written: {reason.strerror} -> name another folder") from None
    if arguments.json:
        print(json.dumps({"file": str(path), "there": same, "flaws": list(draft.flaws)}, indent=2))
        return 0
    print(f"{'there already:' if same else 'wrote'} {path}")
    for each in draft.flaws:
        print(f"to be mended: {each}")
    return 0
