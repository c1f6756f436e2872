"""`interoffice template`: the templates of files and record as files, lists and pages; import makes a draft.

It releases nothing: that takes a named person, by the flow release-template.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from config.characters import visible
from runtime.place import add_options, standing
from runtime.privacy import create
from runtime.problem import Problem, UsageProblem

if TYPE_CHECKING:
    from config.standing_templates import StandingTemplates
    from config.wiring import Application
    from domain.plans.templates.template import Draft, Recall, Release, Template

NAME = "template"
HELP = "templates: list them, show one with its checks, export it as a file, import a file as a draft"
ACTIONS = ("list", "show", "export", "import")


def configure(parser: argparse.ArgumentParser) -> None:
    """The options."""
    parser.add_argument("action", choices=ACTIONS, help="import stores a draft; export prints a file")
    parser.add_argument(
        "what",
        nargs="?",
        metavar="TEMPLATE",
        help="a version (finance-system/2), a template (its newest version), a draft (finance-system@1a2b);"
        " for import a file",
    )
    parser.add_argument("--to", type=Path, metavar="FILE", help="export into a new file (.yaml or .json)")
    parser.add_argument("--json", action="store_true", help="for other programs; export as JSON")
    add_options(parser)


def run(arguments: argparse.Namespace) -> int:
    """0 when it was done; 1 for a file that cannot be used, with each reason."""
    from config.wiring import wire  # noqa: PLC0415 - keeps --help quick

    if arguments.to and arguments.action != "export":
        raise UsageProblem("only an export is written to a file -> leave --to out")
    if (arguments.what is None) != (arguments.action == "list"):
        missing = (
            "name one: finance-system/2, or a file for import" if arguments.what is None else "leave it out"
        )
        raise UsageProblem(f"TEMPLATE with {arguments.action} -> {missing}")
    from cli.next_steps import same_place  # noqa: PLC0415 - keeps --help quick

    application = wire(standing(arguments).settings)
    if arguments.action == "list":
        return _list(application, as_json=arguments.json)
    if arguments.action == "import":
        return _import(application, Path(arguments.what), same_place(arguments))
    return _show(application, arguments)


def _standing(application: Application) -> StandingTemplates:
    from config.folding import Contradiction  # noqa: PLC0415 - keeps --help quick
    from config.standing_templates import standing_templates  # noqa: PLC0415 - keeps --help quick

    try:
        with application.store.read() as unit:
            return standing_templates(application.templates, unit)
    except Contradiction as problem:
        raise Problem(str(problem)) from None


def _list(application: Application, *, as_json: bool) -> int:
    """Print every version with where it comes from, and every draft."""
    from domain.plans.templates.release import actuals  # noqa: PLC0415 - keeps --help quick

    known = _standing(application)
    with application.store.read() as unit:
        drafts = [unit.templates.draft(each) for each in unit.templates.drafts()]
    rows = _rows(known)
    waiting = [
        {"draft": f"{each.template.id}@{each.digest[:12]}", "owner": each.template.owner,
         "tasks": actuals(each.template).of, "at": f"{each.at:%Y-%m-%d}", "origin": str(each.origin)}
        for each in drafts
    ]  # fmt: skip
    if as_json:
        print(json.dumps({"versions": rows, "drafts": waiting}, indent=2, ensure_ascii=False))
        return 0
    for row in rows:
        mark = f"  RECALLED: {row['recalled']}" if row["recalled"] else ""
        told = f"{row['template']}  of {row['owner']}, {row['tasks']} tasks, released {row['released']}"
        print(visible(f"{told}, pilot {str(row['standing']).replace('_', ' ')}; from {row['from']}{mark}"))
    for each in waiting:
        print(
            visible(
                f"{each['draft']}  draft of {each['owner']}, {each['tasks']} tasks,"
                f" {each['origin']} {each['at']}"
            )
        )
    if not rows and not waiting:
        print("There is no template and no draft -> capture a plan with `interoffice plan capture`")
    return 0


def _rows(known: StandingTemplates) -> list[dict[str, object]]:
    """What is said of each version."""
    from domain.plans.templates.release import actuals  # noqa: PLC0415 - keeps --help quick

    return [
        {
            "template": str(key),
            "owner": part.value.template.owner,
            "tasks": actuals(part.value.template).of,
            "released": part.value.released.isoformat(),
            "standing": str(part.value.standing),
            "recalled": str(known.recalls[key].kind) if key in known.recalls else "",
            "from": part.source,
        }
        for key, part in known.versions.items()
    ]


def _show(application: Application, arguments: argparse.Namespace) -> int:
    from domain.ids import DraftId, TemplateVersionId  # noqa: PLC0415 - keeps --help quick

    draft_id = DraftId.find(arguments.what)
    if draft_id is not None:
        with application.store.read() as unit:
            draft = unit.templates.draft(draft_id)
        return _given(arguments, draft.template, draft=draft)
    known = _standing(application)
    try:
        release = known.version(arguments.what)
    except LookupError as problem:
        raise Problem(str(problem.args[0])) from None
    key = TemplateVersionId(release.template.id, release.version)
    return _given(arguments, release.template, release, known.recalls.get(key))


def _given(
    arguments: argparse.Namespace,
    template: Template,
    release: Release | None = None,
    recall: Recall | None = None,
    draft: Draft | None = None,
) -> int:
    """Print or write the file of a template, or a page about it."""
    from config.templates import as_json, as_yaml, data_of  # noqa: PLC0415 - keeps --help quick

    data = data_of(template, release, recall)
    if arguments.action == "show" and not arguments.json:
        from cli.template_page import page  # noqa: PLC0415 - keeps --help quick

        print("\n".join(visible(line) for line in page(template, release, recall, draft)))
        return 0
    wants_json = arguments.json or (arguments.to is not None and arguments.to.suffix == ".json")
    text = as_json(data) if wants_json else as_yaml(data)
    if arguments.to is None:
        sys.stdout.write(text)
        return 0
    with create(arguments.to) as out:
        out.write(text)
    print(f"wrote {arguments.to}", file=sys.stderr)
    return 0


def _import(application: Application, path: Path, where: str) -> int:
    """Store the template of a file as a draft."""
    from config.problems import Problems  # noqa: PLC0415 - keeps --help quick
    from config.templates import read_template_file  # noqa: PLC0415 - keeps --help quick
    from tasks.capturing import import_draft  # noqa: PLC0415 - keeps --help quick

    problems = Problems()
    found = read_template_file(path, problems)
    if found is None:
        for each in problems:
            print(f"error: {visible(str(each))}", file=sys.stderr)
        return 1
    try:
        draft = import_draft(application, found.template)
    except LookupError as problem:
        raise Problem(f"{path}: owner: {problem.args[0]}") from None
    name = f"{draft.template.id}@{draft.digest[:12]}"
    print(f"{name} is stored as a draft; {draft.left} of its texts may hold something private")
    print(f'next: interoffice run release-template draft={name} person=... why="..."{where}', file=sys.stderr)
    return 0
