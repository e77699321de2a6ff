"""Themes, rounds and networks' crews as decisions need them."""

from typing import Any, assert_never
from uuid import UUID

from services.themes.domain.known import KnownProposal, KnownRounds, KnownTheme, NetworkCrew
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
    ThemeRoundClosed,
    ThemeRoundOpened,
    ThemeSelected,
    ThemeTakenUp,
    ThemeWithdrawn,
)
from shared.contracts.vocabulary import ThemeState
from shared.kernel.events import Recorded
from shared.kernel.views import View, stream_key

ThemeMoved = (
    ThemeQualified | ThemeSelected | ThemeDeclined | ThemeWithdrawn | ThemeTakenUp | ThemeConcluded
)
ThemeHeard = ThemeProposed | ThemeMoved | ThemeAddedToRound
RoundHeard = ThemeRoundOpened | ThemeAddedToRound | ThemeRoundClosed
CrewHeard = (
    NetworkImported
    | NetworkLeaderAssigned
    | NetworkLeaderReplaced
    | CoDriverAssigned
    | CoDriverReleased
    | ReferenceLeaderAssigned
    | ReferenceLeaderReplaced
    | ReferenceLeaderReleased
    | ReferenceLeaderOptOutRecorded
)


def _theme(row: KnownTheme | None, fact: Recorded[ThemeHeard], key: str) -> KnownTheme:
    row, event = row or KnownTheme(theme_id=UUID(key)), fact.event
    if isinstance(event, ThemeAddedToRound):
        rounds = {**row.rounds, event.half_year: event.proposal_no}
        return row.model_copy(update={"rounds": dict(sorted(rounds.items()))})
    if isinstance(event, ThemeProposed):
        return row.model_copy(update={"proposals": (*row.proposals, KnownProposal())})
    standing = _standing(event)
    changed: dict[str, Any] = {"standing": standing}
    if standing is ThemeState.QUALIFIED:
        changed["is_qualified"] = True
    if isinstance(event, ThemeSelected | ThemeDeclined):
        changed["decided_in"] = event.half_year
    *earlier, latest = row.proposals
    return row.model_copy(update={"proposals": (*earlier, latest.model_copy(update=changed))})


def _themes(fact: Recorded[ThemeHeard]) -> tuple[str]:
    event = fact.event
    return (str(event.theme_id) if isinstance(event, ThemeAddedToRound) else fact.key,)


def _standing(event: ThemeMoved) -> ThemeState:
    match event:
        case ThemeQualified():
            return ThemeState.QUALIFIED
        case ThemeSelected():
            return ThemeState.SELECTED
        case ThemeDeclined():
            return ThemeState.DECLINED
        case ThemeWithdrawn():
            return ThemeState.WITHDRAWN
        case ThemeTakenUp():
            return ThemeState.IN_NETWORK
        case ThemeConcluded():
            return ThemeState.CONCLUDED
        case other:
            assert_never(other)


def _rounds(row: KnownRounds | None, fact: Recorded[RoundHeard], key: str) -> KnownRounds:
    row = row or KnownRounds()
    event = fact.event
    match event:
        case ThemeRoundOpened():
            opened = tuple(sorted({*row.opened, event.half_year}))
            return row.model_copy(update={"opened": opened})
        case ThemeAddedToRound():
            had = {**row.themes.get(event.half_year, {}), event.theme_id: event.proposal_no}
            themes = {**row.themes, event.half_year: dict(sorted(had.items()))}
            return row.model_copy(update={"themes": dict(sorted(themes.items()))})
        case ThemeRoundClosed():
            left = {**row.carried_over, event.half_year: event.carried_over}
            return row.model_copy(update={"carried_over": dict(sorted(left.items()))})
        case other:
            assert_never(other)


def _crew(row: NetworkCrew | None, fact: Recorded[CrewHeard], key: str) -> NetworkCrew:
    event = fact.event
    changed: dict[str, Any]
    match event:
        case NetworkImported():
            changed = event.model_dump(include=set(NetworkCrew.model_fields))
        case NetworkLeaderAssigned() | NetworkLeaderReplaced():
            changed = {"leader_id": event.person_id}
        case CoDriverAssigned():
            changed = {"co_driver_id": event.person_id}
        case CoDriverReleased():
            changed = {"co_driver_id": None}
        case ReferenceLeaderAssigned() | ReferenceLeaderReplaced():
            changed = {"reference_leader_id": event.person_id}
        case ReferenceLeaderOptOutRecorded(was_assigned=False):
            changed = {}
        case ReferenceLeaderReleased() | ReferenceLeaderOptOutRecorded():
            changed = {"reference_leader_id": None}
        case other:
            assert_never(other)
    return (row or NetworkCrew()).model_copy(update=changed)


def the_one_row(_: Recorded[Any]) -> tuple[str]:
    """Name the row `all`, where a view has no other."""
    return ("all",)


KNOWN_THEMES = View.of(KnownTheme, ThemeHeard, keys=_themes, fold=_theme)
KNOWN_ROUNDS = View.of(KnownRounds, RoundHeard, keys=the_one_row, fold=_rounds)
NETWORK_CREWS = View.of(NetworkCrew, CrewHeard, keys=stream_key, fold=_crew)
