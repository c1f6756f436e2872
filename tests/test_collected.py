"""What cannot be run here is not collected, and one line says what it is and what to do."""

import os
import subprocess
import sys

from tests.conftest import DESCRIPTIONS, ROOT, SPECS, absent


def collected(specs: object) -> str:
    """What pytest says of the tests of one tool's stand-in, with the descriptions in that folder."""
    told = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-p", "no:cacheprovider", "tests/connectors/openproject"],
        cwd=ROOT, env={**os.environ, "INTEROFFICE_SPECS": str(specs)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return told.stdout


def test_without_the_vendors_descriptions_their_tests_are_left_out_and_that_is_said(tmp_path):
    said = collected(tmp_path)
    assert "not collected" in said
    assert "openproject-v3.json" in said
    assert "INTEROFFICE_SPECS" in said
    assert "no tests collected" in said


def test_with_them_all_is_collected_and_nothing_is_said(tmp_path):
    for name in DESCRIPTIONS:
        (tmp_path / name).write_text("{}", "utf-8")
    said = collected(tmp_path)
    assert "not collected" not in said
    assert "deselected" not in said
    assert "tests collected" in said


def test_what_is_absent_is_named():
    assert absent(("nobody.json",)) == ["nobody.json"]
    assert absent() == [name for name in DESCRIPTIONS if not (SPECS / name).exists()]
