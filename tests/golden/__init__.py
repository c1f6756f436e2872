"""Golden tests: what stands outside the code, in tools, databases, files and other systems, stays as it is.

Modules, classes and functions may be renamed and moved; keys, ids, columns, stored documents, settings and
file names may not. What they are now is held in `data/`, one readable file per subject, and every test collects
it anew from the code as it runs. Nothing is typed by hand, and no test writes a file: where a change is meant,

    .venv/bin/python -m tests.golden            # every file
    .venv/bin/python -m tests.golden ledger     # one of them

writes what is really there, and `git diff tests/golden/data` shows what users and their data will meet.
"""
