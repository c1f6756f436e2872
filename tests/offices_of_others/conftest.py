"""An invented organization in a folder of its own: files and workbooks written, published, read, swept, reported."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from zipfile import ZipFile

import pytest

from domain.compliance.sweep import Sweep
from domain.plans.left_out import LeftOut
from domain.plans.project import Plan, Unreadable
from tasks.context import current_application
from tests.offices_of_others.truth import HERE
from tests.tasks.conftest import at_desk, leave


@dataclass(frozen=True)
class Network:
    """What the product made of an organization: plans by project, what it says, the sweep, the pages' texts."""

    folder: Path
    plans: dict[str, Plan]
    told: dict[str, tuple[Unreadable, ...]]
    left_out: dict[str, tuple[LeftOut, ...]]
    sweep: Sweep
    facts: dict[str, dict[str, dict[str, object]]]
    pages: tuple[str, ...]


def lay_out(organization: str, folder: Path) -> Path:
    """The organization's files and its workbooks in a folder."""
    shutil.copytree(HERE / organization / "organization", folder)
    (folder / "workbooks").mkdir()
    import_module(f"tests.offices_of_others.{organization}.books").write(folder / "workbooks")
    return folder


def run(place: Path) -> Network:
    """Publish, read, sweep and report what lies in the folder `organization` of `place`."""
    from domain.plans.facts import facts_of

    with pytest.MonkeyPatch.context() as monkeypatch:
        desk = at_desk(place, monkeypatch)
        desk.publish()
        desk.read()
        period = desk.period()
        application = current_application()
        with application.store.read() as unit:
            latest = unit.readings.latest()
            readings = {office: latest[office] for office in desk.offices if office in latest}
            plans = {each.plan.project.key: each.plan for each in unit.plans.current()}
            (version,) = unit.versions.all()
            sweep = unit.sweeps.latest(version.standard, version.version)
        offices = application.organization.offices
        facts = {
            key: facts_of(plan, offices[plan.project.office], readings[plan.project.office].tool, sweep.at)
            for key, plan in plans.items()
        }
        pages = tuple(_pages(place / "state" / "reports"))
        assert period.swept.judged == len(plans)
        leave()
    told = {office: tuple(each.unreadable) for office, each in readings.items()}
    return Network(
        place, plans, told, {o: tuple(each.left_out) for o, each in readings.items()}, sweep, facts, pages
    )


def _pages(folder: Path) -> Iterator[str]:
    """The text of every page of every report, also of those behind a first page."""
    for each in sorted(folder.rglob("*.html")):
        yield each.read_text("utf-8")
    for each in sorted(folder.glob("*.zip")):
        with ZipFile(each) as behind:
            for name in behind.namelist():
                yield behind.read(name).decode()


@pytest.fixture(scope="session")
def network(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Network]:
    """An organization as the product sees it, made once."""
    made: dict[str, Network] = {}

    def of(organization: str) -> Network:
        if organization not in made:
            place = tmp_path_factory.mktemp(organization)
            lay_out(organization, place / "organization")
            made[organization] = run(place)
        return made[organization]

    return of
