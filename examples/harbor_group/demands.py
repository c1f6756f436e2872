"""What 2.0 newly asks for, as an office fills it in: fields, gates, attestations; and its documents' places."""

from __future__ import annotations

from datetime import date

from domain.plans.project import Scalar
from examples.harbor_group.desks import Desk
from examples.harbor_group.plans import chance
from examples.harbor_group.projects import Seed

State = dict[str, Scalar]
"""Values by our names: `finish`, `gate.G1`, `field.risk_register`, `attested.charter.on`."""
RUNNING = ("planning", "execution", "closing")


def link(seed: Seed, name: str) -> str:
    """Where the office keeps that document of a project."""
    return f"https://docs.harbor.example/{seed.key.lower()}/{name.replace('_', '-')}"


def sponsor_of(seed: Seed, desk: Desk) -> str:
    """Who sponsors the project: one of the first two of its office."""
    return desk.names[chance(f"{seed.key}/sponsor").randrange(2)]


def attest(seed: Seed, desk: Desk, subject: str, on: date) -> State:
    """An attestation by the project's sponsor, valid long enough."""
    at = f"attested.{subject}"
    return {
        f"{at}.person": sponsor_of(seed, desk),
        f"{at}.on": desk.working_day(on),
        f"{at}.document": link(seed, subject),
        f"{at}.valid_until": date(max(seed.finish.year, 2027), 12, 31),
    }


def half(seed: Seed, desk: Desk, on: date) -> State:
    """What takes an office longer: attestations, plans, reviews."""
    found: State = {}
    if seed.stage == "execution":
        found["field.procurement_plan"] = link(seed, "procurement_plan")
        found |= attest(seed, desk, "data_protection", on)
    if seed.stage in ("execution", "closing"):
        found |= attest(seed, desk, "benefits_plan", on)
    if seed.stage == "closing":
        found["gate.G3"] = on
        found |= attest(seed, desk, "lessons_review", on)
    return found


def rest(seed: Seed, desk: Desk) -> State:
    """Everything else that 2.0 asks for."""
    names = desk.names
    dice = chance(f"{seed.key}/ready")
    found: State = {"standard_version": "2.0"}
    if seed.stage in RUNNING:
        found["field.risk_register"] = link(seed, "risk_register")
        found["field.change_log"] = link(seed, "change_log")
        found["field.benefits_owner"] = names[dice.randrange(len(names))]
    if seed.stage == "closing":
        found["field.lessons_learned"] = link(seed, "lessons_learned")
        found["field.handover_to"] = names[2 + dice.randrange(len(names) - 2)]
    if seed.stage != "proposed":
        found["sponsor"] = sponsor_of(seed, desk)
    return found
