"""Savings in words and numbers, as a reader's language writes them; each says why where it is none."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from domain.language import Language, Message
from domain.plans.savings.interval import FEWEST, Interval, Shown
from domain.plans.savings.office import Kind, Measure, Missing
from domain.plans.savings.savings import Saving

MEASURES: Mapping[Measure, Message] = {
    Measure.EFFORT: Message("effort", about="saving"),
    Measure.DURATION: Message("duration", about="saving"),
    Measure.COST: Message("cost", about="saving"),
}
LESS: Mapping[Measure, Message] = {
    Measure.EFFORT: Message("{share} % less effort than the pilot ({low} to {high} %)"),
    Measure.DURATION: Message("{share} % less time than the pilot ({low} to {high} %)"),
    Measure.COST: Message("{share} % less cost than the pilot ({low} to {high} %)"),
}
MORE: Mapping[Measure, Message] = {
    Measure.EFFORT: Message("{share} % more effort than the pilot ({low} to {high} %)"),
    Measure.DURATION: Message("{share} % more time than the pilot ({low} to {high} %)"),
    Measure.COST: Message("{share} % more cost than the pilot ({low} to {high} %)"),
}
NONE_SHOWN: Mapping[Measure, Message] = {
    Measure.EFFORT: Message("no saving of effort shown ({low} to {high} %)"),
    Measure.DURATION: Message("no saving of time shown ({low} to {high} %)"),
    Measure.COST: Message("no saving of cost shown ({low} to {high} %)"),
}
WHY: Mapping[Missing, Message] = {
    Missing.SIZE: Message("no size is stated: of the pilot in the template, or of the office in its answers"),
    Missing.ACTUAL: Message("a task has no actual figure, of the pilot or of the office"),
    Missing.NOTHING: Message("nothing was done by both"),
    Missing.UNREAD: Message("the plan is in no tool yet, or was not read from it"),
    Missing.UNFINISHED: Message("not every task of the plan is finished"),
    Missing.PILOT: Message("the plan came from another pilot"),
    Missing.RATE: Message("a cost is in a currency without a rate"),
}
KINDS: Mapping[Kind, Message] = {
    Kind.REUSED: Message("of the template", about="saving"),
    Kind.LOCAL: Message("added by the office", about="saving"),
    Kind.BUILT_ONCE: Message("done once by the pilot, not counted", about="saving"),
}
UNITS: Mapping[Measure, Message] = {
    Measure.EFFORT: Message("hours of work", about="saving"),
    Measure.DURATION: Message("working days", about="saving"),
}
"""Of all but cost, which is in the office's currency."""


def share(value: float) -> int:
    """A share in whole percent, without a sign."""
    return abs(round(value * 100))


def said(interval: Interval, measure: Measure, offices: int, says: Language) -> str:
    """`31 % less effort than the pilot (24 to 38 %)`, or why there is no percentage.

    `offices` is how many there are, compared or not. Ends that have the other sign are written with a minus.
    """
    saved, low, high = interval.saved, interval.low, interval.high
    if interval.shown is Shown.KEPT_BACK:
        return says.say("not shown, as the figures of single offices would follow from it")
    if saved is None or low is None or high is None:
        return says.count(
            interval.offices,
            "{n} of {all} offices can be compared; there is a percentage from {fewest} on",
            "{n} of {all} offices can be compared; there is a percentage from {fewest} on",
            all=offices,
            fewest=FEWEST,
        )
    if interval.shown is Shown.MORE:
        return says.message(MORE[measure], share=share(saved), low=share(high), high=share(low))
    ends = {"low": round(low * 100), "high": round(high * 100)}
    if interval.shown is Shown.NONE_SHOWN:
        return says.message(NONE_SHOWN[measure], **ends)
    return says.message(LESS[measure], share=share(saved), **ends)


def reasons(missing: Mapping[Missing, int], says: Language) -> str:
    """`3 offices are not compared: not every task of the plan is finished`; empty where all are."""
    return "; ".join(
        says.count(
            n,
            "{n} office is not compared: {why}",
            "{n} offices are not compared: {why}",
            why=says.message(WHY[each]),
        )
        for each, n in sorted(missing.items())
    )


def amount(value: Decimal | None, says: Language, places: int = 1) -> str:
    """An amount as the language writes numbers; empty for one that is not known."""
    return "" if value is None else says.decimal(round(value, places), 0)


def learned(saving: Saving, says: Language) -> str:
    """What each doubling of the deployments leaves of the amount; empty where nothing tells."""
    if saving.learning is None or saving.interval.saved is None or not share(1 - saving.learning):
        return ""
    if saving.learning < 1:
        text = says.say("each doubling of the offices took {share} % less", share=share(1 - saving.learning))
    else:
        text = says.say("each doubling of the offices took {share} % more", share=share(saving.learning - 1))
    return text
