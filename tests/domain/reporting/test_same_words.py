"""On 200 random networks, day after day: a sweep and a rollout say the same of every project."""

from random import Random

import pytest

from domain.compliance.glossary import MEANINGS, Word, is_reported
from domain.reporting import rollout_report
from domain.reporting.sentence import BUCKET_OF, SAYS, Bucket, bucket
from domain.rollouts.adoption import is_late
from domain.rollouts.rollout import Standing
from domain.standards.verdict import Result
from tests.domain.builders import adoption, members_of, version
from tests.domain.story import CHANGES, MONDAY, ORGANIZATION, PROJECTS, RULES, VERSION, played
from tests.same_words import both, differences, swept

NETWORKS, WEEKS = 200, 5
OLD = version(RULES[0], number="1.0", previous=None, leeway=None)
LATER = MONDAY.replace(year=2028)


def said(seed: int, *, before: bool) -> list[str]:
    """What the two say differently in one story; `before`: the sweep is from before the rollout's day."""
    dice = Random(seed)
    events = [(dice.randrange(WEEKS), dice.randrange(len(PROJECTS)), dice.choice(CHANGES)) for _ in range(25)]
    found: list[str] = []
    for day in played(sorted(events), WEEKS):
        sweep = swept(day.network, day.stood if before else day.done.adoptions, VERSION, OLD)
        if sweep.judged:
            members = members_of(day.before)
            reports = both(ORGANIZATION, sweep, (VERSION, OLD), day.done.rollout, members, day.done.adoptions)
            found += differences(*reports)
    return found


def test_they_say_the_same_of_every_project() -> None:
    assert [said(seed, before=seed % 4 == 0) for seed in range(NETWORKS)] == [[]] * NETWORKS


def by_standing_alone(member, today, band=None) -> Bucket:
    """What rollouts said before: they asked their own record, and not the verdicts."""
    del band
    found = BUCKET_OF[member.standing]
    return Bucket.LATE if found is Bucket.MUST_ACT and is_late(member, today) else found


def test_the_control_a_rollout_that_asks_its_own_record_makes_no_report(monkeypatch) -> None:
    monkeypatch.setattr(rollout_report, "bucket", by_standing_alone)
    with pytest.raises(ValueError, match=r"the sweep says \w+ of row \d+, the rollout \w+"):
        [said(seed, before=False) for seed in range(20)]


def test_the_control_and_where_it_makes_one_the_difference_is_found(monkeypatch) -> None:
    monkeypatch.setattr(rollout_report, "bucket", by_standing_alone)
    monkeypatch.setattr(rollout_report, "SAYS", dict.fromkeys(Bucket, frozenset(Result)))
    found = [line for seed in range(20) for line in said(seed, before=False)]
    assert any("the sweep says Not reported, the rollout Action required" in line for line in found)


@pytest.mark.parametrize("standing", Standing)
@pytest.mark.parametrize("band", Result)
def test_whatever_the_standing_the_bucket_says_what_the_band_says(standing, band) -> None:
    for due in (None, MONDAY):
        found = bucket(adoption(standing, due=due), LATER, band)
        assert band in SAYS[found]
        assert (found is Bucket.NOT_REPORTED) == (not is_reported(band)) or found is Bucket.OUT


def test_every_word_has_its_meaning() -> None:
    assert set(MEANINGS) == set(Word)
