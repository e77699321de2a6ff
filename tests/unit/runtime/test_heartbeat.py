"""A process whose event loop stands still is ended by a thread."""

import asyncio
import threading

import pytest

from shared.runtime.heartbeat import Heartbeat

BEAT_S = 0.005


async def test_a_loop_that_stands_still_is_ended() -> None:
    ended = threading.Event()
    beating = asyncio.create_task(Heartbeat(ended.set, beat_s=BEAT_S, missed=3).beat())
    await asyncio.sleep(0)

    assert ended.wait(timeout=10.0)  # which holds the loop up

    beating.cancel()


async def test_a_loop_that_goes_round_is_left_alone() -> None:
    ended = threading.Event()
    beating = asyncio.create_task(Heartbeat(ended.set, beat_s=BEAT_S, missed=200).beat())
    for _ in range(20):
        await asyncio.sleep(BEAT_S)

    assert not ended.is_set()

    beating.cancel()
    with pytest.raises(asyncio.CancelledError):
        await beating


async def test_the_thread_goes_with_the_loop() -> None:
    beating = asyncio.create_task(Heartbeat(lambda: None, beat_s=BEAT_S).beat())
    await asyncio.sleep(0)
    (thread,) = (each for each in threading.enumerate() if each.name == "heartbeat")

    beating.cancel()
    await asyncio.to_thread(thread.join, 10.0)

    assert not thread.is_alive()
