"""A port that was given is taken or refused, never replaced; a usual one that is in use is, and that is said."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cli.main import main
from config.settings import read_settings
from runtime import lifecycle
from runtime.folder import StateFolder
from runtime.lifecycle import Lifecycle
from runtime.place import Place
from runtime.ports import port_of
from runtime.problem import Problem


@contextmanager
def taken() -> Iterator[int]:
    """A port on which somebody else listens."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield other.getsockname()[1]


def free() -> int:
    with taken() as port:
        return port


def ports(one: Lifecycle) -> dict[str, int]:
    """The ports on which it listens; given back at once."""
    sockets = one._supervisor().sockets
    found = {name: port_of(each) for name, each in sockets.items()}
    for each in sockets.values():
        each.close()
    return found


def up(state: Path, said: list[str], *options: str, **environment: str) -> Lifecycle:
    folder = StateFolder(state)
    folder.make()
    settings = read_settings({"INTEROFFICE_STATE": str(state), **environment})
    return Lifecycle(Place(folder, settings), lambda: pytest.fail("no job"), False, said.append, options)


def test_a_given_port_is_taken(tmp_path: Path) -> None:
    here, there = free(), free()
    given = {"INTEROFFICE_PREFECT_PORT": str(here), "INTEROFFICE_GATEWAY_PORT": str(there)}
    assert ports(up(tmp_path, [], **given)) == {"server": here, "gateway": there}


@pytest.mark.parametrize("setting", ["PREFECT", "GATEWAY"])
def test_a_given_port_that_is_in_use_is_an_error_with_its_remedy(tmp_path: Path, setting: str) -> None:
    variable = f"INTEROFFICE_{setting}_PORT"
    other = {"INTEROFFICE_PREFECT_PORT": str(free()), "INTEROFFICE_GATEWAY_PORT": str(free())}
    with taken() as port, pytest.raises(Problem) as refused:
        up(tmp_path, [], **{**other, variable: str(port)})._supervisor()
    assert f"port {port} of " in str(refused.value)
    assert f"given by {variable}, is in use -> end what listens there" in str(refused.value)


def test_an_option_is_named_in_place_of_the_variable(tmp_path: Path) -> None:
    with taken() as port, pytest.raises(Problem, match="of the reports, given by --gateway-port, is in use"):
        up(tmp_path, [], "gateway_port", INTEROFFICE_GATEWAY_PORT=str(port))._supervisor()


def test_a_usual_port_in_use_is_replaced_and_that_is_said_at_once_and_in_the_last_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    with taken() as port:
        monkeypatch.setattr(lifecycle, "listen", lambda _: lifecycle.listen_at(free(), "", ""))
        one = up(tmp_path, said)
        one.place.folder.note(port=port)
        found = ports(one)["server"]
    assert f"port {port} is in use; port {found} is used for Prefect" in said
    assert one._where("http://x", found) == f"http://x (port {port} is in use by another program)"
    assert one._where("http://x", port) == "http://x"


def test_where_another_server_is_named_no_port_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:1/api")
    with pytest.raises(Problem, match="so none is started -> leave INTEROFFICE_PREFECT_PORT out"):
        up(tmp_path, [], INTEROFFICE_PREFECT_PORT=str(free()))._supervisor()


@pytest.mark.parametrize("text", ["0", "70000", "http", "-1", ""])
@pytest.mark.parametrize("option", ["--port", "--gateway-port"])
def test_what_is_no_port_is_refused_as_usage(
    option: str, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["up", option + "=" + text])
    assert ended.value.code == 2
    assert f"a port from 1 to 65535 is needed, not {text!r}" in capsys.readouterr().err


def test_one_port_cannot_be_given_twice(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["up", "--port=4300", "--gateway-port=4300", "--state", str(tmp_path)]) == 2
    assert "cannot both have port 4300 -> give two ports" in capsys.readouterr().err
