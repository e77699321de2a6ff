"""Locks by stream: one at a time, no deadlock, nothing left behind."""

import asyncio

import pytest

from shared.dispatch.locks import Locks


async def test_a_stream_is_held_by_one_at_a_time() -> None:
    locks, inside, most = Locks(), 0, 0

    async def hold() -> None:
        nonlocal inside, most
        async with locks.hold({"a"}):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0)
            inside -= 1

    await asyncio.gather(*(hold() for _ in range(20)))
    assert most == 1


async def test_other_streams_do_not_wait() -> None:
    locks = Locks()
    async with locks.hold({"a"}), asyncio.timeout(1), locks.hold({"b"}):
        pass


async def test_whoever_enters_is_told_whether_somebody_was_there_before() -> None:
    locks, told = Locks(), []

    async def hold() -> None:
        async with locks.hold({"a", "b"}) as waited:
            told.append(waited)
            await asyncio.sleep(0)

    await asyncio.gather(hold(), hold())
    await hold()
    assert told == [False, True, False]


async def test_whoever_wants_several_in_any_order_gets_them() -> None:
    locks = Locks()

    async def hold(*streams: str) -> None:
        async with locks.hold(streams):
            await asyncio.sleep(0)

    async with asyncio.timeout(5):
        await asyncio.gather(*(hold("a", "b") if i % 2 else hold("b", "a", "b") for i in range(50)))


async def test_nothing_is_left_when_all_are_gone() -> None:
    locks = Locks()
    async with locks.hold({"a"}):
        waiting = asyncio.create_task(_hold(locks))
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
    assert locks._locks == {}


async def _hold(locks: Locks) -> None:
    async with locks.hold({"a"}):
        raise AssertionError("two hold it")
