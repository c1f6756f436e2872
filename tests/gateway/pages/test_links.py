"""A personal link opens what it was made for, to whom it was made for, until it ends; nothing else opens anything."""

from __future__ import annotations

import asyncio
import base64
import json
import logging
import os
import random
import re
import string
import tempfile
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.middleware import Middleware

from config.keyfile import LENGTH, NAME, link_key
from config.settings import BadSettings
from examples.harbor_group import player
from gateway.guard import Guard
from gateway.pages.indexed import NOT_NOW
from gateway.pages.links import NoLink, Reader, read, sign
from gateway.pages.reports import HOW, OVER, pages
from reports.entries import entry_of
from runtime.folder import StateFolder
from runtime.place import Place
from tests.gateway.conftest import NOW, application_of
from tests.reports import sample
from tests.reports.filed import file_report

KEY, OTHER = b"k" * 32, b"o" * 32
UNTIL = NOW + timedelta(days=14)
PEOPLE_FILE = "people:\n  - {id: ana-reis, name: Ana Reis}\n  - {id: kari-moe, name: Kari Moe}\n"
PEOPLE = frozenset({"ana-reis", "kari-moe"})
ANA = Reader("ana-reis")
ENTRY = entry_of(sample.a_rollout_report(), b"")


@given(
    st.binary(min_size=32, max_size=32),
    st.from_regex(r"[a-z0-9][a-z0-9-]{0,59}", fullmatch=True),
    st.one_of(st.just(""), st.from_regex(r"[a-z]([a-z0-9-]{0,80}[a-z0-9])?", fullmatch=True)),
    st.integers(1, 92),
)
def test_what_was_signed_is_read(key, person, about, days) -> None:
    reader = Reader(person, about)
    token = sign(key, reader, NOW + timedelta(days=days))
    assert read(key, token, NOW, {person}) == reader
    with pytest.raises(NoLink, match="ended"):
        read(key, token, NOW + timedelta(days=days), {person})
    with pytest.raises(NoLink, match="signature"):
        read(key[:-1] + bytes([key[-1] ^ 1]), token, NOW, {person})


def test_it_ends_to_the_second() -> None:
    token = sign(KEY, ANA, UNTIL)
    assert read(KEY, token, UNTIL - timedelta(seconds=1), PEOPLE) == ANA
    with pytest.raises(NoLink, match="ended"):
        read(KEY, token, UNTIL, PEOPLE)


def test_who_left_reads_nothing() -> None:
    token = sign(KEY, ANA, UNTIL)
    with pytest.raises(NoLink, match="none of the organization's"):
        read(KEY, token, NOW, PEOPLE - {"ana-reis"})


def changed(token: str, chance: random.Random) -> str:
    """The token with something else in it."""
    signs = string.ascii_letters + string.digits + "-_.=/+ \n%"
    place = chance.randrange(len(token))
    other = chance.choice(signs)
    return chance.choice(
        [
            token[:place] + other + token[place + 1 :],
            token[:place] + other + token[place:],
            token[:place] + token[place + 1 :],
            token[:place],
            token[place:],
            token[:place] + token[place:].swapcase(),
            token + other,
            other + token,
            token + "." + token,
        ]
    )


def accepted(tokens, original: str, reading=read) -> int:
    """How many of those that are not the original open something; anything but NoLink is an error."""
    count = 0
    for token in tokens:
        if token == original:
            continue
        try:
            reading(KEY, token, NOW, PEOPLE)
        except NoLink:
            continue
        count += 1
    return count


def test_of_ten_thousand_changed_tokens_none_opens_anything() -> None:
    chance = random.Random(20270104)
    token = sign(KEY, Reader("ana-reis", "rollout-delivery-2-0"), UNTIL)
    tokens = [changed(token, chance) for _ in range(10_000)]
    assert sum(each != token for each in tokens) > 9_000
    assert accepted(tokens, token) == 0


def test_of_every_token_with_one_sign_changed_none_opens_anything() -> None:
    token = sign(KEY, ANA, UNTIL)
    signs = string.ascii_letters + string.digits + "-_."
    tokens = [token[:n] + sign + token[n + 1 :] for n in range(len(token)) for sign in signs]
    assert accepted(tokens, token) == 0


