"""Plans and deliveries that code without items' plans wrote: read, the same by digest, and gone on with."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text

from domain.canonical import digest
from domain.delivery.delivery import Intent, IntentState
from domain.delivery.wanted import ItemFields, Wanted
from domain.plans.item_plan import ItemPlan, Span
from domain.plans.predecessor import LagUnit, LinkType, Predecessor
from domain.plans.project import Attestation, Item, ItemKind, ItemState, Plan, Project
from store import Store

AT, LATER = datetime(2027, 1, 4, 7, tzinfo=UTC), datetime(2027, 1, 5, 7, tzinfo=UTC)
DIGEST = "5ccad34c8e4cec0dd354528e25cfe1351a2098c6c3660ca5ca91c9357155a147"
"""What that code made of the plan below."""
DOCUMENT = (
    '{"project":{"key":"porto/P-1","office":"porto","title":"Lager","ref":"Projects!A2","program":null,'
    '"stage":null,"lead":null,"sponsor":null,"start":null,"finish":null,"baseline_finish":null,'
    '"percent_complete":null,"budget":1250500.0,"actual_cost":null,"forecast_cost":null,"currency":null,'
    '"last_report":null,"standard_version":null,"gates":{"G1":{"$date":"2026-04-01"}},"attestations":[{'
    '"subject":"case","person":"M. Lopes","on":null,"document":null,"valid_until":null}],"fields":{"risk":true},'
    '"sources":{}},"items":[{"key":"porto/P-1/T-1","project":"porto/P-1","title":"Fundament \\u00fc",'
    '"kind":"milestone","ref":"Items!A2","owner":"A. Braun","start":{"$date":"2027-01-04"},"due":{"$date":'
    '"2027-02-05"},"work":12.5,"percent":50.0,"status":"offen","ours":"","state":"open"}]}'
)
"""How that code stored it."""
ITEM = Item(
    "porto/P-1/T-1", "porto/P-1", "Fundament ü", ItemKind.MILESTONE, "Items!A2", "A. Braun", date(2027, 1, 4),
    date(2027, 2, 5), 12.5, 50.0, "offen", state=ItemState.OPEN,
)  # fmt: skip
PROJECT = Project(
    "porto/P-1", "porto", "Lager", "Projects!A2", budget=1250500.0, gates={"G1": date(2026, 4, 1)},
    attestations=(Attestation("case", "M. Lopes"),), fields={"risk": True},
)  # fmt: skip
PLAN = Plan(PROJECT, (ITEM,))
FULL = ItemPlan(
    "porto/P-1/T-0",
    3,
    (Predecessor("porto/P-1/T-9", 1.5, LinkType.START_TO_START, LagUnit.ELAPSED_HOURS),),
    Span(5),
)


@pytest.fixture
def older(store: Store) -> Store:
    """A store with that plan, and a delivery that was sent and not yet seen."""
    with store._engine.begin() as connection:
        for statement in (
            "INSERT INTO plan_contents (digest, document) VALUES (:digest, :document)",
            "INSERT INTO plans (project, office, digest, read_at) VALUES ('porto/P-1', 'porto', :digest, :at)",
        ):
            connection.execute(text(statement), {"digest": DIGEST, "document": DOCUMENT, "at": str(AT)})
    wanted = Wanted("k1", "porto", ItemFields(title="Adopt", due=AT.date()))
    with store.begin() as unit:
        assert unit.intents.save(Intent(wanted, wanted.digest, IntentState.STORED, AT))
        unit.intents.sent(["k1"], AT)
        unit.mirrors.keep("porto", [], "cursor of old")
        unit.commit()
    return store


def test_a_plan_without_parts_of_a_plan_has_the_digest_that_it_always_had():
    assert digest(PLAN) == DIGEST
    assert digest(Plan(PROJECT, (Item(**{**_fields(ITEM), "plan": FULL}),))) != DIGEST


def _fields(item: Item) -> dict:
    return {name: getattr(item, name) for name in Item.__slots__}


def test_what_older_code_stored_is_read_and_is_the_same_when_it_is_read_again(older):
    with older.begin() as unit:
        assert unit.plans.by_digest(DIGEST) == PLAN
        put = unit.plans.put("porto", [PLAN], LATER)
        assert (put.created, put.changed, put.same, put.gone) == (0, 0, 1, 0)
        (stored,) = unit.plans.current("porto")
        assert stored.digest == DIGEST
        unit.commit()


def test_what_is_in_flight_goes_on_and_a_fuller_reading_is_a_change(older):
    fuller = Plan(
        PROJECT, (Item(**{**_fields(ITEM), "plan": FULL}),), (Item("porto/P-1/T-0", "porto/P-1", "A"),)
    )
    with older.begin() as unit:
        assert unit.intents.get("k1").state is IntentState.SENT
        assert unit.plans.put("porto", [fuller], LATER).changed == 1
        unit.commit()
    with older.begin() as unit:
        (stored,) = unit.plans.current("porto")
        assert stored.plan == fuller
        assert unit.plans.by_digest(DIGEST) == PLAN
