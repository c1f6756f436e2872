"""`interoffice check DIR`: every problem of an organization's files in one run; it changes nothing.

With --files it opens the offices' files too, with --connect it asks every tool. Where PREFECT_API_URL names a
Prefect server, it also says what is open there to everybody.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sized
from pathlib import Path
from typing import TYPE_CHECKING

from cli import facts_shown
from runtime.problem import UsageProblem

if TYPE_CHECKING:
    from config.organization import Loaded
    from config.problems import Problem, Problems
    from config.tried import Tried
    from domain.organization.office import Organization

NAME = "check"
HELP = "report every problem of an organization's files, with file, line and what to write instead"


def configure(parser: argparse.ArgumentParser) -> None:
    """The folder, and the form of the answer."""
    parser.add_argument("folder", type=Path, metavar="DIR", help="the folder of the organization")
    parser.add_argument(
        "--files",
        action="store_true",
        help="also open the offices' files: what cannot be read, what is left out",
    )
    parser.add_argument(
        "--connect",
        action="store_true",
        help="also ask every tool: credentials, rights, and what the settings name; writes nothing",
    )
    parser.add_argument(
        "--facts",
        action="store_true",
        help="also show every fact that the versions need, and what gives it at each office",
    )
    parser.add_argument("--json", action="store_true", help="the same as one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Print what is wrong, or what was found; 0 when nothing is wrong, 1 otherwise."""
    from config.problems import Problems  # noqa: PLC0415 - keeps --help quick
    from config.wiring import examine  # noqa: PLC0415 - keeps --help quick
    from runtime.examined import of_given_server  # noqa: PLC0415 - keeps --help quick
    from runtime.supervisor import POOL  # noqa: PLC0415 - keeps --help quick

    folder: Path = arguments.folder
    if not folder.is_dir():
        raise UsageProblem(f"{folder} is no folder -> make one with `interoffice init {folder}`")
    found, server = examine(folder), of_given_server(POOL)
    tries = arguments.files or arguments.connect
    tools = iter(()) if isinstance(found, Problems) or not tries else _tried(folder, found, arguments)
    if arguments.json:
        ended = sorted(tools, key=lambda each: (each.office, each.tool))
        told = {**as_data(found), "server": [str(each) for each in server]}
        told |= {"tools": [_tried_item(each) for each in ended]} if tries else {}
        told |= (
            {} if isinstance(found, Problems) else {"facts": facts_shown.as_data(facts_shown.tables(found))}
        )
        print(json.dumps(told, indent=2, ensure_ascii=False))
    else:
        _print(folder, found, facts=arguments.facts)
        ended = []
        for each in tools:
            print("\n".join(_tried_lines(each)), flush=True)
            ended.append(each)
        _say_next(folder, found, [*ended] if tries else None)
    for warning in server:
        print(f"warning: {warning}", file=sys.stderr)
    wrong = isinstance(found, Problems) or found.withheld or not all(each.usable for each in ended)
    return 1 if wrong else 0


def _say_next(folder: Path, found: Loaded | Problems, tried: list[Tried] | None) -> None:
    """The command to run next; nothing while something is wrong in the files."""
    from config.problems import Problems  # noqa: PLC0415 - keeps --help quick

    if isinstance(found, Problems) or found.withheld:
        print(f"next: mend the lines above, then `interoffice check {folder}`")
    elif tried is None and found.organization.partitions:
        print(f"next: `interoffice check {folder} --files --connect` opens the files and asks the tools")
    elif found.organization.partitions and not _reading(found)[0]:
        print("next: an agreement (agreements.yaml), or a deployment: docs/deployments.md has its commands")
    else:
        print(f"next: `interoffice up --organization {folder}` reads the offices and writes the first report")


def _tried(folder: Path, loaded: Loaded, arguments: argparse.Namespace) -> Iterator[Tried]:
    from config.tried import Around, tried  # noqa: PLC0415 - keeps --help quick
    from config.wiring import SystemClock, secret_of  # noqa: PLC0415 - keeps --help quick

    around = Around(folder, secret_of, SystemClock().now)
    return tried(loaded.organization, around, servers=arguments.connect)


