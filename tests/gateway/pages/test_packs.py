"""The files of a pack are handed out to whoever may read the pack, whole, to be kept; to nobody else."""

import sys
from dataclasses import replace
from datetime import timedelta

import pytest

from config.keyfile import link_key
from examples.harbor_group import player
from gateway.pages.links import Reader, sign
from reports.pack import paper
from reports.pack.filed import FORMS, slug, subject
from reports.printed import printed_anchor
from tasks.pack_files import files_of_packs
from tasks.pages import PageFolder
from tests.domain.reporting.packs import example_pack
from tests.gateway.conftest import NOW, application_of
from tests.gateway.test_app import Gateway

PACK = example_pack()
OTHER = replace(PACK, head=replace(PACK.head, id=replace(PACK.head.id, office="lyon")))
NAME = slug(PACK.head.id)


@pytest.fixture
def application(tmp_path, monkeypatch):
    """One with two packs whose files were written where no PDF can be made."""
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    made = application_of(tmp_path)
    player.copy_sample(tmp_path / "organization")
    settings = made.settings.model_copy(update={"organization": tmp_path / "organization", "gateway_url": ""})
    with made.store.begin() as unit:
        for pack in (PACK, OTHER):
            unit.packs.add(pack)
        unit.commit()
    write(made)
    yield replace(made, settings=settings)
    made.store.close()


def write(application):
    folder = application.settings.state / "reports"
    languages = application.organization.languages
    return files_of_packs(application.store, PageFolder(folder, "http://127.0.0.1:4300/reports"), languages)


@pytest.fixture
def gateway(application):
    return Gateway(application.settings.state / "reports", application)


def link(application, about: str) -> str:
    person = Reader("ana-reis", about)
    return f"/to/{sign(link_key(application.settings.state), person, NOW + timedelta(days=2))}"


def test_each_file_is_handed_out_with_its_type_and_a_name_to_keep_it_by(gateway, application) -> None:
    folder = application.settings.state / "reports" / NAME
    names = sorted(path.name for path in folder.iterdir())
    assert names == sorted(set(FORMS) - {"report.pdf"})
    for name in names:
        given = gateway.get(f"/reports/{NAME}/{name}")
        assert given.status_code == 200
        assert given.content == (folder / name).read_bytes()
        assert given.headers["content-type"] == FORMS[name].media_type
        assert given.headers["x-content-type-options"] == "nosniff"
        called = given.headers["content-disposition"]
        assert called.startswith('attachment; filename="river-works-board-basel-2027-03-05')
        assert called.endswith(name.rpartition(".")[2] + '"')
    assert gateway.get(f"/reports/{NAME}").content == (folder.parent / f"{NAME}.html").read_bytes()


def test_the_index_lists_the_files_and_says_that_there_is_no_pdf_and_what_to_run(gateway) -> None:
    listed = gateway.get("/").text
    assert f'<a href="reports/{NAME}/report.xlsx">workbook</a>' in listed
    assert f"reports/{NAME}/report.pdf" not in listed
    assert "There is no PDF: WeasyPrint, which makes PDFs, is not installed here; run: make pdf." in listed


def test_no_other_file_is_handed_out(gateway, application) -> None:
    (application.settings.state / "reports" / NAME / "notes.txt").write_text("not ours")
    for path in ("report.html", "notes.txt", "..%2f..%2flink.key", "report.pdf", "REPORT.XLSX"):
        assert gateway.get(f"/reports/{NAME}/{path}").status_code == 404, path
    assert gateway.get(f"/reports/{NAME}/report.xlsx").status_code == 200, "the control"


def test_a_link_elsewhere_is_not_followed(gateway, application) -> None:
    own = application.settings.state / "reports" / NAME / "report.xlsx"
    own.unlink()
    own.symlink_to(application.settings.state / "outside")
    (application.settings.state / "outside").write_text("outside")
    assert gateway.get(f"/reports/{NAME}/report.xlsx").status_code == 404


def test_a_personal_link_opens_the_packs_that_it_was_made_for_and_no_others_files(application) -> None:
    """The control is the same request for the pack that the link names."""
    settings = application.settings.model_copy(update={"gateway_url": "https://pmo.example"})
    people = settings.organization / "people.yaml"
    people.write_text("people:\n  - {id: ana-reis, name: Ana Reis}\n", "utf-8")
    gateway = Gateway(settings.state / "reports", replace(application, settings=settings))
    basel, lyon = subject(PACK.head.id), subject(OTHER.head.id)
    assert basel != lyon
    own, other = link(application, lyon), slug(OTHER.head.id)
    assert gateway.get(f"{own}/reports/{other}/report.xlsx").status_code == 200
    for name in (f"{NAME}", f"{NAME}/report.xlsx", f"{NAME}/pack.json"):
        assert gateway.get(f"{own}/reports/{name}").status_code == 404
        assert gateway.get(f"{link(application, '')}/reports/{name}").status_code == 200
    assert NAME not in gateway.get(f"{own}/").text


def test_subjects_differ_even_where_their_names_are_alike() -> None:
    key = PACK.head.id
    alike = [("a.b", "c"), ("a", "b.c"), ("a-b", "c"), ("a", "b-c"), ("x" * 200, "y"), ("x" * 200, "z")]
    keys = [replace(key, format=named, office=office) for named, office in alike]
    for made in (subject, slug):
        found = [made(each) for each in keys]
        assert len(set(found)) == len(keys)
        assert max(map(len, found)) <= 160


def test_what_was_written_stays_what_is_gone_is_drawn_anew_and_a_pdf_is_printed_later(
    application, monkeypatch
) -> None:
    folder = application.settings.state / "reports"
    page, book = folder / f"{NAME}.html", folder / NAME / "report.xlsx"
    before = page.read_bytes()
    page.write_bytes(b"as it was written then")
    assert write(application) == ()
    assert page.read_bytes() == b"as it was written then"
    page.unlink()
    book.unlink()
    assert [each.url for each in write(application)] == [f"http://127.0.0.1:4300/reports/{NAME}"]
    assert page.read_bytes() == before
    assert book.is_file()
    monkeypatch.delitem(sys.modules, "weasyprint")
    if paper.lacking():
        pytest.skip("no PDF can be made here: make pdf")
    assert write(application) == ()
    assert (folder / NAME / "report.pdf").read_bytes().startswith(b"%PDF-1.")


def test_a_pack_prints_the_ledgers_head_and_prefects_table_names_nobody(application) -> None:
    folder = application.settings.state / "reports"
    anchor = printed_anchor(folder / f"{NAME}.html")
    assert (anchor.hash, anchor.number) == (PACK.head.ledger_head, PACK.head.ledger_entry)
    (folder / f"{NAME}.html").unlink()
    told = write(application)[0].summary
    assert "`river-works.board` of `basel`, 2027-03-05: 5 figures, 1 not known; 14 projects." in told
    assert [each.title for each in PACK.projects if each.title in told] == []
