"""What deployments, shares and questions are stored comes out as files, whole, and again the same."""

from __future__ import annotations

from ruamel.yaml import YAML

from config.deployment_files import stored_deployments
from tasks.deploying import answer_peer_of, ask_owner_of
from tests.deployments.holding import Holding


def test_everything_that_is_stored_of_deployments_is_in_the_exported_files(holding: Holding) -> None:
    holding.going()
    holding.share("porto-riga", keep_back="texts, costs")
    asked = ask_owner_of.fn("finance", "oslo", "Which bank was it?", "oslo-head", dry_run=False)
    answer_peer_of.fn(asked.question, "The new one.", "porto-head", dry_run=False)
    holding.close()
    with holding.application.store.read() as unit:
        files, stored = stored_deployments(unit), unit.deployments.get("erp-9")
        assert stored_deployments(unit) == files
    assert list(files) == [
        "deployments/erp-9.yaml", "deployments/by-agreement.yaml", "deployments/questions/finance.yaml",
    ]  # fmt: skip
    read = {name: YAML(typ="safe").load(text) for name, text in files.items()}
    found = read["deployments/erp-9.yaml"]
    assert [(e["office"], e["go_live"], e["contact"], e.get("reply", {}).get("accepts")) for e in found["receivers"]] == [
        (e.office, e.go_live.isoformat(), e.contact, e.reply.accepts if e.reply else None) for e in stored.receivers
    ]  # fmt: skip
    assert (found["sponsor"], found["closed"]) == ("holding-sponsor", stored.closed.isoformat())
    assert [each["template"] for each in found["shares"]] == ["finance"]
    assert read["deployments/by-agreement.yaml"]["shares"][0]["keep_back"] == ["costs", "texts"]
    (question,) = read["deployments/questions/finance.yaml"]["questions"]
    assert (question["text"], question["answer"]["text"]) == ("Which bank was it?", "The new one.")
