"""Who may send webhooks: for which offices a source acts, by its ids or by one word."""

from __future__ import annotations

import pytest

from config.organization import Loaded
from config.wiring import examine
from tests.config.good import write

ROW = "sources:\n  - {{id: board, scheme: hmac, secrets: [BOARD_SECRET], may: [sweep.requested], offices: {}}}\n"
EVERY = {"hq", "porto", "jeddah", "marine"}


@pytest.mark.parametrize(("written", "offices"), [("[porto, hq]", {"porto", "hq"}), ("all", EVERY)])
def test_a_source_acts_for_the_offices_that_its_row_names(tmp_path, written, offices):
    folder = write(tmp_path)
    (folder / "webhooks.yaml").write_text(ROW.format(written), "utf-8")
    loaded = examine(folder)
    assert isinstance(loaded, Loaded), list(map(str, loaded))
    assert loaded.organization.sources["board"].offices == offices


def test_a_source_that_may_start_nothing_needs_no_office(tmp_path):
    folder = write(tmp_path)
    row = ROW.format("[]").replace(", may: [sweep.requested], offices: []", "")
    (folder / "webhooks.yaml").write_text(row, "utf-8")
    loaded = examine(folder)
    assert isinstance(loaded, Loaded), list(map(str, loaded))
    assert [each.message for each in loaded.warnings if "webhooks" in each.where.file] == [
        "`board` may start nothing"
    ]
