"""What may be stored, and what a stored commit is told as."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import bson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.contracts.messages import decode_message
from shared.contracts.registry import CODEC
from shared.contracts.themes import THEME_ROUND, ThemeAddedToRound
from shared.eventstore.commits import (
    MAX_BYTES,
    MAX_EVENTS,
    Commit,
    Frame,
    commit_id,
    commit_of,
    decode,
    encode,
    stream_range,
)
from shared.kernel.events import Envelope, Warned
from shared.kernel.refusals import Malformed
from shared.testing.kit import day, person

AT = datetime(2013, 9, 2, 8, 0, 0, 123456, tzinfo=UTC)
THEME = ThemeAddedToRound(
    on=day("2013-09-01"), half_year="2013-H2", theme_id=person("theme"), title="Æbler"
)
ENVELOPE = Envelope(command="AddThemeToRound", warnings=(Warned("R51", "theme_not_open"),))
FRAME = Frame(AT, ENVELOPE, command_id="key-1", fingerprint="abc", traceparent="00-1-2-01")
EVENTS = [("id-1", CODEC.encode(THEME)), ("id-2", CODEC.encode(THEME))]
COMMIT = commit_of("round-2013-H2", 7, EVENTS, FRAME)


def titled(title: str, times: int = 1) -> Commit:
    fields = {"on": "2013-09-01", "title": title}
    return replace(COMMIT, events=({"id": "1", "type": "T", "v": 1, "data": fields},) * times)


def stored(commit: Commit) -> dict[str, Any]:
    options: Any = bson.CodecOptions(tz_aware=True)
    document: dict[str, Any] = bson.decode(encode(commit, THEME_ROUND), options)
    return document


def test_a_commit_survives_being_stored() -> None:
    assert replace(decode(stored(COMMIT)), stored_at=AT) == replace(COMMIT, stored_at=AT)


def test_the_document_is_flagged_and_named_after_its_place() -> None:
    document = stored(COMMIT)
    assert document["_id"] == "round-2013-H2@000000007"
    assert (document["first"], document["last"]) == (7, 8)
    assert document["unpublished"] is True
    assert document["on"] == "2013-09-01"


def test_a_command_without_an_id_takes_no_room_in_the_index() -> None:
    assert "command_id" not in stored(replace(COMMIT, command_id=""))


def test_instants_are_kept_to_the_millisecond_as_the_store_does() -> None:
    assert COMMIT.at == datetime(2013, 9, 2, 8, 0, 0, 123000, tzinfo=UTC)


def test_what_is_told_can_be_read_back() -> None:
    first, second = COMMIT.messages(THEME_ROUND)
    told = decode_message(first.topic, first.key, first.value, first.headers, CODEC)
    assert told == COMMIT.facts(CODEC)[0]
    assert (told.version, told.id, told.at) == (7, "id-1", COMMIT.at)
    assert (told.event, told.envelope) == (THEME, ENVELOPE)
    assert second.key == first.key


@pytest.mark.parametrize(
    "title", ["\ud800", "half \udfff", {"a\0b": 1}, {1: 2}, 2**63, object(), {"x": {"y\ud800": 1}}]
)
def test_what_no_document_can_hold_is_malformed(title: Any) -> None:
    with pytest.raises(Malformed) as refused:
        encode(titled(title), THEME_ROUND)
    assert refused.value.code == "not_storable"


def test_what_nests_without_end_is_malformed() -> None:
    title: Any = "deep"
    for _ in range(100_000):
        title = [title]
    with pytest.raises(Malformed):
        encode(titled(title), THEME_ROUND)


def test_a_commit_may_weigh_so_much_and_no_more() -> None:
    encode(titled("x" * (MAX_BYTES - 2000)), THEME_ROUND)
    with pytest.raises(Malformed) as refused:
        encode(titled("x" * MAX_BYTES), THEME_ROUND)
    assert refused.value.code == "commit_too_large"


def test_what_grows_beyond_a_message_is_too_large() -> None:
    with pytest.raises(Malformed) as refused:
        encode(titled("\1" * 200_000), THEME_ROUND)
    assert refused.value.code == "commit_too_large"


def test_a_commit_may_hold_so_many_events_and_no_more() -> None:
    encode(titled("x", MAX_EVENTS), THEME_ROUND)
    with pytest.raises(Malformed) as refused:
        encode(titled("x", MAX_EVENTS + 1), THEME_ROUND)
    assert refused.value.code == "commit_too_large"


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8"), max_size=200), st.integers(1, 2000))
def test_whatever_is_stored_fits_into_a_message(text: str, times: int) -> None:
    commit = replace(titled(text * times), envelope={"evidence": {"Row/1": text * times}})
    try:
        encode(commit, THEME_ROUND)
    except Malformed:
        return
    assert all(len(each.value or b"") <= MAX_BYTES for each in commit.messages(THEME_ROUND))


@settings(deadline=None)
@given(st.integers(1, 10**9 - 2), st.integers(1, 10**9 - 2))
def test_the_order_of_text_is_the_order_of_versions(one: int, other: int) -> None:
    assert (commit_id("s-1", one) < commit_id("s-1", other)) == (one < other)


@settings(deadline=None)
@given(st.integers(0, 10**9 - 3))
def test_a_stream_s_range_has_its_later_commits_alone(after: int) -> None:
    bounds = stream_range("round-1", after)

    def within(place: str) -> bool:
        return bounds["$gte"] <= place < bounds["$lt"]

    assert within(commit_id("round-1", after + 1))
    assert within(commit_id("round-1", 999_999_999))
    assert not within(commit_id("round-1", after))
    assert not within(commit_id("round-10", after + 1))
    assert not within(commit_id("round-1-a", after + 1))
    assert not within(commit_id("round", after + 1))
