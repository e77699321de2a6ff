"""Reading themes."""

from collections.abc import Sequence
from uuid import UUID

from fastapi import APIRouter

from services.themes.domain.known import NetworkCrew
from services.themes.projections.board import ThemeBoard
from shared.contracts.vocabulary import (
    DemandOrigin,
    HalfYear,
    NetworkType,
    PersonId,
    ThemeState,
)
from shared.http.lists import ListRoute
from shared.http.reading import Item, Listing, Page, Reader, Reading
from shared.kernel.permissions import Relations, its, role

router = APIRouter(route_class=ListRoute)

READERS = (
    role("chefforum")
    | role("secretariat")
    | role("municipal_director")
    | role("reporter")
    | role("integrator")
)
"""Who reads reports (P47, P48), and the chief forum, which chooses from them (P6)."""
OR_PROPOSER = READERS | its("proposer")
OR_CONCERNED = OR_PROPOSER | its("crew")
"""Also those who may sharpen the theme while their network works on it (P4)."""


@router.get("/themes")
async def themes(
    reader: Reading,
    listing: Listing,
    state: ThemeState | None = None,
    network_type: NetworkType | None = None,
    latest_round: HalfYear | None = None,
    rounds: HalfYear | None = None,
    in_round: bool | None = None,  # noqa: FBT001 - a query parameter has its name in the URL
    demand_origins: DemandOrigin | None = None,
    proposer_id: PersonId | None = None,
) -> Page[ThemeBoard]:
    """See what the chief forum can choose from, and why (V2); a proposer sees the own ones."""
    reader.allow(OR_PROPOSER, _proposer(proposer_id))
    page = await reader.page(
        ThemeBoard,
        listing,
        state=state,
        network_type=network_type,
        latest_round=latest_round,
        rounds=rounds,
        in_round=in_round,
        demand_origins=demand_origins,
        proposer_id=proposer_id,
    )
    items = tuple(ranked_in(each, rounds) for each in page.items)
    return page.model_copy(update={"items": items})


def ranked_in(row: ThemeBoard, half_year: HalfYear | None) -> ThemeBoard:
    """Show a theme with its rank in the round that was asked for."""
    if half_year is None:
        return row
    return row.model_copy(update={"rank": row.ranks.get(half_year)})


@router.get("/themes/{theme_id}")
async def theme(theme_id: UUID, reader: Reading) -> Item[ThemeBoard]:
    """See one theme with its history; its proposer does too, and those who carry its network."""
    found = await reader.one(ThemeBoard, theme_id)
    crew = await _crew(reader, found.item.network_id)
    reader.allow(OR_CONCERNED, {**_proposer(found.item.proposer_id), "crew": crew})
    return found


async def _crew(reader: Reader, network_id: UUID | None) -> Sequence[PersonId]:
    known = await reader.rows.one(NetworkCrew, str(network_id)) if network_id else None
    return known[0].members if known else ()


def _proposer(proposer_id: PersonId | None) -> Relations:
    return {"proposer": (proposer_id,)} if proposer_id else {}
