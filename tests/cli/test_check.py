"""`interoffice check`: everything in one run, and never a traceback."""

import argparse
import json
from pathlib import Path

import pytest

from cli import check
from config.wiring import examine
from examples.harbor_group import player
from runtime.problem import UsageProblem
from tests.config.bad import BAD
from tests.config.good import write
from tests.config.test_organization import spoil
from tests.connectors.workbook.books import plain
from tests.deployments.holding import write as holding


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    check.configure(parser)
    return check.run(parser.parse_args([str(word) for word in words]))


def test_a_good_organization_is_summed_up(tmp_path, capsys):
    assert run(write(tmp_path)) == 0
    said = capsys.readouterr()
    assert said.err == ""
    assert "Quay Group, as of 2027-01-04 07:00 UTC" in said.out
    assert "method/1.0 (1 rule), method/2.0 (4 rules)" in said.out
    assert "porto (write), jeddah (observe)" in said.out
    *_, counted, after = said.out.splitlines()
    assert counted == "0 errors"
    assert after.startswith(f"next: `interoffice check {tmp_path} --files --connect`")


def test_offices_of_a_diverse_subtree_without_an_agreement_are_not_said_to_be_read(tmp_path, capsys):
    holding(tmp_path)
    (tmp_path / "tools.yaml").write_text(
        "tools: [{id: p, kind: workbook, settings: {file: p.xlsx}}]\n"
        "partitions: [{office: porto, tool: p, settings: {projects: {sheet: Projekte, columns: {id: Nr., title: Titel}}}}]\n",
        "utf-8",
    )
    plain(tmp_path / "p.xlsx")
    run(tmp_path, "--files")
    told = capsys.readouterr().out
    assert "reads       nobody yet" in told
    assert "no part     porto (observe): diverse and without an agreement" in told
    assert told.splitlines()[-1].startswith("next: an agreement (agreements.yaml), or a deployment")


def test_an_office_that_gives_money_and_no_currency_is_named_with_its_columns(tmp_path, capsys):
    run(write(tmp_path))
    assert "no currency" not in capsys.readouterr().out
    tools = tmp_path / "tools.yaml"
    text = tools.read_text("utf-8")
    name = "          title: Nome\n"
    tools.write_text(text.replace(name, f"{name}          budget: Valor (R$)\n", 1), "utf-8")
    assert run(tmp_path) == 0
    told = (
        "  no currency porto (`Valor (R$)`): its money is missing in every report; map the column that says"
    )
    assert told in capsys.readouterr().out


def test_the_costliest_expression_of_each_version_is_named_with_the_bound(tmp_path, capsys):
    asks = "check: plan.without_owner == 0 || 'x' in ['y'] && plan.titles.exists(t, t == 'x')"
    spoil(write(tmp_path), "standards/method/2.0.yaml", "check: plan.without_owner == 0", asks)
    assert run(tmp_path) == 0
    told = capsys.readouterr().out.splitlines()
    assert [line for line in told if line.startswith("  costliest")] == [
        "  costliest   method/1.0: `check` of rule plan.owners, at most 4 of 1,000,000 steps",
        "  costliest   method/2.0: `check` of rule plan.owners, at most 100,013 of 1,000,000 steps",
    ]
    assert run(tmp_path, "--json") == 0
    steps = json.loads(capsys.readouterr().out)["found"]["steps"]
    assert steps["most"] == 1_000_000
    assert steps["versions"]["method/2.0"] == {
        "plan.owners": {"check": 100_013},
        "plan.overdue": {"check": 4, "applies": 4},
        "start.known": {"check": 16},
    }


