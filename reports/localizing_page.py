"""The pages at which an office answers for its plan: screens of questions, then what follows; no scripts.

Refuses undefined names, and to load anything from elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from domain.cases.objection import ToObject
from domain.compliance.plan_gates import PlanGates
from domain.language import Language, Message
from domain.pages.localizing import Asked
from domain.plans.localization.answers import OwnEstimate
from domain.plans.localization.away import Away
from domain.plans.localization.local_plan import LocalPlan, RemarkKind, Totals
from domain.standards.position import Unplaced
from reports.gantt.page import AbsentPerson, VacantRole, gantt_page
from reports.render import filled

REMARKS: Mapping[RemarkKind, Message] = {
    RemarkKind.ANCHOR_MOVED: Message("Nobody works on the day that you gave; the next working day counts."),
    RemarkKind.OTHER_LANGUAGE: Message(
        "{n} task has its name in another language.", "{n} tasks have their names in another language."
    ),
    RemarkKind.CALENDAR_KEPT: Message("Some tasks are worked by hours of their own: {about}."),
    RemarkKind.LINK_BRIDGED: Message(
        "{n} pair of tasks is linked over what is left out.",
        "{n} pairs of tasks are linked over what is left out.",
    ),
    RemarkKind.LAG_APPROXIMATED: Message(
        "{n} wait between tasks is approximated.", "{n} waits between tasks are approximated."
    ),
    RemarkKind.NO_HOLIDAYS: Message("Your holidays are not known for {about}."),
    RemarkKind.NOT_KEPT: Message(
        "{n} task cannot keep its date.", "{n} tasks cannot keep their dates."
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class LocalizingPlace:
    """Whose page it is, and of which template."""

    office: str
    person: str
    until: date
    base: str
    title: str
    """Of the template."""
    tasks: int
    language: Language


@dataclass(frozen=True, slots=True)
class TemplateEntry:
    """A template that an office may take, and how far it is with it."""

    office: str
    title: str
    link: str
    """The path of its pages."""
    made: bool
    objects: ToObject | None = None
    """Its update, where the reader may object to it; else None."""


def templates_html(place: LocalizingPlace, entries: Sequence[TemplateEntry]) -> bytes:
    """The templates that are shared with the offices of whoever comes."""
    return filled("localizing_list.html.j2", place.language, place=place, entries=entries)


def screen_html(
    place: LocalizingPlace,
    number: int,
    of: int,
    asked: Sequence[Asked],
    fields: Mapping[str, str],
    problems: Mapping[str, str],
) -> bytes:
    """One screen of questions; the first is number 0 and asks what the office expects."""
    shown = [
        (f"f{n}", each, fields.get(each.name, ""), problems.get(each.name, ""))
        for n, each in enumerate(asked)
    ]
    return filled(
        "localizing.html.j2", place.language, place=place, number=number, of=of, asked=shown,
        problems=[each for each in shown if each[3]],
    )  # fmt: skip


def result_html(
    place: LocalizingPlace,
    local: LocalPlan,
    template: Totals,
    own: OwnEstimate | None,
    people: Mapping[str, str],
    *,
    target: str,
    is_made: bool,
    late: tuple[date, date] | None = None,
    gates: Sequence[PlanGates] = (),
) -> bytes:
    """The plan that follows: from when to when, its vacancies, what is left out, and both estimates.

    `late` are its go-live and the agreed day before that, `gates` what differs from the life cycle's.
    """
    return filled(
        "localized.html.j2", place.language, place=place, local=local, theirs=template, own=own,
        people=people, target=target, is_made=is_made, late=late,
        away=[(_named(each.person, people), _absence(each, people, place.language), len(each.tasks))
              for each in local.away],
        remarks=[
            *(gates_words(each, local, place.language) for each in gates),
            *(_said(place.language, kind, local) for kind in RemarkKind if _about(local, kind)),
        ],
    )  # fmt: skip


def gates_words(gates: PlanGates, local: LocalPlan, says: Language) -> str:
    """How a plan's gates differ from those of its project's life cycle, and what to do."""
    if gates.unplaced is Unplaced.NOT_REPORTED:
        return says.say(
            "{version} has life cycles, and the class of the project is not reported: its gates are not "
            "compared. Enter the class, and look at the plan again.",
            version=gates.version,
        )
    if gates.unplaced is not None:
        return says.say(
            "{version} has no life cycle for the class of the project: its gates are not compared.",
            version=gates.version,
        )
    names = {each.uid: each.name for each in local.plan.tasks}
    told = []
    if gates.lacking:
        told.append(
            says.say(
                "The plan lacks gates of the life cycle {life_cycle} ({version}): {gates}. Add each as a "
                "milestone of that name.",
                life_cycle=gates.life_cycle, version=gates.version, gates=", ".join(gates.lacking),
            )
        )  # fmt: skip
    if gates.strange:
        told.append(
            says.say(
                "These gates of the plan are none of the life cycle {life_cycle} ({version}): {gates}.",
                life_cycle=gates.life_cycle, version=gates.version,
                gates=", ".join(names.get(uid, uid) for uid in gates.strange),
            )
        )  # fmt: skip
    return " ".join(told)


def local_gantt(local: LocalPlan, today: date, people: Mapping[str, str], says: Language) -> bytes:
    """The plan as a Gantt chart; `people` are names by id."""
    vacancies = [
        VacantRole(each.role, people.get(each.owner, each.owner), each.due, each.tasks)
        for each in local.vacancies
    ]
    absent = [
        AbsentPerson(_named(each.person, people), _absence(each, people, says), each.tasks)
        for each in local.away
    ]
    return gantt_page(local.schedule, today, vacancies, says, absent)


def _absence(each: Away, people: Mapping[str, str], says: Language) -> str:
    """When somebody with roles is away, who stands in, and who sees to their tasks by when."""
    roles, first, due = ", ".join(each.roles), says.long_day(each.first), says.long_day(each.due)
    if each.last is None:
        told = says.say("{roles}, has left by {first}", roles=roles, first=first)
    elif not each.deputy:
        last = says.long_day(each.last)
        told = says.say("{roles}, away from {first} to {last}", roles=roles, first=first, last=last)
    else:
        told = says.say(
            "{roles}, away from {first} to {last} while {deputy} stands in", roles=roles, first=first,
            last=says.long_day(each.last), deputy=_named(each.deputy, people),
        )  # fmt: skip
    if not each.owner:
        return f"{told}; {says.say('to be covered until {day}; the office has no head', day=due)}"
    owner = _named(each.owner, people)
    return f"{told}; {says.say('to be covered by {person} until {day}', person=owner, day=due)}"


def _named(person: str, people: Mapping[str, str]) -> str:
    return people.get(person, person)


def lacking_html(place: LocalizingPlace, lacking: Sequence[str]) -> bytes:
    """What is missing or wrong before a plan follows."""
    return filled("localizing_lacks.html.j2", place.language, place=place, lacking=lacking)


def _about(local: LocalPlan, kind: RemarkKind) -> list[tuple[str, ...]]:
    return [each.about for each in local.remarks if each.kind is kind]


def _said(language: Language, kind: RemarkKind, local: LocalPlan) -> str:
    about = _about(local, kind)
    message = REMARKS[kind]
    if message.many:
        listed = kind in (RemarkKind.OTHER_LANGUAGE, RemarkKind.NOT_KEPT)
        return language.message(message, n=len(about[0]) if listed else len(about))
    return language.message(message, about=", ".join(each for some in about for each in some))
