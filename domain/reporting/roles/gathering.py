"""Makes the basis of the pages per role from the values that a report was made from; pure.

Refuses to leave out a restricted project: it has no page behind the report, and a basis all the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from domain.compliance.findings import Finding, rules_of
from domain.compliance.sweep import FlipCause, Judged
from domain.ids import ProjectKey
from domain.plans.project import Project, Stage
from domain.questions.elections import BEYOND_RULE
from domain.questions.missing_facts import BASIS, unfilled
from domain.questions.question import Question, QuestionState
from domain.questions.registry import KINDS
from domain.reporting.flips import flips, gone
from domain.reporting.given import Given
from domain.reporting.life_cycles import cycle_line
from domain.reporting.roles.basis import (
    MOST_TODO,
    BasisChange,
    BasisOffice,
    BasisProject,
    BasisQuestion,
    BasisRollout,
    BasisWave,
    RoleBasis,
    ToDo,
)
from domain.reporting.rollout_report import RolloutReport
from domain.reporting.sentence import BUCKET_OF_BAND, Bucket
from domain.reporting.sweep_report import Report, ReportRow
from domain.rollouts.adoption import UNDER, late_since
from domain.rollouts.rollout import OUT, Adoption
from domain.standards.checks.check import compile_check
from domain.standards.standard import Election, Rule, Version
from domain.standards.verdict import OPEN_RESULTS, Result

MOST_FIELDS = 3
OF_ITEMS: Mapping[str, tuple[str, ...]] = {
    "plan.without_owner": ("item.owner",),
    "plan.without_due": ("item.due",),
    "plan.overdue": ("item.due", "item.status"),
    "plan.unknown": ("item.status", "item.percent"),
    "plan.percent_done_work": ("item.work", "item.percent"),
    "plan.work_hours": ("item.work",),
}
"""The fields of items from which facts about a plan are computed."""
Asked = Mapping[str, Collection[tuple[str, ...]]]
NOT_ASKED = frozenset({Result.PASS, Result.NOT_APPLICABLE})


@dataclass(frozen=True, slots=True)
class Gathering:
    """What a basis is gathered from, besides the report itself.

    `projects` are by key, `headers` the tools' names of our fields by office, `tools` where each tool stands.
    """

    given: Given
    projects: Mapping[str, Project]
    questions: Sequence[Question]
    headers: Mapping[str, Mapping[str, str]]
    tools: Mapping[str, str]
    tool_of: Mapping[str, str]
    """The tool in which each office plans, by office."""


def role_basis(
    found: Gathering, report: Report, adoptions: Iterable[Adoption], names: tuple[str, str, str]
) -> RoleBasis:
    """The basis of a report; `names` are its subject, its first page's name and that of the pages behind.

    `adoptions` are those of its rollout, none for a review.
    """
    about, page, pages = names
    head, by_key = report.heading, {each.project: each for each in adoptions}
    given = found.given
    judged = {each.project: each for each in given.sweep.judged} if given.sweep is not None else {}
    keys = sorted(by_key if isinstance(report, RolloutReport) else judged)
    members = frozenset(keys)
    questions = tuple(_questions(found, members))
    asked = _asked(questions)
    return RoleBasis(
        about=about,
        leader=given.leader,
        title=head.title,
        version=head.version,
        old=head.old or "",
        at=head.at,
        as_of=head.as_of,
        compared_with=head.compared_with,
        report=page,
        pages=pages,
        rollout=_rollout(given, report) if isinstance(report, RolloutReport) else None,
        projects=tuple(
            _project(found, report, _Member(key, row, by_key.get(key), judged.get(key)), asked)
            for key, row in zip(keys, report.rows, strict=True)
        ),
        offices=tuple(_offices(report)),
        changes=tuple(_changes(given, members)),
        questions=questions,
        tools=found.tools,
        pending=given.pending,
    )


def _rollout(given: Given, report: RolloutReport) -> BasisRollout:
    rollout, before = report.rollout, report.course[-2] if len(report.course) > 1 else None
    version = given.version(rollout.manifest.standard, rollout.manifest.version)
    leeway = version.leeway if version is not None else None
    waves = (BasisWave(w.plan.number, w.plan.name, w.plan.start, w.state) for w in report.waves)
    return BasisRollout(
        rollout.id,
        rollout.state,
        tuple(waves),
        report.behind,
        report.forecast.on,
        report.forecast.reached,
        report.course[-1].adopted,
        before.adopted if before else None,
        before.on if before else None,
        leeway is not None and leeway.default is not Election.ADOPT,
    )


@dataclass(frozen=True, slots=True)
class _Member:
    """A project of the report: its row, how it stands in the rollout, and how it was judged."""

    key: str
    row: ReportRow
    adoption: Adoption | None
    judged: Judged | None


def _project(found: Gathering, report: Report, member: _Member, asked: Asked) -> BasisProject:
    key, row, adoption, judged = member.key, member.row, member.adoption, member.judged
    given, project = found.given, found.projects.get(key)
    findings = given.findings(judged, report.heading.standard) if judged is not None else ()
    work = sorted((f for f in findings if f.result not in NOT_ASKED), key=_urgency)
    told = Named(found.headers.get(row.office, {}), project)
    version = given.version(report.heading.standard, judged.version) if judged is not None else None
    todo = _kept(work, version, told, asked.get(key, frozenset()))
    of = adoption if adoption is not None and adoption.standing not in OUT else None
    elects = of is not None and of.elected is None and of.bound_on is None and not of.settled
    return BasisProject(
        key=key,
        office=row.office,
        title=project.title if project is not None else ProjectKey.read(key).own,
        group=Bucket(row.group) if isinstance(report, RolloutReport) else _bucket(row.band),
        number=0 if row.restricted else row.number,
        ref=project.ref if project is not None else "",
        program=(project.program or "") if project is not None else "",
        lead=(project.lead or "") if project is not None else "",
        tool=_tool(found, project, row.office),
        standing=adoption.standing if adoption is not None else None,
        wave=adoption.wave if adoption is not None else None,
        late=row.late,
        due=of.due if of is not None else None,
        until=of.until if of is not None else None,
        elect_by=of.elect_by if of is not None and elects else None,
        waited=late_since(of) if of is not None else None,
        escalated=of.escalated if of is not None else 0,
        why=adoption.why if adoption is not None else "",
        todo=todo[0],
        not_kept=len(work),
        to_do=todo[1],
        place=cycle_line(judged, version, given.today_at(row.office)) if judged is not None else None,
        coming=_coming(member, version, told),
    )


def _coming(member: _Member, version: Version | None, headers: Named) -> tuple[ToDo, ...]:
    """What is missing at the next gate; nothing of a project that is closed, or not under the version."""
    judged, adoption, project = member.judged, member.adoption, headers.project
    asks = adoption is None or adoption.standing in UNDER
    if judged is None or judged.position is None or version is None or not asks:
        return ()
    if project is not None and project.stage is Stage.CLOSED:
        return ()
    at, rules = judged.position, rules_of(version)
    missing = (rules[uid] for uid in at.missing if uid in rules)
    return tuple(
        ToDo(
            rule.title,
            rule.remedy,
            "",
            Result.FAIL,
            rule.role,
            at.due,
            headers.fields(_in(rule)),
            gate=at.gate,
            uid=rule.uid,
        )
        for rule in missing
    )


def _asked(questions: Iterable[BasisQuestion]) -> Asked:
    """The fields that are asked for as missing facts, by project."""
    found: dict[str, set[tuple[str, ...]]] = {}
    for each in questions:
        if KINDS[each.kind].asks_for_fact:
            found.setdefault(each.project, set()).add(each.fields)
    return found


def _kept(
    work: Sequence[Finding],
    version: Version | None,
    headers: Named,
    asked: Collection[tuple[str, ...]],
) -> tuple[tuple[ToDo, ...], int]:
    """The most urgent of a project's work, and how much of all of it has to be put right.

    What is asked for as a missing fact stands behind the rest, as the question says it; but never the first.
    """
    said = {
        n for n, each in enumerate(work)
        if asked and each.result is Result.UNKNOWN and _fields_of(each, version, headers) in asked
    }  # fmt: skip
    order = sorted(range(len(work)), key=lambda n: (n in said and n > 0, n))
    to_do = sum(each.result in OPEN_RESULTS for each in work) - len(said)
    return tuple(_todo(work[n], version, headers) for n in order[:MOST_TODO]), to_do


def _urgency(found: Finding) -> tuple[bool, date, str]:
    return found.result not in OPEN_RESULTS, found.by or date.max, found.title


def _todo(found: Finding, version: Version | None, headers: Named) -> ToDo:
    fields = _fields_of(found, version, headers)
    return ToDo(
        found.title, found.remedy, found.why, found.result, found.role, found.by, fields, uid=found.rule
    )


def _fields_of(found: Finding, version: Version | None, headers: Named) -> tuple[str, ...]:
    return headers.fields(found.missing or tuple(found.facts) or _looked_at(found, version))


def _looked_at(found: Finding, version: Version | None) -> tuple[str, ...]:
    """What a rule looks at, where its verdict names no fact: what it tests to be there, or an attestation."""
    rule = next((each for each in version.rules if each.uid == found.rule), None) if version else None
    return _in(rule) if rule is not None else ()


def _in(rule: Rule) -> tuple[str, ...]:
    """The facts in a rule's check, or its attestation."""
    return compile_check(rule.check).paths if rule.check else (f"attested.{rule.subject}.person",)


