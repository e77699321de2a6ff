"""What themes tells: stored forever, so names and fields are a promise.

The stream's key is the theme's id, the round's half-year, the inquiry's or the call's id, or the
slot's month. Lists are without repetition and in a steady order: words in the vocabulary's, ids
sorted.
"""

from shared.contracts.themes.forum_slot import (
    AgendaItem,
    Attendee,
    ForumAgendaItemAdded,
    ForumAgendaItemTakenOff,
    ForumMonthPassed,
    ForumObserverInvited,
    ForumObserverWithdrawn,
    ForumSlotCancelled,
    ForumSlotEvent,
    ForumSlotHeld,
    ForumSlotScheduled,
    ForumTouchpointRecorded,
)
from shared.contracts.themes.idea_call import (
    IdeaCallClosed,
    IdeaCallEvent,
    IdeaCallOpened,
)
from shared.contracts.themes.inquiry import (
    IdeaAnswered,
    IdeaClosed,
    IdeaSubmitted,
    IdeaTurnedIntoTheme,
    InquiryAnswered,
    InquiryEvent,
    InquiryRegistered,
)
from shared.contracts.themes.theme import (
    ThemeConcluded,
    ThemeCriterionAssessed,
    ThemeDeclined,
    ThemeEvent,
    ThemeNetworkTypeAligned,
    ThemeProposed,
    ThemeQualified,
    ThemeRefined,
    ThemeSelected,
    ThemeTakenUp,
    ThemeWithdrawn,
)
from shared.contracts.themes.theme_round import (
    LocalThemeDiscussionRecorded,
    ThemeAddedToRound,
    ThemeDiscussionSupportRequested,
    ThemePrioritised,
    ThemeRoundChanged,
    ThemeRoundClosed,
    ThemeRoundEvent,
    ThemeRoundOpened,
)
from shared.kernel.events import StreamKind

THEME = StreamKind.of("theme", "themes", ThemeEvent)
THEME_ROUND = StreamKind.of("round", "themes", ThemeRoundEvent)
INQUIRY = StreamKind.of("inquiry", "themes", InquiryEvent, "internal")
IDEA_CALL = StreamKind.of("idea_call", "themes", IdeaCallEvent)
FORUM_SLOT = StreamKind.of("slot", "themes", ForumSlotEvent)

KINDS = (THEME, THEME_ROUND, INQUIRY, IDEA_CALL, FORUM_SLOT)

__all__ = [
    "FORUM_SLOT",
    "IDEA_CALL",
    "INQUIRY",
    "KINDS",
    "THEME",
    "THEME_ROUND",
    "AgendaItem",
    "Attendee",
    "ForumAgendaItemAdded",
    "ForumAgendaItemTakenOff",
    "ForumMonthPassed",
    "ForumObserverInvited",
    "ForumObserverWithdrawn",
    "ForumSlotCancelled",
    "ForumSlotEvent",
    "ForumSlotHeld",
    "ForumSlotScheduled",
    "ForumTouchpointRecorded",
    "IdeaAnswered",
    "IdeaCallClosed",
    "IdeaCallEvent",
    "IdeaCallOpened",
    "IdeaClosed",
    "IdeaSubmitted",
    "IdeaTurnedIntoTheme",
    "InquiryAnswered",
    "InquiryEvent",
    "InquiryRegistered",
    "LocalThemeDiscussionRecorded",
    "ThemeAddedToRound",
    "ThemeConcluded",
    "ThemeCriterionAssessed",
    "ThemeDeclined",
    "ThemeDiscussionSupportRequested",
    "ThemeEvent",
    "ThemeNetworkTypeAligned",
    "ThemePrioritised",
    "ThemeProposed",
    "ThemeQualified",
    "ThemeRefined",
    "ThemeRoundChanged",
    "ThemeRoundClosed",
    "ThemeRoundEvent",
    "ThemeRoundOpened",
    "ThemeSelected",
    "ThemeTakenUp",
    "ThemeWithdrawn",
]
