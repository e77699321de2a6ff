"""What themes shows, and what it looks up when it decides."""

from services.themes.projections.board_fold import THEME_BOARD
from services.themes.projections.forum_agenda import FORUM_AGENDA
from services.themes.projections.forum_calendar import FORUM_CALENDAR
from services.themes.projections.forum_known import AGENDA_MATTERS, FORUM_OBSERVERS, SLOT_CALENDAR
from services.themes.projections.idea_calls import IDEA_CALLS
from services.themes.projections.ideas import IDEA_INBOX
from services.themes.projections.known import KNOWN_ROUNDS, KNOWN_THEMES, NETWORK_CREWS
from services.themes.projections.local_discussions import LOCAL_DISCUSSIONS
from services.themes.projections.proposals import THEME_PROPOSALS
from services.themes.projections.rounds import ROUND_OVERVIEW
from shared.people import FORUM_MEMBERS, PEOPLE

VIEWS = (
    THEME_BOARD,
    ROUND_OVERVIEW,
    LOCAL_DISCUSSIONS,
    KNOWN_THEMES,
    KNOWN_ROUNDS,
    NETWORK_CREWS,
    IDEA_INBOX,
    IDEA_CALLS,
    THEME_PROPOSALS,
    PEOPLE,
    FORUM_CALENDAR,
    FORUM_AGENDA,
    SLOT_CALENDAR,
    AGENDA_MATTERS,
    FORUM_OBSERVERS,
    FORUM_MEMBERS,
)
