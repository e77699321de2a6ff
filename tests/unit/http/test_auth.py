"""Whose tokens are believed."""

import asyncio
import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from uuid import UUID

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from hypothesis import given
from hypothesis import strategies as st
from jwt.algorithms import RSAAlgorithm

from shared.http import jwks as jwks_module
from shared.http.auth import Issuer, TokenVerifier, permissions, permissions_table
from shared.kernel.refusals import NotSignedIn, NotYet
from shared.kernel.services import Service
from shared.testing.kit import person

ISSUER = "https://login.kommune.example"
Sign = Callable[..., str]


def trusting(source: object, **changes: Any) -> TokenVerifier:
    return TokenVerifier(Issuer(ISSUER, "netvaerk", str(source), **changes))


async def refused(verifier: TokenVerifier, token: str) -> str:
    with pytest.raises(NotSignedIn) as refusal:
        await verifier.actor(token)
    return refusal.value.code


async def test_a_good_token_gives_the_person_and_the_roles(jwks: Path, signed: Sign) -> None:
    actor = await trusting(jwks).actor(signed(roles=["employee", "chefforum"]))
    assert actor.person_id == person("gardener")
    assert actor.roles == {"employee", "chefforum"}


async def test_no_role_is_invented_and_none_of_the_systems_is_given(
    jwks: Path, signed: Sign
) -> None:
    verifier = trusting(jwks)
    assert (await verifier.actor(signed(roles=None))).roles == frozenset()
    assert (await verifier.actor(signed(roles=["system", 7, {}]))).roles == frozenset()
    assert (await verifier.actor(signed(roles={"employee": True}))).roles == frozenset()


async def test_roles_are_found_and_named_as_configured(jwks: Path, signed: Sign) -> None:
    verifier = trusting(
        jwks, roles_claim="realm_access.roles", role_map={"NV_SEK": "secretariat", "sys": "system"}
    )
    token = signed(roles=None, realm_access={"roles": ["NV_SEK", "employee", "sys"]})
    assert (await verifier.actor(token)).roles == {"secretariat", "employee"}
    spaced = trusting(jwks, roles_claim="scope")
    assert (await spaced.actor(signed(scope="employee reporter"))).roles == {"employee", "reporter"}
    assert (await verifier.actor(signed(realm_access="x"))).roles == frozenset()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"exp": 1_000_000_000}, "token_expired"),
        ({"exp": None}, "token_invalid"),
        ({"exp": "soon"}, "token_invalid"),
        ({"nbf": 99_999_999_999}, "token_invalid"),
        ({"iss": "https://elsewhere.example"}, "token_invalid"),
        ({"iss": None}, "token_invalid"),
        ({"aud": "another"}, "token_invalid"),
        ({"aud": None}, "token_invalid"),
        ({"sub": None}, "token_invalid"),
        ({"sub": 7}, "token_invalid"),
        ({"sub": "gardener"}, "token_subject_unknown"),
        ({"headers": {"kid": "two"}}, "token_invalid"),
    ],
)
async def test_a_token_that_is_not_for_us_now_is_refused(
    jwks: Path, signed: Sign, changes: dict[str, Any], code: str
) -> None:
    assert await refused(trusting(jwks), signed(**changes)) == code


async def test_a_clock_may_be_a_minute_wrong(jwks: Path, signed: Sign) -> None:
    claims = jwt.decode(signed(), options={"verify_signature": False})
    await trusting(jwks).actor(signed(exp=claims["iat"] - 30))
    assert await refused(trusting(jwks), signed(exp=claims["iat"] - 90)) == "token_expired"


