"""Links that are removed before fields are written: our own removal is no change of the office's."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from connectors.protocol import Capability, Done, unguarded
from domain.organization.office import Conflict
from tests.connectors.deciding import but, decided, delivered_before
from tests.contract.contract import memory_bench
from tests.contract.memory import SPEC, Memory

FIRST = {"start": date(2027, 1, 4), "due": date(2027, 1, 8)}
LATER = {"start": date(2027, 1, 13), "due": date(2027, 1, 15)}
EARLIER = {"start": date(2027, 1, 5), "due": date(2027, 1, 6)}


class Loosening(Memory):
    """A tool that holds dates by links, and has no locks."""

    spec = replace(SPEC, capabilities=SPEC.capabilities - {Capability.LOCKS})

    def update(self, ticket, draft):
        return replace(super().update(ticket, draft), headers=())

    def loosened(self, ref, less):
        return [self.unlink(ref, link) for link in less]


@pytest.mark.parametrize(("make", "links", "calls"), [
    (Loosening, "k/0", ["DELETE", "PATCH", "POST"]),
    (Loosening, "k/0; k/1", ["PATCH", "POST"]),
    (Loosening, "", ["DELETE", "PATCH"]),
    (Memory, "k/0", ["PATCH", "DELETE", "POST"]),
])  # fmt: skip
def test_links_go_before_the_dates_and_new_ones_come_after_them(
    tmp_path: Path, make: type[Memory], links: str, calls: list[str]
) -> None:
    with memory_bench(tmp_path, make=make) as bench:
        tool = bench.tool()
        before = bench.item("k/2", after="k/1", **LATER)
        others = (bench.item("k/0", due=date(2027, 1, 4)), bench.item("k/1", **FIRST))
        tool.put(decided(*others, before), tool.read().digest, unguarded)
        wanted = but(before, after=links, **EARLIER)
        found = tool.find(["k/2"])["k/2"]
        decision = delivered_before(tool.fit(wanted), tool.fit(before), found, Conflict.THEIRS)
        written = tool.put([decision], tool.read().digest, unguarded)
        (result,) = written.results
        assert (result.done, result.why, result.conflicts) == (Done.UPDATED, "", ())
        assert [each.split()[0] for each in written.calls] == calls
        (there,) = tool.find(["k/2"])["k/2"]
        fit = tool.fit(wanted).values
        assert (there.values.get("after") or ()) == fit["after"]
        assert {name: there.values.get(name) for name in EARLIER} == EARLIER
