"""What an update does to one office's plan: the new version made for it, its live plan, and their merge.

Refuses to write; `updating` does.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from config.local_plans import offered, receiver
from config.wiring import Application
from domain.delivery.delivery import Intent, IntentState
from domain.delivery.live_plan import calendar_of
from domain.delivery.plan_tasks import Place
from domain.delivery.plan_updates import SINCE, WITHDRAWN, Holding, as_stated
from domain.delivery.wanted import values_of
from domain.ids import TemplateVersionId
from domain.plans.localization.anchoring import anchor_of
from domain.plans.localization.derivation import Ground
from domain.plans.localization.localizing import localize
from domain.plans.merge.change import Conflict
from domain.plans.merge.merging import Merged, merge
from domain.plans.merge.place import Place as MergePlace
from domain.plans.merge.place import Side
from domain.plans.predecessor import Predecessor
from domain.plans.project import FieldValue, Reading
from domain.plans.task import Constraint
from domain.plans.templates.template import Need, Release
from domain.plans.updates.asked import PlanConflict
from domain.plans.updates.ours import as_merged_last, is_own
from domain.plans.updates.rebasing import (
    in_plan_uids,
    unplaced,
    with_left,
    with_links_of_before,
    without_links_of,
)
from domain.plans.updates.rescheduling import Days, fixed_dates, moved_dates, rescheduled, without_moved_dates
from domain.plans.updates.standing import Footing, PlanStanding, Source
from domain.plans.updates.tool_moves import Unmoved, with_dates_of, without_tool_moves
from domain.plans.whole_plan import WholePlan
from domain.questions.question import QuestionState
from store.unit import Unit
from tasks.plan_targets import PlanTarget, ours


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """What the store knows of a live plan, by the uids of its tasks.

    `gone` are new tasks of the version that this update put there and that the office removed again, `sent`
    the days that were last sent to the tool. `unwritten` are fields of tasks that were never written there,
    `unordered` tasks of which it was never written what they stand behind, `unlinked` those of which it was
    never written what they follow, or is being written, `marked` those that are marked as withdrawn.
    `besides` is what tasks follow there that the template does not have any more.
    """

    gone: frozenset[str] = frozenset()
    sent: Mapping[str, Days] = field(default_factory=dict)
    unwritten: Mapping[str, frozenset[str]] = field(default_factory=dict)
    unordered: frozenset[str] = frozenset()
    unlinked: frozenset[str] = frozenset()
    besides: Mapping[str, tuple[Predecessor, ...]] = field(default_factory=dict)
    marked: frozenset[str] = frozenset()


@dataclass(frozen=True)
class PlanUpdate:
    """One office's plan and what it is merged with: a version made for it, and the answers so far."""

    target: PlanTarget
    standing: PlanStanding
    version: int
    digest: str
    theirs: WholePlan
    today: date
    mandatory: frozenset[str] = frozenset()
    choices: Mapping[MergePlace, Side] = field(default_factory=dict)
    undoing: bool = False
    source: Source = Source()
    """The template that the plan follows then."""
    ground: Ground | None = None
    """By what the template was shared; None: as before."""
    unsure: Sequence[Conflict] = ()
    """What is asked where the plan goes over: which tasks of the template are the plan's."""
    settling: Mapping[str, Side] = field(default_factory=dict)
    """The answers, and defaults whose day has come, that this update writes, by the ids of the conflicts."""

    @property
    def goes_over(self) -> bool:
        """Whether the plan follows another template then."""
        return self.source.template != self.standing.footing.source.template

    @cached_property
    def holding(self) -> Holding:
        """How the office's tool holds the plan."""
        derivation = self.target.derivation
        place = Place(self.target.project, calendar_of(derivation.base), self.target.tool.plan_limits)
        return Holding(place, self.target.fit, derivation.keys)

    def holding_now(self, meanwhile: Meanwhile) -> Holding:
        """The same, with what was never written there, and the office's links to what is withdrawn."""
        return replace(
            self.holding,
            unwritten=meanwhile.unwritten,
            unordered=meanwhile.unordered,
            unlinked=meanwhile.unlinked,
            marked=meanwhile.marked,
            besides=meanwhile.besides,
        )

    @property
    def before(self) -> WholePlan | None:
        """The office's plan before the first write of this update; None where nothing was written yet."""
        begun = self.standing.begun
        is_begun = self.standing.has_begun(self.version, self.source)
        return begun.ours if begun is not None and is_begun else None

    def merged(self, reading: Reading, meanwhile: Meanwhile, first: WholePlan | None = None) -> Merged:
        """The merge on the live plan of that reading, with its dates.

        `first` is the office's plan before anything of this update was written, None where nothing was: where
        links move dates in the tool, it says which dates are the office's. An undo gives back the dates of
        before, and schedules nothing. Raises Unmergeable for a live plan in which a task has no place.
        """
        footing, holding = self.standing.footing, self.holding_now(meanwhile)
        live = self._live(reading)
        came = self._came(live, first)
        base = footing.last if self.undoing else without_links_of(self._base, {*self.source.left, *came})
        live = as_merged_last(live, footing.last, holding.ordered(live))
        unmoved = self._without_tool_moves(live, first, meanwhile)
        asked, shown = unmoved.plan, holding.held(base)
        moved = moved_dates(asked, (shown, holding.held(self.theirs)))
        theirs = without_moved_dates(self.theirs, base, moved)
        past = replace(footing.past, tombstones=footing.tombstones | meanwhile.gone)
        if self.undoing:
            past = replace(past, declined={})
        merged = merge(base, theirs, asked, holding.held, past, self.mandatory, self.choices)
        if not self.undoing:
            sent = {} if asked is not live else meanwhile.sent
            fixed = fixed_dates(asked, shown, moved, sent)
            fixed = {uid: dates for uid, dates in fixed.items() if uid not in unmoved.led}
            own = frozenset(self.source.left)
            fixed |= {task.uid: (task.start, task.finish) for task in asked.tasks if task.uid in own}
            anchor = anchor_of(self.target.derivation.answers.anchor, merged.plan)
            merged = rescheduled(merged, anchor, fixed, self.today)
        if asked is not live:
            given = replace(merged.given, live=live, ours=with_dates_of(merged.given.ours, live))
            merged = replace(merged, given=given)
        return merged

    def _came(self, live: WholePlan, first: WholePlan | None) -> frozenset[str]:
        """The tasks that this update put there: their links come after them, so none is removed yet."""
        there = {task.uid for task in live.tasks}
        before = there if first is None else {task.uid for task in first.tasks}
        return frozenset(there & {task.uid for task in self.theirs.tasks}) - before

    @property
    def _base(self) -> WholePlan:
        """What is compared with: of tasks that are found to be the template's, with the links of before."""
        footing, before = self.standing.footing, self.standing.before
        found = frozenset(footing.source.left) - frozenset(self.source.left)
        if self.goes_over or before is None or before.footing.source.template == footing.source.template:
            return footing.base
        return with_links_of_before(footing.base, before.footing.base, found)

    def _without_tool_moves(self, live: WholePlan, first: WholePlan | None, meanwhile: Meanwhile) -> Unmoved:
        limits = self.target.tool.plan_limits
        if not limits.moves_dates:
            return Unmoved(live)
        last, free = self.standing.footing.last, limits.free_days or frozenset()
        if first is None:
            return without_tool_moves(live, last, self.theirs, meanwhile.sent, free)
        before = without_tool_moves(first, last, self.theirs, {}, free)
        now = without_tool_moves(live, before.plan, self.theirs, meanwhile.sent, free)
        return replace(now, led=now.led | before.led)

    def withdrawn(self, reading: Reading) -> tuple[str, ...]:
        """The uids of tasks that stand in the tool and that the template does not have any more."""
        known = {
            task.uid
            for plan in (self.standing.footing.last, self.standing.footing.base, self.theirs)
            for task in plan.tasks
        }
        live = ours(self.target.derivation, reading)
        return tuple(task.uid for task in live.tasks if not is_own(task.uid) and task.uid not in known)

    def _live(self, reading: Reading) -> WholePlan:
        live, out = ours(self.target.derivation, reading), set(self.withdrawn(reading))
        known: dict[str, list[Constraint | None]] = {}
        for plan in (self.standing.footing.last, self.theirs):
            for task in self.holding.held(plan).tasks:
                known.setdefault(task.uid, []).append(task.constraint)
        tasks = tuple(
            as_stated(replace(task, parent=None) if task.parent in out else task, known.get(task.uid, ()))
            for task in live.tasks
            if task.uid not in out
        )
        links = tuple(link for link in live.links if out.isdisjoint((link.predecessor, link.successor)))
        return replace(live, tasks=tasks, links=links)


