"""Connectors under test; what the contract asserts is explained by pytest when it fails."""

import pytest

pytest.register_assert_rewrite(
    "tests.contract.clauses_of_all",
    "tests.contract.clauses_of_lines",
    "tests.contract.clauses_of_trackers",
)