def test_what_nothing_gives_is_named_for_each_version_and_all_of_it_with_facts(tmp_path, capsys):
    assert run(write(tmp_path)) == 0
    told = capsys.readouterr().out.splitlines()
    facts = [line for line in told if line.startswith("  facts")]
    assert [line.split()[1] for line in facts] == ["method/1.0", "method/2.0"]
    short = [line for line in told if "nothing gives it: " in line]
    assert any(line.split()[:2] == ["plan.overdue", "porto"] for line in short)
    assert run(tmp_path, "--facts") == 0
    whole = capsys.readouterr().out.splitlines()
    assert [line for line in whole if "nothing gives it: " in line] == short
    assert run(tmp_path, "--json") == 0
    rows = json.loads(capsys.readouterr().out)["facts"]["method/2.0"]
    assert {row["office"] for row in rows} == {"porto", "jeddah"}
    assert all(bool(row["by"]) or row["lacks"] for row in rows)


def test_the_whole_table_has_the_offices_own_names_of_what_gives_a_fact(capsys):
    assert run(Path(player.__file__).parent, "--facts") == 0
    told = capsys.readouterr().out.splitlines()
    assert "  facts       delivery-method/2.0 needs 43; all of them are given" in told
    (line,) = [each for each in told if each.split()[:2] == ["field.benefits_owner", "mersin"]]
    assert line.endswith("  Fayda sorumlusu")


def test_every_problem_is_printed_with_its_place_and_counted(tmp_path, capsys):
    write(tmp_path)
    for case in ("an unknown country", "no CEL", "an office in two waves"):
        spoil(tmp_path, *BAD[case][:3])
    assert run(tmp_path) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines.pop() == f"next: mend the lines above, then `interoffice check {tmp_path}`"
    assert lines[-1] == "3 errors"
    assert lines[0] == (
        f"{tmp_path}/offices.yaml:38: `country`: `JPN` is no country whose holidays are known"
        " -> write its two letters of ISO 3166"
    )
    files = [line.removeprefix(f"{tmp_path}/").partition(":")[0] for line in lines[:-1]]
    assert files == ["offices.yaml", "rollouts/method-2.yaml", "standards/method/2.0.yaml"]


def test_warnings_stand_apart_and_do_not_fail(tmp_path, capsys):
    spoil(write(tmp_path), "offices.yaml", "roles: {head: [carl]}", "roles: {}")
    assert run(tmp_path) == 0
    said = capsys.readouterr()
    assert said.err.startswith(f"warning: {tmp_path}/offices.yaml:33: `jeddah` has no head -> add")
    assert said.out.splitlines()[-2] == "0 errors, 1 warning"


def test_a_missing_folder_is_a_question_of_usage(tmp_path):
    with pytest.raises(UsageProblem, match="is no folder -> make one with `interoffice init"):
        run(tmp_path / "nowhere")


def test_the_same_as_json(tmp_path, capsys):
    assert run(write(tmp_path), "--json") == 0
    good = json.loads(capsys.readouterr().out)
    assert good["errors"] == good["warnings"] == []
    assert good["found"]["offices"] == 4
    assert good["found"]["access"] == {"write": 1, "observe": 1}
    spoil(tmp_path, *BAD["a tab"][:3])
    assert run(tmp_path, "--json") == 1
    bad = json.loads(capsys.readouterr().out)
    assert bad["found"] is None
    assert [(e["file"], e["line"]) for e in bad["errors"]] == [("offices.yaml", 12)]
    assert bad["errors"][0]["instead"] == "indent with spaces, never with tabs"


def test_the_offices_files_are_opened_when_asked_for(tmp_path, capsys):
    write(tmp_path)
    (tool, path) = next(iter(files_of(tmp_path)))
    assert run(tmp_path, "--files") == 1
    assert f"{path.name}: there is no such file" in capsys.readouterr().out
    path.parent.mkdir(exist_ok=True)
    plain(path)
    run(tmp_path, "--files", "--json")
    (found, *_) = [each for each in json.loads(capsys.readouterr().out)["tools"] if each["tool"] == tool]
    assert set(found) == {"office", "tool", "readable", "writable", "remarks", "notes"}
    run(tmp_path, "--json")
    assert "tools" not in json.loads(capsys.readouterr().out)


def files_of(folder):
    """The tools that are files, with their paths."""
    loaded = examine(folder)
    for tool in loaded.organization.tools.values():
        if "file" in tool.settings:
            yield tool.id, folder / str(tool.settings["file"])