def _tried_item(checked: Tried) -> Mapping[str, object]:
    health = checked.health
    return {
        "office": checked.office,
        "tool": checked.tool,
        "readable": health.readable,
        "writable": health.writable,
        "remarks": list(health.remarks),
        "notes": list(health.notes),
    }


def _tried_lines(checked: Tried) -> list[str]:
    """An office's tool in lines: how it is, what asks for something, what is good to know."""
    health = checked.health
    how = "read" if health.readable else "not read"
    if checked.uploaded:
        how = "uploaded by the office"
    if health.writable:
        how += ", can be written"
    elif health.readable and checked.access.may_ask:
        how += f", cannot be written though the office grants `{checked.access}`"
    remarks = [f"  {each}" for each in health.remarks]
    return [
        f"{checked.office} ({checked.tool}): {how}",
        *remarks,
        *(f"  note: {each}" for each in health.notes),
    ]


def as_data(found: Loaded | Problems) -> Mapping[str, object]:
    """The answer as JSON knows it; `found` is null where something is wrong."""
    errors, warnings, loaded = _parts(found)
    return {
        "errors": [_item(problem) for problem in errors],
        "warnings": [_item(problem) for problem in warnings],
        "found": {**counts(loaded), "steps": _steps(loaded)} if loaded else None,
    }


def _steps(loaded: Loaded) -> Mapping[str, object]:
    """What every expression may cost at most: the limit, then steps by version, rule and key."""
    from domain.standards.checks.costs import costs  # noqa: PLC0415 - keeps --help quick
    from domain.standards.checks.steps import MOST_STEPS  # noqa: PLC0415 - keeps --help quick

    found: dict[str, dict[str, dict[str, int]]] = {}
    for key, version in loaded.versions.items():
        rules = found.setdefault(key, {})
        for cost in costs(version):
            rules.setdefault(cost.rule, {})[cost.key] = cost.steps
    return {"most": MOST_STEPS, "versions": found}


def counts(loaded: Loaded) -> Mapping[str, object]:
    """How many of each kind of thing stand in the files."""
    organization = loaded.organization
    return {
        "organization": organization.id,
        "as_of": loaded.as_of.isoformat() if loaded.as_of else None,
        "offices": len(organization.offices),
        "kinds": dict(Counter(str(office.kind) for office in organization.offices.values())),
        "countries": len({office.calendar.country for office in organization.offices.values()}),
        "people": len(organization.people),
        "programs": len(organization.programs),
        "tools": len(organization.tools),
        "access": dict(Counter(str(partition.access) for partition in organization.partitions)),
        "versions": {key: len(version.rules) for key, version in loaded.versions.items()},
        "tailorings": len(loaded.tailorings),
        "rollouts": {plan.id: len(plan.waves) for plan in loaded.rollouts},
    }


def _parts(found: Loaded | Problems) -> tuple[list[Problem], list[Problem], Loaded | None]:
    from config.problems import Problems, in_order  # noqa: PLC0415 - keeps --help quick

    if isinstance(found, Problems):
        return in_order([*found.errors, *found.withheld]), in_order(found.warnings), None
    return in_order(found.withheld), in_order(found.warnings), found


def _item(problem: Problem) -> Mapping[str, object]:
    return {
        "file": problem.where.file,
        "line": problem.where.line,
        "message": problem.message,
        "instead": problem.instead,
    }


def _print(folder: Path, found: Loaded | Problems, *, facts: bool) -> None:
    errors, warnings, loaded = _parts(found)
    for problem in errors:
        print(f"{folder}/{problem}")
    for problem in warnings:
        print(f"warning: {folder}/{problem}", file=sys.stderr)
    if loaded:
        print("\n".join(_summary(loaded)))
        for line in facts_shown.lines(facts_shown.tables(loaded), every=facts):
            print(line)
    said = [_of("error", errors), *([_of("warning", warnings)] if warnings else [])]
    print(", ".join(said))


