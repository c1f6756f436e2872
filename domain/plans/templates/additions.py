"""What people add to a captured plan: it stays with the next version, and a milestone is marked by a person.

Refuses to guess a mark, and to mark one milestone for two things.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from domain.plans.templates.template import Mark, Note, TaskKind, Template, TemplateTask


class NoSuchMilestone(ValueError):
    """A milestone was named that the plan does not have, or has twice; the text says which there are."""


def with_additions(found: Template, previous: Template) -> Template:
    """The template with what people added to the version before: texts, needs, rules, marks, notes."""
    before = {task.uid: task for task in previous.tasks}
    tasks = tuple(_added(task, before[task.uid]) if task.uid in before else task for task in found.tasks)
    here = {task.uid for task in tasks}
    return replace(
        found,
        names={**previous.names, **found.names},
        tasks=tasks,
        size=found.size or previous.size,
        parameters=previous.parameters,
        risks=tuple(_here(previous.risks, here)),
        lessons=tuple(_here(previous.lessons, here)),
        documents=tuple(
            each if each.task in here else replace(each, task=None) for each in previous.documents
        ),
    )


def marked(template: Template, marks: Mapping[Mark, str]) -> Template:
    """The template with these marks, each on one milestone; another that had one of them has it no more."""
    on = {uid: mark for mark, uid in marks.items()}
    if len(on) < len(marks):
        raise NoSuchMilestone("one milestone is named for two things; name another one for one of them")
    return replace(
        template,
        tasks=tuple(
            replace(task, mark=on.get(task.uid, None if task.mark in marks else task.mark))
            for task in template.tasks
        ),
    )


def _added(task: TemplateTask, before: TemplateTask) -> TemplateTask:
    names = {tag: text for tag, text in before.names.items() if tag not in task.names}
    same_kind = before.kind is TaskKind.GATE and task.kind is TaskKind.MILESTONE
    return replace(
        task,
        names={**names, **task.names},
        kind=TaskKind.GATE if same_kind else task.kind,
        need=before.need,
        condition=before.condition,
        rules=before.rules,
        mark=before.mark,
        once=before.once,
        effort=task.effort or before.effort,
    )


def _here(notes: Iterable[Note], here: set[str]) -> Iterator[Note]:
    return (each if each.task in here else replace(each, task=None) for each in notes)
