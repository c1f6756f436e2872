"""A restricted project is counted and nowhere named: in no report, page behind one, pack, digest or table."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from domain.delivery.digests import Told, digests
from domain.plans.project import Project
from domain.questions.question import Question, QuestionKind
from flows import tables
from gateway.pages.asked import questions
from tasks.notifying import _waiting
from tasks.pack_files import write_packs
from tasks.packing import fill_due_packs
from tests.tasks.conftest import Desk, copy_of, forget, leave

pytestmark = pytest.mark.servers  # seconds: whole weeks of the sample
HIDDEN = {"santos": ["SP-03", "SP-07"], "hamburg": ["TA-02"], "dammam": ["DM-06"]}
SHOWN = "santos/SP-02"


def restrict(desk: Desk, hidden: dict[str, list[str]]) -> None:
    file = desk.folder / "offices.yaml"
    text = file.read_text("utf-8")
    for office, ids in hidden.items():
        text = text.replace(f"  - id: {office}\n", f"  - id: {office}\n    restricted: {ids}\n")
    file.write_text(text, "utf-8")
    forget()


def files(desk: Desk, old: set[str]) -> Iterator[tuple[str, str]]:
    """Every text of every file that was written, those within archives too."""
    for path in sorted((desk.application.settings.state / "reports").rglob("*")):
        if path.is_file() and str(path) not in old:
            yield from texts(path.name, path.read_bytes())


def texts(name: str, data: bytes) -> Iterator[tuple[str, str]]:
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for each in archive.namelist():
                yield from texts(f"{name}/{each}", archive.read(each))
    elif not name.endswith((".pdf", ".png", ".jpeg")):
        yield name, data.decode("utf-8")


def named(desk: Desk, project: Project, old: set[str]) -> list[str]:
    """The files in which a project's title or key stands."""
    found = re.compile(
        rf"{re.escape(project.title)}|{re.escape(project.key)}\b|\b{project.key.partition('/')[2]}\b"
    )
    return [name for name, text in files(desk, old) if found.search(text)]


def projects(desk: Desk) -> dict[str, Project]:
    with desk.application.store.read() as unit:
        return {each.plan.project.key: each.plan.project for each in unit.plans.current()}


@pytest.fixture(scope="module")
def third_week(stages: dict[int, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The third week with restricted projects, played once; the names of the files from before are in `old`."""
    place = tmp_path_factory.mktemp("restricted")
    with pytest.MonkeyPatch.context() as patch:
        desk = copy_of(stages, 2, place, patch)
        reports = desk.application.settings.state / "reports"
        (place / "old").write_text("\n".join(str(each.relative_to(place)) for each in reports.rglob("*")))
        restrict(desk, HIDDEN)
        desk.play(3)
        desk.period()
        fill_due_packs(dry_run=False)
        write_packs()
        leave()
    return place


@pytest.fixture
def written(
    third_week: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Desk, set[str]]]:
    """A copy of that week, and the files that were there before."""
    desk = copy_of({3: third_week}, 3, tmp_path, monkeypatch)
    old = {str(tmp_path / name) for name in (tmp_path / "old").read_text().splitlines()}
    assert old
    yield desk, old
    leave()


def test_no_report_page_or_pack_names_one(written) -> None:
    desk, old = written
    known = projects(desk)
    hidden = [f"{office}/{own}" for office, ids in HIDDEN.items() for own in ids]
    assert {key: named(desk, known[key], old) for key in hidden} == {key: [] for key in hidden}
    assert len(named(desk, known[SHOWN], old)) > 3, "the control: another one is named"
    whole = " ".join(text for _, text in files(desk, old))
    assert "4 restricted projects" in re.sub("<[^>]+>", "", whole)


def test_one_that_is_not_hidden_would_be_found(running) -> None:
    """The planted fault: without the mark the same project stands in the same files."""
    old = {str(path) for path in (running.application.settings.state / "reports").rglob("*")}
    running.play(3)
    running.period()
    assert len(named(running, projects(running)["santos/SP-03"], old)) > 3


def test_no_digest_and_no_table_of_a_run_names_one(written) -> None:
    desk, _ = written
    known, organization = projects(desk), desk.application.organization
    with desk.application.store.read() as unit:
        waiting = _waiting(unit, organization, desk.application.clock.now())
    addressed = {
        key: replace(each, address="json://127.0.0.1:9/") for key, each in organization.people.items()
    }
    everybody = replace(organization, people=addressed)
    told: dict[str, Told] = {}
    lines = [
        line.text
        for each in digests(everybody, waiting, told, desk.application.clock.now())
        for line in each.lines
    ]
    rows = str([tables.of_readings(desk.read()), tables.of_held(desk.deliver(dry_run=True))])
    assert lines
    for office, ids in HIDDEN.items():
        for own in ids:
            title = known[f"{office}/{own}"].title
            assert not [text for text in (*lines, rows) if title in text or own in text]


def test_no_question_about_a_twin_names_one_to_another_office(running) -> None:
    """The sample has the twins singapore/GC-04 and santos/SP-02; with a restricted one nobody is asked."""
    from tasks.network import load_network

    application = running.application
    with application.store.read() as unit:
        twins = load_network(unit, application.rulebook, application.clock.now()).twins
    assert [{each.first, each.second} for each in twins] == [{"singapore/GC-04", "santos/SP-02"}]
    restrict(running, {"singapore": ["GC-04"]})
    application = running.application
    with application.store.read() as unit:
        assert load_network(unit, application.rulebook, application.clock.now()).twins == ()


def test_an_office_s_own_page_asks_about_one_only_those_who_may_see_it(running) -> None:
    restrict(running, {"santos": ["SP-07"]})
    day = date(2027, 1, 18)
    asked = [
        Question(
            f"ask/x/santos/{own}/f",
            "santos",
            f"santos/{own}",
            QuestionKind.FACT,
            "f",
            f"About {own}?",
            day,
            day,
            placed=day,
        )
        for own in ("SP-07", "SP-02")
    ]
    with running.application.store.begin() as unit:
        for question in asked:
            unit.questions.add(question)
        unit.commit()

    def seen(person: str) -> set[str]:
        found = questions(running.application, "santos", person).asked
        return {each.text for each in found} & {"About SP-07?", "About SP-02?"}

    assert seen("luciana-prado") == {"About SP-07?", "About SP-02?"}, "the head"
    assert seen("rafael-teixeira") == {"About SP-02?"}
