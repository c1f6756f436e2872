"""An organization of one's own: the first `up` only reads, says so, and says how to go on."""

from __future__ import annotations

import pytest

from examples.harbor_group.player import copy_sample
from tests.servers.conftest import hashes, interoffice

pytestmark = pytest.mark.servers


def test_one_damaged_workbook_is_reported_and_the_others_are_only_read(ups, tmp_path) -> None:
    """All of them whole: tests/servers/test_form.py."""
    organization, state = tmp_path / "mine", tmp_path / "state"
    copy_sample(organization)
    damaged = organization / "workbooks" / "santos.xlsx"
    damaged.write_bytes(damaged.read_bytes()[:2000])
    before = hashes(organization)
    up = ups(state, "--once", "--organization", str(organization))
    assert up.end() == 0, up.said
    assert "not read: santos" in up.said
    assert "of 8 offices were read" in up.said, "what was read is reported before anything is published"
    assert "nothing was written into any office's tool" in up.said
    assert hashes(organization) == before
    publish = [
        "version=delivery-method/1.0",
        "person=adebayo-okafor",
        "why=a test",
        "dry_run=false",
        "--organization",
        str(organization),
    ]
    done = interoffice(state, "run", "publish-standard", *publish, "--local")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("delivery-method/1.0 is published with")
    assert hashes(organization) == before
