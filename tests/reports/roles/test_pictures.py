"""The pages per role in a real browser: a screen, a phone, a printed page, and what axe-core finds."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest

from config.languages import LANGUAGES
from domain.decisions.pending import PendingDecisions
from domain.organization.office import Person
from domain.reporting.roles.readers import PageKind, Sight
from domain.reporting.roles.sheet import role_sheet
from domain.reporting.sentence import Bucket
from domain.rollouts.rollout import RolloutState
from reports import charts
from reports.roles.page import Visited, role_html
from tests.domain.reporting.roles.planted import TODAY, planted
from tests.reports import sample
from tests.reports.filed import first_page
from tests.reports.pack.test_pictures import (
    PHONE,
    axe,
    browser,
    finds_a_picture_without_a_text,
    violations,
)
from tests.reports.roles.test_rights import one_of_each
from tests.reports.test_browser import CONTRAST
from tests.reports.test_index import full_index

__all__ = ["axe", "browser"]
pytestmark = pytest.mark.servers


def crowded(make=sample.a_rollout_report):
    """A halted rollout whose first screen has all that there may be: decisions that are pending, long names."""
    note = "wave 2: 7 of 25 late, 25 % and at least 5 halt it, and the sponsor wants to see every one of them"
    pending = (PendingDecisions("hub", 3, TODAY), PendingDecisions("gdansk", 1, TODAY))
    report = make(
        replace(sample.rollout(), state=RolloutState.HALTED, note=note),
        pending=pending,
    )
    offices = tuple(
        replace(each, name=f"{each.name}, the office of all programs in the north") for each in report.offices
    )
    return replace(report, offices=offices)


SHORT = {"rollout": sample.a_rollout_report, "sweep": sample.a_sweep_report, "halted": crowded}


@pytest.fixture(scope="module")
def pages() -> dict[str, bytes]:
    """A page of each kind of a network of 1,000 projects, in German where titles are longest, and the reports."""
    network = planted(5, projects=1000, offices=40)
    found = {}
    for kind, person, page in one_of_each(network):
        people: dict[str, Person] = {
            k: replace(p, language="de") for k, p in network.organization.people.items()
        }
        organization = replace(network.organization, people=people, languages=LANGUAGES)
        sheet = role_sheet(Sight(organization, person, page, TODAY), network.basis)
        found[str(kind)] = role_html(sheet, Visited("/person/x", (page,), TODAY))
    found["index"] = full_index("de")
    return {**found, **{name: first_page(make()) for name, make in SHORT.items()}}


@pytest.mark.parametrize("name", [*map(str, PageKind), "index", *SHORT])
def test_it_fits_the_screen_six_of_a_phone_and_two_printed_pages_and_axe_finds_nothing(
    name, browser, axe, pages, tmp_path
) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(pages[name])
    with browser.new_context(bypass_csp=True) as context:
        made = context.new_page()
        made.goto(path.as_uri())
        for width in (320, 390, 1280):
            made.set_viewport_size({"width": width, "height": 800})
            assert made.evaluate("document.documentElement.scrollWidth") <= width
            assert made.evaluate(CONTRAST) == []
            if width == 390:
                assert made.evaluate("document.documentElement.scrollHeight") < 6 * PHONE
        printed = made.pdf(prefer_css_page_size=True)
        assert len(re.findall(rb"/Type\s*/Page\b", printed)) <= 2
        made.evaluate(axe)
        assert violations(made) == []
        assert finds_a_picture_without_a_text(made), "the control"


FIRST_SCREEN = ("h1", ".state", ".figures", "main section h2", "main section li")


@pytest.mark.parametrize("name", [*map(str, PageKind)])
def test_the_first_screen_has_verdict_state_figures_and_what_is_needed(
    name, browser, pages, tmp_path
) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(pages[name])
    made = browser.new_page(viewport={"width": 1280, "height": 800})
    made.goto(path.as_uri())

    def below() -> list[str]:
        """What is not on the first screen, or not whole."""
        boxes = {place: made.locator(place).first.bounding_box() for place in FIRST_SCREEN}
        return [at for at, box in boxes.items() if box is None or box["y"] + box["height"] > 800]

    assert below() == []
    assert 3 <= made.locator(".figures li").count() <= 6
    made.evaluate("document.querySelector('.figures').style.marginTop = '700px'")
    assert ".figures" in below(), "the control"
    made.close()


def test_the_patterns_of_the_groups_differ_in_greyscale_and_late_is_lighter_than_followed(browser) -> None:
    """By the lightness of each, and where two are near by how much it varies inside."""
    from PIL import Image, ImageStat

    seen = {}
    made = browser.new_page(viewport={"width": 240, "height": 60})
    for group in Bucket:
        made.set_content(
            f"<body style='margin:0;filter:grayscale(1)'>{charts.patterns()}{charts.bar({group: 1}, 'x')}"
        )
        shot = made.screenshot(clip={"x": 10, "y": 2, "width": 90, "height": 14})
        found = ImageStat.Stat(Image.open(io.BytesIO(shot)).convert("L"))
        seen[group] = (found.mean[0], found.stddev[0])
    made.close()
    assert seen[Bucket.LATE][0] > seen[Bucket.FOLLOWS][0] + 50
    every = list(seen.items())
    near = [
        (one, other)
        for n, (one, (a, x)) in enumerate(every)
        for other, (b, y) in every[n + 1 :]
        if abs(a - b) < 6 and abs(x - y) < 4
    ]
    assert near == []
