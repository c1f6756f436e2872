"""A version is written as the file that it came from; what would come back otherwise is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from config.organization import load
from config.version_file import NoFile, checked_file, flaws_of, name_of, version_file
from connectors.registry import KINDS
from domain.drafts.amending import amended
from domain.standards.standard import Consultation, content_digest
from runtime.folder import CHECKOUT


@pytest.fixture(scope="module", params=["harbor_group", "reference"])
def loaded(request):
    return load(Path(CHECKOUT) / "examples" / request.param, KINDS)


def test_every_version_of_the_samples_comes_back_as_it_is(loaded) -> None:
    for each in loaded.versions.values():
        assert name_of(each) == f"standards/{each.standard}/{each.version}.yaml"
        assert checked_file(each, loaded.organization.offices, KINDS) == version_file(each)
        assert flaws_of(each, loaded.organization.offices, KINDS) == ()


def test_what_would_be_lost_is_no_file(loaded) -> None:
    version = loaded.versions["delivery-method/2.0"]
    with pytest.raises(NoFile, match="its content would be another one"):
        checked_file(replace(version, digest="0" * 64), loaded.organization.offices, KINDS)
    hidden = replace(version, title="How we\u200b deliver")
    with pytest.raises(NoFile, match=r"cannot be written as a file: standards/.*2\.0\.yaml:\d+"):
        checked_file(replace(hidden, digest=content_digest(hidden)), loaded.organization.offices, KINDS)


def test_flaws_of_an_amendment_name_the_line_and_what_to_do(loaded) -> None:
    base = loaded.versions["delivery-method/2.0"]
    made = replace(
        amended(base, "2.1", date(2027, 6, 1), "why"), consultation=Consultation(10, ("atlantis",))
    )
    (told,) = flaws_of(made, loaded.organization.offices, KINDS)
    assert "2.1.yaml:" in told
    assert "there is no office `atlantis`" in told
