"""One batch's effects, made in one MongoDB transaction, or not at all.

Everything here is synchronous and runs in a thread of its own: see `tables.Tables`.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from bson.errors import BSONError
from pymongo.client_session import ClientSession
from pymongo.errors import DocumentTooLarge

from shared.kernel.codec import Codec
from shared.kernel.facts import Row
from shared.projections.folding import Hearing, Progress
from shared.projections.marks import Marks
from shared.projections.received import Batch
from shared.projections.sessions import transaction
from shared.projections.tables import OFFSETS, Tables
from shared.projections.work import Applied, Work, storable

_MOST_KNOWN = 100_000


class Overtaken(Exception):
    """Another worker has read these records, or they do not begin where the mark is."""


class InDoubt(Exception):
    """A version is missing, and it has not been seen just now that this is the same topic."""


class Transactions:
    """Makes the transactions of one worker, one after the other, in one server session."""

    def __init__(
        self, tables: Tables, hearing: Hearing, marks: Marks, codec: Codec, session: ClientSession
    ) -> None:
        self._tables = tables
        self._marks = marks
        self._codec = codec
        self._session = session
        self._folded = (hearing, marks.generation)
        # Only our own transactions move a stream that is not parked, as long as the marks match.
        self._known: dict[str, Progress] = {}

    def forget(self) -> None:
        """Ask MongoDB again how far the streams are."""
        self._known = {}  # another one: a transaction goes on with the one that it began with

    def fold(self, hearing: Hearing, generation: int | None) -> None:
        """Fold in the collections of this generation from now on."""
        self.forget()
        self._folded = (hearing, generation)

    def apply(self, batches: Sequence[Batch], as_of: Sequence[datetime]) -> Applied:
        """Take batches, or nothing at all.

        Raises Overtaken, InDoubt, TooMuch, or PyMongoError when it is to be tried again.
        """
        try:
            return self._apply(batches, as_of, check=None)
        except (BSONError, OverflowError, UnicodeError, DocumentTooLarge):
            # Some row cannot be stored. Find the fact that made it, at the price of a second look.
            return self._apply(batches, as_of, check=storable)

    def _apply(
        self,
        batches: Sequence[Batch],
        as_of: Sequence[datetime],
        check: Callable[[Row], object] | None,
    ) -> Applied:
        received = [each for batch in batches for each in batch.received]
        hearing, generation = self._folded
        known = self._known
        moves = [
            self._marks.moving(batch, when, generation)
            for batch, when in zip(batches, as_of, strict=True)
        ]
        try:
            with transaction(self._session):
                offsets = self._tables.changing(OFFSETS)
                moved = offsets.bulk_write(moves, ordered=False, session=self._session)
                if moved.matched_count != len(moves):
                    raise Overtaken  # noqa: TRY301 - leaving the block is what undoes it
                work = Work(self._tables, hearing, self._codec, self._session, known)
                applied = work.take(received, check)
                gap = any(each.trouble.reason == "gap" for each in applied.parked)
                if gap and not all(each.fresh for each in batches):
                    raise InDoubt  # noqa: TRY301
        except BaseException:
            self.forget()
            raise
        _remember(known, applied.progress)
        return applied


def _remember(known: dict[str, Progress], progress: Mapping[str, Progress]) -> None:
    if len(known) > _MOST_KNOWN:
        known.clear()
    for stream, reached in progress.items():
        if reached.parked:
            known.pop(stream, None)
        else:
            known[stream] = reached
