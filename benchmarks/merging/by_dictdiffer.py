"""dictdiffer's Merger on the same plans as plain values: a line of JSON in, a line of JSON out."""

from __future__ import annotations

import json
import sys
import time
from typing import Any

from dictdiffer import patch
from dictdiffer.merge import Merger
from dictdiffer.resolve import UnresolvedConflictsException
from dictdiffer.utils import get_path


def spot(one: Any) -> tuple[str, str]:  # noqa: ANN401 - a patch of the library
    """The task and field of a patch."""
    path = [str(part) for part in get_path(one)]
    return (path[0], path[1] if len(path) > 1 else "")


def merged(base: Any, theirs: Any, ours: Any) -> dict[str, Any]:  # noqa: ANN401 - plain values
    """One merge; conflicts are decided for ours, as we decide them until they are answered."""
    merger = Merger(base, theirs, ours, {})
    asked: list[tuple[str, str]] = []
    try:
        merger.run()
    except UnresolvedConflictsException as refused:
        pairs = [(spot(each.first_patch), spot(each.second_patch)) for each in refused.content]
        asked = [min(pair, key=lambda each: each[1]) for pair in pairs]
        merger.continue_run(["s"] * len(refused.content))
    try:
        result = list(patch(merger.unified_patches, base))
    except KeyError:  # its patches remove twice what both removed
        return {"asked": asked, "result": [], "broken": 1}
    return {"asked": asked, "result": result, "broken": 0}


def main() -> int:
    """Merge all cases and say what was found and what it cost."""
    cases = json.loads(sys.stdin.readline())
    began = time.process_time()
    found = [merged(*case) for case in cases]
    print(json.dumps({"cpu": time.process_time() - began, "found": found}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
