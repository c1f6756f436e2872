"""Deliberately broken connectors: for each clause of the contract one that breaks this one promise.

They derive from the tool in memory; those that misread HTTP answers use the plain server over HTTP, and the
one of files is a workbook's.
"""

# ruff: noqa: ARG002 - what breaks a promise does not use all that it was given
import itertools
import secrets
from collections.abc import Callable
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from connectors.errors import OutcomeUnknown, Refused, Skip, ToolError, TryLater
from connectors.http.calls import Answered, Call, Reply
from connectors.http.client import Http
from connectors.preparation import NOTHING_DEMANDED, Made, Told
from connectors.protocol import Done, Put, unguarded
from connectors.records.dates import moment_day
from connectors.registry import ConnectorKind
from connectors.tickets import lineage
from connectors.tickets.offering import Has
from connectors.tickets.settings import TicketSettings
from connectors.tickets.ticket import Shape
from connectors.workbook.connector import Workbook
from domain.organization.office import Access, Conflict
from domain.plans.item_plan import Span
from tests.connectors.deciding import but
from tests.connectors.workbook import books
from tests.contract.bench import Bench
from tests.contract.contract import memory_bench, plain_http_bench, workbook_bench
from tests.contract.memory import SPEC, Memory

Breaker = Callable[[Path], AbstractContextManager[Bench]]
BROKEN: dict[str, Breaker] = {}
"""By the clause's name, a bench whose connector breaks it."""


def breaks(*names: str, **rules: Any) -> Callable[[type[Memory]], type[Memory]]:
    """The class breaks these clauses, in this process."""

    def enter(make: type[Memory]) -> type[Memory]:
        for name in names:
            BROKEN[name] = partial(memory_bench, make=make, **rules)
        return make

    return enter


def mishears(*names: str) -> Callable[[type], type]:
    """A way to call, in front of `connectors.http.client.Http`, that breaks these clauses."""

    def enter(mixin: type) -> type:
        class Mishearing(Memory):
            def __init__(self, http: Http, *given: Any) -> None:
                http.__class__ = type(mixin.__name__, (mixin, Http), {})
                super().__init__(http, *given)

        for name in names:
            BROKEN[name] = partial(plain_http_bench, make=Mishearing)
        return mixin

    return enter


# What is started.


@breaks("no_project_is_started_without_the_right_to_write")
class Usurping(Memory):
    def start(self, wanted, guard=unguarded, *, dry_run=False):
        self.http.call(self.kit.start.call(self, wanted))
        return Put(wanted.key, Done.CREATED, "@")


@breaks("a_project_that_we_cannot_start_there_is_refused_with_what_people_do")
class Laconic(Memory):
    def startable(self, project):
        return "no"


@breaks("a_project_is_started_once_and_takes_items_from_then_on")
class Trying(Memory):
    """It makes the project in a dry run too."""

    def start(self, wanted, guard=unguarded, *, dry_run=False):
        return super().start(wanted, guard)


# What is planned.


@breaks(
    "what_is_put_with_links_and_parents_stands_so_among_the_items",
    "a_plan_that_is_put_reads_back_as_its_certificate_says_and_is_the_office_s",
)
class Unlinking(Memory):
    """It shows links where they are written, and not among the items."""

    def read(self):
        told = super().read()
        return _with_plans(told, lambda plan: replace(plan, after=()))


@breaks("its_spec_says_which_parts_of_a_plan_it_reads")
class Untold(Memory):
    """It reads links, and does not say so."""

    spec = replace(SPEC, plan={"parent": "parent"})


@breaks("what_the_office_plans_is_read_as_its_tool_holds_it_and_nothing_else")
class Counting(Memory):
    """It makes a duration of the dates, which its tool does not hold."""

    def read(self):
        told = super().read()
        return _with_plans(told, lambda plan: replace(plan, duration=Span(5)) if plan.after else plan)


def _with_plans(told, change):
    """The reading with the plan of each item changed."""
    plans = []
    for plan in told.plans:
        items = (each if each.plan is None else replace(each, plan=change(each.plan)) for each in plan.items)
        plans.append(replace(plan, items=tuple(items)))
    return replace(told, plans=tuple(plans))


# What is lacking.


@breaks("where_all_is_there_nothing_is_lacking_and_looking_writes_nothing")
class Fussy(Memory):
    def lacking(self, demands=NOTHING_DEMANDED):
        return (*super().lacking(demands), Told("something is wrong", "look for it"))


