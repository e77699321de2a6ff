"""Each service's topics, and what Kafka keeps of them."""

from datetime import timedelta

from shared.contracts.people import PERSON
from shared.contracts.themes import THEME_ROUND, ThemeRoundOpened
from shared.contracts.units import UNIT
from shared.eventstore.tombstones import GONE_WITHIN, TOLD_AGAIN_AFTER
from shared.eventstore.topics import FOREVER, LATEST, Topic, topics_of
from shared.kernel.events import StreamKind

SECRET = StreamKind.of("secret", "themes", ThemeRoundOpened, "internal")
KINDS = (THEME_ROUND, SECRET, PERSON, UNIT)


def test_a_service_has_the_topics_of_its_own_kinds() -> None:
    assert topics_of(KINDS, "themes", prefix="p-", replication=3) == (
        Topic("p-netvaerk.themes", 6, 3, FOREVER),
        Topic("p-netvaerk.themes.internal", 6, 3, FOREVER),
    )


def test_people_and_units_are_one_partition_each_that_keeps_the_latest() -> None:
    assert topics_of(KINDS, "training") == (
        Topic("netvaerk.people", 1, 1, LATEST),
        Topic("netvaerk.units", 1, 1, LATEST),
    )


def test_events_are_kept_for_ever() -> None:
    assert FOREVER["retention.ms"] == "-1"


def test_who_was_erased_is_gone_within_two_days() -> None:
    assert int(LATEST["max.compaction.lag.ms"]) <= 24 * 60 * 60 * 1000
    assert timedelta(days=1) < TOLD_AGAIN_AFTER < GONE_WITHIN <= timedelta(days=2)


def test_that_somebody_was_erased_is_not_forgotten_while_anybody_may_have_missed_it() -> None:
    assert int(LATEST["delete.retention.ms"]) > 50 * 365 * 24 * 60 * 60 * 1000
