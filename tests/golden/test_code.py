"""What the code says to the outside by itself, without any play, is what the golden files hold."""

from __future__ import annotations

import pytest

from tests.golden.compare import difference
from tests.golden.files import read
from tests.golden.planted import assert_reported
from tests.golden.subjects import OF_CODE


@pytest.mark.parametrize("name", sorted(OF_CODE))
def test_what_stands_outside_the_code_is_what_it_was(name: str) -> None:
    assert not (told := difference(name, read(name), OF_CODE[name]())), told


@pytest.mark.parametrize("name", sorted(OF_CODE))
def test_a_change_of_it_is_reported_with_what_to_do(name: str) -> None:
    assert_reported(name, OF_CODE[name]())
