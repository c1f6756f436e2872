"""`interoffice export DIR`: what grew by interaction, in the form of the organization's files.

Whoever wants can take it over into them; nothing there is changed. What has no place in them, as each person
sets it, is written below record/ for people to read. Refuses to overwrite other content.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from runtime.place import add_options, standing
from runtime.privacy import create
from runtime.problem import Problem

if TYPE_CHECKING:
    from config.wiring import Application

NAME = "export"
HELP = (
    "write the stored part as files: released templates, answers and deployments in their own form;"
    " granted tailorings, deviations, cases, directives, drafts, absences and delegations to read"
)


def configure(parser: argparse.ArgumentParser) -> None:
    """The options."""
    parser.add_argument("folder", type=Path, metavar="DIR", help="where the files are written")
    parser.add_argument("--json", action="store_true", help="for other programs")
    add_options(parser)


def run(arguments: argparse.Namespace) -> int:
    """Write what is not there yet; 0. Raises Problem for a file that is there with other content."""
    from config.wiring import wire  # noqa: PLC0415 - keeps --help quick

    folder = arguments.folder.expanduser().resolve()  # before the process changes whom it runs as
    application = wire(standing(arguments).settings)
    files = _files(application)
    written, same = [], []
    try:
        for name, text in files.items():
            path = folder / name
            if path.exists():
                if path.read_text("utf-8") != text:
                    raise Problem(f"{path} is there with other content -> move it away, or export elsewhere")
                same.append(name)
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            with create(path) as out:
                out.write(text)
            written.append(name)
    except OSError as reason:
        raise Problem(f"{folder} cannot be written: {reason.strerror} -> name another folder") from None
    if arguments.json:
        print(json.dumps({"written": written, "same": same}, indent=2))
        return 0
    for name in written:
        print(f"wrote {folder / name}")
    print(f"{len(written)} written, {len(same)} there already")
    return 0


def _files(application: Application) -> Mapping[str, str]:
    """Everything that is written: text by the file's name."""
    from config.deployment_files import stored_deployments  # noqa: PLC0415 - keeps --help quick
    from config.standing_cases import case_files  # noqa: PLC0415 - keeps --help quick
    from config.standing_deviations import deviation_files  # noqa: PLC0415 - keeps --help quick
    from config.standing_directives import directive_files  # noqa: PLC0415 - keeps --help quick
    from config.standing_drafts import draft_files  # noqa: PLC0415 - keeps --help quick
    from config.standing_in_files import standing_in_files  # noqa: PLC0415 - keeps --help quick
    from config.standing_templates import stored_answers, stored_files  # noqa: PLC0415 - keeps --help quick

    with application.store.read() as unit:
        parts = (
            stored_files,
            stored_answers,
            stored_deployments,
            standing_in_files,
            case_files,
            directive_files,
            draft_files,
        )
        files = {name: text for part in parts for name, text in part(unit).items()}
        files |= deviation_files(unit, application.clock.now())
    return files
