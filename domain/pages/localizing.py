"""What an office is asked at its page before a template becomes its plan, five questions a screen at most.

First what it expects by itself, then what the plan needs. Pure: texts of fields become answers, or problems.
Refuses to guess a number that may be two.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from domain.language import Language, Message
from domain.organization.calendar import Blackout
from domain.plans.localization.answers import (
    AnchorAnswer,
    AnchorKind,
    Answers,
    Assigned,
    CalendarUse,
    Durations,
    ExchangeRate,
    OwnEstimate,
    Target,
    TargetKind,
)
from domain.plans.localization.lacks import gates_of, roles_of
from domain.plans.localization.receiver import Receiver
from domain.plans.task import Money
from domain.plans.templates.template import Driver, Need, Size, Template

MOST = 5
"""Questions on one screen."""
LONGEST = 200
"""Characters of an answer."""
CODE = 3
"""Letters of a currency's code."""
_NUMBER = re.compile(r"\d{1,12}(?:[.,]\d{1,6})?")
_THOUSANDS = re.compile(r"\d{1,3}[.,]\d{3}")


class Input(StrEnum):
    """How a question is answered."""

    TEXT = "text"
    DATE = "date"
    NUMBER = "number"
    CHOICE = "choice"
    CURRENCY = "currency"
    DAYS = "days"


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: the name of its field, its text, and its choices with their words."""

    name: str
    text: str
    input: Input = Input.TEXT
    choices: tuple[tuple[str, str], ...] = ()
    needed: bool = True
    known: frozenset[str] = frozenset()
    """The currencies that there are, of one that is asked for; empty: any three letters."""


IS_EMPTY = Message("write an answer")
NO_DATE = Message("write a day, such as 2027-03-01")
NO_NUMBER = Message("write a number of digits, with a decimal point or comma")
TWO_NUMBERS = Message("this may be two numbers: write it without a separator of thousands")
NO_CHOICE = Message("choose one")
NO_CURRENCY = Message("write the three letters of a currency, such as EUR")
NO_DAYS = Message("write days with commas between them, such as 2027-12-24, 2027-12-31")
NO_FIRST = Message("write its first day too, or leave its name and its last day out")
BACKWARD = Message("it is before the first day: write the last one")
TOO_LONG = Message("write at most 200 characters")


def estimate_screen(receiver: Receiver, says: Language) -> tuple[Asked, ...]:
    """What the office expects; nothing has to be answered."""
    return (
        Asked("effort", says.say("How many hours of work do you expect?"), Input.NUMBER, needed=False),
        Asked("days", says.say("How many working days from start to finish?"), Input.NUMBER, needed=False),
        Asked(
            "cost", says.say("What will it cost, in {currency}?", currency=receiver.currency), Input.NUMBER,
            needed=False,
        ),
    )  # fmt: skip


def screens(
    template: Template,
    receiver: Receiver,
    says: Language,
    said: Mapping[str, str] | None = None,
    spoken: Mapping[str, str] | None = None,
) -> tuple[tuple[Asked, ...], ...]:
    """The screens after the estimate, in their order.

    `said` is what was answered so far, as rates are asked in the plan's currency; `spoken` are the names of
    languages by their tags.
    """
    rest = [
        *_size(template, says), *_parameters(template, says),
        *_rates(template, currency_of(said or {}, receiver), receiver, says),
        *_choices(template, says), *_free_days(says), *_roles(template, says),
    ]  # fmt: skip
    own = tuple(_money_and_language(template, receiver, says, spoken or {}))
    chunks = (tuple(rest[n : n + MOST]) for n in range(0, len(rest), MOST))
    return (_basics(template, says), *((own,) if own else ()), *chunks)


def currency_of(said: Mapping[str, str], receiver: Receiver) -> str:
    """The plan's currency: the one that was answered, else the office's."""
    text = said.get("currency", "").strip()
    is_one = bool(text) and _not_a_currency(text, receiver.currencies) is None
    return text.upper() if is_one else receiver.currency


def _basics(template: Template, says: Language) -> tuple[Asked, ...]:
    named = {task.uid: says_of(template, task.names, says) for task in template.tasks}
    gates = tuple((f"gate {uid}", named[uid]) for uid in gates_of(template))
    counted = (("start", says.say("its start")), ("finish", says.say("its finish")), *gates)
    kinds = (
        (str(TargetKind.EXISTING), says.say("one that is there")),
        (str(TargetKind.NEW), says.say("a new one")),
    )  # fmt: skip
    lengths = (
        (str(Durations.PLANNED), says.say("as planned")),
        (str(Durations.LIKELY), says.say("as it took in the pilot")),
        (str(Durations.SAFE), says.say("with a margin, as four in five tasks took")),
    )  # fmt: skip
    return (
        Asked("anchor", says.say("Which day of the plan is fixed?"), Input.CHOICE, counted),
        Asked("on", says.say("Which day is that?"), Input.DATE),
        Asked("target", says.say("Which project takes the plan?"), Input.CHOICE, kinds),
        Asked("project", says.say("The project's id in your tool")),
        Asked("durations", says.say("How long do tasks take?"), Input.CHOICE, lengths),
    )


def says_of(template: Template, texts: Mapping[str, str], says: Language) -> str:
    """A text of the template in a language where it is there, else in the template's."""
    return texts.get(says.tag) or texts.get(says.tag.partition("-")[0]) or template.text(texts)


