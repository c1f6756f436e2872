"""What is made in a real Redmine and a real Trac where their interfaces permit it, and said where they do not."""

import secrets

import pytest

from connectors.preparation import Making, Told
from domain.organization.office import Access
from scripts.servers import fill
from tests import live
from tests.contract import redmine_bench, trac_bench

pytestmark = pytest.mark.servers
redmine, trac, new_project = live.redmine, live.trac, live.new_project
FIELD = "A field that nobody made"


def makings(tool):
    return [step for step in tool.lacking() if isinstance(step, Making)]


def trackers(entry, project: str) -> set[str]:
    told = redmine_bench.ask(entry, "GET", f"/projects/{project}.json?include=trackers", user="admin")
    return {each["name"] for each in told["project"]["trackers"]}


def test_redmine_switches_a_tracker_on_for_who_may_edit_the_project_and_keeps_the_others(
    redmine, new_project
):
    project = new_project()
    only = {"project": {"tracker_ids": [redmine["kinds"]["Task"]]}}
    redmine_bench.ask(redmine, "PUT", f"/projects/{project}.json", only, "admin")
    use = redmine_bench.settings(project)
    (step,) = makings(redmine_bench.connector(redmine, use))
    assert "has no tracker 'Question'" in step.what
    (refused,) = redmine_bench.connector(redmine, use).make([step])
    assert "grant it" in refused.problem
    (made,) = redmine_bench.connector(redmine, use, user="admin").make([step])
    assert (made.problem, trackers(redmine, project)) == ("", {"Task", "Question"})
    assert makings(redmine_bench.connector(redmine, use)) == []
    (again,) = redmine_bench.connector(redmine, use, user="admin").make([step])
    assert again.problem == "it is there by now"


def test_redmine_s_administrator_is_told_where_fields_and_statuses_are_made(redmine, new_project):
    use = redmine_bench.settings(new_project(), standing=FIELD)
    use = redmine_bench.reset(use, {"items": {"statuses": ["In Progress", "Auf Halde"]}})
    told = [step for step in redmine_bench.connector(redmine, use).lacking() if isinstance(step, Told)]
    field = next(step for step in told if FIELD in step.what)
    assert "Administration, Custom fields, New custom field, Issues, format Text" in field.how
    assert "write its number under `field_ids`" in field.how
    status = next(step for step in told if "Auf Halde" in step.what)
    assert "Administration, Issue statuses, New status" in status.how
    assert len([step for step in told if FIELD in step.what or "Auf Halde" in step.what]) == 2


def test_under_observe_redmine_is_only_looked_at(redmine, new_project):
    use = redmine_bench.settings(new_project(), standing=FIELD)
    steps = redmine_bench.connector(redmine, use, Access.OBSERVE).lacking()
    assert not [step for step in steps if isinstance(step, Making)]


def test_trac_makes_types_and_components_for_its_administrator_and_says_what_stands_in_trac_ini(
    trac, request
):
    name, component = f"kind-{secrets.token_hex(3)}", f"part-{secrets.token_hex(3)}"
    use = trac_bench.settings(component, standing=FIELD)
    use = type(use).model_validate({**use.model_dump(exclude_unset=True), "questions": {"put_as": name}})
    request.addfinalizer(lambda: fill.ask_trac(trac, "ticket.type.delete", name))
    request.addfinalizer(lambda: fill.ask_trac(trac, "ticket.component.delete", component))
    steps = makings(trac_bench.connector(trac, use))
    assert {step.name for step in steps} == {name, component}
    refused = trac_bench.connector(trac, use).make(steps)
    assert all("has no right to that" in each.problem for each in refused), refused
    made = trac_bench.connector(trac, use, user="admin").make(steps)
    assert [each.problem for each in made] == ["", ""]
    left = trac_bench.connector(trac, use).lacking()
    assert not [step for step in left if isinstance(step, Making)]
    (field,) = [step for step in left if FIELD in step.what]
    assert "trac.ini, [ticket-custom]" in field.how
