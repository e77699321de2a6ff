"""What networks shows, and what it looks up when it decides."""

from services.networks.projections.evaluations import EVALUATIONS
from services.networks.projections.known import KNOWN_THEMES, STARTS
from services.networks.projections.leaders import LEADER_CREWS, LEADERS
from services.networks.projections.mandate import MANDATE_CONTRACTS
from services.networks.projections.overview_fold import NETWORK_OVERVIEW
from services.networks.projections.portfolio import PORTFOLIO, SLOTS_IN_USE
from services.networks.projections.solutions import SOLUTION_FLOW
from services.networks.projections.timeline import NETWORK_TIMELINE
from services.networks.projections.touchpoints import TOUCHPOINTS
from shared.people import PEOPLE

VIEWS = (
    NETWORK_OVERVIEW,
    NETWORK_TIMELINE,
    PORTFOLIO,
    SLOTS_IN_USE,
    MANDATE_CONTRACTS,
    SOLUTION_FLOW,
    EVALUATIONS,
    KNOWN_THEMES,
    STARTS,
    TOUCHPOINTS,
    LEADERS,
    LEADER_CREWS,
    PEOPLE,
)
