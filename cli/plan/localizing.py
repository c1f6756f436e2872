"""`interoffice plan localize`: a template as an office's plan, by a file of answers, and what it lacks.

Without --store it is a dry run. Each date can be explained. Refuses to write into any tool.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from cli.plan import files
from config.characters import visible
from domain.words import counted
from runtime.place import add_options, standing
from runtime.privacy import private
from runtime.problem import Problem, UsageProblem

if TYPE_CHECKING:
    from config.local_plans import Prepared
    from config.wiring import Application

NAME = "localize"
HELP = "make a template that is shared with an office that office's plan, by a file of answers"
EXAMPLES = """examples:
  interoffice plan localize --template finance-system --office oslo --to answers.yaml   a file to fill in
  interoffice plan localize answers.yaml                                   what follows; nothing is stored
  interoffice plan localize answers.yaml --explain t-1f0c                  how the dates of a task came about
  interoffice plan localize answers.yaml --to plan.html                    a Gantt chart (.xml, .xlsx, .json)
  interoffice plan localize answers.yaml --person ola --why "our turn" --store

Exit 0 made, 1 answers are missing or wrong: each with its line, and what to do."""
MOST = 20


def configure(parser: argparse.ArgumentParser) -> None:
    """The options."""
    parser.add_argument("answers", nargs="?", type=Path, metavar="ANSWERS", help="a file of answers, YAML")
    parser.add_argument("--template", default="", metavar="ID", help="write a file of answers to fill in")
    parser.add_argument("--office", default="", metavar="OFFICE", help="whose plan it is")
    parser.add_argument("--to", type=Path, metavar="FILE", help="write the plan, or the file to fill in")
    parser.add_argument("--replace", action="store_true", help="replace that file where it is there")
    parser.add_argument("--explain", default="", metavar="UID", help="how the dates of a task came about")
    parser.add_argument("--person", default="", metavar="ID", help="who decides: the head of the office")
    parser.add_argument("--why", default="", metavar="TEXT", help="why it is made; recorded with --store")
    parser.add_argument("--store", action="store_true", help="store plan and answers; else nothing is stored")
    parser.add_argument("--json", action="store_true", help="for other programs")
    add_options(parser)


def run(arguments: argparse.Namespace) -> int:
    """0 when it was made; 1 for answers from which no plan follows. Raises Problem."""
    if (arguments.answers is None) == (not arguments.template):
        raise UsageProblem("what is to be done? -> give a file of answers, or --template for one to fill in")
    if arguments.store and not (arguments.why.strip() and arguments.person.strip()):
        raise UsageProblem("who stores the plan, and why? -> give --person and --why")
    if arguments.template and not arguments.office:
        raise UsageProblem("whose answers are they? -> give --office")
    with private():
        return _run(arguments)


def _run(arguments: argparse.Namespace) -> int:
    from config.localizing import UnusableAnswers  # noqa: PLC0415 - keeps --help quick
    from config.wiring import wire  # noqa: PLC0415 - keeps --help quick
    from domain.plans.localization.lacks import NotLocalizable  # noqa: PLC0415 - keeps --help quick

    path = arguments.answers.expanduser().resolve() if arguments.answers else None
    application = wire(standing(arguments).settings)
    try:
        if path is None:
            return _blank(application, arguments)
        return _made(application, arguments, path)
    except (UnusableAnswers, NotLocalizable) as wrong:
        for line in str(wrong).splitlines():
            print(f"error: {visible(line)}", file=sys.stderr)
        return 1
    except (LookupError, ValueError, PermissionError) as problem:
        raise Problem(str(problem.args[0] if problem.args else problem)) from None


def _blank(application: Application, arguments: argparse.Namespace) -> int:
    """Write the file of answers to fill in, or print it."""
    from cli.next_steps import same_place  # noqa: PLC0415 - keeps --help quick
    from config.blank_answers import blank_answers  # noqa: PLC0415 - keeps --help quick
    from config.local_plans import offered, receiver  # noqa: PLC0415 - keeps --help quick

    with application.store.read() as unit:
        release = offered(application, unit, arguments.office, arguments.template).release
    text = blank_answers(release, receiver(application, arguments.office))
    if arguments.to is None:
        sys.stdout.write(text)
        return 0
    files.write(arguments.to, text.encode(), replace=arguments.replace)
    command = f"interoffice plan localize {arguments.to}{same_place(arguments)}"
    print(f"wrote {arguments.to}: fill it in, then `{command}`")
    return 0


def _made(application: Application, arguments: argparse.Namespace, path: Path) -> int:
    from config.localizing import answers_file, localized, of_file, outcome_of  # noqa: PLC0415 - keeps --help quick
    from domain.organization.actions import Operator, Permission  # noqa: PLC0415 - keeps --help quick
    from domain.outcomes.outcome import as_fields  # noqa: PLC0415 - keeps --help quick
    from tasks.choosing import person_of  # noqa: PLC0415 - keeps --help quick

    with application.store.read() as unit:
        made = of_file(application, unit, answers_file(path), arguments.office, "")
        who = person_of(unit, arguments.person.strip()) if arguments.person.strip() else ""
    if who:
        outcome = localized(application, made, Operator(who), arguments.why, dry_run=not arguments.store)
    else:
        outcome = outcome_of(application, made, Permission(), new=True, dry_run=True)
    if arguments.to is not None:
        _write(application, made, arguments)
    if arguments.json:
        print(json.dumps(_data(made, as_fields(outcome)), indent=2, ensure_ascii=False, default=str))
        return 0
    print(visible(outcome.sentence))
    for line in _explained(made, arguments.explain) if arguments.explain else _told(made):
        print(visible(line))
    if outcome.dry_run:
        print("next: the same command with --store, --person and --why makes it the office's plan")
    return 0


def _write(application: Application, made: Prepared, arguments: argparse.Namespace) -> None:
    from tasks.plan_files import FORMS, HTML, written_plan  # noqa: PLC0415 - keeps --help quick

    form = arguments.to.suffix.lower().removeprefix(".")
    if form not in FORMS:
        raise UsageProblem(f"{arguments.to}: plans are written as .{', .'.join(FORMS)} -> name such a file")
    if form == HTML:
        data = _chart(application, made)
    else:
        data = written_plan(made.local.plan, form, arguments.to.name).data
    files.write(arguments.to, data, replace=arguments.replace)


def _chart(application: Application, made: Prepared) -> bytes:
    """The plan as a page with a Gantt chart, in the office's language."""
    from config.local_plans import receiver  # noqa: PLC0415 - keeps --help quick
    from reports.localizing_page import local_gantt  # noqa: PLC0415 - keeps --help quick

    office = application.organization.offices[made.id.office]
    today = office.calendar.local_date(application.clock.now())
    people = receiver(application, office.id).people
    return local_gantt(made.local, today, people, application.organization.language_of(office.id))


