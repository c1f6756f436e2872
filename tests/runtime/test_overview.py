"""What `status` says of a network in a sentence, from what is stored."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from config.settings import read_settings
from config.wiring import wire
from domain.compliance.sweep import Judged, Sweep
from domain.standards.verdict import Result
from examples.harbor_group import player
from runtime.overview import Overview


@pytest.mark.parametrize(
    ("version", "told"), [("2.0", "1 is completing under 1.0."), ("1.0", "1 is completing without it.")]
)
def test_without_a_rollout_it_says_what_projects_finish_under(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str, told: str
) -> None:
    monkeypatch.setenv("INTEROFFICE_STATE", str(tmp_path))
    player.copy_sample(tmp_path / "organization")
    application = wire(read_settings())
    judged = Judged("porto/1", "porto", version, Result.GRANDFATHERED, (), "p", "f", grandfathered=True)
    at = datetime(2027, 1, 4, 7, tzinfo=UTC)
    with application.store.begin() as unit:
        for each in application.versions.values():
            unit.versions.publish(each, at)
        unit.sweeps.add(Sweep("s", at, "delivery-method", version, (judged,), ()))
        unit.commit()
    said = Overview(application).sentence()
    application.store.close()
    assert said.endswith(told)
