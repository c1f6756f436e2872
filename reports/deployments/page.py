"""A deployment as one HTML page without scripts, in the language of its reader; forms for what they may do.

It is short: a line for each office. Refuses to show anything that is not in the reader's sheet.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from domain.deployments.deployment import Membership
from domain.deployments.peers import LONGEST, PeerQuestion
from domain.deployments.progress import LocalStanding, OfficeStanding, Step
from domain.deployments.redacting import KEPT_BACK
from domain.deployments.sharing import Redaction
from domain.deployments.sheet import DeploymentSheet, OfficeLine
from domain.language import Language, Message
from domain.organization.office import Organization
from domain.plans.templates.template import Recall, RecallKind, Release
from reports.render import filled
from reports.words import clean

MOST_VACANCIES = 4
NO_VACANCY = Message("none", about="vacancies")
"""Roles that are named in one line."""
STANDINGS: Mapping[OfficeStanding, Message] = {
    OfficeStanding.LIVE: Message("live", about="deployment"),
    OfficeStanding.RUNNING: Message("running", about="deployment"),
    OfficeStanding.NOT_STARTED: Message("not started", about="deployment"),
    OfficeStanding.NOT_REPORTED: Message("not reported", about="deployment"),
}
COUNTED: Mapping[OfficeStanding, Message] = {
    OfficeStanding.LIVE: Message("{n} live", "{n} live"),
    OfficeStanding.RUNNING: Message("{n} running", "{n} running"),
    OfficeStanding.NOT_STARTED: Message("{n} not started", "{n} not started"),
    OfficeStanding.NOT_REPORTED: Message("{n} not reported", "{n} not reported"),
}
STEPS: Mapping[Step, Message] = {
    Step.LOCALIZE: Message("answers how the plan fits it"),
    Step.DISTRIBUTE: Message("puts its plan into its tool"),
}
MEMBERSHIPS: Mapping[Membership, Message] = {
    Membership.INVITED: Message("its head has not accepted yet"),
    Membership.ACCEPTED: Message("takes part"),
    Membership.DECLINED: Message("its head declined"),
}
REDACTIONS: Mapping[Redaction, Message] = {
    Redaction.COSTS: Message("costs"),
    Redaction.RISKS: Message("risks"),
    Redaction.TEXTS: Message("lessons and documents"),
}
RECALLS: Mapping[RecallKind, Message] = {
    RecallKind.CORRECTION: Message("Version {n} is corrected; go on, and take over what is said: {text}"),
    RecallKind.STOP: Message("Version {n} is stopped; begin nothing more by it: {text}"),
}


@dataclass(frozen=True, slots=True)
class Reading:
    """What a page is made from besides the sheet: names, the template, and where it is read."""

    organization: Organization
    base: str
    """The path of the person's pages."""
    until: date
    language: Language
    today: date
    release: Release | None = None
    kept_back: Mapping[Redaction, int] = field(default_factory=dict)
    shared: bool = False
    owns: bool = False
    questions: Sequence[PeerQuestion] = ()
    recall: Recall | None = None
    named: frozenset[str] = frozenset()
    """The offices that the reader may know."""
    others: Sequence[tuple[str, str]] = ()
    """The person's other deployments: id and system."""
    problem: str = ""
    """Why what was sent last was not taken."""


@dataclass(frozen=True, slots=True)
class ShownLine:
    """One office in words."""

    office: str
    name: str
    role: str
    standing: str
    mark: str
    """The standing as a word for the page's style."""
    go_live: str
    late: str
    """What is late about its go-live: the day that its plan says, or that the agreed day has passed."""
    call: str
    address: str
    """An e-mail address as a link, or empty."""
    progress: str
    vacancies: str
    step: str
    overdue: str
    """The day on which the next step was to begin or end; empty where that is to come."""
    own: bool


def deployment_html(sheet: DeploymentSheet, reading: Reading) -> bytes:
    """The page (UTF-8)."""
    says = reading.language
    return filled(
        "deployment.html.j2",
        says,
        sheet=sheet,
        reading=reading,
        line=headline(sheet, says, reading.today),
        lines=[shown_line(line, reading) for line in sheet.lines],
        shared=_template(reading),
        kept_back=[says.message(KEPT_BACK[kind], n=n) for kind, n in reading.kept_back.items()],
        redactions=[(str(kind), says.message(said)) for kind, said in REDACTIONS.items()],
        recalled=_recalled(reading),
        questions=list(_questions(reading)),
        asks=[(each, reading.organization.offices[each].name) for each in _asks(sheet, reading)],
        to_reply=[
            (each, reading.organization.offices[each].name, sheet.deployment.membership(each))
            for each in sheet.asked
        ],
        memberships=Membership,
        longest=LONGEST,
    )


