"""Makes the sample's workbooks and plans, tools.yaml, weeks and pilot: `python -m examples.harbor_group.generate [DIR]`.

The same bytes each time, on every machine. What people wrote by hand (offices, standards, tailorings,
rollouts) it refuses to touch.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from connectors.plan_files import mspdi_writing, workbook_writing
from domain.plans.schedule.anchor import FromStart
from domain.plans.schedule.schedule import schedule
from examples.harbor_group import agencies
from examples.harbor_group.begin import blanked, first_rows, first_state
from examples.harbor_group.desks import APART, DESKS, Desk
from examples.harbor_group.files import tools_yaml, week_yaml
from examples.harbor_group.pilot import START, pilot
from examples.harbor_group.pilot_versions import VERSIONS
from examples.harbor_group.projects import APART as APART_LINES
from examples.harbor_group.projects import Seed, seeds
from examples.harbor_group.story import weeks
from examples.harbor_group.workbooks import Entry, write

HERE = Path(__file__).parent


def generate(folder: Path) -> list[Path]:
    """Write every generated file into `folder`; returns them."""
    for name in ("workbooks", "weeks", "pilots"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    written = [_workbook(folder, desk, seeds()) for desk in DESKS.values()]
    written.append(_workbook(folder, APART, seeds(APART_LINES)))
    texts = {"tools.yaml": tools_yaml()}
    texts |= {f"weeks/{week.number:02}.yaml": week_yaml(week) for week in weeks()}
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
        written.append(folder / name)
    return [*written, *agencies.write(folder), *_pilot(folder / "pilots")]


def _pilot(folder: Path) -> list[Path]:
    """The pilot's plan, as Microsoft Project's XML and as a workbook; and as its office corrected it later."""
    plan = pilot()
    books = {
        folder / "singapore-finance.xml": mspdi_writing.written(plan),
        folder / "singapore-finance.xlsx": workbook_writing.written(plan, schedule(plan, FromStart(START))),
    }
    for number, corrected in VERSIONS.items():
        books[folder / f"singapore-finance-{number}.xml"] = mspdi_writing.written(corrected())
    for path, data in books.items():
        path.write_bytes(data)
    return list(books)


def _workbook(folder: Path, desk: Desk, every: Sequence[Seed]) -> Path:
    path = folder / desk.file
    entries = [_entry(seed, desk) for seed in every if seed.office == desk.office]
    write(desk, entries, path)
    return path


def _entry(seed: Seed, desk: Desk) -> Entry:
    return Entry(seed, first_state(seed, desk), blanked(seed, first_rows(seed, desk)))


def main() -> None:
    """Write them."""
    parser = argparse.ArgumentParser(prog="python -m examples.harbor_group.generate", description=__doc__)
    parser.add_argument(
        "folder", type=Path, nargs="?", default=HERE, help="where; the sample itself without it"
    )
    generate(parser.parse_args().folder)


if __name__ == "__main__":
    main()
