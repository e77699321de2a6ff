"""What a body may be, held before any model sees it: each trap has a code of its own.

Python's own JSON reader takes NaN, 1e999, lone surrogates, endless nesting and a key twice; the
database then stores them, or fails on them. One pass here keeps all of that out.
"""

import json
import math
import re
from typing import Any

from starlette.types import Receive, Scope

from shared.http.refusals import BadRequest, TooLarge, Unsupported
from shared.kernel.refusals import Malformed

MAX_BODY_BYTES = 256 * 1024
MAX_DEPTH = 32
MAX_INTEGER = 2**63 - 1
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}", re.ASCII)
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


async def read_body(scope: Scope, receive: Receive, max_bytes: int = MAX_BODY_BYTES) -> bytes:
    """Read the whole body; raises TooLarge as soon as it is known to be, or Unsupported."""
    for name, value in scope["headers"]:
        if name == b"content-length" and _is_too_long(value, max_bytes):
            raise TooLarge("body_too_large", max_bytes=max_bytes)
        if name == b"content-encoding" and value.lower() != b"identity":
            raise Unsupported("content_encoding_unknown", given=value.decode("latin-1"))
    message = await receive()
    body: bytes = message.get("body", b"")
    if message.get("more_body"):
        parts, size = [body], len(body)
        while message.get("more_body") and size <= max_bytes:
            message = await receive()
            parts.append(message.get("body", b""))
            size += len(parts[-1])
        body = b"".join(parts)
    if message["type"] == "http.disconnect":
        raise BadRequest("body_incomplete")
    if len(body) > max_bytes:
        raise TooLarge("body_too_large", max_bytes=max_bytes)
    return body


def _is_too_long(length: bytes, max_bytes: int) -> bool:
    # What is no number says nothing; what has too many digits need not be read as one.
    return length.isdigit() and (len(length) > 9 or int(length) > max_bytes)


def parse_body(body: bytes) -> dict[str, Any]:
    """Read a JSON object by strict rules; raises BadRequest or Malformed with the rule's code."""
    if body.startswith(b"\xef\xbb\xbf"):
        raise BadRequest("json_has_bom")
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise BadRequest("json_not_utf8") from None
    try:
        value = _DECODER.decode(text)
    except json.JSONDecodeError as problem:
        raise BadRequest("json_malformed", line=problem.lineno, column=problem.colno) from None
    except RecursionError:
        raise BadRequest("json_too_deep", max_depth=MAX_DEPTH) from None
    if not isinstance(value, dict):
        raise Malformed("body_not_an_object")
    # What cannot be deep enough, and holds no escape, needs no second look.
    if "\\u" in text or text.count("{") + text.count("[") > MAX_DEPTH:
        _inspect(value)
    return value


def _inspect(root: dict[str, Any]) -> None:
    level: list[Any] = [root]
    depth = 1
    while level:
        if depth > MAX_DEPTH:
            raise BadRequest("json_too_deep", max_depth=MAX_DEPTH)
        below: list[Any] = []
        for container in level:
            for value in container.values() if isinstance(container, dict) else container:
                if isinstance(value, str):
                    if _UNSTORABLE.search(value):
                        raise Malformed("text_not_storable")
                elif isinstance(value, (dict, list)):
                    below.append(value)
        level = below
        depth += 1


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    for name, _ in pairs:
        if not _NAME.fullmatch(name):
            raise Malformed("field_name_not_allowed", field=name)
    made = dict(pairs)
    if len(made) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise BadRequest("json_key_twice", field=twice)
    return made


def _integer(digits: str) -> int:
    if len(digits) > 20 or abs(number := int(digits)) > MAX_INTEGER:
        raise Malformed("number_out_of_range")
    return number


def _decimal(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise Malformed("number_out_of_range")
    return number


def _constant(name: str) -> float:
    raise BadRequest("json_number_not_finite", given=name)


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object,
    parse_int=_integer,
    parse_float=_decimal,
    parse_constant=_constant,
)
