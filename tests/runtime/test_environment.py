"""Clients of our own server read one certificate that vouches for nothing; those of another read what they are given."""

import ssl
from datetime import UTC, datetime

import pytest
from cryptography import x509
from prefect.client.orchestration import get_client
from prefect.settings import PREFECT_API_SSL_CERT_FILE, PREFECT_API_URL, temporary_settings

from config.settings import read_settings
from runtime.environment import NO_AUTHORITY, Addresses, clean, environment
from runtime.folder import StateFolder

NAME = "PREFECT_API_SSL_CERT_FILE"


@pytest.fixture
def folder(tmp_path, monkeypatch) -> StateFolder:
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    monkeypatch.delenv(NAME, raising=False)
    return StateFolder(tmp_path / "state")


def test_what_asks_our_own_server_reads_no_certificate_authorities(folder) -> None:
    ours = Addresses("http://127.0.0.1:4200", 4200, 8000)
    assert clean(folder)[NAME] == str(NO_AUTHORITY)
    assert environment(folder, read_settings(), ours)[NAME] == str(NO_AUTHORITY)


@pytest.mark.parametrize("given", ["https://prefect.example.com/api", "http://prefect.example.com/api"])
def test_what_asks_a_server_that_was_named_reads_those_that_were_named(given, folder, monkeypatch) -> None:
    monkeypatch.setenv("PREFECT_API_URL", given)
    theirs = Addresses(given.removesuffix("/api"), None, 8000)
    assert NAME not in clean(folder)
    assert NAME not in environment(folder, read_settings(), theirs)
    monkeypatch.setenv(NAME, "/etc/ours.pem")
    assert clean(folder)[NAME] == "/etc/ours.pem"


def test_the_certificate_vouches_for_nothing() -> None:
    (certificate,) = x509.load_pem_x509_certificates(NO_AUTHORITY.read_bytes())
    assert certificate.not_valid_after_utc < datetime.now(UTC)
    assert certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca is False
    assert certificate.subject == certificate.issuer


def test_each_client_of_prefect_reads_that_certificate_and_no_other(monkeypatch) -> None:
    read, reading = [], ssl.SSLContext.load_verify_locations

    def noted(self: ssl.SSLContext, cafile: object = None, *given: object, **named: object) -> None:
        read.append(cafile)
        reading(self, cafile, *given, **named)

    monkeypatch.setattr(ssl.SSLContext, "load_verify_locations", noted)
    monkeypatch.setattr(ssl.SSLContext, "set_default_verify_paths", lambda _: read.append("the system's"))
    settings = {PREFECT_API_URL: "http://127.0.0.1:9/api", PREFECT_API_SSL_CERT_FILE: str(NO_AUTHORITY)}
    with temporary_settings(settings):
        for sync in (True, False):
            get_client(sync_client=sync)
    assert read == [str(NO_AUTHORITY)] * 2


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("", {"ENABLED": "events,flow_runs", "RETENTION_PERIOD": str(90 * 86_400)}),
        ("retention: {runs: 30}\n", {"ENABLED": "events,flow_runs", "RETENTION_PERIOD": str(30 * 86_400)}),
        ("retention: {runs: forever}\n", {"ENABLED": "events"}),
    ],
)
def test_prefect_s_server_deletes_runs_when_the_organization_keeps_them_no_longer(
    said, kept, folder, tmp_path, monkeypatch
) -> None:
    monkeypatch.setenv("INTEROFFICE_ORGANIZATION", str(tmp_path))
    (tmp_path / "organization.yaml").write_text(f"id: harbor\nname: Harbor\n{said}")
    found = environment(folder, read_settings(), Addresses("http://127.0.0.1:4200", 4200, 8000))
    start = "PREFECT_SERVER_SERVICES_DB_VACUUM_"
    assert {name.removeprefix(start): text for name, text in found.items() if name.startswith(start)} == kept
    theirs = environment(folder, read_settings(), Addresses("http://prefect.example", None, 8000))
    assert not [name for name in theirs if name.startswith(start)]
