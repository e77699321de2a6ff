"""Which facts of the topics a projector has folded, in the order in which it did.

Pure. The topics hold more than was folded: what is told twice, what waits in a parked stream, what
an operator passed over, what has not been reached. Of a stream whose records replace each other
the last one that was folded stands for all.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")

Skipped = Collection[tuple[str, int]]
"""Versions of streams that were passed over."""


class Replay(Generic[T]):
    """Takes facts as they lie in the topics, and gives those back that were folded.

    `reached` is how far each stream was folded when it was last looked at; of what lies beyond it
    nothing is given until `advance` says more. `is_state` tells the streams whose records replace
    each other. None stands for a fact that nobody wants.
    """

    def __init__(
        self,
        reached: Mapping[str, int],
        skipped: Skipped = (),
        is_state: Callable[[str], bool] = lambda _: False,
    ) -> None:
        self._is_state = is_state
        self._reached = dict(reached)
        self._skipped = set(skipped)
        self._given: dict[str, int] = {}
        self._waiting: dict[str, dict[int, T | None]] = {}
        self._states: dict[str, T] = {}

    @property
    def waiting(self) -> Collection[str]:
        """The streams of which something lies beyond what was folded."""
        return self._waiting.keys()

    def take(self, stream: str, version: int, fact: T | None) -> Sequence[T]:
        """Take the next fact there is, and give those that are due now."""
        given = self._given.get(stream, 0)
        if version <= given:
            return ()
        is_next = version == given + 1 <= self._reached.get(stream, 0)
        if is_next and stream not in self._waiting and (stream, version) not in self._skipped:
            self._given[stream] = version  # as nearly always
            return () if fact is None else (fact,)
        self._waiting.setdefault(stream, {}).setdefault(version, fact)
        return self._due(stream)

    def replace(self, stream: str, version: int, fact: T | None) -> None:
        """Take a fact that stands for all of its stream; `states` gives the last of them."""
        if version > self._reached.get(stream, 0):
            self._waiting.setdefault(stream, {})[version] = fact
        elif version > self._given.get(stream, 0):
            self._given[stream] = version
            if fact is not None and (stream, version) not in self._skipped:
                self._states[stream] = fact

    def states(self) -> Sequence[T]:
        """Give the last fact of each stream whose records replace each other."""
        last = list(self._states.values())
        self._states.clear()
        return last

    def advance(self, reached: Mapping[str, int], skipped: Skipped) -> Iterator[T]:
        """Give what became due by what was folded or passed over meanwhile."""
        self._reached.update(reached)
        self._skipped.update(skipped)
        for stream in self._waiting.keys() | {name for name, _ in self._skipped}:
            if self._is_state(stream):
                for version, fact in sorted(self._waiting.pop(stream, {}).items(), key=_version):
                    self.replace(stream, version, fact)
            else:
                yield from self._due(stream)

    def missing(self, *, all_there: bool = False) -> Iterator[str]:
        """Name the first fact of each stream that was folded and has not come.

        Of a stream whose records replace each other all may have gone, unless they are `all_there`.
        """
        for stream, reached in self._reached.items():
            given = self._given.get(stream, 0)
            if given < reached:
                gone = not given and stream not in self._waiting and self._is_state(stream)
                if all_there or not gone:
                    yield f"{stream}@{given + 1}"

    def _due(self, stream: str) -> list[T]:
        given, reached = self._given.get(stream, 0), self._reached.get(stream, 0)
        waiting = self._waiting.get(stream, {})
        due: list[T] = []
        while given < reached:
            is_skipped = (stream, given + 1) in self._skipped
            if not is_skipped and given + 1 not in waiting:
                break
            given += 1
            fact = waiting.pop(given, None)
            if fact is not None and not is_skipped:
                due.append(fact)
        if given:
            self._given[stream] = given
        if not waiting:
            self._waiting.pop(stream, None)
        return due


def _version(waiting: tuple[int, object]) -> int:
    return waiting[0]
