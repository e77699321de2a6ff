"""The portfolio: how many networks of each type start, run and end (V1), and who has a slot."""

from collections.abc import Iterable
from typing import assert_never
from uuid import UUID

from services.networks.projections.known import the_one_row
from shared.contracts.networks import (
    InnovationSlotFreed,
    InnovationSlotsEvent,
    InnovationSlotTaken,
    NetworkCancelled,
    NetworkClosed,
    NetworkImported,
    NetworkPlanned,
    NetworkStarted,
)
from shared.contracts.vocabulary import HalfYear, NetworkType
from shared.kernel.events import Recorded
from shared.kernel.facts import Row
from shared.kernel.views import View
from shared.policy import half_year_of

Heard = NetworkPlanned | NetworkImported | NetworkStarted | NetworkClosed | NetworkCancelled
FLAGS = frozenset({"starts_out_of_range", "mix_unusual", "cap_exceeded"})


class PortfolioByHalfYear(Row):
    """The networks of a half-year and a type, or of all types; keyed `2013-H2/welfare` or `…/all`.

    Planned are those planned for the half-year; all else counts networks by the half-year they
    started in, so that running ones are those of them that have not ended.
    """

    half_year: HalfYear
    network_type: NetworkType | None = None
    """Missing in the row for all types."""
    planned: int = 0
    started: int = 0
    imported: int = 0
    running: int = 0
    closed: int = 0
    cancelled: int = 0
    flags: tuple[str, ...] = ()
    """Remarks made at starts and imports: starts_out_of_range, mix_unusual, cap_exceeded."""


def _half_year(event: Heard) -> HalfYear:
    match event:
        case NetworkPlanned() | NetworkStarted() | NetworkCancelled():
            return event.half_year
        case NetworkImported() | NetworkClosed():
            return half_year_of(event.started_on)
        case other:
            assert_never(other)


def _keys(fact: Recorded[Heard]) -> Iterable[str]:
    half_year = _half_year(fact.event)
    return (f"{half_year}/{fact.event.network_type}", f"{half_year}/all")


def _fold(row: PortfolioByHalfYear | None, fact: Recorded[Heard], key: str) -> PortfolioByHalfYear:
    half_year, _, of = key.partition("/")
    row = row or PortfolioByHalfYear(
        half_year=half_year, network_type=None if of == "all" else NetworkType(of)
    )
    remarks = FLAGS & {warned.code for warned in fact.envelope.warnings}
    flagged = {"flags": tuple(sorted(remarks.union(row.flags)))}
    event = fact.event
    match event:
        case NetworkPlanned():
            counts = {"planned": row.planned + 1}
        case NetworkStarted():
            counts = {"started": row.started + 1, "running": row.running + 1}
        case NetworkImported():
            counts = {"imported": row.imported + 1, "running": row.running + 1}
        case NetworkClosed():
            counts = {"closed": row.closed + 1, "running": row.running - 1}
        case NetworkCancelled():
            ran = 1 if event.was_started else 0
            counts = {"cancelled": row.cancelled + 1, "running": row.running - ran}
        case other:
            assert_never(other)
    return row.model_copy(update={**counts, **flagged})


PORTFOLIO = View.of(
    PortfolioByHalfYear, Heard, keys=_keys, fold=_fold, indexes=("half_year", "network_type")
)


class InnovationSlotsInUse(Row):
    """Which innovation networks run now (R73); the one row has the key `all`."""

    network_ids: tuple[UUID, ...] = ()
    in_use: int = 0
    over_cap: tuple[UUID, ...] = ()
    """Those that were imported above the cap and still run (R104)."""


def _slots(
    row: InnovationSlotsInUse | None, fact: Recorded[InnovationSlotsEvent], key: str
) -> InnovationSlotsInUse:
    row = row or InnovationSlotsInUse()
    event = fact.event
    others = tuple(each for each in row.network_ids if each != event.network_id)
    over_cap = tuple(each for each in row.over_cap if each != event.network_id)
    match event:
        case InnovationSlotTaken():
            held = (*others, event.network_id)
            over_cap = (*over_cap, event.network_id) if event.over_cap else over_cap
        case InnovationSlotFreed():
            held = others
        case other:
            assert_never(other)
    return InnovationSlotsInUse(network_ids=held, in_use=len(held), over_cap=over_cap)


SLOTS_IN_USE = View.of(InnovationSlotsInUse, InnovationSlotsEvent, keys=the_one_row, fold=_slots)
