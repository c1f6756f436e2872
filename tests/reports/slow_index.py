"""The dashboard once more: what is beside the cards of rollouts and reviews, and its lines word by word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

from domain.reporting.entry import ReportEntry
from tests.reports.slow import Page, Slow, dashboard_page, long, near, several, short, stale_then

MOST_LINES, MOST_OFFICES = 8, 12
CAUSES = {"not_granted": "not granted", "refused": "refused", "unclear": "unclear", "waiting": "waiting"}
STATES = {"running": "running", "paused": "paused", "halted": "halted", "completed": "completed"}
BOTH = ("rollout", "sweep")


def index_page(slow: Slow, entries: Sequence[ReportEntry]) -> Page:
    """The figures of the dashboard, for who may see everything."""
    page = dashboard_page(slow)
    newest: dict[str, ReportEntry] = {}
    for each in sorted(entries, key=lambda e: (-e.as_of.toordinal(), -e.ledger_entry, e.kind, e.slug)):
        newest.setdefault(each.about, each)
    others = [each for each in newest.values() if each.kind not in BOTH]
    for n, last in enumerate(others, 1):
        page.figures[f"other-{n}-sentence"] = last.sentence
        page.put(f"other-{n}-as-of", long(last.as_of))
    if len(entries) > len(newest):
        page.put("earlier", len(entries) - len(newest))
    for n, (_, count, due) in enumerate(pending(slow), 1):
        page.put(f"pending-{n}", count)
        page.put(f"pending-{n}-due", long(due))
    asked, objections = cases(slow)
    if asked:
        page.put("cases", asked)
    if objections:
        page.put("objections", objections)
    waiting, held = list(_waiting(slow)), list(_held(slow))
    more = max(0, len(waiting) - MOST_LINES) + max(0, len(held) - MOST_LINES)
    if more:
        page.put("waits-more", more)
    if len(slow.offices) > MOST_OFFICES:
        page.put("offices-more", len(slow.offices) - MOST_OFFICES)
    return page


def pending(slow: Slow) -> list[tuple[str, int, date]]:
    """What waits past its day for an office that leads, or one above: the office, how many, the oldest day."""
    found: dict[str, list[date]] = {}
    for request in slow.unit.decisions.open():
        late = request.due is not None and slow.day(request.office) > request.due
        if request.complete is not None and request.in_time and late and request.office in _deciding(slow):
            found.setdefault(request.office, []).append(request.due)
    lines = [(min(days), office, len(days)) for office, days in found.items()]
    return [(slow.organization.offices[office].name, count, due) for due, office, count in sorted(lines)]


def _deciding(slow: Slow) -> set[str]:
    found, offices = set(), slow.organization.offices
    for office in offices.values():
        at = office.id if office.kind == "strategic" else None
        while at is not None:
            found.add(at)
            at = offices[at].parent
    return found


def cases(slow: Slow) -> tuple[int, int]:
    """How many cases ask an office for something, and how many objections are open."""
    there = [case for case in slow.unit.cases.all() if case.state not in ("closed", "withdrawn")]
    asked = sum(
        case.state == "escalated" or any(turn.until is None for turn in case.turns[-1:]) for case in there
    )
    return asked, sum(case.objection for case in there)


def lines(slow: Slow) -> dict[str, list[str]]:
    """The lines of the sections that tell what waits and how offices were read, and the notices."""
    waiting, held = list(_waiting(slow)), list(_held(slow))
    more = max(0, len(waiting) - MOST_LINES) + max(0, len(held) - MOST_LINES)
    rest = "; each report names them office by office."
    last = [f"and {several(more, 'more line')}{rest}"] if more else []
    return {
        "h-waits": waiting[:MOST_LINES] + held[:MOST_LINES] + last,
        "h-offices": list(_offices(slow))[:MOST_OFFICES],
        "notices": list(_notices(slow)),
        "states": [_state(slow, rollout) for rollout in slow.rollouts],
    }


def _waiting(slow: Slow) -> Iterator[str]:
    held = {each.key for each in slow.held}
    asked: dict[str, list[date]] = {}
    for q in slow.questions:
        if q.state == "open" and q.id not in held and q.office in slow.offices:
            asked.setdefault(q.office, []).append(q.answer_by)
    named = {office: slow.organization.offices[office].name for office in asked}
    for office in sorted(asked, key=lambda each: (min(asked[each]), named[each])):
        days = asked[office]
        late, one = sum(day < slow.day(office) for day in days), len(days) == 1
        past = f", including {late} past {'its' if late == 1 else 'their'} day" if late else ""
        text = f"{several(len(days), 'question')} {'waits' if one else 'wait'} for an answer{past}"
        yield f"{'!' if late else ''}{short(min(days))}{' !' if late else ''} {named[office]}: {text}"


def _held(slow: Slow) -> Iterator[str]:
    things = [each for each in slow.held if each.office in slow.offices]
    for (office, cause), count in sorted(Counter((each.office, str(each.cause)) for each in things).items()):
        since = min(each.since for each in things if (each.office, str(each.cause)) == (office, cause))
        be = "is not in its tool as it should be" if count == 1 else "are not in its tool as they should be"
        name = slow.organization.offices[office].name
        yield f"held {name}: {several(count, 'thing')} {be} {CAUSES[cause]}, since {long(since.date())}"


def _offices(slow: Slow) -> Iterator[str]:
    """Those that were not read first, then those with cells that were not understood, then the others."""
    found, stale = [], stale_then(slow)
    for office in slow.offices:
        reading, name = slow.readings.get(office), slow.organization.offices[office].name
        problem = reading is None or bool(reading.problem)
        cells = len(reading.unreadable) if reading is not None else 0
        day = short(reading.ok_at.date()) if reading is not None and reading.ok_at else "never"
        late = "stale No report was given for the period of its own last cut-off." if office in stale else ""
        odd = f"{several(cells, 'cell')} not understood" if cells else ""
        text = f"not read {_why_not(reading)}" if problem else f"{late} {odd}".strip() or "read"
        found.append((not problem, problem or not late, not cells, name, f"{name} {day} {text}"))
    yield from (line for *_, line in sorted(found))


def _why_not(reading) -> str:
    """The kind of a failure in words, and what the tool said."""
    if reading is None:
        return "no reading was tried yet"
    kind = {
        "refused": "a tool, or something in it, has to be changed before it can be read",
        "away": "a tool could not be reached; the next run tries again",
        "not_kept": "a tool holds something that cannot be stored",
        None: "the last reading failed",
    }[reading.failure]
    return f"{kind}: “{reading.problem}”"


def _notices(slow: Slow) -> Iterator[str]:
    for office, count, due in pending(slow):
        yield (
            f"1 decision is pending with {office} since {long(due)}: nobody who asked in time is late by it, "
            "and no wave halts."
            if count == 1
            else f"{count} decisions are pending with {office}, the oldest since {long(due)}: nobody who asked "
            "in time is late by them, and no wave halts."
        )
    asked, objections = cases(slow)
    waits = "1 case of feedback waits" if asked == 1 else f"{asked} cases of feedback wait"
    parts = [f"{waits} for an office"] if asked else []
    if objections:
        be = "is" if objections == 1 else "are"
        parts.append(f"{several(objections, 'objection')} {be} open: neither late nor adopted")
    if parts:
        yield f"{'; '.join(parts)}."


def _state(slow: Slow, rollout) -> str:
    """Which wave runs or begins, and how the rollout stands, by what the ledger says of it last."""
    last = [e.detail for e in slow.entries if e.kind == "rollout" and e.subject == rollout.id][-1]
    plans = sorted(rollout.manifest.waves, key=lambda wave: wave.number)
    states = {plan.number: last["waves"].get(str(plan.number), "planned") for plan in plans}
    running = [plan for plan in plans if states[plan.number] == "running"]
    ahead = [plan for plan in plans if states[plan.number] == "planned"]
    if len(running) > 1:
        numbers = [str(plan.number) for plan in running]
        text = f"Waves {', '.join(numbers[:-1])} and {numbers[-1]} of {len(plans)} are running"
    elif running:
        text = f"Wave {running[0].number} of {len(plans)} ({running[0].name}) is running"
    elif ahead:
        day = near(ahead[0].start, slow.now.date())
        text = f"Wave {ahead[0].number} of {len(plans)} ({ahead[0].name}) begins {day}"
    else:
        text = "Every wave is completed"
    return f"{text}. The rollout is {STATES[last['state']]}."
