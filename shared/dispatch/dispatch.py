"""From a command to its answer, exactly once.

The happy path reads nothing but the cached state. Before an answer that writes nothing is given,
two things are made sure of: that it rests on the newest version of the stream, and that the
command was not accepted before, in which case the first answer is given.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from uuid_utils.compat import uuid7

from shared.dispatch.answers import Answer, answer_of
from shared.dispatch.locks import Locks
from shared.eventstore.commits import Frame
from shared.eventstore.group_commit import Taken
from shared.eventstore.store import Addition, EventStore, Loaded
from shared.kernel.commands import Command, Context, Decision, decide
from shared.kernel.events import Envelope
from shared.kernel.facts import Ask, Facts, Row
from shared.kernel.permissions import Actor
from shared.kernel.refusals import Conflict, Malformed, NotYet, Refused, Stale
from shared.kernel.services import Service
from shared.observability.metrics import command_metrics
from shared.policy import Policies
from shared.policy.periods import local_day


class RowSource(Protocol):
    """Where foreign facts are looked up: the service's own views."""

    async def look_up(
        self, asks: Sequence[Ask]
    ) -> tuple[Mapping[Ask, Row | None], Mapping[Ask, str]]:
        """The row of each ask, None where nothing is known, and the position it was seen at."""


@dataclass(frozen=True, slots=True)
class _Sent:
    """A command on its way, with all that came with it."""

    command: Command[Any, Any]
    key: str
    actor: Actor
    command_id: str
    fingerprint: str
    correlation_id: str
    causation_id: str
    if_match: int | None
    traceparent: str
    wanted: Callable[[], Awaitable[bool]]

    @property
    def stream(self) -> str:
        return self.command.aggregate.kind.stream(self.key)


@dataclass(frozen=True, slots=True)
class _Decided:
    """What a command came to: facts to append, or else the answer that nothing is to be done."""

    decision: Decision
    additions: tuple[Addition[Any, Any], ...]
    at: datetime
    answer: Answer


async def _always() -> bool:
    return True


