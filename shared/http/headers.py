"""What the headers of a request say, read once and by strict rules."""

import re
from hashlib import sha256
from typing import Literal
from uuid import uuid4

from starlette.types import Scope

from shared.http.refusals import BadRequest, Unsupported
from shared.kernel.permissions import Actor
from shared.kernel.refusals import NotSignedIn

_BEARER = re.compile(r"bearer +([A-Za-z0-9._~+/=-]+)", re.IGNORECASE)
_VERSION = re.compile(r'"([0-9]{1,9})"', re.ASCII)
_IDEMPOTENCY = re.compile(r'"((?:[ !#-\[\]-~]|\\["\\])+)"|([!#-~]+)')
_CORRELATION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,99}", re.ASCII)
_TRACEPARENT = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
_JSON = re.compile(r'application/json *(?:; *charset="?utf-8"? *)?', re.IGNORECASE)

Headers = dict[bytes, str]
Language = Literal["da", "en"]


def read_headers(scope: Scope) -> Headers:
    """Collect the headers by name; one that is sent twice is joined, as HTTP has it."""
    headers: Headers = {}
    for name, value in scope["headers"]:
        said = value.decode("latin-1")
        headers[name] = f"{headers[name]}, {said}" if name in headers else said
    return headers


def bearer(headers: Headers) -> str:
    """The bearer token; raises NotSignedIn when there is none."""
    said = headers.get(b"authorization", "")
    found = _BEARER.fullmatch(said)
    if found is None:
        raise NotSignedIn("token_invalid" if said else "not_signed_in")
    return found[1]


def if_match(headers: Headers) -> int | None:
    """The version the caller expects; weak tags, lists and `*` say nothing and are refused."""
    said = headers.get(b"if-match")
    if said is None:
        return None
    found = _VERSION.fullmatch(said.strip())
    if found is None:
        raise BadRequest("if_match_malformed", given=said)
    return int(found[1])


def no_if_match(headers: Headers) -> None:
    """Hold that no version is expected of what has none; raises BadRequest."""
    if b"if-match" in headers:
        raise BadRequest("header_not_supported", header="If-Match")


def idempotency_key(headers: Headers) -> str:
    """The key, quoted as the draft has it or bare as most send it; empty when there is none."""
    said = headers.get(b"idempotency-key")
    if said is None:
        return ""
    found = _IDEMPOTENCY.fullmatch(said.strip())
    key = found and (found[2] or re.sub(r"\\(.)", r"\1", found[1]))
    if not key or len(key) > 200:
        raise BadRequest("idempotency_key_malformed", given=said)
    return key


def command_id(actor: Actor, scope: Scope, key: str) -> str:
    """Make a key the principal's and the route's own, so that nobody meets another's answer."""
    parts = (str(actor), scope["method"], scope["path"], key)
    return sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()


def correlation_id(scope: Scope) -> str:
    """The caller's own id when it is a safe one, otherwise a new one."""
    for name, value in scope["headers"]:
        if name == b"x-correlation-id" and _CORRELATION.fullmatch(value.decode("latin-1")):
            return str(value, "ascii")
    return uuid4().hex


def traceparent(headers: Headers) -> str:
    """The W3C trace the request belongs to, passed through; empty when there is none."""
    said = headers.get(b"traceparent", "")
    return said if _TRACEPARENT.fullmatch(said) else ""


def must_be_json(headers: Headers) -> None:
    """Hold that a body calls itself JSON in UTF-8; raises Unsupported."""
    said = headers.get(b"content-type", "")
    if not _JSON.fullmatch(said.strip()):
        raise Unsupported("content_type_not_json", given=said)


def language(headers: Headers) -> Language:
    """Danish, unless English is preferred (Accept-Language)."""
    said = headers.get(b"accept-language")
    if said is None:
        return "da"
    weights = {"da": 0.0, "en": 0.0}
    for part in said[:200].lower().split(","):
        tag, _, parameters = part.partition(";")
        primary = tag.strip().partition("-")[0]
        if primary in weights:
            weights[primary] = max(weights[primary], weight(parameters))
    return "en" if weights["en"] > weights["da"] else "da"


def weight(parameters: str) -> float:
    """How much something is liked, from `q=`: 1 where nothing is said, 0 where it is no number."""
    found = re.fullmatch(r" *q *= *([01](?:\.[0-9]{0,3})?) *", parameters)
    return float(found[1]) if found else float(not parameters.strip())
