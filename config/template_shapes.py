"""What a template's file may hold: its keys, their values and what each means.

Texts such as `40h` become values here; what they refer to is checked by the reader in templates.py.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

from pydantic import AfterValidator, Field, PlainValidator, StringConstraints, WithJsonSchema

from config.places import Currency
from config.problems import WrongValue
from config.shapes import Day, Flag, Shape, Slug, Whole, Words
from domain.plans.predecessor import LinkType
from domain.plans.task import ConstraintKind
from domain.plans.templates.form import NotSuchText, duration_of, hours_of, lag_of, offset_of
from domain.plans.templates.template import Basis, Driver, Mark, Need, RecallKind, Standing, TaskKind

MOST_TASKS = 5_000


def _by(read: Callable[[str], object], example: str = "with its unit: 40h") -> PlainValidator:
    """Reads a text of a file as a value; what cannot be read is refused with the form to write."""

    def read_as(value: object) -> object:
        if not isinstance(value, str):
            raise WrongValue(f"`{str(value)[:40]}` is no text of that form", f"write it in quotes, {example}")
        try:
            return read(value)
        except NotSuchText as problem:
            raise WrongValue(problem.what, problem.instead) from None

    return PlainValidator(read_as)


def _amount(text: str) -> Decimal:
    try:
        found = Decimal(text)
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite() or len(text) > 30:
        raise NotSuchText(f"`{text[:40]}` is no amount", "write digits in quotes, such as '1250.00'")
    return found


def _tag(text: str) -> str:
    parts = text.split("-")
    if not parts[0].isalpha() or not 2 <= len(parts[0]) <= 3 or not text.replace("-", "").isalnum():
        raise WrongValue(f"`{text[:20]}` is no tag of a language", "write it as en, de or pt-BR")
    return text


_TEXT = WithJsonSchema({"type": "string"})
Uid = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=80)]
Tag = Annotated[str, AfterValidator(_tag)]
Texts = Annotated[dict[Tag, Words], Field(min_length=1)]
# Any, as the schema would describe the values that the texts become, and files hold the texts.
DurationText = Annotated[Any, _by(duration_of), _TEXT]
OffsetText = Annotated[Any, _by(offset_of), _TEXT]
LagText = Annotated[Any, _by(lag_of), _TEXT]
HoursText = Annotated[Any, _by(hours_of), _TEXT]
Amount = Annotated[Any, _by(_amount, "such as '1250.00'"), _TEXT]


class CalendarShape(Shape):
    """The hours of a week. Holidays are those of whoever works by it."""

    name: Words = Field(examples=["Standard"])
    """The calendar's name; tasks name it."""
    week: tuple[HoursText, ...] = Field(min_length=7, max_length=7)
    """The hours of each weekday, Monday first: `08:00-12:00, 13:00-17:00`, empty for a free day."""


class PilotShape(Shape):
    """The plan that the template was captured from."""

    office: Slug = Field(examples=["hamburg"])
    """The office whose plan it was."""
    captured: Day = Field(examples=["2027-03-01"])
    """The day on which it was captured."""
    source: str = Field("", max_length=64)
    """The digest of the plan as it was read."""
    standing: Standing = Standing.UNSTATED
    """Whether its system is live and its early-life support has ended, as far as the plan tells."""


class SizeShape(Shape):
    """How large a deployment is, so that the effort of a large and a small one can be compared."""

    driver: Driver = Field(examples=["users"])
    """What is counted: `users`, `companies` or `interfaces`."""
    amount: Amount = Field(examples=["'240'"])
    """How many, in quotes."""


class ParameterShape(Shape):
    """What a receiving office is asked."""

    id: Slug = Field(examples=["payroll"])
    """The parameter's id; conditions name it."""
    names: Texts = Field(examples=["{en: Does the office run payroll itself?}"])
    """The question, by language."""
    values: tuple[Words, ...] = Field(min_length=2, examples=['["yes", "no"]'])
    """The answers from which the office chooses."""


class TaskConditionShape(Shape):
    """When a conditional task is needed."""

    parameter: Slug = Field(examples=["payroll"])
    """The id of the parameter."""
    values: tuple[Words, ...] = Field(min_length=1, examples=['["yes"]'])
    """The answers for which it is needed."""


class EffortShape(Shape):
    """The work of one role on a task."""

    role: Words = Field(examples=["Business analyst"])
    """The role."""
    work: OffsetText | None = Field(None, examples=["16h"])
    """How much work it is: `16h`."""


class MoneyShape(Shape):
    """An amount of money."""

    amount: Amount = Field(examples=["'1250.00'"])
    """The amount, in quotes."""
    currency: Currency = Field(examples=["EUR"])
    """Its currency, by the code of ISO 4217."""


class HeldShape(Shape):
    """A constraint of a task, counted from the plan's start."""

    kind: ConstraintKind = Field(examples=["start_no_earlier_than"])
    """What it holds."""
    after: OffsetText | None = Field(None, examples=["40h"])
    """So much working time after the plan's start."""


class EvidenceShape(Shape):
    """How it was in the pilot."""

    planned: DurationText | None = None
    """The duration that was planned."""
    actual: DurationText | None = None
    """How long it took."""
    baselined: Flag = False
    """Whether the planned duration is that of a baseline."""
    began: OffsetText | None = None
    """When it was begun: so much working time after the plan's start, by the template's calendar."""
    ended: OffsetText | None = None
    """When it was ended, likewise."""
    work: OffsetText | None = None
    """The work, as the pilot's plan stated it once the task was finished: `16h`."""
    cost: MoneyShape | None = None
    """The cost, as the pilot's plan stated it once the task was finished."""


