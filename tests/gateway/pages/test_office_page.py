"""An office that has only a workbook uploads it at its page, sees what was read, and answers its questions there."""

from __future__ import annotations

import html
import io
import json
import re
import stat
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import openpyxl
import pytest

from config.uploads import VERSIONS
from domain.delivery.held import Cause
from domain.pages.answering import PageQuestion
from domain.plans.facts import facts_of
from domain.plans.project import ToolDescription
from domain.questions.missing_facts import with_answers
from domain.questions.question import QuestionState, RemarkKind
from gateway.pages.asked import field_of, seen
from tasks.delivering import deliver_office
from tests.gateway.pages.desk import FILES, HEADERS, ROWS, XLSX, Desk, desk, printed, workbook


@pytest.fixture
def made(tmp_path, monkeypatch) -> Iterator[Desk]:
    with desk(tmp_path, monkeypatch) as found:
        yield found


def text_of(page: str) -> str:
    """What a page shows, as text."""
    body = page.partition("<main")[2]
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body)))


def everything(made: Desk) -> list[object]:
    """All that is stored of pages, questions, hints and the ledger, and the kept files."""
    with made.application.store.read() as unit:
        rows: list[object] = [unit.questions.of(), unit.page_questions.of("gdansk"), unit.inbox.hints()]
        rows += [
            unit.ledger.newest(),
            unit.uploads.accepted("gdansk", "gdansk-book", 9),
            unit.page_links.of("gdansk"),
        ]
    return [*rows, sorted((made.folder / "state" / "uploads").rglob("*"))]


def test_an_upload_shows_what_was_read_what_was_not_understood_and_what_was_left_out(made) -> None:
    page = made.page()
    assert "None was uploaded yet" in page.get().text
    answer = page.upload(workbook())
    assert answer.status_code == 303
    told = text_of(page.shown(answer))
    assert "projekty.xlsx was taken" in told
    assert "3 projects, 0 items, 0 answers" in told
    assert re.search(r"Most nad Motławą P-1 execution 2026-03-02 2027-05-31 94 % 0 Projekty!A4", told)
    assert re.search(r"Hala 7 P-2 planning 2027-02-01 not read 0 %", told)
    assert "Projekty!C6" in told.partition("What was not understood")[2], "the stage that nobody maps"
    assert "1 totals row: Projekty!A7" in told.partition("What was left out")[2]
    assert "What was read of it" in text_of(page.get().text)


def test_it_is_kept_for_its_owner_alone_recorded_and_read_by_the_next_run(made) -> None:
    page = made.page("ewa")
    page.upload(workbook())
    (kept,) = [each for each in (made.folder / "state" / "uploads").rglob("*") if each.is_file()]
    assert kept.read_bytes() == workbook() or kept.stat().st_size > 0
    for each in (kept, kept.parent, kept.parent.parent, kept.parent.parent.parent):
        assert stat.S_IMODE(each.stat().st_mode) & 0o077 == 0
    (entry,) = made.ledger("upload")
    with made.application.store.read() as unit:
        (upload,) = unit.uploads.accepted("gdansk", "gdansk-book", 9)
        assert entry.actor == unit.pseudonyms.of("ewa")
        assert [each.office for each in unit.inbox.hints()] == ["gdansk"]
    assert entry.detail == {
        "digest": upload.digest, "bytes": upload.size, "projects": 3, "link": upload.link
    }  # fmt: skip
    assert "Nowak" not in json.dumps(entry.detail)
    read = made.read()
    assert (read.projects, read.unreadable, read.problem) == (3, 1, "")


def test_before_any_upload_the_office_is_not_read_and_it_is_said_what_to_do(made) -> None:
    assert "interoffice link PERSON --upload gdansk" in made.read().problem
    page = made.page()
    page.upload(workbook())
    made.read()
    page.upload(b"no workbook")
    assert made.read().projects == 3, "what was read before still counts"