@breaks("nothing_is_made_where_we_may_only_look")
class Forward(Memory):
    def make(self, steps):
        return tuple(Made(step) for step in steps)


@breaks("what_is_lacking_is_made_once_or_told_with_what_to_do")
class Doubling(Memory):
    """It never looks whether a field is there."""

    def _fields_lacking(self, demands):
        yield from (self.field_step(name) for name in self._wanted_fields(demands))


@breaks("what_a_version_demands_and_is_not_named_is_told")
class Undemanding(Memory):
    def lacking(self, demands=NOTHING_DEMANDED):
        return super().lacking()


# Rights and keys.


@breaks("a_key_that_is_left_out_is_told_and_nothing_is_made_twice")
class Credulous(Memory):
    """It never looks for its key in what it made."""

    keys_in_lines = True


@breaks("dates_that_the_tool_computes_from_parts_are_neither_written_nor_a_change_of_the_office")
class Overruling(Memory):
    def placed(self, ticket, tickets):
        return replace(super().placed(ticket, tickets), unheld=frozenset())


@breaks("every_field_that_the_office_changed_stays_where_that_is_agreed")
class Insisting(Memory):
    """It writes the whole thing where one field of it is to be written."""

    def update(self, ticket, draft):
        return super().update(
            ticket, replace(draft, title=f"{draft.title}!", changed=draft.changed | {"title"})
        )


@breaks("a_required_field_is_told_beforehand_and_filled_by_the_settings")
class Wordless(Memory):
    def type_fields(self, project, type_):
        return ()


@breaks("what_is_said_at_an_office_s_own_ticket_stands_there_once_and_changes_nothing_of_it")
class Nameless(Memory):
    def comment(self, ticket, text):
        return super().comment(ticket, text.partition("\n")[0])


@breaks("what_the_settings_name_and_the_tool_has_not_is_not_offered_and_told")
class Promising(Memory):
    def has(self, tickets):
        return Has()


@mishears("a_title_that_is_too_long_is_cut_between_characters_by_the_tool_s_own_measure")
class Slicing:
    """It cuts a title where the number of bytes is full."""

    def call(self, call):
        for each in (call.json or {}).get("tickets", ()):
            each["title"] = each["title"].encode()[:255].decode(errors="ignore")
        return super().call(call)


@breaks("a_right_missing_in_one_project_holds_up_only_what_goes_there")
class Offended(Memory):
    def send(self, call: Call) -> Reply:
        try:
            return super().send(call)
        except Answered as problem:
            raise TryLater(problem.text) from None


# What it says of itself.


@breaks("its_spec_says_all_that_must_be_known")
class Placeless(Memory):
    spec = replace(SPEC, key_place="")


class Loose(BaseModel):
    """Settings that take everything."""


@contextmanager
def _loose(folder: Path):
    with memory_bench(folder) as bench:
        yield replace(bench, kind=ConnectorKind(Memory, Loose, TicketSettings))


BROKEN["its_settings_are_frozen_and_refuse_what_they_do_not_know"] = _loose


@breaks("it_keeps_its_office_and_access")
class AllMighty(Memory):
    access = Access.WRITE


@breaks("a_check_of_what_fits_is_healthy_and_writes_nothing")
class Probing(Memory):
    def check(self):
        probe = {"tickets": [{"project": "P-1", "title": "a probe"}]}
        self.http.call(Call("POST", "/tickets", json=probe, creates=True))
        return super().check()


@breaks("a_check_never_raises_and_names_what_to_mend")
class Raising(Memory):
    def check(self):
        list(self.remarks())
        return super().check()


@breaks("what_it_holds_is_told_of_every_field_of_ours")
class Reticent(Memory):
    def holds(self, kind):
        return super().holds(kind)[1:]


@breaks("what_it_holds_is_true_field_by_field")
class Boasting(Memory):
    def _body(self, draft, ticket):
        return {**super()._body(draft, ticket), "work": None}


@breaks("what_fits_fits_again_and_is_still_the_same_thing")
class Growing(Memory):
    def fit(self, wanted):
        fit = super().fit(wanted)
        longer = {name: f"{fit.values[name]}." for name in ("title", "text") if name in fit.values}
        return but(fit, **longer)


# Reading.


