"""Plans and edits by chance: what a template's owner and an office do to a plan, several times, on both sides."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from domain.plans.link import Lag, PlanLink
from domain.plans.merge.sides import normal
from domain.plans.predecessor import LinkType
from domain.plans.schedule.anchor import FromStart
from domain.plans.schedule.network import Unschedulable, needs_earliest, network
from domain.plans.schedule.schedule import schedule
from domain.plans.task import Constraint, ConstraintKind, Duration, Money, PlanTask
from domain.plans.whole_plan import WholePlan
from domain.plans.work_calendar import MORNING, WorkCalendar

START = datetime(2027, 3, 1, 8)  # noqa: DTZ001 - a local clock's time, as plans have it
HOURS = (60, 240, 480, 480, 960, 1440, 2400)
ROLES = (None, "lead", "analyst", "trainer")
CALENDARS = (WorkCalendar("west"), WorkCalendar("half", week=(*([MORNING] * 5), (), ())))


def task(chance, uid, parent):
    return PlanTask(
        uid,
        f"name {uid}",
        parent,
        duration=Duration(chance.choice(HOURS)),
        role=chance.choice(ROLES),
        cost=chance.choice((None, Money(Decimal(chance.randrange(1, 9) * 100), "EUR"))),
    )


def first_version(chance, size=9):
    """A plan of summaries in summaries, tasks and links, without flaws."""
    groups = [f"S{number}" for number in range(1, chance.randrange(2, 5))]
    tasks = [
        PlanTask(uid, f"phase {uid}", chance.choice((None, None, *groups[:at])), summary=True)
        for at, uid in enumerate(groups)
    ]
    tasks += [
        task(chance, f"T{number}", chance.choice((None, *groups, *groups))) for number in range(1, size + 1)
    ]
    plan = WholePlan("plan", "west", CALENDARS, tuple(tasks), (), START)
    for _ in range(size):
        plan = link(chance, plan, "")
    return normal(plan)


def is_sound(plan):
    try:
        if needs_earliest(plan):
            schedule(plan, FromStart(START))
        else:
            network(plan, earliest={})
    except Unschedulable:
        return False
    return True


def changed(plan, uid, **values):
    return replace(
        plan, tasks=tuple(replace(each, **values) if each.uid == uid else each for each in plan.tasks)
    )


def leaves(plan):
    return [each for each in plan.tasks if not each.summary]


def one_of(chance, tasks):
    """A task, more often one of a few that everybody works on."""
    return chance.choice(sorted(tasks, key=lambda each: each.uid[1:])[:3] if chance.random() < 0.4 else tasks)


def add(chance, plan, new):
    parents = (None, *(each.uid for each in plan.tasks if each.summary))
    made = task(chance, new, chance.choice(parents))
    at = chance.randrange(len(plan.tasks) + 1)
    plan = replace(plan, tasks=(*plan.tasks[:at], made, *plan.tasks[at:]))
    return link(chance, plan, new) if chance.random() < 0.5 else plan


def add_phase(chance, plan, new):
    phase = PlanTask(
        new, f"phase {new}", chance.choice((None, *(t.uid for t in plan.tasks if t.summary))), summary=True
    )
    inside = task(chance, new + "a", new)
    moved = chance.choice(plan.tasks)
    plan = replace(plan, tasks=(*plan.tasks, phase, inside))
    return changed(plan, moved.uid, parent=new) if chance.random() < 0.5 else plan


def delete(chance, plan, _):
    out = {one_of(chance, plan.tasks).uid}
    for each in plan.tasks:
        if each.parent in out:
            out.add(each.uid)
    kept = tuple(each for each in plan.tasks if each.uid not in out)
    links = tuple(each for each in plan.links if not out & {each.predecessor, each.successor})
    return replace(plan, tasks=kept, links=links)


def dissolve(chance, plan, _):
    """A summary goes, and what lies in it moves up."""
    phases = [each for each in plan.tasks if each.summary]
    if not phases:
        return plan
    gone = chance.choice(phases)
    kept = tuple(
        replace(each, parent=gone.parent) if each.parent == gone.uid else each
        for each in plan.tasks
        if each != gone
    )
    links = tuple(each for each in plan.links if gone.uid not in (each.predecessor, each.successor))
    return replace(plan, tasks=kept, links=links)


def rename(chance, plan, new):
    return changed(
        plan, one_of(chance, plan.tasks).uid, name=f"renamed {new if chance.random() < 0.8 else ''}"
    )


def move(chance, plan, _):
    parents = (None, *(each.uid for each in plan.tasks if each.summary))
    return changed(plan, one_of(chance, plan.tasks).uid, parent=chance.choice(parents))


def nest(chance, plan, _):
    """A summary is moved into another one."""
    phases = [each.uid for each in plan.tasks if each.summary]
    if len(phases) < 2:
        return plan
    one, other = chance.sample(phases, 2)
    return changed(plan, one, parent=other)


def reorder(chance, plan, _):
    one = one_of(chance, plan.tasks)
    rest = [each for each in plan.tasks if each != one]
    rest.insert(chance.randrange(len(plan.tasks)), one)
    return replace(plan, tasks=tuple(rest))


def split(chance, plan, new):
    """The half of a task becomes a task of its own, which what followed the first now follows."""
    whole = one_of(chance, leaves(plan))
    if whole.duration is None or whole.duration.minutes < 120:
        return plan
    half = Duration(whole.duration.minutes // 2)
    other = replace(task(chance, new, whole.parent), duration=half, name=f"{whole.name}, second half")
    links = [replace(each, predecessor=new) if each.predecessor == whole.uid else each for each in plan.links]
    plan = changed(replace(plan, links=(*links, PlanLink(whole.uid, new))), whole.uid, duration=half)
    return replace(plan, tasks=(*plan.tasks, other))


def link(chance, plan, _):
    one, other = (each.uid for each in chance.sample(plan.tasks, 2))
    kind = LinkType.FINISH_TO_START if chance.random() < 0.7 else chance.choice(tuple(LinkType))
    made = PlanLink(one, other, kind, Lag(chance.choice((0, 0, 480, 960, -480))))
    known = [each for each in plan.links if (each.predecessor, each.successor) != (one, other)]
    after = replace(plan, links=(*known, made))
    return after if is_sound(after) else plan


def unlink(chance, plan, _):
    if not plan.links:
        return plan
    gone = chance.choice(plan.links)
    return replace(plan, links=tuple(each for each in plan.links if each != gone))


def lag(chance, plan, _):
    if not plan.links:
        return plan
    one = chance.choice(plan.links)
    return replace(
        plan,
        links=tuple(
            replace(e, lag=Lag(chance.choice((0, 480, 960, 1440)))) if e == one else e for e in plan.links
        ),
    )


def date(chance, plan, _):
    at = START + timedelta(days=chance.randrange(60), hours=chance.choice((0, 9)))
    uid = one_of(chance, plan.tasks).uid
    if chance.random() < 0.5:
        return changed(plan, uid, deadline=at)
    return changed(plan, uid, constraint=Constraint(ConstraintKind.START_NO_EARLIER_THAN, at))


def estimate(chance, plan, _):
    return changed(plan, one_of(chance, leaves(plan)).uid, duration=Duration(chance.choice(HOURS)))


def other_field(chance, plan, _):
    uid = one_of(chance, leaves(plan)).uid
    name, value = chance.choice(
        (
            ("role", chance.choice(ROLES)),
            ("cost", chance.choice((None, Money(Decimal(chance.randrange(1, 9) * 100), "EUR")))),
            ("calendar", chance.choice((None, "west", "half"))),
        )
    )
    return changed(plan, uid, **{name: value})


def work(chance, plan, _):
    """An office begins or finishes a task."""
    one = one_of(chance, leaves(plan))
    values = {"actual_start": one.actual_start or START, "percent": 50}
    if chance.random() < 0.5:
        values |= {"actual_finish": START + timedelta(days=2), "percent": 100}
    return changed(plan, one.uid, **values)


def calendar(chance, plan, _):
    if chance.random() < 0.6 and len(plan.calendars) > 1:
        free = tuple(replace(each, calendar=None) for each in plan.tasks)
        return replace(plan, calendars=plan.calendars[:1], tasks=free)
    return replace(
        plan,
        calendars=(
            *plan.calendars[:1],
            WorkCalendar("half", week=(*([MORNING] * chance.choice((3, 4, 5))), *[()] * 4)[:7]),
        ),
    )


EDITS = (
    add,
    add,
    add_phase,
    delete,
    dissolve,
    rename,
    rename,
    move,
    nest,
    nest,
    reorder,
    reorder,
    split,
    link,
    link,
    unlink,
    lag,
    date,
    estimate,
    estimate,
    other_field,
    calendar,
)
OFFICE_EDITS = (*EDITS, work, work)


def edited(chance, plan, count, who, edits=EDITS):
    """A plan after so many edits, each of which leaves it sound."""
    for number in range(count):
        made = chance.choice(edits)
        if len(plan.tasks) > 3 and leaves(plan):
            after = made(chance, plan, f"{who}{number}")
            if len(leaves(after)) > 1 and is_sound(after):
                plan = after
    return normal(plan)
