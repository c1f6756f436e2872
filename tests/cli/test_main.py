"""The command line: quick help, one line per error, exit codes, and no traceback on the terminal."""

import importlib
import os
import re
import subprocess
import sys

import pytest

from cli import ledger, main, run, status
from cli.docs import DOCS, PAGES
from config.keyfile import auth_string
from config.settings import Settings, read_settings
from connectors.registry import KINDS
from runtime.environment import Addresses, database, environment
from runtime.folder import CHECKOUT, StateFolder
from runtime.problem import Problem, UsageProblem


def ended(arguments: list[str]) -> int:
    """The exit code of a command that ends in this process, before it starts itself anew."""
    try:
        return main.main(arguments)
    except SystemExit as end:
        return int(end.code or 0)


def command(*arguments: str, **environment: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "cli.main", *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_help_names_every_verb_and_loads_nothing_heavy() -> None:
    code = (
        "import sys; from cli.main import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "print(sorted({'prefect', 'sqlalchemy', 'pydantic', 'fastapi', 'openpyxl', 'cel'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    for verb in main.VERBS:
        assert re.search(rf"\n    {verb}\s", done.stdout)
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_check_of_the_files_does_without_prefect() -> None:
    code = (
        "import sys; from cli.main import main; code = main(sys.argv[1:])"
        "; print(code, 'prefect' in sys.modules, 'config.wiring' in sys.modules)"
    )
    sample = ["check", str(CHECKOUT / "examples" / "harbor_group")]
    done = subprocess.run(
        [sys.executable, "-c", code, *sample], cwd=CHECKOUT, capture_output=True, text=True, check=False
    )
    assert done.stdout.endswith("0 False True\n"), done.stdout + done.stderr


@pytest.mark.parametrize("verb", main.VERBS)
def test_every_verb_has_help(verb, capsys) -> None:
    assert ended([verb, "--help"]) == 0
    assert "usage: interoffice" in capsys.readouterr().out


@pytest.mark.usefixtures("in_place")
@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["fly"],
        ["up", "--weeks", "0"],
        ["up", "--weeks", "13"],
        ["up", "--weeks", "two"],
        ["ledger"],
        ["ledger", "burn"],
        ["run"],
        ["run", "sync-offices", "office"],
        ["run", "sync-offices", "=all"],
    ],
    ids=" ".join,
)
def test_a_command_that_is_not_understood_ends_with_2_and_says_how(arguments, capsys) -> None:
    assert ended(arguments) == 2
    said = capsys.readouterr().err
    assert "Traceback" not in said
    assert "usage" in said or " -> " in said


@pytest.mark.parametrize(
    ("arguments", "values"),
    [
        (["run", "sync-offices", "--local", "office=all", "why=now"], {"values": ["office=all", "why=now"]}),
        (["run", "--json", "sync-offices", "office=all", "--local", "why=now"], {"values": ["office=all", "why=now"]}),
        (["init", "there", "--currency", "EUR", "a.xlsx", "b.xlsx"], {"files": ["a.xlsx", "b.xlsx"]}),
        (["ledger", "verify", "--head", "0a1b", "ledger.jsonl"], {"file": "ledger.jsonl"}),
    ],
    ids=lambda each: " ".join(each) if isinstance(each, list) else "",
)  # fmt: skip
def test_values_may_stand_behind_options(arguments, values) -> None:
    modules = [importlib.import_module(f"cli.{verb.replace('-', '_')}") for verb in main.VERBS]
    read = vars(main.parser_of(modules).parse_args(arguments))
    there = {
        name: [str(each) for each in read[name]] if isinstance(read[name], list) else str(read[name])
        for name in values
    }
    assert there == values


def test_a_process_ends_with_the_exit_code_of_its_command(tmp_path) -> None:
    done = command("run", "sync-offices", "office", INTEROFFICE_STATE=str(tmp_path))
    assert done.returncode == 2
    assert done.stderr.startswith("error: 'office' is no key=value -> ")
    assert "Traceback" not in done.stderr


@pytest.fixture
def in_place(tmp_path, monkeypatch) -> None:
    """The state folder of the test; no command takes this process's place."""
    monkeypatch.setenv("INTEROFFICE_STATE", str(tmp_path))
    monkeypatch.setattr(os, "execve", None)


@pytest.mark.usefixtures("in_place")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["status"], "start with `interoffice up`"),
        (["ledger", "verify"], "start with `interoffice up`"),
        (["run", "sync-offices", "why=x"], "start `interoffice up`, set PREFECT_API_URL"),
        (["run", "fly-away"], "one of: accept-deployment"),
        (["up", "--organization", "/nowhere/at/all"], "is no folder -> make one with `interoffice init"),
        (["status", "--organization", "/nowhere/at/all"], "is no folder"),
    ],
)
def test_what_cannot_be_done_ends_with_1_and_one_line_that_says_what_to_do(arguments, said, capsys) -> None:
    assert ended(arguments) == 1
    assert_one_line(capsys.readouterr().err, said)