def test_the_previous_workbooks_are_kept_for_a_while_and_the_last_one_counts(made) -> None:
    page = made.page()
    for number in range(VERSIONS + 1):
        made.holds(workbook([["P-1", f"Most {number}"]]))
    page.upload(workbook([["P-1", f"Most {VERSIONS + 1}"]]))
    names = list((made.folder / "state" / "uploads").rglob("*.xlsx"))
    assert len(names) == VERSIONS
    made.read()
    with made.application.store.read() as unit:
        (plan,) = unit.plans.current("gdansk")
    assert plan.plan.project.title == f"Most {VERSIONS + 1}"


def test_looking_changes_nothing_and_questions_are_shown_when_they_are_opened(made) -> None:
    page = made.page()
    made.begin()
    asked = made.ask()
    before = everything(made)
    for path in ("", "questions", "questions.xlsx", "uploads/none"):
        page.get(path)
        page.http.head(f"{page.url}{path}")
        for method in ("PUT", "DELETE", "PATCH"):
            assert page.http.request(method, f"{page.url}{path}").status_code == 405
    assert page.http.get(f"{page.url}open").status_code == 405
    assert everything(made) == before, "a program that looks through mail starts no clock"
    assert "1 question waits to be opened" in text_of(page.get().text)
    assert asked.text not in page.get("questions").text
    shown = page.shown(page.post("open"))
    assert asked.text in shown
    assert made.question(asked).placed == date(2027, 1, 4)


def test_the_time_of_a_question_begins_when_it_is_opened_with_all_its_days(made) -> None:
    page = made.page()
    made.begin()
    asked = made.ask(asked=date(2026, 12, 21), answer_by=date(2026, 12, 30))
    made.read()
    put_off = made.question(asked)
    assert (put_off.state, put_off.asked) == (QuestionState.OPEN, date(2027, 1, 4)), (
        "it was put off by the reading"
    )
    page.post("open")
    (entry,) = made.ledger("questions_opened")
    assert entry.detail["questions"] == 1
    opened = made.question(asked)
    assert (opened.placed, opened.answer_by) == (date(2027, 1, 4), put_off.answer_by)
    page.post("open")
    assert len(made.ledger("questions_opened")) == 1, "opened once"


def test_under_observe_an_opened_question_is_not_held_and_one_that_nobody_opened_is(made) -> None:
    page = made.page()
    made.begin()
    first = made.ask()
    deliver_office("gdansk", dry_run=False)
    with made.application.store.read() as unit:
        assert {each.key: each.cause for each in unit.held.of("gdansk")}[first.id] is Cause.NOT_GRANTED
    page.post("open")
    second = made.ask("gdansk/P-3", "project.lead")
    deliver_office("gdansk", dry_run=False)
    with made.application.store.read() as unit:
        questions = {each.key for each in unit.held.of("gdansk") if each.key in (first.id, second.id)}
    assert questions == {second.id}


def test_an_answer_is_recorded_with_who_and_counts_with_the_next_reading(made) -> None:
    page = made.page("ewa")
    made.begin()
    asked, twins = made.ask(), made.ask_about_twins()
    page.post("open")
    shown = page.shown(page.post("questions", data={
        field_of(asked): " 2027-11-30 ", f"seen-{field_of(asked)}": seen(made.question(asked)),
        field_of(twins): "different", f"seen-{field_of(twins)}": seen(made.question(twins)),
    }))  # fmt: skip
    assert "2027-11-30" in shown.partition("Answered here")[2]
    assert "by <bdi>Ewa Nowak</bdi>" in shown
    assert "recorded, and read by the next run" in shown
    assert made.question(asked).state is QuestionState.OPEN, "the page settles nothing itself"
    assert {each.subject for each in made.ledger("page_answer")} == {asked.id, twins.id}
    assert made.read().answers == 2
    after = made.question(asked)
    assert (after.state, after.answer, after.answered_by) == (
        QuestionState.ANSWERED,
        date(2027, 11, 30),
        "ewa",
    )
    assert made.question(twins).answer == "different"
    assert {
        each.detail["on_page"] for each in made.ledger("question") if each.detail["state"] == "answered"
    } == {True}
    with made.application.store.read() as unit:
        plan = next(
            each.plan for each in unit.plans.current("gdansk") if each.plan.project.key == "gdansk/P-2"
        )
    office, now = made.application.organization.offices["gdansk"], made.application.clock.now()
    facts = facts_of(with_answers(plan, [after]), office, ToolDescription("workbook"), now)
    assert facts["project"]["finish"] is not None
    assert "it counts" in page.get("questions").text


