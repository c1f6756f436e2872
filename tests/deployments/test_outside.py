"""An office outside a deployment gets nothing of it by any way, and nothing of it is read, counted or shown.

Cairo has no part in anything; Kobe was asked and has not accepted. Both have a tool, a plan of the template that they
answered for once, and a project that was read once. That each way can give something is shown too: it does to a member,
or, where nobody gets anything by it, once everybody is taken for a part of the network. A control in which the law of
sharing opens everything is caught.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
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
from domain.messages.inbox import EVERYTHING
from domain.organization.actions import Sender
from domain.organization.office import Organization
from domain.organization.webhooks import Source
from domain.plans.project import Ask
from domain.plans.templates.template import Draft, Origin, Standing
from flows.refusals import REFUSALS
from gateway.inbound.hooks import OfficeHooks
from runtime.offered import choices_of
from tasks import context
from tasks.deploying import ask_owner_of, share_template_of
from tasks.localizing import localize_plan_of
from tasks.network import load_network, participating, with_local_plans
from tasks.releasing import release_draft
from tests.deployments.finished import begin, finish
from tests.deployments.holding import DEPLOYMENT, TEMPLATE, Holding, template
from tests.deployments.visitor import Visitor, text_of
from tests.tasks.conftest import forget

pytestmark = pytest.mark.servers  # every way for two offices, and again for the control
OUTSIDE = ("cairo", "kobe")
WITH_TOOLS = ("oslo", "cairo", "kobe")
TOOLS = "tools:\n{tools}partitions:\n{partitions}"
TOOL = "  - {{id: {0}-book, kind: workbook, settings: {{file: {0}.xlsx}}}}\n"
PARTITION = (
    "  - office: {0}\n    tool: {0}-book\n    access: ask\n    settings:\n"
    "      projects: {{sheet: Projects, columns: {{id: Id, title: Title}}}}\n"
    "      items: {{sheet: Tasks, columns: {{id: Id, project: Project, title: Title, key: key}}}}\n"
)
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


def asked(kind: str, holding: Holding, office: str, concerned: str = "") -> object:
    """What a message comes to that a system of the office sends, in the name of the head of whom it concerns."""
    source = Source("theirs", "bearer", ("S",), may=frozenset(KINDS), offices=frozenset({office}))
    there, concerned = holding.application, concerned or office
    example = {**KINDS[kind].example, "office": concerned, "person": f"{concerned}-head"}
    asks = KINDS[kind].shape.model_validate(example).asks
    leader = there.organization.offices[concerned]
    permitted(there.organization, there.store, there.clock, Sender(source, kind, asks.person), asks.action,
              leader=leader, concerned=concerned)  # fmt: skip
    return localized(holding, concerned) if "localization" in kind else released(holding, concerned)


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
    names = there.organization.offices
    return [names[line.office].name for each in seen for line in each.sheet.lines if line.office != office]


def members_seen(holding: Holding, office: str) -> object:
    there = holding.application.organization
    sees = [
        each
        for each in there.offices
        if each != office and isinstance(visible(office, each, known(holding), there, holding.now), Visible)
    ]
    return [there.offices[each].name for each in sees]


def shown_to_others(holding: Holding, office: str) -> str:
    """What members are shown of the office, and the sponsor of how its plan stands."""
    name = f"{office.title()} Works"
    told = [text_of(Visitor(holding, f"{each}-head").get()) for each in ("oslo", "lima", "porto")]
    sponsor = text_of(Visitor(holding, "holding-sponsor").get())
    stands = any(f"{name} {how}" in sponsor for how in ("live", "running", "not started", "not reported"))
    return "Oslo Works" if stands or any(name in text for text in told) else ""


def in_choices(holding: Holding, office: str) -> str:
    """Whether the form offers the office, but for one that was asked to take part and may accept."""
    found = choices_of(holding.application)
    return "Oslo Works" if office in {*found.offices, *found.members} - {"kobe"} else ""


def localized(_: object, office: str, template: str = f"{TEMPLATE}/1") -> str:
    """Whether the office makes the plan its own, by what it answered once."""
    localize_plan_of.fn(office, template, f"{office}-head", "our turn", "", dry_run=True)
    return "Phase 1"


def released(_: object, office: str) -> str:
    """Whether the head of the office releases the draft of the owner."""
    release_draft.fn(TEMPLATE, f"{office}-head", "a second one", Standing.LIVE, dry_run=True)
    return "Phase 1"


def hinted(holding: Holding, office: str) -> str:
    """Whether a hint of the office's tool starts a reading of it."""
    found = OfficeHooks(holding.application).mentioned(f"{office}-book", EVERYTHING)
    return "Oslo Works" if office in found else ""


