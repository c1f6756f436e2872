"""The reports and packs that each page per role lists equal a separate recount from the index and the packs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from html import unescape

import pytest

from domain.organization.office import Organization
from domain.reporting.dashboard import newest_of_each
from domain.reporting.entry import ReportEntry
from domain.reporting.roles.readers import PageKind, RolePage, pages_of
from gateway.pages.roles import RolePages
from reports.pack.filed import entry_of_pack
from store.unit import Unit
from tasks.packing import fill_due_packs
from tests.reports.roles.test_rights import leads_there
from tests.tasks.conftest import Desk
from tests.tasks.test_role_pages import Visitor

pytestmark = pytest.mark.servers
MOST = 6
NAV = re.compile(r'<nav aria-label="(?!Your pages)[^"]*"><p class="more">(.*?)</p></nav>', re.DOTALL)
LINK = re.compile(r'/reports/([^"]+)">(.*?)</a>', re.DOTALL)


def indexed(desk: Desk) -> None:
    """The packs of the sample stand in the index, each with a file."""
    folder = desk.application.settings.state / "reports"
    with desk.application.store.begin() as unit:
        for head in unit.packs.heads():
            entry = entry_of_pack(unit.packs.get(head.id))
            unit.reports.add(entry)
            (folder / f"{entry.slug}.html").write_text("<p>a pack</p>", "utf-8")
        unit.commit()


def recounted(unit: Unit, organization: Organization, page: RolePage) -> list[ReportEntry]:
    """What the page should list: the newest of each subject, of those that its reader may open."""
    newest: dict[str, ReportEntry] = {}
    for each in unit.reports.all():
        last = newest.get(each.about)
        key = (each.as_of, each.ledger_entry)
        if each.kind != "pages" and (last is None or key > (last.as_of, last.ledger_entry)):
            newest[each.about] = each
    found = sorted(newest.values(), key=lambda e: (-e.as_of.toordinal(), -e.ledger_entry, e.kind, e.slug))
    taking_part = [key for key in organization.offices if organization.partition(key) is not None]
    if page.kind in (PageKind.BOARD, PageKind.DIRECTOR):
        whole = all(leads_there(organization, page.about, office) for office in taking_part)
        return found[:MOST] if whole else []
    if page.kind is not PageKind.OFFICE:
        return []
    own = {
        f"{head.title}, {head.office}"
        for head in unit.packs.heads()
        if not head.is_network and head.id.office == page.about
    }
    return [each for each in found if each.kind == "pack" and each.standard in own][:MOST]


def differences(desk: Desk) -> Iterator[str]:
    """Where a page of anybody lists other reports than the recount, or calls one by another name."""
    visitor, organization = Visitor(desk), desk.application.organization
    with desk.application.store.read() as unit:
        bases = [unit.role_bases.get(about) for about in unit.role_bases.digests()]
        projects = [project for basis in bases for project in basis.projects]
        wanted: Mapping[tuple[str, RolePage], list[ReportEntry]] = {
            (person, page): recounted(unit, organization, page)
            for person in organization.people
            for page in pages_of(organization, person, projects)
        }
    assert any(wanted.values())
    for (person, page), entries in wanted.items():
        path = "/".join(filter(None, (visitor.of(person), str(page.kind), page.about)))
        nav = NAV.findall(visitor.get(path).text)
        listed = LINK.findall(nav[-1]) if nav else []
        where = f"{person}, {page.kind} {page.about}"
        if [slug for slug, _ in listed] != [each.slug for each in entries]:
            yield f"{where} lists {[slug for slug, _ in listed]}, recounted {[e.slug for e in entries]}"
            continue
        for (_, name), entry in zip(listed, entries, strict=True):
            if entry.standard not in unescape(re.sub(r"<[^>]*>", "", name)):
                yield f"{where} calls {entry.slug} {name}"


@pytest.fixture
def desk(month_end: Desk) -> Desk:
    fill_due_packs(dry_run=False)
    indexed(month_end)
    return month_end


def without_packs(entries: Iterable[ReportEntry]) -> Mapping[str, ReportEntry]:
    """The planted fault: no pack is listed."""
    return {about: each for about, each in newest_of_each(entries).items() if each.kind != "pack"}


def test_every_page_lists_the_newest_of_what_its_reader_may_open_and_a_fault_is_found(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert list(differences(desk)) == []
    with monkeypatch.context() as patch:
        patch.setattr("gateway.pages.roles.newest_of_each", without_packs)
        assert any(" lists " in each for each in differences(desk)), "the control: packs are left out"
    with desk.application.store.read() as unit:
        every = frozenset(each.about for each in unit.reports.all())
    monkeypatch.setattr(RolePages, "_own_packs", lambda *_: every)
    assert any(", office " in each for each in differences(desk)), (
        "the control: a head sees the packs of others"
    )
