"""A plan is captured, released by its owning office and recalled; what is wrong is refused with what to do."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest

from config.folding import Contradiction, Holder
from config.problems import Problems
from config.standing_templates import standing_templates, stored_files
from config.templates import read_template_file
from config.wiring import Application
from connectors.plan_files import plan_json
from domain.ids import TemplateVersionId
from domain.plans.task import PlanTask
from domain.plans.templates.template import Driver, RecallKind, Size, Standing
from flows.refusals import REFUSALS
from flows.tables import of_capture
from runtime.offered import choices_of
from tasks import context
from tasks.capturing import capture_draft, import_draft
from tasks.reading import read_office
from tasks.releasing import recall_version, release_draft
from tests.config.good import write
from tests.domain.plans.templates.pilots import one_link, pilot
from tests.tasks.conftest import Desk, at_desk, forget, leave

PLAN = "porto/plans/pilot.json"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small organization with a pilot's plan in its folder, and an empty store."""
    place = tmp_path_factory.mktemp("made")
    (place / "organization").mkdir()
    folder = write(place / "organization")
    (folder / "plans").mkdir()
    tasks = (*pilot(Random("tasks"), 10).tasks, PlanTask("x", "Ask Bo Lind, bo@quay.example", assignee="Rui Costa",
                                                       milestone=True, duration=pilot(Random("a"), 3).tasks[3].duration))  # fmt: skip
    plan = replace(pilot(Random("tasks"), 10), tasks=tasks)
    (folder / "plans" / "pilot.json").write_bytes(plan_json.written(plan))
    with pytest.MonkeyPatch.context() as monkeypatch:
        at_desk(place, monkeypatch)
        leave_after(place)
    return place


def leave_after(place: Path) -> None:
    """Make the store of the organization."""
    assert context.current_application().settings.state == place / "state"
    leave()


