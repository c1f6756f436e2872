"""The outcomes of runs: each kind comes back as it was, by its run, and is deleted after a while."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from domain.outcomes.outcome import as_fields
from store import Store, errors
from store.outcomes import KEPT, OUTCOME
from tests.domain.outcomes.examples import ANSWERED, READ, SENTENCES, SWEPT

AT = datetime(2027, 1, 4, 7, tzinfo=UTC)


def kept(store: Store, *given, at: datetime = AT) -> None:
    with store.begin() as unit:
        for run, outcome in given:
            unit.outcomes.put(run, outcome, at)
        unit.commit()


def test_every_kind_of_outcome_comes_back_as_it_was(store):
    outcomes = {f"run-{number}": outcome for number, (outcome, _) in enumerate(SENTENCES)}
    kept(store, *outcomes.items())
    with store.read() as unit:
        found = {run: unit.outcomes.get(run) for run in outcomes}
    assert found == outcomes
    assert {run: type(outcome) for run, outcome in found.items()} == {
        run: type(outcome) for run, outcome in outcomes.items()
    }


def test_a_run_that_left_none_has_none(store):
    kept(store, ("one", READ))
    with store.read() as unit:
        assert unit.outcomes.get("another") is None


def test_of_one_run_the_newest_counts(store):
    kept(store, ("one", READ))
    kept(store, ("one", replace(READ, changed=7)))
    with store.read() as unit:
        assert unit.outcomes.get("one").changed == 7


def test_what_is_older_than_a_month_is_forgotten_when_the_next_one_is_kept(store):
    kept(store, ("old", READ))
    kept(store, ("young", SWEPT), at=AT + KEPT)
    with store.read() as unit:
        assert unit.outcomes.get("old") == READ
    kept(store, ("new", ANSWERED), at=AT + KEPT + timedelta(seconds=1))
    with store.read() as unit:
        assert [unit.outcomes.get(run) for run in ("old", "young", "new")] == [None, SWEPT, ANSWERED]


def test_a_document_that_is_no_outcome_is_refused(store):
    kept(store, ("one", READ))
    with store.begin() as unit:
        unit._session.execute(text("""UPDATE outcomes SET document = '{"kind": "nothing"}'"""))
        unit.commit()
    with store.read() as unit, pytest.raises(errors.Unstorable):
        unit.outcomes.get("one")


@pytest.mark.parametrize("outcome", [outcome for outcome, _ in SENTENCES], ids=lambda each: each.kind)
def test_what_is_stored_is_what_the_command_prints(outcome):
    assert json.loads(OUTCOME.write(outcome)) == json.loads(json.dumps(as_fields(outcome)))
