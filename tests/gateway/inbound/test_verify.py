"""Who may send messages: published vectors, forgeries by the thousand, time, rotation, and nothing weaker."""

import ast
import base64
import hashlib
import hmac
import inspect
import random
from datetime import UTC, datetime, timedelta

import pytest

from gateway.inbound import verify as module
from gateway.inbound.verify import SCHEMES, Message, Unverified, verify

NOW = datetime(2027, 1, 4, 7, tzinfo=UTC)
KEY, OLD = b"a secret for tests, long enough", b"the secret before, long enough"
PAIR = b"name:a password for tests"
STANDARD = b"whsec_" + base64.b64encode(KEY)
BODY = b'{"zen": "Keep it logically awesome."}'


EXTREMES = [
    b"0", b"000000000000", b"999999999999", b"253402300799", b"253402300800", b"100000000000", b"99999999999",
    b"2147483647", b"2147483648", b"4294967296", b"-1", b"-62135596801", b"1e12", b"1" * 13, b"9" * 400, b"+1", b"1.5",
    b"1_0", b" 1", b"1 ", b"", b"NaN", b"inf", b"0x10", "\u0661\u0662".encode(), b"\xb2",
]  # fmt: skip
"""Stamps at and beyond the edges of what calendars and machines can tell."""


def secret_of(scheme: str) -> bytes:
    return {"standard-webhooks": STANDARD, "azure-devops": PAIR}.get(scheme, KEY)


def signed(
    scheme: str, body: bytes = BODY, secret: bytes | None = None, at: datetime = NOW
) -> list[tuple[bytes, bytes]]:
    """The headers of a genuine sender."""
    secret = secret or secret_of(scheme)
    stamp = str(int(at.timestamp())).encode()

    def digest(kind: str, *parts: bytes) -> bytes:
        return hmac.new(secret, b".".join(parts), kind).hexdigest().encode()

    if scheme == "standard-webhooks":
        raw = base64.b64decode(secret.removeprefix(b"whsec_"))
        made = base64.b64encode(hmac.new(raw, b"msg_1." + stamp + b"." + body, "sha256").digest())
        return [
            (b"webhook-id", b"msg_1"),
            (b"webhook-timestamp", stamp),
            (b"webhook-signature", b"v1," + made),
        ]
    if scheme == "hmac":
        made = b"sha256=" + digest("sha256", stamp, b"m-1", body)
        return [
            (b"X-Interoffice-Id", b"m-1"),
            (b"X-Interoffice-Timestamp", stamp),
            (b"X-Interoffice-Signature", made),
        ]
    return {
        "github": [
            (b"X-Hub-Signature-256", b"sha256=" + digest("sha256", body)),
            (b"X-GitHub-Delivery", b"g-1"),
        ],
        "jira-cloud": [(b"X-Hub-Signature", b"sha256=" + digest("sha256", body))],
        "jira-dc": [(b"X-Hub-Signature", b"sha256=" + digest("sha256", body))],
        "openproject": [(b"X-OP-Signature", b"sha1=" + digest("sha1", body))],
        "redmine": [(b"X-Redmine-Signature-256", b"sha256=" + digest("sha256", body))],
        "azure-devops": [(b"Authorization", b"Basic " + base64.b64encode(secret))],
        "azure-devops-header": [(b"X-Interoffice-Token", secret)],
        "bearer": [(b"Authorization", b"Bearer " + secret), (b"Idempotency-Key", b"b-1")],
    }[scheme]


@pytest.mark.parametrize("scheme", sorted(SCHEMES))
def test_a_genuine_message_comes_in_with_its_bytes(scheme):
    found = verify(scheme, [secret_of(scheme)], signed(scheme), BODY, NOW)
    assert isinstance(found, Message)
    assert found.body == BODY
    assert found.key in (found.id, f"sha256:{hashlib.sha256(BODY).hexdigest()}")


@pytest.mark.parametrize(
    ("scheme", "headers", "body"),
    [
        (
            "github",
            [
                (
                    b"X-Hub-Signature-256",
                    b"sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
                )
            ],
            b"Hello, World!",
        ),
        (
            "jira-cloud",
            [
                (
                    b"X-Hub-Signature",
                    b"sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9",
                )
            ],
            b"Hello World!",
        ),
    ],
)
def test_published_vectors_pass(scheme, headers, body):
    assert verify(scheme, [b"It's a Secret to Everybody"], headers, body, NOW).body == body
    with pytest.raises(Unverified):
        verify(scheme, [b"It's a Secret to Everybody"], headers, body + b" ", NOW)


def test_the_published_vector_of_standard_webhooks_passes_in_its_time():
    headers = [
        (b"webhook-id", b"msg_p5jXN8AQM9LWM0D4loKWxJek"),
        (b"webhook-timestamp", b"1614265330"),
        (b"webhook-signature", b"v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="),
    ]
    secret, body = b"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", b'{"test": 2432232314}'
    at = datetime.fromtimestamp(1614265330, UTC)
    assert verify("standard-webhooks", [secret], headers, body, at).id == "msg_p5jXN8AQM9LWM0D4loKWxJek"
    with pytest.raises(Unverified, match="seconds away"):
        verify("standard-webhooks", [secret], headers, body, NOW)


