"""Unpacking archives in tests: nothing outside the folder, as far as the Python at hand knows how."""

import tarfile
from pathlib import Path


def unpacked(archive: tarfile.TarFile, folder: Path, *names: str) -> None:
    """The members of these names, or all, below the folder. Python 3.11 knows the filter from 3.11.4 on."""
    filtered = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
    members = [archive.getmember(name) for name in names] or None
    archive.extractall(folder, members, **filtered)  # noqa: S202 - archives of ours, and of npm by their hash
