"""What `connectors/http/wire.py` uses of urllib3 and http.client though nobody promises it is still there.

By it the peer of every connection is checked, and whether anything of a call was sent is known, not guessed.
Nothing public of urllib3 stands between the look-up of a name and the connection.
"""

from __future__ import annotations

import ast
import http.client
import inspect
import io
import logging
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import TypeAlias

import pytest
import urllib3
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection

from connectors.http import wire

TRUSTED = {"_dns_host", "_new_conn"}
"""The private names, each with a check below."""


def keeps_the_name_to_look_up(connection: type[HTTPConnection]) -> bool:
    there = connection("tool.example.", 80)
    before = (there._dns_host, there.host)
    there._dns_host = "127.0.0.1"
    return (*before, there.host) == ("tool.example.", "tool.example", "127.0.0.1")


def connects_to_that_name_and_port(connection: type[HTTPConnection]) -> bool:
    with socket.create_server(("127.0.0.1", 0)) as server:
        there = connection("tool.invalid", server.getsockname()[1])
        there._dns_host = "127.0.0.1"
        with there._new_conn() as line:
            return line.getpeername() == server.getsockname()


def fails_by_its_own_error(connection: type[HTTPConnection]) -> bool:
    with socket.create_server(("127.0.0.1", 0)) as server:
        there = connection(*server.getsockname(), timeout=5)
    try:
        there._new_conn().close()
    except (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError):
        return True
    return False


def connects_only_so(connection: type[HTTPConnection]) -> bool:
    asked = []

    class Noted(connection):
        def _new_conn(self) -> socket.socket:
            asked.append(self._dns_host)
            raise ConnectionRefusedError

    with suppress(ConnectionRefusedError), closing(Noted("127.0.0.1", 9)) as there:
        there.connect()
    return asked == ["127.0.0.1"]


def sends_and_answers_by_what_we_replace(connection: type[HTTPConnection]) -> bool:
    sent, answered = [], []

    class Noted(connection):
        class response_class(http.client.HTTPResponse):  # noqa: N801 - http.client's name
            def __init__(self, sock: socket.socket, *given: object, **more: object) -> None:
                super().__init__(sock, *given, **more)
                answered.append((sock, isinstance(self.fp, io.BufferedReader), type(self.fp.detach())))
                raise ConnectionAbortedError

        def send(self, data: object) -> None:
            sent.append((self.sock is None, self.auto_open))
            super().send(data)

    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        closing(Noted(*server.getsockname())) as there,
    ):
        there.request("POST", "/", body=b"x")
        line = there.sock
        with suppress(ConnectionAbortedError):
            there.getresponse()
    return sent[0] == (True, 1) and len(sent) > 1 and answered == [(line, True, socket.SocketIO)]


def takes_the_pools_of_a_manager(_: type[HTTPConnection]) -> bool:
    class Pool(HTTPConnectionPool):
        pass

    manager = PoolManager()
    before = manager.pool_classes_by_scheme
    manager.pool_classes_by_scheme = {"http": Pool, "https": HTTPSConnectionPool}
    made = manager.connection_from_url("http://127.0.0.1:9/")
    return before == {"http": HTTPConnectionPool, "https": HTTPSConnectionPool} and type(made) is Pool


def takes_the_connections_of_a_pool(connection: type[HTTPConnection]) -> bool:
    class Pool(HTTPConnectionPool):
        ConnectionCls = connection

    return type(Pool("127.0.0.1", 9)._new_conn()) is connection


def logs_under_the_names_that_are_filtered(_: type[HTTPConnection]) -> bool:
    modules = (urllib3.connection, urllib3.connectionpool, urllib3.response, urllib3.util.retry)
    loggers = [module.log for module in modules]
    return all(any(isinstance(each, wire._Discreet) for each in log.filters) for log in loggers) and all(
        isinstance(log, logging.Logger) for log in loggers
    )


