"""`interoffice plan capture`: a plan as a draft of a template, and every text that is taken out of it.

Without --store it is a dry run. What is taken out is printed here, for whoever has the plan anyway, and
stored nowhere.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from config.characters import visible
from runtime.place import add_options, standing
from runtime.privacy import private
from runtime.problem import Problem, UsageProblem

if TYPE_CHECKING:
    from config.wiring import Application
    from domain.outcomes.templates import PlanCaptured
    from tasks.capturing import Seen
    from tasks.plan_sources import PlanSource

NAME = "capture"
HELP = (
    "capture a plan as a draft of a template: what is taken out, what checks find, which links are proposed"
)
EXAMPLES = """examples:
  interoffice plan capture pilot.xml --office singapore --template finance-system
  interoffice plan capture singapore/P-7 --template finance-system --keep "Finance team" --person lin
  interoffice plan capture pilot.xlsx --office oslo --template erp --links all --person ola --why done --store

Nothing is stored without --store, and the plan is never changed. Then: interoffice run release-template."""
MOST = 40


def configure(parser: argparse.ArgumentParser) -> None:
    """The options."""
    parser.add_argument("plan", metavar="PLAN", help="a plan's file, or OFFICE/PROJECT as it was last read")
    parser.add_argument("--template", required=True, metavar="ID", help="the template's id: finance-system")
    parser.add_argument("--office", metavar="OFFICE", help="whose plan the file is")
    parser.add_argument(
        "--links", default="", metavar="A>B,...", help="proposed links to confirm, or all; needs --person"
    )
    parser.add_argument(
        "--keep", default="", metavar="WORD,...", help="words that are no names, assignees that are roles"
    )
    parser.add_argument(
        "--marks",
        default="",
        metavar="MARK=MILESTONE,...",
        help="which milestone is go_live, which support_end; needs --person",
    )
    parser.add_argument(
        "--size", default="", metavar="SIZE", help="how large the deployment was: '420 users'; needs --person"
    )
    parser.add_argument(
        "--person", default="", metavar="ID", help="who confirms links, words, milestones or the size"
    )
    parser.add_argument("--why", default="", metavar="TEXT", help="why it is captured; recorded with --store")
    parser.add_argument("--store", action="store_true", help="store the draft; without it nothing is stored")
    parser.add_argument(
        "--all", action="store_true", help=f"print every line, not the first {MOST} of a kind"
    )
    parser.add_argument("--json", action="store_true", help="for other programs, with the texts taken out")
    add_options(parser)


def run(arguments: argparse.Namespace) -> int:
    """0 when it was captured; 1 where a check found what stops a release. Raises Problem."""
    if arguments.store and not arguments.why.strip():
        raise UsageProblem("why is the draft stored? -> give --why, in a few words")
    with private():
        return _run(arguments)


def _run(arguments: argparse.Namespace) -> int:
    from config.wiring import wire  # noqa: PLC0415 - keeps --help quick
    from domain.plans.localization.sizes import size_of  # noqa: PLC0415 - keeps --help quick
    from tasks.capturing import Asked, captured, marks_of  # noqa: PLC0415 - keeps --help quick

    path = Path(arguments.plan).expanduser().resolve()  # before the process changes whom it runs as
    data = path.read_bytes() if path.is_file() else None
    application = wire(standing(arguments).settings)
    try:
        source = _source(application, arguments, path, data)
        asked = Asked(
            arguments.template, arguments.why, _words(arguments.links), _words(arguments.keep),
            arguments.person.strip(), marks_of(_words(arguments.marks)),
            size_of(arguments.size) if arguments.size.strip() else None,
        )  # fmt: skip
        seen, outcome = captured(application, source, asked, dry_run=not arguments.store)
    except (LookupError, ValueError, PermissionError) as problem:
        raise Problem(str(problem.args[0] if problem.args else problem)) from None
    if arguments.json:
        print(json.dumps(_data(seen, outcome), indent=2, ensure_ascii=False, default=str))
    else:
        most = len(seen.captured.stripped) + len(seen.captured.proposed) if arguments.all else MOST
        print("\n".join(visible(line) for line in _lines(seen, outcome, most)))
        print(visible(_next(outcome, arguments)))
    return 1 if outcome.stops else 0


def _words(text: str) -> frozenset[str]:
    return frozenset(each.strip() for each in text.split(",") if each.strip())


def _source(
    application: Application, arguments: argparse.Namespace, path: Path, data: bytes | None
) -> PlanSource:
    from tasks.plan_sources import of_bytes, plan_source  # noqa: PLC0415 - keeps --help quick
    from tasks.releasing import owning  # noqa: PLC0415 - keeps --help quick

    if data is None:
        with application.store.read() as unit:
            return plan_source(
                application.organization, application.settings.organization, unit, arguments.plan
            )
    if not arguments.office:
        known = ", ".join(sorted(application.organization.offices))
        raise UsageProblem(f"whose plan is {path.name}? -> give --office, one of {known}")
    return of_bytes(data, path.name, owning(application.organization, arguments.office).id)


def _lines(seen: Seen, outcome: PlanCaptured, most: int) -> Iterator[str]:
    """What a person looks at before the draft goes on."""
    from domain.plans.templates.template import Mark  # noqa: PLC0415 - keeps --help quick

    found = seen.captured
    yield outcome.sentence
    for name, things in _listed(seen):
        yield from (f"{name}: {each}" for each in things[:most])
        if len(things) > most:
            yield f"and {len(things) - most} more: see them with --all"
    yield from (f"check: {each}" for each in outcome.checks.values())
    if found.proposed and not found.confirmed:
        yield "confirm links with --links 'A>B,...' or --links all, and --person"
    if not any(task.mark is Mark.GO_LIVE for task in found.template.tasks):
        yield (
            "no milestone is marked as go-live, so no office's go-live is compared with the agreed day: "
            "name it with --marks go_live=MILESTONE, and --person"
        )


def _next(outcome: PlanCaptured, arguments: argparse.Namespace) -> str:
    """What to run next: the same with --store, then the release, for the same organization and state."""
    from cli.next_steps import same_place  # noqa: PLC0415 - keeps --help quick

    if outcome.dry_run:
        return "next: the same command with --store and --why stores it"
    return (
        f'next: interoffice run release-template draft={outcome.draft} person=... why="..."'
        f"{same_place(arguments)}"
    )


def _listed(seen: Seen) -> Iterator[tuple[str, list[str]]]:
    """What there is of each kind of thing, in lines."""
    found = seen.captured
    for name, some in (("taken out", found.stripped), ("STILL THERE", found.left)):
        yield name, [f"{each.kind} in {_place(each.task, each.field)}: {each.text}" for each in some]
    away = [f"{each.predecessor} > {each.successor}" for each in found.elsewhere]
    yield "left out, as it leads elsewhere", away
    yield "not carried, or otherwise", [str(each) for each in seen.gaps]
    proposed = [(each, "" if each.near else ", across phases") for each in found.proposed]
    yield "proposed link", [f"{each.name} (after {each.wait // 60}h){far}" for each, far in proposed]


def _place(task: str, field: str) -> str:
    return f"{field} of {task}" if task else f"the plan's {field}"


def _data(seen: Seen, outcome: PlanCaptured) -> dict[str, object]:
    from config.templates import data_of  # noqa: PLC0415 - keeps --help quick
    from domain.outcomes.outcome import as_fields  # noqa: PLC0415 - keeps --help quick

    found = seen.captured
    return {
        "outcome": as_fields(outcome),
        "stripped": [
            {"kind": str(each.kind), "task": each.task, "field": each.field, "text": each.text}
            for each in found.stripped
        ],
        "proposed": [
            {"name": each.name, "wait_minutes": each.wait, "near": each.near} for each in found.proposed
        ],
        "template": data_of(found.template),
    }
