"""The same store on SQLite and on a PostgreSQL cluster of its own, which ends with the session."""

import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from store import Store
from store.base import Base

WHERE = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))


class Cluster:
    """A private PostgreSQL that listens on a socket in its own folder and nowhere else."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.programs = WHERE[-1].parent
        self.prefix: list[str] = []
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            nobody = pwd.getpwnam("nobody")
            os.chown(folder, nobody.pw_uid, nobody.pw_gid)
            runuser = shutil.which("runuser")
            if runuser is None:
                pytest.skip("PostgreSQL does not run as root, and there is no runuser to be somebody else")
            self.prefix = [runuser, "-u", "nobody", "--"]

    def run(self, program: str, *arguments: str) -> None:
        with (self.folder / "output.log").open("ab") as log:
            command = [
                *self.prefix,
                str(self.programs / program),
                "-D",
                str(self.folder / "data"),
                *arguments,
            ]
            subprocess.run(
                command, check=True, timeout=60, cwd="/", stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )

    def start(self) -> None:
        # English by ICU, where the order of words is not that of their bytes, as on many a real server.
        sorting = ("--locale=C", "--locale-provider=icu", "--icu-locale=en-US")
        self.run("initdb", "--username=interoffice", "--auth=trust", "--encoding=UTF8", "--no-sync", *sorting)
        options = f"-k {self.folder} -c listen_addresses= -c fsync=off -c full_page_writes=off -c synchronous_commit=off -c max_connections=60 -c timezone=Asia/Tokyo"
        self.run("pg_ctl", "-w", "-l", str(self.folder / "server.log"), "-o", options, "start")

    def url(self, database: str) -> str:
        return f"postgresql://interoffice@/{database}?host={self.folder}"

    def execute(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement)

    def create(self) -> str:
        name = f"t{uuid.uuid4().hex}"
        self.execute(f"CREATE DATABASE {name}")
        return name


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    if not WHERE:
        pytest.skip("no PostgreSQL here: /usr/lib/postgresql/*/bin/initdb is not found")
    folder = Path(tempfile.mkdtemp(prefix="io-pg-"))  # short: a socket's path may have 107 characters
    try:
        cluster = Cluster(folder)
        cluster.start()
        try:
            yield cluster
        finally:
            cluster.run("pg_ctl", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def upgraded_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite database with today's tables, to be copied."""
    path = tmp_path_factory.mktemp("upgraded") / "store.db"
    Store(f"sqlite:///{path}").upgrade()
    return path


@pytest.fixture(scope="session")
def upgraded_database(cluster: Cluster) -> str:
    """A PostgreSQL database with today's tables, emptied before each test: making one takes longer."""
    name = cluster.create()
    store = Store(cluster.url(name))
    store.upgrade()
    store.close()
    return name


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def empty_url(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without any table."""
    if kind == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    cluster = request.getfixturevalue("cluster")
    return cluster.url(cluster.create())


@pytest.fixture
def url(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database with today's tables and nothing in them; its tables are not for changing."""
    if kind == "sqlite":
        shutil.copy(request.getfixturevalue("upgraded_file"), tmp_path / "store.db")
        return f"sqlite:///{tmp_path / 'store.db'}"
    url = request.getfixturevalue("cluster").url(request.getfixturevalue("upgraded_database"))
    with psycopg.connect(url) as connection:
        connection.execute(
            "SET session_replication_role = replica"
        )  # no trigger asks: this is no use of ours
        connection.execute(f"TRUNCATE {', '.join(Base.metadata.tables)} RESTART IDENTITY")
    return str(url)


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    store = Store(url)
    yield store
    store.close()
