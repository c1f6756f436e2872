"""prefect.yaml: what it says can be deployed, and fits the flows that it names."""

import inspect
from pathlib import Path

import pytest
from prefect.cli.deploy._models import (
    ConcurrencyLimitSpec,
    DeploymentConfig,
    PrefectYamlModel,
    RawScheduleConfig,
)
from prefect.utilities.callables import parameter_schema

from runtime.choices import Choices
from runtime.deployments import description_of, load_flow
from runtime.folder import CHECKOUT
from runtime.manifest import (
    MANIFEST,
    DeploymentShape,
    LimitShape,
    Manifest,
    ScheduleShape,
    read_manifest,
)
from runtime.problem import Problem

DEPLOYED = read_manifest().deployments
CHANGES_SOMETHING = {
    "publish-standard",
    "roll-out-standard",
    "steer-rollout",
    "start-project",
    "distribute-plan",
    "update-plans",
    "resolve-conflict",
    "re-base-plan",
    "undo-update",
    "capture-plan",
    "release-template",
    "recall-template",
    "open-deployment",
    "change-deployment",
    "accept-deployment",
    "close-deployment",
    "share-plan",
    "localize-plan",
    "advance-rollouts",
    "run-cycle",
    "request-deviation",
    "revoke-deviation",
    "decide",
    "raise-feedback",
    "raise-objection",
    "answer-feedback",
    "draft-amendment",
    "comment-draft",
    "answer-comment",
    "escalate-feedback",
    "issue-directive",
    "withdraw-directive",
    "answer-directive",
    "apply-retention",
}  # answer-message starts these with the reason that stands in its message
WRITES_OUTSIDE_OR_DECIDES = CHANGES_SOMETHING


def by_name(each: DeploymentShape) -> str:
    return each.name


@pytest.fixture(params=DEPLOYED, ids=by_name)
def deployed(request) -> DeploymentShape:
    return request.param


def test_every_flow_of_the_house_is_deployed() -> None:
    assert {each.name for each in DEPLOYED} == {
        "sync-offices",
        "publish-standard",
        "simulate-standard",
        "roll-out-standard",
        "steer-rollout",
        "start-project",
        "distribute-plan",
        "update-plans",
        "resolve-conflict",
        "re-base-plan",
        "undo-update",
        "propose-improvements",
        "capture-plan",
        "release-template",
        "recall-template",
        "open-deployment",
        "change-deployment",
        "accept-deployment",
        "close-deployment",
        "share-plan",
        "ask-owner",
        "answer-peer",
        "localize-plan",
        "advance-rollouts",
        "request-deviation",
        "review-deviations",
        "revoke-deviation",
        "raise-feedback",
        "raise-objection",
        "answer-feedback",
        "draft-amendment",
        "comment-draft",
        "answer-comment",
        "escalate-feedback",
        "issue-directive",
        "withdraw-directive",
        "answer-directive",
        "decide",
        "sweep-compliance",
        "report-network",
        "run-cycle",
        "answer-message",
        "reap-runs",
        "apply-retention",
        "send-digests",
        "notify-failure",
    }


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (Manifest, PrefectYamlModel),
        (DeploymentShape, DeploymentConfig),
        (ScheduleShape, RawScheduleConfig),
        (LimitShape, ConcurrencyLimitSpec),
    ],
)
def test_our_reader_knows_only_keys_that_prefect_knows(ours, theirs) -> None:
    assert set(ours.model_fields) - {"definitions"} <= set(theirs.model_fields)


@pytest.mark.parametrize(
    ("line", "misspelled"),
    [
        ("    concurrency_limit: *one", "    concurency_limit: *one"),
        ("        timezone: UTC", "        time_zone: UTC"),
        ("    tags: [by itself, interoffice/house, interoffice/runs]", "    tags: [by itself, house]"),
        ("  collision_strategy: ENQUEUE", "  collision_strategy: CANCEL_NEW"),
        ('        cron: "0 5 * * 1-5"', '        crn: "0 5 * * 1-5"'),
        ("pull: []", "pull:\n  - prefect.deployments.steps.set_working_directory: {directory: /tmp}"),
    ],
)
def test_a_key_or_value_that_must_not_be_there_is_refused_with_its_place(tmp_path, line, misspelled) -> None:
    text = MANIFEST.read_text("utf-8")
    assert line in text
    planted = tmp_path / "prefect.yaml"
    planted.write_text(text.replace(line, misspelled), "utf-8")
    with pytest.raises(Problem, match=r"prefect\.yaml cannot be used: (deployments\.\d+|pull)"):
        read_manifest(planted)


def test_a_file_that_is_no_yaml_is_a_problem_and_no_traceback(tmp_path) -> None:
    planted = tmp_path / "prefect.yaml"
    planted.write_text("deployments: [", "utf-8")
    with pytest.raises(Problem, match="is no YAML"):
        read_manifest(planted)
    with pytest.raises(Problem, match="cannot read"):
        read_manifest(tmp_path / "missing.yaml")