@pytest.mark.parametrize("scheme", ["standard-webhooks", "hmac"])
@pytest.mark.parametrize(
    ("seconds", "accepted"), [(-301, False), (-300, True), (0, True), (300, True), (301, False)]
)
def test_time_is_kept_on_both_sides(scheme, seconds, accepted):
    headers = signed(scheme, at=NOW + timedelta(seconds=seconds))
    if accepted:
        assert verify(scheme, [secret_of(scheme)], headers, BODY, NOW).at == NOW + timedelta(seconds=seconds)
    else:
        with pytest.raises(Unverified, match="300 seconds"):
            verify(scheme, [secret_of(scheme)], headers, BODY, NOW)


@pytest.mark.parametrize("scheme", sorted(SCHEMES))
def test_a_secret_rotates_through_two_that_count_at_once(scheme):
    new = secret_of(scheme)
    old = {"standard-webhooks": b"whsec_" + base64.b64encode(OLD), "azure-devops": b"name:" + OLD}.get(
        scheme, OLD
    )
    for which in (new, old):
        assert verify(scheme, [new, old], signed(scheme, secret=which), BODY, NOW)
    with pytest.raises(Unverified):
        verify(scheme, [new], signed(scheme, secret=old), BODY, NOW)


@pytest.mark.parametrize("scheme", sorted(SCHEMES))
def test_a_missing_secret_and_a_missing_signature_are_both_refusals(scheme):
    for secrets in ([], [b""], [secret_of(scheme), b""]):
        with pytest.raises(Unverified, match="no secret"):
            verify(scheme, secrets, signed(scheme), BODY, NOW)
    with pytest.raises(Unverified, match="missing"):
        verify(scheme, [secret_of(scheme)], [], BODY, NOW)


def weak(scheme: str, length: int) -> bytes:
    """A secret of which a stranger has to guess that many bytes."""
    key = b"k" * length
    return {
        "standard-webhooks": b"whsec_" + base64.b64encode(key),
        "azure-devops": b"a long name:" + key,
    }.get(scheme, key)


@pytest.mark.parametrize("scheme", sorted(SCHEMES))
def test_a_secret_that_is_too_short_proves_nothing_and_the_shortest_one_does(scheme):
    shortest = 24 if scheme == "standard-webhooks" else 16
    for length in (0, 1, shortest - 1):
        short = weak(scheme, length)
        for secrets in ([short], [secret_of(scheme), short]):
            with pytest.raises(Unverified, match="no secret"):
                verify(scheme, secrets, signed(scheme, secret=short or b"x"), BODY, NOW)
    fine = weak(scheme, shortest)
    assert verify(scheme, [fine], signed(scheme, secret=fine), BODY, NOW).body == BODY


@pytest.mark.parametrize(
    "secret", [b"whsec_", b"whsec_%%%", b"no base64 but long enough for all that", b"\xff" * 40]
)
def test_a_secret_of_standard_webhooks_that_is_no_key_proves_nothing(secret):
    with pytest.raises(Unverified, match="no secret can be used"):
        verify("standard-webhooks", [secret], signed("standard-webhooks"), BODY, NOW)


@pytest.mark.parametrize("scheme", ["standard-webhooks", "hmac"])
@pytest.mark.parametrize("stamp", EXTREMES)
def test_a_stamp_that_is_no_time_is_refused_by_the_one_error_and_before_any_signature(scheme, stamp):
    headers = [
        (name, stamp if name.lower().endswith(b"timestamp") else value) for name, value in signed(scheme)
    ]
    with pytest.raises(Unverified, match="timestamp"):
        verify(scheme, [secret_of(scheme)], headers, BODY, NOW)


@pytest.mark.parametrize("scheme", sorted(SCHEMES))
@pytest.mark.parametrize("other", sorted(SCHEMES))
def test_no_scheme_takes_what_another_one_would(scheme, other):
    secret = secret_of(scheme)
    genuine = {name.lower() for name, _ in signed(scheme)}
    foreign = signed(
        other, secret=secret if other != "standard-webhooks" else b"whsec_" + base64.b64encode(secret)
    )
    if {scheme, other} == {"jira-cloud", "jira-dc"} or scheme == other:
        return
    with pytest.raises(Unverified):
        verify(scheme, [secret], foreign, BODY, NOW)
    assert genuine


def test_an_older_digest_is_never_taken():
    weak = [(b"X-Hub-Signature", b"sha1=" + hmac.new(KEY, BODY, "sha1").hexdigest().encode())]
    for scheme in ("github", "jira-cloud", "jira-dc"):
        with pytest.raises(Unverified):
            verify(scheme, [KEY], weak, BODY, NOW)


