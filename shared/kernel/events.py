"""Facts: what an event is, where it lies, and what came with it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar, Generic, Literal, TypeVar, get_args
from uuid import UUID

from pydantic import BaseModel, ConfigDict

Audience = Literal["public", "internal", "state"]
Upcaster = Callable[[dict[str, Any]], dict[str, Any]]


class Event(BaseModel):
    """A fact in the past tense, stored forever: its name, version and fields are a promise.

    A released event only gains optional fields. Anything else is the next `version`, with a
    function in `upcasters` that turns the fields of an older one into those of the one after it.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    version: ClassVar[int] = 1
    upcasters: ClassVar[Mapping[int, Upcaster]] = {}

    on: date
    """The business date: when it happened, which may be before it was recorded."""


@dataclass(frozen=True, slots=True)
class StreamKind:
    """A kind of stream: who owns it, who may hear it, and which facts lie in it.

    `audience` is public or internal (a topic with its own access list); state is for the
    compacted topics of the directory, whose records replace each other. The name of a kind whose streams
    have keys holds no dash, so that a stream tells its key.
    """

    name: str
    owner: str
    audience: Audience
    events: tuple[type[Event], ...]

    @classmethod
    def of(cls, name: str, owner: str, union: Any, audience: Audience = "public") -> "StreamKind":
        """Name a kind by the union of its events."""
        return cls(name, owner, audience, get_args(union) or (union,))

    def stream(self, key: str) -> str:
        """Name the stream of one thing: `theme` and a key give `theme-<key>`."""
        return f"{self.name}-{key}" if key else self.name

    def key(self, stream: str) -> str:
        """Give back what `stream` was made from."""
        return stream.removeprefix(self.name).removeprefix("-")

    @property
    def topic(self) -> str:
        """The Kafka topic its facts are told on."""
        if self.audience == "state":
            return f"netvaerk.{self.name}"
        suffix = ".internal" if self.audience == "internal" else ""
        return f"netvaerk.{self.owner}{suffix}"


@dataclass(frozen=True, slots=True)
class Overridden:
    """A default rule that was set aside: which, in what capacity, and why (class D)."""

    rule: str
    code: str
    role: str
    reason: str


@dataclass(frozen=True, slots=True)
class Warned:
    """A soft expectation that was not met; it blocks nothing (class S)."""

    rule: str
    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a commit says besides its facts; it travels with every one of them."""

    command: str = ""
    actor: str = "system"
    on_behalf_of: UUID | None = None
    policy_version: str = ""
    correlation_id: str = ""
    causation_id: str = ""
    overrides: tuple[Overridden, ...] = ()
    warnings: tuple[Warned, ...] = ()
    evidence: Mapping[str, str] = field(default_factory=dict)
    """Foreign facts the decision rested on: what was looked up -> `stream@version`."""


E_co = TypeVar("E_co", bound=Event, covariant=True)


@dataclass(frozen=True, slots=True)
class Recorded(Generic[E_co]):
    """A fact with its place: event `version` (from 1) of `stream`, recorded `at` (UTC)."""

    event: E_co
    stream: str
    version: int
    id: str
    at: datetime
    envelope: Envelope = Envelope()

    @property
    def key(self) -> str:
        """The stream's name without its kind: the id of the thing the fact is about."""
        return self.stream.split("-", 1)[1] if "-" in self.stream else ""

    @property
    def position(self) -> str:
        """Where the fact lies, as `<stream>@<version>`."""
        return f"{self.stream}@{self.version}"
