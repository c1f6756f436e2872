"""`interoffice cases`: feedback and objections, whose turn it is and since when; or the timeline of one.

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
    from domain.cases.case import Case
    from domain.drafts.draft import Draft

NAME = "cases"
HELP = "cases of feedback and objections: whose turn it is, since when; or the timeline of one"


def configure(parser: argparse.ArgumentParser) -> None:
    """The options."""
    add_choice(
        parser,
        "the timeline of this one",
        "those in which it takes part",
        "those that are closed or withdrawn too",
    )


def run(arguments: argparse.Namespace) -> int:
    """Print; 0. Raises Problem for an unknown case or office."""
    from config.wiring import wire  # noqa: PLC0415 - keeps --help quick

    application = wire(standing(arguments).settings)
    with application.store.read() as unit:
        shown = chosen(unit.cases, arguments, application.organization.offices, NAME)
        drafts = unit.drafts.of_case(shown[0].id) if arguments.id else ()
    if arguments.json:
        fields = [_fields(application, each, whole=bool(arguments.id)) for each in shown]
        for each in fields if arguments.id else ():
            each["drafts"] = [draft.id for draft in drafts]
        print(json.dumps(fields, indent=2))
        return 0
    lines = _timeline(application, shown[0], drafts) if arguments.id else _list(application, shown)
    print("\n".join(map(visible, lines)) or "No case is open.")
    return 0


def _list(application: Application, cases: Iterable[Case]) -> Iterator[str]:
    from domain.cases.moving import since  # noqa: PLC0415 - as above
    from domain.cases.telling import about_words, standing_words  # noqa: PLC0415 - as above
    from domain.language import ENGLISH  # noqa: PLC0415 - as above

    for each in cases:
        told = f"{each.id}  {each.raiser} to {each.counterpart}  {about_words(each, ENGLISH)}"
        stands = f"{standing_words(each, ENGLISH)} since {since(each):%Y-%m-%d}"
        yield f"{told}  {stands}{_turn(application, each)}"


def _turn(application: Application, case: Case) -> str:
    """Whose turn it is, and until when; empty where nobody is asked."""
    from domain.cases.escalating import due_on  # noqa: PLC0415 - as above
    from domain.cases.saying import asked_of  # noqa: PLC0415 - as above

    asked, due = asked_of(case, application.organization), due_on(case, application.organization)
    if asked is None:
        return ""
    return f"; {asked[0]} is asked" + (f", by {due}" if due else "")


def _timeline(application: Application, case: Case, drafts: Iterable[Draft]) -> Iterator[str]:
    from domain.cases.telling import COLORS, otherwise, step_words  # noqa: PLC0415 - as above
    from domain.drafts.consultation import moments_of  # noqa: PLC0415 - as above
    from domain.language import ENGLISH  # noqa: PLC0415 - as above

    yield from _list(application, [case])
    for step in case.steps:
        who = f" for {case.office(step.side)}" if step.side else ""
        by = f" by {step.person}" if step.person else ""
        entered = ", entered by an operator" if step.entered else ""
        yield f"{step.at:%Y-%m-%d %H:%M}Z  {step_words(step, ENGLISH)}{who}{by}{entered}"
    for level in case.told:
        late = case.office(level.side)
        yield f"{level.at:%Y-%m-%d %H:%M}Z  the {level.role} of {level.office} was told that {late} is asked"
    for moment in (each for draft in drafts for each in moments_of(draft, application.organization, ENGLISH)):
        entered = ", entered by an operator" if moment.entered else ""
        who = f" ({moment.office})" if moment.office else ""
        yield f"{moment.at:%Y-%m-%d %H:%M}Z  {moment.what}{who}{entered}"
    for side, check in case.checks.items():
        color = ENGLISH.message(COLORS[case.colors[side]]) if side in case.colors else "not looked at yet"
        yield f"check of {case.office(side)}: {check.text} ({color})"
    for each in case.agreement.dissent if case.agreement else ():
        yield f"dissent of {case.office(each.side)}: {each.text}"
    yield otherwise(case, application.organization, ENGLISH)


def _fields(application: Application, case: Case, *, whole: bool) -> dict[str, object]:
    from domain.cases.escalating import due_on  # noqa: PLC0415 - as above
    from domain.cases.moving import since  # noqa: PLC0415 - as above
    from domain.cases.saying import asked_of  # noqa: PLC0415 - as above

    asked, due = asked_of(case, application.organization), due_on(case, application.organization)
    told: dict[str, object] = {
        "id": case.id,
        "state": str(case.state),
        "objection": case.objection,
        "about": f"{case.about.kind} {case.about.subject}",
        "offices": list(case.offices),
        "since": since(case).isoformat().replace("+00:00", "Z"),
        "asked": asked[0] if asked else "",
        "due": due.isoformat() if due else "",
        "reopened": case.reopened,
    }
    if whole:
        told["steps"] = [
            {
                "at": each.at.isoformat().replace("+00:00", "Z"),
                "step": str(each.kind),
                "side": str(each.side) if each.side else "",
                "person": each.person,
                "entered": each.entered,
                "text": each.text,
            }
            for each in case.steps
        ]
    return told
