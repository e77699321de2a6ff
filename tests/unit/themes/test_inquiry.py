"""Ideas, tasks and questions are taken in by every channel, and each gets its answer."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from pydantic import ValidationError

from services.themes.domain.idea_call import IDEA_CALLS
from services.themes.domain.inquiry.answering import AnswerInquiry
from services.themes.domain.inquiry.submitting import SubmitInquiry
from services.themes.domain.theme.state import THEME
from services.themes.reactions import REACTIONS
from shared.contracts.themes import (
    IdeaAnswered,
    IdeaCallClosed,
    IdeaCallOpened,
    IdeaClosed,
    IdeaSubmitted,
    IdeaTurnedIntoTheme,
    InquiryAnswered,
    InquiryRegistered,
    ThemeProposed,
)
from shared.contracts.vocabulary import Forum, IdeaChannel, InquiryKind, InquiryOutcome
from shared.kernel.commands import Note
from shared.kernel.permissions import Actor, system
from shared.kernel.reactions import Send
from shared.policy.periods import start_of
from shared.testing import (
    CHIEF,
    SECRETARIAT,
    TODAY,
    employee,
    given,
    new_id,
    person,
    reacting,
    recorded,
    rule,
)
from shared.testing.kit import Outcome

IDEA, CALL, THEME_ID, OTHER_THEME = UUID(int=1), UUID(int=2), UUID(int=3), UUID(int=4)
ADA, BO = person("ada"), person("bo")
ADA_ACTING, REACTION = employee("ada"), system("themes")
GUEST = Actor(person_id=person("guest"), roles=frozenset({"participant"}))
TITLE = "Fælles haver"
TEXT = "Beboerne vil dyrke jorden mellem blokkene"

SUBMITTED = IdeaSubmitted(
    on=TODAY,
    channel=IdeaChannel.INTRANET_FORM,
    title=TITLE,
    person_id=ADA,
    text_note=new_id(1),
)
ASKED = InquiryRegistered(
    on=TODAY,
    kind=InquiryKind.INFORMATION,
    channel=IdeaChannel.INTRANET_FORM,
    title="Hvad er et netværk?",
    person_id=ADA,
    text_note=new_id(1),
)
ANSWERED = IdeaAnswered(on=TODAY, person_id=ADA, answer_note=new_id(1))
CLOSED = IdeaClosed(on=TODAY, person_id=ADA, reason_note=new_id(1))
TURNED = IdeaTurnedIntoTheme(on=TODAY, person_id=ADA, theme_id=THEME_ID)
OPENED = IdeaCallOpened(
    on=TODAY, title="Idéer?", text="Send dem", opens_on=TODAY, closes_on=date(2013, 9, 30)
)
PROPOSED = ThemeProposed(
    on=TODAY,
    proposer_id=ADA,
    proposal_no=1,
    template_version=1,
    title=TITLE,
    identified_need="Grønne rum",
    burning_platform="Jorden ligger hen",
    network_potential="Flere afdelinger",
    demand_origins=(),
    inquiry_id=IDEA,
)

REPLY = AnswerInquiry(outcome=InquiryOutcome.ANSWERED, answer="Tak, vi ringer")
CLOSING = AnswerInquiry(outcome=InquiryOutcome.CLOSED, answer="Det findes allerede")
BECAME = AnswerInquiry(outcome=InquiryOutcome.BECAME_THEME, theme_id=THEME_ID)


def idea(channel: IdeaChannel = IdeaChannel.INTRANET_FORM, **more: Any) -> SubmitInquiry:
    fields = {"kind": InquiryKind.THEME_IDEA, "title": TITLE, "text": TEXT, **more}
    return SubmitInquiry(channel=channel, **fields)


def morning_of(day: date) -> datetime:
    return start_of(day) + timedelta(hours=8)


def notes(outcome: Outcome) -> tuple[Note, ...]:
    assert outcome.decision is not None
    return outcome.decision.notes


# --- sending in -------------------------------------------------------------------------------


@rule("R35")
def test_an_employee_sends_in_an_idea_by_the_form_and_its_words_are_a_note() -> None:
    outcome = given().when(idea(), by=ADA_ACTING).then(SUBMITTED).then_warned()
    assert notes(outcome) == (Note(new_id(1), TEXT, ADA),)


@rule("R39")
def test_an_idea_may_have_gone_by_a_line_manager_or_a_colleague() -> None:
    by_colleague = IdeaChannel.LINE_MANAGER_OR_COLLEAGUE
    outcome = given().when(idea(by_colleague), by=ADA_ACTING)
    outcome.then(SUBMITTED.model_copy(update={"channel": by_colleague}))


@rule("R36")
def test_an_idea_out_of_a_discussion_names_the_forum_and_the_day() -> None:
    discussed = idea(
        IdeaChannel.FORUM_DISCUSSION, forum=Forum.CHIEFS, discussed_on=date(2013, 8, 20)
    )
    given().when(discussed, by=ADA_ACTING).then(
        SUBMITTED.model_copy(
            update={
                "channel": IdeaChannel.FORUM_DISCUSSION,
                "forum": Forum.CHIEFS,
                "discussed_on": date(2013, 8, 20),
            }
        )
    )


def test_the_need_behind_an_idea_and_the_wish_to_lead_are_taken_in_with_it() -> None:
    outcome = given().when(idea(need="Flere er alene", wants_to_lead=True), by=ADA_ACTING)
    told = {"need_note": new_id(2), "wants_to_lead": True}
    outcome.then(SUBMITTED.model_copy(update=told))
    assert [note.text for note in notes(outcome)] == [TEXT, "Flere er alene"]


@rule("R38")
def test_what_the_secretariat_was_told_is_registered_on_that_persons_behalf() -> None:
    told = idea(IdeaChannel.SECRETARIAT_CONTACT, on_behalf_of=ADA)
    outcome = given().when(told, by=SECRETARIAT)
    outcome.then(SUBMITTED.model_copy(update={"channel": IdeaChannel.SECRETARIAT_CONTACT}))
    assert notes(outcome)[0].about == ADA


@pytest.mark.parametrize("by", [ADA_ACTING, CHIEF, GUEST])
def test_only_the_secretariat_registers_what_the_secretariat_was_told(by: Actor) -> None:
    told = idea(IdeaChannel.SECRETARIAT_CONTACT, on_behalf_of=by.person_id)
    given().when(told, by=by).then_refused("not_allowed")


@pytest.mark.parametrize(
    "by",
    [
        ADA_ACTING,
        CHIEF,
        employee("manager", "line_manager"),
        employee("director", "municipal_director"),
        employee("reporter", "reporter"),
    ],
    ids=str,
)
def test_nobody_but_the_secretariat_sends_in_for_another(by: Actor) -> None:
    for channel in (IdeaChannel.INTRANET_FORM, IdeaChannel.SECRETARIAT_CONTACT):
        given().when(idea(channel, on_behalf_of=BO), by=by).then_refused("not_allowed")


@pytest.mark.parametrize(
    "by", [GUEST, REACTION, Actor(person_id=BO, roles=frozenset({"integrator"}))], ids=str
)
def test_who_is_no_employee_sends_in_nothing_but_the_secretariat_does_it_for_them(
    by: Actor,
) -> None:
    given().when(idea(), by=by).then_refused("not_allowed")
    given().when(idea(on_behalf_of=by.person_id or BO), by=SECRETARIAT).then_warned()


@rule("R41", "R42")
@pytest.mark.parametrize("kind", [InquiryKind.INFORMATION, InquiryKind.COMPETENCE_COMMUNITY_TASK])
def test_a_question_or_a_task_for_the_competence_community_is_registered(kind: Any) -> None:
    asking = SubmitInquiry(
        kind=kind, channel=IdeaChannel.INTRANET_FORM, title=ASKED.title, text="Fortæl"
    )
    given().when(asking, by=ADA_ACTING).then(ASKED.model_copy(update={"kind": kind}))


@pytest.mark.parametrize(
    ("channel", "more"),
    [
        (IdeaChannel.FORUM_DISCUSSION, {}),
        (IdeaChannel.FORUM_DISCUSSION, {"forum": Forum.CHIEFS}),
        (IdeaChannel.FORUM_DISCUSSION, {"discussed_on": TODAY}),
        (IdeaChannel.INTRANET_FORM, {"forum": Forum.CHIEFS, "discussed_on": TODAY}),
        (IdeaChannel.OPEN_CALL, {}),
        (IdeaChannel.INTRANET_FORM, {"idea_call_id": CALL}),
        (IdeaChannel.SECRETARIAT_CONTACT, {}),
        (IdeaChannel.INTRANET_FORM, {"kind": InquiryKind.INFORMATION, "need": "Et behov"}),
        (IdeaChannel.INTRANET_FORM, {"kind": InquiryKind.INFORMATION, "wants_to_lead": True}),
        (IdeaChannel.OPEN_CALL, {"kind": InquiryKind.INFORMATION, "idea_call_id": CALL}),
        (
            IdeaChannel.FORUM_DISCUSSION,
            {"kind": InquiryKind.INFORMATION, "forum": Forum.CHIEFS, "discussed_on": TODAY},
        ),
        (IdeaChannel.INTRANET_FORM, {"text": "  "}),
        (IdeaChannel.INTRANET_FORM, {"title": ""}),
    ],
)
def test_what_does_not_fit_its_channel_or_kind_is_malformed(
    channel: IdeaChannel, more: dict[str, Any]
) -> None:
    with pytest.raises(ValidationError):
        idea(channel, **more)


# --- open calls -------------------------------------------------------------------------------

ANSWERING_CALL = idea(IdeaChannel.OPEN_CALL, idea_call_id=CALL)


@rule("R37")
@pytest.mark.parametrize("on", [OPENED.opens_on, OPENED.closes_on])
def test_an_answer_to_an_open_call_names_it_from_its_first_day_to_its_last(on: date) -> None:
    later = given().at(morning_of(on)).besides(IDEA_CALLS, str(CALL), OPENED)
    told = {"on": on, "channel": IdeaChannel.OPEN_CALL, "idea_call_id": CALL}
    later.when(ANSWERING_CALL, by=ADA_ACTING).then(SUBMITTED.model_copy(update=told)).then_warned()


def test_an_answer_to_a_call_that_is_not_open_is_taken_in_and_remarked_on() -> None:
    ended = given().besides(
        IDEA_CALLS, str(CALL), OPENED, IdeaCallClosed(on=TODAY, title=OPENED.title)
    )
    ended.when(ANSWERING_CALL, by=ADA_ACTING).then_warned("idea_call_closed")
    over = given().besides(IDEA_CALLS, str(CALL), OPENED)
    over = over.at(morning_of(OPENED.closes_on + timedelta(days=1)))
    over.when(ANSWERING_CALL, by=ADA_ACTING).then_warned("idea_call_closed")
    ahead = OPENED.model_copy(update={"opens_on": date(2013, 9, 20)})
    early = given().besides(IDEA_CALLS, str(CALL), ahead)
    early.when(ANSWERING_CALL, by=ADA_ACTING).then_warned("idea_call_closed")


def test_a_call_that_there_is_not_is_unknown() -> None:
    given().when(ANSWERING_CALL, by=ADA_ACTING).then_refused("unknown")


# --- answering --------------------------------------------------------------------------------


@rule("R46")
def test_the_secretariat_answers_an_idea_and_whoever_had_it_may_read_the_answer() -> None:
    outcome = given(SUBMITTED).when(REPLY).then(ANSWERED)
    assert notes(outcome) == (Note(new_id(1), "Tak, vi ringer", ADA),)


def test_an_inquiry_is_answered_by_a_fact_of_its_own() -> None:
    told = InquiryAnswered(on=TODAY, person_id=ADA, answer_note=new_id(1))
    given(ASKED).when(REPLY).then(told)


def test_there_may_be_more_to_answer() -> None:
    given(SUBMITTED, ANSWERED).when(REPLY).then(ANSWERED)


@rule("R46")
def test_an_idea_or_an_inquiry_is_closed_with_a_reason_that_the_sender_may_read() -> None:
    for sent_in in (SUBMITTED, ASKED):
        outcome = given(sent_in, ANSWERED).when(CLOSING).then(CLOSED)
        assert notes(outcome) == (Note(new_id(1), "Det findes allerede", ADA),)


@pytest.mark.parametrize(
    "fields",
    [
        {"outcome": "closed"},
        {"outcome": "closed", "answer": " "},
        {"outcome": "answered"},
        {"outcome": "became_theme"},
        {"outcome": "became_theme", "theme_id": THEME_ID, "answer": "Tak"},
        {"outcome": "answered", "answer": "Tak", "theme_id": THEME_ID},
    ],
)
def test_a_closing_without_a_reason_is_malformed_as_is_an_answer_without_words(
    fields: dict[str, Any],
) -> None:
    with pytest.raises(ValidationError):
        AnswerInquiry(**fields)


@pytest.mark.parametrize(
    ("end", "command"), [(CLOSED, REPLY), (CLOSED, CLOSING), (TURNED, CLOSING)]
)
def test_what_is_closed_is_answered_no_more_and_a_theme_not_closed(
    end: Any, command: AnswerInquiry
) -> None:
    given(SUBMITTED, end).when(command).then_refused("inquiry_closed", "R46")


def test_an_idea_that_became_a_theme_is_answered_and_stays_one() -> None:
    answered = given(SUBMITTED, TURNED).when(REPLY)
    assert answered.decision is not None
    (told,) = answered.decision.events
    assert isinstance(told, IdeaAnswered)
    given(SUBMITTED, TURNED, told).when(CLOSING).then_refused("inquiry_closed", "R46")


def test_an_idea_comes_out_of_a_discussion_that_has_been() -> None:
    told = {
        "kind": "theme_idea",
        "channel": "forum_discussion",
        "title": "Byhaver",
        "text": "Dyrk dem",
        "forum": "chiefs",
    }
    given().when(SubmitInquiry.model_validate({**told, "discussed_on": TODAY}), by=ADA_ACTING)
    later = SubmitInquiry.model_validate({**told, "discussed_on": TODAY + timedelta(days=1)})
    given().when(later, by=ADA_ACTING).then_refused("date_in_future")


def test_nothing_is_sent_in_by_the_template_which_makes_a_theme() -> None:
    sent = {"kind": "theme_idea", "channel": "theme_template", "title": "Byhaver", "text": "Dyrk"}
    with pytest.raises(ValidationError, match="template"):
        SubmitInquiry.model_validate(sent)


@pytest.mark.parametrize(
    "by",
    [
        ADA_ACTING,
        CHIEF,
        GUEST,
        employee("manager", "line_manager"),
        employee("director", "municipal_director"),
        employee("reporter", "reporter"),
    ],
    ids=str,
)
@pytest.mark.parametrize("command", [REPLY, CLOSING, BECAME])
def test_nobody_but_the_secretariat_answers(by: Actor, command: AnswerInquiry) -> None:
    given(SUBMITTED).when(command, by=by).then_refused("not_allowed")


def test_what_was_never_sent_in_is_not_answered() -> None:
    given().when(REPLY).then_refused("unknown")


# --- becoming a theme -------------------------------------------------------------------------


def sent(event: ThemeProposed) -> list[Send]:
    return reacting(REACTIONS, recorded(event, f"theme-{THEME_ID}"))


@rule("R46")
def test_a_theme_that_is_described_from_an_idea_is_its_answer() -> None:
    (send,) = sent(PROPOSED)
    assert send.key == str(IDEA)
    outcome = given(SUBMITTED).besides(THEME, str(THEME_ID), PROPOSED)
    outcome.when(send.command, by=REACTION).then(TURNED)
    again = given(SUBMITTED, TURNED).besides(THEME, str(THEME_ID), PROPOSED)
    again.when(send.command, by=REACTION).then_nothing()


def test_a_theme_without_an_idea_answers_nothing() -> None:
    assert sent(PROPOSED.model_copy(update={"inquiry_id": None})) == []


def test_an_idea_that_was_closed_becomes_a_theme_all_the_same_when_somebody_describes_it() -> None:
    closed = given(SUBMITTED, CLOSED).besides(THEME, str(THEME_ID), PROPOSED)
    closed.when(BECAME, by=REACTION).then(TURNED)
    closed.when(BECAME, by=SECRETARIAT).then_refused("inquiry_closed", "R46")


def test_one_idea_may_become_two_themes() -> None:
    other = BECAME.model_copy(update={"theme_id": OTHER_THEME})
    twice = given(SUBMITTED, TURNED).besides(THEME, str(OTHER_THEME), PROPOSED)
    twice.when(other, by=REACTION).then(TURNED.model_copy(update={"theme_id": OTHER_THEME}))


def test_the_secretariat_may_say_which_theme_an_idea_became_once_there_is_one() -> None:
    given(SUBMITTED, ANSWERED).besides(THEME, str(THEME_ID), PROPOSED).when(BECAME).then(TURNED)
    given(SUBMITTED).when(BECAME).then_refused("unknown")


@rule("R40")
def test_a_question_becomes_no_theme() -> None:
    asked = given(ASKED).besides(THEME, str(THEME_ID), PROPOSED)
    asked.when(BECAME).then_refused("inquiry_not_an_idea", "R40")
