"""From facts to stored names and fields, and back, through every version there ever was."""

from collections.abc import Iterable, Mapping
from typing import Any

from shared.kernel.events import Event, StreamKind


class Undecodable(Exception):
    """Stored or received fields that are no known fact; the message says why."""


class Codec:
    """Knows every event of the given kinds by its stored name, which is the class's name."""

    def __init__(self, kinds: Iterable[StreamKind]) -> None:
        self.kinds: Mapping[str, StreamKind] = {kind.name: kind for kind in kinds}
        self._dashes = max((name.count("-") for name in self.kinds), default=0)
        self._classes: dict[str, type[Event]] = {}
        self._kind_of: dict[type[Event], StreamKind] = {}
        for kind in self.kinds.values():
            for event in kind.events:
                if self._classes.setdefault(event.__name__, event) is not event:
                    raise ValueError(f"two events are called {event.__name__}")
                self._kind_of[event] = kind

    def kind_of(self, event: type[Event]) -> StreamKind:
        """The kind of stream that facts of this class lie in."""
        return self._kind_of[event]

    def kind_of_stream(self, stream: str) -> StreamKind | None:
        """The kind that `stream` is of, or None for a name no service uses."""
        parts = stream.split("-", self._dashes + 1)
        for end in range(min(len(parts), self._dashes + 1), 0, -1):
            kind = self.kinds.get("-".join(parts[:end]))
            if kind is not None:
                return kind
        return None

    def is_state(self, stream: str) -> bool:
        """Whether the stream's records replace each other, so that none needs the one before it."""
        kind = self.kind_of_stream(stream)
        return kind is not None and kind.audience == "state"

    def encode(self, event: Event) -> tuple[str, int, dict[str, Any]]:
        """Return the stored name, the version and the fields as JSON values."""
        fields = event.model_dump(mode="json", exclude_none=True)
        return type(event).__name__, type(event).version, fields

    def decode(self, name: str, version: int, fields: Mapping[str, Any]) -> Event:
        """Rebuild a fact, lifting older versions step by step; raises Undecodable."""
        known = self._classes.get(name)
        if known is None:
            raise Undecodable(f"no event is called {name}")
        if version > known.version:
            raise Undecodable(f"{name} is known to version {known.version}, not {version}")
        lifted: Mapping[str, Any] = fields
        for step in range(version, known.version):
            lifted = known.upcasters[step](dict(lifted))
        try:
            return known.model_validate(lifted)
        except ValueError as problem:
            raise Undecodable(f"{name} v{version}: {problem}") from problem
