"""Start a program of ours: `python -m runtime.begin MODULE ARGUMENTS...`.

The files that it writes are for its owner alone, whoever starts it. What a program imports stays in memory
until it ends, so the garbage collector need not look at it, neither during the import nor afterwards.
"""

from __future__ import annotations

import gc
import importlib
import os
import sys

from runtime.privacy import UMASK
from runtime.problem import Problem


def main() -> None:
    """Import the module, and run its `main` with the arguments."""
    os.umask(UMASK)
    gc.disable()
    module = importlib.import_module(sys.argv[1])
    gc.freeze()
    gc.enable()
    del sys.argv[0]
    try:
        module.main()
    except Problem as problem:
        sys.exit(f"error: {problem}")


if __name__ == "__main__":
    main()
