"""One checkout writes its reports of the made-up network: CPU seconds, and the bytes of what it wrote."""

from __future__ import annotations

import gc
import json
import sys
import time
import zipfile
from pathlib import Path

sys.path[:0] = [sys.argv[1], str(Path(__file__).resolve().parent.parent / "judging")]
sys.meta_path[:] = [each for each in sys.meta_path if "editable" not in getattr(each, "__module__", "")]

from laid import laid  # noqa: E402 - under the path that stands now

import domain  # noqa: E402 - as above
from reports.render import prepare  # noqa: E402 - as above
from tasks import context  # noqa: E402 - as above
from tasks.reporting import write_reports  # noqa: E402 - as above


def once() -> float:
    """The CPU seconds of writing all reports, by a process that has modules and templates, as runs have."""
    prepare()
    context.KEPT.loaded = None
    gc.collect()
    gc.freeze()  # as in the processes in which flows run
    began = time.process_time()
    write_reports()
    return time.process_time() - began


def main() -> None:
    """Lay the network down, write the reports, and say what it took."""
    root, folder = Path(sys.argv[1]), Path(sys.argv[2])
    assert Path(domain.__path__[0]).parent.samefile(root), "another checkout's rooms were found"
    application = laid(folder, int(sys.argv[3]), int(sys.argv[4]))
    context.KEPT.__dict__["application"] = application
    cpu = once()
    files = {path.name: path.stat().st_size for path in sorted((folder / "reports").iterdir())}
    print(json.dumps({"cpu": cpu, "files": files, "pages": pages(folder / "reports")}))


def pages(folder: Path) -> dict[str, int]:
    """The bytes of every page, also of those that are packed together."""
    found = {path.name: path.stat().st_size for path in folder.glob("*.html")}
    for path in folder.glob("*.zip"):
        with zipfile.ZipFile(path) as archive:
            found |= {f"{path.stem}/{each.filename}": each.file_size for each in archive.infolist()}
    return found


if __name__ == "__main__":
    main()
