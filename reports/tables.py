"""Tables for Prefect's artifacts: ids and counts only; it refuses names, people and texts.

Prefect's pages know no users, so whoever can open them may read what is there.
"""

from __future__ import annotations

from typing import TypeAlias

from domain.reporting.reading_report import ReadingReport
from domain.reporting.sweep_report import Report
from reports.words import group_label

Table: TypeAlias = list[dict[str, str | int]]


def offices_table(report: Report) -> Table:
    """Offices by id, worst first, with their projects per bucket or band, headed in words."""
    head = report.heading
    labels = {group: group_label(group, head.version, head.old) for group in report.counts}
    table: Table = []
    for line in report.offices:
        row: dict[str, str | int] = {"Office": line.id, "Projects": line.total}
        row.update({label: line.counts[group] for group, label in labels.items()})
        row["Stale"] = "yes" if line.state is not None and line.state.stale else "no"
        row["Not understood"] = len(line.unreadable)
        table.append(row)
    return table


def summary(report: Report, link: str) -> str:
    """The sentence, then the offices and the link to the report, as Markdown; the link is one of ours."""
    head = report.heading
    stale = ", ".join(f"`{line.id}`" for line in report.stale)
    offices = f"{len(report.read)} of {len(report.taking_part)} offices read"
    offices += f"; stale: {stale}" if stale else ""
    lines = [
        f"**{report.sentence}**",
        f"{head.standard} {head.version}, as of {head.as_of}. {offices}.",
        f"[Open the report]({link})",
        markdown(offices_table(report)),
        f"Ledger head `{head.ledger_head or 'none'}`"
        + (f" (entry {head.ledger_entry})" if head.ledger_entry else ""),
    ]
    return "\n\n".join(lines)


def reading_summary(report: ReadingReport, link: str) -> str:
    """What was read of each office, in counts, and the link to the page, as Markdown."""
    table: Table = [
        {
            "Office": office.id,
            "Projects": office.projects,
            "Tasks and tickets": office.items,
            "Fields read": len(office.columns),
            "Empty fields": sum(column.empty for column in office.columns),
            "Not understood": len(office.unreadable),
            "Left out": sum(each.count for each in office.left_out),
        }
        for office in report.offices
    ]
    return "\n\n".join([f"**{report.sentence}**", f"[Open the page]({link})", markdown(table)])


def markdown(table: Table) -> str:
    """The table in Markdown; empty for no rows."""
    if not table:
        return ""
    names = list(table[0])
    rows = [names, ["---"] * len(names), *([str(row[name]) for name in names] for row in table)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