def localized_anew(
    application: Application, unit: Unit, target: PlanTarget, version: int, footing: Footing | None = None
) -> tuple[Release, WholePlan]:
    """A version of the template made for the office with the same answers, in the plan's uids.

    With a footing it is of the template that the plan follows there, with what that one does not have. Raises
    LookupError where it is not shared any more, NotLocalizable where the version needs more answers.
    """
    derivation, source = target.derivation, footing.source if footing is not None else Source()
    text = str(TemplateVersionId(source.template or derivation.id.template, version))
    release = offered(application, unit, derivation.id.office, text).release
    here = replace(release, template=in_plan_uids(release.template, source))
    plan = localize(here, derivation.answers, receiver(application, derivation.id.office)).plan
    if footing is None:
        return here, plan
    return here, with_left(plan, footing.base, source.left, unplaced(release.template, source))


def mandatory_of(release: Release) -> frozenset[str]:
    """The tasks that an office has to take over."""
    return frozenset(task.uid for task in release.template.tasks if task.need is Need.MANDATORY)


def choices_of(unit: Unit, known: Collection[PlanConflict]) -> Mapping[str, Side]:
    """What counts by now for open conflicts, by their ids: an answer, or after the deadline the default."""
    found: dict[str, Side] = {}
    for each in known:
        question = unit.questions.get(str(each.id)) if each.is_open else None
        if question is None:
            continue
        if question.state is QuestionState.ANSWERED:
            found[str(each.id)] = Side(str(question.answer))
        elif question.state is QuestionState.UNANSWERED:
            found[str(each.id)] = each.default
    return found


