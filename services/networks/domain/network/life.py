"""Where a network is in its life (M4)."""

from dataclasses import dataclass
from datetime import date

from shared.contracts.vocabulary import NetworkResult


@dataclass(frozen=True)
class Planned:
    """Its theme is selected; it has not started."""


@dataclass(frozen=True)
class Running:
    """It works."""


@dataclass(frozen=True)
class OnBreak:
    """It runs, and rests (R95)."""

    number: int
    started_on: date
    expected_end: date | None


@dataclass(frozen=True)
class Testing:
    """Its ideas are tried in practice (R162)."""


@dataclass(frozen=True)
class Implementing:
    """Its solutions go into the base (R100)."""


@dataclass(frozen=True)
class Closed:
    """It has come to its end (R89)."""

    on: date
    result: NetworkResult


@dataclass(frozen=True)
class Cancelled:
    """It was given up (R89)."""

    on: date


Life = Planned | Running | OnBreak | Testing | Implementing | Closed | Cancelled
