"""An office outside a deployment gets nothing of it by any way, and nothing of it is read, counted or shown.

Cairo has no part in anything; Kobe was asked and has not accepted; the workbook of Oslo, which takes part, holds a
project besides its local plan. A control in which the law of sharing opens everything is caught.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial

import pytest
from starlette.exceptions import HTTPException

from config import deployment_sheets, local_plans, sharing
from config.deployment_files import stored_deployments
from config.deployment_sheets import deployments_seen
from config.local_plans import offered
from config.messages import KINDS
from config.permitting import permitted
from config.sharing import asked_in_tool, shared_release
from domain.deployments import sheet as sheets
from domain.deployments.notices import takers
from domain.deployments.sharing import Basis, Reading, Shared, Visible, reading_of, visible
from domain.organization.actions import Sender
from domain.organization.webhooks import Source
from domain.plans.project import Ask
from flows.refusals import REFUSALS
from gateway.inbound.hooks import OfficeHooks
from runtime.offered import choices_of
from tasks.deploying import ask_owner_of, share_template_of
from tasks.localizing import localize_plan_of
from tasks.network import load_network, participating, with_local_plans
from tests.deployments.holding import DEPLOYMENT, TEMPLATE, Holding
from tests.deployments.visitor import Visitor, text_of

pytestmark = pytest.mark.servers  # every way for two offices, and again for the control
OUTSIDE = ("cairo", "kobe")
SECRETS = (
    "Finance system",
    "Train before",
    "The bank may",
    "Oslo Works",
    "Lima Works",
    "Porto Works",
    "oslo-call",
    "Phase 1",
)
"""What belongs to the deployment, and may reach nobody outside it."""
Way = Callable[[Holding, str], object]


def said(act: Callable[[], object]) -> str:
    """What somebody gets; nothing where it is refused."""
    try:
        return str(act())
    except (*REFUSALS, HTTPException):
        return ""


def page(what: str, path: str, holding: Holding, office: str) -> str:
    return text_of(Visitor(holding, f"{office}-{what}").get(path)) if what else ""


def sent(what: str, holding: Holding, outside: str, /, **fields: str) -> str:
    return text_of(Visitor(holding, f"{outside}-head").post(what, **fields))


def asked(kind: str, holding: Holding, office: str) -> object:
    """What a message comes to that a system of the office sends in the name of its head."""
    source = Source("theirs", "bearer", ("S",), may=frozenset(KINDS), offices=frozenset({office}))
    there = holding.application
    example = {**KINDS[kind].example, "office": office, "person": f"{office}-head"}
    asks = KINDS[kind].shape.model_validate(example).asks
    leader = there.organization.offices[office]
    permitted(there.organization, there.store, there.clock, Sender(source, kind, asks.person), asks.action,
              leader=leader, concerned=office)  # fmt: skip
    values = {
        "released": f"{TEMPLATE}/1",
        "person": f"{office}-head",
        "why": "our turn",
        "answers": "",
        "dry_run": True,
    }
    return localize_plan_of.fn(office, **values) if "localization" in kind else ""


def unit_of(act: Callable[..., object], holding: Holding) -> object:
    with holding.application.store.read() as unit:
        return act(unit)


def known(holding: Holding):
    return unit_of(lambda unit: unit.deployments.all(), holding)


def template_for(holding: Holding, office: str) -> object:
    return unit_of(lambda unit: shared_release(holding.application, unit, TEMPLATE, office), holding)


def offer_for(holding: Holding, office: str) -> object:
    return unit_of(lambda unit: offered(holding.application, unit, office, TEMPLATE), holding)


def sheet_for(holding: Holding, office: str) -> object:
    there, person = holding.application, f"{office}-reporter"
    seen = unit_of(lambda unit: tuple(deployments_seen(there, unit, there.organization, person)), holding)
    return [(line.office, line.plan) for each in seen for line in each.sheet.lines if line.office != office]


def members_seen(holding: Holding, office: str) -> object:
    there = holding.application.organization
    sees = [
        each
        for each in there.offices
        if each != office and isinstance(visible(office, each, known(holding), there, holding.now), Visible)
    ]
    return [there.offices[each].name for each in sees]


def shown_to_others(holding: Holding, office: str) -> str:
    """What members and the sponsor are shown that only this office could have told."""
    name = f"{office.title()} Works not started"
    told = [text_of(Visitor(holding, f"{each}-head").get()) for each in ("oslo", "lima", "porto")]
    told.append(text_of(Visitor(holding, "holding-sponsor").get()))
    return "Oslo Works" if any(name in text for text in told) else ""


def in_choices(holding: Holding, office: str) -> str:
    found = choices_of(holding.application)
    listed = office in found.offices or (office in found.members and office == "cairo")
    return "Oslo Works" if listed else ""


def localized(_: Holding, office: str, template: str = f"{TEMPLATE}/1") -> object:
    return localize_plan_of.fn(office, template, f"{office}-head", "our turn", "", dry_run=True)


def asked_there(holding: Holding, office: str) -> str:
    """Whether a question that stands in the office's own tool is put to the owner."""
    asked_in_tool(holding.application, office, [Ask(TEMPLATE, "Which tool?", "Q!A2")])
    found = unit_of(lambda unit: unit.deployments.questions(TEMPLATE), holding)
    return "Phase 1" if (office, "Which tool?") in {(each.office, each.text) for each in found} else ""


