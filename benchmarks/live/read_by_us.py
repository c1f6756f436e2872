"""Our own reading: through the connector into the store's mirror, and from there the whole `Reading`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from counted import measured, told

from config.wiring import StoredMirror
from connectors.protocol import Surroundings
from connectors.redmine.connector import Redmine
from connectors.redmine.fields import RedmineSettings
from connectors.tickets.settings import TicketTool
from domain.organization.office import Access
from store import Store

COLUMNS = {"stage": "Stage", "finish": "Finish", "lead": "Project lead"}
ITEMS = {"key": "Interoffice key", "role": "Role", "standing": "Standing"}

asked = told()
store = Store(asked["store"])
store.upgrade()
SETTINGS = RedmineSettings.model_validate(
    {
        "projects": {"within": [asked["project"]], "columns": COLUMNS},
        "items": {"columns": ITEMS, "words": {"kind": {"Task": "task"}}},
    }
)


def read() -> dict[str, int]:
    """What an office's reading does, the first time or the next."""
    surroundings = Surroundings(
        folder=Path(),
        secret=lambda: str(asked["key"]),
        now=lambda: datetime.now(UTC),
        mirror=StoredMirror(store, "bench/redmine"),
    )
    tool = TicketTool(url=asked["url"], allow=("127.0.0.1",))
    reading = Redmine.connect(surroundings, "bench", Access.OBSERVE, "5.0", tool, SETTINGS).read()
    return {"issues": sum(len(plan.items) for plan in reading.plans)}


measured(read)