def headline(sheet: DeploymentSheet, says: Language, today: date) -> str:
    """`6 offices: 2 live, 3 running, 1 not started; next go-live 12 May`."""
    if not sheet.is_open:
        return says.say("The deployment is closed")
    counts = [says.message(COUNTED[standing], n=n) for standing, n in sheet.standings.items()]
    told = says.count(sheet.counted, "{n} office", "{n} offices")
    if counts:
        told = says.say("{offices}: {standings}", offices=told, standings=", ".join(counts))
    if sheet.waiting:
        more = says.count(sheet.waiting, "{n} has not accepted", "{n} have not accepted")
        told = f"{told}; {more}" if counts else more
    if sheet.next_go_live is not None:
        day = says.near_day(sheet.next_go_live, today)
        told = says.say("{told}; next go-live {day}", told=told, day=day)
    return told


def shown_line(line: OfficeLine, reading: Reading) -> ShownLine:
    """One office in the reader's words; of one that has not accepted nothing but that."""
    says, plan = reading.language, line.plan
    office = reading.organization.offices[line.office]
    person = reading.organization.people.get(line.contact)
    address = person.address if person is not None and "@" in person.address else ""
    return ShownLine(
        line.office,
        clean(office.name, 60),
        says.say("pilot") if line.pilot else "",
        says.message(STANDINGS[plan.standing]) if plan else says.message(MEMBERSHIPS[line.membership]),
        str(plan.standing) if plan else "waiting",
        says.near_day(line.go_live, reading.today) if line.go_live else "",
        _late(line, reading),
        clean(person.name, 60) if person is not None else "",
        address.removeprefix("mailto://"),
        _progress(plan, says) if plan else "",
        _vacancies(plan, says) if plan else "",
        _step(plan, reading) if plan and not line.pilot else "",
        _overdue(plan, reading) if plan and not line.pilot else "",
        line.own,
    )


def _progress(plan: LocalStanding, says: Language) -> str:
    if not plan.tasks:
        return ""
    return says.count(
        plan.tasks, "{done} of {n} task finished", "{done} of {n} tasks finished", done=plan.finished
    )


def _vacancies(plan: LocalStanding, says: Language) -> str:
    if not plan.vacancies:
        return says.message(NO_VACANCY) if plan.tasks else ""
    named = [clean(each, 60) for each in plan.vacancies[:MOST_VACANCIES]]
    more = len(plan.vacancies) - len(named)
    if more:
        named.append(says.count(more, "{n} more role", "{n} more roles"))
    return says.listed(named)


def _step(plan: LocalStanding, reading: Reading) -> str:
    says = reading.language
    if plan.step is not None:
        return says.message(STEPS[plan.step])
    if not plan.next_task:
        return ""
    name = clean(plan.next_task, 90)
    if plan.next_on is None or _overdue(plan, reading):
        return name
    return says.say("{task}, {day}", task=name, day=says.near_day(plan.next_on, reading.today))


def _overdue(plan: LocalStanding, reading: Reading) -> str:
    """The day on which the next task was to begin, or to end where it has begun, once that has passed."""
    says, on = reading.language, plan.next_end or plan.next_on
    if plan.step is not None or on is None or on >= reading.today:
        return ""
    day = says.near_day(on, reading.today)
    return (
        says.say("was to end on {day}", day=day)
        if plan.next_end
        else says.say("was to begin on {day}", day=day)
    )


def _late(line: OfficeLine, reading: Reading) -> str:
    """The later day that its plan says; without one, that the agreed day has passed; empty where in time."""
    says, plan = reading.language, line.plan
    if plan is None or plan.standing is OfficeStanding.LIVE or not (line.late or line.passed(reading.today)):
        return ""
    if line.late and plan.go_live is not None:
        return says.say("planned: {day}", day=says.near_day(plan.go_live, reading.today))
    return says.say("not live yet")


def _template(reading: Reading) -> str:
    """The template as its reader has it: its name, version and day."""
    release, says = reading.release, reading.language
    if release is None:
        return ""
    template = release.template
    name = template.names.get(says.tag) or template.text(template.names)
    day = says.long_day(release.released)
    return says.say("{name}, version {n} of {day}", name=clean(name, 90), n=release.version, day=day)


def _recalled(reading: Reading) -> str:
    recall = reading.recall
    if recall is None:
        return ""
    said = RECALLS[recall.kind]
    return reading.language.message(said, n=recall.version, text=clean(recall.text, 300))


def _asks(sheet: DeploymentSheet, reading: Reading) -> tuple[str, ...]:
    """The reader's offices that may ask the owner: those that have the template and are not its owner."""
    release = reading.release
    if release is None or not reading.shared:
        return ()
    accepted = set(sheet.deployment.accepted())
    return tuple(each for each in sheet.offices if each in accepted and each != release.template.owner)


def _questions(reading: Reading) -> Iterator[tuple[str, str, str, str]]:
    """Each question: its id where the reader may answer it, who asked, the text, and the answer."""
    for each in reading.questions:
        office = reading.organization.offices.get(each.office)
        answer = clean(each.answer.text, LONGEST) if each.answer is not None else ""
        name = clean(office.name, 60) if office is not None and _knows(each, reading) else ""
        yield (str(each.id) if reading.owns and not answer else "", name, clean(each.text, LONGEST), answer)


def _knows(question: PeerQuestion, reading: Reading) -> bool:
    """Whether the reader may know which office asked: the owner may, and the office itself."""
    return reading.owns or question.office in reading.named
