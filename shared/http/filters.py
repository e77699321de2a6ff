"""Holding that a list is narrowed by nothing that it does not know."""

from collections.abc import Callable
from typing import Any

from fastapi import Request, params
from fastapi.dependencies.utils import get_flat_params
from fastapi.routing import APIRoute

from shared.kernel.refusals import Malformed

_KNOWN: dict[Callable[..., Any], tuple[str, ...]] = {}
"""A route's function -> its query parameters; finding them takes as long as a small read."""


def hold_filters(request: Request) -> None:
    """Hold that the query has only what the list knows: misspelt, a filter would leave all rows in.

    Raises Malformed (`filter_unknown`).
    """
    known = _known_to(request.scope["route"])
    for name in request.query_params:
        if name not in known:
            raise Malformed("filter_unknown", given=name[:100], known=", ".join(known))


def _known_to(route: APIRoute) -> tuple[str, ...]:
    if route.endpoint not in _KNOWN:
        taken = get_flat_params(route.dependant)
        names = {each.alias for each in taken if isinstance(each.field_info, params.Query)}
        _KNOWN[route.endpoint] = tuple(sorted(names))
    return _KNOWN[route.endpoint]
