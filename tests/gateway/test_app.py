"""The gateway serves our report files, to this machine, and nothing else."""

import asyncio
from dataclasses import replace

import httpx
import pytest

from examples.harbor_group import player
from gateway.app import create_app, gateway_of
from gateway.pages.reports import report_file
from tests.gateway.conftest import Shelf, application_of
from tests.reports import sample
from tests.reports.filed import file_report


class Gateway:
    """A synchronous client of the application itself, without a socket."""

    def __init__(self, folder, application) -> None:
        self.app = create_app(folder, gateway_of(application, Shelf()))

    def ask(self, method, path, headers=None) -> httpx.Response:
        async def asked() -> httpx.Response:
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:4300") as client:
                return await client.request(method, path, headers=headers)

        return asyncio.run(asked())

    def get(self, path, headers=None) -> httpx.Response:
        return self.ask("GET", path, headers)


@pytest.fixture(scope="module")
def application(tmp_path_factory):
    """That of the sample, whose reports this machine may read without a link."""
    state = tmp_path_factory.mktemp("gateway")
    made = application_of(state)
    player.copy_sample(state / "organization")
    settings = made.settings.model_copy(update={"organization": state / "organization", "gateway_url": ""})
    yield replace(made, settings=settings)
    made.store.close()


@pytest.fixture(scope="module")
def folder(application):
    made = application.settings.state / "reports"
    file_report(made, application.store, sample.a_sweep_report())
    (made / "notes.html").write_text("<p>not ours</p>")
    (made / "Upper.html").write_text("x")
    (made / "secret.txt").write_text("secret")
    (made.parent / "outside.html").write_text("outside")
    (made / "link.html").symlink_to(made.parent / "outside.html")
    return made


@pytest.fixture(scope="module")
def gateway(folder, application):
    return Gateway(folder, application)


def test_the_list_links_to_the_report_which_opens(gateway, folder) -> None:
    listed = gateway.get("/")
    name = next(path.name for path in folder.glob("sweep-*.html"))
    assert f'href="reports/{name}"' in listed.text
    assert "not ours" not in listed.text
    assert gateway.get("/reports/notes").status_code == 404
    opened = gateway.get(f"/reports/{name}")
    assert opened.content == (folder / name).read_bytes()
    assert opened.headers["content-type"] == "text/html; charset=utf-8"
    assert gateway.get(f"/reports/{name.removesuffix('.html')}").status_code == 200
    assert gateway.ask("HEAD", f"/reports/{name}").status_code == 200


@pytest.mark.parametrize(
    "name",
    [
        "secret.txt",
        "Upper.html",
        "link.html",
        "%2e%2e%2foutside.html",
        "..%5coutside",
        ".html",
        "-a-.html",
        "a" * 200,
        "missing",
        "x.html.html",
        "a%00b",
        "a%0a",
    ],
)
def test_any_other_name_is_not_there(gateway, name) -> None:
    answer = gateway.get(f"/reports/{name}")
    assert answer.status_code == 404
    assert "outside" not in answer.text
    assert "secret" not in answer.text


@pytest.mark.parametrize(
    "name", ["..", "../outside", "../outside.html", "/etc/passwd", "a/b", "", ".", "link", "notes\n"]
)
def test_a_name_never_leads_out_of_the_folder(folder, name) -> None:
    assert report_file(folder, name) is None
    assert report_file(folder, "notes") == folder / "notes.html"


@pytest.mark.parametrize("path", ["/", "/health", "/reports/missing", "/docs", "/openapi.json", "/nowhere"])
def test_every_answer_is_guarded(gateway, path) -> None:
    headers = gateway.get(path).headers
    policy = headers["content-security-policy"]
    for directive in (
        "default-src 'none'",
        "style-src 'unsafe-inline'",
        "img-src data:",
        "frame-ancestors 'none'",
    ):
        assert directive in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:4300", "localhost", "LOCALHOST:1", "[::1]:4300"])
def test_loopback_is_answered(gateway, host) -> None:
    assert gateway.get("/health", headers={"host": host}).json() == {"status": "ok"}


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "127.0.0.1.evil.example",
        "localhost.evil:80",
        "10.0.0.1",
        "",
        "127.0.0.1:99999999",
        "127.0.0.1 evil",
        "192.168.0.1",
    ],
)
def test_another_host_is_refused(gateway, host) -> None:
    answer = gateway.get("/", headers={"host": host})
    assert answer.status_code == 421
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "reports" not in answer.text


def test_only_reading_is_possible(gateway) -> None:
    assert gateway.ask("POST", "/").status_code == 405
    assert gateway.ask("DELETE", "/reports/notes.html").status_code == 405


def test_a_folder_that_is_not_there_yet_is_an_empty_list(tmp_path, application) -> None:
    gateway = Gateway(tmp_path / "none", application)
    assert "No report was made yet" in gateway.get("/").text
    assert gateway.get("/reports/a.html").status_code == 404