@breaks("the_office_s_projects_and_items_are_read")
class Dayless(Memory):
    def _ticket(self, found):
        return replace(super()._ticket(found), due=None)


@breaks("a_second_reading_of_the_same_is_the_same")
class Restless(Memory):
    def read(self):
        return replace(super().read(), digest=secrets.token_hex(32))


@breaks("what_the_office_changed_is_seen")
class Asleep(Memory):
    def changed(self, digest):
        return False


@breaks("what_is_ours_is_told_as_ours")
class Forgetful(Memory):
    def _ticket(self, found):
        return replace(super()._ticket(found), key="")


@breaks("a_key_that_is_not_there_is_found_nowhere")
class Startled(Memory):
    def find(self, keys):
        found = {key: places for key, places in super().find(keys).items() if places}
        return {key: found[key] for key in keys}


@breaks("a_text_that_looks_like_something_else_stays_a_text")
class Guessing(Memory):
    def _ticket(self, found):
        ticket = super()._ticket(found)
        return replace(ticket, title=str(moment_day(ticket.title, UTC) or ticket.title))


@breaks("who_is_not_known_ends_nothing")
class Introduced(Memory):
    def _by(self, said):
        return said.found["by"]


class Fastidious(Memory):
    def _ticket(self, found):
        return replace(super()._ticket(found), title=found.found["title"].strip())


class Unshaken(Memory):
    def page(self, since, token):
        page = super().page(since, token)
        return replace(page, tickets=tuple(t for t in page.tickets if t.shape is not Shape.UNREAD))


class FirstTwo(Memory):
    def look(self, keys):
        return itertools.islice(super().look(keys), 2)


class Hasty(Memory):
    def _ticket(self, found):
        ticket = super()._ticket(found)
        return replace(ticket, comments=ticket.comments[:2], after=ticket.after[:2])


@breaks("pages_that_lead_in_a_circle_end_as_an_error", "a_page_that_comes_without_end_ends_as_an_error")
class Circling(Memory):
    def _turn(self, turning, page, cursor):
        pass


for _name, _make in {
    "a_malformed_value_is_one_line_with_its_place": Fastidious,
    "a_thing_without_an_id_is_one_line": Unshaken,
    "all_that_is_asked_for_is_found": FirstTwo,
    "a_long_talk_is_read_to_its_end": Hasty,
    "all_that_something_follows_is_read": Hasty,
}.items():
    BROKEN[_name] = partial(plain_http_bench, make=_make)


# Writing.


@breaks("what_was_created_is_found_and_the_second_put_writes_nothing")
class Rewriting(Memory):
    def placed(self, ticket, tickets):
        return replace(super().placed(ticket, tickets), values={})


@breaks("the_law_of_delivery_sees_that_it_is_the_same")
class Shouting(Memory):
    def find(self, keys):
        def loud(place):
            return replace(place, values={n: str(v).upper() for n, v in place.values.items()})

        return {key: tuple(map(loud, places)) for key, places in super().find(keys).items()}


@breaks("the_digest_of_a_write_is_that_of_the_next_reading")
class Undigested(Memory):
    def put(self, decisions, expected, guard=unguarded, *, dry_run=False):
        return replace(super().put(decisions, expected, guard, dry_run=dry_run), digest=expected)


@breaks("an_update_writes_only_what_differs")
class Lavish(Memory):
    wanted: dict[str, Any] = {}

    def put(self, decisions, expected, guard=unguarded, *, dry_run=False):
        self.wanted = {each.key: dict(each.wanted.values) for each in decisions}
        return super().put(decisions, expected, guard, dry_run=dry_run)

    def placed(self, ticket, tickets):
        there = super().placed(ticket, tickets)
        asked = self.wanted.get(there.key, {})
        same = all(there.values.get(name, "") == value for name, value in asked.items())
        return there if same else replace(there, values={})


@breaks("only_our_fields_are_touched")
class Meddling(Memory):
    def send(self, call):
        self.http.call(Call("PATCH", "/tickets/1", json={"title": "tidied up"}))
        return super().send(call)


@breaks("the_office_s_own_words_in_a_thing_of_ours_stay")
class Overwriting(Memory):
    def update(self, ticket, draft):
        return super().update(replace(ticket, text=""), draft)


