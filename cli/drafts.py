"""`interoffice drafts`: drafts of versions and what each waits for; or all that is known of one.

Refuses to change anything: flows do.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from config.characters import visible
from runtime.place import add_options, standing
from runtime.problem import Problem

if TYPE_CHECKING:
    from domain.drafts.draft import Draft
    from store.unit import Unit

NAME = "drafts"
HELP = "drafts of versions: in consultation until when, comments to be answered; or all of one"


def configure(parser: argparse.ArgumentParser) -> None:
    """The options."""
    parser.add_argument("id", nargs="?", metavar="ID", help="all of this one: a draft's id or its version")
    parser.add_argument("--all", action="store_true", help="those that are published or withdrawn too")
    parser.add_argument("--json", action="store_true", help="for other programs")
    add_options(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print; 0. Raises Problem for an unknown draft."""
    from config.standing_drafts import record_of  # noqa: PLC0415 - keeps --help quick
    from config.wiring import wire  # noqa: PLC0415 - keeps --help quick

    application = wire(standing(arguments).settings)
    with application.store.read() as unit:
        if arguments.id is not None:
            listed: tuple[Draft, ...] = (named_draft(unit, arguments.id),)
        else:
            listed = unit.drafts.all() if arguments.all else unit.drafts.open()
        if arguments.json:
            print(json.dumps([record_of(each) for each in listed], indent=2))
            return 0
        lines = list(_whole(unit, listed[0])) if arguments.id else [_line(each) for each in listed]
    print("\n".join(map(visible, lines)) or "No version is drafted.")
    return 0


def named_draft(unit: Unit, text: str) -> Draft:
    """The draft of that id, or the newest of that version. Raises Problem where there is none."""
    found = unit.drafts.get(text) or next(reversed(unit.drafts.of_version(text)), None)
    if found is None:
        raise Problem(f"there is no draft {text[:60]} -> `interoffice drafts --all` lists them")
    return found


def _line(draft: Draft) -> str:
    from domain.drafts.publishing import standing as stands  # noqa: PLC0415 - as above
    from domain.drafts.telling import state_words  # noqa: PLC0415 - as above
    from domain.language import ENGLISH  # noqa: PLC0415 - as above

    told = (
        f"{draft.id}  {draft.version.id}  {state_words(draft, ENGLISH)} since {draft.steps[-1].at:%Y-%m-%d}"
    )
    return f"{told}; {stands(draft)}" if draft.is_open else told


def _whole(unit: Unit, draft: Draft) -> Iterator[str]:
    from domain.drafts.differences import differences  # noqa: PLC0415 - as above
    from domain.drafts.telling import step_words  # noqa: PLC0415 - as above
    from domain.language import ENGLISH  # noqa: PLC0415 - as above

    yield _line(draft)
    base = unit.versions.get(draft.version.standard, draft.version.previous or "")
    yield from (f"changes {each}" for each in differences(draft.version, base, ENGLISH))
    for place in draft.consulted:
        said = sum(each.office == place.office for each in draft.comments)
        told = "no comment" if place.silent else f"{said} comments" if said != 1 else "1 comment"
        until = place.until or place.latest
        reached = "" if place.delivered else ", not reached yet"
        yield f"consulted {place.office}: {told}, until {until}{reached}"
    for comment in draft.comments:
        answer = comment.answer
        word = "to be answered" if answer is None else "accepted" if answer.accepted else "declined"
        why = f": {answer.reason}" if answer is not None and answer.reason else ""
        yield f"comment {comment.number} of {comment.office}: {comment.text} ({word}{why})"
    if draft.simulation is not None:
        for office, each in draft.simulation.offices.items():
            told = f"{each.projects} open, {each.relieved} would keep a rule more, {each.burdened} one less"
            yield f"simulated {office}: {told}"
    for step in draft.steps:
        who = f" for {step.office}" if step.office else ""
        by = f" by {step.person}" if step.person else ""
        entered = ", entered by an operator" if step.entered else ""
        yield f"{step.at:%Y-%m-%d %H:%M}Z  {step_words(step, ENGLISH)}{who}{by}{entered}"
