"""Where Java and mpxj are on this machine, or what to install; refuses to start anything.

Java is looked for in JAVA_HOME, then by the `java` of the path, then in the usual places. One that is too
old, or lacks a part that mpxj needs, is skipped and named.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from connectors.errors import Refused

OLDEST = 11
LIBRARIES = ("lib/server/libjvm.so", "lib/server/libjvm.dylib", "jre/lib/amd64/server/libjvm.so")
PARTS = ("java.xml", "java.logging", "java.sql", "jdk.charsets")
USUAL = (
    "/usr/lib/jvm/*",
    "/usr/java/*",
    "/opt/java/*",
    "/opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home",
    "/Library/Java/JavaVirtualMachines/*/Contents/Home",
)
INSTALL = "install one (Debian, Ubuntu: sudo apt-get install default-jre-headless) or set JAVA_HOME"
EXTRA = "project files are read by mpxj, which is not installed here; run: make project-files"


@dataclass(frozen=True, slots=True)
class Engine:
    """What is needed to read project files: Java's library, and the jars of mpxj."""

    library: Path
    jars: tuple[Path, ...]


def engine() -> Engine:
    """Java and mpxj on this machine; raises `Refused` saying what to install."""
    return Engine(java_library(), jars())


def lacking() -> str:
    """Why no project file can be read here; empty where nothing is missing."""
    try:
        engine()
    except Refused as refused:
        return refused.text
    return ""


def jars() -> tuple[Path, ...]:
    """The jars that the package mpxj brings; raises `Refused` when the extra is not installed."""
    found = find_spec("mpxj")
    if found is None or find_spec("jpype") is None:
        raise Refused(EXTRA)
    places = found.submodule_search_locations or ()
    return tuple(sorted(jar for place in places for jar in (Path(place) / "lib").glob("*.jar")))


def java_library() -> Path:
    """The library of the first Java that fits; raises `Refused` naming those that do not."""
    passed: list[str] = []
    for home in _homes():
        library = next((home / name for name in LIBRARIES if (home / name).is_file()), None)
        if library is None:
            continue
        why = _unfit(home)
        if not why:
            return library
        passed.append(f"{home.name} {why}")
    seen = f" (found: {'; '.join(dict.fromkeys(passed))})" if passed else ""
    raise Refused(f"project files need Java {OLDEST} or newer, and there is none{seen}; {INSTALL}")


def _homes() -> Iterator[Path]:
    """Folders in which Java may be installed, the likeliest first."""
    # JAVA_HOME, like the path, belongs to the machine: it is no setting of ours.
    said = os.path.expandvars("$JAVA_HOME")
    if said and not said.startswith("$"):
        yield Path(said)
    program = shutil.which("java")
    if program is not None:
        yield Path(os.path.realpath(program)).parent.parent
    for pattern in USUAL:
        yield from sorted(Path("/").glob(pattern.removeprefix("/")), reverse=True)


def _unfit(home: Path) -> str:
    """Why a Java cannot be used, as its own `release` file says; empty when it can."""
    try:
        release = (home / "release").read_text("utf-8", "replace")
    except OSError:
        return ""
    version = re.search(r'^JAVA_VERSION="(?:1\.)?(\d+)', release, re.MULTILINE)
    if version is not None and int(version[1]) < OLDEST:
        return f"is version {version[1]}"
    modules = re.search(r'^MODULES="([^"]*)"', release, re.MULTILINE)
    lacking = [part for part in PARTS if modules is not None and part not in modules[1].split()]
    return f"lacks {', '.join(lacking)}" if lacking else ""


def main() -> int:
    """Say whether project files can be read here; 1 and what to install when they cannot."""
    try:
        found = engine()
    except Refused as refused:
        sys.stderr.write(f"interoffice: {refused.text}\n")
        return 1
    sys.stdout.write(f"interoffice: project files can be read, with the Java in {found.library.parents[2]}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
