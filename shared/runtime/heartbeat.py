"""A thread that ends the process when its event loop stands still, which nothing in it can do."""

import asyncio
import faulthandler
import os
import sys
import threading
from collections.abc import Callable

BEAT_S = 1.0
MISSED = 30
"""Beats in a row that the loop may miss, far more than any work of ours takes."""


class Heartbeat:
    """Counts the thread's own turns since the loop last beat.

    Turns and no clock: a process that was stopped and wakes has missed time and no turn.
    """

    def __init__(
        self, end: Callable[[], object], *, beat_s: float = BEAT_S, missed: int = MISSED
    ) -> None:
        self._end = end
        self._beat_s = beat_s
        self._most = missed
        self._missed = 0
        self._over = threading.Event()

    async def beat(self) -> None:
        """Beat for as long as the loop goes round; the thread begins with it."""
        threading.Thread(target=self._look, name="heartbeat", daemon=True).start()
        try:
            while True:
                self._missed = 0
                await asyncio.sleep(self._beat_s)
        finally:
            self._over.set()

    def _look(self) -> None:
        while not self._over.wait(self._beat_s):
            self._missed += 1
            if self._missed > self._most:
                self._end()
                return


def end_at_once(code: int) -> None:
    """Say where every thread stands, and leave as in a power cut."""
    sys.stderr.write("the event loop stands still\n")
    faulthandler.dump_traceback(all_threads=True)
    os._exit(code)
