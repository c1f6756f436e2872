"""A holding without a strategic office: a pilot, offices that may get its system, and some that have no part.

The pilot's template is imported and released, so nothing is read from any tool.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from config.wiring import Application
from domain.outcomes.deployments import DeploymentMoved, PlanShared
from domain.plans.templates.capture import Wanted, capture
from domain.plans.templates.release import release
from domain.plans.templates.template import Note, Standing, Template
from tasks import context
from tasks.deploying import (
    close_deployment_of,
    open_deployment_of,
    reply_to_deployment,
    share_template_of,
)
from tests.domain.plans.templates.pilots import pilot
from tests.tasks.conftest import forget

OFFICES = {
    "holding": ("", "NL", "Europe/Amsterdam", "EUR", "en"),
    "porto": ("holding", "PT", "Europe/Lisbon", "EUR", "pt"),
    "oslo": ("holding", "NO", "Europe/Oslo", "NOK", "en"),
    "lima": ("holding", "PE", "America/Lima", "PEN", "es"),
    "kobe": ("holding", "JP", "Asia/Tokyo", "JPY", "en"),
    "riga": ("holding", "LV", "Europe/Riga", "EUR", "de"),
    "cairo": ("holding", "EG", "Africa/Cairo", "EGP", "fr"),
}
"""Parent, country, zone, currency and language. Riga has an agreement; Cairo has no part in anything."""
SYSTEM, TEMPLATE, DEPLOYMENT = "ERP 9", "finance", "erp-9"
RECEIVERS = "oslo 2027-05-12 oslo-call, lima 2027-06-01, kobe 2027-07-01"


def _office(name: str) -> str:
    parent, country, zone, currency, language = OFFICES[name]
    roles = {
        role: [f"{name}-{role.partition('_')[0]}"]
        for role in ("head", "standards_owner", "reporter", "sponsor")
    }
    return (
        f"  - id: {name}\n    name: {name.title()} Works\n    kind: subsidiary\n    mandate: supportive\n"
        + (f"    parent: {parent}\n" if parent else "")
        + f"    country: {country}\n    time_zone: {zone}\n    currency: {currency}\n    language: {language}\n"
        f"    roles: {roles}\n".replace("'", "")
    )


def write(folder: Path, *, counts: bool = True) -> Path:
    """The holding's files in a folder; `counts` says whether what operators enter counts."""
    people = [
        f"{office}-{role}"
        for office in OFFICES
        for role in ("head", "standards", "reporter", "sponsor", "call")
    ]
    files = {
        "clock.yaml": "as_of: 2027-03-01T09:00:00Z\n",
        "organization.yaml": f"id: works\nname: Works\noperator_decisions_count: {str(counts).lower()}\n",
        "people.yaml": "people:\n"
        + "".join(f"  - {{id: {each}, name: Person {each.title()}}}\n" for each in people),
        "offices.yaml": "offices:\n" + "".join(map(_office, OFFICES)),
        "relations.yaml": "relations:\n  - {root: holding, kind: diverse}\n",
        "agreements.yaml": "agreements:\n"
        "  - {id: porto-riga, giver: porto, taker: riga, shares: [templates], since: 2027-01-01, until: 2027-12-31}\n"
        "  - {id: porto-cairo, giver: porto, taker: cairo, shares: [reports], since: 2027-01-01}\n",
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
    return folder


def template() -> Template:
    """A template of the pilot with a risk, a lesson and costs."""
    wanted = Wanted(TEMPLATE, "porto", date(2027, 2, 1), "en", "d" * 64)
    found = capture(pilot(Random("holding"), 10), wanted).template
    return replace(
        found,
        names={"en": "Finance system", "de": "Finanzsystem"},
        risks=(Note("r1", {"en": "The bank may be late"}),),
        lessons=(Note("l1", {"en": "Train before the cut-over"}),),
    )


@dataclass
class Holding:
    """The holding with a store in which the template is released."""

    folder: Path

    @property
    def application(self) -> Application:
        return context.current_application()

    @property
    def now(self) -> datetime:
        return self.application.clock.now()

    def turn(self, days: int) -> None:
        """Set the clock that many days ahead."""
        at = self.now + timedelta(days=days)
        (self.folder / "clock.yaml").write_text(f"as_of: {at.isoformat()}\n", "utf-8")
        self.application.store.close()
        forget()

    def open(self, receivers: str = RECEIVERS, **values: object) -> DeploymentMoved:
        given = {
            "system": SYSTEM,
            "template": TEMPLATE,
            "person": "holding-sponsor",
            "why": "all need it",
            "dry_run": False,
        }
        return open_deployment_of.fn(receivers=receivers, **{**given, **values})

    def reply(self, office: str, *, accepts: bool = True, **values: object) -> DeploymentMoved:
        given = {"deployment": DEPLOYMENT, "person": f"{office}-head", "why": "yes", "dry_run": False}
        return reply_to_deployment.fn(office=office, accepts=accepts, **{**given, **values})

    def share(self, under: str = DEPLOYMENT, **values: object) -> PlanShared:
        given = {
            "template": TEMPLATE,
            "keep_back": "",
            "person": "porto-head",
            "why": "start from it",
            "dry_run": False,
        }
        return share_template_of.fn(under=under, **{**given, **values})

    def close(self, **values: object) -> DeploymentMoved:
        given = {
            "deployment": DEPLOYMENT,
            "person": "holding-sponsor",
            "why": "all are live",
            "dry_run": False,
        }
        return close_deployment_of.fn(**{**given, **values})

    def going(self) -> None:
        """Opened, accepted by the pilot, Oslo and Lima, and shared; Kobe has not said anything."""
        self.open()
        for office in ("porto", "oslo", "lima"):
            self.reply(office)
        self.share()

    def ledger(self) -> list[tuple[str, str, object]]:
        with self.application.store.read() as unit:
            return [
                (e.event.kind, e.event.subject, e.event.detail.get("moved")) for e in unit.ledger.entries()
            ]

    def notices(self) -> dict[str, list[str]]:
        with self.application.store.read() as unit:
            return {office: [each.text for each in unit.notices.of(office)] for office in OFFICES}


def settled(place: Path, monkeypatch: pytest.MonkeyPatch, *, counts: bool = True) -> Holding:
    """The holding in a folder, its application that of the process."""
    monkeypatch.setenv("INTEROFFICE_STATE", str(place / "state"))
    monkeypatch.setenv("INTEROFFICE_ORGANIZATION", str(write(place / "organization", counts=counts)))
    forget()
    found = Holding(place / "organization")
    version = release(template(), (), Standing.LIVE, None, date(2027, 2, 1))
    with found.application.store.begin() as unit:
        unit.templates.release(version, found.now)
        unit.commit()
    return found
