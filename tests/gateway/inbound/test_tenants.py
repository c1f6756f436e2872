"""F23: of ten offices' sources none proves another one's message, and none acts for an office beside its own."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from itertools import product

import pytest

from config.messages import KINDS
from domain.organization.actions import Permission
from domain.organization.office import Person, Role
from domain.organization.webhooks import SCHEMES, Source
from gateway.app import Gateway
from gateway.inbound import asking
from tests.domain import builders
from tests.gateway.conftest import BUSINESS, Client, bearer, message, rows, run
from tests.gateway.inbound.test_receiving import ISSUE
from tests.gateway.inbound.test_verify import signed

LEADER = "hq"
OFFICES = (LEADER, "aveiro", "bergen", "cork", "dakar", "evora", "faro", "genova", "hamar", "izmir")
OF_NOBODY = ("sweep.requested", "report.requested")
"""What names no office: it judges or reports the network as it stands, and the table lets every source ask for it."""
OF_LEADER = ("standard.published", "rollout.requested", "steering.requested")
"""What names no office and concerns the one that leads."""


def secret(scheme: str, office: str) -> bytes:
    """An office's own secret, as the scheme writes it."""
    own = f"{office}: a secret of this office alone".encode()
    return b"whsec_" + base64.b64encode(own) if scheme == "standard-webhooks" else own


def variable(scheme: str, office: str) -> str:
    return f"{office}_{scheme}_SECRET".replace("-", "_").upper()


@pytest.fixture(autouse=True)
def offices(application, monkeypatch) -> None:
    """Ten offices: each has a head, and for each scheme a source that acts for that office alone."""
    organization = application.organization
    for office, scheme in product(OFFICES, SCHEMES):
        monkeypatch.setenv(variable(scheme, office), secret(scheme, office).decode())
        proves = scheme in BUSINESS
        source = Source(f"{office}-{scheme}", scheme, (variable(scheme, office),), per_minute=100_000)
        may = {"may": frozenset(KINDS), "offices": frozenset({office})} if proves else {"tool": "tracker"}
        organization.sources[source.id] = replace(source, **may)
    for office in OFFICES:
        organization.people[head(office)] = Person(head(office), office.title())
        roles = dict.fromkeys(Role, (head(office),))
        before = organization.offices.get(office) or builders.office(office, LEADER)
        organization.offices[office] = replace(before, roles=roles)


def head(office: str) -> str:
    return f"{office}-head"


def crossed(gateway: Gateway, scheme: str) -> Mapping[tuple[str, str], int]:
    """What each office's source is answered on a body signed with each office's secret, by the two offices."""
    body = message(why=scheme) if scheme in BUSINESS else ISSUE
    signs = {
        office: [*signed(scheme, body, secret(scheme, office)), (b"content-type", b"application/json")]
        for office in OFFICES
    }

    async def sent() -> dict[tuple[str, str], int]:
        async with Client(gateway) as client:
            return {
                (signer, at): (await client.post(f"{at}-{scheme}", body, signs[signer])).status_code
                for signer, at in product(OFFICES, OFFICES)
            }

    return run(sent())


def wrongly_taken(answers: Mapping[tuple[str, str], int]) -> set[tuple[str, str]]:
    """The pairs of two offices that were not refused."""
    return {pair for pair, status in answers.items() if pair[0] != pair[1] and status not in (401, 403)}


@pytest.mark.parametrize("scheme", sorted(SCHEMES))
def test_what_one_office_s_secret_signs_is_refused_by_every_other_office_s_source(gateway, scheme) -> None:
    answers = crossed(gateway, scheme)
    assert len(answers) == len(OFFICES) ** 2
    assert wrongly_taken(answers) == set()
    assert {answers[office, office] for office in OFFICES} == {202}
    assert rows(gateway.application) == len(OFFICES)


def test_the_control_a_row_that_names_another_office_s_secret_too_is_found_out(gateway) -> None:
    sources = gateway.application.organization.sources
    own = sources["cork-hmac"]
    sources["cork-hmac"] = replace(own, secrets=(*own.secrets, variable("hmac", "bergen")))
    assert wrongly_taken(crossed(gateway, "hmac")) == {("bergen", "cork")}


def about(kind: str, office: str) -> bytes:
    """A message of the kind that concerns the office, in the name of its head."""
    concerned = {"office": office, "project": f"{office}/P-1", "person": head(office)}
    fields = KINDS[kind].shape.model_fields
    return message(kind, **{name: value for name, value in concerned.items() if name in fields})


def acted(
    gateway: Gateway, kinds: Iterable[str], concerned: Callable[[str], Iterable[str]]
) -> dict[tuple[str, str, str], int]:
    """What each office's source is answered on a message of each kind for each office that is concerned."""

    async def sent() -> dict[tuple[str, str, str], int]:
        async with Client(gateway) as client:
            return {
                (office, other, kind): (
                    await client.post(
                        f"{office}-bearer",
                        about(kind, other),
                        bearer(f"{kind}-{other}", secret("bearer", office)),
                    )
                ).status_code
                for kind, office in product(kinds, OFFICES)
                for other in concerned(kind)
            }

    return run(sent())


def concerned_by(kind: str) -> Iterable[str]:
    """The offices that a message of a kind may concern."""
    return (LEADER,) if kind in OF_LEADER else OFFICES


def others(answers: Mapping[tuple[str, str, str], int]) -> set[int]:
    """What was answered where the source is another office's than the one concerned."""
    return {status for (office, other, _), status in answers.items() if office != other}


def test_a_source_acts_for_no_office_that_its_row_does_not_name_whatever_it_asks_for(gateway) -> None:
    kinds = sorted(set(KINDS) - set(OF_NOBODY))
    answers = acted(gateway, kinds, concerned_by)
    assert others(answers) == {403}
    assert {
        kind for (office, other, kind), status in answers.items() if office == other and status == 202
    } == set(kinds)


def test_what_names_no_office_every_office_s_source_may_ask_for(gateway) -> None:
    answers = acted(gateway, OF_NOBODY, lambda _: (LEADER,))
    assert set(answers.values()) == {202}


def test_the_control_a_gateway_that_does_not_ask_the_table_is_found_out(gateway, monkeypatch) -> None:
    monkeypatch.setattr(asking, "permit", lambda *_: Permission())
    assert 202 in others(acted(gateway, ["directive.issued"], concerned_by))