def _summary(loaded: Loaded) -> list[str]:
    found, organization = counts(loaded), loaded.organization
    versions = [f"{key} ({_of('rule', version.rules)})" for key, version in loaded.versions.items()]
    rollouts = [f"{plan.id} ({_of('wave', plan.waves)})" for plan in loaded.rollouts]
    clock = f"as of {loaded.as_of:%Y-%m-%d %H:%M} UTC" if loaded.as_of else "at the machine's time"
    part, none = _reading(loaded)
    outside = f"  no part     {', '.join(none)}: diverse and without an agreement, so a deployment opens it"
    nobody = "nobody yet" if none else "nothing yet: no partition in tools.yaml"
    return [
        f"{organization.name}, {clock}",
        f"  offices     {found['offices']} in {found['countries']} countries, {found['people']} people",
        f"  reads       {', '.join(part) or nobody}",
        *([outside] if none else []),
        f"  standards   {', '.join(versions) or 'none yet'}",
        *_costliest(loaded),
        *_without_rate(organization),
        *_without_currency(organization),
        f"  tailorings  {found['tailorings']}",
        f"  rollouts    {', '.join(rollouts) or 'none yet'}",
    ]


def _reading(loaded: Loaded) -> tuple[list[str], list[str]]:
    """The offices that are read, each with our access, and those of a diverse subtree that are not."""
    from config.wiring import SystemClock  # noqa: PLC0415 - keeps --help quick
    from domain.organization.office import RelationKind  # noqa: PLC0415 - keeps --help quick

    organization, on = loaded.organization, (loaded.as_of or SystemClock().now()).date()
    part: list[str] = []
    none: list[str] = []
    for each in organization.partitions:
        diverse = organization.relation(each.office) is RelationKind.DIVERSE
        outside = diverse and not organization.takes_part(each.office, on)
        (none if outside else part).append(f"{each.office} ({each.access})")
    return part, none


def _without_rate(organization: Organization) -> list[str]:
    """The currencies of offices that reports cannot add up, a line; none where there is a rate for each."""
    rates, leads = organization.rates, organization.strategic_offices()
    if rates is None and not leads:
        return []
    base = rates.currency if rates else leads[0].currency
    known = {base, *(rates.per_unit if rates else ())}
    lacking: dict[str, list[str]] = {}
    for office in organization.offices.values():
        if office.currency not in known:
            lacking.setdefault(office.currency, []).append(office.id)
    said = ", ".join(f"{code} ({', '.join(some)})" for code, some in lacking.items())
    what = "this money is missing in reports about several offices"
    return [f"  no rate     {said}: {what}; write `rates` in organization.yaml, in {base}"] if said else []


def _without_currency(organization: Organization) -> list[str]:
    """The offices whose tools give money and not its currency, a line; none where there is none."""
    from config.fact_tables import gives  # noqa: PLC0415 - keeps --help quick
    from connectors.records.reading import PROJECT_MONEY  # noqa: PLC0415 - keeps --help quick

    found = []
    for office in organization.offices:
        there = gives(organization, office)
        money = ", ".join(f"`{there[name]}`" for name in PROJECT_MONEY if name in there)
        if money and "currency" not in there:
            found.append(f"{office} ({money})")
    what = "its money is missing in every report; map the column that says `currency`"
    return [f"  no currency {'; '.join(found)}: {what}"] if found else []


def _of(kind: str, some: Sized) -> str:
    return f"{len(some)} {kind}{'' if len(some) == 1 else 's'}"


def _costliest(loaded: Loaded) -> list[str]:
    """The expression of each version that may cost most, a line each."""
    from domain.standards.checks.costs import costs  # noqa: PLC0415 - keeps --help quick

    found = [(key, costs(version)) for key, version in loaded.versions.items()]
    return [f"  costliest   {key}: {max(some, key=lambda cost: cost.steps)}" for key, some in found if some]
