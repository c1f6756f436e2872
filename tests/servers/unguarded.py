"""The control: Prefect's server with no guard before it and no password; and a page server of strangers.

`python -m tests.servers.unguarded prefect HANDLE` or `... pages PORT`.
"""

from __future__ import annotations

import socket
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def serve_prefect(handle: int) -> None:
    """As Prefect starts it, on a socket of ours; only its transactions wait for each other, as ours do."""
    import uvicorn
    from prefect.server.api.server import create_app

    from runtime.prefect_database import begin_transactions_as_writers, make_tables

    make_tables()
    begin_transactions_as_writers()
    config = uvicorn.Config(create_app(final=True), log_level="warning", timeout_graceful_shutdown=0)
    uvicorn.Server(config).run(sockets=[socket.socket(fileno=handle)])


def serve_pages(port: int) -> None:
    """A page that tries, under every name, and one that shows it in a sandbox."""
    from tests.servers.ways import PAGE

    class Pages(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.end_headers()
            boxed = "<iframe sandbox='allow-scripts allow-forms' src='/'></iframe>"
            self.wfile.write((boxed if self.path == "/sandboxed" else PAGE).encode())

        def log_message(self, *_: object) -> None:
            """Nothing on the terminal."""

    ThreadingHTTPServer(("127.0.0.1", port), Pages).serve_forever()


if __name__ == "__main__":
    {"prefect": serve_prefect, "pages": serve_pages}[sys.argv[1]](int(sys.argv[2]))
