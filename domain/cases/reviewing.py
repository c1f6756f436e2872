"""Rules under review: what was said against a rule, put to the office that owns it as one case.

The offices that said it are the raisers. Refuses to count again what was said before such a case was over.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from domain.canonical import digest
from domain.cases.case import About, Case, Raised, Said
from domain.cases.kinds import BY_NOBODY, OVER, AboutKind, CaseCause, Side, StepKind, Way
from domain.cases.pressure import Pressure, Signal, SignalKind
from domain.deviations.deviation import Deviation
from domain.language import Language


def signals(deviations: Iterable[Deviation], cases: Iterable[Case]) -> Iterator[Signal]:
    """What was said against rules: every deviation that was asked for, every case that an office raised.

    What led to a case of a rule under review, up to its end, is not said anew.
    """
    listed = tuple(cases)
    over = {_rule(each): each.steps[-1].at for each in listed if is_review(each) and each.state in OVER}
    for signal in (*_of_deviations(deviations), *_of_cases(listed)):
        ended = over.get((signal.standard, signal.rule))
        if ended is None or signal.at > ended:
            yield signal


def _of_deviations(deviations: Iterable[Deviation]) -> Iterator[Signal]:
    for each in deviations:
        if each.submitted is not None:
            yield Signal(
                each.standard, each.rule, SignalKind.DEVIATION, each.asked.office, each.scope.project,
                each.submitted, each.id,
            )  # fmt: skip


def _of_cases(cases: Iterable[Case]) -> Iterator[Signal]:
    for each in cases:
        if each.about.kind is not AboutKind.RULE:
            continue
        kind = SignalKind.OBJECTION if each.objection else SignalKind.CASE
        for raiser in each.raisers:
            if raiser.way not in BY_NOBODY:
                project = each.about.project if raiser.office == each.raiser else ""
                yield Signal(
                    each.about.standard, each.about.subject, kind, raiser.office, project, raiser.at, each.id
                )


def is_review(case: Case) -> bool:
    """Whether it is about a rule that pressure put under review."""
    return any(each.way is Way.REVIEW for each in case.raisers)


def under_review(cases: Iterable[Case]) -> frozenset[tuple[str, str]]:
    """The rules that are under review now, by standard and uid."""
    return frozenset(_rule(each) for each in cases if each.is_open and is_review(each))


def _rule(case: Case) -> tuple[str, str]:
    return case.about.standard, case.about.subject


def reviewed(case: Case, raisers: Iterable[Raised], said: Said) -> Case:
    """An open case about the same rule, which is under review from now on; as it is where it was before."""
    if is_review(case):
        return case
    for each in raisers:
        told = said.step(StepKind.JOINED, Side.RAISER, each.reason)
        case = replace(case.noted(told), raisers=(*case.raisers, each))
    return case


def raisers_of(found: Pressure, owner: str, says: Language, now: datetime) -> tuple[Raised, ...]:
    """The offices that said it but the owner itself, the one with the most to say first."""
    reason = evidence(found, says)
    said = {office: sum(each.office == office for each in found.signals) for office in found.offices}
    return tuple(
        Raised(
            office, "", now, CaseCause.QUALITY, reason, Way.REVIEW,
            tuple(each.reference for each in found.signals if each.office == office)[:MOST],
        )
        for office in sorted(said, key=lambda each: (-said[each], each))
        if office != owner
    )  # fmt: skip


MOST = 20
"""How many of what an office said a case names."""


def evidence(found: Pressure, says: Language) -> str:
    """Why the rule is under review, in figures."""
    return says.say(
        "The rule is under review: {offices} said that it does not fit, for {projects} of {bound} projects"
        " that it binds; at least {lower} %, so this is more than chance",
        offices=says.count(len(found.offices), "{n} office", "{n} offices"),
        projects=len(found.projects),
        bound=found.bound,
        lower=round(found.lower * 100, 1),
    )


def review_id(about: About, owner: str, cases: Iterable[Case]) -> str:
    """The id of a new case of a rule under review: by the rule, and how many of these there were before."""
    before = sum(is_review(each) and _rule(each) == (about.standard, about.subject) for each in cases)
    return f"case-{digest(['review', about.standard, about.subject, owner, before])[:12]}"
