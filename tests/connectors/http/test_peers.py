"""Only the tool itself is called: not its neighbors, not this machine, and nothing that pretends to be it."""

import datetime as dt
import ipaddress
import json
import shutil
import socket
import ssl
import subprocess
import sys
import warnings
from pathlib import Path

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from connectors.errors import OutcomeUnknown, Refused, ToolError, TryLater
from connectors.http.client import Answered, Call
from connectors.http.peers import Peers
from tests.connectors.http.hostile import (
    CHANGING,
    LOOPBACK,
    NAMES,
    PRIVATE,
    PUBLIC,
    WRITTEN,
    NameServer,
    number_of,
)
from tests.connectors.http.loopback import TOKEN, Sentinel, Tool, said, speaking

ROOT = Path(__file__).parents[3]
UNSHARE = shutil.which("unshare")
LINUX = (
    UNSHARE is not None
    and subprocess.run([UNSHARE, "-rn", "true"], check=False, capture_output=True).returncode == 0
)
GOOD = ["93.184.216.34", "8.8.8.8", "1.1.1.1", "2606:4700::1111", "2a00:1450:4001:82a::200e", "::ffff:8.8.8.8", "64:ff9b::808:808"]  # fmt: skip


@pytest.mark.servers
@pytest.mark.skipif(not LINUX, reason="needs `unshare -rn`: a network of its own")
@pytest.mark.skipif(shutil.which("ip") is None, reason="needs `ip`")
def test_no_byte_reaches_any_target_that_is_not_the_tool_in_a_network_where_all_of_them_listen():
    """Every spelling of loopback, private and metadata addresses, as the tool's address and as a redirect."""
    done = subprocess.run(
        [UNSHARE, "-rn", sys.executable, "tests/connectors/http/hostile.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    told = json.loads(done.stdout)
    changing = {host: told.pop(host) for host in CHANGING}
    ways = sum(len(found["guarded"]) + len(found["led"]) for found in told.values())
    assert len(told) >= 70
    assert ways >= 300
    assert {host: found for host, found in told.items() if any(found["guarded"]) or any(found["led"])} == {}
    # The control: a client that permits everything, and one that follows redirects, do reach them.
    assert sum(any(found["open"]) for found in told.values()) >= 65
    assert sum(any(found["followed"]) for found in told.values()) >= 60
    # A name whose answer changes leads to the address that was looked at, and nowhere else.
    for host, found in changing.items():
        assert [PUBLIC] in found["guarded"], host
        assert all(place in ([PUBLIC], []) for place in found["guarded"]), host
    misled = [
        host
        for host, found in changing.items()
        if any(place not in ([PUBLIC], []) for place in found["looked at once"])
    ]
    assert len(misled) == 3


def tried(base, **options):
    """How a call to such a tool ends."""
    try:
        with speaking(base, timeout=(1, 0.5), **options) as http:
            return http.get("/latest/meta-data")
    except ToolError as error:
        return error


@pytest.fixture
def names(monkeypatch):
    """A name server of our own."""
    server = NameServer()
    monkeypatch.setattr(socket, "getaddrinfo", server)
    return server


@pytest.fixture
def sentinel():
    with Sentinel("127.0.0.1", "::1") as one:
        yield one


@pytest.mark.usefixtures("names")
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_this_machine_is_not_connected_to_however_it_is_written(sentinel, scheme):
    here = [
        *LOOPBACK,
        *(name for name in WRITTEN if name not in NAMES or not NAMES[name][0].startswith("169")),
    ]
    for host in here:
        assert isinstance(tried(f"{scheme}://{host}:{sentinel.port}", allow=[]), Refused), host
    assert sentinel.connects == 0
    reached = 0
    for host in filter(lambda host: "ffff" not in host and "both" not in host, here):  # the tests' own guard
        before = sentinel.bytes
        tried(f"{scheme}://{host}:{sentinel.port}", allow=["0.0.0.0/0", "::/0"])
        reached += sentinel.bytes > before
    assert reached >= 22


@pytest.mark.usefixtures("names")
@pytest.mark.parametrize("host", [*PRIVATE, "metadata.google.internal"])
def test_a_private_address_is_refused_before_a_connection_and_the_way_out_named(host):
    """A connection to it would end the test: nothing but loopback may be reached here."""
    for scheme in ("http", "https"):
        refusal = tried(f"{scheme}://{host}:8080", allow=["127.0.0.0/8", "other.example"])
        assert isinstance(refusal, Refused)
        assert "allow" in refusal.text


def test_a_name_is_asked_for_once_for_each_connection_and_that_answer_is_connected_to(
    sentinel, names, monkeypatch
):
    monkeypatch.setitem(CHANGING, "tool.example", [["127.0.0.1"], ["::1"]])
    with speaking(f"http://tool.example:{sentinel.port}", allow=["tool.example"]) as http:
        http.get("/x")
        http.get("/y")
    assert names.asked["tool.example"] == 1
    assert sentinel.places == {"127.0.0.1"}


def test_the_peer_is_looked_at_again_when_it_is_connected(sentinel, names, monkeypatch):
    """As if the network had led the connection elsewhere than to the address that was looked at."""

    class Elsewhere(socket.socket):
        def connect(self, _):
            super().connect(("127.0.0.1", sentinel.port))

    monkeypatch.setattr(socket, "socket", Elsewhere)
    monkeypatch.setitem(NAMES, "tool.example", [PUBLIC])
    assert isinstance(tried("https://tool.example", allow=[]), Refused)
    assert sentinel.bytes == 0
    assert names.asked["tool.example"] == 1
    monkeypatch.setattr(Peers, "check", lambda *_, **__: None)  # the control
    tried("https://tool.example", allow=[])
    assert sentinel.bytes > 0


@pytest.mark.usefixtures("names")
def test_an_address_with_a_user_in_it_is_refused_without_showing_it(sentinel):
    for base in (
        f"http://tool.example@127.0.0.1:{sentinel.port}",
        f"http://tool.example:443@127.0.0.1:{sentinel.port}",
        f"http://{TOKEN}@[::1]:{sentinel.port}",
    ):
        refusal = tried(base)
        assert isinstance(refusal, Refused)
        assert TOKEN not in refusal.text
        assert "tool.example" not in refusal.text
    assert sentinel.connects == 0


@pytest.mark.usefixtures("names")
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_never_followed_whoever_it_leads_to(sentinel, status):
    for host in ("127.0.0.1", "[::1]", "localhost", "0x7f.1", "127.0.0.2@127.0.0.1"):
        target = f"http://{host}:{sentinel.port}/x"
        with Tool(said(status, headers={"Location": target}), host="127.0.0.2") as tool:
            for call in (Call("GET", "/x"), Call("POST", "/x", json={}, creates=True)):
                with speaking(tool) as http, pytest.raises(Answered) as refusal:
                    http.call(call)
                assert refusal.value.status == status
            assert len(tool.requests) == 2
            assert sentinel.connects == 0
            requests.get(tool.url, timeout=5)  # the control
            assert sentinel.connects == 1
            sentinel.connects = 0


# What may be reached


@pytest.mark.parametrize("address", GOOD)
def test_a_public_address_is_permitted_when_nobody_can_read_along(address):
    Peers().check("pmo.example", address)
    with pytest.raises(Refused, match="https"):
        Peers().check("pmo.example", address, secure=False)
    Peers([address]).check("pmo.example", address, secure=False)
    Peers(["pmo.example"]).check("PMO.example.", address, secure=False)


def test_private_peers_are_permitted_by_network_address_or_name():
    for allow in ("10.1.0.0/16", "10.1.2.3", "jira.intern", "JIRA.intern."):
        Peers([allow]).check("jira.intern", "10.1.2.3", secure=False)
    for allow in ("10.2.0.0/16", "10.1.2.4", "intern", "evil-jira.intern", "jira.intern.evil"):
        with pytest.raises(Refused):
            Peers([allow]).check("jira.intern", "10.1.2.3")
    Peers(["fd00::/8"]).check("jira.intern", "fd00::1%eth0")
    Peers(["[::1]"]).check("localhost", "::1", secure=False)


@pytest.mark.parametrize("address", ["169.254.169.254", "fe80::1", "100.100.100.200", "fd00:ec2::254", "192.0.0.192", "::ffff:169.254.169.254", "224.0.0.1", "ff02::1", "0.0.0.0"])  # noqa: S104  # fmt: skip
def test_a_name_alone_never_permits_where_clouds_give_out_credentials(address):
    with pytest.raises(Refused):
        Peers(["jira.intern"]).check("jira.intern", address)
    Peers([address]).check("jira.intern", address)


@pytest.mark.parametrize(
    "entry",
    [
        "",
        ".",
        "10.0.0.0/33",
        "10.1.0.0/16/8",
        "http://jira.intern",
        "jira.intern:8080",
        "*.intern",
        "user@jira",
        "a b",
    ],
)
def test_an_entry_that_is_no_host_and_no_network_is_refused(entry):
    with pytest.raises(ValueError, match="no host"):
        Peers([entry])


@given(st.ip_addresses(v=4), st.sampled_from(["", "::ffff:", "64:ff9b::", "::"]))
def test_an_address_within_an_address_is_judged_by_both(inner, prefix):
    """No wrapping makes a private address public."""
    if not inner.is_private and not inner.is_multicast and not inner.is_reserved:
        inner = ipaddress.ip_address(int(inner) & 0x00FF_FFFF | 0x0A00_0000)
    with pytest.raises(Refused):
        Peers().check("pmo.example", f"{prefix}{inner}")


@given(st.ip_addresses(v=6))
def test_no_address_makes_the_guard_fail(address):
    try:
        Peers().check("pmo.example", str(address))
    except Refused:
        return
    assert address.is_global or address.ipv4_mapped or address in ipaddress.ip_network("64:ff9b::/96")


def test_the_notations_of_numbers_are_those_of_the_c_library():
    """The name server of these tests is no weaker than the real one."""
    for host in ("127.0.0.1", "::1"):
        assert socket.getaddrinfo(host, 80)[0][4][0] == number_of(host)


# Certificates


class Authority:
    """Who signs certificates, made for one test run."""

    def __init__(self, folder):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.folder, self.name = (
            folder,
            x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Office CA")]),
        )
        self.file = folder / "ca.pem"
        self.file.write_bytes(self._signed(self.name, self.key.public_key(), [], 30, ca=True))

    def _signed(self, subject, key, hosts, days, *, ca=False, by=None):
        now = dt.datetime.now(dt.UTC)
        made = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(days=60))
            .not_valid_after(now + dt.timedelta(days=days))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        )
        if ca:
            usage = dict.fromkeys(
                (
                    "content_commitment",
                    "key_encipherment",
                    "data_encipherment",
                    "key_agreement",
                    "encipher_only",
                    "decipher_only",
                ),
                False,
            )
            made = made.add_extension(
                x509.KeyUsage(digital_signature=True, key_cert_sign=True, crl_sign=True, **usage),
                critical=True,
            )
        if hosts:
            names = [
                x509.IPAddress(ipaddress.ip_address(host)) if host[0].isdigit() else x509.DNSName(host)
                for host in hosts
            ]
            made = made.add_extension(x509.SubjectAlternativeName(names), critical=False)
        return made.sign(by or self.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)

    def context(self, name, *hosts, days=30, own=False):
        """A server's side with a certificate for those hosts; `own`: signed by itself."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
        secret = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        file = self.folder / f"{name}.pem"
        file.write_bytes(
            secret + self._signed(subject, key.public_key(), hosts, days, by=key if own else None)
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("certificates"))


def test_a_certificate_of_the_companys_own_authority_is_accepted_where_it_is_named(authority):
    with Tool(context=authority.context("good", "127.0.0.1")) as tool:
        reply = tried(tool.url, ca=str(authority.file))
        assert reply.status == 200
        assert len(tool.requests) == 1


def requests_without_looking(url):
    """The status that a client gets which accepts every certificate."""
    with warnings.catch_warnings(action="ignore"):
        return requests.get(url, verify=False, timeout=5).status_code  # noqa: S501 - the control


@pytest.mark.parametrize(
    ("name", "hosts", "given"),
    [
        ("selfsigned", ["127.0.0.1"], {"own": True}),
        ("wrong", ["other.example"], {}),
        ("expired", ["127.0.0.1"], {"days": -1}),
    ],
)
def test_a_certificate_that_is_not_the_tools_is_refused_and_nothing_is_sent(authority, name, hosts, given):
    for ca in (None, str(authority.file)):
        with Tool(context=authority.context(name, *hosts, **given)) as tool:
            refusal = tried(tool.url, ca=ca)
            assert type(refusal) is Refused
            assert "certificate" in refusal.text
            assert tool.requests == []
            assert requests_without_looking(tool.url) == 200  # the control
            assert len(tool.requests) == 1


def test_no_variable_of_the_machine_adds_an_authority(authority, monkeypatch):
    for variable in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"):
        monkeypatch.setenv(variable, str(authority.file))
    with Tool(context=authority.context("machine", "127.0.0.1")) as tool:
        assert type(tried(tool.url)) is Refused
        assert tool.requests == []
        assert requests.get(tool.url, timeout=5).status_code == 200  # the control


def test_a_create_is_not_unknown_when_the_secure_connection_fails(authority):
    with (
        Tool(context=authority.context("create", "127.0.0.1")) as tool,
        speaking(tool) as http,
        pytest.raises(Refused),
    ):
        http.call(Call("POST", "/x", json={}, creates=True))
    with (
        Tool() as tool,
        speaking(tool.url.replace("http", "https"), timeout=(0.2, 0.2)) as http,
        pytest.raises(TryLater),
    ):
        http.call(Call("POST", "/x", json={}, creates=True))


def test_an_answer_that_is_lost_over_tls_leaves_a_create_unknown(authority):
    def cut(line):
        line.unwrap().close()

    with (
        Tool(cut, context=authority.context("cut", "127.0.0.1")) as tool,
        speaking(tool, ca=str(authority.file)) as http,
    ):
        with pytest.raises(OutcomeUnknown):
            http.call(Call("POST", "/x", json={}, creates=True))
        assert len(tool.requests) == 1


# The machine's own settings


def test_proxies_of_the_machine_are_not_used(sentinel, monkeypatch):
    for variable in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(variable, f"http://127.0.0.1:{sentinel.port}")
        monkeypatch.setenv(variable.lower(), f"http://127.0.0.1:{sentinel.port}")
    monkeypatch.setenv("NO_PROXY", "")
    monkeypatch.setenv("no_proxy", "")
    with Tool() as tool:
        assert tried(tool.url).status == 200
        assert (len(tool.requests), sentinel.connects) == (1, 0)
        requests.get(tool.url, timeout=5)  # the control
        assert (len(tool.requests), sentinel.connects) == (1, 1)


def test_credentials_of_the_machine_are_not_sent(tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password fish-and-chips\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    with Tool() as tool:
        with speaking(tool, auth=dict) as http:
            http.get("/x")
        requests.get(tool.url, timeout=5)  # the control
        ours, control = (b"Authorization: Basic" in request for request in tool.requests)
    assert (ours, control) == (False, True)
