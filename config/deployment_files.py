"""Deployments with what is shared under them, and what peers asked, as files for people to take over."""

from __future__ import annotations

from collections.abc import Mapping

from config.templates import as_yaml
from domain.deployments.deployment import Deployment, Receiver, Reply
from domain.deployments.peers import PeerQuestion
from domain.deployments.sharing import Basis, Share
from domain.plans.task import Money
from store.unit import Unit


def stored_deployments(unit: Unit) -> Mapping[str, str]:
    """Text by the file's name: a file for each deployment, for the shares by agreements, for questions."""
    known = unit.deployments.all()
    found = {}
    for each in known.deployments:
        shares = [s for s in known.shares if s.basis is Basis.DEPLOYMENT and s.under == each.id]
        found[f"deployments/{each.id}.yaml"] = as_yaml(deployment_data(each, shares))
    agreed = [_share(each) for each in known.shares if each.basis is Basis.AGREEMENT]
    if agreed:
        found["deployments/by-agreement.yaml"] = as_yaml({"shares": agreed})
    for template in sorted(unit.deployments.templates_asked()):
        questions = [_question(each) for each in unit.deployments.questions(template)]
        found[f"deployments/questions/{template}.yaml"] = as_yaml(
            {"template": template, "questions": questions}
        )
    return found


def deployment_data(deployment: Deployment, shares: list[Share]) -> dict[str, object]:
    """A deployment as its file holds it; what is not there is left out."""
    found: dict[str, object] = {
        "id": deployment.id,
        "title": deployment.title,
        "system": deployment.system,
        "sponsor": deployment.sponsor,
        "pilot": deployment.pilot,
        "template": deployment.template,
        "opened": deployment.opened.isoformat(),
    }
    if deployment.closed is not None:
        found["closed"] = deployment.closed.isoformat()
    if deployment.pilot_reply is not None:
        found["pilot_reply"] = _reply(deployment.pilot_reply)
    found["receivers"] = [_receiver(each) for each in deployment.receivers]
    if (said := deployment.central) is not None:
        effort = {"effort": f"{said.effort:f}h"} if said.effort is not None else {}
        cost = {"cost": _money(said.cost)} if said.cost is not None else {}
        found["central"] = effort | cost
    if deployment.avoided:
        found["avoided"] = [
            {"name": each.name, **_money(Money(each.amount, each.currency)), "stated_by": each.stated_by}
            for each in deployment.avoided
        ]
    if shares:
        found["shares"] = [_share(each) for each in shares]
    return found


def _money(money: Money) -> dict[str, str]:
    return {"amount": f"{money.amount:f}", "currency": money.currency}


def _receiver(receiver: Receiver) -> dict[str, object]:
    found: dict[str, object] = {
        "office": receiver.office,
        "go_live": receiver.go_live.isoformat(),
        "contact": receiver.contact,
    }
    return found | ({"reply": _reply(receiver.reply)} if receiver.reply is not None else {})


def _reply(reply: Reply) -> dict[str, object]:
    return {
        "accepts": reply.accepts,
        "person": reply.person,
        "at": reply.at.isoformat(),
        "entered": reply.entered,
    }


def _share(share: Share) -> dict[str, object]:
    return {
        "template": share.template,
        "giver": share.giver,
        "under": share.under,
        "keep_back": sorted(map(str, share.redacted)),
        "person": share.person,
        "at": share.at.isoformat(),
        "entered": share.entered,
    }


def _question(question: PeerQuestion) -> dict[str, object]:
    found: dict[str, object] = {
        "id": str(question.id), "version": question.version, "office": question.office,
        "person": question.person, "text": question.text, "at": question.at.isoformat(),
    }  # fmt: skip
    answer = question.answer
    if answer is not None:
        found["answer"] = {
            "text": answer.text,
            "person": answer.person,
            "at": answer.at.isoformat(),
            "entered": answer.entered,
        }
    return found
