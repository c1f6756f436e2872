"""The network as our record shows it: rollouts, the newest sweep, and how the offices were read.

Counts and ids only. It judges nothing: what it shows was judged by a sweep, and is of the sweep's time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from config.voting import pending
from config.wiring import Application
from domain.compliance.glossary import is_read
from domain.compliance.sweep import Sweep
from domain.decisions.request import Request
from domain.delivery.held import REMEDIES
from domain.ids import ProjectKey
from domain.organization.office import Organization
from domain.reporting.sentence import Bucket, bucket, rollout_sentence, sweep_sentence
from domain.rollouts.adoption import is_late
from domain.rollouts.carrying import OWNER, carried_forward
from domain.rollouts.rollout import Adoption, Rollout, Standing
from domain.standards.verdict import Result
from runtime.record import Record
from store.unit import Unit
from tasks.network import load_network, office_states, participants
from tasks.versions import newest_of_each

UNPUBLISHED = "No project is bound by a standard yet; the reports say what was read."


@dataclass(frozen=True, slots=True)
class Overview:
    """What the record of an application says of the network."""

    application: Application

    def status(self) -> Mapping[str, object]:
        """Everything that `status --json` prints."""
        written = Record(self.application).written()
        organization, now = self.application.organization, self.application.clock.now()
        taking_part = [office.id for office in participants(organization, now.date())]
        with self.application.store.read() as unit:
            network, sweep = load_network(unit, self.application.rulebook, now), newest(unit)
            states = sweep.offices if sweep else office_states(unit, network)
            return {
                "as_of": now.isoformat().replace("+00:00", "Z"),
                "offices": len(taking_part),
                "offices_read": sum(is_read(state) for state in states),
                "offices_stale": sorted(state.office for state in states if state.stale) if sweep else [],
                "projects": len(network.plans),
                "rollouts": [_rollout(unit, rollout, organization) for rollout in unit.rollouts.all()],
                "sweep": _sweep(sweep),
                "sweeps": [_sweep(each) for each in _newest_of_each(unit, sweep)],
                "held": _held(unit),
                "restricted_and_unknown": _restricted_and_unknown(unit, organization),
                "pending": [_pending(each) for each in pending(unit, organization, now)],
                "last_run": written._asdict(),
            }

    def sentence(self) -> str:
        """The newest rollout, or else the newest sweep, in one sentence."""
        with self.application.store.read() as unit:
            rollouts = unit.rollouts.all()
            if rollouts:
                return self._of_rollout(unit, rollouts[-1])
            sweep = newest(unit)
            if sweep is None:
                return UNPUBLISHED if unit.reports.subjects() else "No project was judged yet."
            version = unit.versions.get(sweep.standard, sweep.version)
            return str(sweep_sentence(sweep.bands, sweep.version, version.previous if version else None))

    def _of_rollout(self, unit: Unit, rollout: Rollout) -> str:
        manifest = rollout.manifest
        sweep = unit.sweeps.latest(manifest.standard, manifest.version)
        now = sweep.at if sweep else self.application.clock.now()
        bands = {judged.project: judged.band for judged in sweep.judged} if sweep else {}
        counts: Counter[Bucket] = Counter()
        due: list[date] = []
        late = 0
        for adoption in unit.adoptions.of(rollout.id):
            office = self.application.organization.offices.get(adoption.office)
            today = office.calendar.local_date(now) if office else now.date()
            found = bucket(adoption, today, bands.get(adoption.project))
            counts[found] += 1
            late += found is Bucket.NOT_REPORTED and is_late(adoption, today)
            if found is Bucket.MUST_ACT and adoption.due:
                due.append(adoption.due)
        version = unit.versions.get(manifest.standard, manifest.version)
        old = version.previous if version else None
        last = max(due, default=None)
        return str(rollout_sentence(counts, manifest.version, old, last, now.date(), late))


def newest(unit: Unit) -> Sweep | None:
    """The newest sweep under any version; None when there was none."""
    found = [unit.sweeps.latest(version.standard, version.version) for version in unit.versions.all()]
    return max((each for each in found if each is not None), key=lambda sweep: sweep.at, default=None)


def _newest_of_each(unit: Unit, first: Sweep | None) -> list[Sweep]:
    """The newest sweep by each standard, `first` before the others."""
    if first is None:
        return []
    on, others = first.at.date(), dict[str, Sweep]()
    for version in newest_of_each(unit, on):
        sweep = unit.sweeps.latest(version.standard, version.version)
        if sweep is not None and version.standard != first.standard:
            others[version.standard] = sweep
    return [first, *others.values()]


def _rollout(unit: Unit, rollout: Rollout, organization: Organization) -> Mapping[str, object]:
    adoptions = unit.adoptions.of(rollout.id)
    counted = Counter(adoption.standing for adoption in adoptions)
    return {
        "id": rollout.id,
        "standard": rollout.manifest.standard,
        "version": rollout.manifest.version,
        "state": str(rollout.state),
        "judged": len(adoptions),
        "adoption": {str(standing): counted[standing] for standing in Standing},
        "carried_forward": [_carried(each, organization) for each in carried_forward(adoptions)],
    }


def _carried(adoption: Adoption, organization: Organization) -> Mapping[str, object]:
    """A member that its wave ended without: who is accountable for it, until when, where it counts now."""
    until, office = adoption.carried_until, adoption.office
    holders = organization.holders(office, OWNER) if office in organization.offices else ()
    return {
        "project": adoption.project,
        "owner": [person.name for person in holders],
        "role": str(OWNER),
        "office": office,
        "wave": adoption.wave,
        "into": adoption.counts_in,
        "until": until.isoformat() if until else None,
    }


def _restricted_and_unknown(unit: Unit, organization: Organization) -> list[str]:
    """Projects that an office's file restricts and that its tools, which were read, do not have."""
    read = {office for office, each in unit.readings.latest().items() if each.ok_at is not None}
    unknown = organization.restricted - unit.plans.digests().keys()
    return sorted(key for key in unknown if ProjectKey.read(key).office in read)


def _pending(request: Request) -> Mapping[str, object]:
    """A decision that waits past its date for the office that decides."""
    due = request.due.isoformat() if request.due else None
    return {"office": request.office, "kind": str(request.kind), "subject": request.subject, "due": due}


def _held(unit: Unit) -> list[Mapping[str, object]]:
    return [
        {
            "office": office,
            "cause": str(cause),
            "things": count,
            "since": since.isoformat(),
            "remedy": REMEDIES[cause].text,
        }
        for (office, cause), (count, since) in unit.held.counts().items()
    ]


def _sweep(sweep: Sweep | None) -> Mapping[str, object]:
    bands: Mapping[Result, int] = sweep.bands if sweep else dict.fromkeys(Result, 0)
    return {
        "standard": sweep.standard if sweep else None,
        "version": sweep.version if sweep else None,
        "judged": len(sweep.judged) if sweep else 0,
        "bands": {str(band): count for band, count in bands.items()},
    }
