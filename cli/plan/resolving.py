"""`interoffice plan resolve`: the open conflicts of offices' plans, and deciding one of them.

Refuses to decide without a person and a reason.
"""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING

from config.characters import visible
from domain.words import counted
from runtime.place import add_options, standing
from runtime.privacy import private
from runtime.problem import Problem, UsageProblem

if TYPE_CHECKING:
    from domain.plans.updates.asked import PlanConflict

NAME = "resolve"
HELP = "the open conflicts of offices' plans with their defaults and dates; decide one of them"
EXAMPLES = """examples:
  interoffice plan resolve                                        what is open, everywhere
  interoffice plan resolve --office porto --json                  of one office, for other programs
  interoffice plan resolve conflict/porto/erp/1/0123456789ab theirs --person ola --why "better"
                                                                  the template's value counts, and is written

Exit 0 shown or decided, 1 it cannot be decided so: the message says what to do."""
SIDES = ("theirs", "ours")


def configure(parser: argparse.ArgumentParser) -> None:
    """The options."""
    parser.add_argument("conflict", nargs="?", default="", metavar="CONFLICT", help="the conflict's id")
    parser.add_argument("choice", nargs="?", default="", metavar="theirs|ours", help="whose value counts")
    parser.add_argument("--office", default="", metavar="OFFICE", help="show those of one office")
    parser.add_argument("--person", default="", metavar="ID", help="who decides: the head of the office")
    parser.add_argument("--why", default="", metavar="TEXT", help="the reason; recorded")
    parser.add_argument("--json", action="store_true", help="for other programs")
    add_options(parser)


def run(arguments: argparse.Namespace) -> int:
    """0 when it was shown or decided. Raises Problem, and UsageProblem for half of a decision."""
    if arguments.conflict and arguments.choice not in SIDES:
        raise UsageProblem("whose value counts? -> give `theirs` (the template's) or `ours` (the office's)")
    if arguments.conflict and not (arguments.person.strip() and arguments.why.strip()):
        raise UsageProblem("who decides, and why? -> give --person and --why")
    with private():
        try:
            return _decided(arguments) if arguments.conflict else _shown(arguments)
        except (LookupError, ValueError, PermissionError) as problem:
            raise Problem(str(problem.args[0] if problem.args else problem)) from None


def _shown(arguments: argparse.Namespace) -> int:
    from config.wiring import wire  # noqa: PLC0415 - keeps --help quick

    application = wire(standing(arguments).settings)
    if arguments.office and arguments.office not in application.organization.offices:
        raise LookupError(f"there is no office {arguments.office!r} -> give an id of offices.yaml")
    with application.store.read() as unit:
        ids = map(str, unit.plan_updates.open())
        found = [each for each in map(unit.plan_updates.conflict, ids) if each is not None]
    found = [each for each in found if arguments.office in ("", each.derivation.office)]
    if arguments.json:
        json.dump([_data(each) for each in found], sys.stdout, indent=2, ensure_ascii=False)
        print()
        return 0
    print(f"{counted(len(found), 'open conflict')}.")
    for each in found:
        print(visible(f"{each.id}: {', '.join(map(str, each.places))} ({each.task or '-'})"))
        print(visible(f"  template: {each.theirs}; office: {each.ours}"))
        print(visible(f"  without an answer by {each.answer_by}: {each.default}"))
    return 0


def _data(each: PlanConflict) -> dict[str, object]:
    return {
        "id": str(each.id),
        "plan": str(each.derivation),
        "version": each.version,
        "places": list(map(str, each.places)),
        "task": each.task,
        "theirs": each.theirs,
        "ours": each.ours,
        "default": str(each.default),
        "asked": str(each.asked),
        "answer_by": str(each.answer_by),
    }


def _decided(arguments: argparse.Namespace) -> int:
    from config.wiring import wire  # noqa: PLC0415 - keeps --help quick
    from domain.outcomes.outcome import as_fields  # noqa: PLC0415 - keeps --help quick
    from tasks.choosing import person_of  # noqa: PLC0415 - keeps --help quick
    from tasks.resolving import plan_of_conflict, resolve_conflict_of, written_as  # noqa: PLC0415 - as above
    from tasks.updating import update_plan  # noqa: PLC0415 - keeps --help quick

    application = wire(standing(arguments).settings)
    with application.store.read() as unit:
        who = person_of(unit, arguments.person.strip())
    outcome = resolve_conflict_of.fn(arguments.conflict, arguments.choice, who, arguments.why, dry_run=False)
    written = update_plan.fn(plan_of_conflict(outcome.conflict), dry_run=False)
    outcome = written_as(outcome, written)
    if arguments.json:
        print(json.dumps({**as_fields(outcome), "state": str(written.state)}, indent=2, default=str))
    else:
        print(visible(outcome.sentence))
        print(
            visible(
                f"{written.derivation}: {str(written.state).replace('_', ' ')}. {written.problem}".strip()
            )
        )
    return 0
