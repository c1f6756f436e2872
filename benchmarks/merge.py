"""An update of 150 plans of 400 tasks merged: CPU beside a bare comparison, git merge-file and dictdiffer.

A quarter of the tasks is touched by the new version, a tenth by each office. The merge step is held against a
loop that compares each field of each task, and the links, of the three plans, in the same process, by rounds.
The whole update is of as many plans of templates: both versions localized, merged with the office's plan,
scheduled anew, and what is to be written. git merges a line per field, dictdiffer plain values; both on the
same plans as the merge step.
"""

from __future__ import annotations

import argparse
import gc
import json
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE), str(HERE / "merging"), str(HERE / "peers")]

import edited_plans  # noqa: E402 - found by the line above
import installed  # noqa: E402 - as above
import judged as judging  # noqa: E402 - as above
import localize as localizations  # noqa: E402 - as above

from domain.plans.localization.anchoring import anchor_of  # noqa: E402 - as above
from domain.plans.localization.localizing import localize  # noqa: E402 - as above
from domain.plans.merge.change import Fate  # noqa: E402 - as above
from domain.plans.merge.effect import effect  # noqa: E402 - as above
from domain.plans.merge.merging import Merged, merge  # noqa: E402 - as above
from domain.plans.merge.place import FIELDS, Place, Subject  # noqa: E402 - as above
from domain.plans.merge.writing import writes  # noqa: E402 - as above
from domain.plans.task import Duration, PlanTask  # noqa: E402 - as above
from domain.plans.templates.template import Release  # noqa: E402 - as above
from domain.plans.updates.rescheduling import (  # noqa: E402 - as above
    fixed_dates,
    moved_dates,
    rescheduled,
    without_moved_dates,
)
from domain.plans.whole_plan import WholePlan  # noqa: E402 - as above

PLANS, TASKS, ROUNDS = 150, 400, 5
MOST_TIMES, MOST_SECONDS, MOST_MEMORY = 5.0, 40.0, 1.0
"""How many times the bare comparison the merge may take; CPU seconds and GiB of the whole update."""


def compared(case: edited_plans.Case) -> int:
    """Every field of every task, and every link, of three plans compared, and nothing else: the limit."""
    theirs = {task.uid: task for task in case.theirs.tasks}
    ours = {task.uid: task for task in case.ours.tasks}
    found = len({*case.base.links} ^ {*case.theirs.links}) + len({*case.base.links} ^ {*case.ours.links})
    for task in case.base.tasks:
        new, mine = theirs.get(task.uid), ours.get(task.uid)
        if new is None or mine is None:
            continue
        for name in FIELDS:
            old = getattr(task, name)
            if getattr(new, name) != old or getattr(mine, name) != old:
                found += 1
    return found


def rounds(cases: Sequence[edited_plans.Case], count: int) -> dict[str, list[float]]:
    """The CPU seconds of both over all cases, round by round."""
    seconds: dict[str, list[float]] = {"ours": [], "limit": []}
    for _ in range(count):
        began = time.process_time()
        for case in cases:
            compared(case)
        between = time.process_time()
        for case in cases:
            merge(*case)
        seconds["limit"].append(between - began)
        seconds["ours"].append(time.process_time() - between)
    return seconds


def whole(plans: int, tasks: int) -> dict[str, float]:
    """Whole updates: CPU seconds, the most memory of this process in GiB, and how many values are written."""
    cases = localizations.many(plans, tasks)
    newer = [newer_version(Random(f"newer {number}"), case.release) for number, case in enumerate(cases)]
    count, spent = 0, 0.0
    for number, (case, release) in enumerate(zip(cases, newer, strict=True)):
        began = time.process_time()
        base = localize(case.release, case.answers, case.receiver).plan
        theirs = localize(release, case.answers, case.receiver).plan
        spent += time.process_time() - began
        ours = worked_on(Random(f"worked on {number}"), base)
        began = time.process_time()
        moved = moved_dates(ours, (base, theirs))
        found = merge(base, without_moved_dates(theirs, base, moved), ours)
        anchor = anchor_of(case.answers.anchor, found.plan)
        found = rescheduled(found, anchor, fixed_dates(ours, base, moved, {}), localizations.FIRST)
        effect(found)
        count += len(writes(found, ours).writes)
        spent += time.process_time() - began
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    return {"cpu": spent, "memory": memory, "writes": count}


