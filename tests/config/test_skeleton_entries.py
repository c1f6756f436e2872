"""The lines that `init` writes of an office are YAML, whatever is proposed or said."""

import pytest
import yaml

from config.places import zones
from config.skeleton_entries import OfficeSaid, office_entry


@pytest.mark.parametrize("said", [{}, {"country": "DK", "currency": "DKK"}], ids=["proposed", "said"])
def test_every_time_zone_is_read_back_as_it_was_proposed(said):
    for zone in zones():
        entry = "\n".join(office_entry(OfficeSaid("aarhus", likely_zone=zone, **said), "hq", "ana"))
        assert yaml.safe_load(entry)["time_zone"] == zone


def test_a_proposal_that_nobody_gave_is_marked():
    entry = office_entry(
        OfficeSaid("aarhus", likely_zone="Europe/Copenhagen", likely_currency="DKK"), "hq", "ana"
    )
    assert "time_zone: Europe/Copenhagen  # CHANGE" in entry
    (money,) = [line for line in entry if line.startswith("currency: DKK ")]
    assert money.endswith("  # CHANGE")
