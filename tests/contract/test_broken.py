"""The contract itself under test: for every clause a connector that breaks it, and is caught."""

import pytest
from _pytest.outcomes import Failed

from connectors.errors import ToolError
from tests.contract.broken import BROKEN
from tests.contract.contract import CLAUSES, missing


def test_every_clause_has_a_connector_that_breaks_it():
    assert set(BROKEN) == set(CLAUSES)


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_a_broken_connector_is_caught_by(name, tmp_path):
    with BROKEN[name](tmp_path) as bench:
        assert not missing(bench, name, CLAUSES[name].needs)
        with pytest.raises((AssertionError, Failed, ToolError)) as caught:
            CLAUSES[name].act(bench)
        if bench.standin:
            bench.standin.faults.clear()  # one that never fired is no fault of this test's
    assert any("clauses_of" in str(frame.path) for frame in caught.traceback)
