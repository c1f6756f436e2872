"""`interoffice rule try`: one rule on its own examples, or on a project as it was last read; nothing is kept.

The rule is the one in the organization's files, whether it was published or not.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from typing import TYPE_CHECKING

from config.characters import visible
from domain.ids import VersionId
from runtime.place import add_options, standing
from runtime.problem import Problem

if TYPE_CHECKING:
    from pathlib import Path

    from cli.rule.trial import Tried
    from config.problems import Problems
    from config.versions import Read, Versions
    from domain.standards.standard import Rule, Version
    from runtime.place import Place

NAME = "rule"
HELP = "try a rule before it is published: on its own examples, or on a project as it was last read"


def configure(parser: argparse.ArgumentParser) -> None:
    """The options."""
    parser.add_argument("action", choices=("try",), help="show what the rule looks at, says and costs")
    parser.add_argument(
        "standard",
        metavar="STANDARD",
        help="a standard (delivery-method), which is its newest version, or a version (delivery-method/2.0)",
    )
    parser.add_argument("rule", metavar="RULE", help="the rule's uid, such as plan.owners")
    parser.add_argument(
        "project", nargs="?", metavar="OFFICE/PROJECT", help="a project that was read; else the examples"
    )
    parser.add_argument("--json", action="store_true", help="for other programs")
    add_options(parser)


def run(arguments: argparse.Namespace) -> int:
    """0 when the rule could be judged, whatever its result. Raises Problem, and UnusableOrganization."""
    from cli.rule.page import as_data, page  # noqa: PLC0415 - keeps --help quick

    place = standing(arguments)
    folder = place.settings.organization
    found = _found(place, arguments)
    if arguments.json:
        print(json.dumps(as_data(folder, found), indent=2, ensure_ascii=False, default=str))
    else:
        print("\n".join(visible(line) for line in page(folder, found)))
    return 0


def _found(place: Place, arguments: argparse.Namespace) -> Tried:
    from cli.rule.trial import on_examples  # noqa: PLC0415 - keeps --help quick
    from config.wiring import drafts  # noqa: PLC0415 - keeps --help quick
    from domain.standards.checks.check import BadCheck  # noqa: PLC0415 - keeps --help quick

    folder = place.settings.organization
    versions, problems = drafts(folder)
    read = _version(versions, arguments.standard, problems)
    rule = _rule(read, arguments.rule, problems)
    if arguments.project is not None:
        return _on_project(place, read.version, rule, arguments.project)
    try:
        found = on_examples(read.version, rule)
    except BadCheck:
        raise Problem(_unread(rule.where.file, problems, rule.uid)) from None
    _warn(folder, rule, problems)
    return found


def _on_project(place: Place, version: Version, rule: Rule, project: str) -> Tried:
    from cli.rule.project import application_of, network_of  # noqa: PLC0415 - keeps --help quick
    from cli.rule.trial import Tried, tried  # noqa: PLC0415 - keeps --help quick
    from domain.plans.project import ToolDescription  # noqa: PLC0415 - keeps --help quick
    from domain.standards.checks.costs import costs_of  # noqa: PLC0415 - keeps --help quick
    from domain.standards.judging import Subject  # noqa: PLC0415 - keeps --help quick
    from tasks.context import evaluator  # noqa: PLC0415 - keeps --help quick

    network = network_of(application_of(place), project)
    rules = network.rules(project, version).effective
    effective = next(each for each in rules if each.rule.uid == rule.uid)
    plan = network.plans[project]
    tool = network.tools.get(plan.project.office, ToolDescription("unknown"))
    subject = Subject(plan, network.facts(project), tool, network.now, network.today(project))
    trial = tried(subject, effective, f"{project} ({plan.project.title})", evaluator())
    return Tried(version, effective, tuple(costs_of(rule, effective.limit)), (trial,))


def _version(versions: Versions, wanted: str, problems: Problems) -> Read:
    """The version of that id, or the newest of that standard."""
    from config.problems import meant  # noqa: PLC0415 - keeps --help quick

    standards = {VersionId.read(key).standard for key in versions}
    if wanted in standards:
        usable = [read for key, read in versions.items() if read and VersionId.read(key).standard == wanted]
        if usable:
            return max(usable, key=lambda read: (read.version.effective_from, _numbers(read.version.version)))
        raise Problem(_unread(f"standards/{wanted}/", problems))
    if wanted not in versions:
        known = sorted({*standards, *versions}) if versions else []
        raise Problem(f"there is no standard {wanted!r} -> {meant(wanted, known) or 'add a version of it'}")
    read = versions[wanted]
    if read is None:
        raise Problem(_unread(f"standards/{wanted}.yaml", problems))
    return read


def _numbers(version: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", version)]


def _rule(read: Read, uid: str, problems: Problems) -> Rule:
    """The rule of that uid."""
    from config.problems import meant  # noqa: PLC0415 - keeps --help quick
    from domain.standards.due import as_written  # noqa: PLC0415 - keeps --help quick
    from domain.standards.standard import RuleKind  # noqa: PLC0415 - keeps --help quick

    for rule in (*as_written(read.version), *read.version.rules):  # its examples know nothing of gates
        if rule.uid == uid and (rule.check or rule.kind is RuleKind.ATTESTED):
            return rule
    if uid in read.uids:
        raise Problem(_unread(read.entry.document.file, problems))
    raise Problem(f"{read.version.id} has no rule {uid!r} -> {meant(uid, read.uids)}")


def _unread(place: str, problems: Problems, uid: str = "") -> str:
    """The message that files, or a rule in one, cannot be used as they are, with every problem there."""
    there = [each for each in problems if each.where.file.startswith(place)]
    told = [str(each) for each in there if not uid or each.about == uid]
    what = f"rule {uid}" if uid else place
    return "\n".join((f"{what} cannot be used as it is -> correct this, then try again", *told))


def _warn(folder: Path, rule: Rule, problems: Problems) -> None:
    """Print to stderr what is wrong with the rule itself, and whether more is wrong with the standards."""
    ours = [each for each in problems if each.where.file == rule.where.file and each.about == rule.uid]
    for each in ours:
        print(f"warning: {folder}/{each}", file=sys.stderr)
    if len(problems.errors) > len(ours):
        print(
            f"warning: more is wrong with the standards -> see `interoffice check {folder}`", file=sys.stderr
        )
