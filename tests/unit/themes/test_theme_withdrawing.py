"""A theme is taken back before a network works on it, and may be proposed again (R67)."""

from typing import Any
from uuid import uuid4

import pytest

from services.themes.domain.theme.network import ConcludeTheme, TakeUpTheme
from services.themes.domain.theme.proposing import ProposeThemeAgain
from services.themes.domain.theme.qualifying import QualifyTheme
from services.themes.domain.theme.withdrawing import WithdrawTheme
from services.themes.projections.board import EarlierProposal
from services.themes.projections.board_fold import THEME_BOARD
from shared.contracts.themes import (
    ThemeAddedToRound,
    ThemeConcluded,
    ThemeDeclined,
    ThemeEvent,
    ThemeProposed,
    ThemeSelected,
    ThemeTakenUp,
    ThemeWithdrawn,
)
from shared.contracts.vocabulary import (
    DemandOrigin,
    NetworkType,
    ThemeDecision,
    ThemeOutcome,
    ThemeState,
)
from shared.kernel.permissions import Actor, system
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

THEME_ID, NETWORK = uuid4(), uuid4()
ADA, CHIEF_ID = person("ada"), person("chief")
PROPOSER = employee("ada")
TOLD: dict[str, Any] = {"title": "Urban farming", "proposer_id": ADA}
PROPOSED = ThemeProposed(
    on=TODAY,
    **TOLD,
    proposal_no=1,
    template_version=1,
    identified_need="Fælles grønne rum",
    burning_platform="Arealerne ligger tomme hen",
    network_potential="Kræver flere afdelinger",
    demand_origins=(DemandOrigin.BOTTOM_UP,),
)
SELECTED = ThemeSelected(
    on=TODAY,
    **TOLD,
    identified_need=PROPOSED.identified_need,
    network_type=NetworkType.WELFARE,
    type_aligned=False,
    decided_by=(CHIEF_ID,),
)
DECLINED = ThemeDeclined(
    on=TODAY, **TOLD, reason="Ikke nu", half_year="2013-H2", decided_by=(CHIEF_ID,)
)
TAKEN_UP = ThemeTakenUp(on=TODAY, **TOLD, network_id=NETWORK)
CONCLUDED = ThemeConcluded(on=TODAY, **TOLD, network_id=NETWORK, outcome=ThemeOutcome.ADOPTED)
WITHDRAWN = ThemeWithdrawn(on=TODAY, **TOLD, reason="Vi har løst det", was_selected=False)
WITHDRAW = WithdrawTheme(reason="Vi har løst det")
AGAIN = ProposeThemeAgain(
    template_version=1,
    title="Byhaver",
    identified_need="Fælles grønne rum",
    burning_platform="Arealerne ligger tomme hen",
    network_potential="Kræver flere afdelinger",
    demand_origins=frozenset({DemandOrigin.BOTTOM_UP}),
)
PROPOSED_AGAIN = PROPOSED.model_copy(update={"title": "Byhaver", "proposal_no": 2})


@pytest.mark.parametrize("actor", [PROPOSER, SECRETARIAT])
def test_its_proposer_and_the_secretariat_withdraw_a_theme(actor: Actor) -> None:
    given(PROPOSED).when(WITHDRAW, by=actor).then(WITHDRAWN)


@pytest.mark.parametrize(
    "actor", [employee("bo"), CHIEF, employee("leader", "network_leader"), system("themes")]
)
def test_nobody_else_does(actor: Actor) -> None:
    given(PROPOSED).when(WITHDRAW, by=actor).then_refused("not_allowed")


def test_a_theme_that_is_selected_is_withdrawn_too_and_says_so() -> None:
    selected = WITHDRAWN.model_copy(update={"was_selected": True})
    given(PROPOSED, SELECTED).when(WITHDRAW, by=PROPOSER).then(selected)


