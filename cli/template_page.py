"""A template as a page of text: tasks with planned, actual and proposed durations, and what checks find."""

from __future__ import annotations

from collections.abc import Iterator

from domain.outcomes.templates import listed_kinds
from domain.plans.task import Duration
from domain.plans.templates.form import duration_text
from domain.plans.templates.lint import lint
from domain.plans.templates.release import actuals, standing_told
from domain.plans.templates.template import Draft, Need, Recall, Release, TaskKind, Template, TemplateTask
from domain.words import counted

WIDE = 60


def page(
    template: Template,
    release: Release | None = None,
    recall: Recall | None = None,
    draft: Draft | None = None,
) -> Iterator[str]:
    """The lines of the page."""
    done = actuals(template)
    version = f"version {release.version}, released {release.released}" if release else "draft"
    yield f"{template.id}: {template.text(template.names)} ({version}, owned by {template.owner})"
    if recall is not None:
        yield f"RECALLED on {recall.on}: {recall.kind}: {recall.text}"
    pilot = release.standing if release else standing_told(template)
    origin = template.pilot.office if template.pilot else "no pilot"
    dates = f"{done.finished} of {counted(done.of, 'task')} with actual dates"
    yield f"pilot: {origin}, {pilot.replace('_', ' ')}; {dates}"
    if draft is not None and draft.stripped:
        yield f"taken out: {listed_kinds(draft.stripped)}; {draft.left} left"
    if release is not None:
        yield from (f"change: {each}" for each in release.changelog)
    yield from _tasks(template)
    for what, notes in (("risk", template.risks), ("lesson", template.lessons)):
        yield from (f"{what}: {template.text(each.texts)}" for each in notes)
    yield from (f"document: {template.text(each.names)} <{each.link}>" for each in template.documents)
    yield from (f"check: {each}" for each in lint(template))


def _tasks(template: Template) -> Iterator[str]:
    depths: dict[str, int] = {}
    yield f"{'task':{WIDE}} {'planned':>9} {'actual':>9} {'likely':>9} {'safe':>9}  roles"
    for task in template.tasks:
        depths[task.uid] = depth = depths.get(task.parent or "", -1) + 1
        name = f"{'  ' * depth}{template.text(task.names)}{_marks(task)}"
        evidence, estimate = task.evidence, task.estimate
        cells = (
            task.duration if task.kind is not TaskKind.PHASE else None,
            evidence.actual if evidence else None,
            estimate.likely if estimate else None,
            estimate.safe if estimate else None,
        )
        lengths = " ".join(f"{_length(each):>9}" for each in cells)
        roles = ", ".join(each.role for each in task.effort)
        yield f"{name[:WIDE]:{WIDE}} {lengths}  {roles}".rstrip()


def _marks(task: TemplateTask) -> str:
    marks = [str(task.need)] if task.need is not Need.MANDATORY else []
    marks += [str(task.kind)] if task.kind in (TaskKind.MILESTONE, TaskKind.GATE) else []
    marks += ["open"] if task.open else []
    marks += [str(task.mark).replace("_", " ")] if task.mark else []
    return f" ({', '.join(marks)})" if marks else ""


def _length(duration: Duration | None) -> str:
    return "" if duration is None else duration_text(duration)
