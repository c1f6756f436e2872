"""What nobody should upload is refused with a reason, changes nothing, and leaves the gateway as it was."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest

from config import tokens
from config.keyfile import link_key
from gateway.pages import checking
from gateway.pages.links import Reader
from gateway.pages.links import sign as sign_reader
from tests.gateway.pages import hostile
from tests.gateway.pages.desk import XLSX, Desk, Page, desk, printed, workbook

EACH = 6
"""Of so many hostile files one is tried without the long tests: each one is looked at in a process of its own."""


@pytest.fixture(scope="module")
def served(tmp_path_factory) -> Iterator[tuple[Desk, Page]]:
    """A page where a good workbook was uploaded before."""
    with pytest.MonkeyPatch.context() as patch, desk(tmp_path_factory.mktemp("gdansk"), patch) as made:
        page = made.page()
        assert "was taken" in page.shown(page.upload(workbook()))
        yield made, page


def kept(made: Desk) -> tuple[list[str], int]:
    """The files that are kept, and how many uploads the ledger has."""
    files = sorted(path.name for path in (made.folder / "state" / "uploads").rglob("*") if path.is_file())
    return files, len(made.ledger("upload"))


def a_page(served: tuple[Desk, Page]) -> Page:
    """The same page by a link of its own, whose number of uploads is not used up."""
    return served[0].page()


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=() if number % EACH == 0 else pytest.mark.servers)
        for number, name in enumerate(hostile.FILES)
    ],
)
def test_a_hostile_file_is_refused_with_a_reason_and_nothing_changes(name, served) -> None:
    made, reason = hostile.FILES[name]
    before = kept(served[0])
    page = a_page(served)
    shown = page.shown(page.upload(made()))
    assert "The file was not taken" in shown
    (told,) = re.findall(r'id="workbook-problem"><bdi>(.*?)</bdi>', shown)
    assert re.search(reason, told), told
    assert 'aria-invalid="true"' in shown
    assert kept(served[0]) == before
    assert page.get().status_code == 200


def test_there_are_thirty_of_them_and_the_good_one_is_taken(served) -> None:
    assert len(hostile.FILES) >= 30
    page = a_page(served)
    assert "was taken" in page.shown(page.upload(hostile.packed(hostile.parts()))), "the control"


@pytest.mark.parametrize(
    ("name", "kind", "told"),
    [
        ("projekty.xls", "application/vnd.ms-excel", "is not an .xlsx workbook"),
        ("projekty.xlsm", XLSX, "is not an .xlsx workbook"),
        ("projekty.xlsx.exe", XLSX, "is not an .xlsx workbook"),
        ("projekty.xlsx", "text/html", "was sent as text/html"),
        ("../../projekty.xlsx", XLSX, "holds signs that no name has"),
        ("a\x1b[2Jb.xlsx", XLSX, "holds signs that no name has"),
        ("a\u202excod.xlsx", XLSX, "holds signs that no name has"),
        (f"{'a' * 300}.xlsx", XLSX, "too long"),
    ],
)
def test_a_name_or_a_kind_that_no_workbook_has_is_refused(name, kind, told, served) -> None:
    page = a_page(served)
    before = kept(served[0])
    assert told in page.shown(page.upload(workbook(), name, kind))
    assert kept(served[0]) == before


def test_no_file_and_two_files_are_refused_on_the_next_page(served) -> None:
    page = a_page(served)
    nothing = page.post("upload", files={"workbook": ("", b"", "application/octet-stream")})
    assert "no file was chosen" in page.shown(nothing)
    other = page.post("upload", files={"another": ("a.xlsx", workbook(), XLSX)})
    assert "no file was chosen" in page.shown(other)
    two = [("workbook", ("a.xlsx", workbook(), XLSX)), ("workbook", ("b.xlsx", workbook(), XLSX))]
    assert "2 files came at once" in page.shown(page.post("upload", files=two))


def test_a_hundred_megabytes_are_refused_with_the_size_on_the_next_page(served) -> None:
    page = a_page(served)
    told = page.shown(page.upload(b"PK\x03\x04" + b"\0" * (100 * 10**6)))
    assert "at most 20,971,520 are taken" in told
    assert "100,000," in told


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"x", {"content-type": "text/plain"}, 415),
        (b"x", {"content-type": "multipart/form-data"}, 400),
        (b"--b\r\nbroken", {"content-type": "multipart/form-data; boundary=b"}, 400),
        (b"x", {"content-type": "multipart/form-data; boundary=b", "content-encoding": "gzip"}, 415),
        (b"x", {"content-type": XLSX}, 415),
    ],
)
def test_what_is_no_form_of_the_page_is_refused_by_its_status(body, headers, status, served) -> None:
    answer = a_page(served).post("upload", content=body, headers=headers)
    assert answer.status_code == status, answer.text
    assert "Not done" in answer.text


def test_a_form_of_another_address_is_refused_and_so_is_one_of_no_address(served) -> None:
    page, before = a_page(served), kept(served[0])
    sent = {"workbook": ("a.xlsx", b"x", XLSX)}
    for headers in (
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:1"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ):
        given = {"sec-fetch-site": "cross-site"} | headers
        for path in ("upload", "open", "questions", "answers"):
            answer = page.http.post(f"{page.url}{path}", files=sent, headers=given)
            assert answer.status_code == 403, headers
    assert kept(served[0]) == before


def opens(url: str, http: httpx.Client) -> set[int]:
    """The statuses of everything that can be asked for by a link."""
    gets = ["", "questions", "questions.xlsx", f"uploads/{'0' * 24}"]
    posts = ["upload", "open", "questions", "answers"]
    sent = {"workbook": ("a.xlsx", b"x", XLSX)}
    origin = "/".join(url.split("/")[:3])
    found = {http.get(f"{url}{each}").status_code for each in gets}
    return found | {http.post(f"{url}{e}", files=sent, headers={"origin": origin}).status_code for e in posts}


def test_an_expired_a_revoked_a_changed_and_a_foreign_link_open_nothing(served) -> None:
    made, page = served
    url = made.page().url
    token = url.split("/")[4]
    version, payload, mark = token.split(".")
    key = link_key(made.folder / "state")
    link = made.link("ola", "lodz").split("/")[4]
    with made.application.store.read() as unit:
        own = unit.page_links.get(tokens.unsealed(key, tokens.OFFICES, token)["id"])
    assert own is not None
    stolen = {"id": own.id, "office": "lodz", "until": int(own.until.timestamp())}
    never_made = {"id": "0" * 16, "office": "gdansk", "until": int(own.until.timestamp())}
    for wrong in (
        f"{version}.{payload}.{mark[:-1]}{'A' if mark[-1] != 'A' else 'B'}",
        f"{version}.{link.split('.')[1]}.{mark}",
        f"{version}.{payload[:-1]}.{mark}",
        f"2.{payload}.{mark}",
        tokens.sealed(key, tokens.OFFICES, stolen),
        tokens.sealed(key, tokens.OFFICES, never_made),
        tokens.sealed(b"k" * 32, tokens.OFFICES, {**never_made, "id": own.id}),
        tokens.sealed(key, tokens.OFFICES, {**never_made, "id": own.id, "until": 1}),
        sign_reader(key, Reader("jan"), own.until),
        "x",
    ):
        assert opens(f"{made.origin}/office/{wrong}/", page.http) == {403}, wrong
    assert opens(url, page.http) > {200, 303}, "the control"
    printed("link", "--revoke", own.id)
    assert opens(url, page.http) == {403}
    assert "revoked" in printed("link", "--upload", "gdansk")


def test_who_left_the_office_or_the_organization_opens_nothing(tmp_path, monkeypatch) -> None:
    with desk(tmp_path, monkeypatch) as made:
        page = made.page("jan")
        assert page.get().status_code == 200
        other = made.page("ewa")
        people = tmp_path / "organization" / "people.yaml"
        text = people.read_text("utf-8")
        people.write_text(text.replace("{id: jan, name: Jan Kos}", "{id: jo, name: Jo}"), "utf-8")
        assert page.get().status_code == 403
        assert other.get().status_code == 200


def test_more_than_the_rate_is_told_to_wait_and_other_links_go_on(served) -> None:
    page = a_page(served)
    statuses = [page.post("questions", data={"x": "1"}).status_code for _ in range(15)]
    assert {429, 303} == set(statuses)
    late = page.post("questions", data={"x": "1"})
    assert late.headers["retry-after"].isdigit()
    assert "wait" in late.text
    assert a_page(served).post("questions", data={"x": "1"}).status_code == 303


def test_a_workbook_that_takes_too_long_is_refused_and_the_next_one_is_taken(served, monkeypatch) -> None:
    page = a_page(served)
    with monkeypatch.context() as patch:
        patch.setattr(checking, "LONGEST", 0.01)
        assert "takes more time or memory" in page.shown(page.upload(workbook()))
        patch.setattr(checking, "LONGEST", 60)
        limits = ("-c", "import os, signal; os.kill(os.getpid(), signal.SIGXCPU)")
        patch.setattr(checking, "COMMAND", (*checking.COMMAND[:1], *limits))
        assert "takes more time or memory" in page.shown(page.upload(workbook()))
    assert "was taken" in page.shown(page.upload(workbook()))