class EstimateShape(Shape):
    """A duration that is proposed beside the planned one."""

    likely: DurationText = Field(examples=["48h"])
    """The likely one (50 %)."""
    safe: DurationText = Field(examples=["64h"])
    """The safe one (80 %)."""
    basis: Basis = Field(examples=["actual"])
    """What it is based on."""


class TaskShape(Shape):
    """A task, milestone, gate or phase."""

    uid: Uid = Field(examples=["t-1f0c"])
    """Its id, the same in all versions."""
    names: Texts = Field(examples=["{en: Migrate open items}"])
    """What people call it, by language."""
    kind: TaskKind = TaskKind.TASK
    """What it is. A phase holds other tasks and has no duration."""
    parent: Uid | None = None
    """The phase that it is in."""
    duration: DurationText | None = Field(None, examples=["40h"])
    """How long it takes: `40h`, `90m`, `48eh` (elapsed hours)."""
    calendar: Words | None = None
    """The name of its calendar. Without it the template's."""
    need: Need = Need.MANDATORY
    """Whether an office has to take it over. `conditional` needs a condition."""
    condition: TaskConditionShape | None = None
    """When it is needed."""
    effort: tuple[EffortShape, ...] = ()
    """The roles that do it, and their work."""
    cost: MoneyShape | None = None
    """What it costs."""
    rules: tuple[str, ...] = ()
    """The rules that it serves, as standard/uid."""
    held: HeldShape | None = None
    """What holds it besides its links."""
    deadline: OffsetText | None = None
    """So much working time after the plan's start."""
    mark: Mark | None = None
    """`go_live` or `support_end`, of one milestone each."""
    open: Flag = False
    """Whether the pilot had not finished it."""
    once: Flag = False
    """Whether the pilot does it once for all: no other office takes it over, and no saving counts it."""
    evidence: EvidenceShape | None = None
    """How it was in the pilot."""
    estimate: EstimateShape | None = None
    """What is proposed from that."""


class LinkShape(Shape):
    """A link between two tasks."""

    predecessor: Uid = Field(examples=["t-1f0c"])
    """The uid of the task that comes first."""
    successor: Uid = Field(examples=["t-2a11"])
    """The uid of the task that waits for it."""
    type: LinkType = LinkType.FINISH_TO_START
    """FS (finish to start), SS, FF or SF."""
    lag: LagText | None = None
    """A wait: `16h`, `-8h`, `24eh` (elapsed hours) or `50%` of the predecessor's duration."""


class NoteShape(Shape):
    """A risk or a lesson."""

    uid: Uid = Field(examples=["r-1"])
    """Its id, the same in all versions."""
    texts: Texts = Field(examples=["{en: Open items are migrated twice}"])
    """What it says, by language."""
    task: Uid | None = None
    """The task that it is about. Without it the whole."""


class TemplateDocumentShape(Shape):
    """A document by its link."""

    uid: Uid = Field(examples=["d-1"])
    """Its id, the same in all versions."""
    names: Texts = Field(examples=["{en: Cut-over checklist}"])
    """What people call it, by language."""
    link: Annotated[str, StringConstraints(pattern=r"^https://[^\s@]+$", max_length=500)] = Field(
        examples=["https://documents.example.org/cut-over"]
    )
    """Where it is: an address with https, without a user in it."""
    task: Uid | None = None
    """The task that it is about. Without it the whole."""


class RecallShape(Shape):
    """The version is recalled."""

    kind: RecallKind = Field(examples=["correction"])
    """`correction`: go on and take over what is said; `stop`: begin nothing more by it."""
    on: Day = Field(examples=["2027-06-01"])
    """Since when."""
    text: Words = Field(examples=["the migration drops credit notes; see version 3"])
    """What is wrong, and what to do."""


class TemplateShape(Shape):
    """A deployment plan for others to start from."""

    id: Slug = Field(examples=["finance-system"])
    """The template's id, the same in all versions."""
    names: Texts = Field(examples=["{en: Finance system}"])
    """Its title, by language."""
    owner: Slug = Field(examples=["hamburg"])
    """The office that releases it."""
    language: Tag = Field(examples=["en"])
    """The language of its texts, where a text is there in several."""
    calendar: Words = Field(examples=["Standard"])
    """The name of the calendar of tasks that name none."""
    calendars: tuple[CalendarShape, ...] = Field(min_length=1)
    """The calendars."""
    pilot: PilotShape | None = None
    """Where it comes from."""
    size: SizeShape | None = None
    """How large the pilot's deployment was. Without it no saving of effort and cost is shown."""
    parameters: tuple[ParameterShape, ...] = ()
    """What a receiving office is asked."""
    tasks: tuple[TaskShape, ...] = Field(min_length=1, max_length=MOST_TASKS)
    """The tasks, as in the outline."""
    links: tuple[LinkShape, ...] = ()
    """The links between them."""
    risks: tuple[NoteShape, ...] = ()
    """Risks."""
    lessons: tuple[NoteShape, ...] = ()
    """Lessons of the pilot."""
    documents: tuple[TemplateDocumentShape, ...] = ()
    """Documents by their links."""
    version: Whole | None = Field(None, ge=1, le=9999)
    """The number of a released version; a draft has none."""
    released: Day | None = None
    """The day on which it was released."""
    standing: Standing | None = None
    """The pilot's standing at the release."""
    stated: Flag = False
    """Whether a person stated that, as the plan did not tell it."""
    changelog: tuple[Words, ...] = ()
    """What changed since the version before."""
    recalled: RecallShape | None = None
    """Whether it was recalled."""
