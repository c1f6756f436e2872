"""The fork server loads in advance all modules that a run would otherwise load itself."""

import os
import subprocess
import sys

import pytest

from config.settings import ROOT

RUN = """
import sys
import flows.cycle
from runtime import preload
from config.settings import read_settings
from config.wiring import examine

preload.load()
there = set(sys.modules)

from jinja2 import Environment
from prefect.client.orchestration import get_client
from reports.render import history_html

compiled, compiling = [], Environment.compile
Environment.compile = lambda *given, **named: compiled.append(1) or compiling(*given, **named)
examine(read_settings().organization)
history_html([])
for sync in (True, False):
    get_client(sync_client=sync)
print(len(compiled), *sorted(name for name in set(sys.modules) - there if not name.startswith("encodings")))
"""


@pytest.mark.servers
def test_a_run_finds_modules_and_templates_there(tmp_path):
    kept = {
        name: text for name, text in os.environ.items() if not name.startswith(("PREFECT", "INTEROFFICE"))
    }
    sample = {"INTEROFFICE_ORGANIZATION": str(ROOT / "examples" / "harbor_group")}
    server = {"PREFECT_API_URL": "http://127.0.0.1:9/api", "PREFECT_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", RUN],
        cwd=tmp_path,
        env={**kept, **sample, **server, "INTEROFFICE_STATE": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "0\n", done.stdout + done.stderr
