"""Draft a version: from the organization's files, or the amendment that a case leads to; put it to offices.

The owner's words are terms; nothing is guessed. Refuses to write the organization's files: people do.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date

from prefect import task

from config.permitting import permitted
from config.version_file import flaws_of
from connectors.registry import KINDS
from domain.canonical import digest
from domain.cases.case import Case
from domain.cases.kinds import OutcomeKind
from domain.cases.reviewing import is_review
from domain.decisions.request import Channel
from domain.drafts.amending import amended, changes_nothing, next_number, relaxed
from domain.drafts.draft import Draft, DraftState, DraftStepKind, Origin, Said
from domain.drafts.moving import NoSuchMove, opened, revised, withdrawn
from domain.drafts.terms import Step, Terms, terms_of
from domain.ids import VersionId
from domain.organization.actions import Action
from domain.organization.calendar import Calendar
from domain.organization.clocks import TurnKind
from domain.outcomes.drafts import VersionDrafted
from domain.standards.standard import Rule, Version, content_digest
from store.unit import Unit
from tasks.answering import actor_of, text_of
from tasks.context import current_application
from tasks.draft_steps import base_of, keep
from tasks.requesting import Room
from tasks.simulating_drafts import simulate_drafts
from tasks.transactions import short, within


@dataclass(frozen=True, slots=True)
class Subject:
    """What is to be drafted: a draft that is there, a case, or a version of the organization's files."""

    owner: str
    draft: Draft | None = None
    case: Case | None = None
    filed: Version | None = None


@task(name="draft-amendment")
def draft_version(subject: str, terms: str, person: str, why: str, *, dry_run: bool) -> VersionDrafted:
    """Draft a version, change a draft by its file or by terms, put it to the offices, or take it back.

    `subject` is a draft's or a case's id, or `standard/version`. The same again changes nothing. Raises
    Flawed for terms, LookupError for a subject that is not there, NoSuchMove where that cannot be done now,
    PermissionError for a person who may not.
    """
    application = current_application()
    organization, clock, store = application.organization, application.clock, application.store
    with store.read() as unit:
        actor = actor_of(unit, organization.sources, person.strip(), {})
        why = text_of(unit, organization.sources, why, "why")
        found = subject_of(unit, application.versions, subject.strip())
    said = terms_of(terms, organization.offices, clock.now().date())
    leader = organization.leader_of(found.owner, clock.now().date())
    permitted(
        organization, store, clock, actor, Action.DRAFT, leader=leader, subject=subject, why=why,
        dry_run=dry_run,
    )  # fmt: skip
    parts = (clock, application.rulebook, application.rollouts)
    with store.begin() as unit:
        room = Room(unit, clock, application.rulebook)
        before, done = _drafted(room, application.versions, found, said, actor.person, why)
        if dry_run:
            simulate_drafts(within(unit), *parts)
            return _outcome(unit, before, done, dry_run=True)
        unit.commit()
    simulate_drafts(short(store), *parts)
    with store.read() as unit:
        return _outcome(unit, before, done, dry_run=False)


def _outcome(unit: Unit, before: Draft | None, done: Draft, *, dry_run: bool) -> VersionDrafted:
    """The draft with its simulation, as the outcome of the flow."""
    changed = before is None or before.steps != done.steps
    return outcome_of(unit.drafts.get(done.id) or done, changed=changed, dry_run=dry_run)


def outcome_of(draft: Draft, *, changed: bool, dry_run: bool) -> VersionDrafted:
    """The draft as the outcome of a flow: ids and counts."""
    effects = draft.simulation.offices.values() if draft.simulation else ()
    latest = max((each.until or each.latest for each in draft.consulted), default=None)
    return VersionDrafted(
        draft.id, draft.version.id, str(draft.state), len(draft.consulted),
        str(latest or ""),
        sum(each.relieved for each in effects), sum(each.burdened for each in effects), len(draft.flaws),
        changed, dry_run,
    )  # fmt: skip


