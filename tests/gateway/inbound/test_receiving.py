"""Incoming messages: proved, understood, stored once, answered; and one that is refused leaves no row."""

from __future__ import annotations

import gzip
import json
import logging
import os
import random
import string
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pydantic import ConfigDict

from config import envelope
from config.messages import KINDS
from config.wiring import FixedClock
from domain.messages.inbox import HINT, MessageState
from domain.organization.webhooks import SCHEMES, Source
from gateway.app import gateway_of
from gateway.guard import HEADERS
from gateway.inbound.verify import SCHEMES as CHECKED
from tests.gateway.conftest import (
    BUSINESS,
    KEY,
    NOW,
    OF_HQ,
    SECRETS,
    Client,
    Shelf,
    application_of,
    bearer,
    message,
    rows,
    run,
    secret_name,
)
from tests.gateway.inbound.test_verify import forged, is_genuine, signed
from tests.protected import PROTECTED

MAY_BE_EMPTY = {
    ("steering.requested", "subject"),
    ("standard.published", "person"),
    ("deviation.requested", "project"),
    ("objection.raised", "terms"),
}
MAY_HAVE_LINES = {
    ("deviation.requested", "terms"),
    ("feedback.raised", "terms"),
    ("objection.raised", "terms"),
    *(("directive.issued", field) for field in ("text", "addressees", "terms")),
}
AFTER = SECRETS["NEW_SECRET"].encode()
TOOLS = sorted(set(SCHEMES) - set(BUSINESS))
ISSUE = json.dumps({"type": "issue.updated", "data": {"issue": {"id": 7}}}).encode()


def of_hq(kind: str, example: Mapping[str, Any]) -> bytes:
    """A published example about what concerns hq, which its system may ask for."""
    return json.dumps({**example, "data": {**example["data"], **OF_HQ.get(kind, {})}}).encode()


def genuine(scheme: str, body: bytes) -> dict[str, str]:
    headers = {name.decode(): value.decode() for name, value in signed(scheme, body)}
    return {"content-type": "application/json", **headers}


def test_the_files_and_the_verifier_name_the_same_schemes() -> None:
    assert set(SCHEMES) == set(CHECKED)


@pytest.mark.parametrize("scheme", sorted(SCHEMES))
def test_a_genuine_message_is_stored_once_and_always_answered_alike(gateway, scheme) -> None:
    body = message() if scheme in BUSINESS else ISSUE

    async def sent():
        async with Client(gateway) as client:
            return [await client.post(scheme, body, genuine(scheme, body)) for _ in range(3)]

    first, *again = run(sent())
    assert (first.status_code, first.json()["state"]) == (202, "stored")
    assert {(each.status_code, each.json()["state"]) for each in again} == {(200, "known")}
    assert len({each.json()["id"] for each in (first, *again)}) == 1
    with gateway.application.store.read() as unit:
        (stored,) = unit.inbox.newest(5)
    assert stored.body == body
    assert stored.kind == ("sweep.requested" if scheme in BUSINESS else HINT)