def newer_version(chance: Random, release: Release) -> Release:
    """The next version of a template, in which a quarter of the tasks takes another time."""
    template = release.template
    touched = set(chance.sample(range(len(template.tasks) - 1), len(template.tasks) // 4))
    tasks = tuple(
        replace(task, duration=Duration(chance.choice((120, 480, 720, 1440)))) if at in touched else task
        for at, task in enumerate(template.tasks)
    )
    return replace(release, version=2, template=replace(template, tasks=tasks))


def worked_on(chance: Random, plan: WholePlan) -> WholePlan:
    """An office's plan: a twentieth of the tasks is renamed, a twentieth stands a week later."""
    uids = [task.uid for task in plan.tasks if not task.summary]
    chosen = chance.sample(uids, len(uids) // 10)
    renamed, later = set(chosen[::2]), set(chosen[1::2])
    week = timedelta(days=7)

    def worked(task: PlanTask) -> PlanTask:
        if task.uid in renamed:
            return replace(task, name=f"{task.name} here")
        if task.uid in later and task.start and task.finish:
            return replace(task, start=task.start + week, finish=task.finish + week)
        return task

    return replace(plan, tasks=tuple(map(worked, plan.tasks)))


def spot(place: Place) -> judging.Spot | None:
    """A place as a task and a field; a link is its successor's."""
    if place.subject is Subject.LINK:
        return (place.about[1], "predecessors")
    return (place.about[0], place.field) if place.subject is Subject.TASK else None


def of_ours(found: Merged, sides: tuple[judging.Plain, judging.Plain, judging.Plain]) -> dict[str, int]:
    """Our merge judged as the others are."""
    asked = {each for conflict in found.conflicts for each in map(spot, conflict.places) if each}
    lost = [change.place for change in found.changes if change.fate is Fate.DROPPED]
    dropped = {each for each in map(spot, lost) if each}
    named = {uid for place in lost for uid in place.about}  # a link that is dropped names both of its tasks
    dropped |= {(uid, "") for uid in sides[0] if uid not in sides[2] and uid in named}
    return judging.judged(sides, asked, dropped, Counter(task.uid for task in found.plan.tasks))


def by_git(cases: Sequence[tuple[judging.Plain, ...]]) -> dict[str, Any]:
    """What git merge-file says with a line per field."""
    told: Counter[str] = Counter()
    began = resource.getrusage(resource.RUSAGE_CHILDREN)
    outputs = []
    with TemporaryDirectory() as folder:
        paths = [Path(folder) / name for name in ("base", "theirs", "ours")]
        for case in cases:
            for path, side in zip(paths, case, strict=True):
                lines = [
                    f"{uid}.{name}={value}\n" for uid, row in side.items() for name, value in row.items()
                ]
                path.write_text("".join(lines), "utf-8")
            command = ["git", "merge-file", "-p", "-q", paths[2], paths[0], paths[1]]
            outputs.append(subprocess.run(command, capture_output=True, text=True, check=False).stdout)
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    for case, output in zip(cases, outputs, strict=True):
        told.update(judging.judged((case[0], case[1], case[2]), *_of_lines(output)))
    cpu = ended.ru_utime + ended.ru_stime - began.ru_utime - began.ru_stime
    return {"cpu": cpu, **told}


def _of_lines(output: str) -> tuple[set[judging.Spot], set[judging.Spot], Counter[str]]:
    """The spots that stand in conflicts, and how often each task is there; in conflicts ours is taken."""
    asked: set[judging.Spot] = set()
    times: Counter[str] = Counter()
    part = ""
    for line in output.splitlines():
        if line[:7] in ("<<<<<<<", "=======", ">>>>>>>"):
            part = {"<": "ours", "=": "theirs", ">": ""}[line[0]]
            continue
        uid, _, rest = line.partition(".")
        name = rest.partition("=")[0]
        if part:
            asked.add((uid, name))
        if part != "theirs" and name == "name":
            times[uid] += 1
    return asked, set(), times


def by_dictdiffer(cases: Sequence[tuple[judging.Plain, ...]]) -> dict[str, Any]:
    """What dictdiffer says, in its own environment. Raises `installed.Absent` when it cannot be had."""
    command = [installed.peers(), HERE / "merging" / "by_dictdiffer.py"]
    done = subprocess.run(command, input=json.dumps(cases) + "\n", capture_output=True, text=True, check=True)
    said = json.loads(done.stdout)
    told: Counter[str] = Counter()
    for case, found in zip(cases, said["found"], strict=True):
        asked = {(uid, name) for uid, name in found["asked"]}
        told.update(judging.judged((case[0], case[1], case[2]), asked, (), Counter(found["result"])))
        told["broken"] += found["broken"]
    return {"cpu": said["cpu"], **told}


def measured(plans: int, tasks: int, count: int) -> dict[str, Any]:
    """All figures."""
    cases = edited_plans.many(plans, tasks)
    gc.collect()
    gc.freeze()  # no collection looks at what was there before
    seconds = rounds(cases, count)
    found: dict[str, Any] = {"seconds": seconds, "whole": whole(plans, tasks)}
    plain = [(*map(edited_plans.plain, case),) for case in cases]
    ours: Counter[str] = Counter()
    for case, sides in zip(cases, plain, strict=True):
        ours.update(of_ours(merge(*case), (sides[0], sides[1], sides[2])))
    found["ours"] = {"cpu": median(seconds["ours"]), **ours}
    found["git"] = by_git(plain)
    try:
        found["dictdiffer"] = by_dictdiffer(plain)
    except installed.Absent as absent:
        found["skipped"] = str(absent)
    return found


def judged(found: Mapping[str, Any]) -> dict[str, Any]:
    """Whether what is promised holds; the ratio is found in each round, and the median counts."""
    seconds = found["seconds"]
    times = [ours / limit for ours, limit in zip(seconds["ours"], seconds["limit"], strict=True)]
    broken = []
    if median(times) > MOST_TIMES:
        broken.append(f"{median(times):.3g} times the bare comparison, {MOST_TIMES:g} is the most")
    if found["whole"]["cpu"] > MOST_SECONDS or found["whole"]["memory"] > MOST_MEMORY:
        broken.append(
            f"the update takes {found['whole']['cpu']:.3g} s and {found['whole']['memory']:.3g} GiB"
        )
    wrong = [name for name in ("false", "silent", "doubled", "back") if found["ours"].get(name)]
    broken += [f"{found['ours'][name]} {name}" for name in wrong]
    return {"times": median(times), "spread": [min(times), max(times)], "broken": broken, "good": not broken}


def main() -> int:
    """Print the figures; 0 when what is promised holds."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--plans", type=int, default=PLANS)
    parser.add_argument("--tasks", type=int, default=TASKS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    asked = parser.parse_args()
    found = measured(asked.plans, asked.tasks, asked.rounds)
    told = judged(found)
    if asked.json:
        print(json.dumps({"bench": "merge", **found, **told}))
        return 0 if told["good"] else 1
    low, high = told["spread"]
    print(f"the merge takes {told['times']:.2f} times the bare comparison ({low:.2f} to {high:.2f})")
    print(f"the update takes {found['whole']['cpu']:.1f} CPU seconds and {found['whole']['memory']:.2f} GiB")
    for name in ("ours", "git", "dictdiffer"):
        if each := found.get(name):
            print(
                f"{name:11}{each['cpu']:6.2f} CPU s; of {each['true']} true conflicts {each['asked']} asked, "
                f"{each['declared']} declared, {each['silent']} taken silently; {each['false']} false; "
                f"{each['doubled']} tasks doubled, {each['back']} back"
            )
    if broken := found.get("dictdiffer", {}).get("broken"):
        print(f"dictdiffer's result cannot be applied in {broken} of {asked.plans} plans")
    if "skipped" in found:
        print(f"dictdiffer skipped: {found['skipped']}")
    print("what is promised is " + ("kept" if told["good"] else "BROKEN: " + "; ".join(told["broken"])))
    return 0 if told["good"] else 1


if __name__ == "__main__":
    sys.exit(main())
