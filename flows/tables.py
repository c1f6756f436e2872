"""The tables that runs leave in Prefect, headed in words; counts and ids only.

Prefect's pages know no users: refuses names of projects and people, texts, and the tools' own words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TypeAlias

from domain.delivery.held import REMEDIES
from domain.outcomes.distributing import PlanDistributed
from domain.outcomes.network import FilledPack, Swept
from domain.outcomes.rollouts import Simulated
from domain.outcomes.templates import PlanCaptured
from domain.outcomes.updating import PlansUpdated
from domain.questions.needed_facts import FactGap
from domain.reporting.shown import shown
from domain.words import counted
from tasks.delivering import Delivered
from tasks.reading import OfficeRead

Table: TypeAlias = list[dict[str, object]]
FATES = ("taken", "kept", "same", "conflict", "dropped")


def of_readings(reads: Iterable[OfficeRead]) -> Table:
    """What was read from the tool of each office."""
    return [
        {
            "Office": read.office,
            "Read": "no" if read.problem else "yes",
            "Projects": read.projects,
            "Tasks and tickets": read.items,
            "Projects changed": read.changed,
            "Answers": read.answers,
            "Not understood": read.unreadable,
        }
        for read in reads
    ]


def of_updates(at: PlansUpdated) -> Table:
    """What an update does to each plan, in counts; a line that says so where there is no plan."""
    return [
        {
            "Plan": each.derivation,
            "State": str(each.state).replace("_", " "),
            "Version": f"{each.before} to {each.version}",
            "Not held": ", ".join(f"{count} {name}" for name, count in each.lost.items()),
            "In another form": ", ".join(f"{count} {name}" for name, count in each.approximated.items()),
            **{fate.title(): each.changes.get(fate, 0) for fate in FATES},
            "New": each.created,
            "Changed": each.changed,
            "Conflicts": each.conflicts,
            "Days later": "" if each.finish is None else each.finish,
            "Contradictions": each.flaws,
            "Costs more": ", ".join(f"{amount} {name}" for name, amount in each.cost.items()),
            "Calls": each.calls,
        }
        for each in at.plans
    ] or [{"Plan": "none", "State": "", "Version": ""}]


def of_certificate(at: PlanDistributed) -> Table:
    """What a tool does not keep of a plan, by field; a line that says so where it keeps all."""
    names = sorted({*at.lost, *at.approximated})
    return [
        {"Field": name, "Lost": at.lost.get(name, 0), "In another form": at.approximated.get(name, 0)}
        for name in names
    ] or [{"Field": "all", "Lost": 0, "In another form": 0}]


def of_deliveries(delivered: Iterable[Delivered]) -> Table:
    """What was written into the tool of each office."""
    return [
        {
            "Office": found.office,
            "Created": found.create,
            "Updated": found.update,
            **_not_written(found),
            "Tool took it": "no" if found.problem else "yes",
        }
        for found in delivered
    ]


def of_foreseen_deliveries(delivered: Iterable[Delivered]) -> Table:
    """What would be written into the tool of each office, with the calls that it takes."""
    return [
        {
            "Office": found.office,
            "To create": found.create,
            "To update": found.update,
            **_not_written(found),
            "Calls to the tool": len(found.calls),
            "Minutes at least": round(found.seconds / 60, 1),
            "Fields kept, approximated, lost": "; ".join(found.holds) or "nothing is wanted there",
            "Tool answered": "no" if found.problem else "yes",
        }
        for found in delivered
    ]


def _not_written(found: Delivered) -> dict[str, object]:
    return {"Already so": found.same, "Held": found.held, "Access not granted": found.not_permitted}


def of_held(delivered: Iterable[Delivered]) -> Table:
    """What is held, by office, kind and cause; the reasons are the tools' own words and stay out."""
    counts = Counter((held.office, held.kind, held.cause) for each in delivered for held in each.holding)
    return [
        {
            "Office": office,
            "Kind": str(kind),
            "Cause": cause.replace("_", " "),
            "How many": count,
            "What to do": REMEDIES[cause].text,
        }
        for (office, kind, cause), count in sorted(counts.items())
    ]


def of_simulation(found: Simulated) -> Table:
    """What the rollout would do to the projects of each office."""
    return [
        {
            "Office": office,
            "Projects": counts.members,
            "Follow it already": counts.follow,
            "May complete under the version before": counts.eligible,
            "May be elected beyond the rule": counts.discretion,
            "Not reported": counts.not_reported,
            "Information would be requested": counts.asked,
            "Action required": counts.must_act,
            "Follow the version before, not this one": counts.flip,
        }
        for office, counts in found.per_office.items()
    ]


def of_effort(found: Simulated) -> Table:
    """Who would have to do what, in work items."""
    return [
        {"Office": each.office, "Role": each.role.replace("_", " "), "Work items": each.items}
        for each in found.effort
    ]


def of_gaps(gaps: Iterable[FactGap]) -> Table:
    """The facts that nothing gives at some offices."""
    rows: Table = [{"Fact": gap.fact, "Nothing gives it at": ", ".join(gap.offices)} for gap in gaps]
    return rows or [{"Fact": "every fact is given", "Nothing gives it at": "no office"}]


def of_sweeps(swept: Swept) -> Table:
    """The projects judged, by version and band."""
    return [
        {"Version": each.version, "Band": shown(band), "How many": count}
        for each in (swept, *swept.others)
        for band, count in each.bands.items()
    ]


def of_packs(packs: Iterable[FilledPack]) -> Table:
    """The report formats that were filled."""
    return [
        {
            "Report format": pack.id,
            "Figures": pack.figures,
            "Not known": pack.gaps,
            "Restated": pack.restated,
        }
        for pack in packs
    ]


def adopted(standings: Mapping[str, int]) -> tuple[float, str]:
    """The share of a rollout's projects that adopted its version, in percent, and the same in words."""
    count, members = standings.get("adopted", 0), sum(standings.values())
    return 100 * count / (members or 1), f"{count} of {counted(members, 'project')} adopted the version"


def of_capture(found: PlanCaptured) -> Table:
    """What was taken out of a plan by kind and by field, and what each check found."""
    rows: list[tuple[str, str, object]] = [("taken out", kind, n) for kind, n in found.stripped.items()]
    rows += [("taken out of", place, n) for place, n in found.places.items()]
    rows += [("check", name.replace("_", " "), said) for name, said in found.checks.items()]
    return [{"What": what, "Of": of, "Found": said} for what, of, said in rows]
