"""Reading networks, their timelines, contracts and results, and the portfolio."""

from typing import TypeVar
from uuid import UUID

from fastapi import APIRouter

from services.networks.projections.evaluations import Evaluations
from services.networks.projections.mandate import MandateContractStatus
from services.networks.projections.overview import NetworkOverview
from services.networks.projections.portfolio import InnovationSlotsInUse, PortfolioByHalfYear
from services.networks.projections.readers import MatchBoard, NetworkPage, TestGate
from services.networks.projections.solutions import SolutionFlow
from services.networks.projections.timeline import NetworkTimeline
from shared.contracts.vocabulary import (
    CoursePart,
    EvaluationMoment,
    HalfYear,
    MandateParty,
    NetworkState,
    NetworkType,
    NextStep,
    OrgUnitId,
    OutcomeSoFar,
    OutputKind,
    PersonId,
    SolutionStep,
    Touchpoint,
)
from shared.http.lists import ListRoute
from shared.http.reading import Item, Listing, Page, Reader, Reading
from shared.kernel.facts import Row
from shared.kernel.permissions import May, Relations, its, role

R = TypeVar("R", bound=Row)

router = APIRouter(route_class=ListRoute)

INTEGRATOR = role("integrator")
"""Systems, which read every projection (P48)."""
REPORTS = role("secretariat") | role("municipal_director") | role("reporter") | INTEGRATOR
"""Who reads reports (P47)."""
EVERYBODY = role("employee") | role("participant") | role("chefforum") | REPORTS
"""Who reads the pages of networks (P41)."""
INSIDE = (
    its("leader")
    | its("co_driver")
    | its("reference_leader")
    | role("secretariat")
    | role("municipal_director")
)
"""Who reads inside a network (P42)."""
COURSE = INSIDE | its("line_manager") | its("co_driver_line_manager")
"""Who reads a network's course: also those who make room for the work (R97)."""
CHOOSERS = role("chefforum") | role("secretariat") | role("municipal_director")
"""Who reads who is willing (P45)."""


@router.get("/networks")
async def networks(
    reader: Reading,
    listing: Listing,
    state: NetworkState | None = None,
    network_type: NetworkType | None = None,
    half_year: HalfYear | None = None,
    next_step: NextStep | None = None,
    leader_id: PersonId | None = None,
    co_driver_id: PersonId | None = None,
    reference_leader_id: PersonId | None = None,
    theme_id: UUID | None = None,
    touchpoints_missing: Touchpoint | None = None,
) -> Page[NetworkPage]:
    """See what runs, who carries it and what it waits for (V8)."""
    reader.allow(EVERYBODY)
    page = await reader.page(
        NetworkOverview,
        listing,
        state=state,
        network_type=network_type,
        half_year=half_year,
        next_step=next_step,
        leader_id=leader_id,
        co_driver_id=co_driver_id,
        reference_leader_id=reference_leader_id,
        theme_id=theme_id,
        touchpoints_missing=touchpoints_missing,
    )
    return page.shown_as(NetworkPage)


@router.get("/networks/{network_id}")
async def network(network_id: UUID, reader: Reading) -> Item[NetworkPage]:
    """See one network (V8)."""
    reader.allow(EVERYBODY)
    return (await reader.one(NetworkOverview, network_id)).shown_as(NetworkPage)


@router.get("/match-board")
async def match_board(
    reader: Reading,
    listing: Listing,
    state: NetworkState | None = None,
    network_type: NetworkType | None = None,
    theme_id: UUID | None = None,
) -> Page[MatchBoard]:
    """See who is willing to be reference leader of which network (V13)."""
    reader.allow(CHOOSERS | INTEGRATOR)
    page = await reader.page(
        NetworkOverview, listing, state=state, network_type=network_type, theme_id=theme_id
    )
    return page.shown_as(MatchBoard)


@router.get("/networks/{network_id}/test-gate")
async def test_gate(network_id: UUID, reader: Reading) -> Item[TestGate]:
    """See whether a network is ready for its test (V22)."""
    found = await reader.one(NetworkOverview, network_id)
    reader.allow(INSIDE, crew_of(found.item))
    return found.shown_as(TestGate)


@router.get("/networks/{network_id}/timeline")
async def timeline(
    network_id: UUID, reader: Reading, listing: Listing, part: CoursePart | None = None
) -> Page[NetworkTimeline]:
    """See a network's phases and breaks, as planned and as they went (V9)."""
    await _allow(COURSE, network_id, reader)
    return await reader.page(NetworkTimeline, listing, network_id=network_id, part=part)