@pytest.mark.parametrize("scheme", sorted(SCHEMES))
def test_of_five_hundred_forged_and_malformed_messages_none_comes_in_and_none_breaks_anything(
    gateway, scheme
) -> None:
    chance = random.Random(scheme)

    async def sent():
        async with Client(gateway) as client:
            told = []
            for _ in range(500):
                headers, body = forged(scheme, chance)
                if is_genuine(scheme, headers, body):
                    headers = []
                headers = [*headers, (b"content-type", b"application/json")]
                told.append((await client.post(scheme, body, headers)).status_code)
            return told

    answers = run(sent())
    assert len(answers) == 500
    assert {status // 100 for status in answers} == {4}
    assert rows(gateway.application) == 0


def test_the_control_a_verifier_that_lets_all_through_is_found_out(gateway, monkeypatch) -> None:
    from gateway.inbound import receiving
    from gateway.inbound.verify import Message

    monkeypatch.setattr(
        receiving, "verify", lambda _scheme, _secrets, _headers, body, _now: Message(body, "x")
    )

    async def sent():
        async with Client(gateway) as client:
            return await client.post("bearer", message(), bearer(secret=b"wrong"))

    assert run(sent()).status_code == 202


def test_a_stranger_learns_nothing_of_which_sources_there_are(gateway) -> None:
    async def sent():
        async with Client(gateway) as client:
            return [
                await client.post(source, message(), bearer(secret=b"wrong"))
                for source in ("bearer", "nobody")
            ]

    known, unknown = run(sent())
    assert (known.status_code, known.content) == (unknown.status_code, unknown.content)
    assert known.status_code == 401


@pytest.mark.parametrize("unset", [("KEY_SECRET",), ("KEY_SECRET", "NEW_SECRET")])
def test_a_secret_that_is_not_set_is_a_refusal_also_for_an_empty_one(application, monkeypatch, unset) -> None:
    rotating = Source("rotating", "bearer", ("KEY_SECRET", "NEW_SECRET"), may=frozenset(KINDS))
    application.organization.sources["rotating"] = rotating
    for name in unset:
        monkeypatch.delenv(name)

    async def sent(secret):
        async with Client(gateway_of(application, Shelf())) as client:
            return (await client.post("rotating", message(), bearer(secret=secret))).status_code

    assert run(sent(b"")) == 401
    assert run(sent(KEY)) == 401
    assert run(sent(AFTER)) == (401 if "NEW_SECRET" in unset else 202)


@pytest.mark.parametrize(
    ("scheme", "short"),
    [
        ("standard-webhooks", "whsec_"),
        ("standard-webhooks", "whsec_c2hvcnQ="),
        ("standard-webhooks", "no base64 at all"),
        ("azure-devops", "a-long-name-of-a-user:"),
        *((name, "fifteen letters") for name in sorted(set(SCHEMES) - {"standard-webhooks", "azure-devops"})),
    ],
)
def test_a_secret_that_is_too_short_counts_as_missing_and_its_variable_is_named(
    application, monkeypatch, caplog, scheme, short
) -> None:
    for name in ("KEY_SECRET", "STANDARD_SECRET", "PAIR_SECRET"):
        monkeypatch.setenv(name, short)
    body = message()
    proof = signed(scheme, body, short.encode()) if short != "no base64 at all" else signed(scheme, body)
    headers = [*proof, (b"content-type", b"application/json")]

    async def sent():
        async with Client(gateway_of(application, Shelf())) as client:
            return await client.post(scheme, body, headers)

    assert run(sent()).status_code == 401
    assert rows(application) == 0
    named = [vars(record) for record in caplog.records if record.getMessage() == "no secret"]
    assert [each["variable"] for each in named] == [secret_name(scheme)]
    assert short not in str(named) or short == "whsec_"


def test_a_secret_of_bytes_that_are_no_text_is_what_was_set(application, monkeypatch) -> None:
    monkeypatch.setenv("KEY_SECRET", os.fsdecode(b"\xff" * 20))
    headers = [(b"x-interoffice-token", b"\xff" * 20), (b"content-type", b"application/json")]

    async def sent():
        async with Client(gateway_of(application, Shelf())) as client:
            return (await client.post("azure-devops-header", ISSUE, headers)).status_code

    assert run(sent()) == 202


def test_while_a_secret_is_replaced_the_old_and_the_new_one_are_taken(application) -> None:
    rotating = Source("rotating", "bearer", ("KEY_SECRET", "NEW_SECRET"), may=frozenset(KINDS))
    application.organization.sources["rotating"] = rotating
    gateway = gateway_of(application, Shelf())

    async def sent():
        async with Client(gateway) as client:
            return [
                (
                    await client.post("rotating", message(why=f"reason {n}"), bearer(str(n), secret))
                ).status_code
                for n, secret in enumerate((KEY, AFTER, b"another"))
            ]

    assert run(sent()) == [202, 202, 401]


def test_a_source_may_start_what_its_row_names_and_an_empty_row_is_nothing(gateway) -> None:
    async def sent():
        async with Client(gateway) as client:
            return [
                (await client.post(source, message(kind), bearer(f"{source}{kind}"))).status_code
                for source in ("few", "nothing", "bearer")
                for kind in ("sweep.requested", "standard.published")
            ]

    assert run(sent()) == [202, 403, 403, 403, 202, 202]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_field_that_nobody_declared_is_refused_whatever_it_is_called(gateway, kind) -> None:
    declared = set(KINDS[kind].shape.model_fields)
    planted = [name for name in PROTECTED if name not in declared]

    async def sent():
        async with Client(gateway) as client:
            told = []
            for name in planted:
                for body in (
                    message(kind, **{name: "x"}),
                    message(kind, **{name: {"__prefect_kind": "jinja", "template": "{{ 7*7 }}"}}),
                    json.dumps({**json.loads(message(kind)), name: "x"}).encode(),
                ):
                    told.append(await client.post("bearer", body, bearer(f"{kind}{len(told)}")))
            fine = await client.post("bearer", message(kind), bearer("fine"))
            return told, fine

    told, fine = run(sent())
    assert {each.status_code for each in told} == {422}
    assert all("unknown field" in each.json()["error"] for each in told)
    assert not any("7*7" in each.text for each in told)
    assert fine.status_code == 202
    assert rows(gateway.application) == 1


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_the_control_a_shape_that_lets_other_fields_in_is_found_out(gateway, monkeypatch, kind) -> None:
    class Lax(KINDS[kind].shape):
        model_config = ConfigDict(extra="ignore")

    monkeypatch.setitem(KINDS, kind, replace(KINDS[kind], shape=Lax))
    with pytest.raises(AssertionError, match="202"):
        test_a_field_that_nobody_declared_is_refused_whatever_it_is_called(gateway, kind)


def test_the_control_an_envelope_that_lets_other_fields_in_is_found_out(gateway, monkeypatch) -> None:
    class Lax(envelope.PlainShape):
        model_config = ConfigDict(extra="ignore")

    monkeypatch.setattr(envelope, "PlainShape", Lax)
    with pytest.raises(AssertionError, match="202"):
        test_a_field_that_nobody_declared_is_refused_whatever_it_is_called(gateway, "sweep.requested")


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_field_of_another_type_is_refused_with_its_place(gateway, kind) -> None:
    wrong = (
        7,
        None,
        True,
        [],
        {},
        {"$ref": "#/x"},
        {"__prefect_kind": "json", "value": "1"},
        "",
        "a\nb",
        "x" * 9999,
    )
    cases = [
        message(kind, **{name: value})
        for name in KINDS[kind].shape.model_fields
        for value in wrong
        if not (value == "" and (kind, name) in MAY_BE_EMPTY)
        and not (value == "a\nb" and (kind, name) in MAY_HAVE_LINES)
    ]

    async def sent():
        async with Client(gateway) as client:
            return [await client.post("bearer", body, bearer(str(n))) for n, body in enumerate(cases)]

    told = run(sent())
    assert {each.status_code for each in told} == {422}
    assert all("data." in each.json()["error"] for each in told)
    assert rows(gateway.application) == 0


def cloud_event(**changes) -> bytes:
    said = {
        "specversion": "1.0", "id": "e-1", "source": "/boards/1", "type": "sweep.requested",
        "data": dict(KINDS["sweep.requested"].example), "traceparent": "00-x", **changes,
    }  # fmt: skip
    return json.dumps(said).encode()


STRUCTURED = {"content-type": "application/cloudevents+json; charset=utf-8"}
BINARY = {"ce-specversion": "1.0", "ce-id": "e-2", "ce-source": "/boards/1", "ce-type": "sweep.requested"}


def test_a_cloudevent_comes_in_whole_or_by_headers_and_its_id_tells_it_apart(gateway) -> None:
    plain = {"authorization": bearer()["authorization"]}
    data = json.dumps(dict(KINDS["sweep.requested"].example)).encode()
    cases = [
        (cloud_event(), {**plain, **STRUCTURED}, 202),
        (cloud_event(), {**plain, **STRUCTURED}, 200),
        (cloud_event(id="e-3"), {**plain, **STRUCTURED}, 202),
        (data, {**plain, **BINARY, "content-type": "application/json"}, 202),
        (data, {**plain, **BINARY, "content-type": "application/json"}, 200),
        (cloud_event(data={"why": 7}), {**plain, **STRUCTURED}, 422),
        (cloud_event(specversion="0.3"), {**plain, **STRUCTURED}, 422),
        (cloud_event(data_base64="eA=="), {**plain, **STRUCTURED}, 422),
        (cloud_event(type="party.requested"), {**plain, **STRUCTURED}, 422),
    ]

    async def sent():
        async with Client(gateway) as client:
            return [(await client.post("bearer", body, headers)).status_code for body, headers, _ in cases]

    assert run(sent()) == [status for _, _, status in cases]


CONTROLS = ("a\0b", "a\nb", "\x1b[2J", "a\x7f", "a\x85b", "a\u2028b", "\t")


@pytest.mark.parametrize("text", [*CONTROLS, ""])
@pytest.mark.parametrize("name", ["id", "source", "type", "time", "subject"])
def test_a_control_character_in_what_a_cloudevent_says_of_itself_is_refused(gateway, name, text) -> None:
    plain = {"authorization": bearer()["authorization"]}
    data = json.dumps(dict(KINDS["sweep.requested"].example)).encode()
    by_headers = [(b"authorization", plain["authorization"].encode()), (b"content-type", b"application/json")]
    said = {**BINARY, f"ce-{name}": text}
    by_headers += [(key.encode(), value.encode()) for key, value in said.items()]

    async def sent():
        async with Client(gateway) as client:
            whole = await client.post("bearer", cloud_event(**{name: text}), {**plain, **STRUCTURED})
            return [
                whole,
                *([await client.post("bearer", data, by_headers)] if name in ("id", "source") else []),
            ]

    told = run(sent())
    assert {each.status_code for each in told} == {422}
    assert all(f"{name}: " in each.json()["error"] for each in told)
    assert rows(gateway.application) == 0


def test_two_events_whose_sources_and_ids_run_together_are_two(gateway) -> None:
    plain = {"authorization": bearer()["authorization"]}

    async def sent():
        async with Client(gateway) as client:
            return [
                (
                    await client.post("bearer", cloud_event(source=a, id=b), {**plain, **STRUCTURED})
                ).status_code
                for a, b in (("/a", "b c"), ("/a b", "c"))
            ]

    assert run(sent()) == [202, 422]


@pytest.mark.parametrize(
    ("scheme", "identity"),
    [
        ("github", "X-GitHub-Delivery"),
        ("bearer", "Idempotency-Key"),
        ("jira-cloud", "X-Atlassian-Webhook-Identifier"),
    ],
)
def test_a_control_character_in_the_id_of_a_delivery_is_refused(gateway, scheme, identity) -> None:
    body = message() if scheme in BUSINESS else ISSUE
    proof = {n: v for n, v in genuine(scheme, body).items() if n.lower() != identity.lower()}

    async def sent():
        async with Client(gateway) as client:
            return [
                await client.post(
                    scheme,
                    body,
                    [*((n.encode(), v.encode()) for n, v in proof.items()), (identity.encode(), text)],
                )
                for text in (b"a\0b", b"a\nb", b"a b", b"\x7f", b"\xff", b"x" * 257)
            ]

    assert {each.status_code for each in run(sent())} == {401}
    assert rows(gateway.application) == 0


@pytest.mark.parametrize("scheme", ["standard-webhooks", "hmac"])
def test_headers_that_the_signature_does_not_cover_say_nothing(gateway, scheme) -> None:
    data = json.dumps(dict(KINDS["sweep.requested"].example)).encode()

    async def sent():
        async with Client(gateway) as client:
            return await client.post(scheme, data, {**genuine(scheme, data), **BINARY})

    told = run(sent())
    assert told.status_code == 422
    assert "not covered" in told.json()["error"]


def test_the_same_id_with_another_content_is_refused_and_the_first_stays(gateway) -> None:
    async def sent():
        async with Client(gateway) as client:
            return [
                (await client.post("bearer", message(why=why), bearer("one"))).status_code
                for why in ("the first", "another one", "the first")
            ]

    assert run(sent()) == [202, 409, 200]
    assert rows(gateway.application) == 1


def test_one_message_a_hundred_times_after_a_restart_and_a_month_is_one_row(tmp_path) -> None:
    answers = []
    for at in (NOW, NOW + timedelta(minutes=1), NOW + timedelta(days=30)):
        application = application_of(tmp_path, at)

        async def sent(application=application):
            async with Client(gateway_of(application, Shelf())) as client:
                return [await client.post("bearer", message(), bearer("same")) for _ in range(100)]

        answers += run(sent())
        with application.store.begin() as unit:
            unit.inbox.let_go(at + timedelta(days=1))
            unit.commit()
        application.store.close()
    assert len({each.json()["id"] for each in answers}) == 1
    assert [each.status_code for each in answers].count(202) == 1
    assert rows(application_of(tmp_path)) == 1


HOSTILE = {
    "ten megabytes": (b'{"type":"' + b"x" * 10_000_000 + b'"}', {}, 413),
    "ten thousand deep": (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, {}, 422),
    "a hundred thousand keys": (
        b'{"type":"sweep.requested","data":{' + b",".join(b'"k%d":1' % n for n in range(80_000)) + b"}}", {}, 422,
    ),
    "huge numbers": (b'{"type":"sweep.requested","data":{"why":' + b"9" * 100_000 + b"}}", {}, 422),
    "no number": (b'{"type":"sweep.requested","data":{"why":NaN}}', {}, 422),
    "half of a text": (b'{"type":"sweep.req', {}, 422),
    "no UTF-8": (b'{"type":"\xff\xfe"}', {}, 422),
    "half of a pair": (b'{"type":"sweep.requested","data":{"why":"\\ud800 why"}}', {}, 422),
    "nothing": (b"", {}, 422),
    "a list": (b"[]", {}, 422),
    "packed": (gzip.compress(b"0" * 10_000_000), {"content-encoding": "gzip"}, 415),
    "a form": (b"payload=%7B%7D", {"content-type": "application/x-www-form-urlencoded"}, 422),
}  # fmt: skip


@pytest.mark.parametrize(("body", "more", "status"), HOSTILE.values(), ids=HOSTILE)
def test_what_is_too_much_is_refused_and_said(gateway, body, more, status) -> None:
    async def sent():
        async with Client(gateway) as client:
            return await client.post("bearer", body, {**bearer(), **more})

    told = run(sent())
    assert told.status_code == status
    assert told.json()["error"]
    assert len(told.content) < 2000
    assert rows(gateway.application) == 0


NO_FINITE = (b'{"n":1e400}', b'[{"a":[0,-1e999]}]', b"NaN", b"[Infinity]", b'{"n":-Infinity}')


@pytest.mark.parametrize("body", [b"<html>", b"", b"[" * 100_000, b'{"a":' * 5000, b"\xff", *NO_FINITE])
def test_a_hint_that_is_no_json_is_refused_at_the_gateway(gateway, body) -> None:
    async def sent():
        async with Client(gateway) as client:
            return await client.post("github", body, genuine("github", body))

    assert run(sent()).status_code == 422


def test_who_sends_too_much_waits_and_others_do_not(application) -> None:
    gateway = gateway_of(application, Shelf())

    async def sent():
        async with Client(gateway) as client:
            told = [await client.post("few", message(why=f"reason {n}"), bearer(str(n))) for n in range(4)]
            return told, await client.post("bearer", message(), bearer("other"))

    told, other = run(sent())
    assert [each.status_code for each in told] == [202, 202, 429, 429]
    assert int(told[-1].headers["retry-after"]) >= 1
    assert other.status_code == 202


def test_a_store_that_cannot_be_written_is_said_and_the_message_is_asked_for_again(
    gateway, monkeypatch
) -> None:
    from store.errors import Busy
    from store.inbox import Inbox

    def broken(_self, *_):
        raise Busy("held")

    async def sent():
        async with Client(gateway) as client:
            with monkeypatch.context() as patched:
                patched.setattr(Inbox, "receive_all", broken)
                first = await client.post("bearer", message(), bearer())
            return first, await client.post("bearer", message(), bearer())

    first, second = run(sent())
    assert (first.status_code, first.headers["retry-after"]) == (503, "5")
    assert second.status_code == 202


def test_many_at_once_are_each_answered_by_their_own_row(gateway) -> None:
    import asyncio

    async def sent():
        async with Client(gateway) as client:
            return await asyncio.gather(
                *(client.post("bearer", message(why=f"reason {n}"), bearer(f"m-{n}")) for n in range(300))
            )

    told = run(sent())
    assert {each.status_code for each in told} == {202}
    assert len({each.json()["id"] for each in told}) == rows(gateway.application) == 300


def test_nothing_of_a_message_and_no_secret_is_logged(gateway, caplog) -> None:
    caplog.set_level("DEBUG")
    canary = "".join(random.Random(7).choices(string.ascii_letters, k=24))

    async def sent():
        async with Client(gateway) as client:
            await client.post("bearer", message(why=canary), bearer())
            await client.post("bearer", message(**{canary: canary}), bearer("two"))
            await client.post("bearer", message(), bearer(secret=canary.encode()))
            await client.post("few", message("standard.published", why=canary), bearer("three"))

    run(sent())
    ours = [record for record in caplog.records if record.name.startswith("interoffice")]
    assert len(ours) >= 3
    assert not any(canary in str(vars(record)) for record in ours)


def test_each_kind_is_published_with_a_schema_that_its_example_fits_and_a_page(gateway) -> None:
    import jsonschema

    async def asked():
        async with Client(gateway) as client:
            docs = await client.http.get("/docs")
            described = (await client.http.get("/openapi.json")).json()
            schemas = {name: (await client.http.get(f"/schemas/{name}.json")).json() for name in KINDS}
            taken = [
                (
                    await client.post("bearer", of_hq(name, schemas[name]["examples"][0]), bearer(name))
                ).status_code
                for name in KINDS
            ]
            missing = (await client.http.get("/schemas/party.json")).status_code
            return docs, described, schemas, taken, missing

    docs, described, schemas, taken, missing = run(asked())
    assert missing == 404
    assert set(taken) == {202}
    for name, schema in schemas.items():
        jsonschema.Draft202012Validator.check_schema(schema)
        (example,) = schema["examples"]
        jsonschema.validate(example, schema)
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({**example, "data": {**example["data"], "status": "approved"}}, schema)
        assert name in docs.text
    assert set(described["components"]["schemas"]) == set(KINDS)
    assert "<script" not in docs.text
    assert "default-src 'none'" in docs.headers["content-security-policy"]


def test_figures_are_for_this_machine_and_health_for_all_that_may_ask(application) -> None:
    async def asked(host):
        async with Client(gateway_of(application, Shelf(away=True)), host) as client:
            await client.post("bearer", message(), bearer(host))
            return [await client.http.get(path) for path in ("/metrics", "/health", "/ready", "/docs")]

    here = run(asked("127.0.0.1:8420"))
    assert [each.status_code for each in here] == [200] * 4
    assert 'interoffice_messages{state="waiting"} 1.0' in here[0].text
    assert 'interoffice_webhooks_total{outcome="new",source="bearer"} 1.0' in here[0].text


FORWARDED = ("X-Forwarded-For", "X-Forwarded-Host", "x-forwarded-proto", "Forwarded", "X-Real-IP", "Via")


@pytest.mark.parametrize(
    ("peer", "headers"),
    [("192.0.2.7", {}), ("::2", {}), ("", {}), *(("127.0.0.1", {name: "127.0.0.1"}) for name in FORWARDED)],
)
def test_a_proxy_that_rewrites_the_host_or_another_machine_sees_no_figures_and_may_send(
    gateway, peer, headers
) -> None:
    async def asked():
        async with Client(gateway, peer=peer) as client:
            figures = [await client.http.get(path, headers=headers) for path in ("/metrics", "/metrics/")]
            return figures, await client.post("bearer", message(), {**bearer(), **headers})

    figures, sent = run(asked())
    assert [each.status_code for each in figures] == [403, 403]
    assert all("interoffice_" not in each.text for each in figures)
    assert sent.status_code == 202


def test_what_breaks_is_a_guarded_500_and_one_line_of_json_without_anything_of_it(
    gateway, monkeypatch, capsys
) -> None:
    from gateway import logs
    from gateway.inbound import receiving

    def broken(*_given):
        raise RuntimeError(f"{KEY.decode()} in {message()!r}")

    logger = logging.getLogger("interoffice.gateway")
    monkeypatch.setattr(logger, "handlers", [])
    monkeypatch.setattr(logger, "propagate", logger.propagate)
    monkeypatch.setattr(receiving, "kind_of", broken)
    logs.begin()

    async def sent():
        async with Client(gateway) as client:
            return await client.post("bearer", message(), bearer())

    told = run(sent())
    assert (told.status_code, told.text) == (500, "Something went wrong here.\n")
    assert set(HEADERS.items()) <= set(told.headers.raw)
    (line,) = capsys.readouterr().err.splitlines()
    said = json.loads(line)
    assert (said["level"], said["event"], said["status"]) == ("error", "broken", 500)
    assert said["why"].startswith("RuntimeError at test_receiving.py:")
    assert KEY.decode() not in line


def test_how_many_wait_is_told_without_those_that_were_dealt_with(application) -> None:
    states = [MessageState.STARTED, MessageState.NOTED, MessageState.IGNORED, *[MessageState.PARKED] * 2]

    async def asked():
        async with Client(gateway_of(application, Shelf(away=True))) as client:
            told = [await client.post("bearer", message(why=f"reason {n}"), bearer(str(n))) for n in range(8)]
            with application.store.begin() as unit:
                for each, state in zip(told, states, strict=False):
                    unit.inbox.moved(unit.inbox.get(each.json()["id"]), state)
                unit.commit()
            return (await client.http.get("/ready")).json()

    told = run(asked())
    assert {name: told[name] for name in ("status", "waiting", "parked")} == {
        "status": "ok", "waiting": 3, "parked": 2,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("host", "answers"),
    [
        ("pmo.example", [421, 200, 200, 200]),
        ("elsewhere.example", [421] * 4),
        ("pmo.example.evil", [421] * 4),
    ],
)
def test_under_its_given_name_the_gateway_shows_no_figures_and_under_others_nothing(
    application, shelf, host, answers
) -> None:
    gateway = gateway_of(application, shelf)

    async def asked():
        async with Client(gateway, host) as client:
            return [
                (await client.http.get(p)).status_code for p in ("/metrics", "/health", "/ready", "/docs")
            ]

    assert run(asked()) == answers


def test_the_machine_s_clock_judges_a_stamp_and_not_the_sample_s(tmp_path) -> None:
    application = application_of(tmp_path, NOW + timedelta(days=400))
    object.__setattr__(application, "clock", FixedClock(NOW))
    body = message()

    async def sent():
        async with Client(gateway_of(application, Shelf())) as client:
            return (await client.post("hmac", body, genuine("hmac", body))).status_code

    assert run(sent()) == 401
