"""`make crash`: every harness, a table of its figures, and 1 where a promise or a negative control fails."""

import argparse
import json
import logging
import secrets
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from random import Random

from tests.conftest import absent as missing
from tests.crash import disk, gateway, real
from tests.crash.decisions import unbarred, walked
from tests.crash.distributions import distributed, distributed_blindly
from tests.crash.exact import exactly
from tests.crash.feedback import (
    cases_stopped_again,
    cases_walked,
    directives_stopped_again,
    directives_walked,
)
from tests.crash.figures import (
    bridges_added,
    bridges_left_short,
    networks_miscounted,
    networks_recounted,
    packs_recounted,
    weeks_recounted,
)
from tests.crash.kills import Bench, blind, chain, each_call, lagging, longer_than_declared, some
from tests.crash.ledgers import changed, changed_unseen
from tests.crash.losses import every_reply_lost, late_writes, lost_replies, resent, rewritten, second_run
from tests.crash.machines import conflicts, converged, echoing, lost_hooks
from tests.crash.merges import merged, merged_blindly
from tests.crash.real_distributions import ON_REDMINE, an_office
from tests.crash.rebases import rebase_killed, rebase_killed_early
from tests.crash.tally import Tally, table
from tests.crash.updates import killed, killed_early
from tests.crash.weeks import weeks_killed
from tests.crash.world import Outside
from tests.store.conftest import WHERE

LARGE, SMALL, FEW = 200, 20, 10
SEED = 20270104
ON_OPENPROJECT = (killed, killed_early, rebase_killed, rebase_killed_early)
Harness = tuple[str, Callable[[], Tally]]


def harnesses(bench: Bench, random: Random, *, whole: bool) -> Iterator[Harness]:
    """Every harness by the promise that it tries."""
    yield "F1", partial(chain, bench, LARGE)
    yield "F1", partial(each_call, bench, LARGE if whole else SMALL)
    yield "F1", partial(blind, bench, LARGE)
    for lag in (5.0, 60.0):
        yield "F2", partial(lagging, bench, SMALL, lag, declared=lag)
        yield "F2", partial(lagging, bench, SMALL, lag, declared=0.0)
    yield "F2", partial(lagging, bench, LARGE, 60.0, declared=60.0, calls=some(random, LARGE, FEW))
    yield "F2", partial(longer_than_declared, bench, LARGE)
    yield "F4", partial(lost_replies, bench, SMALL)
    yield "F4", partial(every_reply_lost, bench, LARGE)
    yield "F4", partial(resent, bench, LARGE)
    yield "F4", partial(late_writes, bench, SMALL)
    yield "F4", partial(late_writes, bench, SMALL, in_flight=0.0)
    yield "F5", partial(second_run, bench, LARGE)
    yield "F5", partial(rewritten, bench, LARGE)
    points = 10_000 if whole else 60
    yield "F3", partial(disk.killed_while_writing, bench, FEW, random, points)
    yield "F3", partial(disk.set_back, bench, FEW)
    yield "F3", partial(disk.stopped_database, bench, FEW, random, FEW)
    yield "F6", partial(disk.full_disk, bench, FEW)
    yield "F6", partial(disk.full_disk, bench, FEW, disk.Unrecorded)
    yield "F6", partial(disk.broken_disk, bench, FEW, random, 20)
    yield "F6", partial(disk.locked_store, bench, FEW)
    yield "F8", partial(converged, 500, 50)
    yield "F8", echoing
    yield "F9", lost_hooks
    yield "F9", conflicts
    yield "F13", partial(gateway.gateway_killed, bench.folder, random, 100 if whole else 10)
    yield "F13", partial(gateway.hasty_gateway, bench.folder, random, 3)
    yield "distribution", partial(distributed, bench.folder, 12 if whole else 6)
    yield "distribution", partial(distributed_blindly, bench.folder, 6, range(8, 11))
    yield "update", partial(killed, bench.folder / "update")
    yield "update", partial(killed_early, bench.folder / "early", range(6, 9))
    yield "re-base", partial(rebase_killed, bench.folder / "re-base")
    yield "re-base", partial(rebase_killed_early, bench.folder / "re-base-early", range(6, 9))
    yield "weeks", partial(weeks_killed, bench.folder)
    if (redmine := real.entry()) is not None:
        yield "F1", partial(real.on_redmine, redmine, bench.folder, SMALL, list(range(1, SMALL + 1)))
        live = {"opened": an_office(redmine), "where": ON_REDMINE}
        yield "distribution", partial(distributed, bench.folder / "live", 4 if whole else 3, **live)
        yield "distribution", partial(distributed_blindly, bench.folder / "blind", 3, range(6, 10), **live)
    yield from undisturbed(bench, random, whole=whole)


