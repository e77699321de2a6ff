"""Holding that a list is narrowed by nothing that it does not know, and by one value of each."""

from collections.abc import Callable, Mapping
from typing import Any

from fastapi import Request, params
from fastapi._compat import field_annotation_is_sequence
from fastapi.dependencies.utils import get_flat_params
from fastapi.routing import APIRoute

from shared.kernel.refusals import Malformed

_KNOWN: dict[Callable[..., Any], Mapping[str, bool]] = {}
"""A route's function -> its query parameters, and whether they may be repeated.

Finding them takes as long as a small read.
"""


def hold_filters(request: Request) -> None:
    """Hold that the query has only what the list knows: misspelt, a filter would leave all rows in.

    Nor does it say twice what has one value: the former would go unheard.
    Raises Malformed (`filter_unknown`, `filter_twice`).
    """
    known = _known_to(request.scope["route"])
    given = request.query_params
    for name in given:
        if name not in known:
            raise Malformed("filter_unknown", given=name[:100], known=list(known))
        if not known[name] and len(given.getlist(name)) > 1:
            raise Malformed("filter_twice", given=name)


def _known_to(route: APIRoute) -> Mapping[str, bool]:
    if route.endpoint not in _KNOWN:
        taken = get_flat_params(route.dependant)
        repeated = {
            each.alias: field_annotation_is_sequence(each.field_info.annotation)
            for each in taken
            if isinstance(each.field_info, params.Query)
        }
        _KNOWN[route.endpoint] = dict(sorted(repeated.items()))
    return _KNOWN[route.endpoint]
