"""How much is taken in one transaction: less when it was too much, and more again when it is easy.

A transaction has three seconds. A batch that does not fit would be begun again for ever.
"""

from collections.abc import Sequence

from shared.projections.received import Batch

_EASY_S = 0.5


class Portions:
    """The size of what is taken at once, at most `most` records."""

    def __init__(self, most: int) -> None:
        self._most = most
        self.size = most

    def cut(self, batches: Sequence[Batch]) -> tuple[list[Batch], list[Batch]]:
        """What to take now, and what to take after it."""
        portion: list[Batch] = []
        room = self.size
        for number, batch in enumerate(batches):
            if len(batch.received) > room:
                first, others = batch.split(room)
                return [*portion, *([first] if room else ())], [others, *batches[number + 1 :]]
            portion.append(batch)
            room -= len(batch.received)
        return portion, []

    def too_much(self, fitted: int) -> None:
        """Take half of what fitted."""
        self.size = max(1, fitted // 2)

    def fitted(self, took_s: float) -> None:
        """Take twice as much where that was easy."""
        if took_s < _EASY_S:
            self.size = min(self._most, self.size * 2)
