"""Who may send webhooks, and who receives the network's events, as the organization's files say it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

SCHEMES: Mapping[str, bool] = {
    "standard-webhooks": True,
    "hmac": True,
    "bearer": True,
    "github": False,
    "jira-cloud": False,
    "jira-dc": False,
    "openproject": False,
    "redmine": False,
    "azure-devops": False,
    "azure-devops-header": False,
}
"""How senders prove who they are, and whether that also proves which message it is."""


MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Source:
    """Who may send webhooks: the scheme that proves it, names of secrets, what they may start.

    With a `tool` its messages are hints about the offices of the tool; otherwise `may` names the kinds of
    messages (empty: none), and `offices` the offices that it acts for.
    """

    id: str
    scheme: str
    secrets: tuple[str, ...]
    tool: str = ""
    may: frozenset[str] = frozenset()
    per_minute: int = 600
    offices: frozenset[str] = frozenset()
    """The offices that the source acts for."""
    megabytes: int = 1000
    """How many megabytes the bodies of its messages may take of the inbox."""

    @property
    def bytes(self) -> int:
        """That limit in bytes."""
        return self.megabytes * MEGABYTE


@dataclass(frozen=True, slots=True)
class Receiver:
    """A receiver of the network's events: its address, its secret's name, and which kinds (empty: all)."""

    id: str
    url: str
    secret: str
    events: frozenset[str] = frozenset()
    allow: tuple[str, ...] = ()
    """Private hosts and networks that may be connected to."""
