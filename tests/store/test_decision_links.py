"""Links to decide are kept by their mark; of two forms that come by one at the same time one is let through."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from domain.decisions.links import DecisionLink, Draft, Over, Problem
from domain.decisions.request import DecisionKind, Request, RequestState, Shown
from store import Store

AT = datetime(2027, 1, 4, 9, tzinfo=UTC)
REQUEST = Request(
    "r1", DecisionKind.DEVIATION, "porto/P-1", "hq", Shown("f"), complete=AT, state=RequestState.OPEN
)
LINK = DecisionLink("m1", "r1", "ana", REQUEST.shown.digest, AT, AT + timedelta(days=14))
RACES = 25


def begun(store: Store, *links: DecisionLink) -> None:
    with store.begin() as unit:
        unit.decisions.add(REQUEST)
        for link in links:
            assert unit.decision_links.add(link)
        unit.commit()


def test_a_link_comes_back_is_used_once_and_takes_the_persons_others_with_it(store: Store) -> None:
    second, bos = (
        replace(LINK, mark="m2", made=AT + timedelta(hours=1)),
        replace(LINK, mark="m3", person="bo"),
    )
    begun(store, LINK, second, bos)
    with store.begin() as unit:
        links = unit.decision_links
        assert (links.get("m1"), links.get("m9"), links.add(LINK)) == (LINK, None, False)
        assert [each.mark for each in links.of("r1")] == ["m1", "m3", "m2"]
        links.sent("m1", AT)
        assert links.use("m1", "approve", AT)
        assert not links.use("m1", "approve", AT)
        assert links.get("m1") == replace(LINK, sent=AT, used=AT, reply="approve")
        assert links.get("m2") == replace(second, used=AT), "replaced: it was not answered by"
        assert [each.mark for each in links.standing(AT)] == ["m3"]
        assert links.standing(bos.until) == ()
        links.drop("m3")
        assert [each.mark for each in links.all()] == ["m1", "m2"]


def test_a_form_that_was_not_taken_is_kept_until_the_link_is_used(store: Store) -> None:
    begun(store, LINK)
    draft = Draft(Problem.NO_REASON, "decline", "", "")
    with store.begin() as unit:
        assert unit.decision_links.draft("m1") is None
        unit.decision_links.keep_draft("m1", draft)
        assert unit.decision_links.draft("m1") == draft
        unit.decision_links.use("m1", "decline", AT)
        unit.decision_links.keep_draft("m1", draft)
        assert unit.decision_links.draft("m1") is None


def test_what_is_refused_is_counted_by_reason_and_day(store: Store) -> None:
    day = date(2027, 1, 4)
    with store.begin() as unit:
        for _ in range(3):
            unit.decision_links.refused("", Over.UNKNOWN, day)
        unit.decision_links.refused("m1", Over.USED, day)
        assert unit.decision_links.refusals() == {("", Over.UNKNOWN, day): 3, ("m1", Over.USED, day): 1}


def test_of_two_forms_at_the_same_time_one_is_taken(store: Store) -> None:
    begun(store, *(replace(LINK, mark=f"race-{number}", person=f"p{number}") for number in range(RACES)))
    taken: list[str] = []

    def use(gate: threading.Barrier, mark: str) -> None:
        gate.wait()
        with store.begin() as unit:
            unit.decisions.locked("r1")
            if unit.decision_links.use(mark, "approve", AT):
                taken.append(mark)
                unit.commit()

    for number in range(RACES):
        gate = threading.Barrier(2)
        both = [threading.Thread(target=use, args=(gate, f"race-{number}")) for _ in range(2)]
        for each in both:
            each.start()
        for each in both:
            each.join()
    assert sorted(taken) == sorted(f"race-{number}" for number in range(RACES))
