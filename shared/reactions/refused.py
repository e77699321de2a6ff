"""Reactions and deadlines that were refused or failed: shown, and tried again on somebody's word."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from shared.eventstore.database import Database
from shared.kernel.codec import Codec, Undecodable
from shared.kernel.refusals import Malformed, Unknown
from shared.kernel.services import Service
from shared.projections.received import Received
from shared.projections.rows import Rows
from shared.projections.tables import Tables
from shared.reactions.answering import Answering
from shared.reactions.deployments import Deployed, deploy
from shared.reactions.reacted import Reacted
from shared.reactions.sending import REFUSED, Dispatch, Sender

_DEADLINE = "deadline."
_EVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class RefusedReaction:
    """What was not done: by which reaction or deadline, after which fact, to whom, and why not."""

    id: str
    reaction: str
    command: str
    stream: str
    position: str
    code: str
    at: datetime


class RefusedReactions:
    """Those of one service. Its workers may be running meanwhile."""

    def __init__(
        self, service: Service, database: Database, codec: Codec, dispatch: Dispatch, rows: Rows
    ) -> None:
        self._service = service
        self._database = database
        self._refused = database[REFUSED]
        self._codec = codec
        self._rows = rows
        self._sender = Sender(database, dispatch, patient=False)

    async def listed(self, code: str = "") -> list[RefusedReaction]:
        """All of them, or those refused with this code; the oldest first."""
        found = self._refused.find({"code": code} if code else {}).sort([("at", 1), ("_id", 1)])
        return [_described(each) async for each in found]

    async def count(self) -> int:
        """How many there are."""
        return await self._refused.count_documents({})

    async def retry(self, refused_id: str) -> list[RefusedReaction]:
        """React to the fact once more; what is refused again is given back.

        Commands have ids of their own, so what was done already is not done again. A deadline's
        note is taken away alone, and its service sends what is still due within seconds.

        Raises Unknown for an id that is not here, or Malformed (`nothing_to_retry`) where the fact
        was not kept or nothing reacts to it any more.
        """
        note = await self._refused.find_one({"_id": refused_id})
        if note is None:
            raise Unknown("unknown", id=refused_id)
        if note["reaction"].startswith(_DEADLINE):
            await self._refused.delete_one({"_id": refused_id})
            return []
        began = _now()
        await self._react(note)
        # A reaction's other commands after the same fact went with it.
        same = {"event_id": note["event_id"], "reaction": note["reaction"]}
        which = same if note["reaction"] else {"_id": refused_id}
        await self._refused.delete_many({**which, "at": {"$lt": began}})
        again = self._refused.find({"record": note["record"], "at": {"$gte": began}})
        return [_described(each) async for each in again]

    async def retry_if_there(self, refused_id: str) -> list[RefusedReaction]:
        """The same for one of several that may go together, or may not be tried again at all."""
        try:
            return await self.retry(refused_id)
        except Unknown:
            return []
        except Malformed:
            return [each for each in await self.listed() if each.id == refused_id]

    async def _react(self, note: Mapping[str, Any]) -> None:
        if "record" not in note:
            raise Malformed("nothing_to_retry", id=note["_id"])
        record = Received.of(note["record"], self._codec)
        deployed = await self._deployed(note)
        answering = Answering(self._service.name, deployed, self._codec, self._rows, self._sender)
        if isinstance(record.fact, Undecodable):
            await answering.undecodable(record, record.fact, note["reader"])
            return
        await answering.fact(record.fact, record)
        if reader := note.get("reader"):
            # What comes after it follows on from now on.
            reacted = Reacted(Tables(self._database, ()), reader, self._codec)
            await reacted.remember([[record.fact]])

    async def _deployed(self, note: Mapping[str, Any]) -> Sequence[Deployed]:
        """The reaction that was refused, or all of the reader that held the fact back."""
        if reader := note.get("reader"):
            return (await deploy(self._database, self._service.reactions)).get(reader, ())
        named = [each for each in self._service.reactions if each.name == note["reaction"]]
        if not named:
            raise Malformed("nothing_to_retry", id=note["_id"])
        return [Deployed(each, _EVER) for each in named]


def _now() -> datetime:
    """As exact as MongoDB keeps it."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


def _described(note: Mapping[str, Any]) -> RefusedReaction:
    return RefusedReaction(
        id=note["_id"],
        reaction=note["reaction"],
        command=note["command"],
        stream=note["stream"],
        position=note["position"],
        code=note["code"],
        at=note["at"],
    )
