"""The live sample: the sample's organization copied, four tools replaced, and their content put into the servers.

What belongs to one copy is written down beside it before anything is made, so that it can be deleted again.
Refuses to touch the committed sample and any other copy's projects.
"""

from __future__ import annotations

import io
import json
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from ruamel.yaml import YAML

from connectors.project_file.java import lacking
from examples.harbor_group import player
from examples.harbor_group.script import Action, OfficeWeek, PlanEdit
from examples.harbor_group_live.office import LiveOffice, LivePlace
from examples.harbor_group_live.redmine_agency import RedmineAgency
from examples.harbor_group_live.redmine_leader import RedmineLeader
from examples.harbor_group_live.redmine_office import RedmineOffice
from examples.harbor_group_live.servers import NotThere, Servers
from examples.harbor_group_live.trac_office import TracOffice

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Live:
    """One copy of the live sample: its organization's folder, and its offices in the servers."""

    organization: Path
    hamburg: RedmineOffice
    singapore: TracOffice
    vigo: RedmineAgency
    group: RedmineLeader

    @property
    def offices(self) -> Mapping[str, LiveOffice]:
        """The three offices of the rollout by id."""
        return {"hamburg": self.hamburg, "singapore": self.singapore, "group": self.group}

    @property
    def places(self) -> Mapping[str, LivePlace]:
        """All that plan in a server, by office: the three, and the agency that takes the finance system there."""
        return {**self.offices, "vigo": self.vigo}

    @property
    def at_work(self) -> Mapping[str, Callable[[OfficeWeek], None]]:
        """What the player calls for these three offices."""
        return {name: office.week for name, office in self.offices.items()}

    @property
    def plans_at_work(self) -> Mapping[str, Callable[[Sequence[PlanEdit]], None]]:
        """What the player calls for the agency."""
        return {"vigo": self.vigo.edit}

    def decided(self, actions: Sequence[Action]) -> tuple[Action, ...]:
        """Have the decisions among these actions made in the strategic office's tool; the actions that are left."""
        return self.group.decide(actions)

    @property
    def shown(self) -> tuple[str, str, str, str]:
        """The pages where people see the content: issues in Redmine, tickets in Trac, the agency's plan, decisions."""
        query = f"component={self.singapore.component}&order=id&desc=1"
        return (
            f"{self.hamburg.url}/projects/{self.hamburg.within[0]}/issues",
            f"{self.singapore.url}/query?{query}",
            f"{self.vigo.url}/projects/{self.vigo.within[0]}/issues",
            f"{self.group.url}/projects/{self.group.within[0]}/issues",
        )

    def forget(self) -> None:
        """Delete from the servers what this copy put there."""
        for office in self.places.values():
            office.forget()


def credentials(servers: Servers) -> Mapping[str, str]:
    """The product's own credentials, by the variables that the copy's tools.yaml names; never to be shown."""
    return {
        "HARBOR_REDMINE_KEY": servers.redmine.secret(),
        "HARBOR_TRAC_PASSWORD": servers.trac.secret(),
    }


def opened(note: Path, organization: Path, servers: Servers) -> Live:
    """The copy that the note describes; raises `NotThere` when the servers no longer hold its projects."""
    run = json.loads(note.read_text("utf-8"))["run"]
    live = _in(organization, servers, run)
    if (organization / player.CLOCK).exists() and not all(o.stands() for o in live.places.values()):
        raise NotThere(
            f"the servers no longer hold the projects of {note.parent}; remove that folder to begin anew"
        )
    return live


def _in(organization: Path, servers: Servers, run: str) -> Live:
    redmine = servers.redmine
    return Live(
        organization,
        RedmineOffice(redmine, run),
        TracOffice(servers.trac, run),
        RedmineAgency(redmine, run),
        RedmineLeader(redmine, run),
    )


def begun(note: Path, organization: Path, servers: Servers) -> Live:
    """The copy that the note describes, made where there is none; an interrupted one is made anew.

    The clock is copied last, so that a copy with a clock is complete.
    """
    if note.exists():
        live = opened(note, organization, servers)
        if (organization / player.CLOCK).exists():
            return live
        live.forget()
    elif (organization / player.CLOCK).exists():
        raise NotThere(
            f"{organization} is a copy of the other sample; give another state folder with --state"
        )
    run = secrets.token_hex(3)
    note.write_text(json.dumps({"run": run}), "utf-8")
    live = _in(organization, servers, run)
    for office in live.places.values():
        office.begin()
    accounts = live.group.accounts

    def replaced(name: str, content: bytes) -> bytes | None:
        return changed(live.places, name, content, accounts)

    player.copy_sample(organization, replaced, project_files=not lacking())
    return live


def changed(
    places: Mapping[str, LivePlace], name: str, content: bytes, accounts: Mapping[str, str]
) -> bytes | None:
    """A file's content in a copy in which these offices plan in servers; None where it is left out.

    `accounts` are those of the strategic office's approvers in its tool, by person.
    """
    path = PurePosixPath(name)
    if path.parent.name == "workbooks" and path.stem in places:
        return None
    if name == "tools.yaml":
        return _tools(places, content.decode()).encode()
    if name == "people.yaml":
        return _people(places, content.decode(), accounts).encode()
    version = re.fullmatch(r"standards/delivery-method/(.*)\.yaml", name)
    if version:
        demands = _yaml(HERE / "demands.yaml")[version[1]]
        return content.decode().replace("\ntools:\n", f"\ntools:\n{_listed(demands)}", 1).encode()
    return content


def _tools(places: Mapping[str, LivePlace], text: str) -> str:
    """The register of tools with the live tools and partitions put in."""
    for name, office in places.items():
        own = _yaml(HERE / f"{name}.yaml")
        own["tool"]["settings"]["url"] = office.url
        own["partition"]["settings"]["projects"]["within"] = office.within
        text = _replaced(text, rf"id: {name}-(?:workbook|plan)", own["tool"])
        text = _replaced(text, f"office: {name}", own["partition"])
    return text


def _people(places: Mapping[str, LivePlace], text: str, accounts: Mapping[str, str]) -> str:
    """The people with their accounts in the tools that are there instead."""
    for name in places:
        text = text.replace(f"{name}-workbook: ", f"{_yaml(HERE / f'{name}.yaml')['tool']['id']}: ")
    leading = _yaml(HERE / "group.yaml")["tool"]["id"]
    for person, account in accounts.items():
        there = f'  - id: {person}\n    accounts: {{{leading}: "{account}"}}\n'
        text = text.replace(f"  - id: {person}\n", there)
    return text


def _replaced(text: str, head: str, entry: Mapping[str, Any]) -> str:
    """The text with the entry that begins with `head` replaced."""
    return re.sub(rf"  - {head}\n(?:    .*\n)*", lambda _: _listed([entry]), text)


def _yaml(path: Path) -> Any:  # noqa: ANN401 - YAML
    return YAML(typ="safe").load(path.read_text("utf-8"))


def _listed(entries: list[Mapping[str, Any]]) -> str:
    """Entries of a list as they stand in a file, indented by two spaces."""
    writer = YAML()
    writer.default_flow_style = False
    writer.width = 10_000
    writer.indent(mapping=2, sequence=4, offset=2)
    out = io.StringIO()
    writer.dump({"list": entries}, out)
    return out.getvalue().removeprefix("list:\n")
