"""`interoffice link`: a personal link to reports or to an office's own page, printed once; it expires."""

from __future__ import annotations

import argparse
import json
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from runtime.place import Place, add_options, standing
from runtime.problem import Problem, UsageProblem

if TYPE_CHECKING:
    from config.wiring import Application
    from domain.pages.link import PageLink
    from store import Store

NAME = "link"
HELP = (
    "a personal link for some days: to a person's own pages (--person), to the reports, about everything or"
    " one subject, or to an office's own page (--upload)"
)
DAYS, MOST_DAYS = 14, 92


def configure(parser: argparse.ArgumentParser) -> None:
    """The options."""
    parser.add_argument("person", metavar="PERSON", nargs="?", default="", help="an id of people.yaml")
    parser.add_argument(
        "--about", default="", metavar="SUBJECT", help="only the reports about this, such as"
        " rollout-delivery-method-2-0; else all of them",
    )  # fmt: skip
    parser.add_argument(
        "--upload", default="", metavar="OFFICE", help="to the page of this office, where PERSON, who has a"
        " role there, uploads its workbook and answers its questions; without PERSON: list its links",
    )  # fmt: skip
    parser.add_argument(
        "--person", default="", dest="own", metavar="ID", help="to the own pages of this person of"
        " people.yaml: one for each role that they have when they open it",
    )  # fmt: skip
    parser.add_argument(
        "--list", action="store_true", dest="listed", help="list the links to people's own pages"
    )
    parser.add_argument(
        "--revoke", default="", metavar="ID", help="end a link to an office's or a person's page now"
    )
    parser.add_argument(
        "--days", type=int, default=DAYS, metavar="N", help=f"until it ends ({DAYS}, at most {MOST_DAYS})"
    )
    parser.add_argument("--json", action="store_true", help="for other programs")
    add_options(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the link; 0. Raises Problem for an unknown person, and for a subject of no report."""
    from config.people import people_now  # noqa: PLC0415 - keeps --help quick
    from config.wiring import wire  # noqa: PLC0415 - keeps --help quick

    _usable(arguments)
    place = standing(arguments)
    application = wire(place.settings)
    if arguments.revoke:
        return _revoke(application, arguments.revoke)
    if arguments.listed:
        return _list(application, "", as_json=arguments.json)
    if arguments.upload and arguments.upload not in application.organization.offices:
        raise Problem(f"{arguments.upload!r} is no office -> give the id of an office of offices.yaml")
    if not arguments.person and not arguments.own:
        return _list(application, arguments.upload, as_json=arguments.json)
    person = arguments.person or arguments.own
    if person not in people_now(place.settings.organization, application.clock.now().date()):
        raise Problem(f"{person!r} is nobody in people.yaml -> give the id of a person there")
    make = _to_person if arguments.own else _to_office if arguments.upload else _to_reports
    said = make(place, application, arguments)
    print(json.dumps(said, indent=2) if arguments.json else said["url"])
    return 0


def _usable(arguments: argparse.Namespace) -> None:
    """Raises UsageProblem for options that do not go together."""
    if not 1 <= arguments.days <= MOST_DAYS:
        raise UsageProblem(f"a link lasts 1 to {MOST_DAYS} days -> give --days from 1 to {MOST_DAYS}")
    if arguments.about and arguments.upload:
        raise UsageProblem("a link is to reports or to an office's page -> give --about or --upload")
    given = [arguments.person, arguments.own, arguments.upload, arguments.about]
    if arguments.revoke and any(given):
        raise UsageProblem("a link is revoked by its id alone -> give --revoke ID and nothing else")
    if arguments.listed and (any(given) or arguments.revoke):
        raise UsageProblem("--list lists the links to everybody's own pages -> give it alone")
    if arguments.own and any((arguments.person, arguments.upload, arguments.about)):
        raise UsageProblem("a person's own pages are all that the link opens -> give --person ID alone")
    if not (arguments.person or arguments.own or arguments.upload or arguments.revoke or arguments.listed):
        raise UsageProblem("whose link is it? -> give the id of a person of people.yaml")


def _to_reports(place: Place, application: Application, arguments: argparse.Namespace) -> dict[str, str]:
    from config.keyfile import link_key  # noqa: PLC0415 - keeps --help quick
    from gateway.pages.links import Reader, sign  # noqa: PLC0415 - keeps --help quick

    if arguments.about:
        _check(arguments.about, application.store)
    until = application.machine.now() + timedelta(days=arguments.days)
    reader = Reader(arguments.person, arguments.about)
    key = link_key(place.settings.state)
    url = f"{_address(place, application)}/to/{sign(key, reader, until)}/"
    return {"person": reader.person, "about": reader.about, "until": until.isoformat(), "url": url}


def _to_person(place: Place, application: Application, arguments: argparse.Namespace) -> dict[str, str]:
    """Make a link to a person's own pages and store it; what it opens is decided when it is opened."""
    from config.keyfile import link_key  # noqa: PLC0415 - keeps --help quick
    from config.tokens import person_token  # noqa: PLC0415 - keeps --help quick
    from domain.reporting.roles.readers import pages_of  # noqa: PLC0415 - keeps --help quick

    with application.store.read() as unit:
        bases = [unit.role_bases.get(about) for about in unit.role_bases.digests()]
    projects = (project for basis in bases if basis is not None for project in basis.projects)
    deployed = _has_deployment(application, arguments.own)
    if not deployed and not pages_of(application.organization, arguments.own, projects):
        raise Problem(
            f"{arguments.own!r} has no page of their own -> give them a role: head of an office, approver or"
            " sponsor of the one that leads, manager or deputy of a program (programs.yaml), or in"
            " people.yaml the account by which a tool names them as a project's manager; then run"
            " report-network; or a part in a deployment"
        )
    link = _stored(application, "", arguments.own, arguments.days)
    url = f"{_address(place, application)}/person/{person_token(link_key(place.settings.state), link)}/"
    return {"person": link.person, "id": link.id, "until": link.until.isoformat(), "url": url}


def _has_deployment(application: Application, person: str) -> bool:
    """Whether the person sees a deployment now: their link then opens `deployments` below it."""
    from config.deployment_sheets import deployments_seen  # noqa: PLC0415 - keeps --help quick

    with application.store.read() as unit:
        return any(True for _ in deployments_seen(application, unit, application.organization, person))


def _stored(application: Application, office: str, person: str, days: int) -> PageLink:
    """A new link, entered into the ledger."""
    from domain.ledger.chain import Event  # noqa: PLC0415 - keeps --help quick
    from domain.pages.link import PageLink  # noqa: PLC0415 - keeps --help quick

    now = application.machine.now().replace(microsecond=0)
    link = PageLink(secrets.token_hex(8), office, person, now, now + timedelta(days=days))
    with application.store.begin() as unit:
        unit.page_links.add(link)
        who = {"office": office, "days": days, "for": unit.pseudonyms.of(person)}
        unit.ledger.append(Event("page_link", link.id, "system", application.clock.now(), who))
        unit.commit()
    return link


def _to_office(place: Place, application: Application, arguments: argparse.Namespace) -> dict[str, str]:
    """Make a link to an office's page and store it. Raises Problem for somebody without a role there."""
    from config.keyfile import link_key  # noqa: PLC0415 - keeps --help quick
    from config.standing_in import entitled_now  # noqa: PLC0415 - keeps --help quick
    from config.tokens import office_token as sign  # noqa: PLC0415 - keeps --help quick
    from domain.pages.link import of_office  # noqa: PLC0415 - keeps --help quick

    with application.store.read() as unit:
        there = entitled_now(unit, application.organization, application.clock)
    office = there.offices[arguments.upload]
    if arguments.person not in (people := of_office(office)):
        whose = f"{arguments.person!r} has no role at {office.id}"
        raise Problem(f"{whose} -> name one who has: {', '.join(people) or 'nobody has, see offices.yaml'}")
    link = _stored(application, office.id, arguments.person, arguments.days)
    url = f"{_address(place, application)}/office/{sign(link_key(place.settings.state), link)}/"
    until = link.until.isoformat()
    return {"person": link.person, "office": office.id, "id": link.id, "until": until, "url": url}


def _revoke(application: Application, link: str) -> int:
    """End a link to an office's page; 0. Raises Problem where none with that id stands."""
    from domain.ledger.chain import Event  # noqa: PLC0415 - keeps --help quick

    with application.store.begin() as unit:
        if not unit.page_links.revoke(link, application.machine.now()):
            raise Problem(
                f"no link {link[:40]!r} stands -> interoffice link --upload OFFICE lists those that do, and"
                " interoffice link --list those to people's own pages"
            )
        unit.ledger.append(Event("page_link_revoked", link, "system", application.clock.now(), {}))
        unit.commit()
    print(f"{link} opens nothing any more")
    return 0


def _list(application: Application, office: str, *, as_json: bool) -> int:
    """The links to an office's page, or with no office to people's own, without their secret; 0."""
    with application.store.read() as unit:
        links = unit.page_links.of(office)
    found = [
        {
            "id": each.id,
            "person": each.person,
            "until": each.until.isoformat(),
            "state": _state(each, application),
        }
        for each in links
    ]
    if as_json:
        print(json.dumps({"office": office, "links": found}, indent=2))
    for each in [] if as_json else found:
        print(f"{each['id']}  {each['person']}  until {each['until'][:10]}  {each['state']}")
    if not found and not as_json:
        print(
            f"no link to the page of {office} was made; make one: interoffice link PERSON --upload {office}"
            if office
            else "no link to somebody's own pages was made; make one: interoffice link --person ID"
        )
    return 0


def _state(link: PageLink, application: Application) -> str:
    from config.people import people_now  # noqa: PLC0415 - keeps --help quick
    from domain.pages.link import closed, closed_to  # noqa: PLC0415 - keeps --help quick

    people = people_now(application.settings.organization)
    if not link.office:
        return closed_to(link, application.machine.now(), people) or "stands"
    office = application.organization.offices.get(link.office)
    return closed(link, application.machine.now(), people, office) or "stands"


def _check(about: str, store: Store) -> None:
    """Raises Problem where no report is about that subject."""
    with store.read() as unit:
        found = unit.reports.subjects()
    if about not in found:
        raise Problem(f"no report is about {about[:100]!r} -> there are {', '.join(found) or 'none yet'}")


def _address(place: Place, application: Application) -> str:
    """The URL at which people reach the gateway: the configured one, or that of the `up` that runs now."""
    served = place.folder.notes().get("gateway")
    if not application.settings.gateway_url and place.folder.is_held and isinstance(served, str):
        return served
    return application.settings.address
