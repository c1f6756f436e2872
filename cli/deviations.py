"""`interoffice deviations`: what was asked for and how it stands; its measures; or the timeline of one.

Refuses to change anything: flows do.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from config.characters import visible
from runtime.place import add_options, standing
from runtime.problem import Problem

if TYPE_CHECKING:
    from datetime import datetime

    from config.wiring import Application
    from domain.deviations.deviation import Deviation
    from domain.deviations.measures import Measures

NAME = "deviations"
HELP = "deviations from rules: how each stands, the measures, or the timeline of one"


def configure(parser: argparse.ArgumentParser) -> None:
    """The options."""
    parser.add_argument("id", nargs="?", metavar="ID", help="the timeline of this one")
    parser.add_argument("--measures", choices=("rule", "office"), help="counts and days, by rule or office")
    parser.add_argument("--all", action="store_true", help="those that ended too")
    parser.add_argument("--json", action="store_true", help="for other programs")
    add_options(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print; 0, or 1 where one is past its end and in force. Raises Problem for an unknown id."""
    from config.wiring import wire  # noqa: PLC0415 - keeps --help quick
    from domain.deviations.measures import by, measured, of_office, of_rule  # noqa: PLC0415 - the same

    application = wire(standing(arguments).settings)
    if arguments.id is not None:
        return _one(application, arguments.id, as_json=arguments.json)
    now = application.clock.now()
    with application.store.read() as unit:
        listed = unit.deviations.all()
    if arguments.measures:
        found = by(listed, of_rule if arguments.measures == "rule" else of_office, now)
        print(_as_json(found) if arguments.json else "\n".join(_measured(found)) or "No deviations.")
    else:
        _list(listed, now, every=arguments.all, as_json=arguments.json)
    return 1 if measured(listed, now).past_end else 0


def _list(listed: Iterable[Deviation], now: datetime, *, every: bool, as_json: bool) -> None:
    from domain.deviations.force import Seen, in_force, seen_at, state_at  # noqa: PLC0415 - as above
    from domain.deviations.telling import scope_words, standing_words  # noqa: PLC0415 - as above
    from domain.language import ENGLISH  # noqa: PLC0415 - as above

    shown = [each for each in listed if every or seen_at(each, now) is not Seen.ENDED]
    if as_json:
        told = [
            {
                "id": each.id,
                "state": str(state_at(each, now)),
                "seen": str(seen_at(each, now)),
                "in_force": in_force(each, now),
                "rule": each.rule,
                "version": f"{each.standard}/{each.version}",
                "scope": scope_words(each, ENGLISH),
                "first": each.span.first.isoformat(),
                "last": each.span.last.isoformat(),
                "timing": str(each.timing),
                "significance": str(each.weighed.significance),
            }
            for each in shown
        ]
        print(json.dumps(told, indent=2))
        return
    for each in shown:
        days = f"{each.span.first} to {each.span.last}"
        scope = visible(scope_words(each, ENGLISH))
        print(f"{each.id}  {days}  {each.rule}  {scope}  {standing_words(each, now, ENGLISH)}")
    if not shown:
        print("No deviation waits or is in force.")


def _one(application: Application, id_: str, *, as_json: bool) -> int:
    from domain.deviations.timeline import timeline  # noqa: PLC0415 - as above

    with application.store.read() as unit:
        found = unit.deviations.get(id_)
        if found is None:
            raise Problem(f"there is no deviation {id_[:40]} -> `interoffice deviations --all` lists them")
        moments = timeline(found, unit.decisions.votes(f"deviation/{id_}"), application.clock.now())
    if as_json:
        told = [
            {
                "at": each.at.isoformat().replace("+00:00", "Z"),
                "step": str(each.step),
                "person": each.person,
                "entered": each.entered,
                "why": each.why,
            }
            for each in moments
        ]
        print(json.dumps(told, indent=2))
        return 0
    for each in moments:
        who = f" by {each.person}" if each.person else ""
        entered = ", entered by an operator" if each.entered else ""
        why = f": {each.why.replace('_', ' ')}" if each.why else ""
        print(f"{each.at:%Y-%m-%d %H:%M}Z  {each.step.replace('_', ' ')}{who}{entered}{why}")
    return 0


def _measured(found: Mapping[str, Measures]) -> Iterable[str]:
    for name, each in found.items():
        share = "-" if each.late_share is None else f"{100 * each.late_share:.0f} %"
        median, most = (f"{d:.1f}" if d is not None else "-" for d in (each.median_days, each.days_90))
        oldest = "-" if each.oldest_days is None else str(each.oldest_days)
        yield (
            f"{name}: {each.waiting} waiting, oldest {oldest} days; decided in {median} days, 90 % in {most};"
            f" {each.in_force} in force, {each.interim} in the interim, {each.expiring} ending soon,"
            f" {each.past_end} past the end and in force; asked too late {share}"
        )


def _as_json(found: Mapping[str, Measures]) -> str:
    from dataclasses import asdict  # noqa: PLC0415 - as above

    told = {name: {**asdict(each), "late_share": each.late_share} for name, each in found.items()}
    return json.dumps(told, indent=2)
