"""Facts in the short words of the trade: `currency`, `finish variance`; what one means is in facts.py.

Refuses to invent a word: a fact that an office named itself keeps that name.
"""

from __future__ import annotations

from collections.abc import Mapping

from domain.language import ENGLISH, Language, Message
from domain.plans.facts import plain_name

SHORT: Mapping[str, Message] = {
    "project.stage": Message("stage", about="fact name"),
    "project.lead": Message("project manager", about="fact name"),
    "project.sponsor": Message("sponsor", about="fact name"),
    "project.program": Message("program", about="fact name"),
    "project.start": Message("planned start", about="fact name"),
    "project.finish": Message("planned finish", about="fact name"),
    "project.percent_reported": Message("reported percent complete", about="fact name"),
    "project.slip_days": Message("finish variance", about="fact name"),
    "project.slip_percent": Message("finish variance in percent", about="fact name"),
    "project.weeks_remaining": Message("weeks remaining", about="fact name"),
    "project.standard_version": Message("version followed", about="fact name"),
    "plan.items": Message("items", about="fact name"),
    "plan.milestones": Message("milestones", about="fact name"),
    "plan.overdue": Message("overdue items", about="fact name"),
    "plan.without_owner": Message("open items without an owner", about="fact name"),
    "plan.without_due": Message("open items without a due date", about="fact name"),
    "plan.unknown": Message("items of unknown status", about="fact name"),
    "plan.work_hours": Message("work", about="fact name"),
    "plan.percent_done_work": Message("done work", about="fact name"),
    "plan.percent_complete": Message("percent complete", about="fact name"),
    "plan.longest_task_days": Message("longest task", about="fact name"),
    "plan.titles": Message("titles of the items", about="fact name"),
    "report.age_days": Message("age of the last report", about="fact name"),
    "report.on_time": Message("report on time", about="fact name"),
    "cost.currency": Message("currency", about="fact name"),
    "cost.budget": Message("budget", about="fact name"),
    "cost.actual": Message("spent so far", about="fact name"),
    "cost.forecast": Message("expected at completion", about="fact name"),
    "cost.spent_percent": Message("share spent", about="fact name"),
    "cost.overrun_percent": Message("budget overrun", about="fact name"),
    "tool.kind": Message("kind of tool", about="fact name"),
    "tool.version": Message("version of the tool", about="fact name"),
    "tool.fields": Message("fields of the tool", about="fact name"),
    "tool.statuses": Message("statuses of the tool", about="fact name"),
    "field": Message("fields of the office", about="fact name"),
    "gates": Message("gates passed", about="fact name"),
    "attested": Message("attestations", about="fact name"),
}
"""By path; the last three are whole roots with the offices' own names."""
GATE = Message("gate {name}")
ATTESTED = Message("attestation: {name}")


def short_name(path: str, language: Language = ENGLISH) -> str:
    """The fact in a few words: `currency` for `cost.currency`, `gate G2` for `gates.G2`."""
    if path in SHORT:
        return language.message(SHORT[path])
    root, name = path.partition(".")[0], plain_name(path)
    if root == "gates":
        return language.message(GATE, name=name)
    return language.message(ATTESTED, name=name) if root == "attested" else name