SIZES: Mapping[Driver, Message] = {
    Driver.USERS: Message("How many users will the system have at your office? Savings are compared by it"),
    Driver.COMPANIES: Message("How many companies of your office get the system? Savings are compared by it"),
    Driver.INTERFACES: Message("How many interfaces will it have at your office? Savings are compared by it"),
}
"""What is asked for the size, by what it is counted by."""


def _size(template: Template, says: Language) -> Iterator[Asked]:
    """The field's name has what is counted, so an answer is never taken for a number of something else."""
    if template.size is not None:
        driver = template.size.driver
        yield Asked(f"size {driver}", says.message(SIZES[driver]), Input.NUMBER, needed=False)


def _parameters(template: Template, says: Language) -> Iterator[Asked]:
    for each in template.parameters:
        values = tuple((value, value) for value in each.values)
        yield Asked(f"parameter {each.id}", says_of(template, each.names, says), Input.CHOICE, values)


def _money_and_language(
    template: Template, receiver: Receiver, says: Language, spoken: Mapping[str, str]
) -> Iterator[Asked]:
    """The plan's currency where the template has costs, and its language where the template has several."""
    if _currencies(template):
        text = says.say("In which currency is the plan? Empty: {currency}", currency=receiver.currency)
        yield Asked("currency", text, Input.CURRENCY, needed=False, known=receiver.currencies)
    tags = sorted({template.language} | {tag for task in template.tasks for tag in task.names})
    if len(tags) > 1:
        own = says.say("your office's: {language}", language=spoken.get(receiver.language, receiver.language))
        choices = (("", own), *((tag, spoken.get(tag, tag)) for tag in tags))
        text = says.say("In which language are the names of tasks?")
        yield Asked("language", text, Input.CHOICE, choices, needed=False)


def _currencies(template: Template) -> frozenset[str]:
    """The currencies of the template's costs."""
    return frozenset(task.cost.currency for task in template.tasks if task.cost is not None)


def _rates(template: Template, own: str, receiver: Receiver, says: Language) -> Iterator[Asked]:
    """The rate of each other currency; what was answered for one currency of the plan is none for another."""
    for of in sorted(_currencies(template) - {own}):
        text = says.say("What is 1 {of} worth in {currency}?", of=of, currency=own)
        pair = _pair(of, own, receiver)
        yield Asked(f"rate {pair}", text, Input.NUMBER)
        yield Asked(f"rate-on {pair}", says.say("Of which day is the rate of {of}?", of=of), Input.DATE)
        yield Asked(f"rate-by {pair}", says.say("Who says the rate of {of}?", of=of))