def test_one_of_several_signatures_is_enough_and_more_than_ten_are_not_looked_at():
    (identity, stamp, (name, good)) = signed("standard-webhooks")
    assert verify(
        "standard-webhooks", [STANDARD], [identity, stamp, (name, b"v1,xxxx v1a,zzzz " + good)], BODY, NOW
    )
    flood = b" ".join([b"v1,xxxx"] * 10 + [good])
    with pytest.raises(Unverified):
        verify("standard-webhooks", [STANDARD], [identity, stamp, (name, flood)], BODY, NOW)


@pytest.mark.parametrize("scheme", sorted(SCHEMES))
def test_a_header_that_comes_twice_is_refused(scheme):
    headers = signed(scheme)
    with pytest.raises(Unverified, match="twice"):
        verify(scheme, [secret_of(scheme)], [*headers, (headers[0][0].upper(), b"x")], BODY, NOW)


JUNK = [b"", b",", b"v1,", b"v1", b"v1,%%%", b"sha256=", b"sha1=", b"sha256=\xff\xfe", b"\x00", b"NaN", b"inf", b"-1", b"1e9", b"0x10",
        b"9" * 400, "\u0661\u0662".encode(), b"Basic ", b"Basic =", b"Bearer", b"Bearer ", b"v1," + b"A" * 8000, b"{}", b"\r\nX: y"]  # fmt: skip


def stamp(chance: random.Random) -> bytes:
    """A time that is none, or is none of now: one of the extremes, or any number of digits."""
    return chance.choice([*EXTREMES, str(chance.randrange(10 ** chance.randrange(1, 14))).encode()])


def forged(scheme: str, chance: random.Random) -> tuple[list[tuple[bytes, bytes]], bytes]:
    """A message that a genuine sender did not send: one thing of it is changed, cut, doubled or made up."""
    headers, body = [list(pair) for pair in signed(scheme)], BODY
    kind = chance.randrange(7)
    if kind == 0:
        headers[chance.randrange(len(headers))][1] = chance.choice(JUNK)
    elif kind == 1:
        del headers[0 if scheme not in ("standard-webhooks", "hmac") else chance.randrange(len(headers))]
    elif kind == 2:
        at = chance.randrange(len(headers[-1 if scheme in ("standard-webhooks", "hmac") else 0][1]))
        header = headers[-1 if scheme in ("standard-webhooks", "hmac") else 0]
        header[1] = header[1][:at] + bytes([header[1][at] ^ (1 << chance.randrange(8))]) + header[1][at + 1 :]
    elif kind == 3:
        header = headers[-1 if scheme in ("standard-webhooks", "hmac") else 0]
        header[1] = header[1][: chance.randrange(len(header[1]))]
    elif kind == 4:
        headers = [
            [name, bytes(chance.randrange(256) for _ in range(chance.randrange(80)))] for name, _ in headers
        ]
    elif kind == 5:
        headers[-2 if len(headers) > 2 else 0][1] = stamp(chance)
    else:
        body = chance.choice(
            [b"", BODY[:-1], BODY + b" ", b"\xff\xfe", b"[" * 500, BODY.replace(b"zen", b"zem")]
        )
        if scheme in ("azure-devops", "azure-devops-header", "bearer"):  # nothing of the body is proved there
            headers[0][1] = headers[0][1][:-1]
    return [(name, value) for name, value in headers], body


def is_genuine(scheme: str, headers: list[tuple[bytes, bytes]], body: bytes) -> bool:
    """Whether only what no signature covers was changed: then it is the sender's message all the same."""
    unsigned = {"x-github-delivery", "idempotency-key"}
    covered = [pair for pair in signed(scheme) if pair[0].decode().lower() not in unsigned]
    return body == BODY and all(pair in headers for pair in covered)


@pytest.mark.parametrize("scheme", sorted(SCHEMES))
def test_ten_thousand_forgeries_are_refused_by_the_one_error(scheme):
    chance = random.Random(f"forged {scheme}")
    accepted = []
    for _ in range(10_000):
        headers, body = forged(scheme, chance)
        try:
            found = verify(scheme, [secret_of(scheme)], headers, body, NOW)
        except Unverified:
            continue
        if is_genuine(scheme, headers, body):
            continue
        accepted.append((headers, body, found))
    assert accepted == []


def test_a_gateway_that_compares_the_start_only_would_be_found_out(monkeypatch):
    monkeypatch.setattr(module.hmac, "compare_digest", lambda given, wanted: wanted.startswith(given))
    with pytest.raises(AssertionError):
        test_ten_thousand_forgeries_are_refused_by_the_one_error("github")


def test_secrets_are_compared_in_constant_time_and_as_bytes():
    tree = ast.parse(inspect.getsource(module))
    compared = [node for node in ast.walk(tree) if isinstance(node, ast.Compare)]
    names = {"given", "wanted", "secret", "key", "signature", "pair"}
    for node in compared:
        if any(isinstance(op, ast.Eq | ast.NotEq) for op in node.ops):
            assert not {n.id for n in ast.walk(node) if isinstance(n, ast.Name)} & names, ast.unparse(node)
    assert "compare_digest" in inspect.getsource(module._same)
