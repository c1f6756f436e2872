"""docs/deployments.md: what each of its commands asks for is what the page says comes of it."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

from runtime.deployments import load_flow
from runtime.entered import checked
from runtime.manifest import read_manifest
from tasks import deploying
from tests.deployments.holding import Holding

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "deployments.md").read_text("utf-8")
ENTRYPOINTS = {each.name: each.entrypoint for each in read_manifest().deployments}
TASKS: dict[str, Callable[..., Any]] = {
    "open-deployment": deploying.open_deployment_of.fn,
    "change-deployment": deploying.change_deployment_of.fn,
    "close-deployment": deploying.close_deployment_of.fn,
    "share-plan": deploying.share_template_of.fn,
    "ask-owner": deploying.ask_owner_of.fn,
    "accept-deployment": lambda accept, **values: deploying.reply_to_deployment.fn(accepts=accept, **values),
}


def commands() -> list[tuple[str, dict[str, str], str]]:
    """Each command of the page: its flow, its parameters as they are typed, and the line that follows."""
    lines = [line for block in re.findall(r"(?s)```console\n(.*?)```", PAGE) for line in block.splitlines()]
    found = []
    for line, told in zip(lines[::2], lines[1::2], strict=True):
        words = shlex.split(line.removeprefix("$ interoffice run "))
        found.append((words[0], dict(word.split("=", 1) for word in words[1:]), told))
    return found


def test_every_command_of_the_page_does_what_the_page_says(holding: Holding) -> None:
    assert len(commands()) == 7
    for flow, typed, told in commands():
        given = checked(holding.application, typed)
        values = load_flow(ENTRYPOINTS[flow]).validate_parameters(given)
        values = ({"accept": True} if flow == "accept-deployment" else {}) | values
        outcome = TASKS[flow](**values)
        assert re.sub(r"finance/[0-9a-f]{12}", "finance/HASH", outcome.sentence) == told