def _pair(of: str, own: str, receiver: Receiver) -> str:
    return of if own == receiver.currency else f"{of} in {own}"


def _choices(template: Template, says: Language) -> Iterator[Asked]:
    takes = (("take", says.say("we take it")), ("leave", says.say("we leave it out")))
    for task in template.tasks:
        if task.need is Need.OPTIONAL:
            text = says.say("Optional: {task}", task=says_of(template, task.names, says))
            yield Asked(f"optional {task.uid}", text, Input.CHOICE, takes)
    hours = (
        (str(CalendarUse.TEMPLATE), says.say("by those hours")),
        (str(CalendarUse.OFFICE), says.say("by our own")),
    )  # fmt: skip
    for name in dict.fromkeys(task.calendar for task in template.tasks if task.calendar is not None):
        if name != template.calendar:
            text = says.say("Some tasks have hours of their own ({name}). How do you work them?", name=name)
            yield Asked(f"calendar {name}", text, Input.CHOICE, hours)


def _free_days(says: Language) -> Iterator[Asked]:
    yield Asked(
        "blackout", says.say("Is there a time in which you deploy nothing? What is it called?"), needed=False
    )
    yield Asked("blackout-first", says.say("Its first day"), Input.DATE, needed=False)
    yield Asked("blackout-last", says.say("Its last day"), Input.DATE, needed=False)
    yield Asked(
        "half-days", says.say("Half days that your calendar does not have, with commas between them"),
        Input.DAYS, needed=False,
    )  # fmt: skip


def _roles(template: Template, says: Language) -> Iterator[Asked]:
    for role in roles_of(template):
        yield Asked(f"role {role}", says.say("Who is {role}? Empty: nobody yet", role=role), needed=False)


def problems(asked: Sequence[Asked], fields: Mapping[str, str], says: Language) -> Mapping[str, str]:
    """What is wrong with the answers to these questions, by the field's name; what was not sent is not."""
    found = {}
    for each in asked:
        if each.name not in fields:
            continue
        why = _problem(each, fields[each.name].strip()) or _against_others(each.name, fields)
        if why is not None:
            found[each.name] = says.message(why)
    return found


def _against_others(name: str, fields: Mapping[str, str]) -> Message | None:
    """What is wrong with the days of a blackout by what else was answered of it."""
    called, first, last = (fields.get(f"blackout{part}", "").strip() for part in ("", "-first", "-last"))
    if name == "blackout-first" and not first and (called or last):
        return NO_FIRST
    days = (_day(first), _day(last))
    if name == "blackout-last" and days[0] is not None and days[1] is not None and days[1] < days[0]:
        return BACKWARD
    return None


def _problem(asked: Asked, text: str) -> Message | None:
    if not text:
        return IS_EMPTY if asked.needed else None
    if len(text) > LONGEST:
        return TOO_LONG
    judges: Mapping[Input, Callable[[str], Message | None]] = {
        Input.DATE: lambda said: None if _day(said) else NO_DATE,
        Input.NUMBER: _not_a_number,
        Input.CHOICE: lambda said: None if said in dict(asked.choices) else NO_CHOICE,
        Input.TEXT: lambda _: None,
        Input.CURRENCY: lambda said: _not_a_currency(said, asked.known),
        Input.DAYS: lambda said: NO_DAYS if None in _days(said) else None,
    }
    return judges[asked.input](text)


def _not_a_number(text: str) -> Message | None:
    if _THOUSANDS.fullmatch(text) and not text.startswith(("0.", "0,")):
        return TWO_NUMBERS
    return None if _NUMBER.fullmatch(text) else NO_NUMBER


