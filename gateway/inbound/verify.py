"""Whether a webhook comes from whom it says: bytes, headers, secrets and time in; a message or a refusal out.

Sans-I/O: it reads no clock, no configuration and no network. The raw bytes are verified before anything of
them is parsed, and compared as bytes in constant time. Refuses a missing secret as it refuses a missing
signature, and never falls back from one scheme to another.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from gateway.signing import SHORTEST_KEY

TOLERANCE = timedelta(minutes=5)
LONGEST_ID = 256
LONGEST_HEADER = 4096
SHORTEST = 16
"""Bytes of a secret, under every scheme but Standard Webhooks, which asks for more."""
SAFE_ID = re.compile(r"[\x21-\x7e]+")
Secrets = Sequence[bytes]
Headers = Sequence[tuple[bytes, bytes]]


class Unverified(Exception):
    """A webhook that is not accepted; the text says why, for our log, and holds nothing of the message."""


@dataclass(frozen=True, slots=True)
class Message:
    """A verified webhook. `id` is the sender's own id of the delivery, empty where the scheme has none."""

    body: bytes
    id: str = ""
    at: datetime | None = None
    """When it was sent, where the scheme signs that."""
    signed: bool = False
    """Whether the signature covers `id` too."""

    @property
    def key(self) -> str:
        """What distinguishes deliveries: the sender's id, else the hash of the bytes."""
        return self.id or f"sha256:{hashlib.sha256(self.body).hexdigest()}"


@dataclass(frozen=True, slots=True)
class Scheme:
    """One way in which senders prove who they are; `check` raises `Unverified`."""

    name: str
    check: Callable[[_Asked], Message]
    what: str
    """For people: what to set at the sender."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a check is given: the headers that any scheme reads by lower-case name, each of them once."""

    headers: Mapping[str, bytes]
    body: bytes
    secrets: Secrets
    now: datetime

    def one(self, name: str) -> bytes:
        """A header that must be there."""
        if name not in self.headers:
            raise Unverified(f"the header {name} is missing")
        return self.headers[name]

    def text(self, name: str) -> str:
        """A header of printable characters; empty where it is not there."""
        found = self.headers.get(name, b"")
        try:
            said = found.decode("ascii")
        except UnicodeDecodeError:
            raise Unverified(f"the header {name} holds other characters than ASCII") from None
        if said and (len(said) > LONGEST_ID or not SAFE_ID.fullmatch(said)):
            raise Unverified(f"the header {name} is no id: at most {LONGEST_ID} printable characters")
        return said


def verify(scheme: str, secrets: Secrets, headers: Headers, body: bytes, now: datetime) -> Message:
    """The message, when one of the secrets proves it under the scheme; raises `Unverified`, nothing else.

    Several secrets permit their rotation. `headers` are the raw pairs: a header that a scheme reads must not
    come twice.
    """
    if scheme not in SCHEMES:
        raise Unverified(f"there is no scheme {scheme!r}")
    if not secrets or not all(secrets):
        raise Unverified("no secret is set for this source")
    for secret in secrets:
        if why := unfit(scheme, secret):
            raise Unverified(f"no secret can be used for this source: one {why}")
    found: dict[str, bytes] = {}
    twice = set()
    for name, value in headers:
        read = READ.get(name.lower())
        if read in found:
            twice.add(read)
        if read is not None:
            found[read] = value
    if twice:
        raise Unverified(f"the header {min(twice)} comes twice")
    if any(len(value) > LONGEST_HEADER for value in found.values()):
        raise Unverified("a header is too long")
    return SCHEMES[scheme].check(_Asked(found, body, secrets, now))


def unfit(scheme: str, secret: bytes) -> str:
    """Why a secret cannot be used under a scheme, for people; empty where it can. Quotes nothing of it.

    Its length is that of what a stranger has to guess: the decoded key, the password without its name.
    """
    if scheme == "standard-webhooks":
        try:
            length = len(_raw(secret))
        except Unverified as why:
            return str(why)
        return f"has less than {SHORTEST_KEY} bytes behind its base64" if length < SHORTEST_KEY else ""
    if scheme == "azure-devops":
        secret = secret.partition(b":")[2]
    return f"has less than {SHORTEST} bytes" if len(secret) < SHORTEST else ""


def _same(given: bytes, secrets: Secrets, wanted: Callable[[bytes], bytes]) -> bool:
    """Whether `given` is what one of the secrets makes; all of them are compared, each in constant time."""
    fits = [hmac.compare_digest(given, wanted(secret)) for secret in secrets]
    return any(fits)


def _hex(name: str, digest: str, prefix: bytes, id_header: str = "") -> Callable[[_Asked], Message]:
    """`prefix` and the hex HMAC of the body in the header `name`."""

    def check(asked: _Asked) -> Message:
        given = asked.one(name)
        if not given.startswith(prefix):
            raise Unverified(f"the header {name} does not begin with {prefix.decode()}")
        if not _same(
            given, asked.secrets, lambda key: prefix + hmac.digest(key, asked.body, digest).hex().encode()
        ):
            raise Unverified("the signature does not fit the body")
        return Message(asked.body, asked.text(id_header) if id_header else "")

    return check


