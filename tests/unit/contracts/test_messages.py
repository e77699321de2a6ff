"""A fact survives its journey as a CloudEvent, and nothing else passes for one."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from cloudevents.core.bindings.kafka import KafkaMessage, from_structured_event
from cloudevents.core.formats.json import JSONFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.contracts.messages import (
    Message,
    compose,
    decode_message,
    encode_message,
    envelope_fields,
    glance,
    read_envelope,
    traceparent_of,
)
from shared.contracts.people import PERSON, PersonErased, PersonListed
from shared.contracts.registry import CODEC
from shared.contracts.themes import THEME_ROUND, ThemeAddedToRound, ThemeRoundOpened
from shared.contracts.units import UNIT, OrgUnitListed, OrgUnitRemoved
from shared.contracts.vocabulary import OrgUnitKind
from shared.kernel.codec import Undecodable
from shared.kernel.events import Envelope, Overridden, Recorded, Warned
from shared.testing.kit import day, person

AT = datetime(2013, 9, 2, 8, 0, 0, 123000, tzinfo=UTC)
TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
ENVELOPE = Envelope(
    command="AddThemeToRound",
    actor=f"person:{person('secretary')}",
    on_behalf_of=person("chief"),
    policy_version="ns3",
    correlation_id="c-1",
    causation_id="e-1",
    overrides=(Overridden("R137", "assigned_late", "secretariat", "Vi kører\nalligevel"),),
    warnings=(Warned("R51", "theme_not_open", {"theme": "ø"}), Warned("R53", "other")),
    evidence={"KnownTheme/1": "theme-1@4"},
)
ADDED = Recorded(
    ThemeAddedToRound(
        on=day("2013-09-01"), half_year="2013-H2", theme_id=UUID(int=7), title="Ældre får æbler"
    ),
    "round-2013-H2",
    12,
    "0199-id",
    AT,
    ENVELOPE,
)
OPENED = Recorded(
    ThemeRoundOpened(on=day("2013-09-01"), half_year="2013-H2"), "round-2013-H2", 1, "id", AT
)
LISTED: Recorded[Any] = Recorded(
    PersonListed(on=day("2013-09-01"), name="Opdigtet Person"),
    PERSON.stream(str(person("one"))),
    3,
    "id",
    AT,
)
ERASED = replace(LISTED, event=PersonErased(on=day("2013-09-03")), version=4)
UNIT_LISTED: Recorded[Any] = Recorded(
    OrgUnitListed(on=day("2013-09-01"), kind=OrgUnitKind.DEPARTMENT, name="Skoler"),
    UNIT.stream(str(person("unit"))),
    1,
    "id",
    AT,
)
REMOVED = replace(UNIT_LISTED, event=OrgUnitRemoved(on=day("2013-09-03")), version=2)


def read(message: Message) -> Recorded[Any]:
    return decode_message(message.topic, message.key, message.value, message.headers, CODEC)


@pytest.mark.parametrize("fact", [ADDED, OPENED, LISTED, ERASED, UNIT_LISTED, REMOVED])
def test_a_fact_and_its_envelope_survive_the_journey(fact: Recorded[Any]) -> None:
    assert read(encode_message(fact, CODEC, "p1.", TRACE)) == fact


def test_the_official_library_reads_the_message() -> None:
    message = encode_message(ADDED, CODEC, "p1.", TRACE)

    event = from_structured_event(
        KafkaMessage(headers=dict(message.headers), key=message.key, value=message.value or b""),
        JSONFormat(),
    )

    assert message.topic == "p1.netvaerk.themes"
    assert event.get_type() == "dk.netvaerk.themes.ThemeAddedToRound.v1"
    assert event.get_source() == "/netvaerk/themes"
    assert event.get_subject() == "round-2013-H2"
    assert event.get_id() == "0199-id"
    assert event.get_time() == AT
    assert event.get_datacontenttype() == "application/json"
    assert event.get_data() == {
        "on": "2013-09-01",
        "half_year": "2013-H2",
        "theme_id": str(UUID(int=7)),
        "title": "Ældre får æbler",
    }
    extensions = {
        "partitionkey": "round-2013-H2",
        "sequence": "000000012",
        "businessdate": "2013-09-01",
        "command": "AddThemeToRound",
        "actor": f"person:{person('secretary')}",
        "onbehalfof": str(person("chief")),
        "policyversion": "ns3",
        "correlationid": "c-1",
        "causationid": "e-1",
        "traceparent": TRACE,
    }
    assert {name: event.get_extension(name) for name in extensions} == extensions
    assert json.loads(event.get_extension("overrides"))[0]["rule"] == "R137"
    assert json.loads(event.get_extension("evidence")) == {"KnownTheme/1": "theme-1@4"}


def test_what_is_empty_is_left_out_of_the_message() -> None:
    value = json.loads(encode_message(OPENED, CODEC).value or b"")
    assert set(value) == {
        *("specversion", "id", "source", "type", "subject", "time", "datacontenttype"),
        *("partitionkey", "sequence", "businessdate", "actor", "data"),
    }


def test_a_stored_event_is_told_as_it_was_stored() -> None:
    name, version, fields = CODEC.encode(ADDED.event)
    stored = {"id": ADDED.id, "type": name, "v": version, "data": fields}
    message = compose(
        THEME_ROUND,
        ADDED.stream,
        12,
        event=stored,
        at=AT,
        envelope=envelope_fields(ENVELOPE),
        traceparent=TRACE,
    )
    assert message == encode_message(ADDED, CODEC, traceparent=TRACE)
    assert traceparent_of(message.headers) == TRACE


def test_an_erased_person_is_a_tombstone() -> None:
    message = encode_message(ERASED, CODEC)
    assert message.value is None
    assert message.key == LISTED.stream.encode()
    assert message.topic == "netvaerk.people"


def test_a_removed_unit_is_a_tombstone_on_the_topic_of_units() -> None:
    message = encode_message(REMOVED, CODEC)
    assert (message.topic, message.value) == ("netvaerk.units", None)
    assert message.key == UNIT_LISTED.stream.encode()


def test_the_envelope_is_kept_as_json_values() -> None:
    fields = envelope_fields(ENVELOPE)
    assert json.loads(json.dumps(fields)) == fields
    assert read_envelope(fields) == ENVELOPE


def test_a_warning_may_name_facts_of_any_type() -> None:
    warned = Warned("R1", "code", {"when": day("2013-09-01"), "who": person("one"), "odd": {1, 2}})
    assert read_envelope(envelope_fields(Envelope(warnings=(warned,)))).warnings[0].facts == {
        "when": "2013-09-01",
        "who": str(person("one")),
        "odd": [1, 2],
    }


def changed(**fields: Any) -> bytes:
    value = json.loads(encode_message(ADDED, CODEC).value or b"")
    return json.dumps({**value, **fields}).encode()


UNREADABLE = {
    "no value": None,
    "no JSON": b"\xff\xfe",
    "NaN": changed(data=float("nan")),
    "a list": b"[]",
    "too deep": b"[" * 100_000,
    "a huge number": b'{"specversion": ' + b"9" * 5000 + b"}",
    "another specification": changed(specversion="0.3"),
    "another subject": changed(subject="round-2014-H1"),
    "an unknown type": changed(type="dk.netvaerk.themes.Nothing.v1"),
    "another owner's type": changed(type="dk.netvaerk.training.ThemeRoundOpened.v1"),
    "another kind's fact": changed(type="dk.netvaerk.themes.PersonListed.v1"),
    "a later version": changed(type="dk.netvaerk.themes.ThemeAddedToRound.v2"),
    "no version": changed(sequence="0"),
    "an odd version": changed(sequence="1e3"),
    "a time without zone": changed(time="2013-09-02T08:00:00"),
    "no time": changed(time=7),
    "no data": changed(data=None),
    "a missing field": changed(data={"on": "2013-09-01"}),
    "a lone surrogate": changed(data={"on": "2013-09-01", "title": "\ud800"}),
    "broken warnings": changed(warnings='{"a": 1}'),
    "an odd actor": changed(actor=7),
}


@pytest.mark.parametrize("value", UNREADABLE.values(), ids=UNREADABLE)
def test_what_is_no_fact_is_undecodable(value: bytes | None) -> None:
    message = replace(encode_message(ADDED, CODEC), value=value)
    with pytest.raises(Undecodable):
        read(message)


@pytest.mark.parametrize(
    "differently",
    [
        {"key": b"nothing-1"},
        {"key": b"\xff"},
        {"topic": "netvaerk.people"},
        {"headers": ()},
        {"headers": (("content-type", b"application/json"),)},
    ],
)
def test_a_fact_in_the_wrong_place_is_undecodable(differently: Any) -> None:
    with pytest.raises(Undecodable):
        read(replace(encode_message(ADDED, CODEC), **differently))


def test_a_record_without_a_key_is_undecodable() -> None:
    with pytest.raises(Undecodable):
        decode_message("netvaerk.themes", None, b"{}", (), CODEC)


def test_a_tombstone_without_its_headers_is_undecodable() -> None:
    with pytest.raises(Undecodable):
        read(replace(encode_message(ERASED, CODEC), headers=()))


@settings(deadline=None)
@given(value=st.binary(), key=st.binary(), header=st.binary())
def test_any_bytes_at_all_are_a_fact_or_undecodable(
    value: bytes, key: bytes, header: bytes
) -> None:
    message = encode_message(ADDED, CODEC)
    for each in (
        replace(message, value=value),
        replace(message, key=key),
        replace(message, headers=(("content-type", header),)),
        replace(encode_message(ERASED, CODEC), headers=(("revision", header), ("id", b"x"))),
    ):
        try:
            assert read(each).stream in {ADDED.stream, ERASED.stream}
        except Undecodable:
            continue


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@settings(deadline=None)
@given(st.sampled_from(sorted(json.loads(changed()))), JSON)
def test_any_json_in_any_place_is_a_fact_or_undecodable(attribute: str, value: Any) -> None:
    message = replace(encode_message(ADDED, CODEC), value=changed(**{attribute: value}))
    try:
        assert read(message).stream == "round-2013-H2"
    except Undecodable:
        return


@pytest.mark.parametrize("fact", [ADDED, OPENED])
def test_a_glance_tells_the_name_and_the_version_of_what_we_wrote(fact: Recorded[Any]) -> None:
    message = encode_message(fact, CODEC, "test-", TRACE)

    assert glance(message.key, message.value) == (type(fact.event).__name__, fact.version)


def test_a_glance_tells_nothing_of_what_others_wrote() -> None:
    message = encode_message(ADDED, CODEC)
    assert message.value is not None
    spaced = json.dumps(json.loads(message.value)).encode()

    for key, value in [(b"round-other", message.value), (message.key, spaced), (message.key, None)]:
        assert glance(key, value) is None
