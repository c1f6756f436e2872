"""Look after the cases: answers are taken from the tools, clocks are read, checks are looked at, people told.

Run again, it changes nothing. Refuses to decide anything: silence goes up the tree of offices.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from prefect import task

from config.page_raisings import raisings
from config.rollouts import RolloutPlan
from config.wiring import Clock
from domain.cases.case import Case, Said
from domain.cases.checking import of_expression, of_facts, of_results
from domain.cases.escalating import arbiter_of, as_placed, escalated
from domain.cases.kinds import TRIED, CaseState, CheckKind, Color, NoSuchMove, Side
from domain.cases.saying import action_of
from domain.cases.settling import settled
from domain.compliance.network import Network
from domain.decisions.request import Channel
from domain.deviations.flaws import Flawed
from domain.organization.actions import Action
from domain.outcomes.cases import CasesEscalated
from domain.questions.cases import Unclear, case_answer
from domain.questions.question import QuestionState
from domain.standards.standard import Version
from domain.standards.tailoring import Rulebook
from store.unit import Unit
from tasks.carrying_out import carry_out
from tasks.case_answers import taken
from tasks.case_steps import keep
from tasks.context import current_application, evaluator
from tasks.following_directives import follow_directives
from tasks.looking_after_drafts import look_after_drafts
from tasks.network import load_network
from tasks.objecting import stop_what_is_objected
from tasks.page_raisings import take_page_raisings
from tasks.putting_under_review import put_under_review
from tasks.reading import take_page_answers
from tasks.requesting import Room
from tasks.speaking import MayNotSpeak, answerer, asked_again
from tasks.transactions import Transactions, short, within
from tasks.versions import newest_of_each, previous_of, spared


def any_case() -> bool:
    """Whether there is a case, what may become one, a directive in force, or a draft."""
    with current_application().store.read() as unit:
        registers = (unit.cases, unit.deviations, unit.directives, unit.drafts)
        return any(each.any() for each in registers) or bool(raisings(unit))


@task(name="escalate-feedback")
def escalate_cases(*, dry_run: bool) -> CasesEscalated:
    """Look after cases, directives in force and drafts of versions. A dry run keeps nothing."""
    application = current_application()
    clock, rulebook = application.clock, application.rulebook
    if not dry_run:
        return _all_looked_after(short(application.store), clock, rulebook, application.rollouts)
    with application.store.begin() as unit:
        found = _all_looked_after(within(unit), clock, rulebook, application.rollouts)
    return replace(found, dry_run=True)


def _all_looked_after(
    transactions: Transactions, clock: Clock, rulebook: Rulebook, plans: Sequence[RolloutPlan]
) -> CasesEscalated:
    raised = take_page_raisings(transactions, clock, rulebook)
    take_page_answers(transactions, clock, rulebook.organization)
    reviewed = put_under_review(transactions, clock, rulebook)
    found = look_after(transactions, clock, rulebook)
    drafts = look_after_drafts(transactions, clock, rulebook, plans)
    return replace(
        found,
        raised=raised,
        under_review=reviewed,
        directives=follow_directives(transactions, clock, rulebook),
        comments=drafts.get("commented", 0),
        to_approvers=drafts.get("asked", 0),
    )


def look_after(transactions: Transactions, clock: Clock, rulebook: Rulebook) -> CasesEscalated:
    """Take answers, read clocks and look at checks of every case, each in a short transaction."""
    with transactions.read() as unit:
        listed = [each for each in unit.cases.all() if each.state is not CaseState.WITHDRAWN]
        if not listed:
            return CasesEscalated()
        colors = {
            each.id: dict(_colors(unit, rulebook, clock, each)) for each in listed if each.state in TRIED
        }
    found: Counter[str] = Counter()
    for each in listed:
        with transactions.write() as unit:
            room = Room(unit, clock, rulebook)
            there = unit.cases.locked(each.id)
            if there == each:
                found.update(_looked_after(room, each, colors.get(each.id, {})))
    return CasesEscalated(
        len(listed), found["answered"], found["told"], found["above"], found["carried"], found["closed"],
        found["reopened"],
    )  # fmt: skip


def _looked_after(room: Room, case: Case, colors: Mapping[Side, Color]) -> Iterator[str]:
    """Look after one; a word for everything that was done."""
    first = case
    case = _delivered(room, case)
    answered = _answered(room, case)
    if answered is not case:
        yield "answered"
    case, before = carry_out(room, answered), answered
    if before.state is CaseState.AGREED and case.state in TRIED:
        yield "carried"
    before, case = case, keep(room, case, escalated(case, room.organization, room.now))
    yield from ["told"] * (len(case.told) - len(before.told))
    if case.state is CaseState.ESCALATED and before.state is not case.state:
        yield "above"
    calendar = room.organization.offices[case.raiser].calendar
    if case.state in TRIED and (first.state in TRIED or case.checks):
        case = keep(room, case, settled(case, colors, calendar, room.now))
    if case.state is CaseState.CLOSED and first.state is not case.state:
        yield "closed"
    yield from ["reopened"] * (case.reopened - first.reopened)
    stop_what_is_objected(room, case)


def _delivered(room: Room, case: Case) -> Case:
    """The case whose turn stands in the tool of whom it is asked: from then on its clock runs."""
    placed = room.unit.questions.placed_on(case.question)
    return keep(room, case, as_placed(case, placed, room.organization))


def _answered(room: Room, case: Case) -> Case:
    """The case after what was answered in the tool; one that cannot be taken is asked again, and says why."""
    question = room.unit.questions.get(case.question) if case.question else None
    if question is None or question.state is not QuestionState.ANSWERED:
        return case
    try:
        answer = case_answer(str(question.answer))
        action = action_of(case, answer)
        above = (arbiter_of(case, room.organization).role,) if action is Action.DECIDE_CASE else ()
        said = Said(room.now, answerer(room, question, action, above), Channel.TOOL)
        return taken(room, case, question.office, answer, said)
    except (Unclear, NoSuchMove, Flawed, MayNotSpeak) as why:
        asked_again(room, question, why)
        return case


def _colors(unit: Unit, rulebook: Rulebook, clock: Clock, case: Case) -> Iterator[tuple[Side, Color]]:
    """What the facts say of the checks that are not a person's word."""
    network = load_network(unit, rulebook, clock.now())
    for side, check in case.checks.items():
        if check.kind is CheckKind.ATTESTED:
            continue
        office = case.office(side)
        if check.project:
            projects = [check.project] if check.project in network.plans else []
        else:
            projects = [key for key in network.plans if _asked_there(network, key, case, office)]
        match check.kind:
            case CheckKind.RULE:
                yield side, _of_rule(unit, network, check.standard, check.rule, projects)
            case CheckKind.FACT:
                yield side, of_facts(check, [network.facts(key) for key in projects])
            case CheckKind.EXPRESSION:
                facts = [network.facts(key) for key in projects]
                yield side, of_expression(check, facts, evaluator(), network.now)


def _asked_there(network: Network, key: str, case: Case, office: str) -> bool:
    """Whether a check without a project is asked of it: it is open, and of the office, or of who raised it.

    Where the counterpart has no projects, its check is asked of those of the office that raised the case.
    """
    project = network.plans[key].project
    own = {each.project.office for each in network.plans.values()}
    return not network.closed(key) and project.office == (office if office in own else case.raiser)


def _of_rule(unit: Unit, network: Network, standard: str, rule: str, projects: list[str]) -> Color:
    """What the verdicts of a rule say, by the version that each project is judged by."""
    newest = {each.standard: each for each in newest_of_each(unit, network.now.date())}
    version = newest.get(standard)
    if version is None:
        return Color.UNKNOWN
    finishing, before = spared(unit, version), previous_of(unit, version) or version
    found = []
    for key in projects:
        by: Version = before if key in finishing else version
        found += [each.result for each in network.judged(key, by).verdicts if each.rule == rule]
    return of_results(found)
