"""Whatever is asked of an idea, and of the call it answers, in whatever order."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from services.themes.domain.idea_call import (
    IDEA_CALLS,
    ChangeIdeaCall,
    CloseIdeaCall,
    OpenIdeaCall,
)
from services.themes.domain.idea_call import Closed as ClosedCall
from services.themes.domain.inquiry.answering import AnswerInquiry
from services.themes.domain.inquiry.state import (
    INQUIRIES,
    Answered,
    Closed,
    NotSubmitted,
    TurnedIntoTheme,
    Waiting,
)
from services.themes.domain.inquiry.submitting import SubmitInquiry
from services.themes.domain.theme.state import THEME
from services.themes.projections import idea_calls
from services.themes.projections.ideas import IDEA_INBOX
from shared.contracts.registry import CODEC
from shared.contracts.themes import (
    IdeaCallClosed,
    IdeaCallEvent,
    IdeaSubmitted,
    InquiryEvent,
    InquiryRegistered,
    ThemeProposed,
)
from shared.contracts.vocabulary import IdeaChannel, InquiryKind, InquiryOutcome
from shared.kernel.permissions import Actor, system
from shared.policy.periods import local_day
from shared.testing import CHIEF, SECRETARIAT, TODAY, employee, folded, given, person, recorded
from shared.testing.kit import Given

IDEA, CALL = UUID(int=1), UUID(int=2)
THEMES = (UUID(int=3), UUID(int=4))
UNKNOWN_THEME = UUID(int=5)
BEGINNING = datetime(2013, 9, 2, 8, 0, tzinfo=UTC)
ADA, REACTION = employee("ada"), system("themes")
ACTORS = st.sampled_from([SECRETARIAT, SECRETARIAT, REACTION, ADA, CHIEF])
PROPOSED = ThemeProposed(
    on=TODAY,
    proposer_id=person("ada"),
    proposal_no=1,
    template_version=1,
    title="Fælles haver",
    identified_need="Grønne rum",
    burning_platform="Jorden ligger hen",
    network_potential="Flere afdelinger",
    demand_origins=(),
)
SENT_IN = (IdeaSubmitted, InquiryRegistered)
OUTCOMES = {
    Waiting: None,
    Answered: InquiryOutcome.ANSWERED,
    TurnedIntoTheme: InquiryOutcome.BECAME_THEME,
    Closed: InquiryOutcome.CLOSED,
}


class OneIdeaAndItsCall(RuleBasedStateMachine):
    """Any command by anybody at any time, while time goes on."""

    def __init__(self) -> None:
        super().__init__()
        self.facts: list[InquiryEvent] = []
        self.call: list[IdeaCallEvent] = []
        self.now = BEGINNING

    @initialize(first=st.integers(-3, 3), days=st.integers(0, 20))
    def ask_for_ideas(self, first: int, days: int) -> None:
        opens_on = TODAY + timedelta(days=first)
        closes_on = opens_on + timedelta(days=days)
        self.of_call(
            OpenIdeaCall(title="Idéer?", text="Send", opens_on=opens_on, closes_on=closes_on),
            SECRETARIAT,
        )

    @rule(days=st.integers(1, 10))
    def let_time_pass(self, days: int) -> None:
        self.now += timedelta(days=days)

    @rule(
        by=ACTORS,
        channel=st.sampled_from([IdeaChannel.OPEN_CALL, IdeaChannel.INTRANET_FORM]),
        is_idea=st.booleans(),
    )
    def send_in(self, by: Actor, channel: IdeaChannel, *, is_idea: bool) -> None:
        answers_call = is_idea and channel is IdeaChannel.OPEN_CALL
        self.of_idea(
            SubmitInquiry(
                kind=InquiryKind.THEME_IDEA if is_idea else InquiryKind.INFORMATION,
                channel=IdeaChannel.OPEN_CALL if answers_call else IdeaChannel.INTRANET_FORM,
                idea_call_id=CALL if answers_call else None,
                title="Fælles haver",
                text="Beboerne vil dyrke jorden",
            ),
            by,
        )

    @rule(by=ACTORS, closed=st.booleans())
    def answer(self, by: Actor, *, closed: bool) -> None:
        outcome = InquiryOutcome.CLOSED if closed else InquiryOutcome.ANSWERED
        self.of_idea(AnswerInquiry(outcome=outcome, answer="Tak"), by)

    @rule(by=ACTORS, theme_id=st.sampled_from([*THEMES, UNKNOWN_THEME]))
    def become_theme(self, by: Actor, theme_id: UUID) -> None:
        command = AnswerInquiry(outcome=InquiryOutcome.BECAME_THEME, theme_id=theme_id)
        if self.of_idea(command, by):
            assert theme_id != UNKNOWN_THEME
            assert not self.of_idea(command, by)

    @rule(by=ACTORS, days=st.integers(0, 30))
    def change_call(self, by: Actor, days: int) -> None:
        closes_on = date(2013, 9, 10) + timedelta(days=days)
        command = ChangeIdeaCall(
            title="Idéer?", text="Send", opens_on=date(2013, 9, 1), closes_on=closes_on
        )
        if self.of_call(command, by):
            assert not self.of_call(command, by)

    @rule(by=ACTORS)
    def close_call(self, by: Actor) -> None:
        if self.of_call(CloseIdeaCall(), by):
            assert not self.of_call(CloseIdeaCall(), by)

    def of_idea(self, command: Any, by: Actor) -> bool:
        idea = given(*self.facts).of(IDEA).besides(IDEA_CALLS, str(CALL), *self.call)
        for each in THEMES:
            idea = idea.besides(THEME, str(each), PROPOSED)
        return self._send(idea, self.facts, command, by)

    def of_call(self, command: Any, by: Actor) -> bool:
        return self._send(given(*self.call).of(CALL), self.call, command, by)

    def _send(self, before: Given, facts: list[Any], command: Any, by: Actor) -> bool:
        outcome = before.at(self.now).when(command, by=by)
        if outcome.decision is None:
            return False
        facts.extend(outcome.decision.events)
        return bool(outcome.decision.events)

    @invariant()
    def every_fact_can_be_read_back(self) -> None:
        for fact in (*self.facts, *self.call):
            assert CODEC.decode(*CODEC.encode(fact)) == fact

    @invariant()
    def it_is_sent_in_once_and_only_a_theme_follows_a_closing(self) -> None:
        sent_in = [fact for fact in self.facts if isinstance(fact, SENT_IN)]
        assert sent_in == self.facts[:1]
        ended = False
        for place, fact in enumerate(self.facts, start=1):
            state = INQUIRIES.replay(self.facts[:place])
            assert not ended or isinstance(state, TurnedIntoTheme), fact
            ended = isinstance(state, Closed | TurnedIntoTheme)

    @invariant()
    def the_inbox_agrees_with_the_idea(self) -> None:
        state = INQUIRIES.replay(self.facts)
        rows = folded(IDEA_INBOX, self._recorded())
        if isinstance(state, NotSubmitted):
            assert not rows
            return
        row = rows[str(IDEA)]
        assert row.outcome == OUTCOMES[type(state)]
        assert row.waiting == isinstance(state, Waiting)
        assert (row.waiting_since is not None) == row.waiting

    @invariant()
    def the_list_of_calls_agrees_with_the_call(self) -> None:
        call = IDEA_CALLS.replay(self.call)
        stream = f"idea_call-{CALL}"
        told = [recorded(fact, stream, place) for place, fact in enumerate(self.call, start=1)]
        rows = folded(idea_calls.IDEA_CALLS, [*told, *self._recorded()])
        if not self.call:
            return
        row = rows[str(CALL)]
        assert row.closed == isinstance(call, ClosedCall)
        assert (row.closes_at is None) == row.closed
        first = self.facts[0] if self.facts else None
        answers = isinstance(first, IdeaSubmitted) and first.idea_call_id == CALL
        assert row.ideas == int(answers)

    @invariant()
    def a_call_is_closed_once_and_never_by_itself_before_its_time(self) -> None:
        ends = [fact for fact in self.call if isinstance(fact, IdeaCallClosed)]
        assert len(ends) <= 1
        assert all(fact.on <= local_day(self.now) for fact in ends)

    def _recorded(self) -> list[Any]:
        stream = f"inquiry-{IDEA}"
        return [recorded(fact, stream, place) for place, fact in enumerate(self.facts, start=1)]


OneIdeaAndItsCall.TestCase.settings = settings(
    max_examples=50, stateful_step_count=25, deadline=None
)
TestOneIdeaAndItsCall = OneIdeaAndItsCall.TestCase
