"""Versions of a template come into the real Redmine, while the office edits the plan there by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from domain.outcomes.updating import UpdateState
from domain.plans.link import Lag, PlanLink
from domain.plans.merge.place import Side
from domain.plans.task import Duration
from domain.plans.templates.template import Need, TaskKind, Template, TemplateTask
from tasks.delivering import deliver_office
from tasks.reading import read_office
from tests import live
from tests.contract import redmine_bench
from tests.servers.test_distributing import in_redmine
from tests.tasks.test_starting_in_trackers import later
from tests.tasks.test_updating import the_open_one
from tests.tasks.updated import adding, begin, changing, lasting, release, update, without

pytestmark = pytest.mark.servers
redmine, new_project = live.redmine, live.new_project
PLAN = "gyor/finance-system/1"


class Issues:
    """The issues of the project by the template's uid, as a person of the office sees and edits them."""

    def __init__(self, entry: Mapping[str, Any], project: str) -> None:
        self.entry, self.project = entry, project

    def all(self) -> list[dict[str, Any]]:
        return redmine_bench.issues(self.entry, self.project)

    def listed(self) -> list[dict[str, Any]]:
        """The same without their journals, read with one call."""
        path = f"/issues.json?project_id={self.project}&status_id=*&limit=100&sort=id&include=relations"
        found = redmine_bench.ask(self.entry, "GET", path, user="admin")
        assert found["total_count"] == len(found["issues"])
        return found["issues"]

    def by_uid(self) -> dict[str, dict[str, Any]]:
        found = {redmine_bench.key_of(each): each for each in self.listed()}
        return {key.rpartition("/")[2]: each for key, each in found.items() if key}

    def edit(self, uid: str, **fields: Any) -> None:
        redmine_bench.edit(self.entry, self.by_uid()[uid]["id"], **fields)

    def remove(self, uid: str) -> None:
        number = self.by_uid()[uid]["id"]
        redmine_bench.ask(self.entry, "DELETE", f"/issues/{number}.json", user="admin")

    def stamps(self) -> dict[int, tuple[str, int]]:
        """By number what changes with every write: the time of change, and how many entries there are."""
        return {each["id"]: (each["updated_on"], len(each["journals"])) for each in self.all()}

    def days(self, uid: str) -> str:
        found = self.by_uid()[uid]
        return f"{found['start_date']} {found['due_date']}"

    def followed(self) -> dict[str, set[str]]:
        """What each follows, by the relations that Redmine shows."""
        there = self.by_uid()
        uids = {each["id"]: uid for uid, each in there.items()}
        found: dict[str, set[str]] = {}
        for each in (relation for issue in there.values() for relation in issue.get("relations", ())):
            found.setdefault(uids[each["issue_to_id"]], set()).add(uids[each["issue_id"]])
        return found

    def follow(self, uid: str, before: str) -> None:
        there = self.by_uid()
        told = {"issue_to_id": there[uid]["id"], "relation_type": "precedes"}
        path = f"/issues/{there[before]['id']}/relations.json"
        redmine_bench.ask(self.entry, "POST", path, {"relation": told})


def written() -> tuple[int, int]:
    """The update, with as many runs as it takes: how many tasks it made, and how many conflicts are open."""
    created = 0
    for _ in range(3):
        later()
        done = update(PLAN)
        created += done.created
        if done.state is not UpdateState.UNFINISHED:
            break
    assert (done.state, done.problem, done.left) == (UpdateState.UPDATED, "", 0)
    return created, done.conflicts


def test_three_versions_reach_redmine_and_no_edit_and_no_change_is_lost(
    redmine, new_project, tmp_path, monkeypatch
):
    project = new_project("Pénzügyi rendszer")
    issues = Issues(redmine, project)
    with in_redmine(tmp_path, monkeypatch, redmine, project):
        release(1, lambda old: replace(old, owner="gyor"))
        own = redmine_bench.issue(redmine, project, "Az iroda saját lépése")
        begin("gyor", project, "eva")
        assert issues.days("d") == "2027-03-10 2027-03-12"
        # the office: a rename, a longer task, a removed one, and a move to a later day
        issues.edit("d", subject="Főpróba")
        issues.edit("b", due_date="2027-03-11")
        issues.remove("c")
        issues.edit("f", start_date="2027-04-12", due_date="2027-04-13")
        release(2, lasting("a", 4), adding("g", "Test the reports", 2, "p2", "d"))
        assert written() == (1, 0)
        now = issues.by_uid()
        assert (now["d"]["subject"], "c" in now) == ("Főpróba", False)
        assert issues.days("a") == "2027-03-01 2027-03-04"
        assert issues.days("f") == "2027-04-12 2027-04-13"
        assert issues.days("b") == "2027-03-05 2027-03-16"  # seven days as the office has it, over a holiday
        assert issues.days("d") == "2027-03-17 2027-03-19"
        assert issues.days("g") == "2027-03-22 2027-03-23"
        before = issues.stamps()
        later()
        assert update(PLAN).state is UpdateState.UNCHANGED
        assert issues.stamps() == before
        # the third version, after more edits
        issues.edit("g", subject="Próbajelentések")
        release(3, changing("e", names={"en": "Cut over"}), lasting("d", 4), without("f"))
        assert written() == (0, 1)  # the office moved what the template removes: it is asked
        assert issues.days("f") == "2027-04-12 2027-04-13"
        now = issues.by_uid()
        names = {uid: each["subject"] for uid, each in now.items()}
        assert (names["d"], names["e"], names["g"]) == ("Főpróba", "Cut over", "Próbajelentések")
        assert "c" not in now
        assert [each["id"] for each in issues.listed() if each["id"] == own] == [own]
        keys = Counter(redmine_bench.key_of(each) for each in issues.listed())
        del keys[""]
        assert set(keys.values()) == {1}
        assert len(issues.listed()) == len(keys) + 1
        before = issues.stamps()
        later()
        assert update(PLAN).state is UpdateState.UNCHANGED
        release(4, changing("b", names={"en": "Train the users"}))
        later()
        done = update(PLAN)
        assert (done.version, done.created, done.changed, done.problem) == (4, 0, 0, "")
        assert issues.stamps() == before


