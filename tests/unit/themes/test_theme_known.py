"""What themes knows when it decides: of its themes, and of the networks that work on them."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from services.themes.domain.known import KnownProposal, KnownTheme, NetworkCrew
from services.themes.projections.known import KNOWN_THEMES, NETWORK_CREWS
from shared.contracts.networks import (
    CoDriverAssigned,
    CoDriverReleased,
    NetworkImported,
    NetworkLeaderAssigned,
    NetworkLeaderReplaced,
    ReferenceLeaderAssigned,
    ReferenceLeaderOptOutRecorded,
    ReferenceLeaderReleased,
    ReferenceLeaderReplaced,
)
from shared.contracts.themes import (
    ThemeAddedToRound,
    ThemeConcluded,
    ThemeDeclined,
    ThemeProposed,
    ThemeQualified,
    ThemeSelected,
    ThemeTakenUp,
    ThemeWithdrawn,
)
from shared.contracts.vocabulary import NetworkType, ThemeOutcome, ThemeState
from shared.kernel.events import Event
from shared.testing import TODAY, folded, person, recorded

THEME, NETWORK = uuid4(), uuid4()
ADA, BO, EVA, LEIF = person("ada"), person("bo"), person("eva"), person("leif")
TOLD: dict[str, Any] = {"on": TODAY, "title": "Urban farming", "proposer_id": ADA}

PROPOSED = ThemeProposed(
    **TOLD,
    proposal_no=1,
    template_version=1,
    identified_need="Fælles grønne rum",
    burning_platform="Arealerne ligger tomme hen",
    network_potential="Kræver flere afdelinger",
    demand_origins=(),
)
QUALIFIED = ThemeQualified(**TOLD, criteria={}, decided_by=(BO,))
SELECTED = ThemeSelected(
    **TOLD,
    identified_need="Fælles grønne rum",
    network_type=NetworkType.WELFARE,
    type_aligned=True,
    decided_by=(BO,),
)
DECLINED = ThemeDeclined(**TOLD, reason="Ikke nu", decided_by=(BO,))
WITHDRAWN = ThemeWithdrawn(**TOLD, reason="Løst", was_selected=True)
TAKEN_UP = ThemeTakenUp(**TOLD, network_id=NETWORK)
CONCLUDED = ThemeConcluded(**TOLD, network_id=NETWORK, outcome=ThemeOutcome.PARTLY)

IMPORTED = NetworkImported(
    on=TODAY,
    title="Campus",
    purpose="En samlet campus",
    network_type=NetworkType.WELFARE,
    started_on=TODAY,
    leader_id=ADA,
    co_driver_id=BO,
    reference_leader_id=EVA,
    phases=(),
)


def known(*events: Event) -> KnownTheme:
    facts = [recorded(event, f"theme-{THEME}", place) for place, event in enumerate(events, 1)]
    return folded(KNOWN_THEMES, facts)[str(THEME)]


@pytest.mark.parametrize(
    ("facts", "standing"),
    [
        ((PROPOSED,), ThemeState.PROPOSED),
        ((PROPOSED, QUALIFIED), ThemeState.QUALIFIED),
        ((PROPOSED, DECLINED), ThemeState.DECLINED),
        ((PROPOSED, QUALIFIED, SELECTED), ThemeState.SELECTED),
        ((PROPOSED, QUALIFIED, SELECTED, WITHDRAWN), ThemeState.WITHDRAWN),
        ((PROPOSED, QUALIFIED, SELECTED, TAKEN_UP), ThemeState.IN_NETWORK),
        ((PROPOSED, QUALIFIED, SELECTED, TAKEN_UP, CONCLUDED), ThemeState.CONCLUDED),
        ((PROPOSED, DECLINED, PROPOSED), ThemeState.PROPOSED),
    ],
)
def test_rounds_know_where_a_theme_is_in_its_life(
    facts: tuple[Event, ...], standing: ThemeState
) -> None:
    latest = known(*facts).latest
    assert latest
    assert latest.standing is standing


def test_rounds_know_what_became_of_every_proposal_and_which_of_them_is_in_which_round() -> None:
    in_round = DECLINED.model_copy(update={"half_year": "2013-H2"})
    own = [
        recorded(each, f"theme-{THEME}", place)
        for place, each in enumerate((PROPOSED, in_round, PROPOSED, QUALIFIED, SELECTED), 1)
    ]
    added = {
        half_year: recorded(
            ThemeAddedToRound(
                on=TODAY, half_year=half_year, theme_id=THEME, title="t", proposal_no=number
            ),
            f"round-{half_year}",
            2,
        )
        for half_year, number in (("2013-H2", 1), ("2014-H1", 2))
    }
    row = KnownTheme(
        theme_id=THEME,
        proposals=(
            KnownProposal(standing=ThemeState.DECLINED, decided_in="2013-H2"),
            KnownProposal(standing=ThemeState.SELECTED, is_qualified=True),
        ),
        rounds={"2013-H2": 1, "2014-H1": 2},
    )
    for facts in ([*own, *added.values()], [*reversed(added.values()), *own]):
        assert folded(KNOWN_THEMES, facts) == {str(THEME): row}
    assert (row.round_of(1), row.round_of(2)) == ("2013-H2", "2014-H1")


def crew(*events: Event) -> NetworkCrew:
    stream = f"network-{NETWORK}"
    facts = [recorded(event, stream, place) for place, event in enumerate(events, 1)]
    return folded(NETWORK_CREWS, facts)[str(NETWORK)]


def assigned(kind: type[Event], who: UUID, **fields: Any) -> Event:
    return kind.model_construct(on=TODAY, person_id=who, **fields)


def test_whoever_carries_a_network_is_known_from_their_assignment_on() -> None:
    assert crew(IMPORTED) == NetworkCrew(leader_id=ADA, co_driver_id=BO, reference_leader_id=EVA)
    planned = (
        assigned(NetworkLeaderAssigned, ADA),
        assigned(CoDriverAssigned, BO),
        assigned(ReferenceLeaderAssigned, EVA),
    )
    assert crew(*planned) == crew(IMPORTED)


@pytest.mark.parametrize(
    ("fact", "role"),
    [
        (assigned(NetworkLeaderReplaced, LEIF), "leader_id"),
        (assigned(CoDriverAssigned, LEIF), "co_driver_id"),
        (assigned(ReferenceLeaderReplaced, LEIF), "reference_leader_id"),
    ],
)
def test_whoever_takes_over_carries_it_instead(fact: Event, role: str) -> None:
    assert crew(IMPORTED, fact) == crew(IMPORTED).model_copy(update={role: LEIF})


@pytest.mark.parametrize(
    ("fact", "role"),
    [
        (assigned(CoDriverReleased, BO), "co_driver_id"),
        (assigned(ReferenceLeaderReleased, EVA), "reference_leader_id"),
        (assigned(ReferenceLeaderOptOutRecorded, EVA, was_assigned=True), "reference_leader_id"),
    ],
)
def test_whoever_has_left_carries_it_no_longer(fact: Event, role: str) -> None:
    left = crew(IMPORTED, fact)
    assert left == crew(IMPORTED).model_copy(update={role: None})
    assert len(left.members) == 2


def test_who_declines_to_be_reference_leader_leaves_the_one_there_is() -> None:
    other = assigned(ReferenceLeaderOptOutRecorded, LEIF, was_assigned=False)
    assert crew(IMPORTED, other) == crew(IMPORTED)
