"""`init --tracker` against a real Redmine and a real Trac: recognized, asked, and read by the settings written."""

import pytest

from cli import check, init
from config.organization import Loaded
from config.wiring import examine
from tests import live
from tests.cli.test_init import run

redmine = live.redmine
new_project = live.new_project
trac = live.trac

pytestmark = pytest.mark.servers


def test_a_real_redmine_and_a_real_trac_become_offices_of_one_organization(
    tmp_path, capsys, monkeypatch, redmine, new_project, trac
):
    monkeypatch.setenv("HAFEN_KEY", redmine["users"]["interoffice"]["key"])
    monkeypatch.setenv("BAHN_KEY", trac["users"]["interoffice"]["password"])
    project, folder = new_project("Hafen"), tmp_path / "org"
    run(
        init, folder, "--tracker", redmine["url"], "--allow", "127.0.0.1", "--credentials", "HAFEN_KEY",
        "--office", "hafen", "--within", project,
    )  # fmt: skip
    run(
        init, folder, "--add", "--tracker", trac["url"], "--allow", "127.0.0.1", "--credentials", "BAHN_KEY",
        "--user", "interoffice", "--office", "bahn",
    )  # fmt: skip
    tools = folder / "tools.yaml"
    text = tools.read_text("utf-8")
    assert "kind: redmine" in text
    assert "kind: trac" in text
    assert "#" in text.partition("key:")[2].split("\n")[0], "our field is on no issue of a new project"
    head, _, rest = text.partition("          key:  #")
    tools.write_text(f"{head}          key: Interoffice key  #{rest}", "utf-8")
    found = examine(folder)
    assert isinstance(found, Loaded), "\n".join(map(str, found))
    settings = found.organization.partition("hafen").settings
    assert settings["projects"]["within"] == [project]
    assert settings["items"]["statuses"]["canceled"] == ["Rejected"]
    assert settings["projects"]["columns"]["baseline_finish"] == "Baseline finish"
    capsys.readouterr()
    run(check, folder, "--connect")
    said = capsys.readouterr().out
    assert "bahn (bahn-trac): read" in said
    assert "hafen (hafen-redmine): read" in said
