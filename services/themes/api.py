"""The commands of themes and where they are sent."""

from services.themes.domain.forum_slot.agenda import AddForumAgendaItem
from services.themes.domain.forum_slot.holding import HoldForumSlot
from services.themes.domain.forum_slot.observing import InviteForumObserver, WithdrawForumObserver
from services.themes.domain.forum_slot.scheduling import CancelForumSlot, ScheduleForumSlot
from services.themes.domain.forum_slot.taking_off import TakeOffForumAgendaItem
from services.themes.domain.idea_call import ChangeIdeaCall, CloseIdeaCall, OpenIdeaCall
from services.themes.domain.inquiry.answering import AnswerInquiry
from services.themes.domain.inquiry.submitting import SubmitInquiry
from services.themes.domain.theme.deciding import DecideTheme
from services.themes.domain.theme.proposing import ProposeTheme, ProposeThemeAgain
from services.themes.domain.theme.qualifying import (
    AlignThemeNetworkType,
    AssessTheme,
    QualifyTheme,
)
from services.themes.domain.theme.refining import RefineTheme
from services.themes.domain.theme.withdrawing import WithdrawTheme
from services.themes.domain.theme_round.closing import CloseThemeRound
from services.themes.domain.theme_round.discussing import RecordLocalThemeDiscussion
from services.themes.domain.theme_round.opening import ChangeThemeRound, OpenThemeRound
from services.themes.domain.theme_round.ranking import PrioritiseThemes
from services.themes.domain.theme_round.themes import AddThemeToRound
from shared.kernel.services import delete, post, put

COMMANDS = (
    post("/inquiries", SubmitInquiry),
    post("/inquiries/{id}/answer", AnswerInquiry),
    post("/idea-calls", OpenIdeaCall),
    put("/idea-calls/{id}", ChangeIdeaCall),
    post("/idea-calls/{id}/close", CloseIdeaCall),
    post("/themes", ProposeTheme),
    post("/themes/{id}/proposals", ProposeThemeAgain),
    post("/themes/{id}/assessments", AssessTheme),
    post("/themes/{id}/network-type", AlignThemeNetworkType),
    post("/themes/{id}/qualification", QualifyTheme),
    post("/themes/{id}/decision", DecideTheme),
    post("/themes/{id}/refinements", RefineTheme),
    post("/themes/{id}/withdraw", WithdrawTheme),
    post("/theme-rounds", OpenThemeRound, key="{half_year}"),
    put("/theme-rounds/{half_year}", ChangeThemeRound),
    put("/theme-rounds/{half_year}/themes/{theme_id}", AddThemeToRound),
    put("/theme-rounds/{half_year}/ranking", PrioritiseThemes),
    post("/theme-rounds/{half_year}/local-discussions", RecordLocalThemeDiscussion),
    post("/theme-rounds/{half_year}/close", CloseThemeRound),
    put("/forum-slots/{month}", ScheduleForumSlot),
    delete("/forum-slots/{month}", CancelForumSlot),
    post("/forum-slots/{month}/agenda", AddForumAgendaItem),
    delete("/forum-slots/{month}/agenda/{item_id}", TakeOffForumAgendaItem),
    post("/forum-slots/{month}/observers", InviteForumObserver),
    delete("/forum-slots/{month}/observers/{person_id}", WithdrawForumObserver),
    post("/forum-slots/{month}/held", HoldForumSlot),
)
