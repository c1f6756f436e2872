"""What we rely on inside Prefect is there, so that an upgrade that takes it away is noticed here."""

import inspect
import os
import subprocess
import sys
from dataclasses import fields

import prefect
import pytest
from prefect import flow_engine
from prefect.runner._flow_run_executor import FlowRunExecutionResult, FlowRunExecutor
from prefect.runner._starter_engine import EngineCommandStarter
from prefect.utilities.dispatch import get_registry_for_type
from prefect.workers.process import ProcessJobConfiguration, ProcessWorker

from config.settings import ROOT
from runtime.prefect_worker import ENTRYPOINT, Forked, ForkingWorker
from tests.modes import wide

PAGES = """
from pathlib import Path
from prefect.server.api.server import create_ui_app
from prefect.settings import PREFECT_UI_STATIC_DIRECTORY
from runtime.prefect_page import lay_out

root = Path(PREFECT_UI_STATIC_DIRECTORY.value())
seen = lambda: {path: (at.st_ino, at.st_mtime_ns) for path in root.rglob("*") if (at := path.stat())}
LAY_OUT
before = seen()
routes = create_ui_app(ephemeral=False).routes
assert not before or seen() == before, "it copied them again"
"""


def laid_out(folder, what: str) -> subprocess.CompletedProcess[str]:
    """Let Prefect make the application of its pages after `what` was done, in a process of its own."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith("PREFECT")}
    ours = {"PREFECT_HOME": str(folder), "PREFECT_SERVER_UI_STATIC_DIRECTORY": str(folder / "ui")}
    return subprocess.run(
        [sys.executable, "-c", PAGES.replace("LAY_OUT", what)],
        cwd=ROOT, env={**kept, **ours}, capture_output=True, text=True, check=True, umask=0o077,
    )  # fmt: skip


def contents(folder) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.servers  # many seconds: thousands of files
def test_the_files_of_prefect_s_pages_are_as_it_lays_them_out_and_for_their_owner_alone(tmp_path) -> None:
    (tmp_path / "ours").mkdir(0o700)
    (tmp_path / "theirs").mkdir(0o700)
    laid_out(tmp_path / "ours", "lay_out(); lay_out()")
    laid_out(tmp_path / "theirs", "")
    theirs = {
        path: text for path, text in contents(tmp_path / "theirs" / "ui").items() if ".lock" not in path
    }
    assert contents(tmp_path / "ours" / "ui") == theirs
    assert len(theirs) > 100
    assert wide(tmp_path / "ours") == {}
    assert wide(tmp_path / "theirs") != {}


@pytest.mark.servers  # many seconds: thousands of files
def test_the_files_of_another_version_of_prefect_are_replaced(tmp_path) -> None:
    reference = "root / 'v2' / 'UI_SERVE_BASE'"
    older = (
        f"lay_out(); ({reference}).write_text('v2:1.0.0:/v2'); (root / 'v2' / 'old.js').touch(); lay_out()"
    )
    laid_out(tmp_path, older)
    assert (tmp_path / "ui" / "v2" / "UI_SERVE_BASE").read_text("utf-8") == f"v2:{prefect.__version__}:/v2"
    assert not (tmp_path / "ui" / "v2" / "old.js").exists()


def test_the_worker_takes_its_configuration_where_ours_is() -> None:
    names = list(inspect.signature(ProcessJobConfiguration.resolve_for_flow_run).parameters)
    assert names == ["flow_run", "client", "work_pool", "worker_name", "worker_id", "deployment"]
    assert list(inspect.signature(Forked.resolve_for_flow_run).parameters) == names
    assert "self.job_configuration.resolve_for_flow_run" in inspect.getsource(
        ProcessWorker._submit_run_and_capture_errors
    )
    assert f'environ.get("{ENTRYPOINT}")' in inspect.getsource(flow_engine.load_flow)


def test_our_worker_runs_a_command_by_the_parts_by_which_prefect_s_does() -> None:
    assert list(inspect.signature(ForkingWorker.run).parameters) == list(
        inspect.signature(ProcessWorker.run).parameters
    )
    theirs, ours = inspect.getsource(ProcessWorker.run), inspect.getsource(ForkingWorker.run)
    assert "resolve_flow=load_flow_from_flow_run" in theirs
    for part in (
        "FlowRunExecutorContext()",
        "EngineCommandStarter(",
        ".create_executor(",
        "propose_submitting=False",
    ):
        assert part in theirs
        assert part in ours
    assert {"command", "cwd", "env", "stream_output", "control_channel"} <= set(
        inspect.signature(EngineCommandStarter).parameters
    )
    assert list(inspect.signature(FlowRunExecutor.submit).parameters) == ["self", "task_status"]
    assert [each.name for each in fields(FlowRunExecutionResult)] == ["handle", "status_code"]


def test_our_worker_takes_no_place_of_prefect_s() -> None:
    assert get_registry_for_type(ProcessWorker)["process"] is ProcessWorker
    assert ProcessWorker.job_configuration is ProcessJobConfiguration
    assert ForkingWorker.type == ProcessWorker.type == "process"


def test_a_worker_can_be_asked_to_look_for_runs_at_once() -> None:
    assert list(inspect.signature(ProcessWorker.get_and_submit_flow_runs).parameters) == ["self"]
