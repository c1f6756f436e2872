"""A webhook from its arrival to its answer: read, verified, understood, stored; 2xx means that it is on disk.

What is stored is dealt with later, by others. Refuses to reveal to a stranger which sources there are, and to
log anything of what was sent.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from config.envelope import Unfit, fitting, kind_of, opened, parsed
from config.settings import BadSettings, credential
from domain.messages.inbox import HINT, Posted, full
from domain.organization.webhooks import Source
from gateway.inbound.asking import Asking, NotPermitted
from gateway.inbound.keeping import Keeper
from gateway.inbound.overflow import Overflow
from gateway.inbound.verify import Message, Unverified, unfit, verify
from gateway.limits import Rates, Rejected, body_of
from store.errors import Busy, StoreError
from store.inbox import Receipt

LOG = logging.getLogger("interoffice.gateway")
AUTHENTIC = frozenset({"bearer", "azure-devops", "azure-devops-header"})
"""The schemes whose secret comes with the request, headers and all."""
FULL_WAIT = 3600
"""Seconds until a source whose inbox is full may try again: old bodies are deleted once an hour."""
STRANGER = Rejected(401, "this source is not known, or the message does not prove that it comes from it")


@dataclass(slots=True)
class Receiving:
    """Takes webhooks of the sources of an organization."""

    sources: Mapping[str, Source]
    keeper: Keeper
    now: Callable[[], datetime]
    rates: Rates
    stored: Callable[[], None]
    """Called when something new was stored."""
    count: Callable[[str, str], None]
    """Called with the source's id (empty: not known) and what became of its message."""
    overflow: Overflow
    """Takes the hints beyond a source's rate or its room in the inbox."""
    asking: Asking
    """Checks whether a message's sender may ask for what it asks for."""
    full: Callable[[str], None]
    """Called with the source of a message for which the inbox has no room."""

    async def __call__(self, request: Request) -> Response:
        """The answer to a webhook."""
        name = request.path_params["source"]
        source = self.sources.get(name)
        try:
            return await self._received(request, source)
        except Rejected as turned:
            if isinstance(turned, NotPermitted):
                await self.asking.record(turned)
            self.count(source.id if source else "", str(turned.status))
            LOG.info(
                "turned away",
                extra={"source": source.id if source else "", "status": turned.status},
            )
            told = {"error": turned.text}
            return JSONResponse(told, turned.status, turned.headers)

    async def _received(self, request: Request, source: Source | None) -> Response:
        body = await body_of(request)
        if source is None:
            raise STRANGER
        message = self._verified(request, source, body)
        try:
            self.rates.take(source.id, source.per_minute)
        except Rejected:
            if not source.tool:
                raise
            await self._posted(request, source, message)
            keeping = self._coalesced(source)
        else:
            keeping = self._taken(request, source, message)
        try:
            return await keeping
        except StoreError as problem:
            LOG.error("not stored", extra={"source": source.id, "why": str(problem)})  # noqa: TRY400 - no row
            wait = "5" if isinstance(problem, Busy) else "60"
            raise Rejected(503, "it could not be stored: send it again", {"retry-after": wait}) from None

    async def _taken(self, request: Request, source: Source, message: Message) -> Response:
        """Store a message that may ask for what it asks for. Raises Rejected, StoreError."""
        return await self._kept(source, await self._posted(request, source, message))

    async def _kept(self, source: Source, posted: Posted) -> Response:
        """Store a message; the answer once it is on disk. Raises Rejected, StoreError."""
        told = await self.keeper.keep(posted)
        if told.receipt is Receipt.FULL:
            self.full(source.id)
            LOG.warning("inbox full", extra={"source": source.id, "why": full(source)})
            if source.tool:
                return await self._coalesced(source)
            raise Rejected(429, full(source), {"retry-after": str(FULL_WAIT)})
        self.count(source.id, str(told.receipt))
        if told.receipt is Receipt.OTHER:
            raise Rejected(409, "a message with this id came before with other content: give each its own")
        if told.receipt is Receipt.KNOWN:
            return JSONResponse({"id": told.id, "state": "known"}, 200)
        self.stored()
        return JSONResponse({"id": told.id, "state": "stored"}, 202)

    async def _coalesced(self, source: Source) -> Response:
        """The answer to a hint for which another one stands. Raises StoreError."""
        told = await self.overflow.keep(source.id)
        self.count(source.id, "coalesced")
        if told.receipt is Receipt.NEW:
            self.stored()
        return JSONResponse({"id": told.id, "state": "coalesced"}, 202)

    def _verified(self, request: Request, source: Source, body: bytes) -> Message:
        """The verified message. Raises Rejected, with the same answer whatever was wrong."""
        try:
            return verify(source.scheme, _secrets(source), request.headers.raw, body, self.now())
        except Unverified as why:
            LOG.warning("not verified", extra={"source": source.id, "why": str(why)})
            raise STRANGER from None

    async def _posted(self, request: Request, source: Source, message: Message) -> Posted:
        """A verified message as it is stored. Raises StoreError, and Rejected for one that is not wanted."""
        try:
            if source.tool:
                parsed(message.body)
                return Posted(source.id, message.key, HINT, self.now(), message.body)
            envelope = opened(request.headers, message.body, authentic=source.scheme in AUTHENTIC)
            kind = kind_of(envelope.kind)
            await self.asking.check(source, envelope.kind, fitting(kind, envelope.data))
        except Unfit as why:
            raise Rejected(422, str(why)) from None
        key = message.id or envelope.id or message.key
        return Posted(source.id, key, envelope.kind, self.now(), message.body, signed=message.signed)


def _secrets(source: Source) -> list[bytes]:
    """Those of its secrets that are set and can be used; what is missing is logged by its variable's name."""
    found = []
    for name in source.secrets:
        try:
            secret = credential(name).encode("utf-8", "surrogateescape")  # the bytes that were set
        except BadSettings:
            why = "is not set"
        else:
            why = unfit(source.scheme, secret)
        if why:
            LOG.warning("no secret", extra={"source": source.id, "variable": name, "why": f"it {why}"})
        else:
            found.append(secret)
    return found