class Dispatcher:
    """Serves every command of one service, in as many processes as there are."""

    def __init__(
        self,
        service: Service,
        store: EventStore,
        rows: RowSource,
        policies: Policies,
        clock: Callable[[], datetime],
        *,
        tries: int = 10,
        deadline_s: float = 8.0,
    ) -> None:
        self._service = service.name
        self._aggregates = service.aggregates
        self._store = store
        self._rows = rows
        self._policies = policies
        self._clock = clock
        self._tries = tries
        self._deadline_s = deadline_s
        self._locks = Locks()

    async def send(
        self,
        command: Command[Any, Any],
        key: str,
        *,
        actor: Actor,
        command_id: str = "",
        fingerprint: str = "",
        correlation_id: str = "",
        causation_id: str = "",
        if_match: int | None = None,
        traceparent: str = "",
        wanted: Callable[[], Awaitable[bool]] = _always,
    ) -> Answer:
        """Let the command happen, once for each `command_id`, and answer.

        `wanted` tells whether anybody still waits for the answer: whoever had to wait for others, or
        lost against them, is asked for it, and not decided for when gone.
        Raises Refused or one of its kinds: among them Stale (`version_stale`) when `if_match` is not the
        version of the stream, Conflict (`conflict`) when others kept winning, Malformed
        (`idempotency_key_reused`) for another `fingerprint` under the same id, and NotYet
        (`store_unreachable`) when nobody knows what happened; sending again is safe then.
        """
        if not any(command.aggregate is each for each in self._aggregates):
            raise ValueError(f"{type(command).__name__} goes to another service")
        sent = _Sent(
            command=command,
            key=key,
            actor=actor,
            command_id=command_id,
            fingerprint=fingerprint,
            correlation_id=correlation_id or str(uuid7()),
            causation_id=causation_id,
            if_match=if_match,
            traceparent=traceparent,
            wanted=wanted,
        )
        name = type(command).__name__
        began = time.perf_counter()
        outcome = "failed"
        try:
            answer = await self._in_time(sent)
            outcome = "repeated" if answer.repeated else "stored" if answer.events else "already_so"
        except Refused as refusal:
            outcome = refusal.code
            raise
        finally:
            count, seconds = command_metrics(self._service, name, outcome)
            count.inc()
            seconds.observe(time.perf_counter() - began)
        return answer

    async def _in_time(self, sent: _Sent) -> Answer:
        reads = sent.command.reads(sent.key)
        streams = [sent.stream, *(aggregate.kind.stream(other) for aggregate, other in reads)]
        try:
            async with asyncio.timeout(self._deadline_s), self._locks.hold(streams) as waited:
                # Else a crowd that hangs up and asks again is served too late for ever after.
                if waited and not await sent.wanted():
                    raise Conflict("conflict", stream=sent.stream)
                return await self._settle(sent)
        except TimeoutError:
            raise NotYet("store_unreachable") from None

    async def _settle(self, sent: _Sent) -> Answer:
        """Decide until there is an answer: on the cache first, then on what the store holds."""
        command = sent.command
        fresh = False
        for tried in range(self._tries):
            loaded = await self._store.load(
                command.aggregate, sent.key, fresh=fresh, perhaps_new=command.begins
            )
            try:
                decided = await self._decide(sent, loaded)
            except NotYet:
                # Nobody knows what happened, or what is needed is not there: not to be tried again.
                if first := await self._first_answer(sent):
                    return first
                raise
            except Refused:
                if loaded.fresh:
                    if first := await self._first_answer(sent):
                        return first
                    raise
                fresh = True
                continue
            if decided.additions:
                try:
                    return await self._append(sent, decided)
                except Malformed:
                    if first := await self._first_answer(sent):
                        return first
                    raise
                except Taken:
                    # Another write won here, or this command was accepted on another stream.
                    if first := await self._first_answer(sent):
                        return first
                    await asyncio.sleep(random.uniform(0, 0.005 * 2 ** min(tried, 5)))  # noqa: S311
                    # Whoever hung up may have sent it again elsewhere, and been refused there.
                    if not await sent.wanted():
                        break
            elif loaded.fresh:
                return await self._first_answer(sent) or decided.answer
            fresh = True
        raise Conflict("conflict", stream=sent.stream)

    async def _decide(self, sent: _Sent, loaded: Loaded[Any]) -> _Decided:
        """Decide once on a state, with everything that the decision may know."""
        command = sent.command
        siblings = {
            aggregate.kind.stream(key): (aggregate, key, await self._sibling(aggregate, key))
            for aggregate, key in command.reads(sent.key)
        }
        begun = loaded.version > 0 or command.begins
        if begun and sent.if_match is not None and sent.if_match != loaded.version:
            raise Stale("version_stale", version=loaded.version, given=sent.if_match)
        now = self._clock()
        context = Context(
            now=now,
            today=local_day(now),
            actor=sent.actor,
            key=sent.key,
            policy=self._policies.on(local_day(now)),
            new_id=uuid7,
            facts=await self._facts(command.asks(loaded.state) if begun else ()),
            siblings={
                stream: (other.state, other.version) for stream, (_, _, other) in siblings.items()
            },
        )
        decision = decide(
            command,
            loaded.state,
            loaded.version,
            context,
            Envelope(correlation_id=sent.correlation_id, causation_id=sent.causation_id),
        )
        additions: tuple[Addition[Any, Any], ...] = ()
        if decision.events:
            additions = (
                Addition(command.aggregate, sent.key, loaded, decision.events),
                *(Addition(*siblings[to], facts) for to, facts in decision.companions.items()),
            )
        elif decision.companions:
            raise RuntimeError(f"{type(command).__name__} wrote to another stream only")
        answer = Answer(sent.key, sent.stream, loaded.version, (), decision.envelope.warnings)
        return _Decided(decision, additions, now, answer)

    async def _append(self, sent: _Sent, decided: _Decided) -> Answer:
        """Append what was decided; raises Taken, or NotYet when nobody knows what happened."""
        frame = Frame(
            at=decided.at,
            envelope=decided.decision.envelope,
            command_id=sent.command_id,
            fingerprint=sent.fingerprint,
            traceparent=sent.traceparent,
        )
        own, *others = decided.additions
        commit = await self._store.append(own, *others, frame=frame, notes=decided.decision.notes)
        return answer_of(commit, sent.command.aggregate.kind, repeated=False)

    async def _sibling(self, aggregate: Any, key: str) -> Loaded[Any]:
        # Only the streams that are written are checked by the store, so these are asked anew.
        return await self._store.load(aggregate, key, fresh=True)

    async def _facts(self, asks: Sequence[Ask]) -> Facts:
        return Facts(*await self._rows.look_up(asks)) if asks else Facts({})

    async def _first_answer(self, sent: _Sent) -> Answer | None:
        """What the command was answered if it was accepted before."""
        commit = await self._store.find_command(sent.command_id) if sent.command_id else None
        if commit is None:
            return None
        if commit.fingerprint != sent.fingerprint:
            raise Malformed("idempotency_key_reused")
        return answer_of(commit, sent.command.aggregate.kind, repeated=True)
