"""A replay gives what was folded, once and in order, whatever else lies in the topics."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from shared.projections.replay import Replay

Told = tuple[str, int]


def replayed(replay: Replay[Told], told: Sequence[Told]) -> list[Told]:
    """What is given of these, in the order in which it is."""
    return [fact for each in told for fact in replay.take(*each, each)]


def test_what_was_folded_is_given_and_nothing_beyond() -> None:
    replay: Replay[Told] = Replay({"a": 2})

    assert replayed(replay, [("a", 1), ("a", 2), ("a", 3), ("b", 1)]) == [("a", 1), ("a", 2)]
    assert set(replay.waiting) == {"a", "b"}
    assert list(replay.missing()) == []


def test_what_was_folded_meanwhile_is_given_later() -> None:
    replay: Replay[Told] = Replay({"a": 1})
    replayed(replay, [("a", 1), ("a", 2), ("a", 3), ("b", 1)])

    assert sorted(replay.advance({"a": 2, "b": 1}, ())) == [("a", 2), ("b", 1)]
    assert set(replay.waiting) == {"a"}


def test_what_was_told_again_is_given_once() -> None:
    replay: Replay[Told] = Replay({"a": 2})
    told = [("a", 1), ("a", 1), ("a", 2), ("a", 1), ("a", 2)]

    assert replayed(replay, told) == [("a", 1), ("a", 2)]


def test_what_came_late_and_was_folded_in_order_is_given_in_order() -> None:
    replay: Replay[Told] = Replay({"a": 4})

    told = [("a", 1), ("a", 3), ("a", 4), ("a", 2)]

    assert replayed(replay, told) == [("a", 1), ("a", 2), ("a", 3), ("a", 4)]


def test_what_was_passed_over_is_not_given() -> None:
    replay: Replay[Told] = Replay({"a": 4}, {("a", 2), ("a", 3)})

    assert replayed(replay, [("a", 1), ("a", 3), ("a", 4), ("a", 2)]) == [("a", 1), ("a", 4)]
    assert list(replay.missing()) == []


def test_what_was_passed_over_meanwhile_is_not_missed() -> None:
    replay: Replay[Told] = Replay({"a": 1})
    replayed(replay, [("a", 1)])

    assert list(replay.advance({"a": 3}, {("a", 2), ("a", 3)})) == []
    assert list(replay.missing()) == []


def test_what_was_folded_and_does_not_come_is_named() -> None:
    replay: Replay[Told] = Replay({"a": 3, "b": 1})

    replayed(replay, [("a", 1), ("a", 3)])

    assert list(replay.missing()) == ["a@2", "b@1"]


def test_of_states_the_last_one_folded_stands_for_all() -> None:
    replay: Replay[Told] = Replay({"a": 5, "gone": 2}, is_state=lambda _: True)
    for version in (2, 5, 4, 7):
        replay.replace("a", version, ("a", version))

    assert replay.states() == [("a", 5)]
    assert list(replay.advance({"a": 7}, ())) == []
    assert replay.states() == [("a", 7)]
    assert list(replay.missing()) == []


def test_a_state_of_which_only_a_later_one_is_left_is_missed() -> None:
    replay: Replay[Told] = Replay({"a": 1}, is_state=lambda _: True)
    replay.replace("a", 2, ("a", 2))

    assert list(replay.missing()) == ["a@1"]


@given(st.data())
def test_each_stream_is_given_once_and_in_order_whatever_comes_first(data: st.DataObject) -> None:
    lengths = data.draw(st.dictionaries(st.sampled_from("abc"), st.integers(1, 6), min_size=1))
    told = [(name, version) for name, last in lengths.items() for version in range(1, last + 1)]
    order = data.draw(st.permutations(told + data.draw(st.lists(st.sampled_from(told)))))
    reached = {name: data.draw(st.integers(0, last)) for name, last in lengths.items()}
    replay: Replay[Told] = Replay(reached)

    given_first = replayed(replay, order)
    given_then = list(replay.advance(lengths, ()))

    def of(name: str, found: Sequence[Told]) -> list[int]:
        return [version for stream, version in found if stream == name]

    for name, last in lengths.items():
        assert of(name, given_first) == list(range(1, reached[name] + 1))
        assert of(name, given_first + given_then) == list(range(1, last + 1))
    assert list(replay.missing()) == []
    assert set(replay.waiting) == set()


def test_of_states_that_replace_each_other_one_that_was_passed_over_is_not_given() -> None:
    replay: Replay[Told] = Replay({"a": 3}, {("a", 3)}, lambda _: True)
    for version in (2, 3):
        replay.replace("a", version, ("a", version))

    assert replay.states() == [("a", 2)]
    assert list(replay.missing()) == []


def test_a_stream_whose_states_have_all_gone_is_missed_only_where_all_should_be_there() -> None:
    replay: Replay[Told] = Replay({"a": 3}, (), lambda _: True)

    assert list(replay.missing()) == []
    assert list(replay.missing(all_there=True)) == ["a@1"]
