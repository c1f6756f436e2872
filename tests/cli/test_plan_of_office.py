"""`interoffice plan read|write OFFICE/PROJECT`: a project as it was last read from its office's tool."""

import json

import pytest

from cli import main
from examples.harbor_group import player
from tasks import context
from tasks.reading import read_office


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A copy of the sample of which one office was read."""
    place = tmp_path_factory.mktemp("plan")
    player.copy_sample(place / "organization")
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("INTEROFFICE_STATE", str(place / "state"))
        monkeypatch.setenv("INTEROFFICE_ORGANIZATION", str(place / "organization"))
        context.KEPT.forget()
        read_office("santos")
        context.current_application().store.close()
        context.KEPT.forget()
    return place


@pytest.fixture
def plan(place, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("INTEROFFICE_STATE", str(place / "state"))
    monkeypatch.setenv("INTEROFFICE_ORGANIZATION", str(place / "organization"))
    monkeypatch.chdir(tmp_path)

    def ended(*words: str, code: int = 0):
        assert main.main(["plan", *words]) == code
        return capsys.readouterr()

    return ended


def test_a_project_is_read_as_it_was_stored_with_what_was_not_carried(plan) -> None:
    said = plan("read", "santos/SP-01").out
    assert said.startswith("santos/SP-01: ")
    assert "  read on 20" in said
    found = json.loads(plan("read", "santos/SP-01", "--json").out)
    assert found["format"] == "interoffice-plan/1"
    assert len(found["tasks"]) > 3


def test_a_project_is_written_into_a_file_and_read_from_it_again(plan) -> None:
    before = plan("read", "santos/SP-01", "--json").out
    assert "written: plan.xlsx" in plan("write", "santos/SP-01", "--to", "plan.xlsx").out
    assert plan("read", "plan.xlsx", "--json").out == before


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ("santos/SP-99", "santos had no project santos/SP-99 when it was last read"),
        ("santas/SP-01", "there is no office 'santas' -> did you mean `santos`?"),
        ("durban/D-1", "durban was never read"),
        ("santos/plan.xml", "santos/plan.xml is not there -> give a plan's file"),
    ],
)
def test_a_project_that_is_not_there_is_refused_with_what_to_do(plan, named, said) -> None:
    assert said in plan("read", named, code=1).err


def test_the_chart_of_a_project_has_the_line_of_the_office_s_day_whenever_it_was_read(
    place, plan, tmp_path
) -> None:
    clock = place / "organization" / "clock.yaml"
    before = clock.read_text("utf-8")
    try:
        clock.write_text("as_of: 2027-03-29T07:00:00Z\n", "utf-8")
        said = plan("write", "santos/SP-01", "--to", "plan.html").out
    finally:
        clock.write_text(before, "utf-8")
    assert "written: plan.html" in said
    assert "seen on 29 March 2027" in (tmp_path / "plan.html").read_text("utf-8")
