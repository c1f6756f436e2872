"""Questions of a plan that goes over to another template: whether two tasks are one, or by default two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from domain.language import ENGLISH, Language, Message
from domain.plans.merge.place import Side
from domain.plans.project import Project
from domain.plans.updates.asked import PlanConflict
from domain.questions.answers import Reply, word
from domain.questions.kind import Entry, Input, Stakes
from domain.questions.question import Question, QuestionKind
from domain.questions.sides import SideQuestions, asked_of

SIDES: Mapping[Reply, Side] = {Reply.SAME: Side.OURS, Reply.DIFFERENT: Side.THEIRS}


def plan_task_question(conflict: PlanConflict, project: str, language: Language = ENGLISH) -> Question:
    """The question put to the office whose plan it is; `project` is the project that holds the plan."""
    (place,) = conflict.places
    default = Reply.SAME if conflict.default is Side.OURS else Reply.DIFFERENT
    text = language.say(
        "Your plan follows the template {template} now. Its task {theirs} ({id}) and your task {ours} may be "
        "one. Answer {same}, and your task follows the template's, or {different}, and the template's comes "
        "as a new one; without an answer by {by} it is {default}.",
        template=f"{place.about[1]}/{conflict.version}",
        theirs=conflict.theirs,
        id=place.about[2],
        ours=conflict.ours,
        same=word(Reply.SAME, language),
        different=word(Reply.DIFFERENT, language),
        by=conflict.answer_by,
        default=word(default, language),
    )
    return asked_of(conflict, QuestionKind.PLAN_TASK, project, text, language)


class PlanTaskQuestions(SideQuestions):
    """Whether a task of another template is one that the plan has."""

    kind = QuestionKind.PLAN_TASK
    called = Message("question: task of a plan")
    sides = SIDES

    def entry(self, question: Question, project: Project | None, language: Language) -> Entry:
        """The two words."""
        del question, project
        same, other = language.say("both are one task"), language.say("they are two tasks")
        return Entry(Input.CHOICE, ((str(Reply.SAME), same), (str(Reply.DIFFERENT), other)))

    def need(self, asked: Sequence[Question], stakes: Stakes, says: Language) -> tuple[str, str]:
        """How many tasks wait, and what counts otherwise."""
        del stakes
        what = says.count(
            len(asked),
            "Say of {n} task of a template whether your plan has it",
            "Say of {n} tasks of a template whether your plan has them",
        )
        return what, says.say("the default that stands in the question counts")
