"""F23: of ten offices none is read, written or named by another one's credential or for another one's sake."""

from __future__ import annotations

import inspect
import json
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from config import wiring
from domain.messages.inbox import EVERYTHING
from gateway.inbound.hooks import OfficeHooks
from runtime.manifest import read_manifest
from tasks import context, reading
from tests.standins.described import specs
from tests.tasks.conftest import Desk, forget
from tests.tasks.network_story import WHY, story
from tests.tasks.tenants import (
    CANARY,
    LEADER,
    OFFICES,
    SHARER,
    TAKERS,
    Network,
    Seen,
    flow_of,
    foreign_credentials,
    foreign_rows,
    foreign_texts,
    head,
    network,
    other_offices,
)
from tests.tasks.test_role_pages import Visitor

pytestmark = specs("openproject-v3.json")
ASKS_PREFECT = {"flows.notify.notify_failure"}
"""Flows that are not tried here: they ask Prefect's server about a run, and no tool."""
SPEAK = {
    "flows.advance.advance_rollouts",
    "flows.cycle.run_cycle",
    "flows.distribute_plan.distribute_plan",
    "flows.propose_improvements.propose_improvements",
    "flows.re_base_plan.re_base_plan",
    "flows.resolve_conflict.resolve_conflict",
    "flows.roll_out.roll_out_standard",
    "flows.start_project.start_project",
    "flows.sync.sync_offices",
    "flows.undo_update.undo_update",
    "flows.update_plans.update_plans",
}
"""Flows that speak with tools; no other one makes a single call."""
DRY = (LEADER, *TAKERS[:3])
"""Offices whose runs are dry first; of those of the others only the run that writes is tried."""
PAIRS = 5_000
"""Pairs of an office for which a run works and another one; there are more."""
A, B = "bergen", "cork"
"""Two offices that share a server."""
ELSEWHERE = "aveiro"
"""One on another server."""


@pytest.mark.servers
def test_every_flow_keeps_every_pair_of_ten_offices_apart(tmp_path, record_property) -> None:
    runs, calls, pairs = Counter[str](), Counter[str](), 0
    with network(tmp_path) as made:
        for step in story(made):
            allowed = frozenset({step.office}) if step.office else frozenset(OFFICES)
            dry = not step.office or step.office in DRY
            for parameters in dry_and_not(step.flow, step.given, dry=dry):
                state = made.run(step.flow, **parameters)
                assert state.is_completed(), f"{step}: {state.message}"
                seen = made.taken()
                assert_apart(seen, allowed)
                runs[step.flow] += 1
                calls[step.flow] += len(seen)
                pairs += len(OFFICES) - 1 if step.office else len(OFFICES) * (len(OFFICES) - 1)
        assert not [table for table in made.tables if CANARY.search(table)]
        shown = shown_to(made)[2]
        assert all(shown[office] <= {office} for office in TAKERS)
    deployed = {each.entrypoint for each in read_manifest().deployments}
    assert deployed - set(runs) == ASKS_PREFECT
    assert {flow for flow, number in calls.items() if number} == SPEAK
    assert pairs > PAIRS
    record_property("seen", f"{len(runs)} flows, {runs.total()} runs, {calls.total()} calls, {pairs} pairs")


def dry_and_not(flow: str, given: Any, *, dry: bool) -> Iterator[dict[str, Any]]:
    """The parameters of its runs: dry where that is asked for, then not, where the flow knows that difference."""
    if "dry_run" in inspect.signature(flow_of(flow).fn).parameters:
        if dry:
            yield {**given, "dry_run": True}
        yield {**given, "dry_run": False}
    else:
        yield dict(given)


def assert_apart(seen: list[Seen], allowed: frozenset[str]) -> None:
    """None of the calls is foreign, in whatever way."""
    assert foreign_credentials(seen) == []
    assert foreign_rows(seen) == []
    assert foreign_texts(seen) == []
    assert other_offices(seen, allowed) == []


@contextmanager
def published(place: Path) -> Iterator[Network]:
    """The ten offices with a published version, each read once."""
    with network(place) as made:
        person = head(LEADER)
        made.run(
            "flows.publish.publish_standard", version="metodo/1.0", why=WHY, person=person, dry_run=False
        )
        read(made)
        yield made


@pytest.fixture(scope="module")
def once(tmp_path_factory) -> Iterator[Network]:
    """The same, made once for all that read it or plant a fault in it."""
    with published(tmp_path_factory.mktemp("tenants")) as made:
        yield made


@pytest.fixture
def offices(once: Network) -> Iterator[Network]:
    """The same, as a process that begins anew sees them."""
    forget()
    yield once
    forget()
    once.taken()


def read(made: Network, office: str = "all") -> list[Seen]:
    """The calls of a reading."""
    state = made.run("flows.sync.sync_offices", why=WHY, office=office)
    assert state.is_completed(), state.message
    return made.taken()


