"""Reading the pool of leaders, the paths that lead there, and the corps of innovators."""

from datetime import date
from uuid import UUID

from fastapi import APIRouter

from services.training.domain.known import NetworkRoles
from services.training.projections.co_drivers import CoDriverPipeline
from services.training.projections.declined_assignments import DeclinedAssignment, Declines
from services.training.projections.innovator_corps import InnovatorCorps
from services.training.projections.leader_pool import LeaderPool
from services.training.projections.training_path import TrainingPath
from services.training.queries.readers import INSIDE, OR_ONESELF
from shared.contracts.vocabulary import (
    DeclineReason,
    DrivingRole,
    LeaderWish,
    PathStage,
    PoolBasis,
)
from shared.http.lists import ListRoute
from shared.http.reading import MOST_ROWS, Item, Listing, Page, Reader, Reading
from shared.kernel.permissions import Relations, its, oneself, role
from shared.policy.periods import local_day

router = APIRouter(route_class=ListRoute)

CHOOSERS = role("chefforum") | role("secretariat") | role("municipal_director")  # P45
READERS = CHOOSERS | role("integrator")
"""Also the systems that read every projection (P48)."""
OWN_PATH = oneself(field="person_id") | READERS
"""Who reads how far a person is: also the person."""
FINDING_INNOVATORS = READERS | its("leader")
"""Who reads the corps: also whoever leads a network (P45, R252)."""


class PoolPage(LeaderPool):
    """Somebody to ask to lead, as whoever chooses sees them."""

    available_today: bool
    """Whether the person can be asked today, by what they told last (R125)."""
    declines: int | None = None
    """How often the person was asked and said no; None for systems (P45)."""
    declined_on: date | None = None


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
) -> Page[PoolPage]:
    """See whom one can ask to lead, and why (V31); `available` is whether today."""
    capacity, today = reader.allow(READERS), local_day(reader.now)
    page = await reader.page(
        LeaderPool,
        listing,
        only=lambda each: available in (None, each.is_available_on(today)),
        in_pool=in_pool,
        qualified=qualified,
        basis=basis,
        wish=wish,
        generation=generation,
    )
    return page.shown_as(PoolPage, await _pool_pages(page.items, capacity, reader))


@router.get("/leader-pool/{person_id}")
async def pool_member(person_id: UUID, reader: Reading) -> Item[PoolPage]:
    """See one person as somebody to ask."""
    capacity = reader.allow(READERS)
    found = await reader.one(LeaderPool, person_id)
    (item,) = await _pool_pages((found.item,), capacity, reader)
    return found.shown_as(PoolPage, item)


async def _pool_pages(
    rows: tuple[LeaderPool, ...], capacity: str, reader: Reader
) -> tuple[PoolPage, ...]:
    """Add who said no, which systems learn nothing of: it is heard by the four services alone."""
    today, told = local_day(reader.now), {}
    choosing = capacity != "integrator"
    if choosing:
        people = [each.person_id for each in rows]
        found = await reader.rows.page(Declines, {"person_id": people}, None, None, MOST_ROWS)
        told = {each.person_id: each for each in found.items}

    def shown(row: LeaderPool) -> PoolPage:
        known = told.get(row.person_id)
        return PoolPage(
            **row.model_dump(),
            available_today=row.is_available_on(today),
            declines=(known.declines if known else 0) if choosing else None,
            declined_on=known.declined_on if known else None,
        )

    return tuple(shown(each) for each in rows)


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


@router.get("/leaders/{person_id}/declines")
async def declines(
    person_id: UUID,
    reader: Reading,
    listing: Listing,
    network_id: UUID | None = None,
    reason: DeclineReason | None = None,
) -> Page[DeclinedAssignment]:
    """See what a person was asked for and declined, and why (R125)."""
    reader.allow(OR_ONESELF, person_id=person_id)
    return await reader.page(
        DeclinedAssignment, listing, person_id=person_id, network_id=network_id, reason=reason
    )


@router.get("/co-drivers")
async def co_drivers(
    reader: Reading,
    listing: Listing,
    enrolled: bool | None = None,  # noqa: FBT001
    waiting: bool | None = None,  # noqa: FBT001
    lacks_run: bool | None = None,  # noqa: FBT001
    lacks_diploma: bool | None = None,  # noqa: FBT001
    in_pool: bool | None = None,  # noqa: FBT001
) -> Page[CoDriverPipeline]:
    """See who co-drives or did, who is in a cohort, and what each lacks (R142, R168).

    For those who read enrolments (P44).
    """
    reader.allow(INSIDE)
    return await reader.page(
        CoDriverPipeline,
        listing,
        co_driver=True,
        enrolled=enrolled,
        waiting=waiting,
        lacks_run=lacks_run,
        lacks_diploma=lacks_diploma,
        in_pool=in_pool,
    )


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
