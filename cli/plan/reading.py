"""`interoffice plan read FILE|OFFICE/PROJECT`: what a plan holds, for people or as canonical JSON."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from cli.plan import files
from config.characters import visible
from domain.words import counted

if TYPE_CHECKING:
    from connectors.plan_files.found import PlanRead

NAME = "read"
HELP = "read a whole plan: .xml and .mpp, .xer, Primavera's .xml, .xlsx as `plan write` makes it, or JSON"
EXAMPLES = """examples:
  interoffice plan read rollout.xml                  what it holds, and what is not carried
  interoffice plan read rollout.mpp --out plan.json  as JSON (`interoffice schema --plan` prints its schema)
  interoffice plan read santos/SP-01 --out plan.json a project as it was last read from its office's tool
  interoffice plan read p6.xer --project EC00515 --encoding cp1254 --json

Exit 0 read, 1 the file cannot be used: the message says where and what to do."""
MOST_FLAWS = 20


def configure(parser: argparse.ArgumentParser) -> None:
    """The options."""
    files.add_source(parser)
    form = parser.add_mutually_exclusive_group()
    form.add_argument(
        "--json", action="store_true", help="print the plan as canonical JSON, for other programs"
    )
    form.add_argument(
        "--out", type=Path, metavar="FILE.json", help="write the plan as canonical JSON into a file"
    )
    parser.add_argument("--replace", action="store_true", help="overwrite the file that --out names")


def run(arguments: argparse.Namespace) -> int:
    """0 when the plan was read."""
    from connectors.plan_files import plan_json  # noqa: PLC0415 - keeps --help quick

    found = files.source(arguments)
    if arguments.json:
        sys.stdout.write(plan_json.written(found.plan).decode())
    elif arguments.out:
        files.write(arguments.out, plan_json.written(found.plan), replace=arguments.replace)
    said = [visible(line) for line in (*_plan(found, arguments.source), *told(found))]
    print("\n".join(said), file=sys.stderr if arguments.json else sys.stdout)
    if arguments.out:
        print(f"written: {visible(str(arguments.out))}")
    return 0


def _plan(found: PlanRead, name: str) -> Iterator[str]:
    """What the plan holds, in lines."""
    from tasks.plan_files import scheduled  # noqa: PLC0415 - keeps --help quick

    plan = found.plan
    summaries = sum(task.summary for task in plan.tasks)
    milestones = sum(task.milestone for task in plan.tasks)
    yield f"{name}: {plan.title or 'a plan without a title'}"
    yield (
        f"  {counted(len(plan.tasks), 'task')} "
        f"({counted(summaries, 'summary')}, {counted(milestones, 'milestone')}), "
        f"{counted(len(plan.links), 'link')}, {counted(len(plan.calendars), 'calendar')}"
    )
    if found.letters:
        yield f"  {found.letters}"
    yield from (f"  {note}" for note in found.notes)
    dates = scheduled(plan)
    if dates.schedule is not None:
        first, last = dates.schedule.start, dates.schedule.finish
        yield f"  scheduled from {first:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M}"
    elif not found.flaws:
        yield f"  not scheduled: {dates.why_not}"


def told(found: PlanRead) -> Iterator[str]:
    """What contradicts itself in the plan, and what of the file is not carried."""
    if found.flaws:
        yield f"not scheduled, {counted(len(found.flaws), 'flaw')}:"
        yield from (f"  {flaw}" for flaw in found.flaws[:MOST_FLAWS])
        if len(found.flaws) > MOST_FLAWS:
            yield f"  and {len(found.flaws) - MOST_FLAWS} more"
    if found.remarks:
        yield "not carried:"
        for each in found.remarks:
            count = f": {each.count:,} times" if each.count > 1 else ": once" * each.count
            yield f"  {each.what}{count}" + (f", first {each.where}" if each.where and each.count else "")
