"""The player: what it changes, that it can be repeated and interrupted, and what it never touches."""

import hashlib
import shutil

import pytest

from config.wiring import examine
from connectors.errors import TryLater
from connectors.protocol import Done
from connectors.registry import connect
from domain.delivery.wanted import ItemFields, Wanted
from examples.harbor_group import player
from examples.harbor_group.script import week_script
from tests.connectors.deciding import decided
from tests.contract.around import around


@pytest.fixture(scope="module")
def week_1(tmp_path_factory):
    """A copy after week 1, played without a break; to be read, not to be changed."""
    folder = tmp_path_factory.mktemp("unbroken") / "organization"
    player.copy_sample(folder)
    player.play(folder, 1)
    return folder


@pytest.fixture
def after_week_1(week_1, tmp_path):
    """A copy after week 1 of the test's own."""
    return shutil.copytree(week_1, tmp_path / "organization")


def state(folder):
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def connector(folder, office):
    organization = examine(folder).organization
    partition = organization.partition(office)
    return connect(organization.tools[partition.tool], partition, around(folder))


def plan(folder, project):
    office = project.partition("/")[0]
    return next(p for p in connector(folder, office).read().plans if p.project.key == project)


def test_a_copy_holds_the_whole_organization_and_none_of_its_scripts(copy):
    found = set(state(copy))
    assert {
        "clock.yaml",
        "offices.yaml",
        "standards/delivery-method/2.0.yaml",
        "workbooks/antwerp.xlsx",
    } <= found
    assert not [name for name in found if name.endswith((".py", ".md")) or name.startswith("weeks/")]


def test_a_second_copy_is_not_made_over_the_first(copy):
    (copy / "organization.yaml").write_text("id: changed\n")
    assert player.copy_sample(copy) is False
    assert (copy / "organization.yaml").read_text() == "id: changed\n"


def test_a_copy_that_was_interrupted_is_completed(copy):
    whole = state(copy)
    (copy / "clock.yaml").unlink()
    (copy / "workbooks/hamburg.xlsx").unlink()
    assert player.copy_sample(copy) is True
    assert state(copy) == whole


def test_the_committed_sample_is_never_played_on():
    with pytest.raises(ValueError, match="copy it first"):
        player.play(player.HERE, 1)


def test_a_week_that_is_too_early_is_refused(copy):
    with pytest.raises(ValueError, match="week 2 cannot be played when 0 weeks were"):
        player.play(copy, 2)


def test_a_week_that_is_past_is_refused(after_week_1):
    player.play(after_week_1, 2)
    with pytest.raises(ValueError, match="week 1 cannot be played when 2 weeks were"):
        player.play(after_week_1, 1)


def test_a_week_that_is_not_there_is_refused(copy):
    with pytest.raises(ValueError, match="week 13 cannot be played"):
        player.play(copy, 13)


def test_a_week_moves_the_clock_by_seven_days_and_keeps_its_comment(copy, week_1):
    assert player.weeks_played(copy) == 0
    assert player.weeks_played(week_1) == 1
    assert "as_of: 2027-01-11T07:00:00Z" in (week_1 / "clock.yaml").read_text()
    assert (week_1 / "clock.yaml").read_text().startswith("# The sample lives at this time")


def test_a_week_played_twice_leaves_the_same_bytes(week_1, after_week_1):
    player.play(after_week_1, 1)
    assert state(after_week_1) == state(week_1)


@pytest.mark.servers  # many seconds
@pytest.mark.parametrize("stopped_after", [0, 5, 9, 10])
def test_a_week_killed_anywhere_and_played_again_ends_as_if_it_had_not_been(
    copy, week_1, monkeypatch, stopped_after
):
    left = [stopped_after]
    real_edit, real_replace = player.edit, player._replace

    def dying(call):
        def step(*arguments):
            if left[0] == 0:
                raise KeyboardInterrupt
            left[0] -= 1
            return call(*arguments)

        return step

    monkeypatch.setattr(player, "edit", dying(real_edit))
    monkeypatch.setattr(player, "_replace", dying(real_replace))
    with pytest.raises(KeyboardInterrupt):
        player.play(copy, 1)
    monkeypatch.undo()
    assert player.weeks_played(copy) == 0
    player.play(copy, 1)
    assert state(copy) == state(week_1)


def test_an_open_workbook_is_left_alone_and_the_week_can_be_played_when_it_is_closed(copy):
    lock = copy / "workbooks" / "~$hamburg.xlsx"
    lock.write_bytes(b"")
    with pytest.raises(TryLater):
        player.play(copy, 1)
    lock.unlink()
    player.play(copy, 1)
    assert player.weeks_played(copy) == 1


def test_what_the_product_put_into_a_workbook_stays_as_it_is(copy):
    key = "adopt/delivery-method/2.0/mersin/MR-01/change-log"
    values = {
        "title": "Start a change log",
        "project": "MR-01",
        "due": week_script(1).as_of.date(),
        "role": "reporter",
        "standing": "open",
    }
    ours = Wanted(key, "mersin", ItemFields(**values))
    before = connector(copy, "mersin")
    assert before.put(decided(ours), before.read().digest).count(Done.CREATED) == 1
    player.play(copy, 1)
    player.play(copy, 2)
    after = connector(copy, "mersin")
    assert after.put(decided(ours), after.read().digest).count(Done.SAME) == 1


def test_an_answer_is_written_only_beside_a_question_that_was_asked(week_1):
    assert connector(week_1, "mersin").read().answers == ()


def test_reports_and_due_items_follow_the_week_but_for_projects_that_are_behind(week_1):
    done_by = week_script(1).offices["mersin"].done_by
    late = plan(week_1, "mersin/MR-01")
    assert late.project.last_report == done_by
    assert any(item.due <= done_by and item.percent < 100 for item in late.items)
    healthy = plan(week_1, "mersin/MR-02")
    assert all(item.percent == 100 and item.status == "Done" for item in healthy.items if item.due <= done_by)


def test_numbers_are_written_in_the_units_of_the_office(week_1):
    said = week_script(1).offices["hamburg"].percent
    assert said
    for project, percent in said.items():
        assert plan(week_1, f"hamburg/{project}").project.percent_complete == percent


def test_the_register_names_the_newer_program_once_mersin_bought_it(copy, week_1):
    assert examine(copy).organization.tools["mersin-workbook"].version == "2019"
    assert examine(week_1).organization.tools["mersin-workbook"].version == "2024"


def test_every_week_can_be_read_and_one_of_them_has_an_operator_resume_the_rollout():
    scripts = [week_script(week) for week in range(1, player.WEEKS + 1)]
    assert [script.week for script in scripts] == list(range(1, 13))
    started = [action for script in scripts for action in script.operators]
    [action] = [each for each in started if each.flow == "steer-rollout"]
    assert action.parameters["action"] == "resume"
    assert {each.flow for each in started} >= {"steer-rollout", "request-deviation", "decide", "share-plan"}


def test_nobody_touches_the_silent_office_from_week_6_on():
    assert "antwerp" in week_script(5).offices
    assert all("antwerp" not in week_script(week).offices for week in range(6, 13))


def test_the_diverse_subtree_is_never_played():
    assert all("bergen" not in week_script(week).offices for week in range(1, 13))


def test_a_key_that_no_week_has_is_refused(tmp_path):
    (tmp_path / "01.yaml").write_text("week: 1\nas_of: 2027-01-11T07:00:00Z\noffices: {}\nweather: fine\n")
    with pytest.raises(ValueError, match="weather"):
        week_script(1, tmp_path)
