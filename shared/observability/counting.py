"""Counting commands by what came of them, whoever sent them."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from shared.kernel.refusals import Conflict, Forbidden, Malformed, NotYet, Refused, Stale, Unknown
from shared.observability.metrics import COMMAND_SECONDS, COMMANDS

_REFUSALS: dict[type[Refused], str] = {
    Conflict: "conflict",
    Forbidden: "forbidden",
    Malformed: "malformed",
    NotYet: "not_yet",
    Stale: "stale",
    Unknown: "unknown",
}


@dataclass
class Counted:
    """What came of a command: `accepted` or `already_so`, set by the one who counts."""

    outcome: str = "failed"


@contextmanager
def counting(service: str, command: str) -> Iterator[Counted]:
    """Count a command and time it; a refusal is an outcome of its own, all else has `failed`."""
    counted = Counted()
    began = time.perf_counter()
    try:
        yield counted
    except Refused as refusal:
        counted.outcome = _REFUSALS.get(type(refusal), "refused")
        raise
    finally:
        COMMANDS.labels(service, command, counted.outcome).inc()
        COMMAND_SECONDS.labels(service, command).observe(time.perf_counter() - began)