def _told(made: Prepared) -> Iterator[str]:
    """The vacancies, who is away, what is left out, and what else the office has to know."""
    from domain.language import ENGLISH  # noqa: PLC0415 - keeps --help quick
    from reports.localizing_page import gates_words  # noqa: PLC0415 - as above

    local = made.local
    for each in local.vacancies:
        owner = each.owner or "nobody: name a head in offices.yaml"
        tasks = counted(len(each.tasks), "task")
        yield f"vacancy: {each.role}, to be filled by {owner} until {each.due}, {tasks}"
    for absent in local.away:
        owner = absent.owner or "nobody: name a head in offices.yaml"
        days = f"from {absent.first} to {absent.last}" if absent.last else f"for good from {absent.first}"
        deputy = f", {absent.deputy} stands in" * bool(absent.deputy)
        who, tasks = f"{absent.person} ({', '.join(absent.roles)})", counted(len(absent.tasks), "task")
        yield f"away: {who} {days}{deputy}, to be covered by {owner} until {absent.due}, {tasks}"
    left = [
        f"left out: {each.uid}, {each.why.replace('_', ' ')}{f' ({each.about})' * bool(each.about)}"
        for each in local.not_taken
    ]
    yield from left[:MOST]
    if len(left) > MOST:
        yield f"and {len(left) - MOST} more: see them with --json"
    for gates in made.gates:
        yield f"gates: {gates_words(gates, local, ENGLISH)}"
    for remark in local.remarks:
        about = ", ".join(remark.about[:MOST])
        more = f" and {len(remark.about) - MOST} more" if len(remark.about) > MOST else ""
        yield f"remark: {remark.kind.replace('_', ' ')}: {about}{more}"


def _explained(made: Prepared, uid: str) -> Iterator[str]:
    """How the start and the finish of a task came about."""
    from domain.plans.schedule.explanation import Side  # noqa: PLC0415 - keeps --help quick
    from domain.plans.schedule.wording import words  # noqa: PLC0415 - keeps --help quick

    task = next((each for each in made.local.plan.tasks if each.uid == uid), None)
    if task is None:
        raise Problem(f"the plan has no task {uid!r} -> give a uid of the template that is taken over")
    yield f"{uid}: {task.name}"
    for side in (Side.START, Side.FINISH):
        yield f"{side}: {words(made.local.explained(uid, side))}"


def _data(made: Prepared, outcome: object) -> dict[str, object]:
    """The plan for other programs."""
    local = made.local
    return {
        "outcome": outcome,
        "tasks": [
            {"uid": task.uid, "name": task.name, "start": task.start, "finish": task.finish,
             "role": task.role, "assignee": task.assignee,
             "critical": local.schedule.dates[task.uid].critical}
            for task in local.plan.tasks
        ],
        "vacancies": [
            {"role": each.role, "owner": each.owner, "due": each.due, "tasks": each.tasks}
            for each in local.vacancies
        ],
        "away": [
            {"person": each.person, "roles": each.roles, "first": each.first, "last": each.last,
             "deputy": each.deputy, "owner": each.owner, "due": each.due, "tasks": each.tasks}
            for each in local.away
        ],
        "not_taken": [
            {"uid": each.uid, "why": str(each.why), "about": each.about} for each in local.not_taken
        ],
        "costs": [
            {"uid": each.uid, "template": f"{each.template.amount} {each.template.currency}",
             "local": f"{each.local.amount} {each.local.currency}"}
            for each in local.converted
        ],
        "gates": [
            {"version": each.version, "life_cycle": each.life_cycle, "lacking": each.lacking,
             "strange": each.strange, "unplaced": str(each.unplaced or "")}
            for each in made.gates
        ],
        "remarks": [{"kind": str(each.kind), "about": each.about} for each in local.remarks],
    }  # fmt: skip
