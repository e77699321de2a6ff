"""Anything at all, as a request: for the tests of promise 10."""

import asyncio
import json
from typing import Any

from hypothesis import strategies as st

PATHS = (
    ("POST", "/gardens"),
    ("PUT", "/gardens/{}/beds/{}"),
    ("POST", "/gardens/{}/beds"),
    ("DELETE", "/gardens/{}"),
    ("POST", "/seasons"),
    ("PUT", "/seasons/{}/garden"),
    ("POST", "/losses"),
)
ID = "0198c000-0000-7000-8000-000000000001"

NAMES = (
    *(b"idempotency-key", b"if-match", b"x-correlation-id", b"traceparent", b"accept-language"),
    *(b"accept", b"content-length", b"expect", b"cookie"),
)

json_like = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)
fields = st.sampled_from(
    ("title", "beds", "km", "plants", "note", "bed_id", "depth_cm", "half_year", "on", "override")
)
bodies = st.one_of(
    st.binary(max_size=200),
    st.dictionaries(fields, json_like, max_size=6).map(lambda x: json.dumps(x).encode()),
    json_like.map(lambda x: json.dumps(x).encode()),
    st.text(max_size=100).map(lambda x: x.encode("utf-8", "surrogatepass")),
)
places = st.sampled_from([ID, "2013-H2"]) | st.text(min_size=1, max_size=20).map(
    lambda text: text.replace("/", "_").encode("utf-8", "replace").decode()
)
headers = st.lists(
    st.tuples(
        st.sampled_from(NAMES),
        st.binary(max_size=60) | st.sampled_from([b'"1"', b"k", b"en", b"da;q=2"]),
    ),
    max_size=4,
)
queries = st.binary(max_size=40) | st.sampled_from([b"after=garden-1@1", b"after=", b"after=%ff"])


async def ask(
    app: Any, method: str, path: str, headers: list[tuple[bytes, bytes]], body: bytes, query: bytes
) -> tuple[int, dict[bytes, bytes], bytes]:
    """Speak ASGI as a server would after it has taken the request apart."""
    sent: list[Any] = []
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> dict[str, Any]:
        return waiting.pop() if waiting else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "server": ("test", 80),
        "client": ("test", 1),
        "root_path": "",
        "path": path,
        "raw_path": path.encode("utf-8", "replace"),
        "query_string": query,
        "headers": headers,
    }
    async with asyncio.timeout(5):
        await app(scope, receive, send)
    start, *rest = sent
    content = b"".join(each.get("body", b"") for each in rest)
    return start["status"], dict(start["headers"]), content
