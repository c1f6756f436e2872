"""Back a state folder up while it serves: `python scripts/service/backup.py STATE ORGANIZATION NEW_FOLDER`.

The store is copied by SQLite itself, in one piece as of one moment; writers go on meanwhile. With it go the
head of its ledger, the key of the links, what offices uploaded, the organization's files, and Prefect's own
database. All of it is for its owner alone, the organization's files too, whatever their rights are. Refuses a
folder that is there, and what does not pass SQLite's own check; a backup that is not complete has another
name.
"""

import os
import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

DATABASES = ("interoffice.db", "prefect/prefect.db")
KEY = "links.key"
UPLOADS = "uploads"
HEAD = "ledger.head"


def back_up(state: Path, organization: Path, target: Path) -> None:
    """Copy the store, the ledger's head, the key, uploads, the organization's files, Prefect's database."""
    os.umask(0o077)
    if target.exists():
        raise SystemExit(f"{target} is there already: name a new folder")
    if not organization.is_dir():
        raise SystemExit(f"{organization} is no folder of an organization")
    part = target.with_name(f"{target.name}.part")
    if part.exists():
        shutil.rmtree(str(part))
    part.mkdir(parents=True)
    if (state / HEAD).exists():  # before the store, which then holds what it names
        shutil.copyfile(str(state / HEAD), str(part / HEAD))
    found = [name for name in DATABASES if (state / name).exists()]
    for name in found:
        (part / name).parent.mkdir(exist_ok=True)
        copy(state / name, part / name)
    if (state / KEY).exists():
        shutil.copyfile(str(state / KEY), str(part / KEY))
    if (state / UPLOADS).is_dir():  # after the store, which names only what is there
        copy_files(state / UPLOADS, part / UPLOADS)
    copy_files(organization, part / "organization")
    part.rename(target)
    print(f"{target}: {', '.join(found) or 'no SQLite database: use pg_dump'}, organization")


def copy_files(folder: Path, target: Path) -> None:
    """Every file below a folder with its time, but not with its rights."""
    target.mkdir()
    for path in sorted(folder.iterdir()):
        if path.is_dir():
            copy_files(path, target / path.name)
        else:
            shutil.copyfile(str(path), str(target / path.name))
            times = path.stat()
            os.utime(str(target / path.name), ns=(times.st_atime_ns, times.st_mtime_ns))


def copy(database: Path, target: Path) -> None:
    """One database as of one moment, checked, and on disk when this returns."""
    reading = sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=60)
    with closing(reading) as source, closing(sqlite3.connect(str(target))) as there:
        source.backup(there)
        there.execute("PRAGMA journal_mode=DELETE").close()
        said = there.execute("PRAGMA integrity_check").fetchone()[0]
    if said != "ok":
        raise SystemExit(f"{database} does not pass SQLite's check: {said}")
    with target.open("rb") as file:
        os.fsync(file.fileno())


if __name__ == "__main__":
    if len(sys.argv) != 4:
        raise SystemExit(__doc__)
    back_up(*(Path(each).resolve() for each in sys.argv[1:]))