def at_places(known: Collection[PlanConflict], choices: Mapping[str, Side]) -> Mapping[MergePlace, Side]:
    """The same by place."""
    return {
        place: choices[str(each.id)] for each in known if str(each.id) in choices for place in each.places
    }


def open_places(known: Collection[PlanConflict]) -> frozenset[MergePlace]:
    """The places that are asked."""
    return frozenset(place for each in known if each.is_open for place in each.places)


def meanwhile_of(unit: Unit, update: PlanUpdate, reading: Reading) -> Meanwhile:
    """What the store knows of the live plan of that reading."""
    plan = ours(update.target.derivation, reading)
    live = {task.uid: task for task in plan.tasks}
    there = frozenset(live)
    before = {task.uid for task in update.standing.footing.base.tasks}
    intents = {each.wanted.key: each for each in unit.intents.of(update.target.project.office)}
    gone, sent = set(), {}
    unwritten, unordered, unlinked, marked = {}, set(), set(), set()
    for uid, task in live.items():
        intent = intents.get(update.holding.key(uid))
        if intent is not None and intent.wanted.values.get("standing") == WITHDRAWN:
            marked.add(uid)
        written = _written(intent)
        unwritten[uid] = frozenset(name for name in SINCE if getattr(task, name) is None) - written
        if "behind" not in written:
            unordered.add(uid)
        if "after" not in written or _is_being_linked(intent):
            unlinked.add(uid)
    for uid in (task.uid for task in update.theirs.tasks):
        intent = intents.get(update.holding.key(uid))
        if intent is None:
            continue
        if uid not in before and uid not in there and intent.base is not None:
            gone.add(uid)
        values = intent.wanted.values
        sent[uid] = (_day(values.get("start")), _day(values.get("due")))
    besides = update.holding.linked_besides(plan, update.withdrawn(reading))
    return Meanwhile(
        frozenset(gone),
        sent,
        unwritten,
        frozenset(unordered),
        unlinked=frozenset(unlinked),
        marked=frozenset(marked),
        besides=besides,
    )


def _written(intent: Intent | None) -> frozenset[str]:
    """The fields of a thing that were written at some time, or are being written."""
    if intent is None:
        return frozenset()
    before = () if intent.base is None else values_of(intent.base)
    return frozenset((*intent.wanted.values, *before))


def _is_being_linked(intent: Intent | None) -> bool:
    """Whether other links were sent for a thing, and it is not known which of them arrived."""
    if intent is None or intent.state is not IntentState.SENT or intent.base is None:
        return False
    return values_of(intent.base).get("after", ()) != intent.wanted.values.get("after", ())


def _day(value: FieldValue | None) -> date | None:
    return value if isinstance(value, date) else None


def template_part(plan: WholePlan) -> WholePlan:
    """The plan without the office's own tasks, as a derivation holds it."""
    own = {task.uid for task in plan.tasks if is_own(task.uid)}
    tasks = tuple(
        replace(task, parent=None) if task.parent in own else task
        for task in plan.tasks
        if task.uid not in own
    )
    links = tuple(link for link in plan.links if own.isdisjoint((link.predecessor, link.successor)))
    return replace(plan, tasks=tasks, links=links)