@breaks("a_key_that_stands_twice_is_held_for_a_person")
class FirstBest(Memory):
    def look(self, keys):
        seen = {}
        for ticket in super().look(keys):
            seen.setdefault(ticket.key, ticket)
        return seen.values()


@breaks("what_the_office_removed_is_gone_and_held")
class Nostalgic(Memory):
    def look(self, keys):
        return [t for t in self._pulled().all if t.key in keys]


@breaks("the_same_key_with_other_content_is_refused")
class LastBest(Memory):
    def put(self, decisions, expected, guard=unguarded, *, dry_run=False):
        last = {each.key: each for each in decisions}
        return super().put(tuple(last.values()), expected, guard, dry_run=dry_run)


@breaks("there_is_an_answer_for_each_in_their_order")
class Sorting(Memory):
    def put(self, decisions, expected, guard=unguarded, *, dry_run=False):
        written = super().put(decisions, expected, guard, dry_run=dry_run)
        return replace(written, results=tuple(sorted(written.results, key=lambda each: each.key)))


@breaks("what_cannot_be_put_is_refused_alone")
class AllOrNothing(Memory):
    def put(self, decisions, expected, guard=unguarded, *, dry_run=False):
        fit = [each.of(self.fit(each.wanted)) for each in decisions]
        return super().put(fit, expected, guard, dry_run=dry_run)


@breaks("a_thing_of_another_office_is_refused")
class Hospitable(Memory):
    def put(self, decisions, expected, guard=unguarded, *, dry_run=False):
        ours = [each.of(replace(each.wanted, office=self.office)) for each in decisions]
        return super().put(ours, expected, guard, dry_run=dry_run)


@breaks("who_may_observe_writes_nothing", "who_may_ask_puts_questions_and_no_items")
class Presumptuous(Memory):
    def put(self, decisions, expected, guard=unguarded, *, dry_run=False):
        self._access = Access.WRITE
        return super().put(decisions, expected, guard, dry_run=dry_run)


@breaks("every_script_comes_back_as_it_fits")
class Ascii(Memory):
    def _ticket(self, found):
        ticket = super()._ticket(found)
        return replace(ticket, title=ticket.title.encode("ascii", "replace").decode())


@breaks("a_key_comes_back_sign_by_sign")
class Cutting(Memory):
    def creation(self, drafts):
        return super().creation([replace(draft, key=draft.key[:60]) for draft in drafts])


@breaks("days_stay_the_days_they_are")
class Summer(Memory):
    def _ticket(self, found):
        ticket = super()._ticket(found)
        moved = ticket.due is not None and ticket.due.month in (3, 10)
        return replace(ticket, due=ticket.due - timedelta(days=1)) if moved else ticket


# Dry runs and the guard.


@breaks("a_dry_run_writes_nothing")
class Wet(Memory):
    def put(self, decisions, expected, guard=unguarded, *, dry_run=False):
        return replace(super().put(decisions, expected, guard), dry_run=dry_run)


@breaks("a_dry_run_foresees_what_becomes_of_each")
class Hopeful(Memory):
    def put(self, decisions, expected, guard=unguarded, *, dry_run=False):
        if not dry_run:
            return super().put(decisions, expected, guard)
        written = super().put(decisions, expected, guard, dry_run=True)
        return replace(written, results=tuple(Put(each.key, Done.CREATED) for each in decisions))


@breaks("a_dry_run_lists_the_calls_that_are_then_made")
class Silent(Memory):
    def put(self, decisions, expected, guard=unguarded, *, dry_run=False):
        written = super().put(decisions, expected, guard, dry_run=dry_run)
        return replace(written, calls=()) if dry_run else written


@breaks("nothing_is_written_outside_the_guard")
class Smuggling(Memory):
    def creation(self, drafts):
        self.http.call(Call("PATCH", "/tickets/1", json={"owner": "nobody was told"}))
        return super().creation(drafts)


@breaks("a_guard_that_refuses_stops_the_write")
class Unguarded(Memory):
    def put(self, decisions, expected, guard=unguarded, *, dry_run=False):
        return super().put(decisions, expected, dry_run=dry_run)


class Careless(Workbook):
    def put(self, decisions, expected, guard=unguarded, *, dry_run=False):
        return super().put(decisions, self.read().digest, guard, dry_run=dry_run)


@contextmanager
def _careless(folder: Path):
    with workbook_bench(folder) as bench:

        def connect(access: Access) -> Workbook:
            book = books.connector(folder / "porto.xlsx", access)
            book.__class__ = Careless
            return book

        yield replace(bench, connect=connect)


