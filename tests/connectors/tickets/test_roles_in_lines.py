"""Who does a task of a plan is read back from a line of the ticket, where no field of the tool holds it."""

from __future__ import annotations

import pytest

from connectors.protocol import Done
from connectors.tickets import tables
from domain.delivery.plan_tasks import key_of
from domain.delivery.wanted import TaskFields, Wanted
from domain.ids import ProjectKey
from tests.connectors.deciding import decided
from tests.connectors.workbook import books
from tests.contract import memory

WITHOUT_ROLE = {**memory.SETTINGS, "items": {}}
KEY = key_of(ProjectKey(books.OFFICE, "P-1"), "t-1")


def role_read(settings: dict[str, object]) -> str | None:
    """The role of a task that is put there, as a later reading has it."""
    tool = memory.connector(memory.furnished(), settings=settings)
    wanted = Wanted(KEY, books.OFFICE, TaskFields(title="Schulung", project="P-1", role="trainer"))
    fitted = tool.fit(wanted)
    put = tool.put(decided(fitted), tool.read().digest)
    assert [each.done for each in put.results] == [Done.CREATED]
    items = {item.key: item for plan in tool.read().plans for item in plan.items}
    assert fitted.fields.role == "trainer", "the certificate says that it is kept"
    return items[KEY].plan.role


@pytest.mark.parametrize("settings", [memory.SETTINGS, WITHOUT_ROLE], ids=["a field", "a line"])
def test_the_role_that_the_certificate_says_is_kept_is_read_back(settings: dict[str, object]) -> None:
    assert role_read(settings) == "trainer"


def test_a_reading_that_looks_at_fields_alone_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: without the lines of a ticket the role would be lost."""
    values = tables._values
    monkeypatch.setattr(tables, "_values", lambda *given: {**values(*given), "role": None})
    assert role_read(WITHOUT_ROLE) is None
