"""docs/architecture.md names modules and rooms that are there, in the order that lint checks."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "architecture.md").read_text("utf-8")
NAMED = sorted(set(re.findall(r"`([a-z_]+/[a-z_/]+(?:\.py)?)`", PAGE)))


@pytest.mark.parametrize("named", NAMED)
def test_what_it_names_is_there(named):
    assert (ROOT / named).exists()


def test_it_names_many():
    assert len(NAMED) > 30


def test_its_order_of_the_packages_of_domain_is_that_of_lint():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    (order,) = [each["layers"] for each in contracts if each["id"] == "domain"]
    (drawn,) = re.findall(r"(?m)^ +(messages --> .*)$", PAGE)
    packages = [layer for layer in order if " | " not in layer and layer != "exact_json"]
    assert drawn.split(" --> ") == packages
