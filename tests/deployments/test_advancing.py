"""advance-rollouts, as a real run: what waits for an office that takes part by a deployment alone reaches its tool."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tasks.deploying import answer_peer_of, ask_owner_of
from tests.deployments.holding import Holding
from tests.deployments.test_asking_in_tools import TOOLS, oslo, rows, write
from tests.local_runs import local_runs
from tests.plans_to_place import derivation, local_plan
from tests.tasks.conftest import forget

__all__ = ["oslo"]
pytestmark = pytest.mark.servers
ANSWERED = "Your question about template finance is answered. Which bank was it? The new one."


ADVANCE = ["run", "advance-rollouts", "why=a test"]
"""The flow as a real run."""


def told(folder: Path) -> list[str]:
    """What stands on Oslo's sheet of questions."""
    return [text for _, text, _ in rows(folder)]


def plan_of(holding: Holding, office: str, project: str) -> None:
    """The office's local plan stands in that project."""
    made = replace(derivation(local_plan(3), office, project), project=project)
    with holding.application.store.begin() as unit:
        unit.derivations.keep(made)
        unit.commit()


@pytest.fixture
def others(oslo: Holding) -> dict[str, bytes]:
    """Lima has a tool and no plan yet; Cairo has a plan of its own and no deployment. Their workbooks, by office."""
    head, _, parts = TOOLS.partition("partitions:\n")
    content = (oslo.folder / "oslo.xlsx").read_bytes()
    found = dict.fromkeys(("lima", "cairo"), content)
    more = "".join(f"  - {{id: bok-{e}, kind: workbook, settings: {{file: {e}.xlsx}}}}\n" for e in found)
    shared = "".join(
        parts.replace("office: oslo", f"office: {e}").replace("tool: bok", f"tool: bok-{e}") for e in found
    )
    (oslo.folder / "tools.yaml").write_text(f"{head}{more}partitions:\n{parts}{shared}", "utf-8")
    for each in found:
        (oslo.folder / f"{each}.xlsx").write_bytes(content)
    oslo.application.store.close()
    forget()
    plan_of(oslo, "cairo", "N-1")
    return found


def test_what_waits_for_an_office_reaches_its_tool_once_and_no_other_s(
    oslo: Holding, others: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ask_owner_of.fn("finance", "oslo", "Which bank was it?", "oslo-head", dry_run=False)
    answer_peer_of.fn(asked.question, "The new one.", "porto-head", dry_run=False)
    write(oslo.folder, ("own", "Oslo's own line"))
    with oslo.application.store.read() as unit:
        waiting = sorted(each.text for each in unit.notices.of("oslo"))
        assert unit.notices.of("lima"), "the control: something waits for Lima too"
    assert ANSWERED in waiting
    oslo.application.store.close()
    before = (oslo.folder / "oslo.xlsx").read_bytes()
    wet = [*ADVANCE, "dry_run=false"]
    foreseen, first, second = local_runs(
        [ADVANCE, wet, wet], oslo.folder / "oslo.xlsx", tmp_path, monkeypatch
    )
    assert foreseen.left == before, "a dry run writes nothing"
    assert sorted(told(oslo.folder)) == sorted([*waiting, "Oslo's own line"])
    assert first.left != before
    assert second.left == first.left
    assert {each: (oslo.folder / f"{each}.xlsx").read_bytes() for each in others} == others
