"""What the service themes consists of."""

from pathlib import Path

from services.themes.api import COMMANDS
from services.themes.domain.erasure import ERASURES, RecordThemesErasure
from services.themes.domain.forum_slot.scheduling import PassForumMonth
from services.themes.domain.forum_slot.state import SLOT
from services.themes.domain.idea_call import IDEA_CALLS, CloseIdeaCall
from services.themes.domain.inquiry.state import INQUIRIES
from services.themes.domain.theme.state import THEME
from services.themes.domain.theme_round.state import ROUND
from services.themes.projections import VIEWS
from services.themes.projections.forum_calendar import ForumCalendar
from services.themes.projections.idea_calls import IdeaCalls
from services.themes.queries import router
from services.themes.reactions import REACTIONS
from shared.kernel.permissions import oneself, role
from shared.kernel.reactions import Deadline, Send
from shared.kernel.services import Service
from shared.runtime.erasing import erasing

SERVICE = Service(
    name="themes",
    room=Path(__file__).parent,
    aggregates=(THEME, ROUND, INQUIRIES, IDEA_CALLS, SLOT, ERASURES),
    commands=COMMANDS,
    views=VIEWS,
    reactions=REACTIONS,
    deadlines=(
        Deadline(
            IdeaCalls, "closes_at", lambda row, _: Send(str(row.idea_call_id), CloseIdeaCall())
        ),
        Deadline(
            ForumCalendar,
            "passes_at",
            lambda row, _: Send(row.month, PassForumMonth(month=row.month)),
        ),
    ),
    queries=router,
    workers={"erasing": erasing(RecordThemesErasure)},
    # Whoever had an idea reads the answer, also from outside (P41).
    notes_for=role("secretariat") | oneself("participant", field="about"),
)
