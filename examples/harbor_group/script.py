"""A sample week as it stands in weeks/: what each office did, as values by our names.

It refuses keys that it does not know, and weeks that are not there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import TypeAlias

from pydantic import BaseModel, ConfigDict

from config.documents import read
from config.problems import Problems
from domain.drafts.ids import ConsultationId
from domain.ids import ElectionId, FactQuestionId, TwinId
from domain.plans.project import Scalar
from domain.questions.cases import CaseQuestionId
from domain.questions.directives import DirectiveQuestionId

FOLDER = Path(__file__).parent / "weeks"
Cells: TypeAlias = Mapping[str, Scalar | Mapping[str, Scalar]]


class Strict(BaseModel):
    """Frozen, and unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Answered(Strict):
    """An answer to a question of ours, by the project, the kind and what it is about.

    A case and a directive are named with what is asked, as `case-0123456789ab/accept`; a draft by its id.
    """

    project: str = ""
    kind: str
    about: str
    answer: str
    by: str

    def answers(self, key: str) -> bool:
        """Whether the question with that key is meant."""
        if self.kind == "election":
            election = ElectionId.find(key)
            return election is not None and election.project == self.project
        if self.kind == "twin":
            return key == str(TwinId(self.about, self.project))
        if self.kind == "case":
            case = CaseQuestionId.find(key)
            return case is not None and f"{case.case}/{case.ask}" == self.about
        if self.kind == "directive":
            directive = DirectiveQuestionId.find(key)
            return directive is not None and f"{directive.directive}/{directive.ask}" == self.about
        if self.kind == "draft":
            consulted = ConsultationId.find(key)
            return consulted is not None and consulted.draft == self.about
        asked = FactQuestionId.find(key)
        return asked is not None and (asked.project, asked.fact) == (self.project, self.about)


class OfficeWeek(Strict):
    """One office's week.

    `reported` becomes the last report of every project that is not closed; every item due by `done_by`
    of a running project is done, but for the projects `behind`. `projects` and `items` set cells,
    `new` adds items that are not there yet, `requests` rows that ask for a deviation or raise feedback.
    """

    reported: date
    done_by: date
    behind: tuple[str, ...] = ()
    percent: Mapping[str, float] = {}
    projects: Mapping[str, Cells] = {}
    items: Mapping[str, Cells] = {}
    new: Mapping[str, Cells] = {}
    requests: tuple[Mapping[str, Scalar], ...] = ()
    answers: tuple[Answered, ...] = ()


class PlanEdit(Strict):
    """What an agency did to a task of its plan, which it knows by its title then.

    `rename` gives another title; `start`, `due` and `duration` (in working days) set what they name, `done`
    finishes it, `delete` removes it, and `answer` answers what is asked about it. `new` adds a task of the
    agency's own by that title. `all_done` finishes all that is left, in that share of the planned hours and
    between `start` and `due`, and deletes what is marked as withdrawn.
    """

    task: str = ""
    new: str = ""
    rename: str = ""
    start: date | None = None
    due: date | None = None
    duration: int | None = None
    done: bool = False
    delete: bool = False
    all_done: float = 0
    answer: str = ""


class Action(Strict):
    """A flow that an operator starts in that week; `beside` the one before, not after it."""

    flow: str
    parameters: Mapping[str, Scalar]
    beside: bool = False


class WeekScript(Strict):
    """One week: the time of its clock, what the register of tools says, who did what.

    `files` are put into the organization's folder: by their place there, from where in the sample.
    """

    week: int
    as_of: datetime
    tools: Mapping[str, Mapping[str, str]] = {}
    files: Mapping[str, str] = {}
    operators: tuple[Action, ...] = ()
    offices: Mapping[str, OfficeWeek]
    plans: Mapping[str, tuple[PlanEdit, ...]] = {}


def week_script(week: int, folder: Path = FOLDER) -> WeekScript:
    """The week of that number. Raises ValueError for one that is not there or cannot be read."""
    problems = Problems()
    document = read(folder, f"{week:02}.yaml", problems)
    if document is None:
        raise ValueError(f"week {week} cannot be played: {'; '.join(str(each) for each in problems)}")
    return WeekScript.model_validate(document.value)


def each_cell(said: Cells) -> Iterator[tuple[str, Scalar]]:
    """The cells of a row by our names; an attestation is four of them."""
    for name, value in said.items():
        if isinstance(value, Mapping):
            yield from ((f"{name}.{part}", inner) for part, inner in value.items())
        else:
            yield name, value
