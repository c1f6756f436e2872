"""Questions that a rollout puts to offices: missing facts, leeway, and whether it may begin."""

from __future__ import annotations

from datetime import date

from domain.ids import ApprovalId, ElectionId, FactQuestionId
from domain.plans.facts import documented
from domain.plans.project import Plan
from domain.questions.missing_facts import lacks_work, unfilled
from domain.questions.question import Question, QuestionKind
from domain.rollouts.rollout import Adoption, Manifest
from domain.standards.standard import Election


def fact_question(adoption: Adoption, rollout: str, fact: str, plan: Plan, asked: date) -> Question:
    """The question for one missing fact of a project, put to its office."""
    meaning = {path: doc for path, _, doc in documented()}.get(fact, fact)
    gaps = unfilled(fact, plan.project)
    by_work = lacks_work(fact, plan)
    wanted = [gap.replace("_", " ") for gap in gaps] + ["the plan items' work and percent"] * by_work
    here = ", or answer here" if len(wanted) == len(gaps) == 1 else ""
    text = f"Not reported: {meaning}. Fill in {' and '.join(wanted) or 'its cells'}{here}."
    return Question(
        id=str(FactQuestionId(rollout, adoption.project, fact)),
        office=adoption.office,
        project=adoption.project,
        kind=QuestionKind.FACT,
        about=fact,
        text=text,
        asked=asked,
        answer_by=adoption.answer_by or asked,
    )


def election_question(
    adoption: Adoption, address: tuple[str, str], why: str, default: Election, asked: date
) -> Question:
    """The question whether an eligible project finishes under the old version.

    `address` is the rollout's id and the office that elects: the project's program office.
    """
    rollout, office = address
    text = (
        f"{adoption.project}: {why}. Answer finish or adopt by {adoption.elect_by}; "
        f"without an answer: {'finish' if default is Election.FINISH_OLD else 'adopt'}."
    )
    return Question(
        id=str(ElectionId(rollout, adoption.project)),
        office=office,
        project=adoption.project,
        kind=QuestionKind.ELECTION,
        about="leeway",
        text=text,
        asked=asked,
        answer_by=adoption.elect_by or asked,
    )


def approval_question(
    plan: str, manifest: Manifest, office: str, why: str, days: tuple[date, date], missing: str = ""
) -> Question:
    """The question whether a rollout may begin, for exactly the list that was simulated.

    `days` are the day on which it is asked and the day by which an answer is wanted; `missing` is a sentence
    about the facts that nothing gives.
    """
    asked, answer_by = days
    first = min(wave.start for wave in manifest.waves)
    offices = len({member.office for member in manifest.members})
    text = (
        f"May the rollout {plan} of {manifest.standard} {manifest.version} begin? {len(manifest.members)} "
        f"projects of {offices} offices in {len(manifest.waves)} waves from {first}; approved is the list "
        f"{manifest.digest[:12]}. Reason given: {why.strip().rstrip('.')}. {f'{missing} ' if missing else ''}"
        "Write approve or reject as a comment of its own, or let the ticket's state say so."
    )
    return Question(
        id=str(ApprovalId(plan, manifest.digest)),
        office=office,
        project="",
        kind=QuestionKind.APPROVAL,
        about=manifest.digest,
        text=text,
        asked=asked,
        answer_by=answer_by,
    )
