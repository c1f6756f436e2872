"""`interoffice person`: who is who behind the opaque ids, who is away, and who stands in for whom."""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from config.characters import visible
from domain.words import counted
from runtime.place import add_options, standing
from runtime.problem import Problem, UsageProblem

if TYPE_CHECKING:
    from config.wiring import Application
    from domain.organization.absence import Absence, Delegation
    from runtime.place import Place
    from store.standing_in import Kept

NAME = "person"
HELP = (
    "the people by the opaque ids of Prefect's forms, who is away and who stands in for them;"
    " what is stored of one, given out or erased"
)
NEEDED = {
    "absent": ("first", "last"),
    "delegate": ("first", "last", "to", "of"),
    "end": (),
    "erase": (),
    "export": ("to_file",),
    "list": (),
    "away": (),
}


def configure(parser: argparse.ArgumentParser) -> None:
    """The options."""
    parser.add_argument(
        "what", choices=list(NEEDED), help="list: everybody, or those whose id or name has TEXT; absent:"
        " PERSON is away; delegate: PERSON lets another decide; away: who stands in; end: take ID back;"
        " export: all that is stored of PERSON into a file; erase: PERSON's id, name and addresses are"
        " replaced in everything that is stored (shown only, until --write)",
    )  # fmt: skip
    parser.add_argument(
        "part", nargs="?", default="", metavar="TEXT|PERSON|ID", help="a part of a name, or an id"
    )
    parser.add_argument("--from", dest="first", metavar="DAY", help="the first day, as 2027-07-05")
    parser.add_argument("--until", dest="last", metavar="DAY", help="the last day, included")
    parser.add_argument("--deputy", default="", metavar="PERSON", help="absent: who stands in meanwhile")
    parser.add_argument("--to", metavar="PERSON", help="delegate: who may decide")
    parser.add_argument("--of", metavar="OFFICE", help="delegate: in which office")
    parser.add_argument(
        "--as", dest="role", default="approver", metavar="ROLE", help="delegate: in which role"
    )
    parser.add_argument(
        "--also", action="append", default=[], metavar="TEXT",
        help="export, erase: another spelling, address or account of PERSON; may be given again",
    )  # fmt: skip
    parser.add_argument("--to-file", type=Path, metavar="FILE", help="export: the file to be made")
    parser.add_argument("--write", action="store_true", help="erase: do it")
    parser.add_argument("--json", action="store_true", help="for other programs")
    add_options(parser)


def run(arguments: argparse.Namespace) -> int:
    """Do it; 0. Raises Problem for what cannot be, UsageProblem for options that are missing."""
    from config.wiring import wire  # noqa: PLC0415 - keeps --help quick
    from domain.organization.absence import NoStandIn  # noqa: PLC0415 - keeps --help quick

    missing = [name for name in NEEDED[arguments.what] if getattr(arguments, name) is None]
    if missing or (arguments.what not in ("list", "away") and not arguments.part):
        example = {
            "erase": "person erase ana",
            "export": "person export ana --to-file ana.json",
            "absent": "person absent ana --from 2027-07-05 --until 2027-07-16 --deputy bo",
            "delegate": "person delegate ana --to bo --of group --from 2027-07-05 --until 2027-07-16",
        }.get(arguments.what, "person end ID; `interoffice person away` shows the ids")
        raise UsageProblem(f"something is missing -> interoffice {example}")
    place = standing(arguments)
    application = wire(place.settings)
    if arguments.what == "erase":
        return _erase(place, application, arguments)
    if arguments.what == "export":
        return _export(place, application, arguments)
    try:
        if arguments.what == "absent":
            return _told(application, _absent(application, arguments), arguments)
        if arguments.what == "delegate":
            return _told(application, _delegated(application, arguments), arguments)
        if arguments.what == "end":
            return _end(application, arguments)
    except NoStandIn as why:
        raise Problem(str(why)) from None
    return _away(application, arguments) if arguments.what == "away" else _list(application, arguments)


def _export(place: Place, application: Application, arguments: argparse.Namespace) -> int:
    from cli.person.erasing import export  # noqa: PLC0415 - keeps --help quick

    target = arguments.to_file.expanduser()
    count = export(place, application, arguments.part, arguments.also, target)
    print(json.dumps({"file": str(target), "places": count}) if arguments.json
          else f"{target}: {counted(count, 'place')}")  # fmt: skip
    return 0


def _erase(place: Place, application: Application, arguments: argparse.Namespace) -> int:
    """Show or do it; 1 where something still has the person afterwards."""
    from cli.person.erasing import erase, look  # noqa: PLC0415 - keeps --help quick

    if not arguments.write:
        found, obstacles = look(place, application, arguments.part, arguments.also)
        if arguments.json:
            print(json.dumps({"dry_run": True, "found": found.counts(), "obstacles": obstacles}, indent=2))
            return 0
        print("DRY RUN, nothing was written: this would be written anew with a pseudonym:")
        print("\n".join(f"  {name}: {count}" for name, count in found.counts().items()))
        print("\n".join(f"not yet: {each}" for each in obstacles) or "next: the same command with --write")
        return 0
    pseudonym, found, left = erase(place, application, arguments.part, arguments.also)
    if arguments.json:
        said = {"pseudonym": pseudonym, "written": found.counts(), "left": [[e.path, e.why] for e in left]}
        print(json.dumps(said, indent=2))
        return 1 if left else 0
    print(f"{pseudonym} stands now where {arguments.part} was, and nothing says whose it is:")
    print("\n".join(f"  {name}: {count}" for name, count in found.counts().items()))
    if arguments.part in application.organization.people:
        path = place.settings.organization / "people.yaml"
        print(f"take the entry {arguments.part} out of {path}: that file is yours")
    print("an office's own tool is not changed: what is read from it again is stored again")
    for each in left:
        print(f"left: {each.path}: {each.why}")
    return 1 if left else 0


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageProblem(f"{text[:20]!r} is no day -> write it as 2027-07-05") from None


