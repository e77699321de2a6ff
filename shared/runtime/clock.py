"""The business clock: the wall's, or moved by a file in the local stack (D10)."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path


class Clock:
    """Tells the business instant, aware and in UTC.

    Given a file, it adds the `offset_s` found there and follows the file when it changes. Leases,
    time-outs and metrics never ask it.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._changed_ns = -1
        self._offset = timedelta()

    def now(self) -> datetime:
        """The business instant."""
        if self._file is not None:
            self._follow(self._file)
        return datetime.now(UTC) + self._offset

    def _follow(self, file: Path) -> None:
        try:
            changed_ns = file.stat().st_mtime_ns
        except FileNotFoundError:
            return
        if changed_ns != self._changed_ns:
            offset_s = float(json.loads(file.read_text())["offset_s"])
            self._offset = timedelta(seconds=offset_s)
            self._changed_ns = changed_ns