def test_the_control_a_reader_that_decodes_the_signature_first_takes_other_spellings() -> None:
    """The last sign of 43 holds two bits that mean nothing: compared as bytes, four spellings are one."""

    def careless(key, token, *_):
        head, payload, _mark = token.split(".")
        exact = sign(key, ANA, UNTIL)
        decoded = [base64.urlsafe_b64decode(each.split(".")[-1] + "=") for each in (token, exact)]
        if (head, payload) != tuple(exact.split(".")[:2]) or decoded[0] != decoded[1]:
            raise NoLink
        return ANA

    token = sign(KEY, ANA, UNTIL)
    tokens = [token[:-1] + each for each in string.ascii_letters + string.digits]
    assert accepted(tokens, token, careless) == 3
    assert accepted(tokens, token) == 0


@pytest.mark.parametrize(
    "forge",
    [
        lambda payload: f"1.{payload}.",
        lambda payload: f"1.{payload}",
        lambda payload: f"0.{payload}.{'A' * 43}",
        lambda payload: f"none.{payload}.{'A' * 43}",
        lambda payload: f"1.{payload}.{'A' * 43}",
        lambda payload: f"1.{payload}.{'A' * 43}\n",
        lambda _payload: "",
        lambda _payload: "." * 200,
        lambda _payload: "1." + "A" * 100_000 + "." + "A" * 43,
        lambda _payload: "1.é.é",
    ],
)
def test_a_token_that_somebody_else_made_is_refused(forge) -> None:
    said = {"person": "ana-reis", "about": "", "until": int(UNTIL.timestamp())}
    payload = base64.urlsafe_b64encode(json.dumps(said).encode()).rstrip(b"=").decode()
    with pytest.raises(NoLink):
        read(KEY, forge(payload), NOW, PEOPLE)


def test_parts_of_two_links_make_no_third() -> None:
    one, two = sign(KEY, Reader("ana-reis", "sweep-a-1"), UNTIL), sign(KEY, Reader("kari-moe"), UNTIL)
    head, _, mark = one.split(".")
    with pytest.raises(NoLink, match="signature"):
        read(KEY, f"{head}.{two.split('.')[1]}.{mark}", NOW, PEOPLE)


@pytest.mark.parametrize("about", ["-", "A", "a b", "../x", "a" * 101, "a\n", "ä"])
def test_no_link_is_made_about_what_no_report_can_be_about(about) -> None:
    with pytest.raises(ValueError, match="nothing that a report is about"):
        sign(KEY, Reader("ana-reis", about), UNTIL)


def test_who_may_read_a_report_is_what_it_is_about_and_not_how_its_file_is_called() -> None:
    entry = replace(ENTRY, slug="sweep-other-1-0-2027-03-29-0123456789ab", about="rollout-delivery-2-0")
    assert Reader("x", "rollout-delivery-2-0").may_read(entry)
    assert Reader("x").may_read(entry)
    for other in (
        "rollout-delivery-2",
        "rollout-delivery",
        "sweep-delivery-2-0",
        "rollout-delivery-2-0-2027",
        "sweep-other-1-0",
    ):
        assert not Reader("x", other).may_read(entry)


def test_the_key_is_made_once_and_is_for_its_owner_only(tmp_path) -> None:
    key = link_key(tmp_path / "state")
    path = tmp_path / "state" / NAME
    assert len(key) == LENGTH
    assert path.stat().st_mode & 0o777 == 0o600
    assert link_key(tmp_path / "state") == key
    assert link_key(tmp_path / "other") != key
    assert [each.name for each in path.parent.iterdir()] == [NAME]


ROOT_ONLY = pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
SERVICE = 54_321


@ROOT_ONLY
def test_the_service_says_that_it_may_not_read_a_key_whose_it_is_and_what_to_do() -> None:
    with tempfile.TemporaryDirectory() as folder:
        state = Path(folder)
        link_key(state)
        state.chmod(0o711)
        os.seteuid(SERVICE)
        try:
            with pytest.raises(BadSettings) as caught:
                link_key(state)
        finally:
            os.seteuid(0)
    said = str(caught.value)
    assert f"it belongs to root and this is {SERVICE} -> give it away, `chown {SERVICE} " in said


