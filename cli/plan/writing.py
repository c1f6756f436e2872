"""`interoffice plan write FILE --to OUT`: a plan into another file, with its certificate first."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cli.plan import files
from cli.plan.reading import told
from config.characters import visible
from runtime.problem import Problem, UsageProblem

if TYPE_CHECKING:
    from domain.plans.certificate import Certificate, FieldFate
    from tasks.plan_files import WrittenPlan

NAME = "write"
HELP = "write a plan as JSON, Microsoft Project's XML, .xlsx, milestones (.ics) or a Gantt page (.html)"
EXAMPLES = """examples:
  interoffice plan write plan.json --to plan.xml --dry-run   the certificate alone; nothing is written
  interoffice plan write plan.json --to plan.xlsx --must duration --must link.lag
  interoffice plan write rollout.mpp --to milestones.ics
  interoffice plan write santos/SP-01 --to plan.html         a project as it was last read
  interoffice plan write plan.json --to plan.xml --dates     with the schedule's dates where none are stated

The certificate is made by reading the new file back: for each field how often the plan states it, and how
often it is kept, approximated (another value stands there), lost, or added (nothing was stated).

Exit 0 written, 1 not written: the file cannot be used, or a field that --must names would be lost."""
ALL = "all"
SHOWN = 60


def configure(parser: argparse.ArgumentParser) -> None:
    """The options."""
    files.add_source(parser)
    parser.add_argument(
        "--to",
        type=Path,
        required=True,
        metavar="OUT",
        help="the new file: .json, .xml, .xlsx, .ics or .html",
    )
    parser.add_argument("--dry-run", action="store_true", help="show the certificate and write nothing")
    parser.add_argument(
        "--must",
        action="append",
        default=[],
        metavar="FIELD",
        help="a field of which nothing may be lost, such as duration or link.lag, or all; may be repeated",
    )
    parser.add_argument(
        "--dates", action="store_true", help="state the schedule's dates where a task states none"
    )
    parser.add_argument("--replace", action="store_true", help="overwrite the new file where it is there")
    parser.add_argument("--json", action="store_true", help="print the certificate for other programs")


def run(arguments: argparse.Namespace) -> int:
    """0 when the file was written, or could be; 1 when a mandated field would be lost."""
    from config.wiring import SystemClock  # noqa: PLC0415 - keeps --help quick
    from tasks.plan_files import mandated, scheduled, with_dates, written_plan  # noqa: PLC0415 - keeps --help quick

    form, must = _form(arguments.to), _mandated(arguments.must)
    if arguments.to.exists() and not (arguments.replace or arguments.dry_run):
        raise Problem(f"{arguments.to} is there already -> name another file, or add --replace")
    found = files.source(arguments)
    plan = with_dates(found.plan, scheduled(found.plan)) if arguments.dates else found.plan
    made = written_plan(plan, form, arguments.to.name, found.seen_on or SystemClock().now().date())
    stopped = mandated(must, made.certificate)
    writes = not (stopped or arguments.dry_run)
    if arguments.json:
        print(
            json.dumps(
                _data(arguments.to, made, must, written=writes), indent=2, ensure_ascii=False, default=_plain
            )
        )
    else:
        print("\n".join(visible(line) for line in (*told(found), *page(made))))
    if stopped:
        raise Problem(
            f"{arguments.to} is not written, for it would lose {stopped} -> choose another format (.json "
            "keeps all), change the plan, or leave --must out"
        )
    if writes:
        files.write(arguments.to, made.data, replace=arguments.replace)
    if not arguments.json:
        print(f"written: {visible(str(arguments.to))}" if writes else "DRY RUN: nothing was written")
    return 0


def _form(path: Path) -> str:
    from tasks.plan_files import FORMS  # noqa: PLC0415 - keeps --help quick

    form = path.suffix.lower().removeprefix(".")
    if form not in FORMS:
        raise UsageProblem(f"{path}: plans are written as .{', .'.join(FORMS)} -> name such a file")
    return form


def _mandated(asked: list[str]) -> frozenset[str]:
    """The fields that --must names, in full."""
    from config.problems import meant  # noqa: PLC0415 - keeps --help quick
    from domain.plans.certificate import FIELDS  # noqa: PLC0415 - keeps --help quick

    found: set[str] = set()
    for each in asked:
        if each == ALL:
            found |= set(FIELDS)
        elif each in FIELDS or f"task.{each}" in FIELDS:
            found.add(each if each in FIELDS else f"task.{each}")
        else:
            raise UsageProblem(f"--must: a plan has no field {each!r} -> {meant(each, FIELDS)}")
    return frozenset(found)


def page(made: WrittenPlan) -> Iterator[str]:
    """The certificate as a table, the fields that differ with their first example."""
    width = max((len(each.field) for each in made.certificate.fields), default=5)
    yield f"{'field':{width}}  stated   kept  approximated   lost  added"
    for each in made.certificate.fields:
        yield (
            f"{each.field:{width}}  {each.stated:6}  {each.kept:5}  {each.approximated:12}"
            f"  {each.lost:5}  {each.added:5}"
        )
        yield from (f"{'':{width}}  first: {line}" for line in _example(each))
    yield _summary(made.certificate)
    if made.note:
        yield made.note


def _example(fate: FieldFate) -> Iterator[str]:
    for each in fate.examples[:1]:
        yield f"{each.about}: {_short(each.before)} -> {_short(each.after)}"


def _summary(found: Certificate) -> str:
    from domain.plans.certificate import Fate  # noqa: PLC0415 - keeps --help quick

    if found.whole:
        return f"all {found.total(Fate.KEPT):,} stated facts are kept"
    return ", ".join(f"{found.total(fate):,} {fate}" for fate in Fate)


def _short(value: object) -> str:
    if value is None:
        return "nothing"
    text = json.dumps(value, default=_plain, ensure_ascii=False)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def _plain(value: object) -> object:
    """A value of a plan for JSON."""
    if isinstance(value, datetime):
        return value.isoformat()
    if hasattr(value, "__dataclass_fields__"):
        return {
            name: each for name in value.__dataclass_fields__ if (each := getattr(value, name)) is not None
        }
    return str(value)


def _data(to: Path, made: WrittenPlan, must: frozenset[str], *, written: bool) -> dict[str, object]:
    """The certificate for other programs."""
    return {
        "file": str(to),
        "bytes": len(made.data),
        "written": written,
        "whole": made.certificate.whole,
        "lost_of_mandated": [each.field for each in made.certificate.lost_of(must)],
        "note": made.note,
        "certificate": [_fate(each) for each in made.certificate.fields],
    }


def _fate(each: FieldFate) -> dict[str, object]:
    shown = {
        name: getattr(each, name) for name in ("field", "stated", "kept", "approximated", "lost", "added")
    }
    return {
        **shown,
        "examples": [{"about": one.about, "before": one.before, "after": one.after} for one in each.examples],
    }
