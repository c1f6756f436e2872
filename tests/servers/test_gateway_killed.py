"""The gateway killed under load while Prefect's server comes and goes: what it acknowledged is there, and runs once."""

from random import Random

import pytest

from tests.crash.gateway import gateway_killed, hasty_gateway
from tests.crash.tally import Tally, table

pytestmark = pytest.mark.servers


def held(tally: Tally) -> None:
    assert tally.good, f"{table([tally])}\n{tally.wrong}\n{tally.notes}"


def test_what_was_acknowledged_is_stored_and_each_message_has_one_run(tmp_path) -> None:
    tally = gateway_killed(tmp_path, Random(20270104), 6)
    held(tally)
    assert tally.acknowledged > 20


def test_a_gateway_that_answers_before_it_stores_is_caught(tmp_path) -> None:
    held(hasty_gateway(tmp_path, Random(20270104), 2))
