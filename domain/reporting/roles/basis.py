"""What the pages per role are made from: a report's values, project by project, before anybody's rights.

It is kept as of the newest report, and names restricted projects too: who may see what is decided when a page
is opened (readers.py). Refuses to say anything in words of a language: it holds what offices and standards
wrote.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from domain.compliance.sweep import FlipCause
from domain.decisions.pending import PendingDecisions
from domain.questions.question import QuestionKind
from domain.reporting.confidential import Whose
from domain.reporting.life_cycles import CycleLine
from domain.reporting.sentence import Bucket
from domain.rollouts.rollout import RolloutState, Standing, WaveState
from domain.standards.verdict import Result

MOST_TODO = 5
"""What is kept of one project's work, most urgent first; the rest is counted."""


@dataclass(frozen=True, slots=True)
class ToDo:
    """A rule that a project does not keep: what has to be done about it, by whom, by when, and where.

    `rule` is its title; `fields` are the tool's own names of the fields that it looked at, at most three.
    `gate` is the next gate of the project's life cycle, if it is due there; empty for what is not kept now.
    """

    rule: str
    what: str
    why: str
    result: Result
    role: str
    by: date | None = None
    fields: tuple[str, ...] = ()
    gate: str = ""
    uid: str = ""
    """The rule's; empty in what was kept before it was."""


@dataclass(frozen=True, slots=True)
class BasisProject:
    """A project of the report; `number` is that of its page behind the report, 0 where it has none."""

    key: str
    office: str
    title: str
    group: Bucket
    number: int = 0
    ref: str = ""
    program: str = ""
    lead: str = ""
    tool: str = ""
    """The tool in which it stands."""
    standing: Standing | None = None
    wave: int | None = None
    late: bool = False
    due: date | None = None
    until: date | None = None
    elect_by: date | None = None
    """The last day for an election that is waited for."""
    waited: date | None = None
    """The last day in time, of what is or will be late."""
    escalated: int = 0
    why: str = ""
    todo: tuple[ToDo, ...] = ()
    not_kept: int = 0
    """How many rules it does not keep."""
    to_do: int = 0
    """How many of them have to be put right, without those that are asked for as a missing fact."""
    place: CycleLine | None = None
    """Where it stands in its life cycle; None where it was judged without one."""
    coming: tuple[ToDo, ...] = ()
    """What is missing at its next gate, in the order of the version; none where nobody asks it for that."""

    @property
    def whose(self) -> Whose:
        """Whose project it is."""
        return Whose(self.key, self.office, self.program, self.lead, self.tool)


@dataclass(frozen=True, slots=True)
class BasisOffice:
    """An office of the report: when it was read last, whether it is stale; `number` is that of its page."""

    id: str
    number: int
    read_at: datetime | None = None
    stale: bool = False
    problem: bool = False


@dataclass(frozen=True, slots=True)
class BasisChange:
    """A project whose band flipped since the compliance review before; `now` None: it left."""

    project: str
    office: str
    was: Result | None
    now: Result | None
    cause: FlipCause
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BasisQuestion:
    """A question that stands in an office's tool and waits for an answer.

    `program` is the one whose manager is asked; `fields` are what the tool calls what is missing.
    """

    kind: QuestionKind
    office: str
    project: str
    answer_by: date
    text: str
    program: str = ""
    fields: tuple[str, ...] = ()
    beyond: bool = False
    """Whether it asks for an election beyond the rule of leeway, which takes a reason."""


@dataclass(frozen=True, slots=True)
class BasisWave:
    """A wave of the rollout."""

    number: int
    name: str
    start: date
    state: WaveState


@dataclass(frozen=True, slots=True)
class BasisRollout:
    """How the rollout stands as a whole; the forecast's day is None where none can be told."""

    id: str
    state: RolloutState
    waves: tuple[BasisWave, ...]
    behind: int
    """How many fewer are settled than planned; negative where more are."""
    goal_on: date | None
    goal_reached: bool
    adopted: int = 0
    """How many adopted by now."""
    adopted_before: int | None = None
    """How many had adopted at the count before."""
    counted_before: date | None = None
    default_old: bool = False
    """Whether who does not elect completes under the version before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleBasis:
    """What the pages per role say of one rollout, or of the reviews of one version; see the module."""

    about: str
    leader: str
    """The strategic office that leads what it is about."""
    title: str
    version: str
    old: str
    at: datetime
    as_of: date
    compared_with: date | None
    report: str
    """The name of the report's first page."""
    pages: str
    """The name of the pages behind it."""
    rollout: BasisRollout | None
    projects: tuple[BasisProject, ...]
    offices: tuple[BasisOffice, ...]
    changes: tuple[BasisChange, ...]
    questions: tuple[BasisQuestion, ...]
    tools: Mapping[str, str] = field(default_factory=dict)
    """Where each tool stands, for people, by its id: `workbooks/porto.xlsx`."""
    pending: tuple[PendingDecisions, ...] = ()
    """What waits past its date for an office that decides."""
