"""Who is asking: bearer tokens of the municipality's issuer, and what each role may send."""

import time
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol
from uuid import UUID

import jwt

from shared.http.jwks import KeySet
from shared.kernel.permissions import Actor
from shared.kernel.refusals import NotSignedIn
from shared.kernel.services import Service

_ALGORITHMS = ["RS256"]
_LEEWAY_S = 60
_LONGEST_TOKEN = 8192
_TRUSTED_S = 300.0
_NEVER_GIVEN = frozenset({"system"})
"""Roles that no token gives: they are for reactions and deadlines."""


class Keys(Protocol):
    """Tells who a bearer token is from."""

    async def actor(self, token: str) -> Actor:
        """Return the actor; raises NotSignedIn, or NotYet while no keys could be read."""
        ...


@dataclass(frozen=True)
class Issuer:
    """Whose tokens are believed, and how they name roles.

    `roles_claim` is a path such as `realm_access.roles`; `role_map` turns the issuer's names into
    ours, and a name that is not in it is taken as it is.
    """

    issuer: str
    audience: str
    jwks: str
    """The keys: a path or a URL."""
    roles_claim: str = "roles"
    role_map: Mapping[str, str] = field(default_factory=dict)


class TokenVerifier:
    """Verifies tokens (RS256 alone) and remembers those it found good for up to five minutes."""

    def __init__(self, issuer: Issuer, *, remembered: int = 10_000) -> None:
        self._issuer = issuer
        self._keys = KeySet(issuer.jwks)
        self._remembered = remembered
        self._known: OrderedDict[str, tuple[Actor, float]] = OrderedDict()

    async def actor(self, token: str) -> Actor:
        """Return the person with the roles in the token."""
        known = self._known.get(token)
        # Tokens live by real time, whatever the business clock says.
        now = time.time()
        if known is not None and now < known[1]:
            self._known.move_to_end(token)
            return known[0]
        claims = await self._verified(token)
        actor = Actor(person_id=_person(claims), roles=self._roles(claims))
        self._known[token] = (actor, min(float(claims["exp"]) + _LEEWAY_S, now + _TRUSTED_S))
        if len(self._known) > self._remembered:
            self._known.popitem(last=False)
        return actor

    async def _verified(self, token: str) -> Mapping[str, Any]:
        if len(token) > _LONGEST_TOKEN:
            raise NotSignedIn("token_invalid")
        try:
            key_id = jwt.get_unverified_header(token).get("kid")
            key = await self._keys.find(key_id)
            if key is None:
                raise NotSignedIn("token_invalid")
            claims: Mapping[str, Any] = jwt.decode(
                token,
                key,
                algorithms=_ALGORITHMS,
                issuer=self._issuer.issuer,
                audience=self._issuer.audience,
                leeway=_LEEWAY_S,
                options={"require": ["exp", "iss", "aud", "sub"]},
            )
        except jwt.ExpiredSignatureError:
            raise NotSignedIn("token_expired") from None
        except (jwt.PyJWTError, ValueError, TypeError, OverflowError, RecursionError):
            raise NotSignedIn("token_invalid") from None
        return claims

    def _roles(self, claims: Mapping[str, Any]) -> frozenset[str]:
        found: Any = claims
        for step in self._issuer.roles_claim.split("."):
            found = found.get(step) if isinstance(found, dict) else None
        names = found.split() if isinstance(found, str) else found
        if not isinstance(names, list):
            return frozenset()
        mapped = (self._issuer.role_map.get(name, name) for name in names if isinstance(name, str))
        return frozenset(mapped) - _NEVER_GIVEN


def _person(claims: Mapping[str, Any]) -> UUID:
    try:
        return UUID(claims["sub"])
    except (ValueError, AttributeError):
        raise NotSignedIn("token_subject_unknown") from None


class Permission(NamedTuple):
    """Who may send a command, as its class declares it (D14)."""

    service: str
    method: str
    path: str
    command: str
    may: str


def permissions(services: Iterable[Service]) -> list[Permission]:
    """Every command that has a route, and who may send it."""
    return [
        Permission(
            service.name, route.method, route.path, route.command.__name__, str(route.command.may)
        )
        for service in services
        for route in service.commands
    ]


def permissions_table(services: Iterable[Service]) -> str:
    """The same as a table for people, one line for each route."""
    lines = [Permission("service", "method", "path", "command", "may"), *permissions(services)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )
