"""Facts in their streams, and in which orders a view may hear them."""

from collections.abc import Sequence
from itertools import chain
from typing import Any

from hypothesis import strategies as st

from shared.kernel.events import Event, Recorded
from shared.testing import recorded

Stream = list[Recorded[Any]]


def stream(name: str, *events: Event) -> Stream:
    """These facts in a stream, one after another."""
    return [recorded(event, name, version) for version, event in enumerate(events, start=1)]


def in_a_row(streams: Sequence[Stream]) -> Stream:
    """All facts, one stream after another."""
    return list(chain(*streams))


def interleavings(streams: Sequence[Stream]) -> st.SearchStrategy[Stream]:
    """All facts in any order that keeps the order within each stream."""
    turns = [number for number, facts in enumerate(streams) for _ in facts]

    def woven(turns: list[int]) -> Stream:
        waiting = [iter(facts) for facts in streams]
        return [next(waiting[number]) for number in turns]

    return st.permutations(turns).map(woven)
