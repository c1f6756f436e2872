"""The environment of the processes that we start: safe settings of Prefect, and none of another Prefect.

It refuses to pass on a user's own PREFECT_ variables, unless PREFECT_API_URL names a server to use.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

from config.keyfile import auth_string
from config.settings import Settings, for_child, variable
from runtime.folder import StateFolder

GIVEN_SERVER = "PREFECT_API_URL"
AUTH = "PREFECT_SERVER_API_AUTH_STRING"
"""The user and password that a server of ours requires."""
CLIENT_AUTH = "PREFECT_API_AUTH_STRING"
"""The user and password that a client sends to a server."""
CLEAN = "CLEANED_BY_INTEROFFICE"
"""Marks a process whose environment was cleaned; never passed on."""
NO_AUTHORITY = Path(__file__).with_name("no_authority.pem")
"""One certificate that vouches for nothing, as our own server is asked over plain HTTP; nobody has its key.

Each of Prefect's clients reads certificate authorities, and a run has eleven clients: 30 to 34 ms of CPU with
all authorities, 1 ms with this one. A server that PREFECT_API_URL names keeps its own."""
QUIET = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_TELEMETRY_ENABLE_RESOURCE_METRICS": "false",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    "PREFECT_LOGGING_COLORS": "false",
}
"""No usage data is sent, and nothing is advertised."""
SERVER = {
    "PREFECT_SERVER_DATABASE_MIGRATE_ON_START": "false",
    "PREFECT_SERVER_CSRF_PROTECTION_ENABLED": "true",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "50",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_FLUSH_INTERVAL": "1",
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_BATCH_SIZE": "100",
    "PREFECT_SERVER_SERVICES_LATE_RUNS_AFTER_SECONDS": "60",
    "PREFECT_SERVER_DEPLOYMENTS_CONCURRENCY_SLOT_WAIT_SECONDS": "2",
}
"""No web page of another address may start flows; fewer, larger writes to SQLite.
A run that waits for another one begins soon after it. The tables are made before it starts to serve."""
OUR_DATABASE = "INTEROFFICE_PREFECT_DATABASE_URL"
DATABASE = "PREFECT_SERVER_DATABASE_CONNECTION_URL"
"""Where a server of ours keeps its data; with a password, so only the server has it in its environment."""
WORKER = {"PREFECT_WORKER_QUERY_SECONDS": "2"}
"""The server reports runs that are due to the worker; it also asks every two seconds, for what it missed."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """The addresses of Prefect's server and of the gateway; `port` is None for a server that is not ours."""

    ui: str
    port: int | None
    gateway_port: int

    @property
    def api(self) -> str:
        """The URL of Prefect's API."""
        return f"{self.ui}/api"

    @property
    def gateway(self) -> str:
        """The URL of the reports."""
        return f"http://127.0.0.1:{self.gateway_port}"


def given_server() -> str:
    """The API of the server that PREFECT_API_URL names; empty where we start our own."""
    return variable(GIVEN_SERVER).rstrip("/")


def clean(folder: StateFolder) -> dict[str, str]:
    """The environment of a process of ours that only calls Prefect's API. Raises BadSettings."""
    inherited = for_child({})
    kept = {name: text for name, text in inherited.items() if _may_keep(name, inherited)}
    kept.pop(CLEAN, None)
    if given_server():
        return {**kept, **QUIET}
    home = {
        "PREFECT_HOME": str(folder.prefect),
        "PREFECT_PROFILES_PATH": str(folder.prefect / "profiles.toml"),
        CLIENT_AUTH: auth_string(folder.root),
        "PREFECT_API_SSL_CERT_FILE": str(NO_AUTHORITY),
    }
    return {**kept, **QUIET, **home}


def environment(folder: StateFolder, settings: Settings, addresses: Addresses) -> dict[str, str]:
    """The environment of the server, of the worker and its runs, and of the gateway. Raises BadSettings."""
    own = addresses.port is not None
    server = {**SERVER, **_own_server(folder, addresses), **_retention(settings)} if own else {}
    kept = clean(folder)
    kept.pop(OUR_DATABASE, None)
    return {
        **kept,
        **WORKER,
        **server,
        "PREFECT_API_URL": addresses.api,
        "INTEROFFICE_STATE": str(folder.root),
        "INTEROFFICE_ORGANIZATION": str(settings.organization),
        "INTEROFFICE_HOST": settings.host,
        "INTEROFFICE_GATEWAY_PORT": str(addresses.gateway_port),
        "PYTHONUNBUFFERED": "1",
        "TMPDIR": str(folder.scratch),
    }


def database(settings: Settings) -> Mapping[str, str]:
    """What the server alone has in its environment: where its database is, for us and for its driver."""
    url = settings.prefect_database_url
    return {OUR_DATABASE: url, DATABASE: for_asyncpg(url)} if url else {}


def for_asyncpg(url: str) -> str:
    """The URL of a PostgreSQL as Prefect's driver reads it, which calls `sslmode` another name."""
    parts = urlsplit(url)
    asked = [("ssl" if name == "sslmode" else name, text) for name, text in parse_qsl(parts.query)]
    return parts._replace(scheme="postgresql+asyncpg", query=urlencode(asked)).geturl()


def _own_server(folder: StateFolder, addresses: Addresses) -> Mapping[str, str]:
    origins = ",".join(f"http://{host}:{addresses.port}" for host in ("127.0.0.1", "localhost"))
    return {
        "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": origins,
        "PREFECT_SERVER_UI_API_URL": "/api",
        "PREFECT_SERVER_UI_STATIC_DIRECTORY": str(folder.prefect / "ui"),
        AUTH: auth_string(folder.root),
        "PREFECT_SERVER_API_HOST": "127.0.0.1",
        "PREFECT_SERVER_API_PORT": str(addresses.port),
    }


def _retention(settings: Settings) -> Mapping[str, str]:
    """For how long the server keeps runs, by `retention` of organization.yaml; then it deletes them."""
    from config.retention_now import retention_now  # noqa: PLC0415 - keeps --help quick

    days = retention_now(settings.organization).runs
    if days is None:
        return {"PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events"}
    return {
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": str(days * 86_400),
    }


def _may_keep(name: str, inherited: Mapping[str, str]) -> bool:
    """Whether a variable may be passed on; an API key not, where it would override a user and password."""
    if not name.startswith("PREFECT_"):
        return True
    if not inherited.get(GIVEN_SERVER):
        return False
    return name != "PREFECT_API_KEY" or not inherited.get("PREFECT_API_AUTH_STRING")
