"""Questions of an update of a plan: the template's value or the office's, or without an answer a default."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from domain.language import ENGLISH, Language, Message
from domain.plans.merge.change import Why
from domain.plans.merge.place import Side
from domain.plans.project import Project
from domain.plans.updates.asked import PlanConflict
from domain.questions.answers import Reply, word
from domain.questions.kind import Entry, Input, Stakes
from domain.questions.plan_tasks import plan_task_question
from domain.questions.question import Question, QuestionKind
from domain.questions.sides import SideQuestions, asked_of

SIDES: Mapping[Reply, Side] = {Reply.TEMPLATE: Side.THEIRS, Reply.KEEP: Side.OURS}
ASKED: Mapping[Why, Message] = {
    Why.BOTH_CHANGED: Message("The template and your office changed it differently."),
    Why.REMOVED_AND_CHANGED: Message("The template removes it, and your office changed it."),
    Why.MANDATORY: Message("Your office removed it, and the template requires it."),
    Why.IN_REMOVED: Message("The template puts it into a summary that your office removed."),
    Why.LOOP: Message("Both moves together would put a summary into itself."),
    Why.CYCLE: Message("Links of both together would make tasks wait for each other."),
    Why.FLAW: Message("The changes of both contradict each other."),
}
"""Why it is asked, for people."""
FIELDS: Mapping[str, Message] = {
    "task": Message("the task itself", about="plan field"),
    "link": Message("what it follows", about="plan field"),
    "order": Message("order", about="plan field"),
    "name": Message("name", about="plan field"),
    "parent": Message("summary that it lies in", about="plan field"),
    "duration": Message("duration", about="plan field"),
    "work": Message("work", about="plan field"),
    "start": Message("start", about="plan field"),
    "finish": Message("finish", about="plan field"),
    "role": Message("role", about="plan field"),
    "cost": Message("cost", about="plan field"),
}
"""What of a task differs, for people."""


def plan_conflict_question(conflict: PlanConflict, project: str, language: Language = ENGLISH) -> Question:
    """The question put to the office whose plan it is; `project` is the project that holds the plan."""
    if conflict.why is Why.SAME_TASK:
        return plan_task_question(conflict, project, language)
    kept = Reply.KEEP if conflict.default is Side.OURS else Reply.TEMPLATE
    text = language.say(
        "Update of the plan to version {version}, task {task} ({what}). {why} Template: {theirs}. Yours: "
        "{ours}. Answer {template} or {keep}; without an answer by {by} it is {default}.",
        version=conflict.version,
        task=conflict.task or "-",
        what=_what(conflict, language),
        why=language.message(ASKED[conflict.why]),
        theirs=conflict.theirs,
        ours=conflict.ours,
        template=word(Reply.TEMPLATE, language),
        keep=word(Reply.KEEP, language),
        by=conflict.answer_by,
        default=word(kept, language),
    )
    return asked_of(conflict, QuestionKind.PLAN_CONFLICT, project, text, language)


def _what(conflict: PlanConflict, language: Language) -> str:
    """What of the task differs, for people; a field of a tool's own that has no word is named as it is."""
    names = dict.fromkeys(place.field or str(place.subject) for place in conflict.places)
    return ", ".join(language.message(FIELDS[name]) if name in FIELDS else name for name in names)


class PlanConflictQuestions(SideQuestions):
    """Whose value counts in a plan that the template and the office changed."""

    kind = QuestionKind.PLAN_CONFLICT
    called = Message("question: plan update")
    sides = SIDES

    def entry(self, question: Question, project: Project | None, language: Language) -> Entry:
        """The two sides."""
        del question, project
        theirs, ours = language.say("take the template's value"), language.say("keep the office's value")
        return Entry(Input.CHOICE, ((str(Reply.TEMPLATE), theirs), (str(Reply.KEEP), ours)))

    def need(self, asked: Sequence[Question], stakes: Stakes, says: Language) -> tuple[str, str]:
        """How many places of plans wait, and what counts otherwise."""
        del stakes
        what = says.count(
            len(asked),
            "Decide {n} place of a plan that the template and you changed",
            "Decide {n} places of plans that the template and you changed",
        )
        return what, says.say("the default that stands in the question counts")
