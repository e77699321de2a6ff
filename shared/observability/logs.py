"""Logs as JSON facts: a name in snake case, and scalars as keys; never payloads or names.

    log = structlog.get_logger()
    log.warning("stream_parked", stream=..., position=..., event_id=...)

Only scalars are written: a model, a mapping or a list is named by its type, and an exception
tells its message only when its own class would not quote what somebody sent.
"""

import logging
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any, TextIO
from uuid import UUID

import structlog
from structlog.contextvars import bound_contextvars, merge_contextvars
from structlog.typing import EventDict, WrappedLogger

_SCALARS = (str, int, float, UUID, date, type(None))
_LONGEST = 300
_OWN = ("exc_info", "_record", "_from_structlog")
"""Keys that structlog passes along to itself."""
_TELLING = ("builtins", "asyncio", "pymongo", "motor", "aiokafka", "ssl", "socket")
"""Modules whose exceptions speak of servers and programs."""
_QUOTING = (ValueError, LookupError, TypeError)
"""Exceptions whose message likes to quote the value."""


def configure(service: str, *, level: str = "INFO", to: TextIO | None = None) -> None:
    """Write all logs of the process, those of libraries from WARNING on, as JSON lines."""
    chain: list[Any] = [
        merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        _of(service),
        _exceptions,
        _scalars,
    ]
    to_json = structlog.processors.JSONRenderer(ensure_ascii=False, default=str)
    structlog.configure(
        processors=[*chain, to_json],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(to or sys.stdout),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(to or sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, to_json],
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *chain],
        )
    )
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)


@contextmanager
def about(**facts: object) -> Iterator[None]:
    """Bind facts such as `correlation_id`, `stream` and `position` to all that is logged within."""
    with bound_contextvars(**facts):
        yield


def _of(service: str) -> Any:
    def add(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        event["service"] = service
        return event

    return add


def _exceptions(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    given = event.pop("exc_info", None)
    problem = sys.exc_info()[1] if given is True else given
    if isinstance(problem, tuple):
        problem = problem[1]
    if not isinstance(problem, BaseException):
        return event
    event["error"] = type(problem).__qualname__
    if says := _says(problem):
        event["error_says"] = says
    frames = traceback.extract_tb(problem.__traceback__)[-12:]
    event["error_at"] = " < ".join(
        f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno} {frame.name}"
        for frame in reversed(frames)
    )
    return event


def _says(problem: BaseException) -> str:
    code = getattr(problem, "code", None)
    if isinstance(code, str):
        return code
    telling = type(problem).__module__.split(".")[0] in _TELLING
    return str(problem)[:_LONGEST] if telling and not isinstance(problem, _QUOTING) else ""


def _scalars(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    for key, value in event.items():
        if key in _OWN or key == "error_at":
            continue
        if not isinstance(value, _SCALARS):
            event[key] = f"<{type(value).__name__}>"
        elif isinstance(value, str) and len(value) > _LONGEST:
            event[key] = value[:_LONGEST] + "…"
    return event
