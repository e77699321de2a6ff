"""The business clock of a local stack: a file with an offset that every service adds to now."""

import json
from datetime import UTC, datetime
from pathlib import Path

from deploy.local.files import write_whole
from shared.runtime.clock import Clock

CLOCK_FILE = "clock.json"


def prepare(folder: Path) -> None:
    """Create the file where there is none yet: business time is real time."""
    if not (folder / CLOCK_FILE).exists():
        _write(folder, 0.0)


def write_clock(folder: Path, instant: datetime) -> None:
    """Make it this moment now; from there the clock runs on at its usual speed."""
    if instant.tzinfo is None:
        raise ValueError("The clock needs a moment with its time zone.")
    _write(folder, (instant - datetime.now(UTC)).total_seconds())


def business_now(folder: Path) -> datetime:
    """Tell the time that the services go by."""
    return Clock(folder / CLOCK_FILE).now()


def _write(folder: Path, offset_s: float) -> None:
    write_whole(folder / CLOCK_FILE, json.dumps({"offset_s": offset_s}) + "\n")
