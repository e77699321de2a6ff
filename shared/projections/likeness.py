"""What makes a view another one: the facts it hears, the fields of its rows, and how it is folded.

How it is folded is told by the modules that its `keys` and `fold` are written in, as Python reads
them: comments and layout say nothing. What these call in other modules is not looked at.
"""

import ast
import inspect
import json
import sys
from collections.abc import Callable, Iterable
from functools import cache
from hashlib import sha256
from typing import Any

from shared.kernel.views import View


def likenesses(views: Iterable[View[Any]]) -> dict[str, str]:
    """The likeness of each, by name."""
    return {view.name: likeness(view) for view in views}


@cache
def likeness(view: View[Any]) -> str:
    """A short text, the same for views that make the same rows of the same facts."""
    told = [
        sorted(event.__name__ for event in view.hears),
        view.row.model_json_schema(),
        [_written(each) for each in (view.keys, view.fold)],
    ]
    return sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]


def _written(function: Callable[..., Any]) -> list[str]:
    name = getattr(function, "__qualname__", type(function).__name__)
    return [name, _module(function.__module__)]


@cache
def _module(name: str) -> str:
    try:
        source = inspect.getsource(sys.modules[name])
    except (OSError, TypeError, KeyError):
        return name  # nothing is written anywhere
    return sha256(ast.dump(ast.parse(source)).encode()).hexdigest()
