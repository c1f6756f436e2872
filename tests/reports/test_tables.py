"""Artifacts hold ids and counts only."""

from domain.reporting.sentence import Bucket
from reports.tables import markdown, offices_table, summary
from tests.reports import sample


def test_the_table_of_offices_adds_up() -> None:
    report = sample.a_rollout_report()
    assert sum(row["projects"] for row in offices_table(report)) == 60
    assert sum(row[str(group)] for row in offices_table(report) for group in Bucket) == 60


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
