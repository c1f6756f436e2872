"""Opens the pages of people's links on the gateway's own routes, and sends their forms."""

from __future__ import annotations

import asyncio
import html
import re
import secrets
import time
from datetime import timedelta
from typing import TypeAlias

import httpx
from starlette.applications import Starlette

from config.keyfile import link_key
from config.tokens import person_token
from config.wiring import Application
from domain.pages.link import PageLink
from gateway.limits import Rates
from gateway.pages.deployment_reports import deployment_report_pages
from gateway.pages.deployments import deployment_pages
from gateway.pages.desk import desk_pages
from gateway.pages.roles import role_pages
from tests.deployments.holding import DEPLOYMENT, Holding


class Visitor:
    """A person of the holding with a link of their own."""

    def __init__(self, holding: Holding, person: str) -> None:
        self.app, bases = _served(holding.application)
        if person not in bases:
            bases[person] = _link(holding.application, person)
        self.base = bases[person]

    def get(self, path: str = f"/deployments/{DEPLOYMENT}") -> httpx.Response:
        return self._ask("GET", self.base + path, None)

    def post(self, what: str, deployment: str = DEPLOYMENT, **fields: str) -> httpx.Response:
        return self._ask("POST", f"{self.base}/deployments/{deployment}/{what}", fields)

    def _ask(self, method: str, path: str, fields: dict[str, str] | None) -> httpx.Response:
        async def asked() -> httpx.Response:
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
                return await client.request(method, path, data=fields, follow_redirects=True)

        return asyncio.run(asked())


Served: TypeAlias = tuple[Starlette, dict[str, str]]
"""The routes, which read the organization's files once, and the path of each person's link."""
_LAST: list[tuple[Application, Served]] = []


def _served(application: Application) -> Served:
    if not _LAST or _LAST[0][0] is not application:
        folder = application.settings.state / "reports"
        rates = Rates(time.monotonic)
        before = [
            *deployment_report_pages(application),
            *deployment_pages(application, rates),
            *desk_pages(application, rates),
        ]
        routes = [*before, *role_pages(folder, application)]
        _LAST[:] = [(application, (Starlette(routes=routes), {}))]
    return _LAST[0][1]


def _link(application: Application, person: str) -> str:
    now = application.machine.now().replace(microsecond=0)
    link = PageLink(secrets.token_hex(8), "", person, now, now + timedelta(days=9))
    with application.store.begin() as unit:
        unit.page_links.add(link)
        unit.commit()
    return f"/person/{person_token(link_key(application.settings.state), link)}"


def text_of(page: httpx.Response) -> str:
    """What a page says, without markup and style, on one line."""
    body = re.sub(r"<style>.*?</style>|<[^>]+>", " ", page.text, flags=re.DOTALL)
    words = " ".join(html.unescape(body).split())
    return re.sub(r" ([.,:;])", r"\1", words)