Check: TypeAlias = Callable[[type[HTTPConnection]], bool]
RELIED_ON: dict[Check, str] = {
    keeps_the_name_to_look_up: "`_dns_host` is the name to look up, with its final dot, and `host` without it",
    connects_to_that_name_and_port: "`_new_conn` gives a socket that is connected to `_dns_host` and `port`",
    fails_by_its_own_error: "`_new_conn` raises NewConnectionError or ConnectTimeoutError",
    connects_only_so: "`connect` gets its socket from `_new_conn` and nowhere else",
    sends_and_answers_by_what_we_replace: (
        "every byte goes through `send`, whose first call connects, and `response_class` is given the socket "
        "and has it as a buffered reader in `fp`"
    ),
    takes_the_pools_of_a_manager: "a PoolManager makes pools from its own `pool_classes_by_scheme`",
    takes_the_connections_of_a_pool: "a pool makes connections from `ConnectionCls`",
    logs_under_the_names_that_are_filtered: "its modules log under the names that wire.py filters",
}


def moved(connection: type[HTTPConnection], checks: Sequence[Check]) -> Iterator[str]:
    """What does not hold any more, as sentences."""
    for holds in checks:
        try:
            there = holds(connection)
        except Exception:  # noqa: BLE001 - whatever another urllib3 does
            there = False
        if not there:
            yield (
                f"urllib3 {urllib3.__version__}: it no longer holds of {connection.__name__} that {RELIED_ON[holds]}"
                " -> look at `_Line`, `_Answer` and `Wire.over` in connectors/http/wire.py: without it a peer is"
                " not checked, or a call that was sent counts as not sent"
            )


OVER_TLS = [each for each in RELIED_ON if each is not sends_and_answers_by_what_we_replace]
"""The checks that need no certificate; `send` and `response_class` are the plain connection's own over TLS too."""


@pytest.mark.parametrize(
    ("connection", "checks"), [(HTTPConnection, list(RELIED_ON)), (HTTPSConnection, OVER_TLS)]
)
def test_urllib3_is_as_our_connections_need_it(connection, checks) -> None:
    found = list(moved(connection, checks))
    assert not found, "\n".join(found)


def test_a_secure_connection_sends_and_answers_as_the_plain_one() -> None:
    for name in ("send", "response_class", "getresponse", "auto_open"):
        assert getattr(HTTPSConnection, name) is getattr(HTTPConnection, name), name


def renamed_look_up(connection: type[HTTPConnection]) -> type[HTTPConnection]:
    class Moved(connection):
        @property
        def _dns_host(self) -> str:
            raise AttributeError("_dns_host")

        @_dns_host.setter
        def _dns_host(self, name: str) -> None:
            self.name = name

        @property
        def host(self) -> str:
            return self.name

        @host.setter
        def host(self, name: str) -> None:
            self.name = name

    return Moved


def connecting_elsewhere(connection: type[HTTPConnection]) -> type[HTTPConnection]:
    class Moved(connection):
        def connect(self) -> None:
            self.sock = socket.create_connection((self.host, self.port))

    return Moved


def sending_elsewhere(connection: type[HTTPConnection]) -> type[HTTPConnection]:
    class Moved(connection):
        def request(self, *_: object, **__: object) -> None:
            self.connect()
            self.sock.sendall(b"POST / HTTP/1.1\r\n\r\n")

    return Moved


@pytest.mark.parametrize(
    ("plant", "check"),
    [
        (renamed_look_up, keeps_the_name_to_look_up),
        (connecting_elsewhere, connects_only_so),
        (sending_elsewhere, sends_and_answers_by_what_we_replace),
    ],
)
def test_a_urllib3_in_which_one_has_moved_is_told_by_a_sentence(plant, check) -> None:
    found = list(moved(plant(HTTPConnection), list(RELIED_ON)))
    assert any(RELIED_ON[check] in each and "look at `_Line`" in each for each in found), found


def test_no_other_private_name_is_used() -> None:
    tree = ast.parse(Path(inspect.getsourcefile(wire)).read_text("utf-8"))
    used = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute) if is_private(node.attr)}
    own = {
        target.attr
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef) and function.name == "__init__"
        for target in ast.walk(function)
        if isinstance(target, ast.Attribute) and isinstance(target.ctx, ast.Store)
    }
    assert used - own == TRUSTED


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")