BROKEN["a_file_that_changed_since_it_was_read_is_left_alone"] = _careless


# Questions, answers, hooks.


@breaks("an_answer_comes_with_who_gave_it")
class Anonymous(Memory):
    def read(self):
        reading = super().read()
        return replace(reading, answers=tuple(replace(each, by="") for each in reading.answers))


@breaks("an_answered_question_is_still_the_same")
class Nervous(Memory):
    def placed(self, ticket, tickets):
        there = super().placed(ticket, tickets)
        return replace(there, values={**there.values, "text": "?"}) if ticket.comments else there


@breaks("a_hook_s_body_is_references_nothing_or_refused")
class Hooked(Memory):
    def hook(self, headers, body):
        return [each["id"] for each in body]


@breaks("it_is_known_when_an_answer_was_given")
class Timeless(Memory):
    def _ticket(self, found):
        ticket = super()._ticket(found)
        dawn = datetime(1970, 1, 1, tzinfo=UTC)
        return replace(ticket, comments=tuple(replace(each, at=dawn) for each in ticket.comments))


@breaks("who_changed_a_question_s_ticket_is_known_and_when")
class Incurious(Memory):
    def _ticket(self, found):
        return replace(super()._ticket(found), changes=())


@breaks("a_decision_stands_there_and_it_is_known_who_made_it_and_when")
class Undersigned(Memory):
    def _ticket(self, found):
        ticket = super()._ticket(found)
        return replace(ticket, comments=tuple(replace(each, by="somebody") for each in ticket.comments))


@breaks("of_two_answers_the_later_one_counts")
class FirstWord(Memory):
    def _ticket(self, found):
        ticket = super()._ticket(found)
        return replace(ticket, comments=ticket.comments[:1])


@breaks("an_office_s_own_ticket_is_no_question_of_ours")
class Grasping(Memory):
    def _shaped(self, ticket):
        return replace(super()._shaped(ticket), shape=Shape.ASKED)


# Pages and changes.


@breaks("every_page_is_read_and_each_once")
class FirstPage(Memory):
    def page(self, since, token):
        return replace(super().page(since, token), token="")


@breaks("a_second_reading_asks_for_changes_only")
class Anew(Memory):
    def _pass(self):
        self._mirror.keep((), "")
        self._begin_anew()
        return super()._pass()


@breaks("each_page_is_kept_before_the_next_is_asked_for")
class AllAtOnce(Memory):
    def page(self, since, token):
        page = super().page(since, token)
        while page.token:
            more = super().page(since, page.token)
            page = replace(more, tickets=(*page.tickets, *more.tickets))
        return page


@breaks("a_reading_that_broke_off_is_taken_up_where_it_was")
class Amnesic(Memory):
    def _begin_anew(self):
        self._mirror.keep((), "")
        super()._begin_anew()


@breaks("what_slides_between_pages_is_not_lost")
class Confident(Memory):
    def page(self, since, token):
        return replace(super().page(since, token), steady=True, total=None)


@breaks("what_comes_twice_is_there_once")
class Copying(Memory):
    numbers = itertools.count()

    def _shaped(self, ticket):
        return replace(super()._shaped(ticket), ref=f"{ticket.ref}.{next(self.numbers)}")


@breaks("older_never_replaces_newer", "every_stamp_is_the_server_s_and_in_a_zone")
class OwnClock(Memory):
    def _shaped(self, ticket):
        return replace(super()._shaped(ticket), updated=self._now())


@breaks("two_states_of_one_time_are_told_apart")
class ByTimeAlone(Memory):
    def _pulled(self):
        tickets = super()._pulled()
        tickets.digest = str([(each.ref, each.updated) for each in tickets.all])
        return tickets


@breaks("a_daily_look_through_all_finds_what_was_removed")
class Sweepless(Memory):
    def _sweep_due(self, cursor):
        return False


@breaks("what_slides_during_the_daily_look_is_not_taken_for_removed")
class OneLook(Memory):
    def _removed(self):
        return sorted(self._absent())


@breaks("what_was_found_by_its_key_is_not_made_again")
class Unheeding(Memory):
    def find(self, keys):
        tickets, there = self._tickets, {thing.ref for thing in self._mirror.things()}
        found = super().find(keys)
        new = {thing.ref for thing in self._mirror.things()} - there
        self._mirror.keep((), self._mirror.cursor(), new)
        self._tickets = tickets
        return found


