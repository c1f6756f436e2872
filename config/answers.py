"""An office's answers to a template from a file, and a file of them; it refuses what contradicts itself.

What is read here is written here in the same form, so that answers that are exported and read again are the
same. Refuses to say what is wrong without its line.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from config.answer_shapes import AnswersShape, OwnEstimateShape, WhoShape
from config.calendars import MOST_BLACKOUT_DAYS
from config.documents import YamlDocument, read
from config.problems import Problems
from config.shapes import FileEntry, parse
from domain.organization.calendar import Blackout
from domain.plans.localization.answers import (
    AnchorAnswer,
    Answers,
    Assigned,
    Durations,
    ExchangeRate,
    OwnEstimate,
    Target,
    TargetKind,
    Unfilled,
)
from domain.plans.localization.lacks import Lack
from domain.plans.task import Duration, Money
from domain.plans.templates.form import duration_text
from domain.plans.templates.template import Size


def read_answers_file(path: Path, problems: Problems) -> FileEntry[AnswersShape] | None:
    """The answers in a file anywhere, YAML or JSON; None with the reasons in `problems`."""
    document = read(path.parent, path.name, problems)
    return read_answers(document, problems) if document is not None else None


def read_answers(document: YamlDocument, problems: Problems) -> FileEntry[AnswersShape] | None:
    """The answers in a document; None, with every reason in `problems`, where they cannot be used."""
    entry = parse(AnswersShape, document, problems)
    if entry is None:
        return None
    before = len(problems.errors)
    _check_project(entry, problems)
    _check_roles(entry, problems)
    _check_days(entry, problems)
    _check_estimate(entry, problems)
    return entry if len(problems.errors) == before else None


def _check_project(entry: FileEntry[AnswersShape], problems: Problems) -> None:
    said = entry.value.project
    if (said.existing is None) == (said.new is None):
        what = "no project is named" if said.new is None else "an existing and a new project are named"
        problems.add(
            entry.where("project"), what, "write `project: {existing: P-7}`, or `{new: ...}` for a new one"
        )


def _check_roles(entry: FileEntry[AnswersShape], problems: Problems) -> None:
    for role, who in entry.value.roles.items():
        where = entry.where("roles", role)
        if who.person is not None and who.name is not None:
            problems.add(where, f"`{role}` has a person and a name", "give one of the two")
        elif (who.person or who.name) and (who.owner or who.due):
            problems.add(
                where,
                f"`{role}` has a person, and is a vacancy",
                "leave `owner` and `due` out, or the person",
            )


def _check_days(entry: FileEntry[AnswersShape], problems: Problems) -> None:
    for n, each in enumerate(entry.value.blackouts):
        days = (each.last - each.first).days + 1
        where, name = entry.where("blackouts", n, "last"), f"the blackout `{each.name[:60]}`"
        if days < 1:
            problems.add(where, f"{name} ends before it begins", "give its last day")
        elif days > MOST_BLACKOUT_DAYS:
            problems.add(where, f"{name} has {days} days", f"give {MOST_BLACKOUT_DAYS} at most")


def _check_estimate(entry: FileEntry[AnswersShape], problems: Problems) -> None:
    said = entry.value.estimate
    if said is None:
        return
    if said.effort is not None and said.effort.elapsed:
        where = entry.where("estimate", "effort")
        problems.add(where, "effort is no elapsed time", "write the hours of work: 400h")
    if said.cost is not None and said.cost.amount < 0:
        problems.add(entry.where("estimate", "cost"), "the cost is below 0", "give 0 or more")


def answers_of(said: AnswersShape, at: datetime) -> Answers:
    """The answers that a file holds; its estimate was made at that time."""
    project = said.project
    kind = TargetKind.EXISTING if project.existing is not None else TargetKind.NEW
    return Answers(
        AnchorAnswer(said.anchor.kind, said.anchor.on, said.anchor.gate or ""),
        Target(kind, project.existing or project.new or ""),
        said.language or "",
        said.currency or "",
        tuple(ExchangeRate(each.of, each.rate, each.on, each.source) for each in said.rates),
        {role: _who(who) for role, who in said.roles.items()},
        dict(said.parameters),
        frozenset(said.leave_out),
        dict(said.calendars),
        tuple(Blackout(each.name, each.first, each.last) for each in said.blackouts),
        frozenset(said.half_days),
        said.durations,
        _estimate(said.estimate, at),
        Size(said.size.driver, said.size.amount) if said.size else None,
    )


def _who(said: WhoShape) -> Assigned | Unfilled:
    if said.person is not None or said.name is not None:
        return Assigned(said.person or "", said.name or "")
    return Unfilled(said.owner or "", said.due)


def _estimate(said: OwnEstimateShape | None, at: datetime) -> OwnEstimate | None:
    if said is None:
        return None
    found = OwnEstimate(
        at,
        None if said.effort is None else Decimal(said.effort.minutes) / 60,
        None if said.duration is None else Decimal(said.duration),
        None if said.cost is None else Money(said.cost.amount, said.cost.currency),
    )
    return None if found.is_empty else found


def report_lacks(found: Iterable[Lack], entry: FileEntry[AnswersShape], problems: Problems) -> None:
    """Each lack as a problem at its line of the file."""
    for lack in found:
        problems.add(entry.where(*_place(lack, entry.value)), lack.what(), lack.instead())


def _place(lack: Lack, said: AnswersShape) -> tuple[str | int, ...]:
    """Where the answers' file has what a lack is about; lists are counted there."""
    part, *rest = lack.path
    if part == "rates" and rest:
        places = [n for n, each in enumerate(said.rates) if each.of == rest[0]]
        return ("rates", places[-1]) if places else ("rates",)
    if part == "leave_out" and rest and rest[0] in said.leave_out:
        return "leave_out", said.leave_out.index(rest[0])
    return lack.path


