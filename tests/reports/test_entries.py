"""A report's row is made of the report; of its page only the ledger's head is read, and of an older one its head once."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from domain.ledger.anchors import Anchor
from reports.entries import entry_of, slug, subject
from reports.older import older_entry
from reports.printed import printed_anchor
from tests.reports import sample
from tests.reports.filed import first_page

HEAD = "9c1f" * 16
REPORTS = {
    "rollout": (sample.a_rollout_report(ledger_entry=412), first_page),
    "sweep": (sample.a_sweep_report(ledger_entry=412), first_page),
    "without a number": (sample.a_rollout_report(), first_page),
    "hostile": (sample.a_sweep_report(titles=dict.fromkeys(sample.keys(), '</html>"><meta')), first_page),
}


@pytest.fixture(params=REPORTS)
def report(request):
    return REPORTS[request.param]


def written(folder: Path, name: str, content: bytes) -> Path:
    path = folder / f"{name}.html"
    path.write_bytes(content)
    return path


def test_a_row_says_what_the_report_is() -> None:
    report = sample.a_rollout_report(ledger_entry=412)
    found = entry_of(report, first_page(report))
    assert found.slug == slug(report, first_page(report))
    assert (found.about, found.kind) == ("rollout-delivery-method-2-0", "rollout")
    assert (found.standard, found.as_of) == ("Delivery method 2.0", date(2027, 3, 1))
    assert "of 60 projects" in found.sentence
    assert (found.ledger_head, found.ledger_entry) == (HEAD, 412)


def test_a_file_s_name_says_what_it_is_about_and_follows_its_content() -> None:
    report = sample.a_rollout_report()
    content = first_page(report)
    assert re.fullmatch(r"rollout-delivery-method-2-0-2027-03-01-[0-9a-f]{12}", slug(report, content))
    assert slug(report, content) != slug(report, content + b" ")
    odd = replace(report, heading=replace(report.heading, standard="../../Ä b" * 60))
    assert re.fullmatch(r"[a-z0-9-]{1,120}", slug(odd, content))
    assert slug(odd, content).startswith(f"{subject(odd)}-2027-03-01-")


def test_the_head_that_a_page_prints_is_the_one_of_its_row(report, tmp_path) -> None:
    of, make = report
    content = make(of)
    row = entry_of(of, content)
    path = written(tmp_path, "handed-over", content)
    assert printed_anchor(path) == Anchor("the report handed-over", row.ledger_head, row.ledger_entry or None)
    path.write_bytes(content.replace(HEAD.encode(), b"ab" * 32))
    changed = printed_anchor(path)
    assert changed is not None
    assert changed.hash == "ab" * 32


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"x" * 100_000,
        f"<p>Ledger head <code>{HEAD}</code>".encode(),
        f"<p>Ledger head <code>{HEAD}</code>. Whoever verifies the ledger</p>".encode() + b" " * 4096,
        f"<p>Ledger head <code>{HEAD[:40]}</code>. Whoever verifies the ledger".encode(),
        b"<p>Ledger head <code>none</code>. Whoever verifies the ledger",
    ],
)
def test_a_page_that_does_not_print_it_in_its_foot_as_reports_do_is_no_evidence(tmp_path, content) -> None:
    assert printed_anchor(written(tmp_path, "note", content)) is None


def test_what_an_older_page_says_of_itself_is_the_row_that_it_would_have_today(report, tmp_path) -> None:
    of, make = report
    content = make(of)
    assert older_entry(written(tmp_path, slug(of, content), content)) == entry_of(of, content)


def test_a_file_that_does_not_say_it_all_or_does_not_fit_its_name_is_no_older_report(tmp_path) -> None:
    report = sample.a_sweep_report()
    content = first_page(report)
    name = slug(report, content)
    for other, changed in (
        (name, content + b" "),
        ("renamed", content),
        (f"{name}-2", content),
        (name[-23:], content),
        ("notes", b"<html><meta name=description content=x>"),
    ):
        assert older_entry(written(tmp_path, other, changed)) is None, other
    for taken in (b"interoffice:kind", b"interoffice:standard", b"interoffice:as-of", b"description"):
        less = content.replace(b'name="' + taken, b'name="x')
        assert older_entry(written(tmp_path, slug(report, less), less)) is None, taken
    less = content.replace(b"2027-03-01", b"2027-13-01", 1)
    assert older_entry(written(tmp_path, slug(report, less), less)) is None
    assert older_entry(tmp_path / "missing.html") is None