def test_a_setup_without_a_server_ends_so_too_when_it_has_started_itself_anew(tmp_path) -> None:
    done = command("setup", INTEROFFICE_STATE=str(tmp_path))
    assert done.returncode == 1
    assert_one_line(done.stderr, "start `interoffice up`, set PREFECT_API_URL")


def assert_one_line(told: str, said: str) -> None:
    lines = told.strip().splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("error: ")
    assert said in lines[0]


@pytest.mark.usefixtures("in_place")
def test_a_setting_that_nobody_knows_is_named(monkeypatch, capsys) -> None:
    monkeypatch.setenv("INTEROFFICE_ORGANISATION", "x")
    assert ended(["status"]) == 1
    said = capsys.readouterr().err
    assert "INTEROFFICE_ORGANISATION is no setting" in said
    assert "Traceback" not in said


def test_an_organization_with_errors_is_refused_with_every_place(tmp_path) -> None:
    organization = tmp_path / "mine"
    organization.mkdir()
    (organization / "organization.yaml").write_text("id: mine\nnmae: Mine\n", "utf-8")
    done = command("up", "--once", "--organization", str(organization), INTEROFFICE_STATE=str(tmp_path / "s"))
    assert done.returncode == 1
    assert "organization.yaml" in done.stderr
    assert "nmae" in done.stderr
    assert "Traceback" not in done.stderr


def test_what_nobody_foresaw_is_one_line_and_the_traceback_lies_in_the_state_folder(tmp_path, capsys) -> None:
    assert main.report(RuntimeError("the\nunforeseen"), tmp_path) == 1
    said = capsys.readouterr().err
    assert said == f"error: RuntimeError: the unforeseen -> details: {tmp_path / 'logs' / 'error.log'}\n"
    assert "RuntimeError" in (tmp_path / "logs" / "error.log").read_text("utf-8")


def test_the_traceback_lies_in_the_state_folder_also_where_the_environment_names_it(
    tmp_path, monkeypatch, capsys
) -> None:
    monkeypatch.setenv("INTEROFFICE_STATE", str(tmp_path))
    assert main.report(RuntimeError("the unforeseen"), None) == 1
    assert str(tmp_path / "logs" / "error.log") in capsys.readouterr().err


def test_a_usage_problem_ends_with_2_and_a_problem_with_1(tmp_path, capsys) -> None:
    assert main.report(UsageProblem("x -> y"), tmp_path) == 2
    assert main.report(Problem("x -> y"), tmp_path) == 1
    assert capsys.readouterr().err == "error: x -> y\n" * 2


FORM = {
    "properties": {
        "office": {"type": "string", "enum": ["all", "antwerp"]},
        "why": {"type": "string"},
        "dry_run": {"type": "boolean"},
        "days": {"type": "integer"},
    },
    "required": ["why"],
}


def test_values_take_the_types_of_the_form() -> None:
    given = {"office": "antwerp", "why": "the board", "dry_run": "no", "days": "3"}
    assert run.parsed(FORM, given) == {"office": "antwerp", "why": "the board", "dry_run": False, "days": 3}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"why": "x", "ofice": "all"}, "there is no ofice -> it asks for: office, why"),
        ({"office": "all"}, "why is missing -> add why=..."),
        ({"why": "  "}, "why is empty"),
        ({"why": "x", "office": "atlantis"}, "office=atlantis is no choice -> one of: all, antwerp"),
        ({"why": "x", "dry_run": "maybe"}, "dry_run=maybe is neither true nor false -> write dry_run=true"),
        ({"why": "x", "days": "three"}, "days=three is no integer -> write a number"),
    ],
)
def test_a_value_that_the_form_would_refuse_is_refused_before_a_run_is_made(given, said) -> None:
    with pytest.raises(UsageProblem, match=re.escape(said)):
        run.parsed(FORM, given)


@pytest.mark.parametrize("head", ["", "abc", "g" * 64, "a" * 65])
def test_a_head_that_is_none_is_refused(head) -> None:
    with pytest.raises(UsageProblem):
        ledger._head(head)