def data_of(answers: Answers, office: str = "", template: str = "", number: int = 1) -> dict[str, object]:
    """What the file of answers holds; what says nothing is left out."""
    head: dict[str, object] = {"office": office, "template": template} if office else {}
    head |= {"number": number} if number != 1 else {}
    anchor = answers.anchor
    found: dict[str, object] = {
        "anchor": {"kind": str(anchor.kind), "on": anchor.on.isoformat(), "gate": anchor.gate},
        "project": {str(answers.target.kind): answers.target.project},
        "estimate": _estimate_data(answers.estimate),
        "size": _size_data(answers.size),
        "parameters": dict(answers.parameters),
        "roles": {role: _who_data(who) for role, who in answers.roles.items()},
        "currency": answers.currency,
        "rates": [
            {"of": each.of, "rate": str(each.rate), "on": each.on.isoformat(), "source": each.source}
            for each in answers.rates
        ],
        "language": answers.language,
        "leave_out": sorted(answers.leave_out),
        "calendars": {name: str(use) for name, use in answers.calendars.items()},
        "blackouts": [
            {"name": each.name, "first": each.first.isoformat(), "last": each.last.isoformat()}
            for each in answers.blackouts
        ],
        "half_days": [day.isoformat() for day in sorted(answers.half_days)],
        "durations": "" if answers.durations is Durations.PLANNED else str(answers.durations),
    }
    if not anchor.gate:
        found["anchor"] = {"kind": str(anchor.kind), "on": anchor.on.isoformat()}
    return head | {name: value for name, value in found.items() if value}


def _who_data(who: Assigned | Unfilled) -> Mapping[str, str]:
    said = (
        {"person": who.person, "name": who.name}
        if isinstance(who, Assigned)
        else {"owner": who.owner, "due": who.due.isoformat() if who.due else ""}
    )
    return {name: value for name, value in said.items() if value}


def _size_data(said: Size | None) -> Mapping[str, str]:
    return {} if said is None else {"driver": str(said.driver), "amount": f"{said.amount:f}"}


def _estimate_data(said: OwnEstimate | None) -> Mapping[str, object]:
    if said is None:
        return {}
    found: dict[str, object] = {}
    if said.effort is not None:
        found["effort"] = duration_text(Duration(round(said.effort * 60)))
    if said.duration is not None:
        found["duration"] = int(said.duration)
    if said.cost is not None:
        found["cost"] = {"amount": str(said.cost.amount), "currency": said.cost.currency}
    return found
