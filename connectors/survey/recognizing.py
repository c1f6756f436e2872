"""Which kind of server answers at an address, by what it shows everybody: no credential is sent.

Refuses to guess: what shows nothing of itself is not recognized.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

from connectors.errors import Refused
from connectors.http.client import Http, Reply

ANY = frozenset({301, 302, 303, 307, 308, 400, 401, 403, 404, 405, 406, 410, 422})
HOSTS = {
    "api.github.com": "github",
    "dev.azure.com": "azure-devops",
}
ENDINGS = {".visualstudio.com": "azure-devops", ".atlassian.net": "jira-cloud", ".ghe.com": "github"}
KNOWN = "Redmine, Jira, OpenProject, GitHub, Azure DevOps or Trac"


def recognized(http: Http, url: str) -> tuple[str, str]:
    """The kind and how it was recognized; both empty where it was not. Raises `TryLater` and `Refused`."""
    host = (urlsplit(url).hostname or "").lower()
    if host == "github.com":
        raise Refused("GitHub's interface has another address; write https://api.github.com")
    kind = HOSTS.get(host) or next((each for end, each in ENDINGS.items() if host.endswith(end)), "")
    if kind:
        return kind, f"by the name of its host, {host}"
    for look in (_jira, _openproject, _redmine, _front):
        kind, why = look(http)
        if kind:
            return kind, why
    return "", ""


def _asked(http: Http, path: str) -> Reply:
    return http.get(path, accept=ANY, headers=(("Accept", "*/*"),))


def _said(reply: Reply) -> dict[str, Any]:
    try:
        found = json.loads(reply.body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _jira(http: Http) -> tuple[str, str]:
    reply = _asked(http, "/rest/api/2/serverInfo")
    kind = _said(reply).get("deploymentType")
    if kind == "Cloud":
        return "jira-cloud", "it says that it is Jira Cloud"
    if kind == "Server" or "x-arequestid" in reply.headers:
        return "jira-dc", "it says that it is a Jira of one's own"
    if any(name in reply.headers for name in ("x-tfs-processid", "x-vss-e2eid")):
        return "azure-devops", "its answers have Azure DevOps's headers"
    return "", ""


def _openproject(http: Http) -> tuple[str, str]:
    reply = _asked(http, "/api/v3")
    said = _said(reply)
    named = str(said.get("errorIdentifier", "")).startswith("urn:openproject-org:")
    if named or (said.get("_type") == "Root" and "instanceName" in said):
        return "openproject", "its interface says that it is OpenProject"
    if "x-github-enterprise-version" in reply.headers or "x-github-request-id" in reply.headers:
        return "github", "its answers have GitHub's headers"
    return "", ""


def _redmine(http: Http) -> tuple[str, str]:
    reply = _asked(http, "/projects.json")
    said = _said(reply)
    asks = 'realm="Redmine API"' in reply.headers.get("www-authenticate", "")
    if asks or _session(reply) or (isinstance(said.get("projects"), list) and "total_count" in said):
        return "redmine", "its interface answers as Redmine's does"
    return "", ""


def _session(reply: Reply) -> bool:
    return "_redmine_session" in reply.headers.get("set-cookie", "")


def _front(http: Http) -> tuple[str, str]:
    for path in ("/", "/login"):
        reply = _asked(http, path)
        page, cookie = reply.body[:200_000].lower(), reply.headers.get("set-cookie", "")
        if b'content="redmine"' in page or _session(reply):
            return "redmine", "its page says that it is Redmine"
        if "trac_form_token" in cookie or b"trac.edgewall.org" in page:
            return "trac", "its page says that it is Trac"
    return "", ""