def subject_of(unit: Unit, versions: Mapping[str, Version], subject: str) -> Subject:
    """What the text names; `versions` are those of the files. Raises LookupError saying what there is."""
    draft = find_draft(unit, subject)
    filed = versions.get(draft.version.id if draft else subject)
    if draft is not None:
        return Subject(draft.owner, draft, filed=filed)
    case = unit.cases.get(subject)
    if case is not None:
        theirs = [each for each in unit.drafts.of_case(case.id) if each.is_open]
        if theirs:
            return Subject(theirs[-1].owner, theirs[-1], filed=versions.get(theirs[-1].version.id))
        if not case.about.standard or not _is_amended(case):
            raise LookupError(
                f"the case {case.id} leads to no amendment: agree on one there (answer-feedback, amendment)"
            )
        return Subject(case.counterpart, case=case)
    if filed is None:
        raise LookupError(
            f"there is no draft, case or version {subject[:60]!r}: give an id of `interoffice drafts` or "
            "`interoffice cases`, or a version of the organization's files as standard/version"
        )
    if unit.versions.get(filed.standard, filed.version) is not None:
        raise LookupError(f"{filed.id} is published already: give the new content a new version")
    return Subject(filed.owner, filed=filed)


def find_draft(unit: Unit, text: str) -> Draft | None:
    """The draft of that id, or the newest open one of that version; None where there is none."""
    there = unit.drafts.get(text)
    if there is not None:
        return there
    return next((each for each in unit.drafts.of_version(text) if each.is_open), None)


def known_draft(unit: Unit, text: str) -> Draft:
    """The same. Raises LookupError saying how to find one."""
    found = find_draft(unit, text.strip())
    if found is None:
        raise LookupError(f"there is no draft {text.strip()[:60]!r}: `interoffice drafts` lists them")
    return found


def _is_amended(case: Case) -> bool:
    agreed = case.agreement is not None and case.agreement.proposal.outcome is OutcomeKind.AMENDMENT
    return agreed or is_review(case)


def _drafted(
    room: Room, versions: Mapping[str, Version], found: Subject, terms: Terms, person: str, why: str
) -> tuple[Draft | None, Draft]:
    """The draft before, if there was one, and as it is stored now."""
    said = Said(room.now, person, found.owner, Channel.ENTERED)
    before = room.unit.drafts.locked(found.draft.id) if found.draft is not None else None
    if before is not None:
        done = _changed(room, before, found.filed, terms, said)
    elif found.case is not None:
        done = draft_of_case(room, found.case, why, said, terms, versions)
    elif found.filed is not None:
        if terms.edits:
            raise NoSuchMove(f"{found.filed.id} stands in the organization's files: edit it there")
        done = keep(room, None, _new(room, found.filed, Origin.FILE, why, said))
    else:  # pragma: no cover - a subject is one of the three
        raise LookupError("nothing is named to draft")
    if terms.step is Step.WITHDRAW:
        return before, keep(room, done, withdrawn(done, why, said))
    if terms.step is Step.OPEN and done.state is DraftState.DRAFTED and _is_meant(done, found, terms):
        done = keep(room, done, opened(done, calendars_of(room, done), said))
    return before, done


def _is_meant(draft: Draft, found: Subject, terms: Terms) -> bool:
    """Whether a new draft of a case that has flaws is kept for its owner, instead of being refused."""
    return not (draft.flaws and found.draft is None and found.case is not None and not terms.edits)


def _changed(room: Room, before: Draft, filed: Version | None, terms: Terms, said: Said) -> Draft:
    """The draft with the content of its file, else as the terms say."""
    if filed is not None and filed.digest != before.content:
        if terms.edits:
            raise NoSuchMove(f"{filed.id} stands in the organization's files: edit it there")
        return keep(room, before, revised(before, filed, _flaws(room, filed), said))
    if not terms.edits:
        return before
    version = before.version
    rule = terms.rule or _rule_of(room, before)
    if terms.limit is not None:
        version = _limited(version, rule, terms)
    consultation = version.consultation
    if terms.days or terms.offices:
        consultation = replace(
            version.consulted, days=terms.days or version.consulted.days,
            offices=terms.offices or version.consulted.offices,
        )  # fmt: skip
    version = replace(
        version, effective_from=terms.effective or version.effective_from, consultation=consultation
    )
    version = replace(version, digest=content_digest(version))
    return keep(room, before, revised(before, version, _flaws(room, version), said))


def _rule_of(room: Room, draft: Draft) -> str:
    case = room.unit.cases.get(draft.case) if draft.case else None
    return case.about.subject if case is not None and case.about.standard else ""


def _limited(version: Version, rule: str, terms: Terms) -> Version:
    if all(each.uid != rule for each in version.rules):
        known = ", ".join(each.uid for each in version.rules[:8])
        raise LookupError(f"{version.id} has no rule {rule[:60]!r}: name one with rule=, such as {known}")
    rules = tuple(replace(each, limit=terms.limit) if each.uid == rule else each for each in version.rules)
    return replace(version, rules=rules)


NOTHING_SAID = Terms()


