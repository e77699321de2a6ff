"""The issuer's public keys, from a file or a URL, kept through the issuer's outages."""

import asyncio
import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.request import HTTPRedirectHandler, OpenerDirector, build_opener

import jwt
import structlog
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from shared.kernel.refusals import NotYet

_FRESH_S = 300.0
_COOLDOWN_S = 10.0
_TIMEOUT_S = 5.0
_LARGEST = 1_000_000

log = structlog.get_logger()


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


class KeySet:
    """Finds a key by its id. Reads the source again every five minutes, and sooner (but at most
    every ten seconds) for an id it does not know; while the source is away the last good set
    stays in use.
    """

    def __init__(self, source: str) -> None:
        self._source = source
        self._keys: Mapping[str | None, RSAPublicKey] = {}
        self._good_at = self._tried_at = float("-inf")
        self._reading = asyncio.Lock()
        self._refresh: asyncio.Task[None] | None = None
        self._opener: OpenerDirector = build_opener(_NoRedirect)

    async def find(self, key_id: str | None) -> RSAPublicKey | None:
        """Return the key, or None; raises NotYet (`keys_unavailable`) before any were read."""
        now = time.monotonic()
        rested = now - self._tried_at > (_COOLDOWN_S if self._keys else 1.0)
        if key_id not in self._keys and self._reading.locked():
            async with self._reading:
                pass  # they are being read, so that the answer is not known yet
        elif rested and key_id not in self._keys:
            await self._read()
        elif rested and now - self._good_at > _FRESH_S:
            # A slow issuer is nobody's wait while there is a key.
            self._refresh = asyncio.create_task(self._read())
        if not self._keys:
            raise NotYet("keys_unavailable")
        return self._keys.get(key_id)

    async def _read(self) -> None:
        asked_at = time.monotonic()
        async with self._reading:
            if self._tried_at > asked_at:
                return  # somebody else has just read them
            self._tried_at = time.monotonic()
            try:
                keys = _usable(json.loads(await asyncio.to_thread(self._fetch)))
            except (OSError, ValueError) as problem:
                log.warning("keys_not_read", exc_info=problem, kept=len(self._keys))
                return
            if keys:
                self._keys, self._good_at = keys, time.monotonic()
            else:
                log.warning("keys_unusable", kept=len(self._keys))

    def _fetch(self) -> bytes:
        if self._source.startswith(("https://", "http://")):
            with self._opener.open(self._source, timeout=_TIMEOUT_S) as answer:
                content: bytes = answer.read(_LARGEST)
                return content
        return Path(self._source).read_bytes()


def _usable(document: Any) -> Mapping[str | None, RSAPublicKey]:
    """Keep the RSA keys for signatures; a lone key also answers a token that names none."""
    found: dict[str | None, RSAPublicKey] = {}
    given = document.get("keys") if isinstance(document, dict) else None
    for each in given if isinstance(given, list) else ():
        is_ours = isinstance(each, dict) and each.get("kty") == "RSA"
        if is_ours and each.get("use", "sig") == "sig" and each.get("alg", "RS256") == "RS256":
            try:
                key = jwt.PyJWK(each, "RS256").key
            except jwt.PyJWTError as problem:
                log.warning("key_unusable", exc_info=problem)
                continue
            if isinstance(key, RSAPublicKey):  # a private one in a published set is nobody's key
                found[each.get("kid")] = key
    if len(found) == 1:
        found.setdefault(None, next(iter(found.values())))
    return found
