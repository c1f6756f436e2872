"""An organization of two Polish offices, one of which has only a workbook; its page is served on loopback."""

from __future__ import annotations

import io
import secrets
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import openpyxl
import uvicorn

from cli import main
from config.keyfile import link_key
from config.tokens import office_token as sign
from config.uploads import keep
from config.wiring import Application
from domain.ids import FactQuestionId, TwinId
from domain.pages.link import PageLink
from domain.pages.upload import Upload
from domain.questions.question import Question, QuestionKind
from gateway.app import create_app, gateway_of
from tasks import context
from tasks.reading import OfficeRead, read_office
from tests.gateway.conftest import Shelf, today_s_tables

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FILES = {
    "clock.yaml": "as_of: 2027-01-04T07:00:00Z\n",
    "organization.yaml": "id: zaklady\nname: Zakłady\noperator_decisions_count: true\n",
    "people.yaml": """\
people:
  - {id: ewa, name: Ewa Nowak}
  - {id: jan, name: Jan Kos}
  - {id: ola, name: Ola Lis}
""",
    "offices.yaml": """\
offices:
  - id: centrala
    name: Centrala
    kind: strategic
    mandate: directive
    country: PL
    time_zone: Europe/Warsaw
    currency: PLN
    roles: {head: [ewa], standards_owner: [ewa], approver: [ewa]}
  - id: gdansk
    name: Biuro Gdańsk
    kind: project
    mandate: controlling
    parent: centrala
    country: PL
    time_zone: Europe/Warsaw
    currency: PLN
    roles: {head: [jan], reporter: [ewa]}
  - id: lodz
    name: Biuro Łódź
    kind: project
    mandate: controlling
    parent: centrala
    country: PL
    time_zone: Europe/Warsaw
    currency: PLN
    roles: {head: [ola]}
""",
    "tools.yaml": """\
tools:
  - {id: gdansk-book, kind: workbook, settings: {upload: true}}
  - {id: lodz-book, kind: workbook, settings: {file: workbooks/lodz.xlsx}}
partitions:
  - office: gdansk
    tool: gdansk-book
    settings:
      projects:
        sheet: Projekty
        columns: {id: Nr, title: Nazwa, stage: Etap, start: Początek, finish: Koniec, percent_complete: {header: Postęp, unit: percent}}
        words: {stage: {Realizacja: execution, Planowanie: planning}}
  - office: lodz
    tool: lodz-book
    settings:
      projects:
        sheet: Projekty
        columns: {id: Nr, title: Nazwa, stage: Etap, start: Początek, finish: Koniec, percent_complete: {header: Postęp, unit: percent}}
        words: {stage: {Realizacja: execution, Planowanie: planning}}
""",
    "standards/metoda/1.0.yaml": """\
standard: metoda
version: "1.0"
title: Metoda
owner: centrala
effective_from: 2025-01-01
rules:
  - uid: finish.known
    title: The finish is known
    kind: computed
    level: locked
    check: project.finish > timestamp("2020-01-01T00:00:00Z")
    remedy: Enter the planned finish
    examples:
      pass: {project: {finish: 2027-01-01}}
      fail: {project: {finish: 2019-01-01}}
""",
}
HEADERS = ["Nr", "Nazwa", "Etap", "Początek", "Koniec", "Postęp"]
ROWS: list[list[Any]] = [
    ["P-1", "Most nad Motławą", "Realizacja", date(2026, 3, 2), date(2027, 5, 31), 94],
    ["P-2", "Hala 7", "Planowanie", date(2027, 2, 1), None, 0],
    ["P-3", "Tunel", "kiedyś", date(2026, 9, 1), date(2028, 1, 31), 12],
    ["Razem", None, None, None, None, None],
]


def workbook(rows: Sequence[Sequence[Any]] = ROWS, sheet: str = "Projekty") -> bytes:
    """The office's workbook: a title above the headers, and a row of totals."""
    book = openpyxl.Workbook()
    book.active.title = sheet
    for row in (["Portfel projektów"], [], HEADERS, *rows):
        book.active.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@dataclass
class Page:
    """The page of one office, as whoever has the link sees it."""

    url: str
    http: httpx.Client

    def get(self, path: str = "") -> httpx.Response:
        return self.http.get(f"{self.url}{path}")

    def post(self, path: str, **given: Any) -> httpx.Response:
        """A form sent from the page itself, as a browser sends it."""
        headers = {"origin": self.origin, "sec-fetch-site": "same-origin", **given.pop("headers", {})}
        return self.http.post(f"{self.url}{path}", headers=headers, **given)

    def upload(
        self, data: bytes, name: str = "projekty.xlsx", kind: str = XLSX, **given: Any
    ) -> httpx.Response:
        return self.post("upload", files={"workbook": (name, data, kind)}, **given)

    @property
    def origin(self) -> str:
        return "/".join(self.url.split("/")[:3])

    def shown(self, answer: httpx.Response) -> str:
        """The page that follows a POST."""
        assert answer.status_code == 303, answer.text
        found = self.http.get(f"{self.origin}{answer.headers['location'].partition('#')[0]}")
        assert found.status_code == 200
        return found.text


