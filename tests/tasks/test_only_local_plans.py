"""Of an office that takes part by a deployment alone: what is kept of a reading of its tool."""

from dataclasses import replace

from domain.plans.project import Answer, Placed, Plan, Project, Reading, ToolDescription, Unreadable
from tasks.reading import only_of

MINE, OTHER = "oslo/FIN", "oslo/SECRET"
CONFLICT, COPY = "conflict/oslo/finance-system/1/0123456789ab", "fact/oslo/SECRET/plan.finish/1"


def reading() -> Reading:
    plans = tuple(Plan(Project(key, "oslo", key), ()) for key in (MINE, OTHER))
    return Reading(
        "oslo",
        "0" * 64,
        plans,
        ToolDescription("workbook", "2021", frozenset({"finish"})),
        placed=(Placed(CONFLICT, "Q!2", {}), Placed(COPY, "Q!3", {})),
        answers=(Answer(CONFLICT, "keep"), Answer(COPY, "2027-03-01")),
        unreadable=(
            Unreadable("T!C5", "Total", "it is left out", MINE),
            Unreadable("T!C9", "SECRET total", "it is left out", OTHER),
            Unreadable("P!A2", "SECRET", "of nobody knows which project"),
        ),
    )


def test_its_local_plans_are_kept_and_the_answers_about_their_updates():
    found = only_of(reading(), {MINE})
    assert [plan.project.key for plan in found.plans] == [MINE]
    assert [answer.question for answer in found.answers] == [CONFLICT]
    assert [placed.key for placed in found.placed] == [CONFLICT]
    assert [each.ref for each in found.unreadable] == ["T!C5"]


def test_nothing_else_of_it_is():
    found = only_of(reading(), {MINE})
    assert "SECRET" not in repr(found)
    assert found.tool == ToolDescription("workbook")


def test_another_answer_is_another_reading():
    before = reading()
    after = replace(before, answers=(Answer(CONFLICT, "template"),))
    assert only_of(before, {MINE}).digest != only_of(after, {MINE}).digest
