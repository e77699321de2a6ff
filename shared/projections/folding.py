"""One batch of facts, folded in memory: what is applied, what was seen, and what is parked.

Pure. The caller brings the progress of the streams and the rows they touch, and writes back what
changed. A fact's effects on all views happen wholly or not at all.
"""

import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from shared.contracts.people import PersonErased
from shared.kernel.codec import Codec
from shared.kernel.events import Event, Recorded
from shared.kernel.facts import Row
from shared.kernel.views import View
from shared.projections.documents import from_document, settled

Reason = Literal["poison", "gap", "fork", "undecodable", "behind"]
Outcome = Literal["applied", "seen"]
Document = Mapping[str, Any]
RowPlace = tuple[str, str]
"""A collection of rows and the row's key."""
Touched = tuple[View[Any], RowPlace]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a stream has been folded; `parked` says why it goes no further, else empty."""

    version: int = 0
    event_id: str = ""
    parked: str = ""


UNSEEN = Progress()


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a fact could not be taken: the error's type and place, never what it says."""

    reason: Reason
    error: str = ""


class Hearing:
    """Which views hear which facts, worked out once for a service.

    `folds` names the collections that each view is folded in; without it, one of the view's name.
    """

    def __init__(
        self,
        views: Iterable[View[Any]],
        codec: Codec,
        folds: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        self.views: Mapping[str, View[Any]] = {view.name: view for view in views}
        self._views_of: dict[type[Event], list[tuple[str, View[Any]]]] = {}
        for name, view in self.views.items():
            for event in view.hears:
                collections = (name,) if folds is None else folds.get(name, ())
                folded = self._views_of.setdefault(event, [])
                folded += [(rows, view) for rows in collections]
        kinds = {codec.kind_of(event).name for event in self._views_of}
        self.kinds = frozenset(kinds)
        """The kinds of streams that are followed."""
        self.topics = tuple(sorted({codec.kinds[kind].topic for kind in kinds}))
        self._codec = codec
        states = [kind for kind in codec.kinds.values() if kind.audience == "state"]
        self.states = frozenset(event for kind in states for event in kind.events)
        """Facts that replace what was told before, so that none needs the one before it."""

    def is_state(self, stream: str) -> bool:
        """Whether the stream's records replace each other."""
        return self._codec.is_state(stream)

    def follows(self, stream: str) -> bool:
        """Whether any view hears facts of this kind of stream."""
        kind = self._codec.kind_of_stream(stream)
        return kind is not None and kind.name in self.kinds

    def touched(self, fact: Recorded[Any]) -> "list[Touched]":
        """Every row that the fact changes; raises whatever the views' `keys` raise."""
        return [
            (view, (rows, key))
            for rows, view in self._views_of.get(type(fact.event), ())
            for key in dict.fromkeys(view.keys(fact))
        ]


@dataclass(slots=True)
class Prepared:
    """A fact with the rows it touches, or with what its `keys` raised."""

    fact: Recorded[Any]
    touched: list[Touched]
    trouble: Trouble | None = None


def prepare(fact: Recorded[Any], hearing: Hearing) -> Prepared:
    """Find the rows that a fact touches, so that they can be read before it is folded."""
    try:
        return Prepared(fact, hearing.touched(fact))
    except Exception as problem:  # noqa: BLE001 - a view's own mistake parks this stream alone
        return Prepared(fact, [], Trouble("poison", where(problem)))


def places(prepared: Iterable[Prepared]) -> dict[str, set[str]]:
    """The keys of the rows to read, by collection."""
    keys: dict[str, set[str]] = {}
    for each in prepared:
        for _, (rows, key) in each.touched:
            keys.setdefault(rows, set()).add(key)
    return keys


class Folding:
    """A batch being folded: begins with what is stored, ends with what is to be stored.

    `stored` holds the documents of the rows that the batch touches, where there are any. `check`
    looks at each row that a fact leaves behind, and raises when it cannot be stored.
    """

    def __init__(
        self,
        hearing: Hearing,
        progress: Mapping[str, Progress],
        stored: Mapping[RowPlace, Document],
        check: Callable[[Row], object] | None = None,
    ) -> None:
        self.progress = dict(progress)
        self.rows: dict[RowPlace, Row | None] = {}
        """Rows as they are now, of those looked at."""
        self.changed: dict[RowPlace, str] = {}
        """Rows to write -> the position of the last fact folded into them."""
        self.moved: set[str] = set()
        """Streams whose progress is to be written."""
        self.healed: set[str] = set()
        """State streams that a later record has freed: nothing of theirs stays parked."""
        self.erased: list[Recorded[PersonErased]] = []
        """People who were taken out of the views."""
        self._hearing = hearing
        self._stored = stored
        self._check = check

    def take(self, each: Prepared) -> Outcome | Trouble:
        """Fold one fact, or say why it has to be parked; the stream is parked from then on."""
        fact = each.fact
        last = self.progress.get(fact.stream, UNSEEN)
        replaces = type(fact.event) in self._hearing.states
        if replaces:
            if fact.version <= last.version:
                return "seen"
        elif last.parked:
            return self.park(fact.stream, Trouble("behind"))
        elif fact.version <= last.version:
            if _forked(fact, last):
                return self.park(fact.stream, Trouble("fork"))
            return "seen"
        elif fact.version > last.version + 1:
            return self.park(fact.stream, Trouble("gap"))
        if trouble := each.trouble or self._fold(each):
            return self.park(fact.stream, trouble)
        if last.parked:
            self.healed.add(fact.stream)
        self.progress[fact.stream] = Progress(fact.version, fact.id)
        self.moved.add(fact.stream)
        if isinstance(fact.event, PersonErased):
            self.erased.append(fact)
        return "applied"

    def rows_removed_by(self, fact: Recorded[Any]) -> int:
        """How many rows that were stored are gone since this fact."""
        gone = (place for place, position in self.changed.items() if position == fact.position)
        return sum(self.rows[place] is None and place in self._stored for place in gone)

    def park(self, stream: str, trouble: Trouble) -> Trouble:
        """Stop a stream where it is; what it was stopped for first stays the reason."""
        last = self.progress.get(stream, UNSEEN)
        self.progress[stream] = replace(last, parked=last.parked or trouble.reason)
        # Written even when it was parked before: a retry at this moment then conflicts.
        self.moved.add(stream)
        self.healed.discard(stream)
        return trouble

    def _fold(self, each: Prepared) -> Trouble | None:
        after: dict[RowPlace, Row | None] = {}
        try:
            for view, place in each.touched:
                row = view.fold(self._row(view, place), each.fact, place[1])
                if row is not None:
                    row = self._storable(view, row)
                after[place] = row
        except Exception as problem:  # noqa: BLE001 - a view's own mistake parks this stream alone
            return Trouble("poison", where(problem))
        self.rows |= after
        position = each.fact.position
        for place in after:
            self.changed[place] = position
        return None

    def _row(self, view: View[Any], place: RowPlace) -> Row | None:
        if place not in self.rows:
            document = self._stored.get(place)
            self.rows[place] = None if document is None else from_document(view.row, document)
        return self.rows[place]

    def _storable(self, view: View[Any], row: Any) -> Row:
        if not isinstance(row, view.row):
            raise TypeError(f"{view.name} gave {type(row).__name__}")
        kept: Row = settled(row)
        if self._check is not None:
            self._check(kept)
        return kept


def _forked(fact: Recorded[Any], last: Progress) -> bool:
    """Whether another fact was taken in its place; only of the last one the id is known."""
    return fact.version == last.version and last.event_id not in ("", fact.id)


def where(problem: BaseException) -> str:
    """The error's type and the line it came from: enough to find it, and nobody's data."""
    frames = traceback.extract_tb(problem.__traceback__)
    if not frames:
        return type(problem).__name__
    last = frames[-1]
    return (
        f"{type(problem).__name__} in {last.name}, {last.filename.rsplit('/', 1)[-1]}:{last.lineno}"
    )
