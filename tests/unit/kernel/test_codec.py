"""Facts are stored by name and version, and every old version still reads."""

from typing import Any, ClassVar

import pytest

from shared.kernel.codec import Codec, Undecodable
from shared.kernel.events import Event, StreamKind, Upcaster
from shared.testing import TODAY


def _colour_to_colours(fields: dict[str, Any]) -> dict[str, Any]:
    return {**fields, "colours": [fields["colour"]]}


def _colours_to_palette(fields: dict[str, Any]) -> dict[str, Any]:
    return {**fields, "palette": fields["colours"]}


class Painted(Event):
    version: ClassVar[int] = 3
    upcasters: ClassVar[dict[int, Upcaster]] = {1: _colour_to_colours, 2: _colours_to_palette}

    palette: tuple[str, ...]


WALL = StreamKind.of("wall", "painting", Painted)
SHED = StreamKind("garden-shed", "painting", "internal", ())
CODEC = Codec([WALL, SHED])


def test_what_is_encoded_is_decoded() -> None:
    painted = Painted(on=TODAY, palette=("red", "blue"))
    assert CODEC.decode(*CODEC.encode(painted)) == painted


def test_an_old_version_is_lifted_step_by_step() -> None:
    old = {"on": TODAY.isoformat(), "colour": "red"}
    assert CODEC.decode("Painted", 1, old) == Painted(on=TODAY, palette=("red",))


def test_a_version_from_the_future_is_not_guessed() -> None:
    with pytest.raises(Undecodable, match="version 3, not 4"):
        CODEC.decode("Painted", 4, {})


def test_an_unknown_name_is_not_guessed() -> None:
    with pytest.raises(Undecodable, match="Sold"):
        CODEC.decode("Sold", 1, {})


def test_fields_that_do_not_fit_are_said() -> None:
    with pytest.raises(Undecodable, match="Painted v3"):
        CODEC.decode("Painted", 3, {"on": "yesterday"})


def test_a_later_reader_passes_over_fields_it_does_not_know() -> None:
    fields = {"on": TODAY.isoformat(), "palette": ["red"], "mood": "bright"}
    assert CODEC.decode("Painted", 3, fields) == Painted(on=TODAY, palette=("red",))


def test_the_kind_of_a_stream_is_its_longest_known_name() -> None:
    assert CODEC.kind_of_stream("wall-2013-H2") is WALL
    assert CODEC.kind_of_stream("garden-shed") is SHED
    assert CODEC.kind_of_stream("garden-shed-1") is SHED
    assert CODEC.kind_of_stream("garden-1") is None


def test_two_events_never_share_a_name() -> None:
    other = type("Painted", (Event,), {"__module__": __name__})
    with pytest.raises(ValueError, match="Painted"):
        Codec([WALL, StreamKind.of("other", "painting", other)])


def test_topics_follow_owner_and_audience() -> None:
    assert WALL.topic == "netvaerk.painting"
    assert SHED.topic == "netvaerk.painting.internal"
