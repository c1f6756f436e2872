"""A server's events of runs reach the listener, also after the connection broke; over a real socket."""

import asyncio
import json
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

from prefect.events import Event
from websockets.asyncio.server import ServerConnection, serve

from runtime.news import DUE, ENDED, told


def event_of(name: str, run: UUID) -> str:
    event = Event(event=name, resource={"prefect.resource.id": f"prefect.flow-run.{run}"})
    return json.dumps({"type": "event", "event": event.model_dump(mode="json")})


@asynccontextmanager
async def telling(events: list[list[str]]):
    """A server that tells each who comes what is next in the list, and breaks the line; and what was asked."""
    asked = []

    async def tell(line: ServerConnection) -> None:
        await line.recv()
        await line.send(json.dumps({"type": "auth_success"}))
        asked.append(json.loads(await line.recv())["filter"]["event"]["name"])
        for event in events.pop(0):
            await line.send(event)
        if events:
            line.transport.abort()
        else:
            await line.wait_closed()

    async with serve(tell, "127.0.0.1", 0, subprotocols=["prefect"]) as server:
        port = server.sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}/api", asked


def test_the_ends_of_runs_are_told_in_their_order_also_after_the_line_broke() -> None:
    runs = [uuid4(), uuid4(), uuid4()]
    heard: asyncio.Queue[UUID] = asyncio.Queue()

    async def listen() -> list[UUID]:
        events = [[event_of(ENDED[0], runs[0]), event_of(ENDED[2], runs[1])], [event_of(ENDED[1], runs[2])]]
        async with telling(events) as (api, asked), told(api, ENDED, heard.put):
            found = [await asyncio.wait_for(heard.get(), 20) for _ in runs]
        assert asked == [list(ENDED)] * 2
        return found

    assert asyncio.run(listen()) == runs


def test_who_fails_to_ask_is_told_again() -> None:
    run, asked_again = uuid4(), asyncio.Event()
    failures = [OSError("the server is away")]

    async def ask(_: UUID) -> None:
        if failures:
            raise failures.pop()
        asked_again.set()

    async def listen() -> None:
        events = [[event_of(DUE[0], run)], [event_of(DUE[0], run)]]
        async with telling(events) as (api, _), told(api, DUE, ask):
            await asyncio.wait_for(asked_again.wait(), 20)

    asyncio.run(listen())


def test_a_server_that_tells_nothing_disturbs_nobody() -> None:
    async def listen() -> str:
        async with told("http://127.0.0.1:9/api", DUE, asyncio.sleep):
            await asyncio.sleep(0.1)
            return "went on"

    assert asyncio.run(listen()) == "went on"