@pytest.fixture
def folder(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of it."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    yield at_desk(tmp_path, monkeypatch).folder
    leave()


def application() -> Application:
    return context.current_application()


def captured(**values: object):
    given = {"plan": PLAN, "template": "finance", "why": "it went well", "dry_run": False}
    given |= {"confirm": "", "person": ""}
    return capture_draft.fn(**{**given, **values})


def released(draft: str = "finance", **values: object):
    given = {"person": "bo", "why": "it went well", "standing": Standing.LIVE, "dry_run": False}
    return release_draft.fn(draft, **{**given, **values})


def recalled(version: str = "finance/1", **values: object):
    given = {"kind": RecallKind.STOP, "person": "bo", "why": "it drops credit notes; wait", "dry_run": False}
    return recall_version.fn(version, **{**given, **values})


def ledger() -> list[tuple[str, str]]:
    with application().store.read() as unit:
        return [(each.event.kind, each.event.subject) for each in unit.ledger.entries()]


def edit(folder: Path, **changes: object) -> None:
    """Change the plan's file."""
    path = folder / "plans" / "pilot.json"
    plan = plan_json.read(path.read_bytes(), "pilot.json").plan
    path.write_bytes(plan_json.written(replace(plan, **changes)))


def test_a_dry_run_says_everything_and_stores_nothing(folder: Path) -> None:
    before = (folder / "plans" / "pilot.json").read_bytes()
    found = captured(dry_run=True)
    assert "would be captured: 11 tasks" in found.sentence
    assert (found.stripped["address"], found.left) == (1, 0)
    assert found.checks
    with application().store.read() as unit:
        assert unit.templates.drafts() == ()
    assert ledger() == []
    assert (folder / "plans" / "pilot.json").read_bytes() == before


@pytest.mark.usefixtures("folder")
def test_a_captured_and_released_plan_is_recorded_and_names_nobody() -> None:
    draft = captured()
    outcome = released(draft.draft)
    assert (outcome.template, outcome.standing, outcome.stated, str(outcome.by)) == (
        "finance/1",
        "live",
        True,
        "as head of porto",
    )
    assert ledger() == [("capture", "finance"), ("release", "finance/1")]
    with application().store.read() as unit:
        texts = [json.dumps(each.event.detail) for each in unit.ledger.entries()]
        texts.append(stored_files(unit)["templates/finance/1.yaml"])
        assert unit.claims.examine().good
    texts += [draft.sentence, outcome.sentence, json.dumps(of_capture(draft))]
    assert not [
        text for text in texts for name in ("Bo Lind", "Rui", "Costa", "quay.example") if name in text
    ]


@pytest.mark.usefixtures("folder")
def test_a_ledger_without_the_release_is_seen() -> None:
    captured()
    released()
    with application().store.begin() as unit:
        version = unit.templates.version(TemplateVersionId("finance", 1))
        unit.templates.release(replace(version, version=2, digest="0" * 64), application().clock.now())
        unit.commit()
    with application().store.read() as unit:
        assert not unit.claims.examine().good


def test_capturing_again_gives_the_same_draft_and_a_changed_plan_a_second_version(folder: Path) -> None:
    first = captured()
    assert (captured().draft, captured().new) == (first.draft, False)
    released()
    plan = plan_json.read((folder / "plans" / "pilot.json").read_bytes(), "p").plan
    edit(folder, links=plan.links[1:])
    second = captured()
    assert second.carried == 14, "tasks lost their uids"
    assert released(second.draft).changelog == ("1 link removed",)
    assert [str(key) for key in known().versions] == ["finance/1", "finance/2"]


@pytest.mark.usefixtures("folder")
def test_another_offices_pilot_replaces_the_first_and_the_owner_still_releases() -> None:
    released(captured().draft)
    found = captured(plan="hq/plans/pilot.json")
    assert (found.office, found.owner) == ("hq", "porto")
    with pytest.raises(PermissionError, match="head or standards owner of the office concerned"):
        released(found.draft, person="ana")
    assert released(found.draft).changelog[0] == "the pilot of hq replaces that of porto"


def known():
    with application().store.read() as unit:
        return standing_templates(application().templates, unit)


@pytest.mark.usefixtures("folder")
def test_the_size_that_a_person_states_stays_with_the_next_version() -> None:
    captured(confirm="size=420 users", person="bo")
    released()
    captured(why="once more, with nothing said of it")
    with application().store.read() as unit:
        draft = unit.templates.draft("finance")
    assert draft.template.size == Size(Driver.USERS, Decimal(420))


@pytest.mark.usefixtures("folder")
def test_a_recall_marks_a_version_and_changes_none_of_it() -> None:
    released(captured().draft)
    before = known().version("finance/1")
    assert recalled(dry_run=True).new
    assert known().recalls == {}
    assert (recalled().new, recalled().new) == (True, False)
    assert known().recalls[TemplateVersionId("finance", 1)].kind is RecallKind.STOP
    assert recalled(kind=RecallKind.CORRECTION).new
    assert known().version("finance/1") == before
    assert ledger()[-2:] == [("recall", "finance/1"), ("recall", "finance/1")]


def test_what_is_exported_becomes_a_file_of_the_organization_and_both_are_one(folder: Path) -> None:
    released(captured().draft)
    recalled()
    with application().store.read() as unit:
        files = stored_files(unit)
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True)
        (folder / name).write_text(text, "utf-8")
    application().store.close()
    forget()
    part = known().versions[TemplateVersionId("finance", 1)]
    assert part.holder is Holder.BOTH
    assert part.source == "templates/finance/1.yaml:1 and the record, since 2027-01-04"
    path = folder / "templates/finance/1.yaml"
    path.write_text(path.read_text("utf-8").replace("Phase 1", "Phase One"), "utf-8")
    application().store.close()
    forget()
    with pytest.raises(
        Contradiction, match=r"finance/1 stands in templates/finance/1.yaml:1 with other content"
    ):
        known()


def test_an_imported_file_is_a_draft_with_what_may_be_private_counted(folder: Path) -> None:
    released(captured().draft)
    path = folder / "mine.yaml"
    with application().store.read() as unit:
        text = stored_files(unit)["templates/finance/1.yaml"]
    path.write_text(text.replace('"Phase 1"', '"Phase 1: ask Bo Lind"'), "utf-8")
    found = read_template_file(path, Problems())
    draft = import_draft(application(), found.template)
    assert (draft.left, str(draft.origin)) == (1, "imported")
    outcome = released(f"finance@{draft.digest[:12]}", dry_run=True)
    assert "1 text may hold something private" in outcome.sentence


def test_a_project_is_captured_as_it_was_last_read(fresh: Desk) -> None:
    read_office("singapore")
    with fresh.application.store.read() as unit:
        project = unit.plans.current("singapore")[0].plan.project.key
    found = captured(plan=project, template="corridor", dry_run=True)
    assert found.office == "singapore"
    assert found.tasks > 10
    people = {each.name for each in fresh.application.organization.people.values()}
    assert not [name for name in people if name in found.sentence]