def undisturbed(bench: Bench, random: Random, *, whole: bool) -> Iterator[Harness]:
    """Those in which nothing is killed or cut off: more sequences than a test has time for."""
    yield "F15", partial(walked, 9_700)
    yield "F15", partial(unbarred, 500)
    yield "F18", partial(changed, 1_000)
    yield "F18", partial(changed_unseen, FEW)
    yield "exact", partial(exactly, 100_000 if whole else 10_000)
    yield "merge", partial(merged, random, 10_000)
    yield "merge", partial(merged_blindly, random, 50)
    yield "feedback", partial(cases_walked, 5_000)
    yield "feedback", partial(cases_stopped_again, 500)
    yield "feedback", partial(directives_walked, 5_000)
    yield "feedback", partial(directives_stopped_again, 200)
    yield "figures", partial(networks_recounted, bench.folder / "figures", 100)
    yield "figures", partial(networks_miscounted, bench.folder / "miscounted", 2)
    yield "figures", partial(weeks_recounted, bench.folder / "sample")
    yield "figures", partial(bridges_added, 1_000)
    yield "figures", partial(bridges_left_short, 50)
    yield "figures", partial(packs_recounted, 100)


def impossible(act: Callable[[], Tally]) -> str:
    """Why a harness cannot be tried here; empty when it can."""
    tried = getattr(act, "func", act)
    on_standin = tried in (distributed, distributed_blindly) and "opened" not in getattr(act, "keywords", {})
    if (on_standin or tried in ON_OPENPROJECT) and (absent := missing(("openproject-v3.json",))):
        return f"{absent[0]} is not here"
    if tried in (disk.killed_while_writing, disk.broken_disk):
        return disk.lacking()
    if tried is disk.full_disk and (reason := disk.no_disk()):
        return reason
    if tried is disk.stopped_database and not WHERE:
        return "there is no PostgreSQL"
    return ""


def main() -> int:
    """Run them; 0 when every promise held and every control was caught."""
    parser = argparse.ArgumentParser(prog="make crash", description=__doc__)
    parser.add_argument(
        "only",
        nargs="*",
        help="F1 F2 F3 F4 F5 F6 F8 F9 F13 F15 F18 distribution update exact merge feedback figures weeks; without any: all",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object for each harness, in a line")
    parser.add_argument(
        "--whole", action="store_true", help="every point of the large plan, and every write to disk"
    )
    parser.add_argument(
        "--seed", type=int, default=secrets.randbelow(2**31), help="of what is chosen by chance"
    )
    asked = parser.parse_args()
    logging.getLogger("psycopg").setLevel(logging.ERROR)  # its server is stopped on purpose
    say = (lambda line: print(line, file=sys.stderr)) if asked.json else print
    say(f"seeds {SEED} and {asked.seed}")
    tallies = []
    outside = Outside()
    with tempfile.TemporaryDirectory(prefix="io-crash-") as folder:
        bench = Bench(outside, Path(folder))
        for seed in (SEED, asked.seed):
            for promise, act in harnesses(bench, Random(seed), whole=asked.whole):
                if asked.only and promise not in asked.only:
                    continue
                if seed != SEED and not by_chance(act):
                    continue
                if reason := impossible(act):
                    say(f"{promise} {getattr(act, 'func', act).__name__}: not tried here, as {reason}")
                    continue
                begin = time.monotonic()
                tallies.append(act())
                tallies[-1].notes["seconds"] = round(time.monotonic() - begin)
                print(json.dumps(tallies[-1].told()) if asked.json else _line(tallies[-1]), flush=True)
    outside.close()
    if not asked.json:
        print(table(tallies))
    if real.entry() is None:
        say("F1 and distribution on the real Redmine: not tried here; `make servers` starts it")
    return 0 if tallies and all(each.good for each in tallies) else 1


def by_chance(act: Callable[[], Tally]) -> bool:
    """Whether what it tries hangs on the seed."""
    given = act.args if isinstance(act, partial) else ()
    lists = act.keywords.get("calls") if isinstance(act, partial) else None
    return any(isinstance(each, Random) for each in given) or lists is not None


def _line(tally: Tally) -> str:
    verdict = "ok" if tally.good else "FAILED"
    more = "".join(f"\n    {line}" for line in tally.wrong[:5])
    return f"{verdict}: {tally.name} {tally.notes}{more}"


if __name__ == "__main__":
    sys.exit(main())
