"""Everybody is asked for ideas from one day until another, and then no more."""

from datetime import date, datetime, timedelta

import pytest
from pydantic import ValidationError

from services.themes.domain.idea_call import ChangeIdeaCall, CloseIdeaCall, OpenIdeaCall
from shared.contracts.themes import IdeaCallClosed, IdeaCallOpened
from shared.kernel.permissions import Actor, system
from shared.policy.periods import start_of
from shared.testing import CHIEF, TODAY, employee, given, person, rule

LAST_DAY = date(2013, 9, 30)
OPENED = IdeaCallOpened(
    on=TODAY,
    title="Hvad skal vi tage fat på?",
    text="Send jeres idéer",
    opens_on=TODAY,
    closes_on=LAST_DAY,
    half_year="2013-H2",
)
CLOSED = IdeaCallClosed(on=TODAY, title=OPENED.title)
WORDS = OPENED.model_dump(exclude={"on"})
OPEN = OpenIdeaCall(**WORDS)
LONGER = ChangeIdeaCall(**WORDS | {"closes_on": date(2013, 10, 7)})
DEADLINE = system("themes")
OTHERS = (
    employee("anyone"),
    CHIEF,
    employee("manager", "line_manager"),
    employee("director", "municipal_director"),
    employee("reporter", "reporter"),
    Actor(person_id=person("guest"), roles=frozenset({"participant"})),
)


def night_after(day: date) -> datetime:
    return start_of(day + timedelta(days=1))


@rule("R37")
def test_the_secretariat_asks_everybody_for_ideas() -> None:
    given().when(OPEN).then(OPENED)


def test_what_is_asked_for_again_in_the_same_words_is_nothing_new() -> None:
    given(OPENED).when(ChangeIdeaCall(**WORDS)).then_nothing()


def test_an_open_call_gets_another_last_day() -> None:
    given(OPENED).when(LONGER).then(OPENED.model_copy(update={"closes_on": date(2013, 10, 7)}))


def test_a_call_that_is_closed_is_changed_no_more() -> None:
    given(OPENED, CLOSED).when(LONGER).then_refused("idea_call_over", "R37")


def test_a_call_that_ends_before_it_begins_is_malformed() -> None:
    with pytest.raises(ValidationError):
        OpenIdeaCall(**WORDS | {"closes_on": TODAY - timedelta(days=1)})


def test_the_secretariat_may_end_it_early_and_once() -> None:
    given(OPENED).when(CloseIdeaCall()).then(CLOSED)
    given(OPENED, CLOSED).when(CloseIdeaCall()).then_nothing()


@rule("R37")
def test_it_ends_by_itself_when_its_last_day_is_over_and_not_before() -> None:
    during = given(OPENED).at(start_of(LAST_DAY))
    during.when(CloseIdeaCall(), by=DEADLINE).then_nothing()
    over = given(OPENED).at(night_after(LAST_DAY))
    ended = CLOSED.model_copy(update={"on": LAST_DAY + timedelta(days=1)})
    over.when(CloseIdeaCall(), by=DEADLINE).then(ended)


def test_the_deadline_does_nothing_when_the_last_day_has_moved_meanwhile() -> None:
    moved = OPENED.model_copy(update={"closes_on": date(2013, 10, 7)})
    given(OPENED, moved).at(night_after(LAST_DAY)).when(CloseIdeaCall(), by=DEADLINE).then_nothing()


@pytest.mark.parametrize("by", OTHERS, ids=str)
def test_nobody_but_the_secretariat_opens_changes_or_closes_a_call(by: Actor) -> None:
    given().when(OPEN, by=by).then_refused("not_allowed")
    given(OPENED).when(LONGER, by=by).then_refused("not_allowed")
    given(OPENED).when(CloseIdeaCall(), by=by).then_refused("not_allowed")


def test_a_call_that_there_is_not_is_neither_changed_nor_closed() -> None:
    given().when(LONGER).then_refused("unknown")
    given().when(CloseIdeaCall()).then_refused("unknown")
