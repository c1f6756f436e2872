"""What the ten offices of `tests.tasks.tenants` do one after the other, until every flow of prefect.yaml has run.

Each step names the flow and the office for which it works; none: it is for the whole network.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

from domain.plans.localization.derivation import DerivationId
from domain.plans.merge.place import Side
from domain.plans.templates.form import digest_of
from domain.plans.templates.template import RecallKind, Release, Standing
from store.unit import Unit
from tasks import context
from tasks.steering import Steering
from tests.tasks.conftest import Desk
from tests.tasks.tenants import LEADER, OFFICES, TAKERS, Network, head
from tests.tasks.test_answering import sent
from tests.tasks.updated import changing, lasting, template

AT = datetime(2027, 1, 4, tzinfo=UTC)
SYSTEM, OTHER, WHY = "finance-system", "payroll-system", "it is needed before the summer"
ANSWERS = """\
office: {office}
template: finance-system/1
anchor: {{kind: start, on: 2027-03-01}}
project: {{existing: {office}-b}}
"""


@dataclass(frozen=True)
class Step:
    """A run of a flow: for one office, or for none in particular."""

    flow: str
    office: str = ""
    given: Mapping[str, Any] = field(default_factory=dict)


def story(network: Network) -> Iterator[Step]:
    """All steps; each is made when those before it are done."""
    yield from _standards(network)
    yield from _cases()
    yield from _directives()
    yield from _drafts()
    yield from _plans(network)
    yield from _deployments()
    yield from _by_itself(network)


def of_leader(flow: str, **given: Any) -> Step:
    """What the office that leads decides."""
    return Step(flow, LEADER, {"person": head(LEADER), "why": WHY, **given})


def of(office: str, flow: str, **given: Any) -> Step:
    """What an office does in the name of its head."""
    return Step(flow, office, {"office": office, "person": head(office), "why": WHY, **given})


def for_all(flow: str, **given: Any) -> Step:
    """What is done for the whole network."""
    return Step(flow, "", {"why": WHY, **given})


def stored(ask: Callable[[Unit], Any]) -> Any:
    """What the store holds now."""
    with context.current_application().store.read() as unit:
        return ask(unit)


def _standards(network: Network) -> Iterator[Step]:
    yield of_leader("flows.publish.publish_standard", version="metodo/1.0")
    for office in OFFICES:
        yield Step("flows.sync.sync_offices", office, {"why": WHY, "office": office})
    yield for_all("flows.sync.sync_offices")
    yield for_all("flows.simulate.simulate_standard", version="metodo/1.0")
    digest = asyncio.run(network.last.aresult()).digest
    yield Step("flows.roll_out.roll_out_standard", LEADER, {"digest": digest, "why": WHY})
    approved = {"digest": digest, "why": WHY, "approved_by": head(LEADER)}
    yield Step("flows.roll_out.roll_out_standard", LEADER, approved)
    yield for_all("flows.advance.advance_rollouts")
    yield for_all("flows.sweep.sweep_compliance")
    yield for_all("flows.report.report_network")
    for action in (Steering.PAUSE, Steering.RESUME):
        yield of_leader("flows.steer.steer_rollout", rollout="metodo-1", action=action)
    for office in OFFICES:
        asked = {"rule": "finish.set", "terms": "last=2027-03-18", "project": f"{office}/{office}-a"}
        yield Step("flows.request_deviation.request_deviation", office, _in_name(office, **asked))
    for deviation in stored(lambda unit: unit.deviations.all()):
        yield of_leader("flows.decide.decide", request=deviation.id, choice="approve")
        yield of_leader("flows.revoke_deviation.revoke_deviation", deviation=deviation.id)
    yield for_all("flows.review_deviations.review_deviations")


def _in_name(office: str, **given: Any) -> dict[str, Any]:
    return {"person": head(office), "why": WHY, **given}


def _cases() -> Iterator[Step]:
    for office in TAKERS:
        terms = f"cause=regulatory; project={office}/{office}-a"
        yield of(
            office, "flows.raise_feedback.raise_feedback", about="rule metodo/1.0 finish.set", terms=terms
        )
        yield of(office, "flows.raise_objection.raise_objection", about="version metodo/1.0")
    for case in stored(lambda unit: unit.cases.all()):
        yield of(LEADER, "flows.answer_feedback.answer_feedback", case=case.id, answer="explanation")
    yield for_all("flows.escalate_feedback.escalate_feedback")


def _directives() -> Iterator[Step]:
    terms = "due=2027-03-31; evidence=attested: every crane was inspected"
    asked = {"text": "Inspect every crane", "addressees": f"subtree={LEADER}", "terms": terms}
    yield of_leader("flows.issue_directive.issue_directive", **asked)
    (directive,) = stored(lambda unit: unit.directives.all())
    for office in TAKERS:
        yield of(
            office, "flows.answer_directive.answer_directive", directive=directive.id, answer="acknowledge"
        )
    yield of_leader("flows.withdraw_directive.withdraw_directive", directive=directive.id)


def _drafts() -> Iterator[Step]:
    yield of_leader("flows.draft_amendment.draft_amendment", subject="metodo/1.1", terms="")
    for number, office in enumerate(TAKERS, 1):
        yield of(office, "flows.comment_draft.comment_draft", draft="metodo/1.1", why="too early for us")
        answered = {"draft": "metodo/1.1", "comment": number, "answer": "declined"}
        yield of_leader("flows.answer_comment.answer_comment", **answered)


def _plans(network: Network) -> Iterator[Step]:
    for office in OFFICES:
        yield of(
            office, "flows.start_project.start_project", project=f"{office}-new", start=date(2027, 3, 11)
        )
        asked = {"plan": f"{office}/{office}-a", "template": f"own-{office}"}
        yield Step("flows.capture_plan.capture_plan", office, _in_name(office, **asked))
    for draft in stored(lambda unit: unit.templates.drafts()):
        office = draft.template.removeprefix("own-")
        asked = {"draft": str(draft), "standing": Standing.LIVE}
        yield Step("flows.release_template.release_template", office, _in_name(office, **asked))
    released(SYSTEM, 1)
    released(OTHER, 1)
    for office in TAKERS:
        (network.folder / f"{office}.yaml").write_text(ANSWERS.format(office=office), "utf-8")
        for system in (SYSTEM, OTHER):
            yield of_leader("flows.share_plan.share_plan", template=system, under=f"to-{office}")
        taken = {"released": f"{SYSTEM}/1", "answers": f"{office}.yaml"}
        yield of(office, "flows.localize_plan.localize_plan", **taken)
        plan = {"derivation": f"{office}/{SYSTEM}/1"}
        yield Step("flows.distribute_plan.distribute_plan", office, _in_name(office, **plan))
        renamed(network, office)
    released(SYSTEM, 2)
    yield from _updates()


def _updates() -> Iterator[Step]:
    for office in TAKERS:
        asked = {"why": WHY, "template": SYSTEM, "office": office, "person": head(LEADER)}
        yield Step("flows.update_plans.update_plans", office, asked)
    yield for_all("flows.update_plans.update_plans")
    for conflict in stored(lambda unit: unit.plan_updates.open()):
        office = DerivationId.read(conflict.plan).office
        asked = {"conflict": str(conflict), "choice": Side.THEIRS}
        yield Step("flows.resolve_conflict.resolve_conflict", office, _in_name(office, **asked))
    yield for_all("flows.propose_improvements.propose_improvements", template=SYSTEM)
    for office in TAKERS:
        plan = {"derivation": f"{office}/{SYSTEM}/1"}
        yield Step("flows.undo_update.undo_update", office, _in_name(office, **plan))
        onto = {**plan, "onto": OTHER}
        yield Step("flows.re_base_plan.re_base_plan", office, _in_name(office, **onto))
    for office in TAKERS:
        asked = {"template": SYSTEM, "office": office, "question": "How long did it take?"}
        yield Step("flows.ask_owner.ask_owner", office, {**asked, "person": head(office)})
    for question in stored(lambda unit: unit.deployments.questions(SYSTEM)):
        asked = {"question": str(question.id), "answer": "Two weeks", "person": head(LEADER)}
        yield Step("flows.answer_peer.answer_peer", LEADER, asked)
    yield of_leader("flows.recall_template.recall_template", released=f"{SYSTEM}/2", recall=RecallKind.STOP)


def _deployments() -> Iterator[Step]:
    receivers = ", ".join(f"{office} 2027-06-01" for office in TAKERS)
    asked = {"system": "Finance", "template": SYSTEM, "receivers": receivers}
    yield of_leader("flows.open_deployment.open_deployment", **asked)
    (deployment,) = stored(lambda unit: unit.deployments.all().deployments)
    later = f"{TAKERS[0]} 2027-07-01"
    yield of_leader("flows.change_deployment.change_deployment", deployment=deployment.id, receivers=later)
    for office in TAKERS:
        yield of(office, "flows.accept_deployment.accept_deployment", deployment=deployment.id)
    yield of_leader("flows.close_deployment.close_deployment", deployment=deployment.id)


def _by_itself(network: Network) -> Iterator[Step]:
    yield for_all("flows.cycle.run_cycle")
    message = sent(Desk(network.folder), "sweep.requested", version="newest", why=WHY)
    yield Step("flows.answer.answer_message", "", {"message": message})
    yield for_all("flows.apply_retention.apply_retention")
    yield Step("flows.digests.send_digests")
    yield Step("flows.reap.reap_runs")


def released(system: str, number: int) -> None:
    """The office that leads releases a version of a template; the second one changes what offices changed."""
    made = replace(template(), id=system, owner=LEADER)
    for edit in (lasting("d", 6), changing("b", names={"en": "Train the accountants"})) if number > 1 else ():
        made = edit(made)
    with context.current_application().store.begin() as unit:
        standing = Release(made, number, digest_of(made), date(2027, 1, number), Standing.LIVE, stated=True)
        unit.templates.release(standing, AT)
        unit.commit()


def renamed(network: Network, office: str) -> None:
    """The office writes its own words over a task of the plan that it took."""
    server = network.servers[office]
    (task,) = (each for each in server.of(office) if each.subject == "Train the users")
    server.change(task, subject=f"Perle-{office} trains its own people")