def test_what_is_not_understood_is_shown_at_its_field_with_what_to_write_and_is_not_recorded(made) -> None:
    page = made.page()
    made.begin()
    asked = made.ask()
    page.post("open")
    answer = page.post("questions", data={field_of(asked): "<b>wiosną</b>"})
    assert answer.headers["location"].endswith("/questions#problem")
    shown = page.shown(answer)
    name = field_of(asked)
    assert f'aria-describedby="{name}-why {name}-problem" aria-invalid="true"' in shown
    assert "was not understood: write a date such as 2027-03-31" in html.unescape(shown)
    assert 'value="&lt;b&gt;wiosną&lt;/b&gt;"' in shown
    assert f'href="#{name}-box"' in shown
    assert "<b>wiosną" not in shown
    assert made.ledger("page_answer") == []
    page.post("questions", data={name: "2027-11-30"})
    assert "was not understood" not in page.get("questions").text


def test_a_second_answer_a_stale_one_and_one_to_what_is_settled_are_not_taken_and_that_is_said(made) -> None:
    first, other = made.page("jan"), made.page("ewa")
    made.begin()
    asked, lead, start = (
        made.ask(),
        made.ask("gdansk/P-3", "project.lead"),
        made.ask("gdansk/P-1", "project.sponsor"),
    )
    first.post("open")
    mark = seen(made.question(lead))
    first.post("questions", data={field_of(asked): "2027-11-30"})
    told = text_of(other.shown(other.post("questions", data={field_of(asked): "2028-01-01"})))
    assert "'2027-11-30' was answered here before, and counts" in told
    same = other.post("questions", data={field_of(asked): "2027-11-30"})
    assert same.headers["location"].endswith("/questions"), "the same answer twice is one"
    with made.application.store.begin() as unit:
        unit.questions.save(replace(made.question(lead), text="Asked anew, and otherwise."))
        unit.questions.save(replace(made.question(start), state=QuestionState.MOOT))
        unit.commit()
    data = {field_of(lead): "A. Zych", f"seen-{field_of(lead)}": mark, field_of(start): "B. Lis"}
    told = text_of(other.shown(other.post("questions", data=data)))
    assert "the question was changed since you read it" in told
    assert "it is not asked any more" in told
    assert len(made.ledger("page_answer")) == 1
    made.read()
    assert made.question(asked).answer == date(2027, 11, 30)
    assert made.question(asked).answered_by == "jan"


def test_an_answer_that_comes_late_is_taken_and_the_page_says_that_it_is_late(made) -> None:
    page = made.page()
    made.begin()
    late = made.ask(placed=date(2026, 12, 1), answer_by=date(2026, 12, 8), state=QuestionState.UNANSWERED)
    assert "It is late, and is still taken." in page.get("questions").text
    page.post("questions", data={field_of(late): "2027-11-30"})
    made.read()
    assert made.question(late).state is QuestionState.ANSWERED


def test_of_two_people_at_once_one_answer_counts_and_the_other_is_told(made) -> None:
    pages = [made.page("jan"), made.page("ewa")] * 3
    made.begin()
    asked = made.ask()
    pages[0].post("open")
    start = threading.Barrier(len(pages))
    answers = [f"2027-11-{10 + n}" for n in range(len(pages))]
    statuses: list[str] = []

    def answer(number: int) -> None:
        start.wait()
        sent = pages[number].post("questions", data={field_of(asked): answers[number]})
        statuses.append(sent.headers["location"].rpartition("/")[2])

    threads = [threading.Thread(target=answer, args=(n,)) for n in range(len(pages))]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(statuses) == ["questions", *["questions#problem"] * (len(pages) - 1)]
    assert len(made.ledger("page_answer")) == 1
    made.read()
    assert str(made.question(asked).answer) in answers


