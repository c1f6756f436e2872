"""What answers lack for a template, and what of them it does not know: each with its place and remedy.

Stored answers are asked again only where a version lacks something; what a version knows no longer is then
passed over, while in new answers it is refused, as it may be a misspelling.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from domain.language import Language, Message
from domain.plans.localization.answers import AnchorKind, Answers, Assigned
from domain.plans.localization.receiver import Receiver
from domain.plans.localization.taking import is_wanted, taken
from domain.plans.templates.template import Need, TaskKind, Template


class LackKind(StrEnum):
    """What is wrong with an answer, or that it is missing."""

    GATE_MISSING = "gate_missing"
    GATE_UNKNOWN = "gate_unknown"
    GATE_LEFT_OUT = "gate_left_out"
    GATE_NEEDLESS = "gate_needless"
    PARAMETER_MISSING = "parameter_missing"
    PARAMETER_VALUE = "parameter_value"
    PARAMETER_UNKNOWN = "parameter_unknown"
    RATE_MISSING = "rate_missing"
    RATE_SIZE = "rate_size"
    RATE_TWICE = "rate_twice"
    PERSON_UNKNOWN = "person_unknown"
    PERSON_TWICE = "person_twice"
    ROLE_UNKNOWN = "role_unknown"
    CALENDAR_UNKNOWN = "calendar_unknown"
    TASK_UNKNOWN = "task_unknown"
    TASK_REQUIRED = "task_required"
    NOTHING_LEFT = "nothing_left"
    TARGET_MISSING = "target_missing"
    DATES = "dates"
    SIZE_AMOUNT = "size_amount"
    SIZE_DRIVER = "size_driver"
    SIZE_NEEDLESS = "size_needless"


_SAYS: Mapping[LackKind, tuple[Message, Message]] = {
    LackKind.GATE_MISSING: (
        Message("no gate is named"), Message("name a gate or milestone of the template: {known}")
    ),
    LackKind.GATE_UNKNOWN: (
        Message("{value} is no gate or milestone of the template"), Message("name one of {known}")
    ),
    LackKind.GATE_LEFT_OUT: (
        Message("the gate {value} is left out of the plan"), Message("take it, or name another of {known}")
    ),
    LackKind.GATE_NEEDLESS: (
        Message("the gate {value} is named, though the plan is not counted from a gate"),
        Message("take it out, or count from a gate"),
    ),
    LackKind.PARAMETER_MISSING: (
        Message("the parameter {value} is not answered"), Message("answer one of {known}")
    ),
    LackKind.PARAMETER_VALUE: (
        Message("{value} is no value of the parameter {about}"), Message("answer one of {known}")
    ),
    LackKind.PARAMETER_UNKNOWN: (
        Message("the template asks for no parameter {value}"), Message("take it out; it asks for {known}")
    ),
    LackKind.RATE_MISSING: (
        Message("there is no rate for {value}, in which the template's costs are"),
        Message("give what 1 {value} is worth in {about}, of which day, and by which source"),
    ),
    LackKind.RATE_SIZE: (
        Message("the rate of {value} is not above 0"), Message("give what 1 {value} is worth in {about}")
    ),
    LackKind.RATE_TWICE: (Message("{value} has two rates"), Message("give one")),
    LackKind.PERSON_UNKNOWN: (
        Message("{value} is not in people.yaml, or has left"),
        Message("give the id of a person who is there, or the name that your tool has"),
    ),
    LackKind.PERSON_TWICE: (
        Message("{value} is given by id and by name"), Message("give one of the two")
    ),
    LackKind.ROLE_UNKNOWN: (
        Message("the template has no role {value}"), Message("take it out, or correct it; it has {known}")
    ),
    LackKind.CALENDAR_UNKNOWN: (
        Message("the template has no further calendar {value}"), Message("take it out; it has {known}")
    ),
    LackKind.TASK_UNKNOWN: (
        Message("the template has no task {value}"), Message("take it out, or correct it")
    ),
    LackKind.TASK_REQUIRED: (
        Message("the task {value} is not optional"),
        Message("take it, and ask for a deviation if it cannot be done"),
    ),
    LackKind.NOTHING_LEFT: (
        Message("no task is left of the template"), Message("leave out less, or change the parameters")
    ),
    LackKind.TARGET_MISSING: (
        Message("no project is named that takes the plan"),
        Message("give the office's own id of a project, or the name of a new one"),
    ),
    LackKind.SIZE_AMOUNT: (
        Message("the size of the deployment, {value}, is not above 0"),
        Message("write how many there are, or leave it out"),
    ),
    LackKind.SIZE_DRIVER: (
        Message("the size is given in {value}, and the template's in {about}"), Message("write {known}")
    ),
    LackKind.SIZE_NEEDLESS: (
        Message("a size is given, and the template says nothing of the pilot's"), Message("take it out")
    ),
    LackKind.DATES: (
        Message("the plan leaves the years that calendars know"), Message("choose another date")
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Lack:
    """Something wrong with answers, or missing in them; `path` leads to its place in the answers' file."""

    kind: LackKind
    path: tuple[str, ...]
    value: str = ""
    about: str = ""
    known: tuple[str, ...] = ()

    def what(self, language: Language | None = None) -> str:
        """What is wrong."""
        return self._said(0, language or Language())

    def instead(self, language: Language | None = None) -> str:
        """What to do."""
        return self._said(1, language or Language())

    def _said(self, which: int, language: Language) -> str:
        known = ", ".join(self.known) or language.say("none")
        values = {"value": self.value, "about": self.about, "known": known}
        return language.message(_SAYS[self.kind][which], **values)

    def __str__(self) -> str:
        """The place, what is wrong and what to do."""
        return f"{'.'.join(self.path)}: {self.what()}; {self.instead()}"


