"""Reading themes and rounds."""

from uuid import UUID

from fastapi import APIRouter

from services.themes.projections.board import ThemeBoard
from services.themes.projections.rounds import RoundOverview
from shared.contracts.vocabulary import HalfYear, NetworkType, PersonId, ThemeState
from shared.http.lists import ListRoute
from shared.http.reading import Item, Listing, Page, Reading
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


@router.get("/themes")
async def themes(
    reader: Reading,
    listing: Listing,
    state: ThemeState | None = None,
    network_type: NetworkType | None = None,
    latest_round: HalfYear | None = None,
    proposer_id: PersonId | None = None,
) -> Page[ThemeBoard]:
    """See what the chief forum can choose from, and why (V2); a proposer sees the own ones."""
    reader.allow(OR_PROPOSER, _proposer(proposer_id))
    return await reader.page(
        ThemeBoard,
        listing,
        state=state,
        network_type=network_type,
        latest_round=latest_round,
        proposer_id=proposer_id,
    )


@router.get("/themes/{theme_id}")
async def theme(theme_id: UUID, reader: Reading) -> Item[ThemeBoard]:
    """See one theme; its proposer does too."""
    found = await reader.one(ThemeBoard, theme_id)
    reader.allow(OR_PROPOSER, _proposer(found.item.proposer_id))
    return found


def _proposer(proposer_id: PersonId | None) -> Relations:
    return {"proposer": (proposer_id,)} if proposer_id else {}


@router.get("/theme-rounds")
async def theme_rounds(
    reader: Reading, listing: Listing, half_year: HalfYear | None = None
) -> Page[RoundOverview]:
    """See the half-years' rounds with their themes in order (V6)."""
    reader.allow(READERS)
    return await reader.page(RoundOverview, listing, half_year=half_year)
