"""Reading the pool of leaders and the paths that lead there."""

from uuid import UUID

from fastapi import APIRouter

from services.training.projections import LeaderPool, TrainingPath
from shared.contracts.vocabulary import LeaderWish, PathStage, PoolBasis
from shared.http.reading import Item, Listing, Page, Reading
from shared.kernel.permissions import role

router = APIRouter()

CHOOSERS = role("chefforum") | role("secretariat") | role("municipal_director")  # P45
READERS = CHOOSERS | role("integrator")
"""Also the systems that read every projection (P48)."""


@router.get("/leader-pool")
async def leader_pool(
    reader: Reading,
    listing: Listing,
    in_pool: bool | None = None,  # noqa: FBT001 - a query parameter has its name in the URL
    qualified: bool | None = None,  # noqa: FBT001
    basis: PoolBasis | None = None,
    wish: LeaderWish | None = None,
) -> Page[LeaderPool]:
    """See whom one can ask to lead, and why (V31)."""
    reader.allow(READERS)
    return await reader.page(
        LeaderPool, listing, in_pool=in_pool, qualified=qualified, basis=basis, wish=wish
    )


@router.get("/leader-pool/{person_id}")
async def pool_member(person_id: UUID, reader: Reading) -> Item[LeaderPool]:
    """See one person as somebody to ask."""
    reader.allow(READERS)
    return await reader.one(LeaderPool, person_id)


@router.get("/leaders")
async def leaders(
    reader: Reading, listing: Listing, stage: PathStage | None = None
) -> Page[TrainingPath]:
    """See how far each is on the way to network leader (V32)."""
    reader.allow(READERS)
    return await reader.page(TrainingPath, listing, stage=stage)


@router.get("/leaders/{person_id}")
async def leader(person_id: UUID, reader: Reading) -> Item[TrainingPath]:
    """See how far one person is."""
    reader.allow(READERS)
    return await reader.one(TrainingPath, person_id)
