"""`interoffice directives`: what strategic offices instructed, and how their addressees stand; or one.

Refuses to change anything: flows do.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from cli.listing import add_choice, chosen
from config.characters import visible
from runtime.place import standing

if TYPE_CHECKING:
    from config.wiring import Application
    from domain.directives.directive import Addressee, Directive

NAME = "directives"
HELP = "directives: who acknowledged and fulfilled them, and until when; or one with a line per addressee"


def configure(parser: argparse.ArgumentParser) -> None:
    """The options."""
    add_choice(
        parser,
        "this one, with a line per addressee",
        "those that it issued or got",
        "those that are fulfilled or withdrawn too",
    )


def run(arguments: argparse.Namespace) -> int:
    """Print; 0. Raises Problem for an unknown directive or office."""
    from config.wiring import wire  # noqa: PLC0415 - keeps --help quick

    application = wire(standing(arguments).settings)
    with application.store.read() as unit:
        shown = chosen(unit.directives, arguments, application.organization.offices, NAME)
    if arguments.json:
        print(json.dumps([_fields(application, each) for each in shown], indent=2))
        return 0
    lines = _whole(application, shown[0]) if arguments.id else _list(application, shown)
    print("\n".join(map(visible, lines)) or "No directive is in force.")
    return 0


def _list(application: Application, directives: Iterable[Directive]) -> Iterator[str]:
    from domain.directives.sheet import count_of  # noqa: PLC0415 - as above
    from domain.directives.telling import ending_words  # noqa: PLC0415 - as above
    from domain.language import ENGLISH  # noqa: PLC0415 - as above

    for each in directives:
        count = count_of(each, application.organization, application.clock.now())
        told = f"{count.fulfilled} of {count.addressed} fulfilled"
        told += f", {count.objections} objecting" if count.objections else ""
        told += f", {count.late} late" if count.late else ""
        stands = ending_words(each, ENGLISH) or f"by {each.due}"
        yield f"{each.id}  {each.issuer}  {stands}; {told}  {each.text[:60]}"


def _whole(application: Application, directive: Directive) -> Iterator[str]:
    from domain.directives.sheet import addressee_line  # noqa: PLC0415 - as above
    from domain.directives.telling import evidence_words  # noqa: PLC0415 - as above
    from domain.language import ENGLISH  # noqa: PLC0415 - as above

    entered = ", entered by an operator" if directive.entered else ""
    yield from _list(application, [directive])
    yield f"{directive.at:%Y-%m-%d %H:%M}Z  issued by {directive.person}{entered}: {directive.why}"
    yield evidence_words(directive, ENGLISH)
    for each in directive.addressees:
        line = addressee_line(directive, each, application.organization, application.clock.now(), ENGLISH)
        when = f"; by {line.due}" if line.due else ""
        late = f" ({', '.join(line.late)})" if line.late else ""
        yield f"{each.office} ({line.role}): {line.standing}; {line.evidence}{when}{late}. {line.otherwise}"
    for step in directive.steps:
        who = f" for {step.office}" if step.office else ""
        by, text = f" by {step.person}" if step.person else "", f": {step.text}" if step.text else ""
        yield f"{step.at:%Y-%m-%d %H:%M}Z  {_words(step.kind)}{who}{by}{text}"
    for each in directive.addressees:
        for level in each.told:
            told = f"the {level.role} of {level.office} was told that {each.office} is late"
            yield f"{level.at:%Y-%m-%d %H:%M}Z  {told} ({level.clock})"


def _words(kind: str) -> str:
    return kind.replace("_", " ")


def _fields(application: Application, directive: Directive) -> dict[str, object]:
    ending = directive.ending
    return {
        "id": directive.id,
        "issuer": directive.issuer,
        "text": directive.text,
        "due": directive.due.isoformat(),
        "evidence": directive.evidence.text,
        "ended": str(ending.kind) if ending else "",
        "superseded_by": ending.by if ending else "",
        "addressees": [_of(application, directive, each) for each in directive.addressees],
    }


def _of(application: Application, directive: Directive, addressee: Addressee) -> dict[str, object]:
    from domain.directives.clocks import acknowledge_by, due_on, late_by  # noqa: PLC0415 - as above
    from domain.directives.directive import state_of  # noqa: PLC0415 - as above

    organization = application.organization
    due, by = (
        due_on(directive, addressee, organization),
        acknowledge_by(directive, addressee, organization),
    )
    late = late_by(directive, addressee, organization, application.clock.now())
    return {
        "office": addressee.office,
        "role": addressee.role,
        "state": str(state_of(directive, addressee)),
        "acknowledge_by": by.isoformat() if by else "",
        "due": due.isoformat() if due else "",
        "late": [str(each) for each in late],
        "objection": addressee.objection,
        "levels_told": len(addressee.told),
    }
