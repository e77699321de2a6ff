"""Each department of the chief forum discusses its themes, with help if it wishes (R50)."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from pydantic import ValidationError

from services.themes.domain.theme.state import THEME
from services.themes.domain.theme_round.closing import CloseThemeRound
from services.themes.domain.theme_round.discussing import RecordLocalThemeDiscussion
from services.themes.domain.theme_round.opening import OpenThemeRound
from services.themes.projections.local_discussions import LOCAL_DISCUSSIONS, LocalDiscussion
from services.themes.projections.rounds import ROUND_OVERVIEW
from shared.contracts.themes import (
    LocalThemeDiscussionRecorded,
    ThemeDiscussionSupportRequested,
    ThemeProposed,
    ThemeRoundChanged,
    ThemeRoundClosed,
    ThemeRoundEvent,
    ThemeRoundOpened,
)
from shared.contracts.vocabulary import DemandOrigin, Forum
from shared.kernel.permissions import Actor
from shared.people import ForumMembers, Person
from shared.testing import (
    CHIEF,
    SECRETARIAT,
    TODAY,
    employee,
    folded,
    given,
    person,
    recorded,
    rule,
)

HALF_YEAR = "2013-H2"
CULTURE, CARE, ELSEWHERE = UUID(int=1), UUID(int=2), UUID(int=3)
GARDENS, SHARING = UUID(int=11), UUID(int=12)
CHIEF_ID, OTHER_CHIEF = person("chief"), person("other chief")
DISCUSSED = date(2013, 12, 10)

OPENED = ThemeRoundOpened(
    on=TODAY, half_year=HALF_YEAR, discussion_on=DISCUSSED, departments=(CULTURE, CARE)
)
CLOSED = ThemeRoundClosed(
    on=TODAY,
    half_year=HALF_YEAR,
    selected=(),
    declined=(),
    carried_over=(),
    departments_missing=(CULTURE, CARE),
)
PROPOSED = ThemeProposed(
    on=TODAY,
    title="Urban farming",
    proposer_id=person("ada"),
    proposal_no=1,
    template_version=1,
    identified_need="Fælles grønne rum",
    burning_platform="Arealerne ligger tomme hen",
    network_potential="Kræver flere afdelinger",
    demand_origins=(DemandOrigin.BOTTOM_UP,),
)
HELP = RecordLocalThemeDiscussion(org_unit_id=CULTURE, member_id=CHIEF_ID, step="support_requested")
HELP_WISHED = ThemeDiscussionSupportRequested(
    on=TODAY, half_year=HALF_YEAR, org_unit_id=CULTURE, member_id=CHIEF_ID
)
TELL = RecordLocalThemeDiscussion(
    org_unit_id=CULTURE, member_id=CHIEF_ID, step="held", theme_ids=frozenset({GARDENS})
)
HELD = LocalThemeDiscussionRecorded(
    on=TODAY,
    half_year=HALF_YEAR,
    org_unit_id=CULTURE,
    member_id=CHIEF_ID,
    assisted=False,
    theme_ids=(GARDENS,),
)


MEMBER = Person(person_id=CHIEF_ID, org_unit_id=CULTURE, forums=frozenset({Forum.CHIEFS}))


def round_of(*facts: ThemeRoundEvent) -> Any:
    known = given(*facts).of(HALF_YEAR)
    known = known.besides(THEME, str(GARDENS), PROPOSED).besides(THEME, str(SHARING), PROPOSED)
    return known.knowing(CHIEF_ID, MEMBER)


@rule("R50")
def test_that_the_secretariat_names_no_member_or_another_units_is_remarked_on() -> None:
    now = round_of(OPENED)
    now.when(TELL).then(HELD).then_warned()
    outside = MEMBER.model_copy(update={"forums": frozenset()})
    now.knowing(CHIEF_ID, outside).when(TELL).then_warned("discussed_by_no_member")
    elsewhere = MEMBER.model_copy(update={"org_unit_id": CARE})
    now.knowing(CHIEF_ID, elsewhere).when(TELL).then_warned("discussed_for_another_unit")
    given(OPENED).of(HALF_YEAR).besides(THEME, str(GARDENS), PROPOSED).when(TELL).then_warned()


# --- who may (P8) -----------------------------------------------------------------------------


@pytest.mark.parametrize("actor", [CHIEF, SECRETARIAT])
def test_a_member_tells_of_the_own_department_and_the_secretariat_for_them(actor: Actor) -> None:
    round_of(OPENED).when(TELL, by=actor).then(HELD)
    round_of(OPENED).when(HELP, by=actor).then(HELP_WISHED)


@pytest.mark.parametrize(
    "actor",
    [
        employee("other chief", "chefforum"),
        employee("ada"),
        employee("manager", "line_manager"),
        employee("leader", "network_leader"),
        employee("director", "municipal_director"),
    ],
)
def test_nobody_else_does(actor: Actor) -> None:
    for command in (TELL, HELP):
        round_of(OPENED).when(command, by=actor).then_refused("not_allowed")


@pytest.mark.parametrize("command", [TELL, HELP])
def test_a_member_does_not_tell_of_another_department(command: RecordLocalThemeDiscussion) -> None:
    elsewhere = command.model_copy(update={"org_unit_id": CARE})
    round_of(OPENED).when(elsewhere, by=CHIEF).then_refused("not_allowed")
    in_their_name = command.model_copy(update={"member_id": OTHER_CHIEF})
    round_of(OPENED).when(in_their_name, by=CHIEF).then_refused("not_allowed")


def test_a_member_that_the_directory_does_not_know_has_the_secretariat_tell_it() -> None:
    unknown = given(OPENED).of(HALF_YEAR)
    unknown.when(HELP, by=CHIEF).then_refused("not_allowed")
    unknown.when(HELP, by=SECRETARIAT).then(HELP_WISHED)


# --- what is told -----------------------------------------------------------------------------


def test_what_is_told_twice_is_told_once() -> None:
    round_of(OPENED, HELD).when(TELL, by=CHIEF).then_nothing()
    round_of(OPENED, HELP_WISHED).when(HELP, by=CHIEF).then_nothing()


def test_what_is_told_later_adds_to_what_was_told() -> None:
    more = TELL.model_copy(update={"theme_ids": frozenset({SHARING}), "assisted": True})
    both = HELD.model_copy(update={"theme_ids": (GARDENS, SHARING), "assisted": True})
    round_of(OPENED, HELD).when(more, by=CHIEF).then(both)
    less = TELL.model_copy(update={"theme_ids": frozenset()})
    round_of(OPENED, both).when(less, by=CHIEF).then_nothing()


def test_a_theme_that_there_is_not_was_not_found_there() -> None:
    nowhere = TELL.model_copy(update={"theme_ids": frozenset({uuid4()})})
    round_of(OPENED).when(nowhere, by=CHIEF).then_refused("unknown")


def test_after_the_round_nothing_more_is_told() -> None:
    for command in (TELL, HELP):
        round_of(OPENED, CLOSED).when(command, by=CHIEF).then_refused("round_closed", "R51")
    round_of(OPENED, HELD, CLOSED).when(TELL, by=CHIEF).then_nothing()


@pytest.mark.parametrize("field", [{"assisted": True}, {"theme_ids": [str(GARDENS)]}])
def test_a_wish_for_help_tells_of_no_discussion(field: dict[str, Any]) -> None:
    wish = {"org_unit_id": str(CULTURE), "member_id": str(CHIEF_ID), "step": "support_requested"}
    with pytest.raises(ValidationError):
        RecordLocalThemeDiscussion.model_validate({**wish, **field})


# --- whose discussion is awaited --------------------------------------------------------------


def test_a_round_awaits_the_departments_that_the_chief_forum_comes_from() -> None:
    units = {str(CHIEF_ID): str(CARE), str(OTHER_CHIEF): str(CULTURE), str(person("new")): ""}
    units[str(person("deputy"))] = str(CARE)
    chiefs = ForumMembers(forum=Forum.CHIEFS, units=units)
    command = OpenThemeRound(half_year=HALF_YEAR, discussion_on=DISCUSSED)
    due = OPENED.model_copy(update={"next_due_on": date(2014, 3, 2)})
    given().knowing(Forum.CHIEFS, chiefs).when(command).then(due)


@rule("R50")
def test_who_has_discussed_nothing_is_missing_until_they_have() -> None:
    before = round_of(OPENED).when(CloseThemeRound(), by=SECRETARIAT)
    remarks = ("departments_without_discussion", "closed_before_discussion")
    before.then(CLOSED).then_warned(*remarks)
    one_left = CLOSED.model_copy(update={"departments_missing": (CARE,)})
    round_of(OPENED, HELD).when(CloseThemeRound(), by=SECRETARIAT).then(one_left)

    facts = (OPENED, HELP_WISHED, HELD, HELD.model_copy(update={"on": DISCUSSED}))
    told = [recorded(each, f"round-{HALF_YEAR}", place) for place, each in enumerate(facts, 1)]
    (overview,) = folded(ROUND_OVERVIEW, told).values()
    assert (overview.departments, overview.departments_missing) == (2, (CARE,))
    assert folded(LOCAL_DISCUSSIONS, told) == {
        f"{HALF_YEAR}/{CULTURE}": LocalDiscussion(
            half_year=HALF_YEAR,
            org_unit_id=CULTURE,
            awaited=True,
            discussion_due=DISCUSSED,
            support_requested_on=TODAY,
            discussed_on=TODAY,
            member_id=CHIEF_ID,
            theme_ids=(GARDENS,),
            found_by={str(CHIEF_ID): (GARDENS,)},
            themes=1,
        ),
        f"{HALF_YEAR}/{CARE}": LocalDiscussion(
            half_year=HALF_YEAR,
            org_unit_id=CARE,
            awaited=True,
            missing=True,
            discussion_due=DISCUSSED,
        ),
    }


def test_two_members_of_one_department_each_tell_of_what_they_found() -> None:
    other = HELD.model_copy(update={"member_id": OTHER_CHIEF, "theme_ids": (SHARING,)})
    tell = TELL.model_copy(
        update={"member_id": OTHER_CHIEF, "theme_ids": frozenset({SHARING}), "assisted": False}
    )
    round_of(OPENED, HELD).when(tell, by=SECRETARIAT).then(other)
    round_of(OPENED, HELD, other).when(TELL, by=CHIEF).then_nothing()

    told = [recorded(each, f"round-{HALF_YEAR}", n) for n, each in enumerate((OPENED, HELD, other))]
    row = folded(LOCAL_DISCUSSIONS, told)[f"{HALF_YEAR}/{CULTURE}"]
    assert row.theme_ids == (GARDENS, SHARING)
    found = {str(CHIEF_ID): (GARDENS,), str(OTHER_CHIEF): (SHARING,)}
    assert row.found_by == found


def test_a_department_waits_for_the_day_that_the_discussion_was_moved_to() -> None:
    moved = ThemeRoundChanged(
        on=TODAY, half_year=HALF_YEAR, discussion_on=TODAY, departments_missing=(CARE,)
    )
    told = [recorded(each, f"round-{HALF_YEAR}", n) for n, each in enumerate((OPENED, HELD, moved))]
    row = folded(LOCAL_DISCUSSIONS, told)[f"{HALF_YEAR}/{CARE}"]
    assert row.discussion_due == TODAY


def test_a_department_that_nobody_awaits_is_shown_when_it_tells() -> None:
    elsewhere = HELD.model_copy(update={"org_unit_id": ELSEWHERE})
    told = [
        recorded(each, f"round-{HALF_YEAR}", n) for n, each in enumerate((OPENED, elsewhere), 1)
    ]
    row = folded(LOCAL_DISCUSSIONS, told)[f"{HALF_YEAR}/{ELSEWHERE}"]
    assert (row.awaited, row.missing, row.themes) == (False, False, 1)