def _not_a_currency(text: str, known: frozenset[str]) -> Message | None:
    code = text.upper()
    is_code = len(code) == CODE and code.isascii() and code.isalpha()
    return None if is_code and (not known or code in known) else NO_CURRENCY


def _days(text: str) -> list[date | None]:
    """Each of the days in a text; None for what is none."""
    return [_day(each.strip()) for each in text.replace(";", ",").split(",") if each.strip()]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _decimal(text: str) -> Decimal | None:
    return Decimal(text.replace(",", ".")) if _NUMBER.fullmatch(text) else None


def estimate_of(fields: Mapping[str, str], receiver: Receiver, at: datetime) -> OwnEstimate:
    """What the office expects, of a screen without problems; it may be empty."""
    effort, days, cost = (_decimal(fields.get(name, "").strip()) for name in ("effort", "days", "cost"))
    return OwnEstimate(at, effort, days, Money(cost, receiver.currency) if cost is not None else None)


def answers_from(
    template: Template, receiver: Receiver, fields: Mapping[str, str], estimate: OwnEstimate | None
) -> Answers:
    """The answers of all screens, none of which has a problem."""
    said = {name: text.strip() for name, text in fields.items()}
    on, gates = _day(said["on"]), {f"gate {uid}": uid for uid in gates_of(template)}
    if on is None:
        raise ValueError("the day has a problem; look at it first")
    gate = gates.get(said["anchor"], "")
    kind = AnchorKind.GATE if gate else AnchorKind(said["anchor"])
    own = currency_of(said, receiver)
    left = {task.uid for task in template.tasks if said.get(f"optional {task.uid}") == "leave"}
    worked = {each.name: said.get(f"calendar {each.name}", "") for each in template.calendars}
    people = {role: said.get(f"role {role}", "") for role in roles_of(template)}
    return Answers(
        AnchorAnswer(kind, on, gate),
        Target(TargetKind(said["target"]), said["project"]),
        language=said.get("language", ""),
        currency="" if own == receiver.currency else own,
        rates=tuple(_rates_of(template, said, own, receiver)),
        roles={role: _who(text, receiver) for role, text in people.items() if text},
        parameters={each.id: said[f"parameter {each.id}"] for each in template.parameters},
        leave_out=frozenset(left),
        calendars={name: CalendarUse(text) for name, text in worked.items() if text},
        blackouts=tuple(_blackout(said)),
        half_days=frozenset(day for day in _days(said.get("half-days", "")) if day is not None),
        durations=Durations(said["durations"]),
        estimate=estimate,
        size=_size_of(template, said),
    )


def _size_of(template: Template, said: Mapping[str, str]) -> Size | None:
    pilot = template.size
    amount = None if pilot is None else _decimal(said.get(f"size {pilot.driver}", ""))
    return None if pilot is None or amount is None else Size(pilot.driver, amount)


def _rates_of(
    template: Template, said: Mapping[str, str], own: str, receiver: Receiver
) -> Iterator[ExchangeRate]:
    for of in sorted(_currencies(template) - {own}):
        pair = _pair(of, own, receiver)
        rate, day = _decimal(said.get(f"rate {pair}", "")), _day(said.get(f"rate-on {pair}", ""))
        if rate is not None and day is not None:
            yield ExchangeRate(of, rate, day, said[f"rate-by {pair}"])


def _who(text: str, receiver: Receiver) -> Assigned:
    """A person of people.yaml where the very name or id of one was written, else the name as it stands."""
    found = [key for key, name in receiver.people.items() if text in (key, name)]
    return Assigned(person=found[0]) if len(found) == 1 else Assigned(name=text)


def _blackout(said: Mapping[str, str]) -> Iterator[Blackout]:
    first = _day(said.get("blackout-first", ""))
    last = _day(said.get("blackout-last", "")) or first
    if first is not None and last is not None:
        yield Blackout(said.get("blackout", "") or first.isoformat(), first, last)
