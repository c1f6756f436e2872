"""A template without what its owner keeps back, and what that was, in counts; tasks and links all stay."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from domain.deployments.sharing import Redaction
from domain.language import Message
from domain.plans.templates.template import Template, TemplateTask

KEPT_BACK: Mapping[Redaction, Message] = {
    Redaction.COSTS: Message("{n} cost kept back", "{n} costs kept back"),
    Redaction.RISKS: Message("{n} risk kept back", "{n} risks kept back"),
    Redaction.TEXTS: Message("{n} lesson or document kept back", "{n} lessons and documents kept back"),
}
"""What is kept back of a template, for people."""


class NoSuchRedaction(ValueError):
    """A word that names nothing that may be kept back."""


def redactions(text: str) -> frozenset[Redaction]:
    """What a person asks to be kept back: `costs, risks`; empty for nothing. Raises NoSuchRedaction."""
    words = text.replace(",", " ").lower().split()
    known = {str(each): each for each in Redaction}
    if unknown := [each for each in words if each not in known]:
        raise NoSuchRedaction(
            f"keep_back: nothing is kept back under the name {unknown[0][:40]!r}; write some of"
            f" {', '.join(known)}"
        )
    return frozenset(known[each] for each in words)


def redacted(
    template: Template, redactions: Collection[Redaction]
) -> tuple[Template, Mapping[Redaction, int]]:
    """The template without what is kept back, and how many of each kind that is; of none it is as it was."""
    counts = {each: held(template, each) for each in Redaction if each in redactions}
    if Redaction.COSTS in counts:
        template = replace(template, tasks=tuple(map(_without_costs, template.tasks)))
    if Redaction.RISKS in counts:
        template = replace(template, risks=())
    if Redaction.TEXTS in counts:
        template = replace(template, lessons=(), documents=())
    return template, counts


def _without_costs(task: TemplateTask) -> TemplateTask:
    evidence = replace(task.evidence, cost=None) if task.evidence is not None else None
    return replace(task, cost=None, evidence=evidence)


def _has_cost(task: TemplateTask) -> bool:
    return task.cost is not None or (task.evidence is not None and task.evidence.cost is not None)


def held(template: Template, redaction: Redaction) -> int:
    """How much of that kind a template holds."""
    if redaction is Redaction.COSTS:
        return sum(map(_has_cost, template.tasks))
    return (
        len(template.risks)
        if redaction is Redaction.RISKS
        else len(template.lessons) + len(template.documents)
    )
