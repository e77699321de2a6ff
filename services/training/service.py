"""What the service training consists of."""

from pathlib import Path

from services.training import people, queries
from services.training.api import COMMANDS
from services.training.domain.leader_path import LEADER_PATH
from services.training.domain.policy_set import POLICY_SETS
from services.training.projections import VIEWS
from services.training.reactions import REACTIONS
from shared.kernel.services import Service

queries.router.include_router(people.router)

SERVICE = Service(
    name="training",
    room=Path(__file__).parent,
    aggregates=(LEADER_PATH, POLICY_SETS),
    commands=COMMANDS,
    views=VIEWS,
    reactions=REACTIONS,
    queries=queries.router,
)