def test_the_entrypoint_is_an_async_flow_in_a_module_named_like_it(deployed) -> None:
    flow = load_flow(deployed.entrypoint)
    assert flow.name == deployed.name
    assert inspect.iscoroutinefunction(flow.fn)
    assert (CHECKOUT / Path(*deployed.entrypoint.split(".")[:-1])).with_suffix(".py").is_file()


@pytest.mark.parametrize("entrypoint", ["flows.none.sync_offices", "flows.sync.none", "flows.outcome.done"])
def test_an_entrypoint_that_is_no_flow_is_a_problem(entrypoint) -> None:
    with pytest.raises(Problem, match=entrypoint):
        load_flow(entrypoint)


def test_the_parameters_of_deployments_and_schedules_fit_the_flow(deployed) -> None:
    flow = load_flow(deployed.entrypoint)
    for parameters in (deployed.parameters, *(schedule.parameters for schedule in deployed.schedules)):
        assert set(parameters) <= set(inspect.signature(flow.fn).parameters)
    for schedule in deployed.schedules:
        flow.validate_parameters({**deployed.parameters, **schedule.parameters})
        unset = [p.name for p in inspect.signature(flow.fn).parameters.values() if p.default is p.empty]
        assert set(unset) <= set(deployed.parameters) | set(schedule.parameters), "it would crash when due"


def test_a_form_asks_at_most_five_things_beside_its_dry_run_and_each_says_what_it_is(deployed) -> None:
    schema = parameter_schema(load_flow(deployed.entrypoint)).model_dump_for_openapi()
    fields = schema.get("properties", {})
    assert len(set(fields) - {"dry_run"}) <= 5
    assert [name for name, field in fields.items() if not field.get("description")] == []


def test_whoever_changes_something_must_say_why(deployed) -> None:
    signature = inspect.signature(load_flow(deployed.entrypoint).fn).parameters
    if deployed.name in CHANGES_SOMETHING:
        assert signature["why"].default is inspect.Parameter.empty


def test_a_form_that_writes_begins_as_a_dry_run_and_schedules_say_otherwise_by_name(deployed) -> None:
    signature = inspect.signature(load_flow(deployed.entrypoint).fn).parameters
    if deployed.name in WRITES_OUTSIDE_OR_DECIDES:
        assert signature["dry_run"].default is True
        assert [s.slug for s in deployed.schedules if "dry_run" not in s.parameters] == []


def test_tags_and_description_say_when_one_runs_it(deployed) -> None:
    assert deployed.tags[0] in {"daily", "by hand", "by itself"}
    paragraphs = description_of(load_flow(deployed.entrypoint)).split("\n\n")
    assert paragraphs[1].startswith("Run it ")
    assert [each for each in paragraphs if "\n" in each or "Args:" in each] == [], "a page breaks each line"


def test_the_daily_ones_are_few() -> None:
    daily = [each.name for each in DEPLOYED if each.tags[0] == "daily"]
    assert daily == ["sync-offices", "report-network", "run-cycle"]


def test_prefect_reads_the_types_of_a_flows_parameters(deployed) -> None:
    """As an engine does before a run: annotations of another module that it cannot read would crash it."""
    given = {
        "action": "pause", "trouble": "late", "dry_run": True, "office": "all", "version": "m/1", "why": "x",
        "start": "2027-01-04", "standing": "live", "recall": "stop",
        "accept": True, "choice": "theirs", "new_versions": True, "comment": 3,
    }  # fmt: skip
    flow = load_flow(deployed.entrypoint)
    wanted = inspect.signature(flow.fn).parameters
    values = flow.validate_parameters({name: given.get(name, "text") for name in wanted})
    assert set(values) == set(wanted)


def test_runs_of_one_flow_follow_each_other_and_none_is_canceled(deployed) -> None:
    assert deployed.concurrency_limit is not None
    assert deployed.concurrency_limit.collision_strategy == "ENQUEUE"


def test_no_two_schedules_share_a_slug() -> None:
    slugs = [schedule.slug for each in DEPLOYED for schedule in each.schedules]
    assert len(slugs) == len(set(slugs)) > 0


def test_a_form_offers_the_organizations_ids_and_keeps_a_default_that_is_none_of_them() -> None:
    choices = Choices(offices=("antwerp", "santos"), versions=("delivery-method/2.0",))
    schema = {
        "type": "raise-objection",
        "properties": {
            "office": {"type": "string", "default": "all"},
            "version": {"type": "string"},
            "why": {"type": "string"},
        },
    }
    form = choices.in_form(schema)["properties"]
    assert form["office"]["enum"] == ["all", "antwerp", "santos"]
    assert form["version"]["enum"] == ["delivery-method/2.0"]
    assert "enum" not in form["why"]
    assert "enum" not in Choices().in_form(schema)["properties"]["office"]
