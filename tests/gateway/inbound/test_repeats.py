"""A message whose id nobody signed comes once a day, to whichever gateway, and an inbox holds what it may."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
from dataclasses import replace
from datetime import timedelta

import pytest

from config.messages import KINDS
from domain.messages.inbox import EVERYTHING, MessageState
from domain.organization.webhooks import Source
from gateway.inbound.dispatch import Dispatcher
from gateway.inbound.hooks import OfficeHooks
from gateway.inbound.receiving import Receiving
from tests.gateway.conftest import KEY, NOW, Client, application_of, bearer, message, rows, run
from tests.gateway.inbound.test_dispatch import SECOND, Clock
from tests.gateway.inbound.test_overflow import offices_read, still, waiting
from tests.gateway.inbound.test_receiving import genuine

FULL = {
    "system": Source(
        "system",
        "bearer",
        ("KEY_SECRET",),
        may=frozenset(KINDS),
        per_minute=100_000,
        megabytes=1,
        offices=frozenset({"hq"}),
    ),
    "hooks": Source("hooks", "redmine", ("KEY_SECRET",), tool="tracker", per_minute=100_000, megabytes=1),
}
"""Sources that may have a megabyte in the inbox."""


def signed(scheme: str, identity: str, body: bytes) -> dict[str, str]:
    """The headers of a sender that signs its id."""
    stamp = str(int(NOW.timestamp()))
    if scheme == "hmac":
        proof = hmac.digest(KEY, f"{stamp}.{identity}.".encode() + body, hashlib.sha256).hex()
        headers = {
            "x-interoffice-id": identity,
            "x-interoffice-timestamp": stamp,
            "x-interoffice-signature": f"sha256={proof}",
        }
    else:
        proof = base64.b64encode(
            hmac.digest(KEY, f"{identity}.{stamp}.".encode() + body, hashlib.sha256)
        ).decode()
        headers = {"webhook-id": identity, "webhook-timestamp": stamp, "webhook-signature": f"v1,{proof}"}
    return {"content-type": "application/json", **headers}


def large(number: int, size: int = 400_000) -> bytes:
    """A business message of that size."""
    return message(why=f"reason {number}").ljust(size)


def test_a_body_that_comes_again_under_an_unsigned_id_is_known_for_a_day_and_starts_nothing(
    tmp_path, shelf
) -> None:
    told = []
    for hours in (0, 23, 25):
        application = application_of(tmp_path, NOW + timedelta(hours=hours))

        async def sent(application=application, hours=hours):
            async with Client(still(application)) as client:
                return [await client.post("bearer", message(), bearer(f"{hours}-{n}")) for n in range(3)]

        told += run(sent())
        work = Dispatcher(
            application.store, application.organization.sources, OfficeHooks(application), shelf, Clock()
        )
        run(work.round())
        application.store.close()
    assert [each.status_code for each in told] == [202, 200, 200, 200, 200, 200, 202, 200, 200]
    first, second = told[0].json()["id"], told[6].json()["id"]
    assert [each.json()["id"] for each in told] == [first] * 6 + [second] * 3
    assert [each["message"] for each in shelf.of("answer-message")] == [first, second]


@pytest.mark.parametrize("scheme", ["hmac", "standard-webhooks"])
def test_the_same_body_under_another_signed_id_is_another_message(application, scheme) -> None:
    async def sent():
        async with Client(still(application)) as client:
            bodies = [(message(), f"m-{n}") for n in (1, 2, 1)]
            return [await client.post(scheme, body, signed(scheme, name, body)) for body, name in bodies]

    assert [each.status_code for each in run(sent())] == [202, 202, 200]
    assert rows(application) == 2


def test_an_event_by_headers_is_known_by_its_body_and_one_whose_id_is_in_its_body_by_both(
    application,
) -> None:
    plain = {"authorization": bearer()["authorization"]}
    data = json.dumps(dict(KINDS["sweep.requested"].example))
    said = {"specversion": "1.0", "source": "/a", "type": "sweep.requested"}

    async def sent():
        async with Client(still(application)) as client:
            told = []
            for name in ("e-1", "e-2"):
                headers = {f"ce-{key}": text for key, text in {**said, "id": name}.items()}
                told.append(
                    await client.post(
                        "bearer", data.encode(), {**plain, "content-type": "application/json", **headers}
                    )
                )
            for name in ("e-3", "e-4"):
                whole = json.dumps({**said, "id": name, "data": json.loads(data)}).encode()
                told.append(
                    await client.post(
                        "bearer", whole, {**plain, "content-type": "application/cloudevents+json"}
                    )
                )
            return [each.status_code for each in told]

    assert run(sent()) == [202, 200, 202, 202]


async def from_many(application):
    """One body under a hundred ids to two gateways at once."""
    async with Client(still(application)) as one, Client(still(application)) as two:
        return await asyncio.gather(
            *((one if n % 2 else two).post("bearer", message(), bearer(f"m-{n}")) for n in range(100))
        )


def assert_once(told, stored: int) -> None:
    assert stored == 1
    assert len({each.json()["id"] for each in told}) == 1
    assert sorted(each.status_code for each in told) == [200] * 99 + [202]


def test_one_body_under_a_hundred_ids_to_two_gateways_at_once_is_one_row(application) -> None:
    assert_once(run(from_many(application)), rows(application))


def test_the_control_a_gateway_that_takes_every_id_for_signed_is_found_out(application, monkeypatch) -> None:
    posted = Receiving._posted

    async def signed(*given):
        return replace(await posted(*given), signed=True)

    monkeypatch.setattr(Receiving, "_posted", signed)
    told = run(from_many(application))
    assert rows(application) == 100
    with pytest.raises(AssertionError):
        assert_once(told, rows(application))


def test_a_system_whose_inbox_is_full_is_told_so_before_anything_is_stored_and_bodies_let_go_make_room(
    tmp_path,
) -> None:
    application = application_of(tmp_path, **FULL)

    async def sent():
        async with Client(still(application)) as client:
            told = [await client.post("system", large(n), bearer(f"m-{n}")) for n in (1, 2, 3, 1)]
            stored, figures = rows(application), (await client.http.get("/metrics")).text
            with application.store.begin() as unit:
                for each in unit.inbox.newest(9):
                    unit.inbox.moved(each, MessageState.STARTED)
                unit.inbox.let_go(NOW + SECOND)
                unit.commit()
            return told, stored, figures, await client.post("system", large(3), bearer("m-3"))

    told, stored, figures, after = run(sent())
    application.store.close()
    assert [each.status_code for each in told] == [202, 202, 429, 200]
    assert int(told[2].headers["retry-after"]) > 60
    assert "`megabytes`" in told[2].json()["error"]
    assert stored == 2
    assert 'interoffice_inbox_bytes{source="system"} 800000.0' in figures
    assert 'interoffice_inbox_bytes_limit{source="system"} 1e+06' in figures
    assert 'interoffice_inbox_full_total{source="system"} 1.0' in figures
    assert after.status_code == 202


def test_two_gateways_at_once_take_no_more_of_a_source_than_it_may(tmp_path) -> None:
    application = application_of(tmp_path, **FULL)

    async def sent():
        async with Client(still(application)) as one, Client(still(application)) as two:
            return await asyncio.gather(
                *(
                    (one if n % 2 else two).post("system", large(n, 90_000), bearer(f"m-{n}"))
                    for n in range(40)
                )
            )

    told = [each.status_code for each in run(sent())]
    assert (told.count(202), told.count(429)) == (11, 29)
    with application.store.read() as unit:
        assert unit.inbox.sizes() == {"system": 11 * 90_000}
    application.store.close()


def test_hints_of_a_tool_whose_inbox_is_full_are_taken_and_leave_one_reading_of_its_offices(
    tmp_path, shelf
) -> None:
    application = application_of(tmp_path, **FULL)
    bodies = [
        json.dumps({"type": "issue.updated", "data": {"issue": {"id": 10**9}}, "n": n}).encode()
        for n in range(9)
    ]

    async def sent():
        async with Client(still(application)) as client:
            return [
                await client.post("hooks", body.ljust(300_000), genuine("redmine", body.ljust(300_000)))
                for body in bodies
            ]

    told = run(sent())
    assert [each.status_code for each in told] == [202] * 9
    assert [each.json()["state"] for each in told] == ["stored"] * 3 + ["coalesced"] * 6
    assert len(waiting(application)) == 1
    with application.store.read() as unit:
        assert unit.inbox.sizes() == {"hooks": 900_000 + len(EVERYTHING)}

    assert offices_read(application, shelf) == ["oslo", "porto"]
    application.store.close()
