"""The live sample's copy as far as it needs no server: what is replaced in it, and what it says without servers."""

import pytest

from config.sample import is_copy
from config.wiring import examine
from examples.harbor_group import player
from examples.harbor_group.script import week_script
from examples.harbor_group_live import sample, servers
from examples.harbor_group_live.redmine_agency import RedmineAgency
from examples.harbor_group_live.redmine_leader import RedmineLeader
from examples.harbor_group_live.redmine_office import RedmineOffice
from examples.harbor_group_live.trac_office import TracOffice

REDMINE = servers.Redmine({"url": "http://127.0.0.1:1", "users": {"interoffice": {"key": "k-of-redmine"}}})
TRAC = servers.Trac({"url": "http://127.0.0.1:2", "users": {"interoffice": {"password": "p-of-trac"}}})


@pytest.fixture
def live(tmp_path):
    folder = tmp_path / "live"
    redmine, agency = RedmineOffice(REDMINE, "abc123"), RedmineAgency(REDMINE, "abc123")
    leader = RedmineLeader(REDMINE, "abc123")
    leader.users = {"Marijke van Dijk": 7, "Sanne de Wit": 8}
    found = sample.Live(folder, redmine, TracOffice(TRAC, "abc123"), agency, leader)
    player.copy_sample(folder, lambda name, text: sample.changed(found.places, name, text, leader.accounts))
    return found


def test_four_offices_have_another_tool_and_all_else_is_the_sample(live, copy):
    there, plain = examine(live.organization), examine(copy)
    assert there.organization.offices == plain.organization.offices
    replaced = {
        office: there.organization.tools[there.organization.partition(office).tool]
        for office in there.organization.offices
        if there.organization.partition(office) != plain.organization.partition(office)
    }
    assert {office: (tool.kind, tool.credentials) for office, tool in replaced.items()} == {
        "hamburg": ("redmine", "HARBOR_REDMINE_KEY"),
        "singapore": ("trac", "HARBOR_TRAC_PASSWORD"),
        "vigo": ("redmine", "HARBOR_REDMINE_KEY"),
        "group": ("redmine", "HARBOR_REDMINE_KEY"),
    }
    assert (live.organization / "answers/vigo.yaml").exists()
    for office in replaced:
        assert there.organization.partition(office).access == plain.organization.partition(office).access
    books = {path.name for path in (copy / "workbooks").iterdir()}
    assert {path.name for path in (live.organization / "workbooks").iterdir()} == books - {
        "group.xlsx", "hamburg.xlsx", "singapore.xlsx", "vigo.xlsx",
    }  # fmt: skip


def test_both_versions_say_what_the_two_tools_must_offer_and_nothing_else_changed(live, copy):
    there, plain = examine(live.organization).versions, examine(copy).versions
    assert [key for key, version in plain.items() if not version.tools] == ["site-works/1.0"]
    for key, version in plain.items():
        if not version.tools:
            assert there[key] == version, "what says nothing of tools is not of any"
            continue
        kinds = [demand.kind for demand in there[key].tools]
        assert sorted(kinds) == ["redmine", "trac", "workbook"]
        assert there[key].rules == version.rules
        assert set(version.tools) < set(there[key].tools)


def test_each_copy_has_projects_of_its_own_in_the_servers(live):
    redmine, agency = RedmineOffice(REDMINE, "def456"), RedmineAgency(REDMINE, "def456")
    leader = RedmineLeader(REDMINE, "def456")
    other = sample.Live(live.organization, redmine, TracOffice(TRAC, "def456"), agency, leader)
    assert other.places.keys() == live.places.keys()
    for name, office in live.places.items():
        assert office.within
        assert not set(office.within) & set(other.places[name].within)


def test_the_approvers_have_accounts_where_they_decide_and_nobody_else_has_another(live, copy):
    there, plain = examine(live.organization).organization.people, examine(copy).organization.people
    added = {
        person: set(there[person].accounts.items()) - set(plain[person].accounts.items()) for person in plain
    }
    assert {person: dict(accounts) for person, accounts in added.items() if person in ("marijke-van-dijk", "sanne-de-wit")} == {
        "marijke-van-dijk": {"group-redmine": "Marijke van Dijk (7)"},
        "sanne-de-wit": {"group-redmine": "Sanne de Wit (8)"},
    }  # fmt: skip
    assert not any("group-redmine" in person.accounts for name, person in there.items() if not added[name])


def test_what_is_not_a_decision_is_left_to_the_operators(live):
    actions = tuple(each for each in week_script(1).operators if each.flow != "decide")
    assert actions
    assert live.decided(actions) == actions


def test_a_credential_stands_in_no_file_of_the_copy(live):
    assert set(sample.credentials(servers.Servers(REDMINE, TRAC)).values()) == {"k-of-redmine", "p-of-trac"}
    for path in live.organization.rglob("*"):
        if path.is_file():
            assert b"k-of-redmine" not in path.read_bytes()
            assert b"p-of-trac" not in path.read_bytes()


def test_the_player_leaves_the_three_offices_to_what_stands_for_them(live):
    did = {}
    elsewhere = {office: lambda week, office=office: did.update({office: week}) for office in live.offices}
    player.play(live.organization, 1, elsewhere)
    assert set(did) == {"group", "hamburg", "singapore"}
    assert player.weeks_played(live.organization) == 1


@pytest.mark.parametrize("said", [None, "{}", "no json", '{"redmine": {"url": "http://127.0.0.1:1"}}'])
def test_without_servers_it_is_said_how_to_start_them(tmp_path, said):
    notes = tmp_path / "servers.json"
    if said is not None:
        notes.write_text(said)
    with pytest.raises(servers.NotThere, match="make servers"):
        servers.known(notes)


def test_servers_that_no_longer_run_are_told_too(tmp_path):
    notes = tmp_path / "servers.json"
    user = '{"planner": {"key": "k", "password": "p"}}'
    entries = (f'"{name}": {{"url": "http://127.0.0.1:9", "users": {user}}}' for name in ("redmine", "trac"))
    notes.write_text(f"{{{', '.join(entries)}}}")
    with pytest.raises(servers.NotThere, match="make servers"):
        servers.known(notes)


def test_a_plain_copy_is_not_turned_into_a_live_one(copy, tmp_path):
    with pytest.raises(servers.NotThere, match="--state"):
        sample.begun(tmp_path / "live.json", copy, servers.Servers(REDMINE, TRAC))
    assert not (tmp_path / "live.json").exists()


def test_a_live_copy_is_taken_for_the_sample(live):
    state = live.organization.parent
    live.organization.rename(state / "organization")
    assert is_copy(state / "organization", state)
    offices = state / "organization" / "offices.yaml"
    offices.write_text(offices.read_text("utf-8") + "# changed\n", "utf-8")
    assert not is_copy(state / "organization", state), "the control"