def test_an_answer_keeps_the_office_s_days_and_nought_per_cent_is_no_edit_of_the_office(
    redmine, new_project, tmp_path, monkeypatch
):
    """Redmine tells a duration by the days alone, and each new issue is 0 % done."""
    project = new_project("Napok és válaszok")
    issues = Issues(redmine, project)
    with in_redmine(tmp_path, monkeypatch, redmine, project):
        release(1, lambda old: replace(old, owner="gyor"))
        redmine_bench.issue(redmine, project, "Az iroda saját lépése")
        begin("gyor", project, "eva")
        issues.edit("b", due_date="2027-03-11")
        release(2, lasting("b", 6), without("c"))
        assert written() == (0, 1)  # only the duration is asked: nobody at the office touched the other task
        asked, days = the_open_one(), {uid: issues.days(uid) for uid in issues.by_uid()}
        assert (asked.task, asked.default) == ("Train the users", Side.OURS)
        deliver_office("gyor", dry_run=False)
        (number,) = [e["id"] for e in issues.listed() if redmine_bench.key_of(e) == str(asked.id)]
        redmine_bench.edit(redmine, number, notes="keep")
        later()
        read_office("gyor")
        stamps = issues.stamps()
        assert update(PLAN).settled == 1
        assert {uid: issues.days(uid) for uid in days} == days
        assert issues.stamps() == stamps


def linking(*links: PlanLink) -> Callable[[Template], Template]:
    """A version with just these links."""
    return lambda old: replace(old, links=links)


def test_links_that_come_go_and_can_be_held_by_now_stand_so_in_redmine(
    redmine, new_project, tmp_path, monkeypatch
):
    project = new_project("Kapcsolatok")
    issues = Issues(redmine, project)
    gate = TemplateTask("m", {"en": "Live"}, TaskKind.MILESTONE, "p2", Duration(0), need=Need.MANDATORY)
    ab, bd, de, ef, em = (PlanLink(*pair) for pair in ("ab", "bd", "de", "ef", "em"))
    with in_redmine(tmp_path, monkeypatch, redmine, project):
        own = redmine_bench.issue(redmine, project, "Az iroda saját lépése")
        release(
            1, lambda old: replace(old, owner="gyor", tasks=(*old.tasks, gate)), linking(ab, bd, de, ef, em)
        )
        begin("gyor", project, "eva")
        first = {"b": {"a"}, "d": {"b"}, "e": {"d"}, "f": {"e"}}
        assert issues.followed() == first, "a gate on the evening of what it follows has no relation"
        # the office moves the gate; the template's rehearsal does not wait for the training any more
        issues.edit("m", start_date="2027-04-30", due_date="2027-04-30")
        release(2, linking(ab, PlanLink("a", "d", lag=Lag(480)), de, ef, em), without("c"))
        assert written() == (0, 0)
        assert issues.followed() == {**first, "d": {"a"}, "m": {"e"}}
        assert (issues.days("d"), issues.days("m")) == ("2027-03-04 2027-03-08", "2027-04-30 2027-04-30")
        assert issues.by_uid()["m"]["id"] != own
        # the office lets something wait for what is withdrawn, and keeps that as its own
        issues.follow("m", "c")
        release(3, linking(ab, PlanLink("a", "d"), de, ef, em, PlanLink("f", "m")))
        assert written() == (0, 0)
        assert issues.followed() == {**first, "d": {"a"}, "m": {"c", "e", "f"}}
        assert issues.days("d") == "2027-03-03 2027-03-05"
        stamps = issues.stamps()
        later()
        assert update(PLAN).state is UpdateState.UNCHANGED
        assert issues.stamps() == stamps
