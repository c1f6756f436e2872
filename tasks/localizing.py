"""Make a template an office's plan: by a file of answers, or by what the office answered before.

The head of the office decides. Refuses to write into any tool.
"""

from __future__ import annotations

from pathlib import Path

from prefect import task

from config.localizing import answers_file, localized, of_file, of_stored, template_of
from domain.outcomes.local_plans import PlanLocalized
from domain.plans.localization.derivation import DerivationId
from domain.plans.localization.sizes import is_size, size_of
from tasks.answering import actor_of, reason_of
from tasks.context import current_application


@task(name="localize-plan", task_run_name="localize {office}/{released}")
def localize_plan_of(
    office: str, released: str, person: str, why: str, answers: str, *, dry_run: bool
) -> PlanLocalized:
    """Make the version the office's plan; `answers` is a file, empty, or a size such as `180 users`.

    Raises LookupError for an office, template or file that is not there or not shared, UnusableAnswers and
    NotLocalizable for answers from which no plan follows, NoSize for a size that is none, PermissionError
    for a person who may not.
    """
    application = current_application()
    with application.store.read() as unit:
        reason = reason_of(unit, application.organization.sources, why)
        stated = size_of(answers) if is_size(answers) else None
        asks = {"office": office, "released": released}
        actor = actor_of(unit, application.organization.sources, person, asks)
        if answers.strip() and stated is None:
            entry = answers_file(_within(application.settings.organization, answers.strip()))
            made = of_file(application, unit, entry, office, released)
        else:
            found = DerivationId(office, template_of(released))
            made = of_stored(application, unit, found, released, stated)
    return localized(application, made, actor, reason, dry_run=dry_run)


def _within(folder: Path, name: str) -> Path:
    root = folder.resolve()
    path = (root / name).resolve()
    if root not in path.parents:
        raise LookupError(
            f"answers: {name[:80]!r} leads out of the organization's folder; put the file there"
        )
    return path
