"""Tables for Prefect's artifacts: ids and counts only; it refuses names, people and texts.

Prefect's pages know no users, so what stands there may be read by anybody who can open them.
"""

from __future__ import annotations

from typing import TypeAlias

from domain.reporting.rollout_report import RolloutReport
from domain.reporting.sweep_report import Report

Table: TypeAlias = list[dict[str, str | int]]


def groups_table(report: Report) -> Table:
    """Projects per bucket or band; the counts add up to the projects."""
    return [{"group": str(group), "projects": count} for group, count in report.counts.items()]


def offices_table(report: Report) -> Table:
    """Offices by id, worst first, with their projects per bucket or band."""
    table: Table = []
    for line in report.offices:
        row: dict[str, str | int] = {"office": line.id, "projects": line.total}
        row.update({str(group): line.counts[group] for group in report.counts})
        row["stale"] = "yes" if line.state is not None and line.state.stale else ""
        row["unreadable"] = len(line.unreadable)
        table.append(row)
    return table


def waves_table(report: RolloutReport) -> Table:
    """Waves by number, with their counts."""
    return [
        {
            "wave": line.plan.number,
            "state": str(line.state),
            "members": line.members,
            "counted": line.count.members,
            "settled": line.count.settled,
            "waiting": line.count.waiting,
            "late": line.count.late,
            "failed": line.count.failed,
        }
        for line in report.waves
    ]


def causes_table(report: Report) -> Table:
    """Changes since the sweep before, by cause."""
    causes = sorted({str(change.cause) for change in report.changes})
    return [{"cause": cause, "changes": sum(c.cause == cause for c in report.changes)} for cause in causes]


def summary(report: Report, link: str) -> str:
    """The sentence, the offices and the link to the report, as Markdown; the link is of our own making."""
    head = report.heading
    read, stale = len(report.read), ", ".join(f"`{line.id}`" for line in report.stale)
    offices = f"{read - len(report.stale)} of {read} offices read{f'; stale: {stale}' if stale else ''}"
    lines = [
        f"**{head.standard} {head.version}**, as of {head.as_of}. {offices}.",
        str(report.sentence),
        f"[Open the report]({link})",
        markdown(offices_table(report)),
        f"Ledger head `{head.ledger_head or 'none'}`"
        + (f" (entry {head.ledger_entry})" if head.ledger_entry else ""),
    ]
    return "\n\n".join(lines)


def markdown(table: Table) -> str:
    """The table in Markdown; empty for no rows."""
    if not table:
        return ""
    names = list(table[0])
    rows = [names, ["---"] * len(names), *([str(row[name]) for name in names] for row in table)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