class NotLocalizable(ValueError):
    """Answers from which no plan follows; `lacks` says each, the text all of them."""

    def __init__(self, found: Collection[Lack]) -> None:
        super().__init__("\n".join(map(str, found)))
        self.lacks = tuple(found)


def roles_of(template: Template) -> tuple[str, ...]:
    """The roles of a template, in the order in which its tasks name them."""
    return tuple(dict.fromkeys(each.role for task in template.tasks for each in task.effort))


def gates_of(template: Template) -> tuple[str, ...]:
    """The uids of a template's gates and milestones."""
    return tuple(task.uid for task in template.tasks if task.kind in (TaskKind.GATE, TaskKind.MILESTONE))


def lacks(template: Template, answers: Answers, receiver: Receiver) -> tuple[Lack, ...]:
    """What has to be answered before a plan follows; empty when it can be made."""
    return (
        *_target(answers),
        *_parameters(template, answers),
        *_gate(template, answers),
        *_rates(template, answers, receiver),
        *_people(template, answers, receiver),
        *_tasks(template, answers),
        *_size(answers),
    )


def unknowns(template: Template, answers: Answers) -> tuple[Lack, ...]:
    """What was answered though the template does not ask for it: perhaps a misspelling."""
    asked = {each.id: each.id for each in template.parameters}
    further = {each.name: each.name for each in template.calendars if each.name != template.calendar}
    roles = dict.fromkeys(roles_of(template))
    named = (
        ("parameters", answers.parameters, asked, LackKind.PARAMETER_UNKNOWN),
        ("roles", answers.roles, roles, LackKind.ROLE_UNKNOWN),
        ("calendars", answers.calendars, further, LackKind.CALENDAR_UNKNOWN),
    )
    found = [
        Lack(kind, (part, name), name, known=tuple(known))
        for part, given, known, kind in named
        for name in given
        if name not in known
    ]
    uids = {task.uid for task in template.tasks}
    found += [
        Lack(LackKind.TASK_UNKNOWN, ("leave_out", uid), uid) for uid in sorted(answers.leave_out - uids)
    ]
    if answers.anchor.kind is not AnchorKind.GATE and answers.anchor.gate:
        found.append(Lack(LackKind.GATE_NEEDLESS, ("anchor", "gate"), answers.anchor.gate))
    return (*found, *_other_size(template, answers))