@dataclass(frozen=True, slots=True)
class Named:
    """What a tool calls our fields, and the project whose facts are computed from them, if it is known."""

    headers: Mapping[str, str]
    project: Project | None

    def fields(self, facts: Iterable[str]) -> tuple[str, ...]:
        """What the tool calls the fields from which these facts are computed; the empty ones, if any is."""
        names = (name for fact in facts for name in (*self._values(fact), *OF_ITEMS.get(fact, ()), fact))
        known = (self.headers[n] for name in names for n in (name, _gate(name)) if n in self.headers)
        return tuple(dict.fromkeys(known))[:MOST_FIELDS]

    def _values(self, fact: str) -> tuple[str, ...]:
        empty = unfilled(fact, self.project) if self.project is not None else ()
        return empty or BASIS.get(fact, ())


def _gate(fact: str) -> str:
    return fact.replace("gates.", "gate.", 1) if fact.startswith("gates.") else fact


def _bucket(band: Result | None) -> Bucket:
    """The bucket that says of a reviewed project what its band does."""
    if band is Result.NOT_APPLICABLE or band is None:
        return Bucket.OUT
    return BUCKET_OF_BAND.get(band, Bucket.MUST_ACT)


def _tool(found: Gathering, project: Project | None, office: str) -> str:
    named = project.sources.get("lead") if project is not None else None
    return named or found.tool_of.get(office, "")