@breaks("its_lag_is_declared", lag=timedelta(seconds=60))
class Undeclared(Memory):
    pass


# The order of writing, and who was faster.


def following_nothing(wanted):
    return wanted.without(["after"])


@breaks("parents_stand_before_their_children")
class Parentless(Memory):
    def draft(self, wanted, tickets, parent, changed):
        return super().draft(wanted, tickets, "", changed)


@breaks("a_child_waits_for_its_parent", "what_stands_there_becomes_no_ancestor_of_its_own")
class Orphaning(Memory):
    def put(self, decisions, expected, guard=unguarded, *, dry_run=False):
        less = [e.of(e.wanted.without(["parent"])) for e in decisions]
        return super().put(less, expected, guard, dry_run=dry_run)


@breaks("its_own_ancestor_is_put_nowhere")
class Despairing(Memory):
    def put(self, decisions, expected, guard=unguarded, *, dry_run=False):
        for why in lineage.circular([each.wanted for each in decisions], {}).values():
            raise Refused(why)
        return super().put(decisions, expected, guard, dry_run=dry_run)


@breaks("a_parent_is_exchanged_and_taken_away")
class Clinging(Memory):
    def _body(self, draft, ticket):
        body = super()._body(draft, ticket)
        return body if draft.parent else {name: body[name] for name in body if name != "parent"}


@breaks("a_parent_and_its_part_change_places")
class Headlong(Memory):
    def put(self, decisions, expected, guard=unguarded, *, dry_run=False):
        *early, last = [super(Headlong, self).put([each], "", guard, dry_run=dry_run) for each in decisions]
        return replace(last, results=tuple(r for each in (*early, last) for r in each.results))


@breaks(
    "what_is_wanted_in_another_project_goes_there_or_it_is_told_what_to_do",
    "a_thing_takes_its_parts_to_another_project",
)
class Settled(Memory):
    def _body(self, draft, ticket):
        return {name: value for name, value in super()._body(draft, ticket).items() if name != "project"}


@breaks("links_stand_there_in_the_end_and_go_when_they_are_not_wanted")
class Linkless(Memory):
    def link(self, ref, link):
        return Call("PATCH", f"/tickets/{ref.removeprefix('#')}", json={})


@breaks("what_follows_another_no_longer_may_begin_before_that_one_ends")
class Bound(Memory):
    def unlink(self, ref, link):
        return Call("PATCH", f"/tickets/{ref.removeprefix('#')}", json={})


@breaks("days_between_are_held_or_said_to_be_lost")
class Lagless(Memory):
    def link(self, ref, link):
        return super().link(ref, replace(link, lag=0))


@breaks("a_link_that_cannot_be_held_is_refused_alone")
class Obliging(Memory):
    def fit(self, wanted):
        try:
            return super().fit(wanted)
        except Skip:
            return super().fit(following_nothing(wanted))


@breaks("a_link_waits_for_its_other_end")
class Dropping(Memory):
    def put(self, decisions, expected, guard=unguarded, *, dry_run=False):
        there = {each.key for each in decisions}
        known = [
            each if {p.key for p in each.wanted.after} <= there else each.of(following_nothing(each.wanted))
            for each in decisions
        ]
        return super().put(known, expected, guard, dry_run=dry_run)


@breaks(
    "what_somebody_writes_between_our_look_and_our_write_stays",
    "a_lock_stops_what_was_changed_in_the_last_moment",
)
class Lockless(Memory):
    def update(self, ticket, draft):
        return replace(super().update(ticket, draft), headers=())


@breaks(
    "an_edit_after_the_reading_goes_as_it_was_agreed",
    "what_the_office_moved_stays_there_where_that_is_agreed",
)
class Possessive(Memory):
    def put(self, decisions, expected, guard=unguarded, *, dry_run=False):
        always = [replace(each, policy=Conflict.OURS) for each in decisions]
        return super().put(always, expected, guard, dry_run=dry_run)