def _fresh(said: bytes, now: datetime) -> datetime:
    """The time of epoch seconds, at most the tolerance before or after now; else raises Unverified."""
    if not re.fullmatch(rb"[0-9]{1,12}", said):
        raise Unverified("the timestamp is no number of seconds")
    if abs(now.timestamp() - int(said)) > TOLERANCE.total_seconds():
        raise Unverified(f"the timestamp is more than {TOLERANCE.total_seconds():.0f} seconds away from now")
    return datetime.fromtimestamp(int(said), UTC)


def _standard(asked: _Asked) -> Message:
    """Standard Webhooks: `v1,` and the base64 HMAC of id, timestamp and body; one of several may fit."""
    identity, stamp = asked.text("webhook-id"), asked.one("webhook-timestamp")
    if not identity or "." in identity:
        raise Unverified("the header webhook-id is missing, or holds a full stop")
    signatures = asked.one("webhook-signature").split(b" ")
    at = _fresh(stamp, asked.now)
    signed = identity.encode() + b"." + stamp + b"." + asked.body

    def wanted(secret: bytes) -> bytes:
        return b"v1," + base64.b64encode(hmac.digest(_raw(secret), signed, "sha256"))

    if not any(_same(given, asked.secrets, wanted) for given in signatures[:10]):
        raise Unverified("no signature fits id, timestamp and body")
    return Message(asked.body, identity, at, signed=True)


def _raw(secret: bytes) -> bytes:
    """The key of a secret as Standard Webhooks writes them: base64, with or without whsec_ before it."""
    try:
        return base64.b64decode(secret.removeprefix(b"whsec_"), validate=True)
    except binascii.Error:
        raise Unverified("is no base64; write it as whsec_...") from None


def _own(asked: _Asked) -> Message:
    """The organization's own systems: `sha256=` and the hex HMAC of timestamp, id and body."""
    identity, stamp = asked.text("x-interoffice-id"), asked.one("x-interoffice-timestamp")
    if not identity:
        raise Unverified("the header x-interoffice-id is missing")
    at = _fresh(stamp, asked.now)
    signed = stamp + b"." + identity.encode() + b"." + asked.body

    def wanted(secret: bytes) -> bytes:
        return b"sha256=" + hmac.digest(secret, signed, "sha256").hex().encode()

    if not _same(asked.one("x-interoffice-signature"), asked.secrets, wanted):
        raise Unverified("the signature does not fit timestamp, id and body")
    return Message(asked.body, identity, at, signed=True)


def _bearer(asked: _Asked) -> Message:
    """`Authorization: Bearer` and the secret; the id in Idempotency-Key where the sender gives one."""
    if not _same(asked.one("authorization"), asked.secrets, lambda secret: b"Bearer " + secret):
        raise Unverified("the bearer token is not known")
    return Message(asked.body, asked.text("idempotency-key"))


def _basic(asked: _Asked) -> Message:
    """`Authorization: Basic`; the secret is `name:password`."""
    if not _same(asked.one("authorization"), asked.secrets, lambda pair: b"Basic " + base64.b64encode(pair)):
        raise Unverified("name and password are not known")
    return Message(asked.body)


def _header(asked: _Asked) -> Message:
    """The secret itself in a header of our own, for senders that sign nothing."""
    if not _same(asked.one("x-interoffice-token"), asked.secrets, bytes):
        raise Unverified("the token is not known")
    return Message(asked.body)


ATLASSIAN_ID = "x-atlassian-webhook-identifier"
SCHEMES: Mapping[str, Scheme] = {
    each.name: each
    for each in (
        Scheme(
            "standard-webhooks",
            _standard,
            "the secret whsec_... of Standard Webhooks, of 24 random bytes or more",
        ),
        Scheme(
            "github",
            _hex("x-hub-signature-256", "sha256", b"sha256=", "x-github-delivery"),
            "the webhook's secret; content type application/json",
        ),
        Scheme(
            "jira-cloud",
            _hex("x-hub-signature", "sha256", b"sha256=", ATLASSIAN_ID),
            "the secret of a webhook of the administration",
        ),
        Scheme(
            "jira-dc",
            _hex("x-hub-signature", "sha256", b"sha256=", ATLASSIAN_ID),
            "the webhook's secret",
        ),
        Scheme("openproject", _hex("x-op-signature", "sha1", b"sha1="), "the webhook's signature secret"),
        Scheme(
            "redmine", _hex("x-redmine-signature-256", "sha256", b"sha256="), "the webhook's secret, from 7.0"
        ),
        Scheme("azure-devops", _basic, "basic authentication; the secret is name:password"),
        Scheme("azure-devops-header", _header, "the HTTP header X-Interoffice-Token"),
        Scheme(
            "bearer",
            _bearer,
            "Authorization: Bearer, and Idempotency-Key for each message; the same body is one message a day",
        ),
        Scheme("hmac", _own, "X-Interoffice-Id, -Timestamp and -Signature over timestamp.id.body"),
    )
}
"""Every scheme by its name. A connector names that of its tool; there is no fallback to a weaker one."""
READ = {name.encode(): name for name in (
    "webhook-id", "webhook-timestamp", "webhook-signature", "x-hub-signature-256", "x-github-delivery",
    "x-hub-signature", ATLASSIAN_ID, "x-op-signature", "x-redmine-signature-256", "authorization",
    "x-interoffice-token", "idempotency-key", "x-interoffice-id", "x-interoffice-timestamp",
    "x-interoffice-signature",
)}  # fmt: skip
"""The headers that any scheme reads, by their bytes in lower case."""
