"""Whether a sweep and a rollout say the same of every project, read from what people read: labels and sentences."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from domain.compliance.network import Network
from domain.compliance.sweep import Sweep
from domain.organization.office import Organization
from domain.reporting.given import Given
from domain.reporting.rollout_report import RolloutReport, rollout_report
from domain.reporting.sweep_report import SweepReport, sweep_report
from domain.rollouts.rollout import Adoption, Member, Rollout, Standing
from domain.standards.standard import Version
from reports.words import group_label

SAME = {"Follow 2.0": "Pass 2.0"}
"""What a rollout says, as a sweep says it; all else that both say is the same words in both."""
ONLY_IN_ROLLOUTS = {"Not bound yet", "Information requested", "Action required", "Late"}
"""What a rollout says besides, of those that a sweep says do not follow."""
OPEN = {"Fail", "Could not be judged", "No rule applies"}


def swept(network: Network, adoptions: Iterable[Adoption], new: Version, old: Version | None) -> Sweep:
    """The sweep of the network as flows make it, with the projects that finish under the old version."""
    spared = frozenset(a.project for a in adoptions if a.standing is Standing.GRANDFATHERED)
    return network.sweep(new, network.swept(sorted(network.plans), new, old, spared), ())


def both(
    organization: Organization,
    sweep: Sweep,
    versions: tuple[Version, ...],
    rollout: Rollout,
    members: tuple[Member, ...],
    adoptions: Iterable[Adoption],
) -> tuple[SweepReport, RolloutReport]:
    """The two reports of one time."""
    given = Given(
        organization=organization,
        leader=next(key for key, office in organization.offices.items() if office.parent is None),
        now=sweep.at,
        sweep=sweep,
        versions=versions,
    )
    return sweep_report(given), rollout_report(given, rollout, members, adoptions)


def differences(by_sweep: SweepReport, by_rollout: RolloutReport) -> Iterator[str]:
    """The projects of which the two say different things, and sentences with different numbers of them."""
    of_sweep = {row.project: group_label(row.group, "2.0", "1.0") for row in by_sweep.rows}
    compared = 0
    for row in by_rollout.rows:
        said, other = group_label(row.group, "2.0", "1.0"), of_sweep.get(row.project)
        if said == "Excluded" or other is None:
            continue
        compared += 1
        if SAME.get(said, said) != other and not (said in ONLY_IN_ROLLOUTS and other in OPEN):
            yield f"{row.project}: the sweep says {other}, the rollout {said}"
    if compared == len(by_sweep.rows) == len(by_rollout.rows):
        for words in ("not reported", "completing under 1.0"):
            numbers = [re.findall(rf"(\d+) [a-z ]*{words}", str(r.sentence)) for r in (by_sweep, by_rollout)]
            if numbers[0] != numbers[1]:
                yield f"{words}: the sweep says {numbers[0]}, the rollout {numbers[1]}"
