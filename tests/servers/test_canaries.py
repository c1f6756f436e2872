"""Every credential of a whole run is a string of its own: afterwards none of them stands anywhere."""

from __future__ import annotations

import base64
import secrets
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from tests.servers.conftest import interoffice

pytestmark = pytest.mark.servers
KINDS = {
    "redmine": ("{within: [quay]}", "{}"),
    "jira-cloud": ("{within: [QUAY]}", "{user: bot@quay.example}"),
    "jira-dc": ("{within: [QUAY]}", "{}"),
    "github": ("{within: [quay/works]}", "{}"),
    "openproject": ("{within: [quay]}", "{}"),
    "azure-devops": ("{within: [Quay]}", "{}"),
    "trac": ("{within: [quay]}", "{user: bot}"),
}
COUNTRIES = ("PT", "NO", "DE", "FR", "IT", "ES", "PL")
UNKIND = ("echo", "redirect", "broken")
"""What a server does that is not our friend: it says back what it was told, leads elsewhere, breaks off."""


class Unkind(BaseHTTPRequestHandler):
    """Answers each request with trouble, and with all that it was sent."""

    asked = 0

    def _answer(self) -> None:
        Unkind.asked += 1
        length = int(self.headers.get("Content-Length") or 0)
        told = f"{self.path}\n{self.headers}\n".encode() + self.rfile.read(length)
        way = UNKIND[Unkind.asked % len(UNKIND)]
        if way == "broken":
            self.connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n" + told)
            self.close_connection = True
            return
        self.send_response(401 if way == "echo" else 302)
        credential = self.headers.get("Authorization") or self.headers.get("X-Redmine-API-Key") or ""
        if way == "redirect":
            self.send_header("Location", f"http://127.0.0.1:9/?key={credential.split()[-1]}")
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)

    do_GET = do_POST = do_PUT = _answer  # noqa: N815 - http.server's names

    def log_message(self, *_: object) -> None:
        """Nothing is printed."""


@pytest.fixture
def unkind() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Unkind)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def organization(folder: Path, url: str) -> dict[str, str]:
    """An office for each kind of tool, all of them at the unkind server; the credentials by their variables."""
    folder.mkdir()
    offices, tools, parts, variables = [], [], [], {}
    for (kind, (within, more)), country in zip(KINDS.items(), COUNTRIES, strict=True):
        name = f"{kind.upper().replace('-', '_')}_KEY"
        variables[name] = f"canary{secrets.token_hex(12)}"
        zone = "time_zone: Europe/Lisbon, currency: EUR"
        offices.append(
            f"  - {{id: of-{kind}, name: Of {kind}, kind: project, mandate: supportive, parent: hq,"
            f" country: {country}, {zone}}}"
        )
        inner = more.strip("{}")
        settings = f"{{url: '{url}', allow: [127.0.0.1]{', ' + inner if inner else ''}}}"
        tools.append(f"  - {{id: {kind}, kind: {kind}, credentials: {name}, settings: {settings}}}")
        key = "" if kind in {"jira-cloud", "jira-dc", "github"} else "key: Key, "
        columns = f"items: {{columns: {{{key}role: Role, standing: Standing}}}}"
        parts.append(f"  - {{office: of-{kind}, tool: {kind}, settings: {{projects: {within}, {columns}}}}}")
    leader = (
        "  - {id: hq, name: HQ, kind: strategic, mandate: directive, country: DE,"
        " time_zone: Europe/Berlin, currency: EUR}"
    )
    variables["PORTFOLIO_HOOK"] = f"canary{secrets.token_hex(12)}"
    files = {
        "organization.yaml": "id: quay\nname: Quay\n",
        "offices.yaml": "\n".join(["offices:", leader, *offices, ""]),
        "tools.yaml": "\n".join(["tools:", *tools, "partitions:", *parts, ""]),
        "webhooks.yaml": "sources:\n  - {id: portfolio, scheme: bearer, secrets: [PORTFOLIO_HOOK],"
        " may: [report.requested], offices: all}\n",
    }
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
    return variables


def spelled(secret: str) -> list[bytes]:
    """The secret as it may stand somewhere: itself, and within what basic authentication makes of it."""
    pairs = [f"{user}:{secret}" for user in ("", "apikey", "bot", "bot@quay.example")]
    return [secret.encode(), *(base64.b64encode(pair.encode()) for pair in pairs)]


def hits(folder: Path, variables: dict[str, str]) -> list[str]:
    """Where a credential stands: files by their names, those of databases too."""
    found = []
    for path in (each for each in sorted(folder.rglob("*")) if each.is_file()):
        content = path.read_bytes()
        for name, secret in variables.items():
            if any(each in content for each in spelled(secret)):
                found.append(f"{path.relative_to(folder)}: {name}")
    return found


def test_no_credential_stands_anywhere_after_a_run_in_which_every_tool_says_it_back(
    ups, unkind, tmp_path
) -> None:
    Unkind.asked = 0
    variables = organization(tmp_path / "mine", unkind)
    state = tmp_path / "state"
    up = ups(state, "--organization", str(tmp_path / "mine"), INTEROFFICE_GATEWAY_PORT="8451", **variables)
    up.until_said("serving until Ctrl-C")
    assert Unkind.asked >= len(KINDS), "the tools were asked"
    assert "not read: of-azure-devops" in up.said
    url = f"{up.folder.notes()['gateway']}/hooks/portfolio"
    for secret, status in ((variables["PORTFOLIO_HOOK"], 202), (variables["PORTFOLIO_HOOK"][:-1], 401)):
        headers = {"authorization": f"Bearer {secret}", "content-type": "application/json"}
        said = {"type": "report.requested", "data": {"why": "the board"}}
        assert httpx.post(url, json=said, headers=headers, trust_env=False).status_code == status
    mine = ("--organization", str(tmp_path / "mine"))
    again = interoffice(state, "run", "sync-offices", "office=of-github", "why=again", *mine)
    assert "not read: of-github" in again.stdout + again.stderr
    up.stop()
    assert (state / "interoffice.db").stat().st_size > 10_000
    assert hits(tmp_path, variables) == []


def test_the_control_what_an_error_would_repeat_is_found(tmp_path) -> None:
    variables = {"KEY": f"canary{secrets.token_hex(12)}"}
    folder = tmp_path / "state" / "logs"
    folder.mkdir(parents=True)
    pair = base64.b64encode(f"bot:{variables['KEY']}".encode()).decode()
    (folder / "flow.log").write_text(f"401 to GET /issues.json?key={variables['KEY']}")
    (folder / "other.log").write_text(f"sent Authorization: Basic {pair}")
    (folder / "clean.log").write_text("401 to GET /issues.json")
    assert hits(tmp_path, variables) == ["state/logs/flow.log: KEY", "state/logs/other.log: KEY"]
