"""Where a cohort is in its life (M11)."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Planned:
    """It is to be held; one cannot enrol yet."""


@dataclass(frozen=True)
class Open:
    """One can enrol."""

    enrol_by: date


@dataclass(frozen=True)
class Confirmed:
    """It takes place."""


@dataclass(frozen=True)
class Running:
    """Its first training day has come."""


@dataclass(frozen=True)
class Completed:
    """All its days are held."""


@dataclass(frozen=True)
class Cancelled:
    """It does not take place."""


Life = Planned | Open | Confirmed | Running | Completed | Cancelled
