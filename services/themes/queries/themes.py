"""Reading themes."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from fastapi import APIRouter

from services.themes.domain.known import NetworkCrew
from services.themes.projections.board import ThemeBoard
from services.themes.queries.worked_out import part_of, whole
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
BY_RANK = ("rank", "-rank")
OF_A_PROPOSAL = {"proposal_no", "state", "decision", "decided_in", "reason", "outcome"}
"""What is shown of an earlier proposal, where a round is asked for that had it."""


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
    """See what the chief forum can choose from, and why (V2); a proposer sees the own ones.

    With `rounds` each theme is shown as it is in that round.
    """
    reader.allow(OR_PROPOSER, _proposer(proposer_id))
    filters: dict[str, Any] = {
        "network_type": network_type,
        "latest_round": latest_round,
        "rounds": rounds,
        "in_round": in_round,
        "demand_origins": demand_origins,
        "proposers": proposer_id,
    }
    if rounds is None:
        return await reader.page(ThemeBoard, listing, state=state, **filters)
    if listing.sort in BY_RANK:
        found = [as_in(each, rounds) for each in await whole(reader, ThemeBoard, **filters)]
        return await part_of(reader, ThemeBoard, found, listing, state=state)
    page = await reader.page(
        ThemeBoard,
        listing,
        only=lambda row: state is None or as_in(row, rounds).state is state,
        **filters,
    )
    return page.shown_as(ThemeBoard, (as_in(each, rounds) for each in page.items))


def as_in(row: ThemeBoard, half_year: HalfYear) -> ThemeBoard:
    """Show a theme with its rank in a round, and with what became of the proposal that was in it."""
    number = row.proposal_nos.get(half_year)
    shown: dict[str, Any] = {"rank": row.ranks.get(half_year)}
    for each in (one for one in row.earlier if one.proposal_no == number):
        shown |= each.model_dump(include=OF_A_PROPOSAL)
    return row.model_copy(update=shown)


@router.get("/themes/{theme_id}")
async def theme(theme_id: UUID, reader: Reading) -> Item[ThemeBoard]:
    """See one theme with its history; its proposers do too, and those who carry its network."""
    found = await reader.one(ThemeBoard, theme_id)
    crew = await _crew(reader, found.item.network_id)
    reader.allow(OR_CONCERNED, {"proposer": found.item.proposers, "crew": crew})
    return found


async def _crew(reader: Reader, network_id: UUID | None) -> Sequence[PersonId]:
    known = await reader.rows.one(NetworkCrew, str(network_id)) if network_id else None
    return known[0].members if known else ()


def _proposer(proposer_id: PersonId | None) -> Relations:
    return {"proposer": (proposer_id,)} if proposer_id else {}
