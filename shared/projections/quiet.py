"""Keeping a library from filling the disk with what it says while a server is away."""

import logging
import time


class _Sparing(logging.Filter):
    """Lets each message through once in ten seconds: a broker that is away fills no disk."""

    def __init__(self) -> None:
        super().__init__()
        self._next: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        now = time.monotonic()
        if now < self._next.get(record.msg, 0.0):
            return False
        self._next[record.msg] = now + 10.0
        return True


_SPARING = _Sparing()


def quieten() -> None:
    """Throttle aiokafka, which logs 30 to 300 lines a second while something is away."""
    for name in _LOGGERS:
        logging.getLogger(name).addFilter(_SPARING)


_LOGGERS = (
    "aiokafka",
    "aiokafka.client",
    "aiokafka.cluster",
    "aiokafka.conn",
    "aiokafka.consumer.consumer",
    "aiokafka.consumer.fetcher",
    "aiokafka.consumer.group_coordinator",
    "aiokafka.consumer.subscription_state",
    "aiokafka.producer.producer",
    "aiokafka.producer.sender",
)
