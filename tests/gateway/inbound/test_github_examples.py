"""Every example payload that GitHub's own people publish is accepted, and mapped or ignored."""

from __future__ import annotations

import hashlib
import hmac
import json
import shutil
import subprocess
import tarfile
from collections import Counter

import pytest

from domain.messages.inbox import MessageState
from domain.organization.office import Access, Partition, Tool
from domain.organization.webhooks import Source
from gateway.app import gateway_of
from tests.archives import unpacked
from tests.gateway.conftest import KEY, Client, Shelf, application_of, run

pytestmark = pytest.mark.servers
PACKAGE = "@octokit/webhooks-examples@7.6.1"
REPOSITORY = "Codertocat/Hello-World"


@pytest.fixture(scope="module")
def examples(tmp_path_factory) -> list[tuple[str, bytes]]:
    """The published payloads by the names of their events, as GitHub would send them."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("no npm here: apt-get install npm")
    folder = tmp_path_factory.mktemp("octokit")
    done = subprocess.run(
        [npm, "pack", "--silent", PACKAGE], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    with tarfile.open(folder / done.stdout.strip().splitlines()[-1]) as packed:
        unpacked(packed, folder)
    found = []
    for path in sorted(folder.glob("package/*/index.json")):
        for event in json.loads(path.read_text("utf-8")):
            found += [(event["name"], json.dumps(example).encode()) for example in event["examples"]]
    return found


@pytest.fixture
def application(tmp_path):
    tool = Tool("hub", "github", settings={"url": "https://api.github.com"})
    part = Partition("porto", "hub", Access.OBSERVE, {"projects": {"within": [REPOSITORY]}})
    made = application_of(
        tmp_path, github=Source("github", "github", ("KEY_SECRET",), tool="hub", per_minute=1_000_000)
    )
    made.organization.tools["hub"] = tool
    object.__setattr__(made.organization, "partitions", (part,))
    yield made
    made.store.close()


def test_every_published_example_is_accepted_and_mapped_or_ignored(application, examples) -> None:
    gateway = gateway_of(application, Shelf())

    async def sent():
        async with Client(gateway) as client:
            answers = Counter()
            for number, (event, body) in enumerate(examples):
                proof = hmac.new(KEY, body, hashlib.sha256).hexdigest()
                headers = {
                    "x-hub-signature-256": f"sha256={proof}",
                    "x-github-delivery": f"d-{number}",
                    "x-github-event": event,
                    "content-type": "application/json",
                }
                answers[(await client.post("github", body, headers)).status_code] += 1
            return answers

    assert run(sent()) == Counter({202: len(examples)})
    for _ in range(len(examples) // 50):
        run(gateway.dispatcher.round())
    with application.store.read() as unit:
        messages = unit.inbox.newest(10_000)
    assert {each.state for each in messages} == {MessageState.NOTED, MessageState.IGNORED}
    of_issues = {
        number
        for number, (_, body) in enumerate(examples)
        if "issue" in (said := json.loads(body))
        and "pull_request" not in said["issue"]
        and said["repository"]["full_name"] == REPOSITORY
    }
    noted = {int(each.key.removeprefix("d-")) for each in messages if each.state is MessageState.NOTED}
    assert noted == of_issues
    assert len(examples) > 700
    assert len(noted) > 50