def _size(answers: Answers) -> Iterator[Lack]:
    size = answers.size
    if size is not None and not (size.amount.is_finite() and size.amount > 0):
        yield Lack(LackKind.SIZE_AMOUNT, ("size", "amount"), f"{size.amount}")


def _other_size(template: Template, answers: Answers) -> Iterator[Lack]:
    """A size that is counted otherwise than the pilot's; an answer of before is passed over."""
    said, pilot = answers.size, template.size
    if said is not None and pilot is None:
        yield Lack(LackKind.SIZE_NEEDLESS, ("size",))
    elif said is not None and pilot is not None and said.driver is not pilot.driver:
        driver = str(pilot.driver)
        yield Lack(LackKind.SIZE_DRIVER, ("size", "driver"), str(said.driver), driver, (driver,))


def _target(answers: Answers) -> Iterator[Lack]:
    if not answers.target.project.strip():
        yield Lack(LackKind.TARGET_MISSING, ("project",))


def _parameters(template: Template, answers: Answers) -> Iterator[Lack]:
    for each in template.parameters:
        path, value = ("parameters", each.id), answers.parameters.get(each.id)
        if value is None:
            yield Lack(LackKind.PARAMETER_MISSING, path, each.id, known=each.values)
        elif value not in each.values:
            yield Lack(LackKind.PARAMETER_VALUE, path, value, each.id, each.values)


def _gate(template: Template, answers: Answers) -> Iterator[Lack]:
    if answers.anchor.kind is not AnchorKind.GATE:
        return
    known, path, gate = gates_of(template), ("anchor", "gate"), answers.anchor.gate
    if not gate:
        yield Lack(LackKind.GATE_MISSING, path, known=known)
    elif gate not in known:
        yield Lack(LackKind.GATE_UNKNOWN, path, gate, known=known)
    else:
        there = {task.uid for task in taken(template, answers).tasks}
        if gate not in there:
            rest = tuple(each for each in known if each in there)
            yield Lack(LackKind.GATE_LEFT_OUT, path, gate, known=rest)


def _rates(template: Template, answers: Answers, receiver: Receiver) -> Iterator[Lack]:
    own = answers.currency or receiver.currency
    given = [each.of for each in answers.rates]
    for each in answers.rates:
        if each.rate <= 0 or not each.rate.is_finite():
            yield Lack(LackKind.RATE_SIZE, ("rates", each.of), each.of, own)
    for of in sorted({each for each in given if given.count(each) > 1}):
        yield Lack(LackKind.RATE_TWICE, ("rates", of), of)
    needed = {task.cost.currency for task in taken(template, answers).tasks if task.cost is not None}
    for of in sorted(needed - {own, *given}):
        yield Lack(LackKind.RATE_MISSING, ("rates", of), of, own)


def _people(template: Template, answers: Answers, receiver: Receiver) -> Iterator[Lack]:
    for role in roles_of(template):
        who = answers.roles.get(role)
        named = who.person if isinstance(who, Assigned) else who.owner if who else ""
        part = "person" if isinstance(who, Assigned) else "owner"
        if named and named not in receiver.people:
            yield Lack(LackKind.PERSON_UNKNOWN, ("roles", role, part), named)
        if isinstance(who, Assigned) and who.person and who.name:
            yield Lack(LackKind.PERSON_TWICE, ("roles", role, "name"), who.person)


def _tasks(template: Template, answers: Answers) -> Iterator[Lack]:
    for task in template.tasks:
        if task.uid in answers.leave_out and task.need is not Need.OPTIONAL and is_wanted(task, answers):
            yield Lack(LackKind.TASK_REQUIRED, ("leave_out", task.uid), task.uid)
    if all(task.kind is TaskKind.PHASE for task in taken(template, answers).tasks):
        yield Lack(LackKind.NOTHING_LEFT, ("leave_out",))
