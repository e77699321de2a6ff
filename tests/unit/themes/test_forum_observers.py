"""Whoever listens in the chief forum does not decide, and nobody can set that aside (R201)."""

from typing import Any
from uuid import UUID

import pytest

from services.themes.domain.forum_slot.known import ForumObserver
from services.themes.domain.theme.deciding import DecideTheme
from services.themes.domain.theme.qualifying import AlignThemeNetworkType, QualifyTheme
from services.themes.domain.theme_round.ranking import PrioritiseThemes
from services.themes.projections.forum_known import FORUM_OBSERVERS
from shared.contracts.themes import (
    ForumObserverInvited,
    ForumObserverWithdrawn,
    ThemeAddedToRound,
    ThemeProposed,
    ThemeRoundOpened,
)
from shared.contracts.vocabulary import DemandOrigin, Forum
from shared.kernel.commands import Override
from shared.kernel.events import Recorded
from shared.kernel.permissions import Actor
from shared.people import Person
from shared.testing import CHIEF, SECRETARIAT, TODAY, employee, folded, given, new_id, person
from shared.testing import recorded as told
from shared.testing.kit import Given

THEME, HALF_YEAR = UUID(int=1), "2013-H2"
CHIEF_ID, GUEST = person("chief"), person("guest")
MEMBER = Person(person_id=CHIEF_ID, forums=frozenset({Forum.CHIEFS}))
INVITED = ForumObserver(person_id=GUEST, months=("2013-09",))
LEAD_AND_CHIEF = employee("lead", "secretariat_lead", "chefforum")
SECRETARY_AND_CHIEF = employee("secretary", "secretariat", "chefforum")
PROPOSED = ThemeProposed(
    on=TODAY,
    proposer_id=person("ada"),
    proposal_no=1,
    template_version=1,
    title="Frivillighed i plejen",
    identified_need="For få hænder",
    burning_platform="Ventetiden vokser",
    network_potential="Kræver pleje, kultur og foreninger",
    demand_origins=(DemandOrigin.BOTTOM_UP,),
)
ROUND = (
    ThemeRoundOpened(on=TODAY, half_year=HALF_YEAR),
    ThemeAddedToRound(on=TODAY, half_year=HALF_YEAR, theme_id=THEME, title=PROPOSED.title),
)


def deciding(*who: UUID) -> tuple[tuple[Given, Any], ...]:
    """Each command that tells who of the chief forum decided, and what it goes to."""
    override = Override(rules=frozenset({"R48", "R200"}), reason="Konstitueret")
    theme, round_ = given(PROPOSED).of(THEME), given(*ROUND).of(HALF_YEAR)
    align = AlignThemeNetworkType(
        network_type="welfare", intended_difference="Naboskab", aligned_by=who, override=override
    )
    return (
        (theme, align),
        (theme, QualifyTheme(decided_by=who, override=override)),
        (theme, DecideTheme(decision="declined", reason="Nej", decided_by=who, override=override)),
        (round_, PrioritiseThemes(theme_ids=(THEME,), decided_by=who, override=override)),
    )


@pytest.mark.parametrize("by", [CHIEF, SECRETARIAT])
@pytest.mark.parametrize("listed", [None, Person(person_id=GUEST)])
def test_an_invited_observer_is_not_counted_among_those_who_decide(
    by: Actor, listed: Person | None
) -> None:
    for who in ((GUEST,), (CHIEF_ID, GUEST)):
        for world, command in deciding(*who):
            known = world.knowing(CHIEF_ID, MEMBER).knowing(GUEST, INVITED)
            known = known.knowing(GUEST, listed) if listed else known
            known.when(command, by=by).then_refused("observer_cannot_decide", "R201")


def test_somebody_who_sits_in_the_forum_decides_whether_invited_or_not() -> None:
    for world, command in deciding(CHIEF_ID):
        known = world.knowing(CHIEF_ID, MEMBER)
        invited = known.knowing(CHIEF_ID, ForumObserver(person_id=CHIEF_ID, months=("2013-09",)))
        assert invited.when(command, by=CHIEF).refusal is None


@pytest.mark.parametrize("by", [LEAD_AND_CHIEF, SECRETARY_AND_CHIEF])
def test_the_secretariat_does_not_decide_in_whichever_other_role_it_acts(by: Actor) -> None:
    assert by.person_id is not None
    for world, command in deciding(CHIEF_ID, by.person_id):
        known = world.knowing(CHIEF_ID, MEMBER)
        member = known.knowing(by.person_id, Person(person_id=by.person_id, forums=MEMBER.forums))
        for each in (known, member):
            each.when(command, by=by).then_refused("observer_cannot_decide", "R201")
    for world, command in deciding(CHIEF_ID):
        assert world.knowing(CHIEF_ID, MEMBER).when(command, by=by).refusal is None


def invited(month: str) -> Recorded[Any]:
    invitation = ForumObserverInvited(
        on=TODAY,
        month=month,
        person_id=GUEST,
        municipal_director_id=person("director"),
        secretariat_lead_id=person("lead"),
        reason_note=new_id(1),
    )
    return told(invitation, f"slot-{month}")


def withdrawn(month: str) -> Recorded[Any]:
    by_mistake = ForumObserverWithdrawn(
        on=TODAY, month=month, person_id=GUEST, reason_note=new_id(2)
    )
    return told(by_mistake, f"slot-{month}")


def test_who_was_invited_is_known_with_the_months() -> None:
    rows = folded(FORUM_OBSERVERS, [invited(each) for each in ("2013-10", "2013-09", "2013-10")])
    expected = ForumObserver(person_id=GUEST, months=("2013-09", "2013-10"))
    assert rows == {str(GUEST): expected}


def test_only_invitations_that_stand_are_known_whichever_month_is_heard_first() -> None:
    mistake = [invited("2013-09"), withdrawn("2013-09")]
    assert folded(FORUM_OBSERVERS, mistake) == {}
    again = folded(FORUM_OBSERVERS, [*mistake, invited("2013-09")])
    assert again == {str(GUEST): ForumObserver(person_id=GUEST, months=("2013-09",))}

    other = invited("2013-10")
    stands = {str(GUEST): ForumObserver(person_id=GUEST, months=("2013-10",))}
    for facts in ([other, *mistake], [mistake[0], other, mistake[1]], [*mistake, other]):
        assert folded(FORUM_OBSERVERS, facts) == stands
