"""Make `.venv` from the lock file, or say in one sentence what prevents it.

Started by `make` with whatever Python is found first, so that an old one gives a message and not a
traceback: standard library only, and nothing newer than Python 3.6 is written here.

Without an argument `.venv` gets what runs; with `tools` also what tests and lint need on top, and an
environment that has them keeps them. Prefect's tables are made in it too, so that no first start waits for
them. A stamp inside `.venv` is written last. It names the locks, the project file, and the folder; an
environment without a stamp was interrupted and is made anew, one with older locks is updated, one that fits
is left alone. It refuses to use a Python that the project was never tried on, and it changes nothing
outside `.venv`.
"""

import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

OLDEST, NEWEST = (3, 11), (3, 13)
NAMES = ["python3.11", "python3.12", "python3.13", "python3", "python"]
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
HOME = os.path.join(ROOT, ".venv")
STAMP = os.path.join(HOME, "interoffice.json")
LOG = os.path.join(HOME, "install.log")
LOCKS = {"lock": "requirements.lock", "tools": "requirements-dev.lock"}  # in the order of installing
HELD = []  # the lock on this folder; steps inherit it, so that it outlives a killed `make` as long as they do
PROBE = "import sys, ensurepip, venv; print('%d.%d' % sys.version_info[:2])"


class Stop(Exception):
    """Something that a person has to put right; its text says what."""


def say(text):
    """One line of progress, at once."""
    print("interoffice: " + text)
    sys.stdout.flush()


def version_of(python):
    """The (major, minor) of an interpreter that can make environments, else None and its message."""
    try:
        done = subprocess.run(
            [python, "-I", "-c", PROBE],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            universal_newlines=True,
            timeout=30,
            check=False,
        )
    except (OSError, subprocess.SubprocessError) as problem:
        return None, str(problem)
    if done.returncode:
        return None, done.stderr.strip()
    return tuple(int(part) for part in done.stdout.strip().split(".")), ""


def find_python():
    """The first interpreter on the path that the project runs on."""
    seen = []
    for name in NAMES:
        path = shutil.which(name)
        if path is None:
            continue
        version, words = version_of(path)
        if version is None:
            lacks_venv = "ensurepip" in words or "venv" in words
            seen.append(name + (" (cannot make environments)" if lacks_venv else " (does not start)"))
        elif OLDEST <= version <= NEWEST:
            return path, version
        else:
            seen.append("%s (is %d.%d)" % ((name,) + version))
    raise Stop(
        "Python 3.11, 3.12 or 3.13 with its venv module is needed; found: %s.\n"
        "  Debian, Ubuntu:  sudo apt-get install python3.11 python3.11-venv\n"
        "  Fedora:          sudo dnf install python3.11\n"
        "  macOS:           brew install python@3.11\n"
        "Then run the same command again." % (", ".join(seen) or "none")
    )


