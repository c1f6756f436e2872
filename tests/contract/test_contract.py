"""The contract of connectors: every clause, for each kind that the registry knows and for the tool in memory."""

import pytest

from connectors.registry import KINDS
from tests import live
from tests.contract.clauses_of_reading import paging_at_two
from tests.contract.contract import BENCHES, BEYOND, CLAUSES, missing

redmine, trac = live.redmine, live.trac
KIND_BY_KIND = [
    pytest.param(kind, name, marks=entry.marks, id=f"{kind}-{name}")
    for kind, entry in sorted(BENCHES.items())
    for name in CLAUSES
]


@pytest.mark.parametrize(("kind", "name"), KIND_BY_KIND)
def test_a_connector_keeps(kind, name, tmp_path, request):
    entry, clause = BENCHES[kind], CLAUSES[name]
    given = request.getfixturevalue(entry.server) if entry.server else tmp_path
    with entry.make(given) as bench:
        if reason := missing(bench, name, clause.needs):
            pytest.skip(reason)
        clause.act(bench)


AT_TWO = [
    pytest.param(kind, name, marks=entry.marks, id=f"{kind}-{name}")
    for kind, entry in sorted(BENCHES.items())
    for name in ("every_page_is_read_and_each_once", "what_slides_between_pages_is_not_lost")
    if kind not in ("memory", "project-file", "redmine", "trac", "workbook")
]


@pytest.mark.parametrize(("kind", "name"), AT_TWO)
def test_with_two_things_to_a_page_a_connector_keeps(kind, name, tmp_path):
    with BENCHES[kind].make(tmp_path) as bench:
        CLAUSES[name].act(paging_at_two(bench))


def test_every_kind_of_the_registry_has_a_bench_and_a_spec_of_its_name():
    assert set(BENCHES) - BEYOND == set(KINDS)
    for name, kind in KINDS.items():
        assert kind.connector.spec.kind == name


def test_there_are_thirty_clauses_at_least():
    assert len(CLAUSES) >= 30
