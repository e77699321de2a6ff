"""What the service networks consists of."""

from pathlib import Path

from services.networks.api import COMMANDS
from services.networks.domain.network.state import NETWORK
from services.networks.domain.results import RESULTS
from services.networks.domain.slots import SLOTS
from services.networks.domain.solution import SOLUTION
from services.networks.projections import VIEWS
from services.networks.queries import router
from services.networks.reactions import REACTIONS
from shared.kernel.services import Service

SERVICE = Service(
    name="networks",
    room=Path(__file__).parent,
    aggregates=(NETWORK, SLOTS, SOLUTION, RESULTS),
    commands=COMMANDS,
    views=VIEWS,
    reactions=REACTIONS,
    queries=router,
)
