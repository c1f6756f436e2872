"""Send a text to a person's own address, by mail or chat, through Apprise; it keeps and logs nothing of it.

Refuses to say more than whether the address took it: what Apprise knows of a failure may hold passwords.
"""

from __future__ import annotations


def send(address: str, title: str, body: str) -> bool:
    """Whether the address took it. It may take as long as the address needs to answer."""
    import apprise  # noqa: PLC0415 - half a second, which only who sends has to wait

    sender = apprise.Apprise()
    return bool(sender.add(address)) and bool(sender.notify(body=body, title=title, body_format="text"))