def _absent(application: Application, arguments: argparse.Namespace) -> Kept:
    from config.standing_in import set_absence  # noqa: PLC0415 - keeps --help quick
    from domain.organization.absence import Absence  # noqa: PLC0415 - keeps --help quick

    new = Absence(arguments.part, _day(arguments.first), _day(arguments.last), arguments.deputy)
    return set_absence(application.organization, application.store, application.clock, new, "")


def _delegated(application: Application, arguments: argparse.Namespace) -> Kept:
    from config.standing_in import give_delegation  # noqa: PLC0415 - keeps --help quick
    from domain.organization.absence import Delegation  # noqa: PLC0415 - keeps --help quick
    from domain.organization.office import Role  # noqa: PLC0415 - keeps --help quick

    if arguments.role not in list(Role):
        raise UsageProblem(f"{arguments.role[:20]!r} is no role -> one of {', '.join(Role)}")
    days, role = (_day(arguments.first), _day(arguments.last)), Role(arguments.role)
    new = Delegation(arguments.part, arguments.to, arguments.of, role, *days)
    return give_delegation(
        application.organization, application.store, application.clock, new, arguments.part, entered=True
    )


def _told(application: Application, kept: Kept, arguments: argparse.Namespace) -> int:
    if arguments.json:
        print(json.dumps(_said(kept), indent=2))
        return 0
    print(_line(kept, application))
    return 0


def _end(application: Application, arguments: argparse.Namespace) -> int:
    from config.standing_in import end  # noqa: PLC0415 - keeps --help quick

    kept = end(application.store, application.clock, arguments.part)
    print(json.dumps(_said(kept), indent=2) if arguments.json else f"ended: {_line(kept, application)}")
    return 0


def _away(application: Application, arguments: argparse.Namespace) -> int:
    """Print every absence and delegation that is not over; 0."""
    today = application.clock.now().date()
    with application.store.read() as unit:
        found = [each for each in unit.stand_ins.standing() if each.what.last >= today]
    if arguments.json:
        print(json.dumps([_said(each) for each in found], indent=2))
    else:
        print(
            "\n".join(_line(each, application) for each in found)
            or "Nobody is away, and nothing is delegated."
        )
    return 0


def _said(kept: Kept) -> dict[str, object]:
    what = kept.what
    found: dict[str, object] = {"id": kept.id, "first": str(what.first), "last": str(what.last)}
    found |= {name: getattr(what, name) for name in ("person", "deputy") if hasattr(what, name)}
    found |= {
        n: str(getattr(what, n)) for n in ("delegator", "delegate", "office", "role") if hasattr(what, n)
    }
    return found | {"entered_by_operator": kept.entered}


def _line(kept: Kept, application: Application) -> str:
    from domain.organization.absence import Absence  # noqa: PLC0415 - keeps --help quick

    what: Absence | Delegation = kept.what
    days = f"{kept.id}  {what.first} to {what.last}"
    if isinstance(what, Absence):
        deputy = f"{what.deputy} stands in" if what.deputy else "the others in the role stand in"
        return f"{days}  {what.person} is away, {deputy}"
    given = f"{days}  {what.delegate} may decide for {what.delegator} as {what.role} of {what.office}"
    if not kept.entered or application.organization.operator_decisions_count:
        return given
    return f"{given}; it does not count: an operator entered it, see operator_decisions_count"


def _list(application: Application, arguments: argparse.Namespace) -> int:
    """Print who is who; 0. Raises Problem where nobody has the text in a name or an id."""
    found, wanted = _rows(application), arguments.part.casefold()
    shown = [row for row in found if any(wanted in row[key].casefold() for key in ("opaque", "id", "name"))]
    if not shown:
        raise Problem(
            f"nobody has {arguments.part[:80]!r} in a name or an id -> leave it out to see all {len(found)}"
        )
    if arguments.json:
        print(json.dumps(shown, indent=2))
        return 0
    width = {key: max(len(row[key]) for row in shown) for key in ("id", "name")}
    for row in shown:
        columns = (row["opaque"], *(visible(row[key]).ljust(width[key]) for key in width), row["roles"])
        print("  ".join(columns).rstrip())
    return 0


def _rows(application: Application) -> list[dict[str, str]]:
    """Everybody: opaque id, id, name, and roles as `approver of group`."""
    from runtime.offered import ids_of  # noqa: PLC0415 - slow

    roles: defaultdict[str, list[str]] = defaultdict(list)
    for office in application.organization.offices.values():
        for role, holders in office.roles.items():
            for person in holders:
                roles[person].append(f"{role.replace('_', ' ')} of {office.id}")
    ids, people = ids_of(application), application.organization.people
    return [
        {"opaque": ids[key], "id": key, "name": people[key].name, "roles": ", ".join(roles[key])}
        for key in sorted(people)
    ]