def _offices(report: Report) -> Iterator[BasisOffice]:
    for line in report.offices:
        state = line.state
        if state is None:
            yield BasisOffice(line.id, line.number)
        else:
            yield BasisOffice(line.id, line.number, state.read_at, state.stale, bool(state.problem))


def _changes(given: Given, members: frozenset[str]) -> Iterator[BasisChange]:
    if given.sweep is None:
        return
    titles = {rule.uid: rule.title for version in reversed(given.versions) for rule in version.rules}
    for flip in flips(given.before, given.sweep):
        if flip.project in members:
            rules = tuple(titles.get(uid, uid) for uid in flip.rules)
            yield BasisChange(flip.project, flip.office, flip.was, flip.now, flip.cause, rules)
    for each in gone(given.before, given.sweep):
        yield BasisChange(each.project, each.office, each.band, None, FlipCause.PROJECT)


def _questions(found: Gathering, members: frozenset[str]) -> Iterator[BasisQuestion]:
    """The questions about these projects that stand in their office's tool and wait."""
    not_there = {each.key for each in found.given.held}
    for q in found.questions:
        if q.state is QuestionState.OPEN and q.id not in not_there and q.project in members:
            there = Named(found.headers.get(q.office, {}), found.projects.get(q.project))
            fields = there.fields((q.about,))
            beyond = q.about == BEYOND_RULE
            yield BasisQuestion(q.kind, q.office, q.project, q.answer_by, q.text, q.program, fields, beyond)
