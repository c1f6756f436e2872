"""The page of a deployment in a real browser: on a screen, on a phone, printed; axe-core finds nothing."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from config.deployment_sheets import deployments_seen
from config.languages import LANGUAGES
from domain.deployments.progress import LocalStanding, OfficeStanding
from domain.deployments.sheet import OfficeLine
from reports.deployments.page import Reading, deployment_html
from tests.deployments.holding import Holding
from tests.deployments.visitor import Visitor
from tests.reports.looked_at import faults
from tests.reports.pack.test_pictures import axe, browser
from tests.tasks.conftest import forget, leave

__all__ = ["axe", "browser"]
pytestmark = pytest.mark.servers
WIDTHS = (1280, 390, 320)
STANDINGS = (OfficeStanding.LIVE, OfficeStanding.RUNNING, OfficeStanding.NOT_STARTED)
OFFICES = 24
ROLES = ("Projektleitung", "Datenverantwortliche", "Schulung", "Prüfung", "Schnittstellen", "Betrieb")


@pytest.fixture(scope="module")
def pages(settled_holding: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The pages, made before a browser runs in this thread."""
    place = tmp_path_factory.mktemp("pages")
    shutil.copytree(settled_holding, place, dirs_exist_ok=True)
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("INTEROFFICE_STATE", str(place / "state"))
        patched.setenv("INTEROFFICE_ORGANIZATION", str(place / "organization"))
        forget()
        found = made_pages(Holding(place / "organization"))
        leave()
    return found


def made_pages(holding: Holding) -> dict[str, bytes]:
    """What its readers see; a form that was not taken; and one of many offices with long names, in German."""
    holding.going()
    oslo = Visitor(holding, "oslo-head")
    oslo.post("ask", office="oslo", text="Which bank was it?")
    found = {
        "the owner": Visitor(holding, "porto-head").get().content,
        "the sponsor": Visitor(holding, "holding-sponsor").get().content,
        "not taken": oslo.post("reply", office="oslo", accept="perhaps", why="x").content,
        "many offices": crowded(holding),
    }
    holding.close()
    return found | {"closed": Visitor(holding, "holding-sponsor").get().content}


def crowded(holding: Holding) -> bytes:
    """The sponsor's page with 24 offices, with vacancies, late ones and long names."""
    application = holding.application
    with application.store.read() as unit:
        (seen,) = deployments_seen(application, unit, application.organization, "holding-sponsor", "")
    oslo = application.organization.offices["oslo"]
    offices = {
        f"o-{n}": replace(
            oslo, id=f"o-{n}", name=f"Gesellschaft für Hafenlogistik und Umschlag {n} GmbH & Co. KG"
        )
        for n in range(OFFICES)
    }
    lines = tuple(
        OfficeLine(
            office, n == 0, seen.sheet.lines[0].membership, date(2027, 5, 1 + n), "oslo-call",
            LocalStanding(
                STANDINGS[n % 3], None, "Übergabe an die Fachabteilung", date(2027, 4, 2), date(2027, 5, 20),
                n, 40, ROLES[: n % 7],
            ),
        )
        for n, office in enumerate(offices)
    )  # fmt: skip
    organization = replace(application.organization, offices={**application.organization.offices, **offices})
    reading = Reading(
        organization, "/person/x", date(2027, 4, 1), LANGUAGES.of("de"), date(2027, 3, 1), seen.release
    )
    return deployment_html(replace(seen.sheet, lines=lines), reading)


def test_it_fits_a_screen_and_a_phone_prints_on_two_pages_and_axe_finds_nothing(
    pages: dict[str, bytes], browser, axe, tmp_path: Path
) -> None:
    for name, page in pages.items():
        assert list(faults(page, browser, axe, tmp_path, WIDTHS)) == [], name
        made = browser.new_page()
        made.goto((tmp_path / "page.html").as_uri())
        assert len(re.findall(rb"/Type\s*/Page\b", made.pdf(prefer_css_page_size=True))) <= 2, name
        made.close()


def test_a_fault_on_the_page_would_be_found(pages: dict[str, bytes], browser, axe, tmp_path: Path) -> None:
    """The control: a field without a label, and a line that is wider than the phone."""
    page = pages["the owner"].decode()
    faulty = page.replace("</main>", '<input name="x"><p style="width:900px">wide</p></main>')
    found = "\n".join(faults(faulty.encode(), browser, axe, tmp_path, (390,)))
    assert "at 390: 9" in found
    assert "'label'" in found
