"""A reaction that looks only ahead leaves alone what was recorded before it was deployed."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from shared.kernel.reactions import Send, on
from shared.reactions.deployments import Deployed, recorded_at
from shared.testing.kit import NOW, TODAY, recorded
from tests.unit.projections.things import ThingMade, ThingSold

SINCE = datetime(2026, 1, 1, tzinfo=UTC)
MADE = ThingMade(on=TODAY, name="spade", colour="red")


def nothing(*_: object) -> tuple[Send, ...]:
    return ()


AHEAD = Deployed(on(ThingMade, nothing, history="new"), SINCE)
ALL = Deployed(on(ThingMade, nothing, history="begin"), SINCE)


def event_id(at: datetime) -> str:
    """A UUIDv7 of an instant."""
    milliseconds = int(at.timestamp() * 1000)
    return str(UUID(int=(milliseconds << 80) | (7 << 76) | (2 << 62)))


def test_when_a_fact_was_recorded_is_told_by_its_id_and_not_by_the_business_clock() -> None:
    fact = replace(recorded(MADE, at=NOW), id=event_id(SINCE))
    assert recorded_at(fact) == SINCE


def test_an_id_of_another_make_leaves_the_business_instant() -> None:
    assert recorded_at(recorded(MADE, at=NOW)) == NOW
    assert recorded_at(replace(recorded(MADE, at=NOW), id=str(UUID(int=5)))) == NOW


def test_only_what_was_recorded_since_concerns_a_reaction_that_looks_ahead() -> None:
    before = replace(recorded(MADE), id=event_id(datetime(2025, 12, 31, tzinfo=UTC)))
    after = replace(recorded(MADE), id=event_id(SINCE))

    assert not AHEAD.concerns(before)
    assert AHEAD.concerns(after)
    assert ALL.concerns(before)


def test_other_facts_concern_nobody() -> None:
    assert not ALL.concerns(recorded(ThingSold(on=TODAY)))