def test_a_theme_is_withdrawn_once() -> None:
    given(PROPOSED, WITHDRAWN).when(WITHDRAW, by=PROPOSER).then_nothing()


@pytest.mark.parametrize(
    ("facts", "code", "row"),
    [
        ((PROPOSED, SELECTED, TAKEN_UP), "theme_in_network", "R67"),
        ((PROPOSED, DECLINED), "theme_decided", "R67"),
        ((PROPOSED, SELECTED, TAKEN_UP, CONCLUDED), "theme_concluded", "R68"),
    ],
)
def test_what_a_network_works_on_or_what_is_over_is_not_withdrawn(
    facts: tuple[ThemeEvent, ...], code: str, row: str
) -> None:
    given(*facts).when(WITHDRAW, by=PROPOSER).then_refused(code, row)


def test_a_withdrawn_theme_is_not_decided_on_until_it_is_proposed_again() -> None:
    qualify = QualifyTheme(decided_by={CHIEF_ID})
    given(PROPOSED, WITHDRAWN).when(qualify, by=CHIEF).then_refused("theme_withdrawn", "R67")
    given(PROPOSED, WITHDRAWN).when(AGAIN, by=PROPOSER).then(PROPOSED_AGAIN)


def test_a_network_that_began_all_the_same_is_a_fact() -> None:
    take_up = TakeUpTheme(network_id=NETWORK)
    outcome = given(PROPOSED, SELECTED, WITHDRAWN).when(take_up, by=system("take_theme_up"))
    outcome.then(TAKEN_UP).then_warned("theme_not_selected")


def test_the_end_of_its_planned_network_leaves_a_withdrawn_theme_as_it_is() -> None:
    conclude = ConcludeTheme(network_id=NETWORK, outcome=ThemeOutcome.CANCELLED)
    given(PROPOSED, WITHDRAWN).when(conclude, by=system("conclude_theme")).then_nothing()


@rule("R67")
def test_a_theme_that_is_proposed_again_keeps_its_history() -> None:
    second = WITHDRAWN.model_copy(update={"title": "Byhaver"})
    third = PROPOSED_AGAIN.model_copy(update={"proposal_no": 3})
    own = (PROPOSED, DECLINED, PROPOSED_AGAIN, second, third)
    added = ThemeAddedToRound(on=TODAY, half_year="2013-H2", theme_id=THEME_ID, title="Byhaver")
    facts = [
        *(recorded(each, f"theme-{THEME_ID}", place) for place, each in enumerate(own, 1)),
        recorded(added, "round-2013-H2", 2),
    ]
    (row,) = folded(THEME_BOARD, facts).values()
    assert (row.proposal_no, row.decision, row.withdrawn_on, row.reason) == (3, None, None, None)
    assert row.earlier == (
        EarlierProposal(
            proposal_no=1,
            proposer_id=PROPOSED.proposer_id,
            title="Urban farming",
            proposed_on=TODAY,
            state=ThemeState.DECLINED,
            ended_on=TODAY,
            decision=ThemeDecision.DECLINED,
            decided_in="2013-H2",
            reason="Ikke nu",
            outcome=None,
        ),
        EarlierProposal(
            proposal_no=2,
            proposer_id=PROPOSED_AGAIN.proposer_id,
            title="Byhaver",
            proposed_on=TODAY,
            state=ThemeState.WITHDRAWN,
            ended_on=TODAY,
            decision=None,
            decided_in=None,
            reason="Vi har løst det",
            outcome=None,
        ),
    )


def test_the_board_shows_a_withdrawn_theme_as_such() -> None:
    facts = (PROPOSED, SELECTED, WITHDRAWN)
    (row,) = folded(
        THEME_BOARD,
        [recorded(each, f"theme-{THEME_ID}", place) for place, each in enumerate(facts, 1)],
    ).values()
    assert (row.state, row.withdrawn_on, row.reason) == (
        ThemeState.WITHDRAWN,
        TODAY,
        "Vi har løst det",
    )