def test_many_that_begin_at_once_have_one_key(tmp_path) -> None:
    keys: list[bytes] = []
    gate = threading.Barrier(16)

    def work() -> None:
        gate.wait()
        keys.append(link_key(tmp_path))

    threads = [threading.Thread(target=work) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(keys) == 16
    assert len(set(keys)) == 1


@pytest.mark.parametrize(
    ("content", "mode", "said"),
    [(b"k" * 32, 0o644, "may be read by others"), (b"short", 0o600, "no key"), (b"k" * 33, 0o600, "no key")],
)
def test_a_key_that_others_may_read_or_that_is_none_is_not_used(tmp_path, content, mode, said) -> None:
    path = tmp_path / NAME
    path.write_bytes(content)
    path.chmod(mode)
    with pytest.raises(BadSettings, match=said) as caught:
        link_key(tmp_path)
    assert content.decode() not in str(caught.value)
    assert path.read_bytes() == content


def test_a_state_folder_that_cannot_be_written_is_named(tmp_path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(BadSettings, match="cannot be used"):
        link_key(tmp_path / "file")


class Asked:
    """The pages of an application, asked from this machine or from another one."""

    def __init__(self, tmp_path, *, own: bool = True) -> None:
        application = application_of(tmp_path)
        folder = tmp_path / ("mine" if own else "organization")
        self.people = folder / "people.yaml"
        if own:
            folder.mkdir()
            self.people.write_text(PEOPLE_FILE)
        else:
            player.copy_sample(folder)
        settings = application.settings.model_copy(update={"organization": folder})
        self.application = replace(application, settings=settings)
        self.reports = tmp_path / "reports"
        self.entries = [
            file_report(self.reports, application.store, report)
            for report in (sample.a_rollout_report(), sample.a_sweep_report())
        ]
        self.names = [entry.slug for entry in self.entries]
        guard = Middleware(Guard, public=("http://pmo.example",))
        self.app = Starlette(routes=pages(self.reports, self.application), middleware=[guard])
        self.key = link_key(tmp_path)

    def get(self, path: str, host: str = "127.0.0.1", peer: str = "127.0.0.1", **more: str) -> httpx.Response:
        async def asked() -> httpx.Response:
            transport = httpx.ASGITransport(self.app, client=(peer, 4000))
            async with httpx.AsyncClient(transport=transport, base_url=f"http://{host}") as client:
                return await client.get(path, headers={n.replace("_", "-"): v for n, v in more.items()})

        return asyncio.run(asked())

    def link(self, person="ana-reis", about="", until=UNTIL, key=b"") -> str:
        return f"/to/{sign(key or self.key, Reader(person, about), until)}/"


@pytest.fixture
def own(tmp_path):
    made = Asked(tmp_path)
    yield made
    made.application.store.close()


@pytest.fixture
def played(tmp_path):
    made = Asked(tmp_path, own=False)
    yield made
    made.application.store.close()


def test_reports_of_an_organization_of_ones_own_need_a_link_and_that_is_said(own) -> None:
    for path in ("/", f"/reports/{own.names[0]}", f"/reports/{own.names[0]}.html", "/reports/missing"):
        for host in ("127.0.0.1", "localhost:8420", "pmo.example"):
            answer = own.get(path, host)
            assert answer.status_code == 403
            assert answer.text == HOW
    assert "interoffice link PERSON" in HOW


def test_those_of_the_sample_are_open_on_this_machine_and_nowhere_else(played) -> None:
    page = f"/reports/{played.names[0]}"
    assert played.get("/").status_code == 200
    assert played.get(page).status_code == 200
    for host, peer in (
        ("pmo.example", "127.0.0.1"),
        ("127.0.0.1", "192.0.2.7"),
        ("pmo.example", "192.0.2.7"),
    ):
        assert played.get("/", host, peer).status_code == 403
        assert played.get(page, host, peer).status_code == 403


@pytest.mark.parametrize(
    "header", ["X_Forwarded_For", "X_Forwarded_Host", "X_FORWARDED_PROTO", "Forwarded", "X_Real_IP", "Via"]
)
def test_a_proxy_on_this_machine_that_rewrites_the_host_opens_nothing_of_the_sample(played, header) -> None:
    assert played.get("/", **{header: "127.0.0.1"}).status_code == 403
    assert played.get(f"/reports/{played.names[0]}", **{header: "x"}).status_code == 403
    assert played.get("/").status_code == 200


def test_an_organization_of_ones_own_in_the_sample_s_place_is_not_taken_for_it(played, tmp_path) -> None:
    place = Place(StateFolder(tmp_path), played.application.settings)
    assert place.is_sample
    people = played.people.read_bytes()
    for name in ("organization.yaml", "offices.yaml", "programs.yaml"):
        file = tmp_path / "organization" / name
        original = file.read_bytes()
        file.write_bytes(original + b"# ours\n")
        assert played.get("/").status_code == 403
        assert not place.is_sample
        file.unlink()
        assert played.get("/").status_code == 403
        assert place.is_sample, "a copy that was interrupted is made whole"
        file.write_bytes(original)
    assert played.people.read_bytes() == people
    assert played.get("/").status_code == 200


def test_a_link_opens_the_list_and_its_pages_from_anywhere_and_the_token_stays(own) -> None:
    link = own.link()
    listed = own.get(link, "pmo.example", "192.0.2.7")
    assert listed.status_code == 200
    for name in own.names:
        assert f'href="reports/{name}.html"' in listed.text
        assert own.get(f"{link}reports/{name}.html", "pmo.example", "192.0.2.7").status_code == 200
    assert listed.headers["referrer-policy"] == "no-referrer"
    assert listed.headers["cache-control"] == "no-store"
    assert own.get(f"{link}reports/missing").status_code == 404
    assert own.get(f"{link}reports/..%2f..%2flinks.key").status_code == 404


def test_a_link_about_one_subject_opens_nothing_about_another(own) -> None:
    mine, other = own.names
    link = own.link(about=own.entries[0].about)
    listed = own.get(link).text
    assert mine in listed
    assert other not in listed
    assert own.get(f"{link}reports/{mine}").status_code == 200
    refused = own.get(f"{link}reports/{other}")
    assert refused.status_code == 404
    assert refused.text == own.get(f"{link}reports/missing").text, "nobody learns that it is there"


def test_the_pages_behind_a_report_open_to_whoever_may_read_it_and_to_nobody_else(own) -> None:
    for number, entry in enumerate(own.entries):
        first = own.get(f"{own.link(about=entry.about)}reports/{entry.slug}").text
        (behind,) = {link.partition("/")[0] for link in re.findall(r'href="([^"#]+/[^"]+)"', first)}
        for link in (own.link(), own.link(about=entry.about)):
            page = own.get(f"{link}reports/{behind}/p-2.html", "pmo.example", "192.0.2.7")
            assert page.status_code == 200
            assert own.get(f"{link}reports/{behind}/p-2").content == page.content
            for odd in ("p-999", "..%2f..%2flinks.key", "p-2.txt"):
                assert own.get(f"{link}reports/{behind}/{odd}").status_code == 404, odd
            assert own.get(f"{link}reports/{behind}").status_code == 404
        refused = own.get(f"{own.link(about=own.entries[1 - number].about)}reports/{behind}/p-2")
        assert (refused.status_code, refused.text) == (404, own.get(f"{own.link()}reports/missing").text)
        assert own.get(f"/reports/{behind}/p-2").status_code == 403


def test_an_archive_that_somebody_put_into_the_folder_opens_to_nobody(own) -> None:
    (there, *_) = own.reports.glob("*-pages.zip")
    put = own.reports / f"{own.entries[0].about}-2027-03-02-{'0' * 12}-pages.zip"
    put.write_bytes(there.read_bytes())
    assert own.get(f"{own.link()}reports/{there.stem}/p-2").status_code == 200
    assert own.get(f"{own.link()}reports/{put.stem}/p-2").status_code == 404
    put.unlink()
    put.symlink_to(there)
    assert own.get(f"{own.link()}reports/{put.stem}/p-2").status_code == 404


def test_who_reads_one_subject_sees_of_the_network_only_its_reports(own) -> None:
    everything, one = own.get(own.link()).text, own.get(own.link(about=own.entries[0].about)).text
    offices = {office.name for office in own.application.organization.offices.values()}
    assert [name for name in offices if name in everything], "the control: who reads all sees offices"
    assert not [name for name in offices if name in one]
    assert "Offices, those" in everything
    assert "Offices, those" not in one


def test_a_file_that_somebody_put_into_the_folder_is_not_listed_and_opens_to_nobody(own) -> None:
    mine = (own.reports / f"{own.names[0]}.html").read_bytes()
    put = f"{own.entries[0].about}-2027-03-02-{'0' * 12}"
    (own.reports / f"{put}.html").write_bytes(mine)
    for link in (own.link(), own.link(about=own.entries[0].about)):
        listed = own.get(link)
        assert own.names[0] in listed.text
        assert put not in listed.text
        refused = own.get(f"{link}reports/{put}")
        assert (refused.status_code, refused.text) == (404, own.get(f"{link}reports/missing").text)


def test_a_report_whose_file_is_gone_is_not_listed_until_it_is_there_again(own) -> None:
    link, path = own.link(), own.reports / f"{own.names[0]}.html"
    content = path.read_bytes()
    path.unlink()
    listed = own.get(link)
    assert own.names[0] not in listed.text
    assert "1 report, newest first" in own.get(f"{link}history").text
    assert own.get(f"{link}reports/{own.names[0]}").status_code == 404
    path.write_bytes(content)
    assert "2 reports, newest first" in own.get(f"{link}history").text
    assert own.names[0] in own.get(link).text
    assert own.get(f"{link}reports/{own.names[0]}").content == content


def test_while_the_index_cannot_be_read_nothing_is_handed_out_and_that_is_said(own, caplog) -> None:
    link = own.link()
    (own.reports.parent / "store.db").write_bytes(b"no database" * 100)
    for path in ("", f"reports/{own.names[0]}"):
        answer = own.get(f"{link}{path}")
        assert (answer.status_code, answer.text) == (503, NOT_NOW)
    assert "the index of reports cannot be read" in caplog.text


def test_an_ended_forged_or_foreign_link_opens_nothing_and_is_told_the_same(own, caplog) -> None:
    good = own.link()
    links = [
        own.link(until=NOW), own.link(key=OTHER), own.link(person="nobody"), good[:-2] + "/", "/to/x/",
        good.replace("/to/1", "/to/2"),
    ]  # fmt: skip
    with caplog.at_level(logging.INFO, "interoffice.gateway"):
        answers = [own.get(f"{link}{path}") for link in links for path in ("", f"reports/{own.names[0]}")]
    assert {(answer.status_code, answer.text) for answer in answers} == {(403, OVER)}
    said = "".join(str(vars(record)) for record in caplog.records)
    assert all(link.split("/")[2] not in said for link in links if len(link) > 20)
    assert own.get(good).status_code == 200


def test_a_person_who_leaves_reads_nothing_from_that_moment_while_the_gateway_is_open(own) -> None:
    link = own.link()
    assert own.get(link).status_code == 200
    own.people.write_text("people:\n  - {id: kari-moe, name: Kari Moe}\n")
    assert own.get(link).status_code == 403
    assert own.get(own.link("kari-moe")).status_code == 200
    own.people.write_text("people: {{ broken")
    assert own.get(own.link("kari-moe")).status_code == 403
    own.people.unlink()
    assert own.get(own.link("kari-moe")).status_code == 403


def test_a_new_key_ends_every_link(own, tmp_path) -> None:
    link = own.link()
    (tmp_path / NAME).unlink()
    assert own.get(link).status_code == 403


def test_a_key_that_others_may_read_opens_nothing_and_the_log_says_what_to_do(own, tmp_path, caplog) -> None:
    link = own.link()
    os.chmod(tmp_path / NAME, 0o644)  # noqa: PTH101 - as an operator does it
    assert own.get(link).status_code == 403
    (told,) = [each for each in caplog.records if each.getMessage() == "no link opens anything"]
    assert told.levelname == "ERROR"
    assert "may be read by others -> " in vars(told)["why"]


def test_the_time_of_a_link_is_the_machines_not_the_samples(own) -> None:
    ahead = datetime(2030, 1, 1, tzinfo=UTC)
    assert own.application.machine.now() < ahead
    assert own.get(own.link(until=ahead)).status_code == 200
