"""Who may send webhooks, and who receives events, from webhooks.yaml: it refuses secrets, and to guess.

A source that names nothing that it may start can start nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from ipaddress import ip_network
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field

from config.credentials import INSTEAD, credential_name
from config.documents import YamlDocument
from config.messages import KINDS
from config.offices import known, unique
from config.problems import Problems, WrongValue, meant
from config.shapes import FileEntry, Shape, Slug, Whole, entries
from config.tools import Kinds
from domain.messages.outbox import EVENTS
from domain.organization.office import Tool
from domain.organization.webhooks import SCHEMES, Receiver, Source

EVERY = "all"
"""The word for the ids of all offices."""


def _named(text: str) -> str:
    if not text or text.startswith("block:"):
        raise WrongValue("this names no environment variable", "write the NAME of the variable that holds it")
    return credential_name(text)


def _address(text: str) -> str:
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.fragment or port == 0:
        raise WrongValue("this is no web address", "write it as https://events.example.com/interoffice")
    if parts.username or parts.password:
        raise WrongValue("this address holds a name or a password", INSTEAD)
    return text


def _host(text: str) -> str:
    if "/" in text:
        ip_network(text)
    return text


def _every(value: object) -> object:
    return [EVERY] if value == EVERY else value


Secret = Annotated[str, AfterValidator(_named)]


class SourceShape(Shape):
    """One entry of `sources`."""

    id: Slug = Field(examples=["porto-redmine"])
    """The source's id. It sends to /hooks/ID of the gateway."""
    tool: Slug | None = None
    """The id of the tool whose webhooks these are; they only start a reading. Without it `scheme` and `may`
    say what the source is."""
    scheme: str | None = Field(None, examples=["standard-webhooks"])
    """How the source proves who it is. Without it the scheme of its tool."""
    secrets: tuple[Secret, ...] = Field(min_length=1, max_length=4, examples=["[PORTO_HOOK_SECRET]"])
    """NAMES of the environment variables with its secrets; several while one is being replaced."""
    may: tuple[str, ...] = ()
    """Which kinds of messages it may send; docs/actions.md says what they start. Without it the source may
    start nothing."""
    offices: Annotated[tuple[str, ...], BeforeValidator(_every)] = Field((), examples=["[group]"])
    """The ids of the offices that it acts for, or `all`. What may start something needs one."""
    per_minute: Whole = Field(600, ge=1, le=100_000)
    """Most messages in a minute. More are refused (429); of a tool, one reading stands for them."""
    megabytes: Whole = Field(1000, ge=1, le=1_000_000)
    """Most megabytes that its messages may take of the store. More are refused (429); of a tool, one
    reading stands for them."""


class ReceiverShape(Shape):
    """One entry of `receivers`."""

    id: Slug = Field(examples=["data-platform"])
    """The receiver's id."""
    url: Annotated[str, AfterValidator(_address)] = Field(examples=["https://events.example.com/interoffice"])
    """The address to which events are sent, without a password."""
    secret: Secret = Field(examples=["DATA_PLATFORM_HOOK_SECRET"])
    """The NAME of the environment variable with the secret that signs what is sent."""
    events: tuple[str, ...] = ()
    """Which kinds of events are sent; docs/events.md has them. Without it all."""
    allow: tuple[Annotated[str, AfterValidator(_host)], ...] = ()
    """Private hosts and networks (10.1.0.0/16) that may be connected to. Without it only public ones."""


def read_sources(
    document: YamlDocument | None,
    offices: Iterable[str] | None,
    tools: Mapping[str, Tool],
    kinds: Kinds,
    problems: Problems,
) -> dict[str, Source]:
    """Sources by id; each has a scheme, that of its tool where it names none, and the offices it acts for."""
    names = None if offices is None else tuple(offices)
    found = list(entries(SourceShape, document, "sources", problems))
    unique(found, "sources", problems)
    read = (
        replace(_source(entry, tools, kinds, problems), offices=_offices(entry, names, problems))
        for entry in found
    )
    return {source.id: source for source in read}


def read_receivers(document: YamlDocument | None, problems: Problems) -> dict[str, Receiver]:
    """Receivers by id."""
    found = list(entries(ReceiverShape, document, "receivers", problems))
    unique(found, "receivers", problems)
    for entry in found:
        for n, name in enumerate(entry.value.events):
            known(name, EVENTS, "event", entry.where("events", n), problems)
    return {
        r.id: Receiver(r.id, r.url, r.secret, frozenset(r.events), r.allow)
        for r in (entry.value for entry in found)
    }


def _source(
    entry: FileEntry[SourceShape], tools: Mapping[str, Tool], kinds: Kinds, problems: Problems
) -> Source:
    said = entry.value
    scheme = said.scheme or ""
    if said.tool is not None and known(said.tool, tools, "tool", entry.where("tool"), problems):
        scheme = scheme or _scheme_of(entry, tools[said.tool], kinds, problems)
    elif said.tool is None and said.scheme is None:
        problems.add(
            entry.where(), f"`{said.id}` says neither a tool nor a scheme", "add `tool:`, or `scheme:`"
        )
    if said.scheme is not None and said.scheme not in SCHEMES:
        problems.add(
            entry.where("scheme"),
            f"there is no scheme `{said.scheme[:40]}`",
            meant(said.scheme, SCHEMES),
        )
    for n, name in enumerate(said.may):
        known(name, KINDS, "kind of message", entry.where("may", n), problems)
    _may(entry, scheme, problems)
    return Source(
        said.id, scheme, said.secrets, said.tool or "", frozenset(said.may), said.per_minute,
        megabytes=said.megabytes,
    )  # fmt: skip


def _may(entry: FileEntry[SourceShape], scheme: str, problems: Problems) -> None:
    """Check `may`: only a scheme that proves each single message may start more than a reading."""
    said = entry.value
    if said.may and said.tool is not None:
        problems.add(
            entry.where("may"), "what a tool sends only starts a reading", "leave `may` or `tool` out"
        )
    elif said.may and scheme in SCHEMES and not SCHEMES[scheme]:
        able = ", ".join(name for name, proves in SCHEMES.items() if proves)
        problems.add(
            entry.where("may"), f"`{scheme}` does not prove which message it is", f"use one of {able}"
        )
    elif not said.may and said.tool is None:
        problems.warn(entry.where(), f"`{said.id}` may start nothing", "add `may: [sweep.requested]`")


def _offices(
    entry: FileEntry[SourceShape], names: tuple[str, ...] | None, problems: Problems
) -> frozenset[str]:
    """The offices that a source acts for: named where it may start something; a tool's source has its own."""
    said = entry.value
    if said.offices == (EVERY,):
        found = frozenset(names or ())
    else:
        found = frozenset(said.offices)
        for n, name in enumerate(said.offices):
            known(name, names, "office", entry.where("offices", n), problems)
    if said.offices and said.tool is not None:
        message = "what a tool sends concerns the offices that plan in it"
        problems.add(entry.where("offices"), message, "leave `offices` out")
    elif said.may and not said.offices:
        message = f"`{said.id}` may start something, and names no office that it acts for"
        instead = "add `offices: [id]` with the ids of those offices, or `offices: all`"
        problems.add(entry.where("may"), message, instead)
    return found


def _scheme_of(entry: FileEntry[SourceShape], tool: Tool, kinds: Kinds, problems: Problems) -> str:
    kind = kinds.get(tool.kind)
    scheme = kind.webhook if kind else None
    if kind and scheme is None:
        problems.add(
            entry.where("tool"), f"a tool of kind `{tool.kind}` sends no webhooks", "leave the source out"
        )
    return scheme or ""
