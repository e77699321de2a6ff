"""What every kind of fault is made of, and what is measured of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from tests.faults.recovery import EVERYBODY, Probes
from tests.faults.system import System

MARGIN_S = 5.0
"""How long after the restart of a killed server all may be well again, at the latest."""


@dataclass(frozen=True)
class Site:
    """Where faults happen: the system, and those who ask it whether it is well."""

    system: System
    probes: Probes


@dataclass
class Fault:
    """One fault of a kind, on one target; a kind overrides what it needs.

    In order: `prepare` comes before it, `strike` returns at the instant at which it has happened,
    `heal` returns when what was struck answers again, `clear` removes what was only there for
    it, and `aftermath` waits until nothing is left of that.
    """

    kind: ClassVar[str]

    site: Site
    touched: frozenset[str] = EVERYBODY
    doors: Mapping[str, str] = field(default_factory=dict)
    """The processes that a client insists on, by service."""
    evidence: dict[str, Any] = field(default_factory=dict)
    """What shows that it happened where it was to happen."""

    @property
    def target(self) -> str:
        """What is struck."""
        return ""

    async def prepare(self) -> None:
        """Make ready, before the time counts."""

    async def strike(self) -> None:
        """Let it happen."""
        raise NotImplementedError

    @property
    def happened(self) -> bool:
        """Whether it was caught in the act that it is named after, as the evidence has it."""
        return True

    async def heal(self) -> None:
        """Wait until what was struck is there again, and bring it back where nobody else does."""

    async def clear(self) -> None:
        """Remove what is not to stay."""

    async def aftermath(self) -> None:
        """Wait until what was removed is not missed any more."""


@dataclass
class OfApi(Fault):
    """A fault of one API process; the client insists on that one."""

    service: str = "themes"
    instance: int = 1

    def __post_init__(self) -> None:
        """Nobody else answers for it."""
        self.touched = frozenset([self.service])
        door = self.site.system.doors[self.service][self.instance - 1]
        self.doors = {self.service: door}

    @property
    def target(self) -> str:
        """The process."""
        return f"{self.service}-api-{self.instance}"


@dataclass
class OfWorker(Fault):
    """A fault of a service's first worker: its views stand still, and what it would have told."""

    service: str = "themes"

    def __post_init__(self) -> None:
        """What it would have told is missed everywhere."""
        self.touched = frozenset([self.service])

    @property
    def target(self) -> str:
        """The process."""
        return f"{self.service}-worker-1"


@dataclass(frozen=True)
class Outcome:
    """What became of a fault; all times are in seconds from the strike."""

    kind: str
    target: str
    back_s: float
    """Until what was struck answered again by itself: 0 where nothing had gone."""
    command_s: float
    """Until the first command was acknowledged."""
    fresh_s: float
    """Until all views were fresh that the fault had touched."""
    evidence: Mapping[str, Any]
    at: str
    """When it struck, in UTC, as in the logs."""

    @property
    def too_late_s(self) -> float:
        """By how much the recovery took longer than it may."""
        return max(0.0, max(self.command_s, self.fresh_s) - self.back_s - MARGIN_S)
