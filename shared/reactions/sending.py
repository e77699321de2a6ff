"""Sending what follows from a fact or a date, and writing down what was refused.

A refusal never stops anything: it is kept in `refused_reactions`, counted, and shown.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

import structlog
from pydantic import TypeAdapter

from shared.dispatch.answers import Answer
from shared.eventstore.database import Database, patiently
from shared.kernel.commands import Command
from shared.kernel.permissions import Actor, system
from shared.kernel.reactions import Send
from shared.kernel.refusals import Conflict, NotYet, Refused
from shared.projections.received import Received

log = structlog.get_logger()

REFUSED = "refused_reactions"
EVIDENCE_S = 3.0
"""How long a command waits for facts that it needs and nobody has told yet."""

_JSON: TypeAdapter[Any] = TypeAdapter(Any)
_FAILURES = 3


class Dispatch(Protocol):
    """The one way of every command: the service's dispatcher."""

    async def send(
        self,
        command: Command[Any, Any],
        key: str,
        *,
        actor: Actor,
        command_id: str = "",
        correlation_id: str = "",
        causation_id: str = "",
    ) -> Answer:
        """Let the command happen, once for each `command_id`; raises Refused or one of its kinds."""


@dataclass(frozen=True, slots=True)
class Cause:
    """Why something is sent: by which reaction or deadline, after which fact, and under which id."""

    by: str
    command_id: str
    position: str
    event_id: str = ""
    correlation_id: str = ""
    record: Received | None = None
    """The fact as it came, kept with a refusal so that it can be reacted to once more."""
    reader: str = ""
    """Who held it back, where that was before any reaction had a say."""


class Sender:
    """Sends commands for the system, each as often as it takes until there is an answer.

    A fact that nobody has told yet is waited for, but not longer than `evidence_s`; nor is
    anything else, unless the sender is `patient`.
    """

    def __init__(
        self,
        database: Database,
        dispatch: Dispatch,
        *,
        evidence_s: float = EVIDENCE_S,
        patient: bool = True,
    ) -> None:
        self._refused = database[REFUSED]
        self._dispatch = dispatch
        self._evidence_s = evidence_s
        self._patient = patient

    async def send(self, send: Send, cause: Cause) -> str:
        """Give what came of it: `accepted`, `nothing`, `refused`, or `failed` for a mistake."""
        return await self.attempt(lambda: self._once(send, cause), cause, send)

    async def attempt(
        self, once: Callable[[], Awaitable[str]], cause: Cause, send: Send | None = None
    ) -> str:
        """Do something until it gives what came of it, or is refused, which is written down."""
        began = time.monotonic()
        failures = 0
        pause_s = 0.02
        while True:
            try:
                return await once()
            except NotYet as later:
                waited_s = time.monotonic() - began
                passes = self._patient and later.code != "evidence_missing"
                given_up = not passes and waited_s > self._evidence_s
                if given_up or later.code == "stream_parked":
                    await self.refused(cause, later, send)
                    return "refused"
            except Conflict:
                pass
            except Refused as refusal:
                await self.refused(cause, refusal, send)
                return "refused"
            except Exception as problem:
                failures += 1
                if failures == _FAILURES:
                    log.exception("reaction_failed", by=cause.by, position=cause.position)
                    await self.failed(cause, problem, send)
                    return "failed"
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, 1.0)

    async def was_refused(self, command_id: str) -> bool:
        """Whether a command has been given up."""
        found = await patiently(lambda: self._refused.find_one({"_id": command_id}, {"_id": True}))
        return found is not None

    async def taken(self, command_ids: Iterable[str]) -> None:
        """Forget notes of what has been done after all."""
        which = {"_id": {"$in": list(command_ids)}}
        await patiently(lambda: self._refused.delete_many(which))

    async def refused(self, cause: Cause, refusal: Refused, send: Send | None = None) -> None:
        """Write down a refusal."""
        log.warning("reaction_refused", by=cause.by, position=cause.position, code=refusal.code)
        facts = _JSON.dump_python(refusal.facts, mode="json", fallback=str)
        await self._note(cause, send, {"code": refusal.code, "rule": refusal.rule, "facts": facts})

    async def failed(self, cause: Cause, problem: Exception, send: Send | None = None) -> None:
        """Write down a mistake in the program; of the error its type alone."""
        await self._note(cause, send, {"code": "failed", "error": type(problem).__name__})

    async def _once(self, send: Send, cause: Cause) -> str:
        answer = await self._dispatch.send(
            send.command,
            send.key,
            actor=system(cause.by),
            command_id=cause.command_id,
            correlation_id=cause.correlation_id,
            causation_id=cause.event_id,
        )
        return "accepted" if answer.events else "nothing"

    async def _note(self, cause: Cause, send: Send | None, what: dict[str, Any]) -> None:
        note = {
            "reaction": cause.by,
            "command": type(send.command).__name__ if send else "",
            "stream": send.command.aggregate.kind.stream(send.key) if send else "",
            "position": cause.position,
            "event_id": cause.event_id,
            "at": datetime.now(UTC),
            **what,
        }
        if cause.reader:
            note["reader"] = cause.reader
        if cause.record is not None:
            note["record"] = cause.record.to_document()
        which = {"_id": cause.command_id}
        await patiently(lambda: self._refused.update_one(which, {"$set": note}, upsert=True))
