"""Targets that are not the tool: how they are written, and a name server that answers as a test says.

Run as a program inside a network of its own (`unshare -rn`), it gives this machine every such address, listens
on all of them and calls each as a tool; what came over the connections is printed.
"""

import contextlib
import json
import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

LOOPBACK = [
    "127.0.0.1", "localhost", "LOCALHOST", "localhost.", "127.1", "127.0.1", "127.127.127.127", "127.0.0.1.", "2130706433", "0x7f000001",
    "0x7f.0.0.1", "0x7f.1", "0177.0.0.1", "0177.1", "017700000001", "127.0.0.01", "0", "0.0.0.0", "[::1]", "[::]", "[0:0:0:0:0:0:0:1]",  # noqa: S104 - not to listen
    "[0000:0000:0000:0000:0000:0000:0000:0001]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:127.0.0.1]",
    "\uff11\uff12\uff17.\uff10.\uff10.\uff11", "\u2460\u2461\u2466.\u24ea.\u24ea.\u2460", "127\u30020\u30020\u30021",
    "\u24db\u24de\u24d2\u24d0\u24db\u24d7\u24de\u24e2\u24e3", "\uff4c\uff4f\uff43\uff41\uff4c\uff48\uff4f\uff53\uff54",
]  # fmt: skip
"""Spellings of this machine."""
PRIVATE = [
    "10.0.0.5", "10.255.255.254", "172.16.0.1", "172.31.255.1", "192.168.1.1", "100.64.0.1", "100.100.100.200", "169.254.169.254",
    "169.254.170.2", "192.0.0.192", "192.0.2.1", "198.18.0.1", "198.51.100.7", "203.0.113.9", "2852039166", "0xa9fea9fe", "0251.0376.0251.0376",
    "169.254.43518", "[::ffff:169.254.169.254]", "[::ffff:10.0.0.5]", "[fd00:ec2::254]", "[fc00::1]", "[fec0::1]", "[2001:db8::1]",
    "[64:ff9b::7f00:1]", "[64:ff9b::a9fe:a9fe]", "[64:ff9b:1::1]", "[2002:7f00:1::1]", "[2002:a00:5::1]", "[2001:0:7f00:1::1]", "[100::1]",
    "[::127.0.0.2]", "[::ffff:0:127.0.0.1]",
]  # fmt: skip
"""Spellings of what lies in private networks, of a cloud's metadata, and of addresses that lead there."""
NAMES = {
    "rebound.example": ["127.0.0.1"],
    "rebound6.example": ["::1"],
    "metadata.google.internal": ["169.254.169.254"],
    "both.example": ["93.184.216.34", "127.0.0.1"],
    "both6.example": ["::1", "93.184.216.34"],
    "xn--bcher-kva.example": ["127.0.0.1"],
    "tool.example.127.0.0.1.nip.example": ["127.0.0.1"],
}
"""Names, and what the name server says of them."""
WRITTEN = ["b\u00fccher.example", "rebound.example.", "REBOUND.example", *NAMES]
PUBLIC = "93.184.216.34"
CHANGING = {
    "changing.example": [[PUBLIC], ["127.0.0.1"]],
    "changing6.example": [[PUBLIC], ["::1"]],
    "late.example": [[PUBLIC], [PUBLIC], ["127.0.0.1"]],
    "metadata.example": [[PUBLIC], ["169.254.169.254"]],
}
"""Names of which the name server says one thing when asked first and another afterwards."""


class NameServer:
    """Stands in for `socket.getaddrinfo`: it knows numbers in every notation, and the names above."""

    def __init__(self):
        self.asked: dict[str, int] = {}

    def __call__(self, host, port, *_, **__):
        name = (host.decode() if isinstance(host, bytes) else str(host)).rstrip(".").lower()
        count = self.asked[name] = self.asked.get(name, 0) + 1
        if name in CHANGING:
            found = CHANGING[name][min(count, len(CHANGING[name])) - 1]
        elif name in NAMES:
            found = NAMES[name]
        elif name == "localhost":
            found = ["::1", "127.0.0.1"]
        else:
            found = [number_of(name)]
        return [
            (socket.AF_INET6 if ":" in each else socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port, 0, 0) if ":" in each else (each, port))
            for each in found
        ]  # fmt: skip


def number_of(name: str) -> str:
    """An address in any notation, as the C library reads it."""
    with contextlib.suppress(OSError):
        return socket.inet_ntoa(socket.inet_aton(name))
    with contextlib.suppress(OSError):
        return socket.inet_ntop(socket.AF_INET6, socket.inet_pton(socket.AF_INET6, name))
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


def numbers() -> list[str]:
    """The addresses behind all those targets."""
    return sorted({number_of(host.strip("[]")) for host in PRIVATE} | {PUBLIC})


def world() -> None:
    """Give this network of ours every address."""
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    for number in numbers():
        own = ["ip", "addr", "add", f"{number}/{128 if ':' in number else 32}", "dev", "lo"]
        subprocess.run(own, check=False, capture_output=True)


def bases(host: str) -> list[str]:
    """How a tool's address would lead there."""
    return [f"http://{host}:8080", f"https://{host}:8080/tool"]


def redirects(host: str) -> list[str]:
    """How an answer would lead there."""
    return [
        f"http://{host}:8080/x",
        f"http://127.0.0.2@{host}:8080/x",
        f"//{host}:8080/x",
        f"/\\{host}:8080/x",
    ]


def program() -> None:
    """Lead a guarded client, and unguarded ones, to every target; print where bytes arrived."""
    world()
    import requests
    from urllib3.exceptions import HTTPError

    from connectors.errors import ToolError
    from tests.connectors.http.loopback import Sentinel, Tool, said, speaking

    def arrived(act, *given, **more):
        """Where bytes arrived by that, with a name server that knows nothing of what was asked before."""
        socket.getaddrinfo = NameServer()
        sentinel.places.clear()
        with contextlib.suppress(ToolError, requests.RequestException, HTTPError):
            act(*given, **more)
        return sorted(sentinel.places)

    def ours(base, **options):
        with speaking(base, timeout=(1, 0.2), **options) as http:
            http.get("/latest/meta-data")

    def led(target, follow):
        with Tool(
            said(302, headers={"Location": target.encode().decode("latin-1")}), host="127.0.0.2"
        ) as tool:
            follow(tool.url)

    def looked_at_once(base):
        """What only looks before it connects: the first answer of the name server is good."""
        host = urlsplit(base).hostname
        if socket.getaddrinfo(host, 80)[0][4][0] == PUBLIC:
            requests.get(base, timeout=(1, 0.2))

    def followed(url):
        requests.get(url, timeout=(1, 0.2))

    targets, result = [*LOOPBACK, *PRIVATE, *WRITTEN], {}
    with Sentinel("0.0.0.0", "::", port=8080) as sentinel:  # noqa: S104 - a network of its own
        for host in targets:
            result[host] = {
                "guarded": [arrived(ours, base, allow=[]) for base in bases(host)],
                "open": [arrived(ours, base, allow=["0.0.0.0/0", "::/0"]) for base in bases(host)],
                "led": [
                    arrived(led, to, lambda url: ours(url, allow=["127.0.0.2"])) for to in redirects(host)
                ],
                "followed": [arrived(led, to, followed) for to in redirects(host)[:1]],
            }
        for host in CHANGING:
            result[host] = {
                "guarded": [arrived(ours, base, allow=[PUBLIC]) for base in bases(host)],
                "looked at once": [arrived(looked_at_once, base) for base in bases(host)],
            }
    sys.stdout.write(json.dumps(result))


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[3]))
    program()
