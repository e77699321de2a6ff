"""The cache keeps the latest, and not too much."""

from shared.eventstore.cache import StateCache


def test_an_older_state_never_replaces_a_later_one() -> None:
    cache = StateCache(2)
    cache.put("a", "late", 5)
    cache.put("a", "early", 4)
    assert cache.get("a") == ("late", 5)


def test_the_stream_that_was_used_least_recently_makes_room() -> None:
    cache = StateCache(2)
    cache.put("a", "", 1)
    cache.put("b", "", 1)
    cache.get("a")
    cache.put("c", "", 1)
    assert cache.get("b") is None
    assert cache.get("a") == ("", 1)


def test_what_is_forgotten_may_be_put_again() -> None:
    cache = StateCache(2)
    cache.put("a", "perhaps", 5)
    cache.forget("a")
    cache.forget("a")
    cache.put("a", "surely", 4)
    assert cache.get("a") == ("surely", 4)
