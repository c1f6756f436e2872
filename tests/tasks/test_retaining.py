"""What is kept no longer is removed by kinds, recorded, and held where something is open; a dry run only says it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from config.wiring import Application
from domain.canonical import digest
from domain.cases.case import Case, Said
from domain.cases.moving import withdrawn
from domain.ledger.chain import Entry
from domain.messages.inbox import MessageState, Posted
from domain.organization.retention import KeptKind
from domain.outcomes.retention import RetentionApplied
from domain.plans.project import Plan, Project
from domain.questions.cases import Ask, CaseQuestionId
from domain.questions.question import Notice, NoticeKind, Question, QuestionKind
from domain.reporting.entry import ReportEntry
from reports.pack.filed import PDF, entry_of_pack, slug
from store.unit import Unit
from tasks.retaining import AT_ONCE, Keeping
from tasks.retaining import apply as applied
from tasks.transactions import rehearsed
from tests.domain.cases.sample import draft, raise_one
from tests.domain.reporting.packs import example_pack
from tests.gateway.conftest import application_of

LONG_AGO, LATER = datetime(2027, 1, 4, 7, tzinfo=UTC), datetime(2040, 1, 2, 7, tzinfo=UTC)
DAY = timedelta(days=1)
WHY = "the auditors asked for it"
ENTRY = ReportEntry(
    "sweep-m-2-2027-01-04", "sweep-m-2", "sweep", "Method 2", LONG_AGO.date(), "so", "0" * 64, 1
)


@pytest.fixture
def application(tmp_path) -> Iterator[Application]:
    made = application_of(tmp_path, LATER)
    yield made
    made.store.close()


def apply(application: Application, why: str, *, dry_run: bool) -> RetentionApplied:
    there = application
    what = Keeping(there.organization, there.clock, there.machine, there.settings.state)
    with rehearsed(there.store, dry_run=dry_run) as transactions:
        return applied(what, transactions, why, dry_run=dry_run)


def keeping(application: Application, **changes: object) -> Application:
    """The application of an organization that keeps things otherwise."""
    kept = replace(application.organization.retention, **changes)
    return replace(application, organization=replace(application.organization, retention=kept))


def counts(applied: RetentionApplied) -> dict[str, int]:
    return {each.what: each.count for each in applied.removed if each.count}


def entries(application: Application) -> list[Entry]:
    with application.store.read() as unit:
        assert unit.ledger.verify() is None, "the chain holds"
        return [each for each in unit.ledger.entries() if each.event.kind == "retention"]


def over(office: str = "porto", **about: str) -> Case:
    """A case that was raised and withdrawn long ago."""
    case = raise_one(draft(office))
    case = replace(case, about=replace(case.about, **about))
    return withdrawn(case, office, Said(LONG_AGO + 3 * DAY, "carl"), "solved")


def asked_in(case: Case) -> Question:
    id_, day = str(CaseQuestionId(case.id, 2, Ask.PROPOSE)), LONG_AGO.date()
    return Question(id_, "hq", "", QuestionKind.CASE, "", "what do you propose?", day, day)


def filled(application: Application) -> Case:
    """The store and the state folder with one of everything that is too old, and something newer of each."""
    case = over()
    with application.store.begin() as unit:
        messages(unit, 3)
        plans(unit)
        unit.cases.add(case)
        unit.questions.add(asked_in(case))
        unit.notices.add(
            Notice(f"case porto {case.id} 2", NoticeKind.CASE, "porto", "head", LONG_AGO.date(), text="so")
        )
        pack = example_pack()
        newer = replace(pack, head=replace(pack.head, id=replace(pack.head.id, day=date(2039, 12, 30))))
        for each in (pack, newer):
            unit.packs.add(each)
            unit.reports.add(entry_of_pack(each))
        unit.reports.add(ENTRY)
        unit.reports.add(replace(ENTRY, slug="sweep-m-2-2039-12-30", as_of=date(2039, 12, 30)))
        unit.commit()
    reports, logs = application.settings.state / "reports", application.settings.state / "logs"
    for name in (slug(pack.head.id), slug(newer.head.id)):
        (reports / name).mkdir(parents=True)
        (reports / name / PDF).write_bytes(b"%PDF-")
        (reports / f"{name}.html").write_text("<html>")
    for name in (ENTRY.slug, "sweep-m-2-2039-12-30", "not-ours"):
        (reports / f"{name}.html").write_text("<html>")
    logs.mkdir()
    (logs / "worker.log").write_text("today\n")
    (logs / "worker.log.2027-01-04").write_text("long ago\n")
    (logs / "worker.log.2039-12-31").write_text("yesterday\n")
    (logs / "notes.log.txt").write_text("not ours\n")
    return case


def messages(unit: Unit, count: int) -> None:
    """So many messages that were dealt with, and one that waits."""
    for number in range(count):
        posted = Posted("board", f"m-{number}", "sweep.requested", LONG_AGO, b"the auditors of Lindqvist")
        unit.inbox.receive(posted)
        unit.inbox.moved(posted, MessageState.STARTED, run="r")
    unit.inbox.receive(Posted("board", "waits", "sweep.requested", LONG_AGO, b"{}"))


def plans(unit: Unit) -> None:
    """A plan that was read three times in two weeks long ago, and again yesterday."""
    for days, title in ((0, "a"), (7, "b"), (14, "c")):
        unit.plans.put("porto", [Plan(Project("porto/P-1", "porto", title))], LONG_AGO + days * DAY)
    unit.plans.put("porto", [Plan(Project("porto/P-1", "porto", "d"))], LATER - DAY)


def below(folder: Path) -> dict[str, bytes]:
    """Every file of a folder but the database's, by its path."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(("store.db", "ledger.head"))
    }