@dataclass
class Desk:
    """An operator's folder, and the gateway on loopback."""

    folder: Path
    application: Application
    origin: str
    http: httpx.Client
    shelf: Shelf

    def link(self, person: str = "jan", office: str = "gdansk", *more: str) -> str:
        return printed("link", person, "--upload", office, *more).strip()

    def page(self, person: str = "jan", office: str = "gdansk") -> Page:
        """The page by a new link, made as `interoffice link` makes it."""
        now = datetime.now(UTC).replace(microsecond=0)
        link = PageLink(secrets.token_hex(8), office, person, now, now + timedelta(days=14))
        with self.application.store.begin() as unit:
            unit.page_links.add(link)
            unit.commit()
        token = sign(link_key(self.application.settings.state), link)
        return Page(f"{self.origin}/office/{token}/", self.http)

    def read(self, office: str = "gdansk") -> OfficeRead:
        """The next reading, as a run makes it."""
        return read_office(office)

    def holds(self, data: bytes) -> None:
        """That workbook as one that was uploaded and accepted before."""
        state, now = self.application.settings.state, datetime.now(UTC)
        digest = keep(state, "gdansk", "gdansk-book", data)
        upload = Upload(secrets.token_hex(12), "gdansk", "gdansk-book", "x", "jan", now, "a.xlsx", 1, digest)
        with self.application.store.begin() as unit:
            unit.uploads.add(upload)
            unit.commit()

    def begin(self) -> None:
        """A workbook is there, and was read."""
        self.holds(workbook())
        assert self.read().projects == 3

    def ask(self, project: str = "gdansk/P-2", fact: str = "project.finish", **more: Any) -> Question:
        asked = {
            "id": str(FactQuestionId("metoda-1", project, fact)), "office": project.partition("/")[0],
            "project": project, "kind": QuestionKind.FACT, "about": fact, "text": f"Not reported: {fact}.",
            "asked": date(2027, 1, 4), "answer_by": date(2027, 1, 11),
        }  # fmt: skip
        question = Question(**{**asked, **more})
        with self.application.store.begin() as unit:
            unit.questions.add(question)
            unit.commit()
        return question

    def ask_about_twins(self) -> Question:
        twins = str(TwinId("lodz/X-1", "gdansk/P-1"))
        text = "Is this the same project as lodz/X-1? Answer same or different; it is counted once."
        return self.ask("gdansk/P-1", "lodz/X-1", id=twins, kind=QuestionKind.TWIN, text=text)

    def question(self, question: Question) -> Question:
        with self.application.store.read() as unit:
            found = unit.questions.get(question.id)
        assert found is not None
        return found

    def ledger(self, kind: str) -> list[Any]:
        with self.application.store.read() as unit:
            return [each.event for each in unit.ledger.entries() if each.event.kind == kind]


def printed(*arguments: str, code: int = 0) -> str:
    """What the command prints."""
    import contextlib

    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        assert main.main(list(arguments)) == code
    return out.getvalue()


@contextmanager
def desk(folder: Path, monkeypatch: Any) -> Iterator[Desk]:
    """The organization in a folder, and its gateway while the block lasts."""
    for name, text in FILES.items():
        path = folder / "organization" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    (folder / "organization" / "workbooks").mkdir()
    (folder / "organization" / "workbooks" / "lodz.xlsx").write_bytes(workbook([["X-1", "Zajezdnia"]]))
    (folder / "state").mkdir(0o700)
    (folder / "state" / "interoffice.db").write_bytes(today_s_tables())
    monkeypatch.setenv("INTEROFFICE_STATE", str(folder / "state"))
    monkeypatch.setenv("INTEROFFICE_ORGANIZATION", str(folder / "organization"))
    context.KEPT.forget()
    application = context.current_application()
    shelf = Shelf()
    try:
        with (
            served(application, folder / "state", shelf) as origin,
            httpx.Client(trust_env=False, timeout=60) as http,
        ):
            yield Desk(folder, application, origin, http, shelf)
    finally:
        application.store.close()
        context.KEPT.forget()


@contextmanager
def served(application: Application, state: Path, shelf: Shelf) -> Iterator[str]:
    """The gateway of an organization while the block lasts; its address on loopback."""
    app = create_app(state / "reports", gateway_of(application, shelf))
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", ws="none"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        try:
            while not server.started:
                time.sleep(0.01)
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(10)
