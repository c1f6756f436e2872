"""Settings from the environment, and the only module that reads it: it refuses unknown variables."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from socket import gethostname
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator

from config.credentials import looks_secret
from config.problems import meant, shown

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "INTEROFFICE_"
EXAMPLES = {
    "organization": "the folder of the organization, such as /srv/harbor_group",
    "state": "a folder that may be written, such as /srv/interoffice",
    "database_url": "sqlite:////srv/interoffice/interoffice.db or postgresql://user@host/name",
    "gateway_host": "the address to listen on, such as 127.0.0.1",
    "gateway_port": "a port from 1 to 65535, such as 8420",
    "prefect_port": "a port from 1 to 65535 for Prefect's server, such as 4200",
    "gateway_url": "the address under which people reach it, such as https://pmo.example.com",
    "prefect_url": "the addresses under which a proxy serves Prefect's page, such as https://prefect.example.com",
    "alerts": "addresses as Apprise writes them, names of variables, or block:NAME, separated by blanks",
    "prefect_database_url": "postgresql://user@host/name, a database of Prefect's own, or nothing for a file",
    "host": "a name that no other host on this store has, of up to 60 letters, digits, dots, dashes and _",
    "heartbeat": "seconds of silence after which a host counts as dead, from 3 to 3600, such as 60",
}
ALERTS = f"{PREFIX}ALERTS"
PLACE = re.compile(r"[a-z0-9]+://\S+|[^\s@]+@[^\s@]+|block:\S+|[A-Z][A-Z0-9_]*")
"""An address of Apprise, an e-mail address, a Prefect block, or the name of a variable."""
DATABASES = ("sqlite:///", "postgresql://", "postgres://", "postgresql+psycopg://", "sqlite+pysqlite:///")


class BadSettings(Exception):
    """The environment cannot be used; `lines` name each variable and what to write."""

    def __init__(self, lines: tuple[str, ...]) -> None:
        """The exception's text is every line."""
        self.lines = lines
        super().__init__("\n".join(lines))


class Settings(BaseModel):
    """What the environment says. Each field is the variable INTEROFFICE_<FIELD>."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    state: Path = ROOT / "var"
    organization: Path = Path()
    database: SecretStr = Field(SecretStr(""), alias="database_url")
    gateway_host: str = "127.0.0.1"
    gateway_port: Annotated[int, Field(ge=1, le=65535)] = 8420
    prefect_port: Annotated[int, Field(ge=1, le=65535)] = 4200
    gateway_url: str = ""
    prefect_url: str = ""
    """Where a proxy serves our Prefect server; several addresses are separated by commas."""
    prefect_database: SecretStr = Field(SecretStr(""), alias="prefect_database_url")
    """Where our Prefect server keeps its own data; a file in the state folder where nothing is said."""
    host: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,60}$")] = Field(default_factory=gethostname)
    """This host's name among those that work on one store; the machine's where nothing is said."""
    alerts: SecretStr = SecretStr("")
    """Where messages about runs that fail or are late are sent."""
    heartbeat: Annotated[float, Field(ge=3, le=3600)] = 60
    """For how many seconds nothing may be heard of this host before others take over what it left open."""

    @field_validator("organization", "state")
    @classmethod
    def _absolute(cls, path: Path) -> Path:
        return path.expanduser().absolute()

    @field_validator("database")
    @classmethod
    def _usable(cls, url: SecretStr) -> SecretStr:
        if url.get_secret_value() and not url.get_secret_value().startswith(DATABASES):
            raise ValueError("is no database that can be used")
        return url

    @field_validator("prefect_database")
    @classmethod
    def _shared(cls, url: SecretStr) -> SecretStr:
        if url.get_secret_value() and not url.get_secret_value().startswith(("postgresql://", "postgres://")):
            raise ValueError("is no PostgreSQL")
        return url

    @field_validator("alerts")
    @classmethod
    def _addresses(cls, given: SecretStr) -> SecretStr:
        if not all(PLACE.fullmatch(each) for each in given.get_secret_value().split()):
            raise ValueError("is no list of addresses")
        return given

    @field_validator("gateway_url")
    @classmethod
    def _web(cls, url: str) -> str:
        if url and not url.startswith(("http://", "https://")):
            raise ValueError("is no web address")
        return url.rstrip("/")

    @field_validator("prefect_url")
    @classmethod
    def _origins(cls, urls: str) -> str:
        if urls and list(origins(urls)) != [url.strip().lower().rstrip("/") for url in urls.split(",")]:
            raise ValueError("is more or less than scheme, host and port")
        return urls

    @property
    def database_url(self) -> str:
        """Where the record is kept, with its password: never print it."""
        return self.database.get_secret_value() or f"sqlite:///{self.state / 'interoffice.db'}"

    @property
    def prefect_database_url(self) -> str:
        """Where our Prefect server keeps its data, with its password: never print it; empty for a file."""
        return self.prefect_database.get_secret_value()

    @property
    def alert_places(self) -> tuple[str, ...]:
        """Where those messages are sent: addresses, or what names them. Never print it."""
        return tuple(self.alerts.get_secret_value().split())

    @property
    def address(self) -> str:
        """Where people reach the gateway."""
        return self.gateway_url or f"http://{self.gateway_host}:{self.gateway_port}"


def origins(urls: str) -> tuple[str, ...]:
    """The origins of web addresses that commas separate, as a browser writes them; other texts have none."""
    found = (urlsplit(url.strip().lower()) for url in urls.split(","))
    return tuple(
        f"{url.scheme}://{url.netloc}" for url in found if url.scheme in ("http", "https") and url.netloc
    )


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process. Raises BadSettings with every variable that is wrong.

    Without INTEROFFICE_ORGANIZATION the organization is the folder `organization` in the state folder.
    """
    given = os.environ if environment is None else environment
    ours = {
        name.removeprefix(PREFIX).lower(): text for name, text in given.items() if name.startswith(PREFIX)
    }
    known = {name: text for name, text in ours.items() if text.strip()}
    state = Path(known.get("state", "") or ROOT / "var")
    known.setdefault("organization", str(state / "organization"))
    try:
        return Settings.model_validate(known)
    except ValidationError as refused:
        lines = (_line(str(e["loc"][0]), e["type"], str(e["input"])) for e in refused.errors())
        raise BadSettings(tuple(lines)) from None


def _line(field: str, kind: str, given: str) -> str:
    name = f"{PREFIX}{field.upper()}"
    if kind == "extra_forbidden":
        return f"{name} is no setting -> {meant(name, [f'{PREFIX}{each.upper()}' for each in EXAMPLES])}"
    hidden = field.endswith(("database_url", "alerts")) or looks_secret(given)
    return f"{name} cannot be used{'' if hidden else ': ' + shown(given)} -> write {EXAMPLES[field]}"


def credential(name: str) -> str:
    """The secret that an environment variable holds. Raises BadSettings where it is not set."""
    text = os.environ.get(name, "")
    if not text:
        raise BadSettings((f"{name} is not set -> set it to the secret that tools.yaml names by it",))
    return text


def variable(name: str) -> str:
    """The text of another program's variable, such as PREFECT_API_URL; empty where it is not set."""
    return os.environ.get(name, "")


def for_child(extra: Mapping[str, str]) -> dict[str, str]:
    """The environment of a process that we start: this one's, with `extra` over it."""
    return {**os.environ, **extra}


def become(environment: Mapping[str, str]) -> None:
    """Replace the environment of this process, which was forked to carry out another process's request."""
    os.environ.clear()
    os.environ.update(environment)
