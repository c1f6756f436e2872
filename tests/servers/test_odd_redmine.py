"""A Redmine that is set up as oddly as one may be: nothing is lost, doubled or silent, counted in its database.

It is a Redmine of the test's own: what is set there concerns the whole server.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date

import pytest

from config.wiring import StoredMirror, SystemClock
from domain.delivery.held import Cause, Held
from domain.delivery.wanted import Wanted
from scripts.servers import fill
from scripts.servers import redmine as redmine_server
from store import Store
from tasks.delivering import Delivered, Delivery, deliver
from tasks.keeping import sole_writer
from tests import live
from tests.connectors.deciding import but
from tests.connectors.workbook.books import OFFICE, item, question
from tests.contract import redmine_administration as administration
from tests.contract.redmine_bench import connector, edit, issue, issues, key_of, reset, settings

pytestmark = pytest.mark.servers
redmine = live.redmine
PLACES = ("plain", "keyless", "strict", "flat", "lost", "archived", "private")
DAYS = (date(2027, 3, 1), date(2027, 3, 5), date(2027, 3, 19))
DERIVED = {f"parent_issue_{name}": "derived" for name in ("dates", "priority", "done_ratio")}


@pytest.fixture
def odd(redmine, tmp_path) -> Iterator[Mapping]:
    """The Redmine: parents are computed, its people live at both ends of the day, projects differ in rights."""
    del redmine  # it runs: its code and its database are there
    entry = redmine_server.new_redmine(tmp_path / "odd")
    try:
        administration.set_to(entry, **DERIVED)
        for name in PLACES:
            members = [] if name == "private" else ["interoffice", "planner"]
            fill.redmine_project(entry, name, f"Lager {name} Ö", members=members)
        key = str(entry["issue_fields"]["interoffice_key"])
        administration.rule(entry, administration.own_role(entry, "keyless"), key, "readonly")
        administration.without(entry, administration.own_role(entry, "flat"), "manage_subtasks")
        number = administration.required_field(entry, "strict", "Cost center", "---\n- 4711 Ö\n")
        issue(entry, "strict", "Sie", custom_fields=[{"id": number, "value": "4711 Ö"}])
        with administration.database(entry) as found:
            found.execute("update projects set status = 9 where identifier = 'archived'")
            for login, zone in (("interoffice", "Samoa"), ("planner", "Hawaii")):
                number = entry["users"][login]["id"]
                found.execute("update user_preferences set time_zone = ? where user_id = ?", (zone, number))
        yield entry
    finally:
        redmine_server.end_redmine(entry)


def counted(entry: Mapping) -> Counter[str]:
    """How many issues bear each key, in the field or in the description."""
    with administration.database(entry) as found:
        rows = found.execute(
            "select i.description, v.value from issues i left join custom_values v on v.customized_id = i.id "
            "and v.customized_type = 'Issue' and v.custom_field_id = ?",
            (entry["issue_fields"]["interoffice_key"],),
        ).fetchall()
    lines = [
        line.removeprefix("key: ")
        for text, _ in rows
        for line in (text or "").splitlines()
        if "key: " in line
    ]
    fields = [value for text, value in rows if value and f"key: {value}" not in (text or "")]
    return Counter([*fields, *lines])


def test_in_an_odd_redmine_nothing_is_lost_doubled_or_silent(odd, tmp_path):
    store, clock = Store(f"sqlite:///{tmp_path}/store.db"), SystemClock()
    store.upgrade()
    use = reset(settings(*PLACES), {"constants": {"Cost center": "4711 Ö"}, "parents_computed": True})

    def run(wanted: list[Wanted]) -> tuple[Delivered, dict[str, Held]]:
        tool = connector(odd, use, mirror=StoredMirror(store, "porto/redmine"))
        with sole_writer(store, clock, OFFICE) as guard:
            done = deliver(Delivery(tool, store, clock, clock), wanted, guard)
        with store.read() as unit:
            return done, {each.key: each for each in unit.held.of(OFFICE)}

    others = counted(odd)  # what other tests had in the server of which this one is a copy
    wanted = [
        item(f"{name}/{n}", project=name, start=DAYS[0], due=DAYS[1]) for name in PLACES for n in (1, 2)
    ]
    wanted += [item("plain/part", project="plain", parent="plain/1", start=DAYS[1], due=DAYS[2])]
    wanted += [item("flat/part", project="flat", parent="flat/1"), question("plain/q", project="plain")]
    keys = {each.key for each in wanted}
    for number in range(2):
        done, held = run(wanted)
        there = counted(odd) - others
        stands = keys - held.keys()
        assert {key: there[key] for key in stands} == dict.fromkeys(stands, 1), number
        assert max(there.values()) == 1
        assert sum(there.values()) == len(there) == 12, there
        expected = {"flat/part", "keyless/2", *(f"{name}/{n}" for name in PLACES[-2:] for n in (1, 2))}
        assert held.keys() == expected | ({"keyless/1"} if number == 0 else set())
        assert {each.cause for each in held.values()} == {Cause.REFUSED}
        assert (done.conflicts, done.update) == (0, 0)
        for key, words in (
            ("keyless/2", "without our key"),
            ("flat/part", "parent"),
            ("private/1", "private"),
        ):
            assert words in held[key].why
    tool = connector(odd, use, mirror=StoredMirror(store, "porto/redmine"))
    said = "\n".join(tool.check().remarks)
    for words in ("manage_subtasks", "our key is left out in keyless", "archived", "private"):
        assert words in said
    assert any("parents_computed" in note for note in tool.check().notes)

    administration.without(odd, administration.own_role(odd, "lost"), "add_issues", "edit_issues")
    number = next(i["id"] for i in issues(odd, "plain") if key_of(i) == "plain/2")
    move = {"project_id": fill.ask_redmine(odd, "GET", "/projects/private.json")["project"]["id"]}
    edit(odd, number, "admin", **move)
    changed = {"plain/1", "plain/2", "strict/1", "flat/1", "lost/1", "keyless/1"}
    late = [but(each, standing="late") if each.key in changed else each for each in wanted]
    done, held = run([*late, item("lost/3", project="lost")])
    hidden = {"lost/1", "lost/3", "plain/2"}
    assert hidden <= held.keys()
    told = {key: (held[key].cause, held[key].why) for key in hidden}
    assert all(cause is Cause.REFUSED and why for cause, why in told.values()), told
    assert "answered 403" in told["plain/2"][1], told
    assert (counted(odd) - others)["lost/3"] == 0
    assert done.update == 4, "what is in other projects is written all the same"
    assert max((counted(odd) - others).values()) == 1
    store.close()
