"""While the door serves, the network's events go out by themselves."""

import asyncio

from gateway.app import door_of
from tests.gateway.conftest import Client, Shelf, run
from tests.gateway.test_sending import begun, board, clock, happen, store, to

__all__ = ["board", "clock", "store"]


def test_events_go_out_while_the_door_serves_and_are_counted(store, clock, board) -> None:
    house = begun(store, clock, to(board))
    happen(store, 3)

    async def served() -> str:
        async with Client(door_of(house, Shelf())) as client:
            for _ in range(200):
                await asyncio.sleep(0.05)
                if len(board.numbers()) == 3:
                    break
            for _ in range(100):
                figures = (await client.http.get("/metrics")).text
                if 'state="sent"} 3.0' in figures:
                    break
                await asyncio.sleep(0.05)
            return figures

    assert 'interoffice_outgoing{receiver="board",state="sent"} 3.0' in run(served())
    assert board.numbers() == [1, 2, 3]
