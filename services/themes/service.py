"""What the service themes consists of."""

from pathlib import Path

from services.themes.api import COMMANDS
from services.themes.domain.erasure import ERASURES, RecordThemesErasure
from services.themes.domain.theme.state import THEME
from services.themes.domain.theme_round import ROUND
from services.themes.projections import VIEWS
from services.themes.queries import router
from services.themes.reactions import REACTIONS
from shared.kernel.services import Service
from shared.runtime.erasing import erasing

SERVICE = Service(
    name="themes",
    room=Path(__file__).parent,
    aggregates=(THEME, ROUND, ERASURES),
    commands=COMMANDS,
    views=VIEWS,
    reactions=REACTIONS,
    queries=router,
    workers={"erasing": erasing(RecordThemesErasure)},
)
