"""Waiting, for a while, until this service's views have seen what the caller has (D11)."""

import time
from collections.abc import Sequence
from typing import Protocol

from shared.kernel.positions import Position
from shared.kernel.refusals import Malformed

WAIT_S = 5.0
MOST_POSITIONS = 10


class Waits(Protocol):
    """Views that can be waited for."""

    async def wait_for(self, position: Position, timeout_s: float) -> None:
        """Return when the views have `position`.

        Raises NotYet after `timeout_s` or for a parked stream, Malformed for a stream that this
        service does not follow.
        """
        ...


async def wait_for_all(views: Waits, positions: Sequence[str]) -> None:
    """Wait for every position, for WAIT_S together."""
    if len(positions) > MOST_POSITIONS:
        raise Malformed("too_many_positions", most=MOST_POSITIONS)
    deadline = time.monotonic() + WAIT_S
    for position in [Position.parse(text) for text in positions]:
        await views.wait_for(position, max(0.0, deadline - time.monotonic()))
