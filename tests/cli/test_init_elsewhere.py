"""Offices whose people are not written in Latin letters, whose weeks end otherwise, and whose tables end in totals."""

from pathlib import Path

import openpyxl
import pytest

from cli.main import main

NAMES = {"riyadh": "نورة السبيعي", "osaka": "佐藤 花子"}


def book(place: Path) -> Path:
    made = openpyxl.Workbook()
    made.active.title = "Projects"
    for row in (
        ["ID", "Project", "Budget"],
        ["P-1", "Ward", 5],
        ["P-2", "Wing", 7],
        ["Total", None, "=SUM(C2:C3)"],
    ):
        made.active.append(row)
    made.save(place)
    return place


def test_each_head_is_a_person_no_day_off_is_a_cut_off_and_no_total_is_a_sample(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "made"
    given = [f"{book(tmp_path / f'{each}.xlsx')}={each}" for each in NAMES]
    heads = [text for name in NAMES.values() for text in ("--head", name)]
    lands = ["--country", "SA", "--country", "JP", "--currency", "SAR", "--currency", "JPY"]
    assert main(["init", str(folder), *given, *heads, *lands, "--no-questions"]) == 0
    said = capsys.readouterr().out
    assert "P-1 | P-2 " in said
    assert "Total" not in said
    assert "2 of 2 values below it are numbers" in said
    people = (folder / "people.yaml").read_text("utf-8")
    for office, name in NAMES.items():
        assert f'- id: head-of-{office}\n    name: "{name}"' in people
    offices = (folder / "offices.yaml").read_text("utf-8")
    assert offices.count("reporting: {weekday: thu") == 1
    main(["check", str(folder)])
    assert "no rate     SAR (riyadh), JPY (osaka)" in capsys.readouterr().out