def digest(name):
    """The SHA-256 of a file of ours."""
    with open(os.path.join(ROOT, name), "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def wanted(tools):
    """What the stamp of a finished environment says."""
    stamp = {name: digest(lock) for name, lock in LOCKS.items() if tools or name != "tools"}
    stamp.update({"project": digest("pyproject.toml"), "folder": ROOT})
    return stamp


def found():
    """What the stamp says; empty for an environment that is missing, half-made, or broken."""
    try:
        with open(STAMP) as file:
            stamp = json.load(file)
    except (OSError, ValueError):
        return {}
    version, _ = version_of(os.path.join(HOME, "bin", "python"))
    if not isinstance(stamp, dict) or version is None or not OLDEST <= version <= NEWEST:
        return {}
    return stamp


def packages_in(lock):
    """How many packages a lock names, for the progress line only."""
    with open(os.path.join(ROOT, lock)) as file:
        return len(re.findall(r"^[a-z0-9][^\n]*==", file.read(), re.MULTILINE))


def run(arguments, total=0, **given):
    """Run one step with its output in the log, counting packages on the terminal.

    It gets the variables in `given` besides its own, and no other of Prefect's.
    """
    environment = {name: text for name, text in os.environ.items() if not name.startswith("PREFECT")}
    environment.update(given, PIP_USER="0", PIP_NO_INPUT="1", PIP_DISABLE_PIP_VERSION_CHECK="1")
    environment.pop("PIP_TARGET", None)
    count, shown, tail = 0, time.time(), []
    with open(LOG, "a") as log:
        process = subprocess.Popen(
            arguments,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            env=environment,
            cwd=ROOT,
            universal_newlines=True,
            pass_fds=HELD,
        )
        for line in process.stdout:
            log.write(line)
            tail = (tail + [line.rstrip()])[-12:]
            count += line.startswith(("Collecting ", "Processing "))
            if total and line.startswith("Installing collected"):
                shown = float("inf")
                say("unpacking %d packages" % count)
            elif total and time.time() - shown > 5:
                shown = time.time()
                say("fetched %d of at most %d packages" % (count, total))
        if process.wait():
            raise Stop(
                "installing failed. Its last words:\n  %s\nAll of them: %s\n"
                "Check the network and the free space, then run the same command again."
                % ("\n  ".join(tail), os.path.relpath(LOG, ROOT))
            )


def make(python, version):
    """A fresh, empty environment; what was there is removed first."""
    if os.path.islink(HOME) or os.path.isfile(HOME):
        os.unlink(HOME)
    elif os.path.isdir(HOME):
        say("removing a .venv that is unfinished or does not fit")
        shutil.rmtree(HOME)
    say("making .venv with Python %d.%d" % version)
    os.mkdir(HOME)
    run([python, "-I", "-m", "venv", HOME])


def install(locks):
    """These locks, by hash, and then this folder as it is (editable, nothing fetched)."""
    pip = [os.path.join(HOME, "bin", "python"), "-I", "-m", "pip"]
    pip_install = pip + ["install", "--progress-bar", "off", "--no-deps", "--no-compile"]
    for lock in locks:
        say("installing from %s (a minute or two)" % lock)
        run(pip_install + ["--require-hashes", "-r", lock], packages_in(lock))
    run(pip_install + ["--no-build-isolation", "-e", "."])
    run(pip + ["check"])
    compile_packages()


def compile_packages():
    """Compile what was installed, on all cores; a file that cannot be compiled is left as it is."""
    python = os.path.join(HOME, "bin", "python")
    try:
        run([python, "-I", "-m", "compileall", "-q", "-j", "0", os.path.join(HOME, "lib")])
    except Stop:
        say("some files could not be compiled (what was said: %s)" % os.path.relpath(LOG, ROOT))


def make_tables():
    """A template of Prefect's tables, in `.venv`; without one the first start takes some seconds longer."""
    say("making Prefect's tables")
    home = tempfile.mkdtemp()
    try:
        python = os.path.join(HOME, "bin", "python")
        run([python, "-m", "runtime.prefect_database"], PREFECT_HOME=home, DO_NOT_TRACK="1")
    except Stop:
        say("that failed; the first start makes them (what was said: %s)" % os.path.relpath(LOG, ROOT))
    finally:
        shutil.rmtree(home)


def one_at_a_time():
    """Wait for another `make` in this folder; the lock goes away with the processes that hold it."""
    handle = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        say("another make is installing here; waiting for it")
        fcntl.flock(handle, fcntl.LOCK_EX)
    HELD.append(handle)


def ensure(tools):
    """Leave a `.venv` that fits the locks, with no more steps than needed."""
    one_at_a_time()
    stamp = found()
    fits = stamp.get("folder") == ROOT
    want = wanted(tools or (fits and "tools" in stamp))
    if stamp == want:
        return
    started = time.time()
    if fits:
        if stamp != {name: want[name] for name in stamp}:
            say("a lock or pyproject.toml has changed; updating .venv")
        os.unlink(STAMP)
    else:
        make(*find_python())
    old = stamp if fits else {}
    install([lock for name, lock in LOCKS.items() if name in want and old.get(name) != want[name]])
    make_tables()
    with open(STAMP + ".new", "w") as file:
        json.dump(want, file, indent=1)
    os.rename(STAMP + ".new", STAMP)
    say(".venv is ready (%d s)" % (time.time() - started))


def main():
    """Exit 0 with a usable environment, 1 with a sentence."""
    try:
        ensure("tools" in sys.argv[1:])
    except Stop as problem:
        sys.stderr.write("interoffice: %s\n" % problem)
        return 1
    except OSError as problem:
        sys.stderr.write("interoffice: %s\n" % problem)
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\ninteroffice: interrupted; run the same command again, it starts over cleanly\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
