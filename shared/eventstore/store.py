"""The event store of one service: load a stream, append to it, and nothing else."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from uuid_utils import uuid7

from shared.eventstore.cache import StateCache
from shared.eventstore.commits import Commit, Frame, commit_of, decode, encode, stream_range
from shared.eventstore.database import Database, Document, reaching
from shared.eventstore.group_commit import GroupCommit, Taken
from shared.eventstore.notes import Notes
from shared.eventstore.two_streams import store_together
from shared.kernel.codec import Codec
from shared.kernel.commands import Aggregate, Note
from shared.kernel.events import Event, Recorded
from shared.kernel.refusals import Malformed, NotYet

S = TypeVar("S")
E = TypeVar("E", bound=Event)


@dataclass(frozen=True, slots=True)
class Loaded(Generic[S]):
    """A state and its version; `fresh` when the store was asked just now, not only the cache."""

    state: S
    version: int
    fresh: bool


@dataclass(frozen=True, slots=True)
class Addition(Generic[S, E]):
    """Facts that follow on a loaded stream."""

    aggregate: Aggregate[S, E]
    key: str
    loaded: Loaded[S]
    events: Sequence[E]

    @property
    def stream(self) -> str:
        """The stream they are to be appended to."""
        return self.aggregate.kind.stream(self.key)


class EventStore:
    """Loads and appends.

    `on_stored` is called after each commit, to wake the relay; `batched` with the number of
    commits that travel together.
    """

    def __init__(
        self,
        database: Database,
        codec: Codec,
        *,
        on_stored: Callable[[], None] = lambda: None,
        batched: Callable[[int], None] = lambda _: None,
        cached_streams: int = 2_000,
        timeout_s: float = 5.0,
    ) -> None:
        self.notes = Notes(database)
        self._database = database
        self._commits = database["commits"]
        self._codec = codec
        self._on_stored = on_stored
        self._timeout_s = timeout_s
        self._cache = StateCache(cached_streams)
        self._group = GroupCommit(self._commits, timeout_s=timeout_s, batched=batched)
        self._appending: set[asyncio.Task[None]] = set()

    async def load(
        self,
        aggregate: Aggregate[S, E],
        key: str,
        *,
        fresh: bool = False,
        perhaps_new: bool = False,
    ) -> Loaded[S]:
        """Replay a stream from where the cache is; without `fresh` the cache alone may do.

        With `perhaps_new` a stream that is not in the cache is taken for one that has not begun:
        a thing that is being made needs no look, and the store refuses what rests on a mistake.

        Raises NotYet (`store_unreachable`), or Undecodable for a fact this process cannot know.
        """
        stream = aggregate.kind.stream(key)
        state, version = self._cache.get(stream) or (aggregate.initial, 0)
        if (version or perhaps_new) and not fresh:
            return Loaded(state, version, fresh=False)
        for commit in await self._commits_of(stream, version):
            if commit.first != version + 1:
                raise RuntimeError(f"{stream} has a gap before {commit.id}")
            facts = [self._codec.decode(e["type"], e["v"], e["data"]) for e in commit.events]
            state, version = aggregate.replay(facts, state), commit.last  # type: ignore[arg-type]
        if version:
            self._cache.put(stream, state, version)
        return Loaded(state, version, fresh=True)

    async def head(self, stream: str) -> int:
        """The version of a stream, 0 when it has not begun."""
        with reaching():
            found = await self._commits.find_one(
                {"_id": stream_range(stream)}, projection={"last": 1}, sort=[("_id", -1)]
            )
        return int(found["last"]) if found else 0

    async def find_command(self, command_id: str) -> Commit | None:
        """What a command led to, if it was accepted before, by whichever process."""
        with reaching():
            found = await self._commits.find_one({"command_id": command_id})
        return decode(found) if found else None

    async def read(self, stream: str, after: int = 0) -> tuple[Recorded[Any], ...]:
        """The facts of a stream after a version, in order."""
        with reaching():
            found = self._commits.find({"_id": stream_range(stream), "last": {"$gt": after}})
            commits = [decode(document) async for document in found.sort("_id", 1)]
        facts = (fact for commit in commits for fact in commit.facts(self._codec))
        return tuple(fact for fact in facts if fact.version > after)

    async def append(
        self,
        addition: Addition[Any, Any],
        *others: Addition[Any, Any],
        frame: Frame,
        notes: Sequence[Note] = (),
    ) -> Commit:
        """Append to a stream, with `others` in one transaction; the first commit is given back.

        Raises Taken when a place or the command id is taken, Malformed (`not_storable`,
        `commit_too_large`), or NotYet (`store_unreachable`) when nobody knows; repeating is safe.
        Cancelling the caller does not undo it.
        """
        additions = (addition, *others)
        commits = [self._commit(each, frame, each is addition) for each in additions]
        documents = [
            encode(commit, each.aggregate.kind)
            for commit, each in zip(commits, additions, strict=True)
        ]
        # A fact that evolve cannot take is found before it is stored.
        states = [each.aggregate.replay(each.events, each.loaded.state) for each in additions]
        if len(documents) == 1 and not notes:
            # Its batch is stored by a task of its own, which no cancellation of the caller reaches.
            await self._append(commits, documents, states, notes)
            return commits[0]
        task = asyncio.create_task(self._append(commits, documents, states, notes))
        self._appending.add(task)
        task.add_done_callback(self._appended)
        await asyncio.shield(task)
        return commits[0]

    async def close(self) -> None:
        """Wait until what was begun is stored; each append ends by itself in bounded time."""
        if self._appending:
            await asyncio.wait(self._appending)
        await self._group.close()

    async def _commits_of(self, stream: str, after: int) -> list[Commit]:
        with reaching():
            found = self._commits.find({"_id": stream_range(stream, after)}).sort("_id", 1)
            return [decode(document) async for document in found]

    def _commit(self, addition: Addition[Any, Any], frame: Frame, is_first: bool) -> Commit:  # noqa: FBT001
        events = [(str(uuid7()), self._codec.encode(event)) for event in addition.events]
        if not is_first:
            frame = Frame(frame.at, frame.envelope, traceparent=frame.traceparent)
        return commit_of(addition.stream, addition.loaded.version + 1, events, frame)

    async def _append(
        self,
        commits: Sequence[Commit],
        documents: Sequence[bytes],
        states: Sequence[Any],
        notes: Sequence[Note],
    ) -> None:
        if notes:
            await self.notes.put(notes, commits[0].at)
        try:
            await self._store(commits, documents)
        except (Taken, Malformed):
            await self.notes.drop(notes)
            raise
        except BaseException:
            # It may be stored or not, so the notes stay and the states go.
            for commit in commits:
                self._cache.forget(commit.stream)
            self._on_stored()
            raise
        for commit, state in zip(commits, states, strict=True):
            self._cache.put(commit.stream, state, commit.last)
        self._on_stored()

    async def _store(self, commits: Sequence[Commit], documents: Sequence[bytes]) -> None:
        try:
            if len(documents) == 1:
                await self._group.add(documents[0])
            else:
                await store_together(self._database, documents, timeout_s=self._timeout_s)
        except Taken:
            # After a lost answer the place may be taken by this very commit.
            in_the_way = await self._in_the_way(commits)
            if not any(commits[0].same_as(each) for each in in_the_way):
                raise

    async def _in_the_way(self, commits: Sequence[Commit]) -> list[Commit]:
        """Find what took the place, once a majority has it: only then a reload would see it."""
        places: list[Document] = [{"_id": {"$in": [each.id for each in commits]}}]
        if commits[0].command_id:
            places.append({"command_id": commits[0].command_id})
        until = time.monotonic() + self._timeout_s
        while time.monotonic() < until:
            with reaching():
                found = await self._commits.find({"$or": places}).to_list(None)
            if found:
                return [decode(each) for each in found]
            await asyncio.sleep(0.01)
        raise NotYet("store_unreachable")

    def _appended(self, task: asyncio.Task[None]) -> None:
        self._appending.discard(task)
        if not task.cancelled():
            task.exception()  # The caller may be gone; nobody else would have looked.