def draft_of_case(
    room: Room, case: Case, why: str, said: Said, terms: Terms = NOTHING_SAID, filed: Collection[str] = ()
) -> Draft:
    """The draft that a case leads to: the next version, with the limit that offices asked for, if known.

    Where it is not, it changes nothing yet: its owner edits it. `filed` are the versions of the
    organization's files, whose numbers are taken. Raises LookupError where nothing of the standard is
    published, and for a rule that is not there.
    """
    unit, standard = room.unit, case.about.standard
    base, named = newest_of(unit, standard), terms.rule or case.about.subject
    rule = next((each for each in base.rules if each.uid == named), None)
    if terms.limit is not None and rule is None:
        raise LookupError(f"{base.id} has no rule {named[:60]!r}: name one with rule=")
    limit = _asked_limit(unit, case, rule) if terms.limit is None else terms.limit
    is_known = rule is not None and limit is not None
    told = f" ({rule.uid}: {rule.limit} -> {limit})" if rule is not None and is_known else ""
    version = amended(
        base, next_number(base.version, _taken(unit, standard, filed)),
        terms.effective or _effective(room, case.counterpart, base), f"{case.id}: {why}{told}"[:LONGEST],
        rule=named if is_known else "", limit=limit, days=terms.days, offices=terms.offices,
    )  # fmt: skip
    origin = Origin.REVIEW if is_review(case) else Origin.CASE
    return keep(room, None, _new(room, version, origin, why, said, case.id))


LONGEST = 4000
"""Characters of what a version says of its changes at most."""


def _taken(unit: Unit, standard: str, filed: Collection[str]) -> frozenset[str]:
    """The numbers that versions of a standard have: published, drafted, or in the organization's files."""
    named = (VersionId.find(each) for each in (*unit.versions.published(), *filed))
    drafts = (each.version.version for each in unit.drafts.of_standard(standard) if each.is_open)
    return frozenset(drafts) | {each.version for each in named if each and each.standard == standard}


def newest_of(unit: Unit, standard: str) -> Version:
    """The version of a standard that was published last. Raises LookupError without one."""
    found = [each for each in unit.versions.all() if each.standard == standard]
    if not found:
        raise LookupError(f"no version of {standard} is published: run publish-standard first")
    return found[-1]


def _asked_limit(unit: Unit, case: Case, rule: Rule | None) -> float | int | None:
    """The loosest limit of the deviations that the case names; None where none says one."""
    if rule is None:
        return None
    named = (document for each in case.raisers for document in each.documents)
    there = (unit.deviations.get(each) for each in named)
    return relaxed(rule, (each.limit for each in there if each is not None and each.rule == rule.uid))


def _effective(room: Room, owner: str, base: Version) -> date:
    """The day on which it could be in force at the earliest: after the consultation and the decision."""
    calendar = room.organization.offices[owner].calendar
    days = base.consulted.days + room.organization.clocks.days_for(TurnKind.DECISION)
    return calendar.add_business_days(calendar.local_date(room.now), max(days, 1))


def _new(room: Room, version: Version, origin: Origin, why: str, said: Said, case: str = "") -> Draft:
    nth = len(room.unit.drafts.of_version(version.id))
    base = base_of(room.unit, version)
    made = Draft(
        id=f"draft-{digest(['draft', version.id, nth])[:12]}", version=version,
        base=base.digest if base is not None else "", origin=origin, owner=version.owner,
        person=said.person, why=why, case=case, flaws=_flaws(room, version),
    )  # fmt: skip
    return made.moved(made.state, said.step(DraftStepKind.DRAFTED, why))


def _flaws(room: Room, version: Version) -> tuple[str, ...]:
    """What keeps a content from being put to the offices."""
    found = flaws_of(version, room.organization.offices, KINDS)
    base = base_of(room.unit, version)
    if base is not None and changes_nothing(version, base):
        nothing = (
            f"it changes nothing of {base.id}: give limit=..., or write its file by `interoffice draft "
            "export`, edit it, and run draft-amendment again"
        )
        return (*found, nothing)
    return found


def calendars_of(room: Room, draft: Draft) -> Mapping[str, Calendar]:
    """The calendars of the offices that are consulted: those that are named, else all below the owner."""
    organization, today = room.organization, room.now.date()
    named = draft.version.consulted.offices or tuple(
        office
        for office in organization.offices
        if office != draft.owner
        and draft.owner in {each.id for each in organization.above(office)}
        and organization.takes_part(office, today)
    )
    return {each: organization.offices[each].calendar for each in named if each in organization.offices}
