"""Sending a command that nobody waits for: patiently, once, and with a refusal written down."""

import asyncio
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import structlog

from shared.dispatch.dispatch import Dispatcher
from shared.eventstore.database import Database, patiently
from shared.kernel.permissions import system
from shared.kernel.reactions import Send
from shared.kernel.refusals import Conflict, NotYet, Refused

log = structlog.get_logger()

REFUSED = "refused_reactions"
_EVIDENCE_WITHIN_S = 5.0
"""How long a reaction waits for a row that some other service has to tell of first."""


class Sender:
    """Sends what reactions and deadlines make; what is refused is kept in `refused_reactions`."""

    def __init__(self, database: Database, dispatcher: Dispatcher) -> None:
        self._refused = database[REFUSED]
        self._dispatcher = dispatcher

    async def send(
        self,
        send: Send,
        *,
        name: str,
        command_id: str,
        cause: str = "",
        causation_id: str = "",
        correlation_id: str = "",
    ) -> str:
        """Send until there is an answer; gives `accepted`, `nothing` or `refused`.

        The store's absence is waited out; a fact that is not known is waited for a while.
        """
        began, pause_s = time.monotonic(), 0.05
        while True:
            try:
                answer = await self._dispatcher.send(
                    send.command,
                    send.key,
                    actor=system(name),
                    command_id=command_id,
                    causation_id=causation_id,
                    correlation_id=correlation_id,
                )
            except (NotYet, Conflict) as later:
                waited_s = time.monotonic() - began
                if later.code == "evidence_missing" and waited_s > _EVIDENCE_WITHIN_S:
                    await self.refuse(command_id, name, cause, later)
                    return "refused"
                await asyncio.sleep(pause_s)
                pause_s = min(2 * pause_s, 2.0)
            except Refused as refusal:
                await self.refuse(command_id, name, cause, refusal)
                return "refused"
            else:
                return "accepted" if answer.events else "nothing"

    async def refuse(self, command_id: str, name: str, cause: str, refusal: Refused) -> None:
        """Write a refusal down, once."""
        await self._write_down(
            command_id, name, cause, code=refusal.code, rule=refusal.rule, facts=refusal.facts
        )

    async def fail(self, command_id: str, name: str, cause: str, problem: Exception) -> None:
        """Write down that a reaction itself failed; its message may quote what it should not."""
        await self._write_down(
            command_id, name, cause, code="reaction_failed", error=type(problem).__name__
        )

    async def _write_down(
        self, command_id: str, name: str, cause: str, *, code: str, **more: Any
    ) -> None:
        log.warning("reaction_refused", reaction=name, cause=cause, code=code)
        document: Mapping[str, Any] = {
            "reaction": name,
            "cause": cause,
            "code": code,
            "at": datetime.now(UTC),
            **_plain(more),
        }
        await patiently(
            lambda: self._refused.update_one(
                {"_id": command_id}, {"$setOnInsert": document}, upsert=True
            )
        )


def _plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts as they can be kept: what is no plain value stands as text."""
    return {
        name: value
        if isinstance(value, str | int | float | bool | None)
        else _plain(value)
        if isinstance(value, Mapping)
        else str(value)
        for name, value in facts.items()
    }
