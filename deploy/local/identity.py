"""The issuer of a local stack: it signs tokens with a key of its own, which nobody else trusts."""

import hashlib
import json
import os
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from jwt.algorithms import RSAAlgorithm

from deploy.local.files import write_whole
from shared.runtime.settings import LOCAL_ISSUER

AUDIENCE = "netvaerk"
KEY_FILE = "issuer-key.pem"
JWKS_FILE = "jwks.json"


def prepare(folder: Path) -> Path:
    """Create the key where there is none yet, and give the file of public keys beside it."""
    _key(folder)
    return folder / JWKS_FILE


def issue(folder: Path, person: UUID, roles: Sequence[str], *, ttl_s: float = 8 * 3600) -> str:
    """Sign a token for a person with these roles."""
    key = _key(folder)
    now = datetime.now(UTC)  # a token's life goes by real time, whatever the business clock says
    claims = {
        "iss": LOCAL_ISSUER,
        "aud": AUDIENCE,
        "sub": str(person),
        "roles": list(roles),
        "iat": now,
        "exp": now + timedelta(seconds=ttl_s),
    }
    return jwt.encode(claims, key, algorithm="RS256", headers={"kid": _key_id(key)})


def _key(folder: Path) -> RSAPrivateKey:
    path = folder / KEY_FILE
    if not path.exists():
        new = generate_private_key(public_exponent=65537, key_size=2048)
        pem = new.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        _create(path, pem)
    key = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, RSAPrivateKey):
        raise TypeError(f"{path} holds no RSA key.")
    if not (folder / JWKS_FILE).exists():
        public = RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
        public |= {"kid": _key_id(key), "use": "sig", "alg": "RS256"}
        write_whole(folder / JWKS_FILE, json.dumps({"keys": [public]}, indent=2) + "\n")
    return key


def _create(path: Path, content: bytes) -> None:
    """Write the file unless another process was first."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    write_whole(draft, content, mode=0o600)
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _key_id(key: RSAPrivateKey) -> str:
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(public).hexdigest()[:16]
