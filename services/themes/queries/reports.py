"""Reading the reports on themes: where they come from, who finds them, and what they ask for."""

from fastapi import APIRouter

from services.themes.projections.ideas import IdeaInbox
from services.themes.projections.local_discussions import LocalDiscussion
from services.themes.projections.proposals import ThemeProposals
from services.themes.queries import figures
from services.themes.queries.figures import DemandByType, ThemeFinders, ThemeOriginStats
from services.themes.queries.themes import READERS
from services.themes.queries.worked_out import part_of, whole
from shared.contracts.vocabulary import HalfYear, IdeaChannel, NetworkType, OrgUnitId, PersonId
from shared.http.lists import ListRoute
from shared.http.reading import Listing, Page, Reader, Reading
from shared.people import Person

router = APIRouter(route_class=ListRoute)


@router.get("/reports/theme-origins")
async def theme_origins(
    reader: Reading,
    listing: Listing,
    half_year: HalfYear | None = None,
    org_unit_id: OrgUnitId | None = None,
    channel: IdeaChannel | None = None,
) -> Page[ThemeOriginStats]:
    """See where themes come from, half-year by half-year, and how far they came (V3)."""
    reader.allow(READERS)
    themes, inbox = await whole(reader, ThemeProposals), await whole(reader, IdeaInbox)
    people = {each.proposer_id for theme in themes for each in theme.proposals}
    units = await _units(reader, people | {each.person_id for each in inbox})
    counted = figures.theme_origins(themes, inbox, units)
    return await part_of(
        reader,
        ThemeOriginStats,
        counted,
        listing,
        half_year=half_year,
        org_unit_id=org_unit_id,
        channel=channel,
    )


@router.get("/reports/theme-finders")
async def theme_finders(
    reader: Reading,
    listing: Listing,
    half_year: HalfYear | None = None,
    org_unit_id: OrgUnitId | None = None,
    member_id: PersonId | None = None,
) -> Page[ThemeFinders]:
    """See how many themes each department found in its theme discussion (R65)."""
    reader.allow(READERS)
    discussions = await whole(reader, LocalDiscussion)
    counted = figures.theme_finders(discussions, await whole(reader, ThemeProposals))
    return await part_of(
        reader,
        ThemeFinders,
        counted,
        listing,
        half_year=half_year,
        org_unit_id=org_unit_id,
        member_id=member_id,
    )


@router.get("/reports/demand-by-type")
async def demand_by_type(
    reader: Reading,
    listing: Listing,
    half_year: HalfYear | None = None,
    network_type: NetworkType | None = None,
) -> Page[DemandByType]:
    """See which network type the themes ask for (V4, R88)."""
    reader.allow(READERS)
    counted = figures.demand_by_type(await whole(reader, ThemeProposals))
    return await part_of(
        reader, DemandByType, counted, listing, half_year=half_year, network_type=network_type
    )


async def _units(reader: Reader, people: set[PersonId]) -> dict[PersonId, OrgUnitId | None]:
    known = await whole(reader, Person, person_id=people)
    return {each.person_id: each.org_unit_id for each in known}
