"""`init --tracker`: a server is recognized and asked, its fields and statuses are proposed, nothing is written."""

from pathlib import Path

import pytest

from cli import init
from config.organization import Loaded
from config.wiring import examine
from domain.organization.office import Access
from runtime.problem import Problem, UsageProblem
from tests.cli.test_init import run
from tests.cli.trackers import JIRA, KEY, OPENPROJECT, REDMINE, TRAC, tracker


@pytest.fixture(autouse=True)
def credential(monkeypatch):
    monkeypatch.setenv("HAFEN_KEY", KEY)
    monkeypatch.setenv("OTHER_KEY", "wrong-canary-51")


def asked(folder: Path, url: str, *more: str) -> None:
    run(init, folder, "--tracker", url, "--allow", "127.0.0.1", "--office", "hafen", *more)


def test_a_redmine_is_recognized_and_its_projects_statuses_and_fields_are_proposed(tmp_path, capsys):
    with tracker(REDMINE) as server:
        asked(tmp_path / "org", server.url, "--credentials", "HAFEN_KEY")
    found = examine(tmp_path / "org")
    assert isinstance(found, Loaded), "\n".join(map(str, found))
    part = found.organization.partition("hafen")
    assert part.access is Access.OBSERVE
    assert part.settings["projects"] == {
        "within": ["hafen"],
        "columns": {"sponsor": "Sponsor", "stage": "Phase"},
        "words": {"stage": {"In Umsetzung": "execution"}},
    }
    items = part.settings["items"]
    assert items["columns"]["key"] == "Interoffice key"
    assert items["put_as"] == "Aufgabe"
    assert items["statuses"] == {"open": ["Neu"], "done": ["Erledigt"], "canceled": ["Storniert"]}
    said = capsys.readouterr().out
    assert "field 'Sponsor' as sponsor: Eva König" in said
    assert "field 'API token' not mapped: (not shown)" in said
    assert said.rstrip().endswith("--files --connect`")


def test_a_server_is_only_read_and_gets_the_credential_only_once_it_is_recognized(tmp_path):
    with tracker(REDMINE) as server:
        asked(tmp_path / "org", server.url, "--credentials", "HAFEN_KEY")
    assert {method for method, _, _ in server.heads} == {"GET"}
    sent = [bool(key) for _, _, key in server.heads]
    assert sent == sorted(sent), "none before it is recognized, then always"
    assert server.heads[sent.index(True)][1] == "/users/current.json"


def test_no_file_and_no_line_has_the_secret(tmp_path, capsys):
    with tracker(REDMINE) as server:
        asked(tmp_path / "org", server.url, "--credentials", "HAFEN_KEY")
        with pytest.raises(Problem) as refused:
            asked(tmp_path / "other", server.url, "--credentials", "OTHER_KEY")
    said = capsys.readouterr()
    for text in (
        said.out,
        said.err,
        str(refused.value),
        *(p.read_text("utf-8") for p in tmp_path.rglob("*.*ml")),
    ):
        assert KEY not in text
        assert "wrong-canary-51" not in text
        assert "t0ps3cret" not in text
    assert "HAFEN_KEY" in (tmp_path / "org" / "tools.yaml").read_text("utf-8")


def test_a_jira_of_ones_own_is_recognized_and_its_words_are_understood(tmp_path):
    with tracker(JIRA) as server:
        asked(tmp_path / "org", server.url, "--credentials", "HAFEN_KEY", "--within", "TERM")
    found = examine(tmp_path / "org")
    assert isinstance(found, Loaded), "\n".join(map(str, found))
    (tool,) = found.organization.tools.values()
    assert (tool.id, tool.kind) == ("hafen-jira-dc", "jira-dc")
    part = found.organization.partition("hafen")
    assert part.settings["items"]["statuses"] == {"open": ["À faire"], "canceled": ["Abandonné"]}
    assert part.settings["items"]["put_as"] == "Tâche"


@pytest.mark.parametrize(
    ("pages", "kind", "asked_for"),
    [
        (OPENPROJECT, "openproject", "/api/v3/projects"),
        (TRAC, "trac", "/login/rpc"),
        (JIRA, "jira-dc", "/rest/api/2/myself"),
    ],
)
def test_servers_of_other_kinds_are_recognized_by_what_they_show_everybody(tmp_path, pages, kind, asked_for):
    with tracker(pages) as server:
        asked(tmp_path / "org", server.url, "--credentials", "HAFEN_KEY", "--user", "interoffice")
    found = examine(tmp_path / "org")
    assert isinstance(found, Loaded), "\n".join(map(str, found))
    (tool,) = found.organization.tools.values()
    assert tool.kind == kind
    first = next(path for _, path, key in server.heads if KEY in key)
    assert first == asked_for


def test_the_words_of_an_openproject_are_understood(tmp_path):
    with tracker(OPENPROJECT) as server:
        asked(tmp_path / "org", server.url, "--credentials", "HAFEN_KEY")
    found = examine(tmp_path / "org")
    assert isinstance(found, Loaded)
    settings = found.organization.partition("hafen").settings
    assert settings["projects"]["within"] == ["faro"]
    assert settings["items"]["put_as"] == "Tarefa"
    assert settings["items"]["statuses"] == {"open": ["Aberto"], "canceled": ["Rejeitado"]}


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--credentials", "OTHER_KEY"], "answered 401 .*it does not know the credential"),
        (["--credentials", "NOT_SET"], "NOT_SET is not set -> set it to the secret"),
        ([], "answered 401 .*--credentials NAME"),
        (
            ["--kind", "jra", "--credentials", "HAFEN_KEY"],
            "--kind jra is no kind of server; known are azure-devops",
        ),
        (["--kind", "jira-dc", "--credentials", "HAFEN_KEY"], "answered 404"),
    ],
)
def test_a_server_that_does_not_let_us_in_is_one_line_and_nothing_is_written(tmp_path, more, said):
    with tracker(REDMINE) as server, pytest.raises(Problem, match=said) as refused:
        asked(tmp_path / "org", server.url, *more)
    assert str(refused.value).startswith(f"{server.url}: ")
    assert "\n" not in str(refused.value)
    assert not (tmp_path / "org").exists()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://127.0.0.1:1", "cannot be reached .* -> check the address"),
        ("redmine.example.com", "is no web address; write https://redmine.example.com"),
        ("https://eva:geheim1@redmine.example.com", "holds a user, a password or a query; write it without"),
        ("https://github.com", "GitHub's interface has another address; write https://api.github.com"),
    ],
)
def test_an_address_that_is_none_or_does_not_answer_is_one_line(tmp_path, url, said):
    with pytest.raises(Problem, match=said) as refused:
        asked(tmp_path / "org", url, "--credentials", "HAFEN_KEY")
    assert "\n" not in str(refused.value)
    assert "geheim1" not in str(refused.value)
    assert not (tmp_path / "org").exists()


def test_a_server_of_another_kind_is_not_recognized_and_never_gets_the_credential(tmp_path):
    with tracker({"/nothing": {}}) as server, pytest.raises(Problem, match=r"was not recognized as .*--kind"):
        asked(tmp_path / "org", server.url, "--credentials", "HAFEN_KEY")
    assert server.heads
    assert all(not key for _, _, key in server.heads)


def test_a_secret_in_the_place_of_its_name_is_not_repeated(tmp_path):
    with pytest.raises(UsageProblem, match="looks like a secret -> write the NAME") as refused:
        asked(tmp_path / "org", "https://r.example.com", "--credentials", "ghp_abcdefghijklmnop12")
    assert "ghp_" not in str(refused.value)