def test_a_dry_run_says_what_would_go_and_changes_nothing(application) -> None:
    filled(application)
    before = below(application.settings.state)
    told = apply(application, WHY, dry_run=True)
    assert counts(told) == {"messages": 3, "reports": 3, "plans": 2, "cases": 1, "logs": 1}
    assert told.sentence == (
        "DRY RUN, nothing was written: Removed: 3 of messages, 3 of reports, 2 of plans, 1 of cases, 1 of logs."
        " DRY RUN: `dry_run` off carries it out."
    )
    assert (below(application.settings.state), entries(application)) == (before, [])
    done = apply(application, WHY, dry_run=False)
    assert done.removed == told.removed, "what is done is what was said"


def test_what_is_kept_no_longer_goes_and_what_is_newer_or_not_ours_stays(application) -> None:
    case, state = filled(application), application.settings.state
    apply(application, WHY, dry_run=False)
    with application.store.read() as unit:
        assert {each.key for each in unit.inbox.newest(9) if each.body} == {"waits"}
        history = [each.plan.project.title for each in unit.plans.history("porto", LONG_AGO - DAY)]
        assert history == ["c", "d"], "what it held when that time began, and since"
        assert [head.id.day for head in unit.packs.heads()] == [date(2039, 12, 30)]
        assert unit.cases.all() == unit.questions.of("hq") == unit.notices.of("porto") == ()
        assert len(unit.reports.all()) == 4, "the index of reports stays: it anchors the ledger"
    kept = below(state)
    assert "reports/not-ours.html" in kept
    assert not [name for name in kept if "2027" in name]
    assert kept["logs/worker.log"] == b""
    assert kept["logs/worker.log.2040-01-02"] == b"today\n"
    assert "logs/worker.log.2039-12-31" in kept
    assert case.id not in str(kept)
    again = apply(application, WHY, dry_run=False)
    assert counts(again) == {}, "done again, it changes nothing"
    assert below(state) == kept


def test_the_ledger_says_how_many_of_what_went_of_which_days_and_nothing_of_what_stood_there(
    application,
) -> None:
    case = filled(application)
    apply(application, WHY, dry_run=False)
    found = {each.event.subject: dict(each.event.detail) for each in entries(application)}
    assert set(found) == {"messages", "reports", "plans", "cases", "logs"}
    assert found["cases"] == {
        "count": 1,
        "oldest": "2027-01-07",
        "newest": "2027-01-07",
        "held": 0,
        "kept_days": 3653,
        "names": digest([case.id]),
        "reason": digest(WHY),
    }
    assert (found["plans"]["oldest"], found["plans"]["newest"]) == ("2027-01-04", "2027-01-11")
    assert "Lindqvist" not in json.dumps(list(found.values()))


def test_what_is_kept_for_good_is_not_removed(application) -> None:
    filled(application)
    forever = dict.fromkeys((str(each) for each in KeptKind), None)
    told = apply(keeping(application, **forever), WHY, dry_run=False)
    assert counts(told) == {}
    assert below(application.settings.state)["logs/worker.log"] == b"today\n"


def test_what_the_files_hold_stays_and_is_counted(application) -> None:
    case = filled(application)
    holding = keeping(application, hold=frozenset({case.id, "porto/P-1"}))
    told = {each.what: (each.count, each.held) for each in apply(holding, WHY, dry_run=False).removed}
    assert (told["cases"], told["plans"]) == ((0, 1), (0, 2))
    assert (apply(holding, WHY, dry_run=True).sentence) == (
        "DRY RUN, nothing was written: Nothing is kept for longer than it is to be; 3 things held."
        " DRY RUN: `dry_run` off carries it out."
    )
    assert counts(apply(application, WHY, dry_run=False)) == {"plans": 2, "cases": 1}, "held no more, it goes"


def test_a_project_with_an_open_case_keeps_its_past_and_its_closed_cases(application) -> None:
    with application.store.begin() as unit:
        plans(unit)
        closed = over(project="porto/P-1")
        unit.cases.add(closed)
        opened = raise_one(draft("oslo", "report monthly"))
        unit.cases.add(replace(opened, about=replace(opened.about, project="porto/P-1")))
        unit.commit()
    told = {each.what: (each.count, each.held) for each in apply(application, WHY, dry_run=False).removed}
    assert (told["cases"], told["plans"]) == ((0, 1), (0, 2))
    with application.store.read() as unit:
        assert unit.cases.get(closed.id) == closed


def test_more_messages_than_one_transaction_takes_all_go(application) -> None:
    with application.store.begin() as unit:
        messages(unit, AT_ONCE + 2)
        unit.commit()
    assert counts(apply(application, WHY, dry_run=False)) == {"messages": AT_ONCE + 2}
    assert [each.event.detail["count"] for each in entries(application)] == [AT_ONCE, 2]


def test_files_that_a_kill_left_are_removed_and_recorded_by_the_next_run(application, monkeypatch) -> None:
    filled(application)
    with monkeypatch.context() as killed:
        killed.setattr(Path, "unlink", _killed)
        with pytest.raises(KeyboardInterrupt):
            apply(application, WHY, dry_run=False)
    assert (application.settings.state / "reports" / f"{ENTRY.slug}.html").exists()
    told = apply(application, WHY, dry_run=False)
    assert counts(told)["reports"] == 2, "both pages; the pack itself went before"
    assert not (application.settings.state / "reports" / f"{ENTRY.slug}.html").exists()


def _killed(*_: object, **__: object) -> None:
    raise KeyboardInterrupt
