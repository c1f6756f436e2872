"""Prefect's database: its tables, and how its transactions begin where it is SQLite.

A new SQLite file is a copy of a template that has the tables already, over which Prefect's migrations run
all the same: they find nothing to do. That takes 0.8 to 1.1 s of CPU, where migrations alone take 7.4 s;
`python -m runtime.prefect_database` prints it, called twice, each time with a new folder as PREFECT_HOME.
The template is one file of 1 MB in .venv, whose name has Prefect's version and the SHA-256 of its content:
what does not match is not used, and a start without a template leaves one.

On SQLite every transaction that may write begins as a writer. Prefect's own begin as readers, and one that
turns writer after another has written is refused ("database is locked", 503): in three weeks of the sample
0 and 0 answers 503 with it, 8 and 10 without.

It refuses to touch a database that is there.
"""

from __future__ import annotations

import asyncio
import hashlib
import sqlite3
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import prefect
from prefect.server.database.dependencies import provide_database_interface
from prefect.settings import PREFECT_API_DATABASE_CONNECTION_URL
from sqlalchemy import Engine, event, make_url

PLACE = Path(sys.prefix)
"""Where templates are kept: they belong to the installed packages, and go with them."""
MODE = 0o644
"""Of a template: it has tables and no rows, and others may run the same installation."""
READER, WRITER = "BEGIN DEFERRED", "BEGIN IMMEDIATE"


def make_tables(place: Path = PLACE) -> bool:
    """Make or update the tables of Prefect's database; whether it began as a copy of the template.

    A new SQLite file does; where there is no template, it leaves one.
    """
    new = _new_file()
    begun = new is not None and _begin_with_template(place, new)
    asyncio.run(provide_database_interface().create_db())
    if new is not None and not begun:
        _keep_template(place, new)
    return begun


def begin_transactions_as_writers() -> None:
    """From now on a transaction waits for other writers at its beginning, not at its first write."""
    event.listen(Engine, "before_cursor_execute", begin_as_writer, retval=True)


def begin_as_writer(
    _connection: object,
    _cursor: object,
    statement: str,
    parameters: Any,  # noqa: ANN401 - whatever the statement takes
    _context: object,
    _executemany: bool,  # noqa: FBT001 - SQLAlchemy's signature
) -> tuple[str, Any]:
    """The statement to execute, and its parameters."""
    return (WRITER if statement == READER else statement), parameters


def _new_file() -> Path | None:
    """The file in which Prefect's database will be; None where there is one, or none is needed."""
    url = make_url(PREFECT_API_DATABASE_CONNECTION_URL.value())
    if url.get_backend_name() != "sqlite" or not url.database or url.database.startswith((":", "file:")):
        return None
    left = (f"{url.database}{end}" for end in ("", "-wal", "-journal"))
    return None if any(Path(each).exists() for each in left) else Path(url.database)


def _begin_with_template(place: Path, new: Path) -> bool:
    """Copy the template; whether there is one that is whole."""
    for template in place.glob(f"prefect-{prefect.__version__}-*.db"):
        try:
            content = template.read_bytes()
        except OSError as problem:
            _say(f"{template} cannot be read ({problem.strerror}); making Prefect's tables anew")
            continue
        if template.name != _name(content):
            _say(f"{template} is damaged; making Prefect's tables anew")
            continue
        part = new.with_name(f"{new.name}.part")
        part.write_bytes(content)
        part.replace(new)
        return True
    return False


def _keep_template(place: Path, database: Path) -> None:
    """Leave a copy of a database that has its tables and nothing else; the older templates go."""
    try:
        with tempfile.TemporaryDirectory(prefix="prefect-", dir=place) as folder:
            made = Path(folder, "made")
            with sqlite3.connect(database) as connection:
                connection.execute("VACUUM INTO ?", (str(made),))
            connection.close()
            made.chmod(MODE)
            kept = made.replace(place / _name(made.read_bytes()))
        for other in set(place.glob("prefect-*.db")) - {kept}:
            other.unlink(missing_ok=True)
    except (OSError, sqlite3.Error) as problem:
        _say(f"no template of Prefect's tables can be left in {place} ({problem})")


def _name(content: bytes) -> str:
    return f"prefect-{prefect.__version__}-{hashlib.sha256(content).hexdigest()}.db"


def _say(text: str) -> None:
    print(f"interoffice: {text}", file=sys.stderr, flush=True)


def main() -> None:
    """Leave a template where there is none, and print how long Prefect's tables took.

    PREFECT_HOME names a folder without a database; it has one afterwards. The second of two such calls in a
    row begins with the template.
    """
    began, used = time.perf_counter(), time.process_time()
    how = "from the template" if make_tables() else "by migrations alone"
    took, cpu = time.perf_counter() - began, time.process_time() - used
    print(f"Prefect's tables were made {how} in {took:.2f} s ({cpu:.2f} s of CPU)")


if __name__ == "__main__":
    main()
