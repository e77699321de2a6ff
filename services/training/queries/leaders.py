"""Reading the pool of leaders, the paths that lead there, and the corps of innovators."""

from uuid import UUID

from fastapi import APIRouter

from services.training.domain.known import NetworkRoles
from services.training.projections.innovator_corps import InnovatorCorps
from services.training.projections.leader_pool import LeaderPool
from services.training.projections.training_path import TrainingPath
from shared.contracts.vocabulary import DrivingRole, LeaderWish, PathStage, PoolBasis
from shared.http.lists import ListRoute
from shared.http.reading import Item, Listing, Page, Reader, Reading
from shared.kernel.permissions import Relations, its, oneself, role

router = APIRouter(route_class=ListRoute)

CHOOSERS = role("chefforum") | role("secretariat") | role("municipal_director")  # P45
READERS = CHOOSERS | role("integrator")
"""Also the systems that read every projection (P48)."""
OWN_PATH = oneself(field="person_id") | READERS
"""Who reads how far a person is: also the person."""
FINDING_INNOVATORS = READERS | its("leader")
"""Who reads the corps: also whoever leads a network (P45, R252)."""


@router.get("/leader-pool")
async def leader_pool(
    reader: Reading,
    listing: Listing,
    in_pool: bool | None = None,  # noqa: FBT001 - a query parameter has its name in the URL
    qualified: bool | None = None,  # noqa: FBT001
    basis: PoolBasis | None = None,
    wish: LeaderWish | None = None,
    available: bool | None = None,  # noqa: FBT001
    generation: int | None = None,
) -> Page[LeaderPool]:
    """See whom one can ask to lead, and why (V31)."""
    reader.allow(READERS)
    return await reader.page(
        LeaderPool,
        listing,
        in_pool=in_pool,
        qualified=qualified,
        basis=basis,
        wish=wish,
        available=available,
        generation=generation,
    )


@router.get("/leader-pool/{person_id}")
async def pool_member(person_id: UUID, reader: Reading) -> Item[LeaderPool]:
    """See one person as somebody to ask."""
    reader.allow(READERS)
    return await reader.one(LeaderPool, person_id)


@router.get("/leaders")
async def leaders(
    reader: Reading,
    listing: Listing,
    stage: PathStage | None = None,
    innovator: bool | None = None,  # noqa: FBT001
) -> Page[TrainingPath]:
    """See how far each is on the way to network leader (V32)."""
    reader.allow(READERS)
    return await reader.page(TrainingPath, listing, stage=stage, innovator=innovator)


@router.get("/leaders/{person_id}")
async def leader(person_id: UUID, reader: Reading) -> Item[TrainingPath]:
    """See how far one person is; everybody sees their own path."""
    reader.allow(OWN_PATH, person_id=person_id)
    return await reader.one(TrainingPath, person_id)


@router.get("/innovators")
async def innovators(
    reader: Reading,
    listing: Listing,
    in_training: bool | None = None,  # noqa: FBT001
    unused: bool | None = None,  # noqa: FBT001
) -> Page[InnovatorCorps]:
    """See which innovators one can draw on, and who of them works in no network (V38)."""
    reader.allow(FINDING_INNOVATORS, await _leads(reader))
    return await reader.page(
        InnovatorCorps, listing, in_corps=True, in_training=in_training, unused=unused
    )


async def _leads(reader: Reader) -> Relations:
    """Whether the reader leads a network, whichever it is."""
    person_id = reader.actor.person_id
    found = await reader.rows.one(NetworkRoles, str(person_id)) if person_id else None
    return leader_of_any(found[0]) if found else {}


def leader_of_any(roles: NetworkRoles) -> Relations:
    """Tell who leads a network now, of the one person whose roles these are."""
    leads = any(each.role is DrivingRole.LEADER for each in roles.now)
    return {"leader": (roles.person_id,)} if leads else {}