def test_what_somebody_filled_in_meanwhile_closes_the_question_and_the_answer_is_not_needed(made) -> None:
    page = made.page()
    page.upload(workbook())
    made.read()
    asked = made.ask()
    page.post("open")
    rows = [list(row) for row in ROWS]
    rows[1][4] = date(2027, 12, 24)
    page.upload(workbook(rows))
    made.read()
    assert made.question(asked).state is QuestionState.ANSWERED
    told = text_of(page.shown(page.post("questions", data={field_of(asked): "2027-11-30"})))
    assert "it was answered meanwhile, in the tool or by a filled cell" in told


def test_another_answer_that_stands_in_the_tool_is_said_in_the_question_and_the_first_counts(made) -> None:
    tools = made.folder / "organization" / "tools.yaml"
    sheet = "      questions: {sheet: Pytania, columns: {key: klucz, text: Pytanie, answer: Odpowiedź}}\n"
    text = FILES["tools.yaml"]
    at = text.index("  - office: lodz")
    tools.write_text(text[:at] + sheet + text[at:], "utf-8")
    asked = made.ask()
    with made.application.store.begin() as unit:
        given = PageQuestion(
            asked.id, "gdansk", answer="2027-11-30", person="jan", answered=made.application.clock.now()
        )
        unit.page_questions.answer(given)
        unit.commit()
    from tasks import context

    context.KEPT.forget()
    book = openpyxl.load_workbook(io.BytesIO(workbook()))
    book.create_sheet("Pytania").append(["klucz", "Pytanie", "Odpowiedź"])
    book["Pytania"].append([asked.id, asked.text, "2028-02-01"])
    out = io.BytesIO()
    book.save(out)
    place = made.folder / "organization" / "workbooks" / "gdansk.xlsx"
    place.write_bytes(out.getvalue())
    tools.write_text(
        tools.read_text("utf-8").replace("{upload: true}", "{file: workbooks/gdansk.xlsx}"), "utf-8"
    )
    made.read()
    after = made.question(asked)
    assert after.answer == date(2027, 11, 30)
    assert [each.kind for each in after.remarks] == [RemarkKind.ANSWERED_TWICE]
    assert "what was answered first, on the office's page, counts" in after.text


def test_the_questions_of_another_office_are_neither_shown_nor_answered(made) -> None:
    page = made.page("ola", "lodz")
    made.begin()
    made.read("lodz")
    theirs = made.ask()
    assert "nothing has to be uploaded here" in page.get().text
    assert "No question waits" in page.get().text
    page.post("open")
    page.post("questions", data={field_of(theirs): "2027-11-30"})
    assert made.question(theirs).placed is None
    assert made.ledger("page_answer") == []
    for text in (page.get().text, page.get("questions").text):
        assert "Hala" not in text
        assert "gdansk" not in text.replace(page.url, "")
    assert "is not uploaded here" in page.shown(page.upload(workbook()))


