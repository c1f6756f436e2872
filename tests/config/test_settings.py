"""Settings: every variable that is wrong is named, with what to write; passwords are never repeated."""

from pathlib import Path
from socket import gethostname

import pytest

from config.settings import (
    ROOT,
    BadSettings,
    Settings,
    credential,
    for_child,
    origins,
    read_settings,
    variable,
)


def test_without_any_variable_everything_lies_in_var():
    found = read_settings({})
    assert found.state == ROOT / "var"
    assert found.organization == ROOT / "var" / "organization"
    assert found.database_url == f"sqlite:///{ROOT / 'var' / 'interoffice.db'}"
    assert found.address == "http://127.0.0.1:8420"


def test_every_variable_is_read(tmp_path):
    found = read_settings(
        {
            "INTEROFFICE_ORGANIZATION": str(tmp_path / "o"),
            "INTEROFFICE_STATE": str(tmp_path / "s"),
            "INTEROFFICE_DATABASE_URL": "postgresql://me:secret@db/x",
            "INTEROFFICE_GATEWAY_HOST": "192.0.2.7",
            "INTEROFFICE_GATEWAY_PORT": "9000",
            "INTEROFFICE_GATEWAY_URL": "https://pmo.example/",
            "PATH": "/bin",
        }
    )
    assert (found.organization, found.state) == (tmp_path / "o", tmp_path / "s")
    assert found.database_url == "postgresql://me:secret@db/x"
    assert (found.gateway_host, found.gateway_port, found.address) == (
        "192.0.2.7",
        9000,
        "https://pmo.example",
    )
    assert "secret" not in repr(found)


@pytest.mark.parametrize(
    ("urls", "found"),
    [
        ("https://prefect.example.com", ("https://prefect.example.com",)),
        ("https://A.example/, http://b.example:8080", ("https://a.example", "http://b.example:8080")),
    ],
)
def test_a_proxy_may_serve_prefect_s_page_under_several_addresses(urls, found):
    assert origins(read_settings({"INTEROFFICE_PREFECT_URL": urls}).prefect_url) == found


@pytest.mark.parametrize(
    "urls", ["prefect.example.com", "https://a.example/path", "https://a.example,", "ftp://a"]
)
def test_what_is_no_address_of_a_proxy_is_refused(urls):
    with pytest.raises(BadSettings, match="INTEROFFICE_PREFECT_URL cannot be used"):
        read_settings({"INTEROFFICE_PREFECT_URL": urls})


def test_the_state_folder_moves_what_lies_in_it(tmp_path):
    found = read_settings({"INTEROFFICE_STATE": str(tmp_path)})
    assert found.organization == tmp_path / "organization"
    assert found.database_url == f"sqlite:///{tmp_path}/interoffice.db"


def test_a_variable_that_is_set_to_nothing_is_not_set():
    assert read_settings({"INTEROFFICE_GATEWAY_PORT": " "}).gateway_port == 8420


def test_paths_are_made_absolute():
    assert read_settings({"INTEROFFICE_STATE": "here"}).state == Path.cwd() / "here"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        (
            "INTEROFFICE_GATEWAY_PORT",
            "http",
            "INTEROFFICE_GATEWAY_PORT cannot be used: `http` -> write a port",
        ),
        ("INTEROFFICE_GATEWAY_PORT", "70000", "a port from 1 to 65535"),
        ("INTEROFFICE_PREFECT_PORT", "0", "`0` -> write a port from 1 to 65535 for Prefect's server"),
        ("INTEROFFICE_GATEWAY_URL", "pmo.example", "INTEROFFICE_GATEWAY_URL cannot be used: `pmo.example`"),
        (
            "INTEROFFICE_DATABASE_URL",
            "mysql://me:hunter2@db/x",
            "INTEROFFICE_DATABASE_URL cannot be used -> write sqlite",
        ),
        (
            "INTEROFFICE_DATABSE_URL",
            "sqlite:///x",
            "INTEROFFICE_DATABSE_URL is no setting -> did you mean `INTEROFFICE_DATABASE_URL`?",
        ),
        (
            "INTEROFFICE_PREFECT_DATABASE_URL",
            "sqlite:///hunter2",
            "INTEROFFICE_PREFECT_DATABASE_URL cannot be used -> write postgresql://",
        ),
        (
            "INTEROFFICE_HOST",
            "a/b",
            "INTEROFFICE_HOST cannot be used: `a/b` -> write a name that no other host",
        ),
        ("INTEROFFICE_HEARTBEAT", "1", "from 3 to 3600"),
        ("INTEROFFICE_SATTE", "x", "INTEROFFICE_SATTE is no setting"),
    ],
)
def test_a_wrong_variable_is_named_with_what_to_write(name, value, said):
    with pytest.raises(BadSettings) as refused:
        read_settings({name: value})
    assert said in str(refused.value)
    assert "hunter2" not in str(refused.value)


def test_all_wrong_variables_are_named_at_once():
    with pytest.raises(BadSettings) as refused:
        read_settings(
            {"INTEROFFICE_GATEWAY_PORT": "x", "INTEROFFICE_PORT": "1", "INTEROFFICE_DATABASE_URL": "x"}
        )
    assert len(refused.value.lines) == 3


def test_a_host_has_the_machine_s_name_and_may_be_silent_for_a_minute_where_nothing_is_said():
    found = read_settings({})
    assert (found.host, found.heartbeat, found.prefect_database_url) == (gethostname(), 60, "")


def test_a_credential_is_read_by_its_name(monkeypatch):
    monkeypatch.setenv("PORTO_SHARE", "open sesame")
    assert credential("PORTO_SHARE") == "open sesame"
    monkeypatch.delenv("PORTO_SHARE")
    with pytest.raises(BadSettings, match="PORTO_SHARE is not set"):
        credential("PORTO_SHARE")


def test_another_programs_variable_and_a_childs_environment(monkeypatch):
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:4200/api")
    assert variable("PREFECT_API_URL") == "http://127.0.0.1:4200/api"
    assert variable("NOT_SET_ANYWHERE") == ""
    child = for_child({"A": "b"})
    assert child["A"] == "b"
    assert child["PREFECT_API_URL"] == "http://127.0.0.1:4200/api"


def test_settings_cannot_be_changed():
    with pytest.raises(ValueError, match="frozen"):
        Settings().gateway_port = 1