async def test_only_rs256_of_the_issuers_key_is_believed(
    jwks: Path, signed: Sign, issuer_key: RSAPrivateKey
) -> None:
    verifier = trusting(jwks)
    claims = jwt.decode(signed(), options={"verify_signature": False})
    public = issuer_key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    stranger = generate_private_key(public_exponent=65537, key_size=2048)
    parts = signed().split(".")

    def b64(value: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    hs256 = f"{b64({'alg': 'HS256', 'kid': 'one'})}.{b64(claims)}"

    mac = hmac.new(public, hs256.encode(), hashlib.sha256).digest()
    forged = [
        f"{b64({'alg': 'none', 'kid': 'one'})}.{b64(claims)}.",
        f"{hs256}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}",
        jwt.encode(claims, stranger, algorithm="RS256", headers={"kid": "one"}),
        jwt.encode(claims, issuer_key, algorithm="RS512", headers={"kid": "one"}),
        f"{parts[0]}.{b64({**claims, 'sub': str(UUID(int=1))})}.{parts[2]}",
        f"{parts[0]}.{parts[1]}.",
        "x" * 9000,
    ]
    for token in forged:
        assert await refused(verifier, token) == "token_invalid"


async def test_a_token_without_a_key_id_goes_with_the_only_key(jwks: Path, signed: Sign) -> None:
    token = signed(headers={"kid": None})
    assert "kid" not in jwt.get_unverified_header(token)
    await trusting(jwks).actor(token)


async def test_the_tokens_remembered_are_bounded(jwks: Path, signed: Sign) -> None:
    verifier = TokenVerifier(Issuer(ISSUER, "netvaerk", str(jwks)), remembered=2)
    for number in range(5):
        await verifier.actor(signed(jti=str(number)))
    assert len(verifier._known) == 2


async def test_keys_that_cannot_be_read_are_waited_for(tmp_path: Path, signed: Sign) -> None:
    with pytest.raises(NotYet) as refusal:
        await trusting(tmp_path / "absent.json").actor(signed())
    assert refusal.value.code == "keys_unavailable"


async def test_all_who_come_first_wait_for_the_keys_that_are_read_for_the_first_of_them(
    jwks: Path, signed: Sign, monkeypatch: pytest.MonkeyPatch
) -> None:
    verifier = trusting(jwks)
    fetch, reads = verifier._keys._fetch, 0

    def counted() -> bytes:
        nonlocal reads
        reads += 1
        return fetch()

    monkeypatch.setattr(verifier._keys, "_fetch", counted)
    await asyncio.gather(*(verifier.actor(signed(jti=str(turn))) for turn in range(20)))
    assert reads == 1


@pytest.fixture
def issuer(jwks: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """An issuer that answers over HTTP as it is told: (status, content)."""
    says: dict[str, Any] = {"status": 200, "content": jwks.read_bytes(), "asked": 0}

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            says["asked"] += 1
            self.send_response(says["status"])
            if says["status"] == 302:
                self.send_header("Location", "/elsewhere")
            self.end_headers()
            self.wfile.write(says["content"])

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Answering) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/jwks", says
        server.shutdown()
        thread.join()


async def test_the_last_good_keys_stay_through_an_outage(
    issuer: tuple[str, dict[str, Any]], signed: Sign, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, says = issuer
    verifier = trusting(url)
    await verifier.actor(signed())
    monkeypatch.setattr(jwks_module, "_FRESH_S", 0.0)
    monkeypatch.setattr(jwks_module, "_COOLDOWN_S", 0.0)

    for status, content in [(500, b""), (302, b""), (200, b"no json"), (200, b'{"keys": []}')]:
        says |= {"status": status, "content": content}
        asked = says["asked"]
        await verifier.actor(signed(jti=f"{status}{content!r}"))
        assert verifier._keys._refresh is not None
        await verifier._keys._refresh
        assert says["asked"] == asked + 1


async def test_an_unknown_key_id_is_asked_for_and_not_at_every_request(
    issuer: tuple[str, dict[str, Any]],
    jwks: Path,
    signed: Sign,
    issuer_key: RSAPrivateKey,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    url, says = issuer
    verifier = trusting(url)
    await verifier.actor(signed())
    rotated = RSAAlgorithm.to_jwk(issuer_key.public_key(), as_dict=True) | {"kid": "two"}
    says["content"] = json.dumps({"keys": [rotated, "x", {"kty": "EC"}, {"kty": "RSA"}]}).encode()

    assert await refused(verifier, signed(headers={"kid": "two"})) == "token_invalid"
    assert says["asked"] == 1
    monkeypatch.setattr(jwks_module, "_COOLDOWN_S", 0.0)
    await verifier.actor(signed(headers={"kid": "two"}))
    assert says["asked"] == 2


@given(token=st.text(max_size=300) | st.binary(max_size=300).map(lambda raw: raw.decode("latin-1")))
async def test_nonsense_is_never_a_token(verifier: TokenVerifier, token: str) -> None:
    assert await refused(verifier, token) == "token_invalid"


@given(
    header=st.dictionaries(st.text(max_size=5), st.none() | st.text() | st.integers(), max_size=3),
    payload=st.recursive(st.none() | st.text() | st.floats(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)),
    signature=st.binary(max_size=20),
)  # fmt: skip
async def test_nonsense_in_the_shape_of_a_token_is_none_either(
    verifier: TokenVerifier, header: dict[str, Any], payload: Any, signature: bytes
) -> None:
    parts = [json.dumps({"alg": "RS256", "kid": "one", **header}).encode()]
    parts += [json.dumps(payload).encode(), signature]
    token = ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)
    assert await refused(verifier, token) == "token_invalid"


def test_who_may_send_what_is_one_table(trial: Service) -> None:
    listed = permissions([trial])
    assert len(listed) == len(trial.commands)
    assert ("PUT", "/gardens/{id}/beds/{bed_id}", "AddBed", "its owner | secretariat") in {
        line[1:] for line in listed
    }
    lines = permissions_table([trial]).splitlines()
    assert len(lines) == len(listed) + 1
    assert lines[0].split() == ["service", "method", "path", "command", "may"]
