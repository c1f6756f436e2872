"""Nearly equal titles: the very pairs that comparing all with all finds, with few comparisons."""

from collections.abc import Iterator
from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.questions import alike
from domain.questions.alike import nearly_equal, ratio

LEAST = 0.85
WORDS = (
    "new crane terminal berth rollout payroll gate quay hall warehouse office move network upgrade of for in the "
    "neubau halle umbau kai erweiterung lager numérisation du quai système paie стройка склада 倉庫 移転"
).split()


def all_with_all(titles: list[str], least: float = LEAST) -> tuple[tuple[int, int], ...]:
    return tuple(
        (one, other)
        for one, first in enumerate(titles)
        for other, second in enumerate(titles[one + 1 :], one + 1)
        if ratio(first, second) >= least
    )


def network(random: Random, projects: int) -> list[str]:
    """Titles of some words, of which a part is another one with letters exchanged, left out or added."""
    titles: list[str] = []
    for _ in range(projects):
        if titles and random.random() < 0.4:
            letters = list(random.choice(titles))
            for _ in range(random.randrange(6)):
                at = random.randrange(len(letters) + 1)
                letters[at : at + random.randrange(2)] = random.choice(["", "a", "s", " 2"])
            titles.append("".join(letters))
        else:
            titles.append(" ".join(random.choices(WORDS, k=random.randrange(1, 7))))
    return titles


@pytest.mark.parametrize("seed", range(200))
def test_in_random_networks_the_pairs_are_those_of_comparing_all_with_all(seed):
    titles = network(Random(seed), 30)
    assert nearly_equal(titles, LEAST) == all_with_all(titles)


@given(st.lists(st.text("ab ", max_size=12), max_size=12), st.sampled_from([0.8, 0.85, 0.9, 1.0]))
@example(["", "", "a"], 0.85)
@example(["  ", " a "], 0.8)
@example(["a" * 20, "a" * 17 + "bbb", "bbb" + "a" * 17], 0.85)
def test_short_and_repeated_letters_too(titles, least):
    assert nearly_equal(titles, least) == all_with_all(titles, least)


def comparisons(titles: list[str]) -> int:
    asked = []

    def counted(one: str, other: str) -> float:
        asked.append(1)
        return ratio(one, other)

    nearly_equal(titles, LEAST, counted)
    return len(asked)


def names(projects: int) -> Iterator[str]:
    """Titles as different as projects of one year have them: each has words of its own."""
    random = Random(7)
    for number in range(projects):
        own = "".join(random.choices("abcdefghijklmnoprstuvwz", k=9))
        yield f"{random.choice(WORDS)} {own} {random.choice(WORDS)}" + (" 2" if number % 20 == 0 else "")


def test_four_times_the_projects_of_one_year_take_four_times_the_comparisons():
    titles = list(names(500))
    copied = [f"{title} x" for title in titles[::10]]
    whole = list(names(2000))
    few, many = comparisons(titles + copied), comparisons(whole + [f"{title} x" for title in whole[::10]])
    assert few >= 50, "the copies at least have to be compared"
    assert many <= 1.3 * 4 * few, (few, many)


def test_pairs_that_nobody_wants_are_not_compared():
    titles = [f"Wartung der Halle {number % 10}" for number in range(200)]
    asked = []

    def counted(one: str, other: str) -> float:
        asked.append((one, other))
        return ratio(one, other)

    assert nearly_equal(titles, LEAST, counted, wanted=lambda *_: False) == ()
    assert asked == []
    some = nearly_equal(titles, LEAST, counted, wanted=lambda one, _: one == 0)
    assert (len(asked), some) == (199, tuple((0, other) for other in range(1, 200)))


def test_the_control_that_looks_at_too_few_pairs_is_found_out(monkeypatch):
    monkeypatch.setattr(alike, "_needed", lambda length, _: length - 2)
    lost = [
        seed for seed in range(20) if nearly_equal(t := network(Random(seed), 60), LEAST) != all_with_all(t)
    ]
    assert lost
