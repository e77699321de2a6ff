"""The service of gardens behind a real application, and an issuer of its tokens."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from jwt.algorithms import RSAAlgorithm

from shared.http.app import create_app
from shared.http.auth import Issuer, TokenVerifier
from shared.kernel.services import Service
from shared.testing.kit import person
from tests.unit.http.gardens import Memory, Shelf, Still, gardens_service

Tokens = Callable[..., dict[str, str]]


@pytest.fixture(scope="session")
def issuer_key() -> RSAPrivateKey:
    return generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture(scope="session")
def jwks(issuer_key: RSAPrivateKey, tmp_path_factory: pytest.TempPathFactory) -> Path:
    public = RSAAlgorithm.to_jwk(issuer_key.public_key(), as_dict=True) | {"kid": "one"}
    path = tmp_path_factory.mktemp("issuer") / "jwks.json"
    path.write_text(json.dumps({"keys": [public]}))
    return path


@pytest.fixture(scope="session")
def signed(issuer_key: RSAPrivateKey) -> Callable[..., str]:
    """Signs claims; what is given replaces the good ones, and None leaves one out."""

    def sign(headers: Mapping[str, Any] | None = None, **changes: Any) -> str:
        now = datetime.now(UTC).timestamp()
        claims = {
            "iss": "https://login.kommune.example",
            "aud": "netvaerk",
            "sub": str(person("gardener")),
            "roles": ["employee"],
            "iat": now,
            "exp": now + 600,
            **changes,
        }
        named = {"kid": "one", **(headers or {})}
        return jwt.encode(
            {name: value for name, value in claims.items() if value is not None},
            issuer_key,
            algorithm="RS256",
            headers={name: value for name, value in named.items() if value is not None},
        )

    return sign


@pytest.fixture(scope="session")
def bearer(signed: Callable[..., str]) -> Tokens:
    """The header of a person with these roles besides employee."""

    def of(name: str = "gardener", *roles: str) -> dict[str, str]:
        token = signed(sub=str(person(name)), roles=["employee", *roles])
        return {"Authorization": f"Bearer {token}"}

    return of


@pytest.fixture(scope="session")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Service:
    return gardens_service(tmp_path_factory.mktemp("gardens"))


@pytest.fixture
def memory() -> Memory:
    return Memory()


@pytest.fixture(scope="session")
def verifier(jwks: Path) -> TokenVerifier:
    return TokenVerifier(Issuer("https://login.kommune.example", "netvaerk", str(jwks)))


@pytest.fixture(scope="session")
def make_app(trial: Service, verifier: TokenVerifier) -> Callable[..., Any]:
    def make(
        dispatcher: Any = None, parts: Mapping[str, Any] | None = None, rows: Any = None
    ) -> Any:
        async def health() -> Mapping[str, Any]:
            return parts or {"store": {"ok": True}}

        return create_app(
            trial,
            dispatcher=dispatcher or Memory(),
            rows=rows or Shelf(),
            keys=verifier,
            clock=Still(),
            health=health,
        )

    return make


@pytest.fixture
def client(make_app: Callable[..., Any], memory: Memory) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(make_app(memory))
    return httpx.AsyncClient(transport=transport, base_url="http://test")
