"""What the service networks consists of."""

from pathlib import Path

from services.networks.api import COMMANDS
from services.networks.domain.erasure import ERASURES, RecordNetworksErasure
from services.networks.domain.network.state import NETWORK
from services.networks.domain.results import RESULTS
from services.networks.domain.slots import SLOTS
from services.networks.domain.solution import SOLUTION
from services.networks.projections import VIEWS
from services.networks.queries import router
from services.networks.reactions import REACTIONS
from shared.kernel.permissions import role
from shared.kernel.services import Service
from shared.runtime.erasing import erasing

SERVICE = Service(
    name="networks",
    room=Path(__file__).parent,
    aggregates=(NETWORK, SLOTS, SOLUTION, RESULTS, ERASURES),
    commands=COMMANDS,
    views=VIEWS,
    reactions=REACTIONS,
    queries=router,
    notes_for=role("secretariat") | role("chefforum"),
    workers={"erasing": erasing(RecordNetworksErasure)},
)
