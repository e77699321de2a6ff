"""A command's place: what its path says, which stream that names, and where a new thing is."""

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote
from uuid import UUID

from shared.kernel.commands import Command
from shared.kernel.refusals import Malformed, Unknown
from shared.kernel.services import Route

_PLACE = re.compile(r"\{([a-z_]+)\}")
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}", re.ASCII)
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,149}", re.ASCII)


class Place:
    """A line's path and key, checked when the service starts.

    Raises ValueError for a path parameter that neither the key nor a field takes, and for a key
    that names something unknown.
    """

    def __init__(self, line: Route, prefix: str = "") -> None:
        self._line = line
        self._prefix = prefix
        fields = line.command.model_fields
        self.parameters = tuple(_PLACE.findall(line.path))
        self.filled = tuple(name for name in self.parameters if name in fields)
        """The fields that the path fills."""
        first = f"{{{self.parameters[0]}}}" if self.parameters else ""
        self._template = first if line.key is None else line.key
        self._named = tuple(_PLACE.findall(self._template))
        where = f"{line.method} {line.path}"
        if idle := set(self.parameters) - set(self.filled) - set(self._named):
            raise ValueError(f"{where}: nothing takes {', '.join(sorted(idle))}")
        if strange := set(self._named) - set(self.parameters) - set(fields):
            raise ValueError(f"{where}: the key names {', '.join(sorted(strange))}")

    def read(self, given: Mapping[str, str]) -> Mapping[str, str]:
        """Check the path's parameters; raises Unknown for what can be the name of nothing."""
        return {name: _checked(name, text) for name, text in given.items()}

    def key(
        self, given: Mapping[str, str], command: Command[Any, Any], new_id: Callable[[], UUID]
    ) -> str:
        """Name the stream; raises Malformed where a field makes no key."""
        if not self._template:
            return str(new_id())
        if self._template[1:-1] in given:
            return given[self._template[1:-1]]
        key = _PLACE.sub(
            lambda found: given.get(found[1]) or str(getattr(command, found[1], "")),
            self._template,
        )
        if not _KEY.fullmatch(key):
            raise Malformed("key_malformed", key=key)
        return key

    def location(self, key: str, path: str) -> str:
        """Where a new thing is: at the path itself, or beside it under its key."""
        if self._line.method == "PUT":
            return quote(path)
        if not self.parameters:
            return f"{self._prefix}/{self._line.path.split('/')[1]}/{quote(key)}"
        if named := [f"{{{name}}}" for name in self._named if name in self.parameters]:
            steps = self._line.path.split("/")
            end = max(steps.index(name) for name in named) + 1
            return quote(self._prefix + "/".join(path.removeprefix(self._prefix).split("/")[:end]))
        return f"{quote(path)}/{quote(key)}"


def is_id(name: str) -> bool:
    """Whether a path parameter of this name is a UUID."""
    return name == "id" or name.endswith("_id")


def _checked(name: str, text: str) -> str:
    if is_id(name):
        if _ID.fullmatch(text):
            return text.lower()
    elif _WORD.fullmatch(text):
        return text
    raise Unknown("unknown")
