"""The calls of TracXMLRPC as values. Refuses to send them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from connectors.http.client import Call

RPC = "/login/rpc"


def call_of(method: str, *params: object) -> Call:
    """The call of a method; of several in one, named by the first."""
    what = method
    if method == "system.multicall":
        first = cast("Mapping[str, object]", params[0])
        what = f"{method} of {len(params)} {first['method']}"
    return Call("POST", RPC, json={"method": method, "params": list(params), "id": 1}, what=what)
