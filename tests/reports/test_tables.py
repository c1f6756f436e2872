"""Artifacts hold ids and counts only, under headers in words, and say the outcome first."""

import re

from domain.reporting.sentence import Bucket
from reports.tables import markdown, offices_table, summary
from reports.words import group_label
from tests.reports import sample

IN_WORDS = re.compile(r"[A-Z][a-z]+( [a-z0-9.]+)*")


def test_the_table_of_offices_adds_up() -> None:
    report = sample.a_rollout_report()
    table = offices_table(report)
    assert sum(row["Projects"] for row in table) == 60
    assert sum(row[group_label(group, "2.0", "1.0")] for row in table for group in Bucket) == 60


def test_every_header_is_in_words_and_stands_for_one_group() -> None:
    for report in (sample.a_rollout_report(), sample.a_sweep_report()):
        for row in offices_table(report):
            assert [name for name in row if not IN_WORDS.fullmatch(name)] == []
            assert len(row) == len(report.counts) + 4
    assert IN_WORDS.fullmatch("must_act") is None, "the control: a stored word is no header"


def test_the_outcome_is_said_first() -> None:
    for report in (sample.a_rollout_report(), sample.a_sweep_report()):
        assert summary(report, "http://127.0.0.1/x.html").startswith(f"**{report.sentence}**")


def test_no_name_person_or_text_is_in_an_artifact() -> None:
    planted = dict.fromkeys(sample.keys(), "Nightingale")
    report = sample.a_rollout_report(titles=planted)
    text = summary(report, "http://127.0.0.1:4300/reports/x.html") + markdown(offices_table(report))
    names = {office[0] for office in sample.OFFICES.values()} - {"Porto", "Kobe", "Santos", "Halifax"}
    for word in ("Nightingale", "Ines Duarte", "Board decision", "locked by another", *names):
        assert word not in text
    assert "24 of 60 projects follow 2.0" in text
    assert "stale: `santos`" in text


def test_an_empty_table_is_empty_text() -> None:
    assert markdown([]) == ""
