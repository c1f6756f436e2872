"""Inquire: before each cut-off, offices are asked for the facts that their report formats need and lack.

A fact of a project is asked for once, as long as that question waits, whatever asked for it.
"""

from __future__ import annotations

from collections.abc import Iterator

from config.wiring import Clock
from domain.compliance.network import Network
from domain.organization.office import Office
from domain.questions.question import Question
from domain.questions.registry import kind_of
from domain.reporting.asking import answer_by, lacking, report_question
from domain.reporting.cut_offs import coming
from domain.reporting.own_version import OwnVersions, filled_formats, format_in
from domain.reporting.parts import Added, Money, parts_of
from domain.reporting.reported import OfficeReport, Reported, VersionFormat
from domain.standards.formats import FilledFormat, Total
from domain.standards.tailoring import Rulebook
from store.unit import Unit
from tasks.context import evaluator
from tasks.filling import standards
from tasks.network import load_network, participants
from tasks.recording import record
from tasks.reported import WAITING
from tasks.transactions import CHUNK, Transactions, batched


def ask_for_reports(transactions: Transactions, clock: Clock, rulebook: Rulebook) -> int:
    """Ask for what the reports of the coming cut-offs lack, after the rollouts asked; how many are new."""
    with transactions.read() as unit:
        wanted = tuple(report_questions(unit, load_network(unit, rulebook, clock.now())))
    asked = 0
    for some in batched(wanted, CHUNK):
        with transactions.write() as unit:
            for question in some:
                if unit.questions.add(question):
                    detail = {"state": "open", "kind": str(question.kind)}
                    record(unit, clock, "question", question.id, detail=detail)
                    asked += 1
    return asked


def report_questions(unit: Unit, network: Network) -> Iterator[Question]:
    """The questions for facts that the reports of the coming cut-offs lack and nobody asked for yet."""
    waiting = {
        (each.project, each.about)
        for each in network.questions
        if kind_of(each).asks_for_fact and each.state in WAITING
    }
    for own in standards(unit):
        for format_ in filled_formats(own.versions):
            for office in participants(network.organization, network.now.date()):
                for question in _of_office(network, own, format_, office):
                    if (question.project, question.about) not in waiting:
                        waiting.add((question.project, question.about))
                        yield question


def _of_office(
    network: Network, own: OwnVersions, format_: FilledFormat, office: Office
) -> Iterator[Question]:
    next_one, today = coming(office, format_.cadence, network.now), office.calendar.local_date(network.now)
    by = answer_by(office, next_one, today)
    if by is None:
        return
    name = f"{own.versions[0].standard}.{format_.id}"
    plans = {
        key: plan
        for key, plan in network.plans.items()
        if plan.project.office == office.id and not network.closed(key)
    }
    reported = tuple(
        Reported(plan.project, own.of(key), "", network.facts(key)) for key, plan in plans.items()
    )
    found = _added(OfficeReport(office, next_one, None, reported), own, format_)
    language = network.organization.language_of(office.id)
    for key, fact in lacking(found, {key: plan.project for key, plan in plans.items()}):
        yield report_question(name, next_one, plans[key], fact, (today, by), language)


def _added(report: OfficeReport, own: OwnVersions, format_: FilledFormat) -> Iterator[Added]:
    formats = {v.id: VersionFormat(v.id, format_in(v, format_.id)) for v in own.versions}
    money = Money(report.office.currency)
    for field in format_.fields:
        if field.total is not Total.NETWORK:
            yield from parts_of(field, [report], formats, {}, money, evaluator())