def test_reading_any_office_calls_its_own_part_alone(offices) -> None:
    for office in OFFICES:
        seen = read(offices, office)
        assert {each.office for each in seen} == {office}
        assert any(office in each.named for each in seen)
        assert_apart(seen, frozenset({office}))


def test_a_webhook_of_an_office_s_tool_has_that_office_read_whatever_it_names(offices) -> None:
    hooks = OfficeHooks(context.current_application())
    (theirs, *_) = offices.servers[B].of(B)
    body = json.dumps({"action": "work_package:updated", "work_package": {"id": theirs.id}}).encode()
    for office in OFFICES:
        assert set(hooks.mentioned(f"of-{office}", body)) == {office}
        assert set(hooks.mentioned(f"of-{office}", EVERYTHING)) == {office}
    assert offices.taken() == []


@pytest.mark.parametrize("other", [B, ELSEWHERE])
def test_the_control_a_wiring_that_hands_over_another_office_s_credential_is_caught(
    offices, monkeypatch, other
) -> None:
    real = wiring.secret_of

    def mistaken(tool: Any, block: Any = None) -> str:
        return real(
            context.current_application().organization.tools[f"of-{other}"] if tool.id == f"of-{A}" else tool,
            block,
        )

    monkeypatch.setattr(wiring, "secret_of", mistaken)
    seen = read(offices, A)
    assert {each.office for each in foreign_credentials(seen)} == {other}
    assert other_offices(seen, frozenset({A}))


def test_the_control_a_reader_that_reads_the_part_of_the_office_beside_it_is_caught(
    offices, monkeypatch
) -> None:
    organization = context.current_application().organization
    beside = organization.parts(B)[0].settings
    monkeypatch.setitem(organization.parts(A)[0].settings, "projects", beside["projects"])
    seen = read(offices, A)
    assert {frozenset({B})} == {each.shown for each in foreign_rows(seen)}
    assert foreign_credentials(seen)


def test_the_control_a_reader_that_takes_another_office_s_connectors_is_caught(offices, monkeypatch) -> None:
    monkeypatch.setattr(reading, "connectors", lambda office: context.connectors(SHARER[office]))
    seen = read(offices, A)
    assert foreign_credentials(seen) == [], "each call bears the right credential for what it names"
    assert {each.office for each in other_offices(seen, frozenset({A}))} == {B}


def test_the_control_another_office_s_text_in_a_tool_is_caught(offices) -> None:
    asked = {"addressees": f"office={B}", "terms": "due=2027-03-31; evidence=attested: it was seen"}
    offices.run(
        "flows.issue_directive.issue_directive",
        text=f"Do as Perle-{A} does",
        person=head(LEADER),
        why=WHY,
        dry_run=False,
        **asked,
    )
    offices.run("flows.advance.advance_rollouts", why=WHY, dry_run=False)
    assert {each.office for each in foreign_texts(offices.taken())} == {B}


def pages_of(visitor: Visitor, office: str) -> tuple[str, dict[str, str]]:
    """Where the pages of an office's head begin; and each that its first one leads to, by the rest of its address."""
    base = visitor.of(head(office))
    first = visitor.get(base).text
    rests = {rest for rest in re.findall(rf'href="{re.escape(base)}(/[^"#]+)"', first) if rest != "/desk"}
    return base, {"": first} | {rest: visitor.get(base + rest).text for rest in rests}


def shown_to(made: Network) -> tuple[Visitor, dict[str, tuple[str, dict[str, str]]], dict[str, set[str]]]:
    """The pages of each office's head as they are written now, and the offices whose texts stand on them."""
    made.run("flows.sweep.sweep_compliance", why=WHY)
    made.run("flows.report.report_network", why=WHY, dry_run=False)
    visitor = Visitor(Desk(made.folder))
    found = {office: pages_of(visitor, office) for office in OFFICES}
    return visitor, found, {office: canaries("".join(pages.values())) for office, (_, pages) in found.items()}


def canaries(text: str) -> set[str]:
    return set(CANARY.findall(text))


def test_a_head_s_pages_show_its_own_office_and_those_of_other_offices_do_not_open_for_it(tmp_path) -> None:
    """The office that leads is shown all of them, by law."""
    with published(tmp_path) as made:
        visitor, found, shown = shown_to(made)
        assert shown == {LEADER: set(OFFICES)} | {office: {office} for office in TAKERS}
        for office, other in permutations(TAKERS, 2):
            base, own = found[office]
            for rest in {max(found[other][1]), f"/office/{other}"} - set(own):
                assert canaries(visitor.get(base + rest).text) <= {office}, (office, rest)


def test_the_control_what_was_read_of_another_office_is_found_on_a_page(offices, monkeypatch) -> None:
    monkeypatch.setattr(reading, "connectors", lambda office: context.connectors(SHARER[office]))
    read(offices, A)
    _, _, shown = shown_to(offices)
    assert B in shown[A]