WAYS: dict[str, Way] = {
    "form: localize a version": localized,
    "form: localize the newest": partial(localized, template=TEMPLATE),
    "form: ask the owner": lambda _, o: ask_owner_of.fn(TEMPLATE, o, "Which bank?", f"{o}-head", dry_run=True) and "Phase 1",
    "form: ask for another office": lambda _, o: ask_owner_of.fn(TEMPLATE, "oslo", "Which bank?", f"{o}-head", dry_run=True) and "Phase 1",
    "form: share it oneself": lambda _, o: share_template_of.fn(TEMPLATE, "porto-cairo", "", f"{o}-head", "mine", dry_run=True) and "Phase 1",
    "form: share it under the deployment": lambda _, o: share_template_of.fn(TEMPLATE, DEPLOYMENT, "", f"{o}-head", "mine", dry_run=True) and "Phase 1",
    "form: accept for another office": lambda h, o: h.reply("oslo", person=f"{o}-head", dry_run=True) and "Oslo Works",
    "form: close it": lambda h, o: h.close(person=f"{o}-sponsor", dry_run=True) and "Oslo Works",
    "form: what is offered": in_choices,
    "tool: a question in its own": asked_there,
    "message: plan.localization_requested": partial(asked, "plan.localization_requested"),
    "message: template.released": partial(asked, "template.released"),
    "message: a hint of a tool": lambda h, o: OfficeHooks(h.application).mentioned(f"{o}-book", b"{}") and "Oslo Works",
    "link: the deployment, as head": partial(page, "head", f"/deployments/{DEPLOYMENT}"),
    "link: the deployment, as standards owner": partial(page, "standards", f"/deployments/{DEPLOYMENT}"),
    "link: the deployment, as somebody to call": partial(page, "call", f"/deployments/{DEPLOYMENT}"),
    "link: the first deployment": partial(page, "head", "/deployments"),
    "link: one's first page": partial(page, "head", "/"),
    "link: a page of another office": partial(page, "head", "/office/oslo"),
    "link: accept for another office": lambda h, o: sent("reply", h, o, office="oslo", accept="yes", why="x"),
    "link: ask": lambda h, o: sent("ask", h, o, office=o, text="Which bank?"),
    "link: share": lambda h, o: sent("share", h, o, why="mine"),
    "link: answer": lambda h, o: sent("answer", h, o, question="peer/finance/0", text="yes"),
    "link: close": lambda h, o: sent("close", h, o, why="enough"),
    "page: what is behind it": sheet_for,
    "page: what members see of it": shown_to_others,
    "command: the shared version": template_for,
    "command: the version to localize": offer_for,
    "command: the offices that it sees": members_seen,
    "notice: of a recall": lambda h, o: "Phase 1" if o in set(takers(template_of(h), known(h), h.application.organization, h.now)) else "",
    "notice: what it was told": lambda h, o: [t for t in h.notices()[o] if "Finance" in t or "shared with" in t],
    "report: what is read of it": lambda h, o: "" if reading_of(o, known(h), h.application.organization, h.now) is Reading.NOTHING else "Oslo Works",
    "report: whose local plans are read": lambda _, o: "Oslo Works" if o in with_local_plans() else "",
    "report: who takes part": lambda _, o: "Oslo Works" if o in participating() else "",
    "report: what is judged": lambda h, _: unit_of(lambda unit: list(load_network(unit, h.application.rulebook, h.now).plans), h),
}  # fmt: skip


def template_of(holding: Holding):
    return unit_of(lambda unit: unit.templates.newest(TEMPLATE).template, holding)


def leaks(holding: Holding) -> list[tuple[str, str]]:
    """The ways by which an office outside gets something."""
    return [
        (way, office)
        for office in OUTSIDE
        for way, act in WAYS.items()
        if any(secret in said(partial(act, holding, office)) for secret in SECRETS)
    ]


def test_there_are_thirty_ways_and_more() -> None:
    assert len(WAYS) >= 30


def test_by_no_way_anything_is_read_counted_or_shown(holding: Holding) -> None:
    holding.going()
    before = len(holding.ledger())
    assert leaks(holding) == []
    with holding.application.store.read() as unit:
        kinds = [each.event.kind for each in unit.ledger.entries()][before:]
        deployment = unit.deployments.get(DEPLOYMENT)
        files = stored_deployments(unit)
    assert set(kinds) <= {"refusal", "page_link"}
    assert deployment.membership("cairo") is None
    assert "cairo" not in json.dumps(files)


def test_the_control_in_which_everything_is_open_is_caught(
    holding: Holding, monkeypatch: pytest.MonkeyPatch
) -> None:
    holding.going()
    everything = Shared(DEPLOYMENT, Basis.DEPLOYMENT)
    for module in (sharing, local_plans, deployment_sheets):
        monkeypatch.setattr(module, "shared_with", lambda *_: everything)
    monkeypatch.setattr(sheets, "offices_of", lambda deployment, *_: deployment.offices)
    found = {way for way, _ in leaks(holding)}
    assert {
        "form: ask the owner", "tool: a question in its own", "command: the shared version", "command: the version to localize",
        "link: the deployment, as head", "link: ask",
    } <= found  # fmt: skip
