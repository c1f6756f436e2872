"""Debian's packages: what Redmine needs is installed, Redmine itself is only unpacked into our own folder.

The `redmine` package is not installed on the system: its configuration fails with Debian 12's Bundler ("Could
not find ... .gem for installation"), it would make an instance of its own, and an instance that somebody else
runs here must not be touched. So apt installs what the package depends on, and its files are only unpacked.
"""

import os
import re
import shlex
import shutil
from collections.abc import Sequence
from pathlib import Path

from scripts.servers.place import HOME, Stop, plain_environment, say, step

PACKAGE = "redmine"
BESIDE = ["redmine-sqlite", "puma"]


def _as_root(*command: str) -> list[str]:
    """The command, run as root. Raises Stop where that is not possible, with what root has to do."""
    if os.geteuid() == 0:
        return [*command]
    if shutil.which("sudo"):
        return ["sudo", *command]
    raise Stop(
        "Redmine needs packages of Debian's that are not here, and only root may get them. Let root run\n"
        f"  {shlex.join(command)}\nand then run the same command again."
    )


def _shown() -> dict[str, str]:
    """What apt shows of the package: its version and what it depends on; empty where it has none."""
    try:
        text = step(["apt-cache", "show", "--no-all-versions", PACKAGE], "apt-cache show", _environment())
    except Stop:
        return {}
    return dict(re.findall(r"^(Version|Depends): (.+)$", text, re.MULTILINE))


def _renew_lists() -> None:
    step(_as_root("apt-get", "update", "-q"), "apt-get update", _environment())


def _fetch(command: Sequence[str], what: str, folder: Path | None = None) -> None:
    """Have apt fetch something; lists that are too old for it are renewed once."""
    try:
        step(command, what, _environment(), folder)
    except Stop:
        say("that failed; asking for newer lists of packages, then once more")
        _renew_lists()
        step(command, what, _environment(), folder)


def _environment() -> dict[str, str]:
    return plain_environment(DEBIAN_FRONTEND="noninteractive")


def install() -> str:
    """Leave everything installed that Redmine needs to run; the version of the package that apt offers."""
    if shutil.which("apt-get") is None or shutil.which("dpkg-deb") is None:
        raise Stop(
            "Redmine comes from Debian's packages, and there is no apt here; use Debian 12, or only Trac"
        )
    shown = _shown()
    if "Depends" not in shown:
        say("asking Debian for its lists of packages")
        _renew_lists()
        shown = _shown()
    if "Depends" not in shown:
        raise Stop(f"apt here knows no package {PACKAGE}; Debian 12 has it")
    wish = ["satisfy", "-y", "-q", "--no-install-recommends", shown["Depends"], *BESIDE]
    missing = re.findall(
        r"^Inst (\S+)", step(["apt-get", "-s", *wish], "apt-get -s satisfy", _environment()), re.MULTILINE
    )
    if missing:
        command = _as_root("env", "DEBIAN_FRONTEND=noninteractive", "apt-get", *wish)
        say(f"installing {len(missing)} packages of Debian's that Redmine needs, as root")
        _fetch(command, "apt-get satisfy")
    return shown["Version"]


def unpack(target: Path) -> None:
    """Fetch the package and put its files below the target, where an older one is replaced."""
    say("unpacking Redmine")
    fetched = HOME / "fetched"
    shutil.rmtree(fetched, ignore_errors=True)
    fetched.mkdir()
    download = ["apt-get", "download", "-q", PACKAGE]
    if os.geteuid() == 0:
        download[1:1] = ["-o", "APT::Sandbox::User=root"]
    _fetch(download, "apt-get download", fetched)
    (archive,) = fetched.glob("*.deb")
    shutil.rmtree(target, ignore_errors=True)
    step(["dpkg-deb", "-x", archive, target], "dpkg-deb", _environment())
    shutil.rmtree(fetched)
