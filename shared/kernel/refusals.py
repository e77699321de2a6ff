"""The ways a command or a query is turned away, without a word of HTTP.

Every refusal has a stable code in snake case. Its text stands in the service's `messages.yaml`,
in Danish and English, and may name the facts given here.
"""

from typing import Any


class Refused(Exception):
    """A rule says no (HTTP 409). `overridable` marks a default rule (class D)."""

    status = 409

    def __init__(
        self, code: str, rule: str = "", *, overridable: bool = False, **facts: Any
    ) -> None:
        super().__init__(code)
        self.code = code
        self.rule = rule
        self.overridable = overridable
        self.facts = facts
        self.others: tuple[Refused, ...] = ()
        """Further default rules that were broken by the same command."""


class Malformed(Refused):
    """What was sent cannot be understood (HTTP 422)."""

    status = 422


class Forbidden(Refused):
    """The actor may not do this (HTTP 403)."""

    status = 403


class NotSignedIn(Refused):
    """There is no valid token (HTTP 401)."""

    status = 401


class Unknown(Refused):
    """There is no such thing (HTTP 404)."""

    status = 404


class Stale(Refused):
    """The caller's If-Match is not the present version (HTTP 412)."""

    status = 412


class Conflict(Refused):
    """Another write won, and the retries are spent (HTTP 409); sending again is safe."""


class NotYet(Refused):
    """Something needed has not arrived or cannot be reached now (HTTP 503); try again later."""

    status = 503