async def _allow(may: May, network_id: UUID, reader: Reader) -> None:
    """Hold that the reader may, in the network that is read inside of."""
    found = await reader.one(NetworkOverview, network_id)
    reader.allow(may, crew_of(found.item))


def crew_of(row: NetworkOverview) -> Relations:
    """Who stands in which relation to a network."""
    crew = {
        "leader": row.leader_id,
        "co_driver": row.co_driver_id,
        "reference_leader": row.reference_leader_id,
        "line_manager": row.line_manager_id,
        "co_driver_line_manager": row.co_driver_line_manager_id,
    }
    return {relation: (person,) for relation, person in crew.items() if person}


@router.get("/networks/{network_id}/mandate-contract")
async def mandate_contract(
    network_id: UUID, reader: Reading, listing: Listing, *, is_current: bool | None = None
) -> Page[MandateContractStatus]:
    """See who has agreed to a network's mandate contract; for its parties (V12)."""
    await _allow(INSIDE | its("line_manager"), network_id, reader)
    return await reader.page(
        MandateContractStatus, listing, network_id=network_id, is_current=is_current
    )


@router.get("/networks/{network_id}/outputs")
async def outputs_of_network(
    network_id: UUID,
    reader: Reading,
    listing: Listing,
    kind: OutputKind | None = None,
    reached: SolutionStep | None = None,
) -> Page[SolutionFlow]:
    """See how far a network's solutions have come (V23)."""
    await _allow(INSIDE, network_id, reader)
    return await reader.page(
        SolutionFlow, listing, network_id=network_id, kind=kind, reached=reached
    )


@router.get("/networks/{network_id}/evaluations")
async def evaluations_of_network(
    network_id: UUID, reader: Reading, listing: Listing, moment: EvaluationMoment | None = None
) -> Page[Evaluations]:
    """See how a network's work was evaluated (V29)."""
    await _allow(INSIDE, network_id, reader)
    return await reader.page(Evaluations, listing, network_id=network_id, moment=moment)


@router.get("/mandate-contracts")
async def mandate_contracts(
    reader: Reading,
    listing: Listing,
    network_id: UUID | None = None,
    party: MandateParty | None = None,
    *,
    is_waited_for: bool | None = None,
    is_current: bool | None = None,
) -> Page[MandateContractStatus]:
    """See who has agreed to which contract, and who is waited for since when (V12)."""
    reader.allow(REPORTS)
    return await reader.page(
        MandateContractStatus,
        listing,
        network_id=network_id,
        party=party,
        is_waited_for=is_waited_for,
        is_current=is_current,
    )


@router.get("/outputs")
async def outputs(
    reader: Reading,
    listing: Listing,
    network_id: UUID | None = None,
    kind: OutputKind | None = None,
    org_unit_id: OrgUnitId | None = None,
    reached: SolutionStep | None = None,
) -> Page[SolutionFlow]:
    """See what became of the solutions, unit by unit (V23)."""
    reader.allow(REPORTS)
    return await reader.page(
        SolutionFlow,
        listing,
        network_id=network_id,
        kind=kind,
        org_unit_id=org_unit_id,
        reached=reached,
    )


@router.get("/evaluations")
async def evaluations(
    reader: Reading,
    listing: Listing,
    network_id: UUID | None = None,
    moment: EvaluationMoment | None = None,
    outcome_so_far: OutcomeSoFar | None = None,
) -> Page[Evaluations]:
    """See what was learned from the networks (V29)."""
    reader.allow(REPORTS)
    return await reader.page(
        Evaluations,
        listing,
        network_id=network_id,
        moment=moment,
        outcome_so_far=outcome_so_far,
    )


@router.get("/portfolio")
async def portfolio(
    reader: Reading,
    listing: Listing,
    half_year: HalfYear | None = None,
    network_type: NetworkType | None = None,
) -> Page[PortfolioByHalfYear]:
    """See how many networks start, run and end, by half-year and type (V1)."""
    reader.allow(REPORTS)
    return await reader.page(
        PortfolioByHalfYear, listing, half_year=half_year, network_type=network_type
    )


@router.get("/innovation-slots")
async def innovation_slots(reader: Reading) -> Item[InnovationSlotsInUse]:
    """See which innovation networks run now (V1)."""
    reader.allow(REPORTS)
    return await reader.one(InnovationSlotsInUse, "all")
