"""Connectors under test; what the contract asserts is explained by pytest when it fails."""

import pytest

pytest.register_assert_rewrite(
    "tests.connectors.clauses_of_all",
    "tests.connectors.clauses_of_lines",
    "tests.connectors.clauses_of_trackers",
)
