"""Logs are facts in JSON, and tell nothing of what was sent."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
import structlog
from pydantic import BaseModel

from shared.kernel.refusals import Refused
from shared.observability.logs import about, configure


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before = root.handlers[:], root.level
    to = io.StringIO()
    configure("gardens", to=to)
    yield to
    structlog.reset_defaults()
    root.handlers[:], root.level = before


def lines(written: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


class Letter(BaseModel):
    text: str = "secret"


def test_a_log_line_is_one_fact(written: io.StringIO) -> None:
    with about(correlation_id="case-17", stream="garden-1"):
        structlog.get_logger().warning("stream_parked", position="garden-1@3", versions=3)
    structlog.get_logger().debug("nobody_asked")

    [line] = lines(written)
    assert line.pop("at").endswith("Z")
    assert line == {
        "event": "stream_parked",
        "level": "warning",
        "service": "gardens",
        "correlation_id": "case-17",
        "stream": "garden-1",
        "position": "garden-1@3",
        "versions": 3,
    }


def test_payloads_are_named_by_their_type_alone(written: io.StringIO) -> None:
    structlog.get_logger().info(
        "sent", event_data=Letter(), body={"text": "secret"}, parts=["secret"], id=UUID(int=1)
    )
    [line] = lines(written)
    assert (line["event_data"], line["body"], line["parts"]) == ("<Letter>", "<dict>", "<list>")
    assert line["id"] == str(UUID(int=1))


def test_long_texts_are_cut(written: io.StringIO) -> None:
    structlog.get_logger().info("sent", why="x" * 5000)
    assert len(lines(written)[0]["why"]) == 301


def raised(problem: Exception) -> None:
    raise problem


def fail(problem: Exception) -> None:
    try:
        raised(problem)
    except type(problem):
        structlog.get_logger().exception("failed")


@pytest.mark.parametrize(
    ("problem", "says"),
    [
        (ConnectionRefusedError("no broker at port 9092"), "no broker at port 9092"),
        (RuntimeError("the loop is closed"), "the loop is closed"),
        (Refused("too_many_beds"), "too_many_beds"),
        (ValueError("not a date: secret"), None),
        (KeyError("secret"), None),
        (type("Undecodable", (Exception,), {})("secret"), None),
    ],
)
def test_an_exception_tells_its_place_and_only_a_servers_words(
    written: io.StringIO, problem: Exception, says: str | None
) -> None:
    fail(problem)
    [line] = lines(written)
    assert line["error"] == type(problem).__qualname__
    assert line.get("error_says") == says
    assert "test_logs.py" in line["error_at"]
    assert "fail" in line["error_at"]
    assert "secret" not in json.dumps(line)


def test_what_pydantic_found_is_not_quoted(written: io.StringIO) -> None:
    try:
        Letter.model_validate({"text": ["secret"]})
    except ValueError:
        structlog.get_logger().exception("failed")
    [line] = lines(written)
    assert line["error"] == "ValidationError"
    assert "secret" not in json.dumps(line)


def test_libraries_are_heard_from_warnings_on_and_in_json(written: io.StringIO) -> None:
    with about(correlation_id="case-17"):
        logging.getLogger("aiokafka").warning("no answer from %s", "node 1")
        logging.getLogger("aiokafka").info("chatter")
        try:
            raised(OSError("gone"))
        except OSError:
            logging.getLogger("uvicorn.error").exception("broken")

    warned, broken = lines(written)
    assert warned["event"] == "no answer from node 1"
    assert (warned["logger"], warned["service"]) == ("aiokafka", "gardens")
    assert warned["correlation_id"] == "case-17"
    assert (broken["error"], broken["error_says"]) == ("OSError", "gone")