@breaks("a_field_of_ours_that_somebody_changed_is_seen")
class Stubborn(Memory):
    wanted: dict[str, Any] = {}

    def put(self, decisions, expected, guard=unguarded, *, dry_run=False):
        self.wanted = {each.key: dict(each.wanted.values) for each in decisions}
        return super().put(decisions, expected, guard, dry_run=dry_run)

    def _placed(self, ticket, tickets):
        place = super()._placed(ticket, tickets)
        return replace(place, values={**place.values, **self.wanted.get(place.key, {})})


# The line.

EMPTY = (
    b'{"projects": [{"id": "P-1", "title": "", "fields": {}, "updated": "2027-01-04T07:00:00Z"}], "tickets": [], '
    b'"total": 0, "numbers": [], "name": "interoffice", "may_write": true}'
)


@mishears(
    "who_is_not_known_is_refused_and_told_where_the_credential_is_named",
    "who_may_not_read_is_refused_and_told_of_the_right",
    "what_the_tool_refuses_is_refused_in_its_own_words",
)
class Mumbling:
    def call(self, call):
        try:
            return super().call(call)
        except Answered as problem:
            raise Answered("it did not work", problem.status) from None


@mishears(
    "what_is_not_there_is_refused_in_the_tool_s_own_words",
    "a_sign_in_page_is_no_answer",
    "a_redirect_is_not_followed",
    "an_answer_that_is_cut_off_is_no_answer",
)
class Trusting:
    def call(self, call):
        try:
            reply = super().call(call)
            reply.json()
        except Refused:
            return Reply(200, {}, EMPTY)
        return reply


@mishears("after_a_refusal_that_meets_all_nothing_more_is_sent")
class Persistent:
    def call(self, call):
        try:
            return super().call(call)
        except Answered as problem:
            raise Refused(problem.text) from None


@mishears("a_write_to_what_was_changed_is_looked_at_and_tried_once_more")
class Resigned:
    def call(self, call):
        return super().call(replace(call, accept=frozenset()))


@mishears("a_short_wait_is_kept_and_the_call_repeated")
class Impatient:
    def call(self, call):
        self._patience.most = 0
        return super().call(call)


@mishears("a_long_wait_is_told_with_its_time_and_not_slept")
class Sleepy:
    def call(self, call):
        self._patience.most = 1e9
        return super().call(call)


@mishears("what_the_tool_puts_off_is_written_later_and_once", "one_unknown_outcome_does_not_end_the_others")
class Confused:
    def call(self, call):
        try:
            return super().call(call)
        except OutcomeUnknown as problem:
            raise TryLater(problem.text) from None
        except TryLater as problem:
            raise OutcomeUnknown(problem.text) from None


@mishears("trouble_while_reading_is_tried_again_and_then_put_off")
class Tireless:
    def call(self, call):
        for _ in range(9):
            try:
                return super().call(call)
            except TryLater as problem:
                late = problem
        raise late


@mishears(
    "a_create_that_got_no_answer_is_unknown_and_not_sent_again",
    "a_create_that_was_answered_with_trouble_is_unknown",
)
class Blind:
    def call(self, call):
        try:
            return super().call(call)
        except OutcomeUnknown:
            return super().call(call)


@mishears("no_call_waits_for_ever")
class Endless:
    _timeout = (5.0, 86_400.0)

    def __setattr__(self, name, value):
        if name != "_timeout":
            super().__setattr__(name, value)

    def __getattribute__(self, name):
        return Endless._timeout if name == "_timeout" else super().__getattribute__(name)


@mishears("the_credential_stands_in_no_error", "a_refused_write_does_not_say_the_credential_back")
class Indiscreet:
    def call(self, call):
        try:
            return super().call(call)
        except ToolError as problem:
            raise Refused(f"{problem.text}; we said {self._auth()['Authorization'].split()[-1]}") from None


class Listing(Memory):
    def put(self, decisions, expected, guard=unguarded, *, dry_run=False):
        written = super().put(decisions, expected, guard, dry_run=dry_run)
        return replace(written, calls=tuple(f"{call} {self.http._auth()}" for call in written.calls))


class Eager(Memory):
    def put(self, decisions, expected, guard=unguarded, *, dry_run=False):
        self.http.call(Call("POST", "/tickets", json={"tickets": []}, creates=True))
        return super().put(decisions, expected, guard, dry_run=dry_run)


BROKEN["the_credential_stands_in_no_call_that_is_listed"] = partial(plain_http_bench, make=Listing)
BROKEN["an_observer_s_put_makes_no_writing_call"] = partial(plain_http_bench, make=Eager)