def test_a_head_may_be_given_as_a_report_prints_it() -> None:
    assert ledger._head(" ABCDEF012345 ") == "abcdef012345"


def test_the_text_of_status_leaves_out_what_is_nought() -> None:
    told = status._table({"adopted": 3, "rolled_back": 0, "not_applicable": 1})
    assert [line.split(maxsplit=1) for line in told] == [["3", "adopted"], ["1", "not applicable"]]


def test_no_prefect_of_the_users_leaks_into_ours(tmp_path, monkeypatch) -> None:
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    monkeypatch.setenv("PREFECT_API_KEY", "pnu_secret")
    monkeypatch.setenv("PREFECT_API_AUTH_STRING", "admin:secret")
    monkeypatch.setenv("PREFECT_LOGGING_LEVEL", "DEBUG")
    settings = Settings.model_validate({"state": tmp_path, "organization": tmp_path})
    found = environment(StateFolder(tmp_path), settings, Addresses("http://127.0.0.1:4200", 4200, 8420))
    ours = {name for name in found if name.startswith("PREFECT_")}
    assert not {"PREFECT_API_KEY", "PREFECT_LOGGING_LEVEL"} & ours
    own = auth_string(tmp_path)
    assert (found["PREFECT_API_AUTH_STRING"], found["PREFECT_SERVER_API_AUTH_STRING"]) == (own, own)
    assert found["PREFECT_HOME"] == str(tmp_path / "prefect")
    assert found["PREFECT_API_URL"] == "http://127.0.0.1:4200/api"
    assert found["PREFECT_SERVER_CSRF_PROTECTION_ENABLED"] == "true"
    assert found["PREFECT_SERVER_CORS_ALLOWED_ORIGINS"] == "http://127.0.0.1:4200,http://localhost:4200"
    assert found["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"
    assert found["DO_NOT_TRACK"] == "1"


def test_a_server_that_was_named_keeps_its_settings_and_a_key_gives_way_to_a_password(
    tmp_path, monkeypatch
) -> None:
    monkeypatch.setenv("PREFECT_API_URL", "http://prefect.example/api")
    monkeypatch.setenv("PREFECT_API_KEY", "pnu_secret")
    settings = Settings.model_validate({"state": tmp_path, "organization": tmp_path})
    addresses = Addresses("http://prefect.example", None, 8420)
    found = environment(StateFolder(tmp_path), settings, addresses)
    assert found["PREFECT_API_KEY"] == "pnu_secret"
    assert "PREFECT_SERVER_CSRF_PROTECTION_ENABLED" not in found
    monkeypatch.setenv("PREFECT_API_AUTH_STRING", "admin:secret")
    found = environment(StateFolder(tmp_path), settings, addresses)
    assert "PREFECT_API_KEY" not in found
    assert found["PREFECT_API_AUTH_STRING"] == "admin:secret"


def test_only_the_server_knows_where_prefect_s_database_is(tmp_path, monkeypatch) -> None:
    given = "postgresql://prefect:secret%40@db.example:5433/prefect?sslmode=require&host=/run/postgresql"
    monkeypatch.setenv("INTEROFFICE_PREFECT_DATABASE_URL", given)
    settings = read_settings()
    assert "secret" not in repr(settings)
    found = environment(StateFolder(tmp_path), settings, Addresses("http://127.0.0.1:4200", 4200, 8420))
    assert not [name for name, text in found.items() if "secret" in text]
    assert database(settings) == {
        "INTEROFFICE_PREFECT_DATABASE_URL": given,
        "PREFECT_SERVER_DATABASE_CONNECTION_URL": "postgresql+asyncpg://prefect:secret%40@db.example:5433/prefect"
        "?ssl=require&host=%2Frun%2Fpostgresql",
    }
    assert database(Settings.model_validate({})) == {}


@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_written_page_is_the_one_that_the_code_gives(name: str) -> None:
    assert (DOCS / name).read_text("utf-8") == PAGES[name](), "run `make docs`"


def test_readme_names_every_connector_and_no_other() -> None:
    readme = (CHECKOUT / "README.md").read_text("utf-8")
    (row,) = [line for line in readme.splitlines() if line.startswith("Connectors: ")]
    assert set(re.findall(r"`([\w-]+)`", row)) == set(KINDS)


def test_the_checkout_is_where_prefect_yaml_lies() -> None:
    assert (CHECKOUT / "prefect.yaml").is_file()
