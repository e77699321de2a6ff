"""The states of the streams that were used last."""

from collections import OrderedDict
from typing import Any


class StateCache:
    """Keeps at most so many states; one that is behind only costs a look, never a wrong write."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._states: OrderedDict[str, tuple[Any, int]] = OrderedDict()

    def get(self, stream: str) -> tuple[Any, int] | None:
        """The state and its version, if it is kept."""
        found = self._states.get(stream)
        if found is not None:
            self._states.move_to_end(stream)
        return found

    def put(self, stream: str, state: Any, version: int) -> None:
        """Keep a state, unless a later one is kept already."""
        kept = self._states.get(stream)
        if kept is None or kept[1] < version:
            self._states[stream] = (state, version)
        self._states.move_to_end(stream)
        if len(self._states) > self._most:
            self._states.popitem(last=False)

    def forget(self, stream: str) -> None:
        """Drop a state of which nobody knows whether it still holds."""
        self._states.pop(stream, None)
