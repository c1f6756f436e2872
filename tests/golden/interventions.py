"""What the sample's own weeks do not bring about: steering, refusals, copies, conflicts, webhooks.

Each is done once, so that what it writes into tools, ledger and store is held too.
"""

from __future__ import annotations

import pytest

from connectors.tickets.paging import Cursor
from connectors.tickets.ticket import Comment, Link, Shape, Ticket, TicketChange, kept
from domain.compliance.network import Incident
from domain.messages.inbox import HINT, Posted
from domain.rollouts.rollout import Standing
from examples.harbor_group.editing import Edit, edit
from tasks.advancing import advance_all
from tasks.delivering import deliver_office
from tasks.network import load_network
from tasks.recording import record_incidents
from tasks.rolling import approve_rollout
from tasks.steering import Steering, steer
from tests.tasks.conftest import Desk

WHY = "the audit asks for it"


def late_week(desk: Desk) -> None:
    """What comes after the week in which the rollout halted."""
    _refused(desk)
    _steered(desk)
    _in_a_workbook(desk)
    _ended(desk)
    _by_webhook(desk)


def first_week(desk: Desk) -> None:
    """A project that did not answer yet is left out of the rollout, and brought back."""
    with desk.application.store.read() as unit:
        members = unit.adoptions.of(desk.application.rollouts[0].id)
    silent = next(each.project for each in members if each.standing is Standing.QUESTIONED)
    _steer(desk, Steering.LEAVE_OUT, silent)
    _steer(desk, Steering.BRING_BACK, silent)


def _steer(desk: Desk, action: Steering, subject: str = "") -> None:
    command = (desk.application.rollouts[0].id, action, subject, desk.approver(), WHY)
    assert steer.fn(*command, dry_run=False).changed


def _refused(desk: Desk) -> None:
    """Somebody approves who may not."""
    approvers = desk.leader().roles["approver"]
    other = next(person for person in sorted(desk.application.organization.people) if person not in approvers)
    with pytest.raises(PermissionError):
        approve_rollout.fn(desk.simulate(), other, WHY, dry_run=False)


def _steered(desk: Desk) -> None:
    """The halted rollout goes on, stops and goes on again; one office leaves it and comes back."""
    with desk.application.store.read() as unit:
        members = unit.adoptions.of(desk.application.rollouts[0].id)
    office = next(each.office for each in members if each.standing is Standing.BINDING)
    for action in (Steering.RESUME, Steering.PAUSE, Steering.RESUME):
        _steer(desk, action)
    _steer(desk, Steering.ROLL_BACK, office)
    advance_all(dry_run=False)
    deliver_office(office, dry_run=False)
    _steer(desk, Steering.BRING_BACK, office)


def _in_a_workbook(desk: Desk) -> None:
    """An office copies a row of ours, changes another one, and writes a date that nobody understands."""
    with desk.application.store.read() as unit:
        ours = [
            (office, each.wanted)
            for office in desk.offices
            for each in unit.intents.of(office)
            if each.wanted.kind == "item"
        ]
    office, first = ours[0]
    second = next(wanted for _, wanted in ours[1:] if wanted.office == office)
    (book,) = desk.application.connectors(office).values()
    project = first.values["project"]
    copy = {"id": "copy-1", "project": project, "title": "a copy", "key": first.key}
    changes = [
        Edit("items", f"{project}/copy-1", copy, append=True),
        Edit("items", second.key, {"title": "our own words"}),
        Edit("projects", str(project), {"finish": "soon"}),
    ]
    edit(book.path, book.settings, changes)


def _ended(desk: Desk) -> None:
    """A check had to be ended."""
    application = desk.application
    with application.store.begin() as unit:
        network = load_network(unit, application.rulebook, application.clock.now())
        rollout = unit.rollouts.all()[0]
        version = str(rollout.manifest.target)
        network.incidents.append(Incident(min(network.plans), version, "a-rule", "it took too long"))
        record_incidents(unit, application.clock, network)
        unit.commit()


def _by_webhook(desk: Desk) -> None:
    """A message and a hint came, a receiver is told of the next events, and a tool of tickets is remembered."""
    now = desk.application.clock.now()
    with desk.application.store.begin() as unit:
        unit.inbox.receive(Posted("portfolio", "m-1", "sweep.requested", now, b"{}"))
        unit.inbox.receive(Posted("harbor-redmine", "d-1", HINT, now, b"{}", signed=False))
        unit.inbox.hinted("hamburg", 2, now)
        unit.outbox.take_in("data-platform", lambda _: True, now)
        ticket = Ticket(
            "#12", Shape.ITEM, now, "Name a person", number="12", revision="3", key="adopt/x", type="Task",
            project="H-01", parent="#3", text="As agreed", lines={"role": "reporter"}, status="New", closed=True,
            owner="anna", start=now.date(), due=now.date(), work=8.0, percent=50.0, fields={"Role": "head"},
            after=(Link("#3", 2, "77"),), comments=(Comment("anna", now, "finish"),),
            changes=(TicketChange("status", "New", "Done", "anna", now),), source="raw",
        )  # fmt: skip
        cursor = Cursor(now.isoformat(), now.isoformat(), "2", now.isoformat(), now.isoformat(), "a-digest")
        unit.mirrors.keep("hamburg/hamburg-redmine", [kept(ticket)], str(cursor))
        unit.commit()
