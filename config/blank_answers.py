"""A file of answers to fill in, with what the template asks and knows; it shows none of its figures.

So an office estimates by itself first. Refuses to answer anything for it.
"""

from __future__ import annotations

from collections.abc import Iterator

from config.skeleton_entries import quoted
from domain.plans.localization.lacks import gates_of, roles_of
from domain.plans.localization.receiver import Receiver
from domain.plans.templates.template import Need, Release, TaskKind, Template
from domain.words import counted

WIDE = 100


def blank_answers(release: Release, receiver: Receiver) -> str:
    """The text of the file, YAML."""
    return "\n".join(_lines(release, receiver)) + "\n"


def _lines(release: Release, receiver: Receiver) -> Iterator[str]:
    template = release.template
    tasks = sum(task.kind is not TaskKind.PHASE for task in template.tasks)
    yield f"# {receiver.office}'s answers to {template.text(template.names)} ({counted(tasks, 'task')})."
    yield "# Fill in what is empty, take the # away from what you want to say; then:"
    yield "# interoffice plan localize THIS-FILE"
    yield f"office: {receiver.office}"
    yield f"template: {template.id}/{release.version}"
    yield ""
    yield "# First, before you see the template's figures: what do you expect? It is kept for the savings."
    yield "# estimate:"
    yield "#   effort: 400h      # hours of work"
    yield "#   duration: 60      # working days from start to finish"
    yield f'#   cost: {{amount: "100000", currency: {receiver.currency}}}'
    yield ""
    yield "# The day from which all dates are counted: of the start, of the finish, or of a gate."
    yield "anchor:"
    yield "  kind: start         # start, finish or gate"
    yield "  on:                 # such as 2027-03-01"
    yield from _gates(template)
    yield ""
    yield "# The project that takes the plan: your own id of an existing one, or `new:` and its id."
    yield "project:"
    yield "  existing:"
    yield from _size(template)
    yield from _parameters(template)
    yield from _roles(template)
    yield from _money(template, receiver)
    yield from _choices(template, receiver)


def _gates(template: Template) -> Iterator[str]:
    names = {task.uid: template.text(task.names) for task in template.tasks}
    for n, uid in enumerate(gates_of(template)):
        yield f"  {'# gate: ' if not n else '#   or: '}{uid}  # {_short(names[uid])}"


def _size(template: Template) -> Iterator[str]:
    if template.size is not None:
        yield ""
        yield "# How large it is here. Without it nothing is compared, and no saving of your office is shown."
        yield f'# size: {{driver: {template.size.driver}, amount: "100"}}'


def _parameters(template: Template) -> Iterator[str]:
    if template.parameters:
        yield from ("", "parameters:")
        for each in template.parameters:
            values = ", ".join(map(quoted, each.values))
            yield f"  {each.id}:  # {_short(template.text(each.names))} One of: {values}"


def _roles(template: Template) -> Iterator[str]:
    if roles := roles_of(template):
        yield ""
        yield "# Who has each role: {person: ID of people.yaml}, or {name: as your tool has it}."
        yield "# {} is a vacancy: your head fills it before the first task. Or {owner: ID, due: 2027-02-15}."
        yield "roles:"
        yield from (f"  {quoted(role)}: {{}}" for role in roles)


def _money(template: Template, receiver: Receiver) -> Iterator[str]:
    costs = {task.cost.currency for task in template.tasks if task.cost is not None}
    yield ""
    yield f"# currency: {receiver.currency}      # the plan's; without it your office's, {receiver.currency}"
    if others := sorted(costs - {receiver.currency}):
        yield f"# What 1 of each is worth in {receiver.currency}: of which day, and who says so."
        yield "rates:"
        yield from (f"  - {{of: {each}, rate: , on: , source: }}" for each in others)


def _choices(template: Template, receiver: Receiver) -> Iterator[str]:
    yield ""
    yield f"# language: {receiver.language}        # of the tasks' names, where the template has them"
    yield "# durations: planned  # or likely, or safe: as the pilot's tasks took"
    optional = [task for task in template.tasks if task.need is Need.OPTIONAL]
    if optional:
        yield "# Optional tasks that you do not take:"
        yield "# leave_out:"
        yield from (f"#   - {task.uid}  # {_short(template.text(task.names))}" for task in optional)
    used = dict.fromkeys(task.calendar for task in template.tasks if task.calendar is not None)
    further = [name for name in used if name != template.calendar]
    if further:
        yield "# Tasks that are worked by hours of their own: the template's, or your office's (office)."
        yield "# calendars:"
        yield from (f"#   {quoted(name)}: template" for name in further)
    yield "# Days on which you deploy nothing, besides those of your office's calendar:"
    yield "# blackouts:"
    yield "#   - {name: Audit, first: 2027-05-03, last: 2027-05-07}"
    yield "# half_days: [2027-12-24]"


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= WIDE else plain[: WIDE - 1] + "…"