def judged(holding: Holding, office: str) -> str:
    """Whether the office's project is judged."""
    plans = unit_of(lambda unit: load_network(unit, holding.application.rulebook, holding.now).plans, holding)
    return "Oslo Works" if f"{office}/P-1" in plans else ""


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
    "form: share it oneself": lambda _, o: share_template_of.fn(TEMPLATE, "porto-riga", "", f"{o}-head", "mine", dry_run=True) and "Phase 1",
    "form: share it under the deployment": lambda _, o: share_template_of.fn(TEMPLATE, DEPLOYMENT, "", f"{o}-head", "mine", dry_run=True) and "Phase 1",
    "form: accept for another office": lambda h, o: h.reply("oslo", person=f"{o}-head", dry_run=True) and "Oslo Works",
    "form: close it": lambda h, o: h.close(person=f"{o}-sponsor", dry_run=True) and "Oslo Works",
    "form: what is offered": in_choices,
    "tool: a question in its own": asked_there,
    "message: plan.localization_requested": partial(asked, "plan.localization_requested"),
    "message: template.released": partial(asked, "template.released"),
    "message: for an office that takes part": lambda h, o: asked("plan.localization_requested", h, o, "oslo"),
    "message: a hint of a tool": hinted,
    "link: the deployment, as head": partial(page, "head", f"/deployments/{DEPLOYMENT}"),
    "link: the deployment, as standards owner": partial(page, "standards", f"/deployments/{DEPLOYMENT}"),
    "link: the deployment, as somebody to call": partial(page, "call", f"/deployments/{DEPLOYMENT}"),
    "link: the first deployment": partial(page, "head", "/deployments"),
    "link: what an office needed for each task": partial(page, "head", f"/deployments/{DEPLOYMENT}/figures/oslo"),
    "link: what it saved": partial(page, "head", f"/deployments/{DEPLOYMENT}/report"),
    "link: what it saved, as a table": partial(page, "head", f"/deployments/{DEPLOYMENT}/report.csv"),
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
    "notice: what it was told": lambda h, o: "Phase 1" if any("is shared with" in t for t in h.notices()[o]) else "",
    "report: what is read of it": lambda h, o: "" if reading_of(o, known(h), h.application.organization, h.now) is Reading.NOTHING else "Oslo Works",
    "report: whose local plans are read": lambda _, o: "Oslo Works" if o in with_local_plans() else "",
    "report: who takes part": lambda _, o: "Oslo Works" if o in participating() else "",
    "report: what is judged": judged,
}  # fmt: skip


def template_of(holding: Holding):
    return unit_of(lambda unit: unit.templates.newest(TEMPLATE).template, holding)


def arranged(holding: Holding) -> Holding:
    """The deployment under way; offices inside and outside have a tool, and a plan that was read once."""
    text = TOOLS.format(
        tools="".join(map(TOOL.format, WITH_TOOLS)), partitions="".join(map(PARTITION.format, WITH_TOOLS))
    )
    (holding.folder / "tools.yaml").write_text(text, "utf-8")
    holding.application.store.close()
    forget()
    holding.going()
    found = template()
    draft = Draft(replace(found, lessons=()), "e" * 64, holding.now, Origin.IMPORTED)
    with holding.application.store.begin() as unit:
        version = unit.templates.newest(TEMPLATE)
        unit.templates.keep(draft)
        unit.commit()
    for office in WITH_TOOLS:
        finish(holding, begin(holding, office, version), 1.0)
    return holding


def gives(act: Way, holding: Holding, office: str) -> bool:
    """Whether the office gets something of the deployment by a way."""
    return any(secret in said(partial(act, holding, office)) for secret in SECRETS)


def leaks(holding: Holding) -> list[tuple[str, str]]:
    """The ways by which an office outside gets something."""
    return [(way, office) for office in OUTSIDE for way, act in WAYS.items() if gives(act, holding, office)]


OWNER, SPONSOR = "porto", "holding"
FOR = {
    "form: share it oneself": OWNER,
    "form: share it under the deployment": OWNER,
    "form: close it": SPONSOR,
    "message: template.released": OWNER,
}
"""To whom a way gives something; Oslo where nothing is said."""
FOR_NOBODY = {"message: a hint of a tool", "report: who takes part", "report: what is judged"}
"""What a deployment opens to nobody: a member takes part in no network."""


def test_there_are_thirty_ways_and_more_over_forms_messages_links_commands_and_reports() -> None:
    kinds = Counter(way.partition(":")[0] for way in WAYS)
    assert len(WAYS) >= 30
    assert len({*WAYS.values()}) == len(WAYS), "no way stands there twice"
    assert min(kinds[each] for each in ("form", "message", "link", "command", "report")) >= 3, kinds


def test_each_way_gives_something_to_whom_it_is_for(
    holding: Holding, monkeypatch: pytest.MonkeyPatch
) -> None:
    arranged(holding)
    blind = [way for way, act in WAYS.items() if not gives(act, holding, FOR.get(way, "oslo"))]
    assert set(blind) == FOR_NOBODY
    monkeypatch.setattr(Organization, "takes_part", lambda *_: True)
    context.KEPT.forget()
    assert [(way, o) for way in FOR_NOBODY for o in OUTSIDE if not gives(WAYS[way], holding, o)] == []


def test_by_no_way_anything_is_read_counted_or_shown(holding: Holding) -> None:
    arranged(holding)
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
    arranged(holding)
    everything = Shared(DEPLOYMENT, Basis.DEPLOYMENT)
    for module in (sharing, local_plans, deployment_sheets):
        monkeypatch.setattr(module, "shared_with", lambda *_: everything)
    monkeypatch.setattr(sheets, "offices_of", lambda deployment, *_: deployment.offices)
    found = {way for way, _ in leaks(holding)}
    assert {
        "form: localize a version", "form: localize the newest", "message: plan.localization_requested",
        "form: ask the owner", "tool: a question in its own", "command: the shared version", "command: the version to localize",
        "link: the deployment, as head", "link: ask",
    } <= found  # fmt: skip
