"""Who waits for an answer, which calls there are, and who reads what of it."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from services.themes.domain.idea_call import CloseIdeaCall
from services.themes.projections.idea_calls import IDEA_CALLS, IdeaCalls
from services.themes.projections.ideas import IDEA_INBOX, IdeaInbox
from services.themes.queries.ideas import EVERYBODY, OR_THE_SENDER, as_seen
from services.themes.service import SERVICE
from shared.contracts.themes import (
    INQUIRY,
    IdeaAnswered,
    IdeaCallClosed,
    IdeaCallOpened,
    IdeaClosed,
    IdeaSubmitted,
    IdeaTurnedIntoTheme,
    InquiryAnswered,
    InquiryRegistered,
)
from shared.contracts.vocabulary import Forum, IdeaChannel, InquiryKind, InquiryOutcome
from shared.kernel.events import Event, Recorded
from shared.kernel.permissions import Actor, May, oneself
from shared.testing import CHIEF, SECRETARIAT, TODAY, employee, folded, person, recorded, rule

IDEA, QUESTION, THIRD, CALL, THEME_ID = (UUID(int=each) for each in range(1, 6))
ADA, BO = person("ada"), person("bo")
TEXT, NEED, ANSWER, REASON = (UUID(int=each) for each in range(11, 15))
A_WEEK_ON = TODAY + timedelta(days=7)
LAST_DAY = date(2013, 9, 30)
THE_NIGHT_AFTER_IN_DENMARK = datetime(2013, 9, 30, 22, 0, tzinfo=UTC)

SUBMITTED = IdeaSubmitted(
    on=TODAY,
    channel=IdeaChannel.INTRANET_FORM,
    title="Fælles haver",
    person_id=ADA,
    text_note=TEXT,
    need_note=NEED,
)
ASKED = InquiryRegistered(
    on=TODAY,
    kind=InquiryKind.COMPETENCE_COMMUNITY_TASK,
    channel=IdeaChannel.SECRETARIAT_CONTACT,
    title="Hjælp til en workshop",
    person_id=BO,
    text_note=TEXT,
)
ANSWERED = IdeaAnswered(on=A_WEEK_ON, person_id=ADA, answer_note=ANSWER)
REPLIED = InquiryAnswered(on=A_WEEK_ON, person_id=BO, answer_note=ANSWER)
TURNED = IdeaTurnedIntoTheme(on=A_WEEK_ON, person_id=ADA, theme_id=THEME_ID)
CLOSED = IdeaClosed(on=A_WEEK_ON, person_id=ADA, reason_note=REASON)
OPENED = IdeaCallOpened(
    on=TODAY, title="Idéer?", text="Send dem", opens_on=TODAY, closes_on=LAST_DAY
)
ENDED = IdeaCallClosed(on=LAST_DAY, title="Idéer?")


def answering_call() -> IdeaSubmitted:
    told = {"channel": IdeaChannel.OPEN_CALL, "idea_call_id": CALL}
    return SUBMITTED.model_copy(update=told)


def of(inquiry: UUID, *events: Event) -> list[Recorded[Any]]:
    stream = f"inquiry-{inquiry}"
    return [recorded(event, stream, version) for version, event in enumerate(events, start=1)]


def of_call(*events: Event) -> list[Recorded[Any]]:
    stream = f"idea_call-{CALL}"
    return [recorded(event, stream, version) for version, event in enumerate(events, start=1)]


def shown(*events: Event) -> IdeaInbox:
    return folded(IDEA_INBOX, of(IDEA, *events))[str(IDEA)]


def call(*facts: Recorded[Any]) -> IdeaCalls:
    return folded(IDEA_CALLS, facts)[str(CALL)]


# --- the inbox --------------------------------------------------------------------------------


@rule("R35", "R41")
def test_an_idea_waits_in_the_inbox_from_the_day_it_was_received() -> None:
    assert shown(SUBMITTED) == IdeaInbox(
        inquiry_id=IDEA,
        kind=InquiryKind.THEME_IDEA,
        channel=IdeaChannel.INTRANET_FORM,
        title="Fælles haver",
        person_id=ADA,
        received_on=TODAY,
        waiting=True,
        waiting_since=TODAY,
        text_note=TEXT,
        need_note=NEED,
    )


@rule("R38", "R41", "R42")
def test_a_task_for_the_competence_community_that_the_secretariat_took_down_waits_too() -> None:
    row = shown(ASKED)
    assert (row.kind, row.channel, row.waiting) == (ASKED.kind, ASKED.channel, True)


@rule("R36")
def test_an_idea_out_of_a_discussion_shows_where_and_when_it_came_up() -> None:
    told = {
        "channel": IdeaChannel.FORUM_DISCUSSION,
        "forum": Forum.DIRECTORS,
        "discussed_on": date(2013, 8, 20),
    }
    row = shown(SUBMITTED.model_copy(update=told))
    assert (row.channel, row.forum, row.discussed_on) == tuple(told.values())


@rule("R39")
def test_an_idea_that_went_by_a_colleague_says_so() -> None:
    by_colleague = IdeaChannel.LINE_MANAGER_OR_COLLEAGUE
    assert shown(SUBMITTED.model_copy(update={"channel": by_colleague})).channel is by_colleague


@rule("R43")
def test_who_would_like_to_lead_is_found_there() -> None:
    assert shown(SUBMITTED.model_copy(update={"wants_to_lead": True})).wants_to_lead


@rule("R46")
@pytest.mark.parametrize(
    ("answer", "outcome", "note", "theme_id"),
    [
        (ANSWERED, InquiryOutcome.ANSWERED, ANSWER, None),
        (REPLIED, InquiryOutcome.ANSWERED, ANSWER, None),
        (TURNED, InquiryOutcome.BECAME_THEME, None, THEME_ID),
        (CLOSED, InquiryOutcome.CLOSED, REASON, None),
    ],
)
def test_what_has_an_answer_waits_no_more_and_shows_what_came_of_it(
    answer: Event, outcome: InquiryOutcome, note: UUID | None, theme_id: UUID | None
) -> None:
    row = shown(SUBMITTED, answer)
    assert (row.waiting, row.waiting_since, row.answered_on) == (False, None, A_WEEK_ON)
    assert (row.outcome, row.answer_note, row.theme_id) == (outcome, note, theme_id)


def test_the_latest_answer_is_the_one_that_is_shown() -> None:
    row = shown(SUBMITTED, ANSWERED, CLOSED)
    assert (row.outcome, row.answer_note) == (InquiryOutcome.CLOSED, REASON)


def test_the_inbox_tells_how_long_somebody_waits_or_waited_for_the_first_answer() -> None:
    later = A_WEEK_ON + timedelta(days=30)
    assert as_seen(shown(SUBMITTED), later).days_waiting == 37
    again = ANSWERED.model_copy(update={"on": later})
    row = shown(SUBMITTED, ANSWERED, again)
    assert (row.first_answered_on, row.answered_on) == (A_WEEK_ON, later)
    assert as_seen(row, later).days_waiting == 7


# --- the calls --------------------------------------------------------------------------------


@rule("R37")
def test_a_call_shows_what_is_asked_for_until_when_and_how_many_ideas_it_brought() -> None:
    brought = [*of(IDEA, answering_call()), *of(THIRD, answering_call()), *of(QUESTION, SUBMITTED)]
    assert call(*of_call(OPENED), *brought) == IdeaCalls(
        idea_call_id=CALL,
        title="Idéer?",
        text="Send dem",
        opens_on=TODAY,
        closes_on=LAST_DAY,
        closes_at=THE_NIGHT_AFTER_IN_DENMARK,
        ideas=2,
    )


def test_a_call_closes_when_its_last_day_is_over_in_denmark_and_moves_with_that_day() -> None:
    longer = OPENED.model_copy(update={"closes_on": LAST_DAY + timedelta(days=1)})
    a_day_later = THE_NIGHT_AFTER_IN_DENMARK + timedelta(days=1)
    assert call(*of_call(OPENED, longer)).closes_at == a_day_later


def test_a_call_that_is_closed_is_due_no_more() -> None:
    row = call(*of_call(OPENED, ENDED))
    assert (row.closed, row.closed_on, row.closes_at) == (True, LAST_DAY, None)


@rule("R37")
def test_the_deadline_sends_the_closing_to_its_call() -> None:
    (deadline,) = (each for each in SERVICE.deadlines if each.row is IdeaCalls)
    send = deadline.send(call(*of_call(OPENED)), THE_NIGHT_AFTER_IN_DENMARK)
    assert deadline.due == "closes_at"
    assert (send.key, send.command) == (str(CALL), CloseIdeaCall())


STREAMS = (
    of(IDEA, answering_call(), ANSWERED, TURNED),
    of(QUESTION, ASKED, REPLIED, CLOSED),
    of(THIRD, answering_call(), CLOSED),
    of_call(OPENED, OPENED.model_copy(update={"closes_on": A_WEEK_ON}), ENDED),
)


@for_all(st.permutations([place for place, facts in enumerate(STREAMS) for _ in facts]))
def test_the_rows_are_the_same_however_ideas_and_calls_are_interleaved(turns: list[int]) -> None:
    waiting = [iter(facts) for facts in STREAMS]
    mixed = [next(waiting[turn]) for turn in turns]
    in_turn = [fact for facts in STREAMS for fact in facts]
    assert folded(IDEA_INBOX, mixed) == folded(IDEA_INBOX, in_turn)
    assert folded(IDEA_CALLS, mixed) == folded(IDEA_CALLS, in_turn)


# --- who reads what ---------------------------------------------------------------------------

HERSELF = employee("ada")
GUEST = Actor(person_id=ADA, roles=frozenset({"participant"}))
OTHER_GUEST = Actor(person_id=BO, roles=frozenset({"participant"}))
DIRECTOR, MANAGER = employee("director", "municipal_director"), employee("manager", "line_manager")
REPORTER = Actor(person_id=person("reporter"), roles=frozenset({"reporter"}))
INTEGRATOR = Actor(person_id=person("integrator"), roles=frozenset({"integrator"}))


def reads(may: May, actor: Actor, **subject: UUID | None) -> bool:
    asked = SimpleNamespace(on_behalf_of=None, **subject)
    return may.capacity(actor, asked, {}) is not None


@pytest.mark.parametrize("actor", [HERSELF, GUEST, SECRETARIAT, DIRECTOR, REPORTER], ids=str)
def test_whoever_had_an_idea_sees_what_came_of_it_as_does_the_secretariat(actor: Actor) -> None:
    assert reads(OR_THE_SENDER, actor, person_id=ADA)


@pytest.mark.parametrize(
    "actor", [employee("bo"), OTHER_GUEST, CHIEF, MANAGER, INTEGRATOR], ids=str
)
def test_nobody_else_does(actor: Actor) -> None:
    assert not reads(OR_THE_SENDER, actor, person_id=ADA)


@pytest.mark.parametrize("actor", [HERSELF, GUEST, CHIEF, MANAGER, INTEGRATOR], ids=str)
def test_the_whole_inbox_is_not_for_those_who_sent_something_in(actor: Actor) -> None:
    assert not reads(OR_THE_SENDER, actor, person_id=None)


def test_ideas_are_not_told_to_other_systems() -> None:
    assert INQUIRY.audience == "internal"


@rule("R46")
@pytest.mark.parametrize("actor", [HERSELF, GUEST, SECRETARIAT], ids=str)
def test_whoever_had_an_idea_reads_the_answer_from_inside_or_outside(actor: Actor) -> None:
    assert reads(SERVICE.notes_for | oneself(field="about"), actor, about=ADA)


@pytest.mark.parametrize(
    "actor", [employee("bo"), OTHER_GUEST, CHIEF, DIRECTOR, MANAGER, INTEGRATOR, REPORTER], ids=str
)
def test_nobody_else_reads_the_answer(actor: Actor) -> None:
    assert not reads(SERVICE.notes_for | oneself(field="about"), actor, about=ADA)


@pytest.mark.parametrize(
    "actor", [HERSELF, GUEST, CHIEF, SECRETARIAT, DIRECTOR, REPORTER, INTEGRATOR], ids=str
)
def test_everybody_who_is_signed_in_sees_the_calls(actor: Actor) -> None:
    assert reads(EVERYBODY, actor)
    assert not reads(EVERYBODY, Actor())