def filled(data: bytes, answers: dict[str, object]) -> bytes:
    """The downloaded questions with answers written into their column."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book["Questions"]
    names = [cell.value for cell in sheet[1]]
    for row in sheet.iter_rows(min_row=2):
        if (said := answers.get(str(row[names.index("interoffice key")].value))) is not None:
            row[names.index("Answer")].value = said  # type: ignore[assignment]
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_the_questions_come_as_a_workbook_and_a_filled_copy_answers_them(made) -> None:
    page = made.page()
    made.begin()
    asked, lead, twins = made.ask(), made.ask("gdansk/P-3", "project.lead"), made.ask_about_twins()
    page.post("open")
    answer = page.get("questions.xlsx")
    assert answer.headers["content-disposition"] == 'attachment; filename="questions-gdansk.xlsx"'
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content))["Questions"]
    assert [cell.value for cell in sheet[1]] == [
        "interoffice key", "Kind", "Project", "Question", "Asked", "Answer by", "Answer", "Answered by", "Standing",
    ]  # fmt: skip
    assert sheet.max_row == 4
    assert sheet["F2"].value.date() == date(2027, 1, 11)
    said = {asked.id: date(2027, 11, 30), lead.id: "=HYPERLINK(1)", twins.id: "perhaps"}
    formula = page.shown(
        page.post("answers", files={"filled": ("q.xlsx", filled(answer.content, said), XLSX)})
    )
    assert re.search(r"not taken: <bdi>q.xlsx, Questions!G\d: ", formula), text_of(formula)
    assert made.ledger("page_answer") == []
    sent = filled(answer.content, {asked.id: date(2027, 11, 30), twins.id: "perhaps"})
    shown = page.shown(page.post("answers", files={"filled": ("q.xlsx", sent, XLSX)}))
    assert "was not understood: write same or different" in html.unescape(shown)
    assert {each.subject for each in made.ledger("page_answer")} == {asked.id}
    made.read()
    assert made.question(asked).answer == date(2027, 11, 30)


def test_a_filled_copy_with_a_foreign_key_or_nothing_in_it_is_refused_with_its_cell(made) -> None:
    page = made.page()
    made.begin()
    asked = made.ask()
    page.post("open")
    data = page.get("questions.xlsx").content
    empty = page.shown(page.post("answers", files={"filled": ("q.xlsx", data, XLSX)}))
    assert "it holds no answer" in empty
    book = openpyxl.load_workbook(io.BytesIO(filled(data, {asked.id: "2027-11-30"})))
    book["Questions"]["A2"] = "q/of/lodz"
    out = io.BytesIO()
    book.save(out)
    foreign = page.shown(page.post("answers", files={"filled": ("q.xlsx", out.getvalue(), XLSX)}))
    assert "q.xlsx, Questions!G2: its key is that of no question to this office" in html.unescape(foreign)
    other = page.shown(page.post("answers", files={"filled": ("q.xlsx", workbook(), XLSX)}))
    assert "there is no sheet" in other
    assert made.ledger("page_answer") == []


def test_only_these_routes_may_send_forms(made) -> None:
    page = made.page()
    for path in ("", "questions"):
        headers = page.get(path).headers
        assert "form-action 'self'" in headers["content-security-policy"]
        assert "default-src 'none'" in headers["content-security-policy"]
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cache-control"] == "no-store"
    for elsewhere in ("/docs", "/health", "/office/x/"):
        headers = page.http.get(f"{made.origin}{elsewhere}").headers
        assert "form-action 'none'" in headers["content-security-policy"]
        assert headers["referrer-policy"] == "no-referrer"
    assert "<script" not in page.get().text
    assert 'name="referrer" content="same-origin"' in page.get().text


def test_the_check_says_that_it_is_uploaded_and_the_inbox_what_the_page_asked_for(made) -> None:
    told = printed("check", str(made.folder / "organization"), "--files")
    assert "gdansk (gdansk-book): uploaded by the office" in told
    assert "interoffice link PERSON --upload OFFICE" in told
    made.page().upload(workbook())
    listed = printed("inbox", "list")
    assert re.search(r"noted +office page +hint +gdansk", listed)
    assert "what was uploaded and answered at offices' own pages" in listed


def test_a_link_is_made_by_the_command_listed_without_its_secret_and_revoked(made, capsys) -> None:
    said = json.loads(printed("link", "jan", "--upload", "gdansk", "--days", "3", "--json"))
    assert said["url"].startswith("http://127.0.0.1")
    path = said["url"][said["url"].index("/office/") :]
    assert made.http.get(f"{made.origin}{path}").status_code == 200
    listed = printed("link", "--upload", "gdansk")
    assert said["id"] in listed
    assert "stands" in listed
    assert said["url"].split("/")[4] not in listed
    (entry,) = made.ledger("page_link")
    assert entry.subject == said["id"]
    assert said["id"] in printed("link", "--revoke", said["id"])
    assert made.http.get(f"{made.origin}{path}").status_code == 403
    for arguments, told, code in (
        (("jan", "--upload", "nowhere"), "is no office", 1),
        (("ola", "--upload", "gdansk"), "has no role at gdansk -> name one who has: ewa, jan", 1),
        (("nobody", "--upload", "gdansk"), "is nobody in people.yaml", 1),
        (("jan", "--upload", "gdansk", "--about", "x"), "give --about or --upload", 2),
        (("--revoke", "0123"), "no link '0123' stands", 1),
        (("jan", "--revoke", said["id"]), "by its id alone", 2),
        ((), "whose link is it?", 2),
    ):  # fmt: skip
        capsys.readouterr()
        printed("link", *arguments, code=code)
        assert told in capsys.readouterr().err
    assert HEADERS
