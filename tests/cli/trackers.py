"""A server on loopback that answers as a Redmine or a Jira does, and notes whatever it is asked."""

import base64
import contextlib
import json
import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

KEY = "r3dm1ne-canary"
OPEN = ("/rest/api/2/serverInfo", "/api/v3", "/")
"""What is shown to everybody."""
FIELDS = [
    {"id": 3, "name": "Sponsor", "value": "Eva König"},
    {"id": 4, "name": "API token", "value": "t0ps3cret"},
    {"id": 5, "name": "Phase", "value": "In Umsetzung"},
]
REDMINE: Mapping[str, object] = {
    "/users/current.json": {"user": {"id": 1}},
    "/projects.json": {
        "projects": [
            {"id": 1, "identifier": "hafen", "name": "Hafen", "status": 1, "custom_fields": FIELDS},
            {"id": 2, "identifier": "altes", "name": "Altes Lager", "status": 5},
        ],
        "total_count": 2,
    },
    "/issue_statuses.json": {
        "issue_statuses": [
            {"id": 1, "name": "Neu", "is_closed": False},
            {"id": 2, "name": "Erledigt", "is_closed": True},
            {"id": 3, "name": "Storniert", "is_closed": True},
        ]
    },
    "/trackers.json": {"trackers": [{"id": 1, "name": "Fehler"}, {"id": 2, "name": "Aufgabe"}]},
    "/issues.json": {
        "issues": [{"id": 1, "custom_fields": [{"id": 9, "name": "Interoffice key", "value": ""}]}],
        "total_count": 1,
    },
}
JIRA: Mapping[str, object] = {
    "/rest/api/2/serverInfo": {"deploymentType": "Server", "version": "9.12.1"},
    "/rest/api/2/myself": {"name": "interoffice"},
    "/rest/api/2/project": [{"key": "TERM", "name": "Terminal"}],
    "/rest/api/2/status": [
        {"name": "À faire", "statusCategory": {"key": "new"}},
        {"name": "Abandonné", "statusCategory": {"key": "done"}},
    ],
    "/rest/api/2/issuetype": [{"name": "Tâche", "subtask": False}],
    "/rest/api/2/field": [{"id": "customfield_1", "name": "Phase", "custom": True}],
}
OPENPROJECT: Mapping[str, object] = {
    "/api/v3": {"_type": "Root", "instanceName": "Projekte"},
    "/api/v3/projects": {"_embedded": {"elements": [{"identifier": "faro", "name": "Farol"}]}},
    "/api/v3/statuses": {
        "_embedded": {
            "elements": [{"name": "Aberto", "isClosed": False}, {"name": "Rejeitado", "isClosed": True}]
        }
    },
    "/api/v3/types": {"_embedded": {"elements": [{"name": "Tarefa"}, {"name": "Marco"}]}},
}
TRAC: Mapping[str, object] = {
    "/": b"<html><a href='http://trac.edgewall.org/'>Powered by Trac</a></html>",
    "/login/rpc": 415,
}


class Asked:
    """The server's address, and the requests that reached it: method, path, the credential in it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.heads: list[tuple[str, str, str]] = []


@contextlib.contextmanager
def tracker(pages: Mapping[str, object], key: str = KEY) -> Iterator[Asked]:
    """Serve these pages; all but Jira's own description want the key."""
    asked = Asked("")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.answer()

        do_POST = do_PUT = do_DELETE = do_PATCH = do_GET  # noqa: N815 - the library's names

        def answer(self) -> None:
            path = self.path.partition("?")[0]
            given = self.headers.get("X-Redmine-API-Key") or self.headers.get("Authorization") or ""
            if given.startswith("Basic "):
                given = base64.b64decode(given.removeprefix("Basic ")).decode()
            asked.heads.append((self.command, path, given))
            known = path in pages
            status = 404 if not known else 200 if key in given or path in OPEN else 401
            page = pages[path] if status == 200 else {}
            if isinstance(page, int):
                status, page = page, b"No protocol matching Content-Type"
            body = page if isinstance(page, bytes) else json.dumps(page).encode()
            self.send_response(status)
            self.send_header("Content-Type", "text/html" if isinstance(page, bytes) else "application/json")
            self.send_header("Content-Length", str(len(body)))
            if "/projects.json" in pages and status == 401:
                self.send_header("WWW-Authenticate", 'Basic realm="Redmine API"')
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing on the terminal."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    asked.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