def test_texts_are_of_the_offices_own_language_though_we_speak_another(folder: Path) -> None:
    path = folder / "offices.yaml"
    path.write_text(
        path.read_text("utf-8").replace("currency: SAR", "currency: SAR\n    language: tr"), "utf-8"
    )
    forget()
    captured(plan="jeddah/plans/pilot.json")
    with application().store.read() as unit:
        template = unit.templates.draft("finance").template
    assert (template.language, set(template.tasks[0].names)) == ("tr", {"tr"})


@pytest.mark.usefixtures("folder")
def test_forms_offer_drafts_and_versions() -> None:
    draft = captured().draft
    released(draft)
    found = choices_of(application())
    assert (found.drafts, found.released) == ((draft,), ("finance/1",))
    assert len(found.persons["release-template"]) == 3
    schema = found.in_form({"properties": {"draft": {"type": "string"}, "released": {"type": "string"}}})
    assert [each["enum"] for each in schema["properties"].values()] == [[draft], ["finance/1"]]


def broken(folder: Path) -> None:
    edit(folder, tasks=tuple(replace(each, duration=None, actual_finish=None, baseline_start=None) for each in
                             plan_json.read((folder / "plans" / "pilot.json").read_bytes(), "p").plan.tasks))  # fmt: skip
    captured()


BAD: dict[str, tuple[Callable[[Path], object], str]] = {
    "an office that is none": (lambda _: captured(plan="lisbon/P-1"), "there is no office 'lisbon'; give one of hq"),
    "a plan without an office": (lambda _: captured(plan="pilot.json"), "names no office; write OFFICE/PROJECT, or OFFICE/FILE"),
    "a project that was never read": (lambda _: captured(plan="porto/P-9"), "porto was never read"),
    "a file that is not there": (lambda _: captured(plan="porto/plans/other.xml"), "there is no file 'plans/other.xml'"),
    "a file outside the folder": (lambda _: captured(plan="porto/../../etc/passwd.xml"), "in the organization's folder"),
    "a file that is no plan": (
        lambda folder: ((folder / "plans/x.json").write_text("[1"), captured(plan="porto/plans/x.json")), "x.json"),
    "a cycle": (lambda folder: (edit(folder, links=(one_link("1", "2"), one_link("2", "1"))), captured()), "wait for each other"),
    "an id with capitals": (lambda _: captured(template="Finance System"), "write small letters, digits and dashes"),
    "a link that is not proposed": (lambda _: captured(confirm="1>99", person="bo"), "'1>99' is no proposed link; there are"),
    "words kept by nobody": (lambda _: captured(confirm="wilk"), "name who, see `interoffice person list`"),
    "words kept by somebody without a role": (lambda _: captured(confirm="wilk", person="carl"), "whoever is named may not"),
    "a size of nobody": (lambda _: captured(confirm="size=9 users"), "and the size are confirmed by a person"),
    "a size in another word": (lambda _: captured(confirm="size=9 desks", person="bo"), "nothing is counted by 'desks'"),
    "two sizes": (lambda _: captured(confirm="size=9 users, size=8 users", person="bo"), "size= is written twice"),
    "a person that is none": (lambda _: captured(confirm="wilk", person="p-0000000000000000"), "interoffice person list"),
    "a draft that is none": (lambda _: (captured(), released("finance@000000000000")), "there is no draft finance@000000000000; there are finance@"),
    "a release without any draft": (lambda _: released("erp"), "none; capture one with capture-plan"),
    "a release by another office": (lambda _: (captured(), released(person="ana")), "of the office concerned"),
    "a release by nobody": (lambda _: (captured(), released(person="")), "nobody is named who decided"),
    "a standing that nobody states": (lambda _: (captured(), released(standing=Standing.UNSTATED)), "state it: standing not_live"),
    "a draft that is a version": (lambda _: (captured(), released(), released()), "it is version 1 already"),
    "a draft with tasks without durations": (lambda folder: (broken(folder), released()), "have no duration: give each one"),
    "a recall of what is not released": (lambda _: recalled("finance/7"), "there is no released template 'finance/7'"),
    "a recall without a text": (lambda _: (captured(), released(), recalled(why="  ")), "say what is wrong with the version"),
    "a recall that names a person": (lambda _: (captured(), released(), recalled(why="ask Bo Lind")), "it holds a person"),
    "a recall by another office": (lambda _: (captured(), released(), recalled(person="ana")), "of the office concerned"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_done_is_refused_and_told_what_to_do(folder: Path, name: str) -> None:
    do, told = BAD[name]
    with pytest.raises(REFUSALS) as refused:
        do(folder)
    assert told in str(refused.value)
