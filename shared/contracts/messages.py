"""Facts as they travel on Kafka: CloudEvents 1.0, structured JSON, keyed by their stream.

A message holds all there is to know of a fact, so that views and other systems need no look-up.
The states of the directory are the exception: a deletion is a tombstone, whose headers say the rest.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter
from pydantic_core import from_json, to_json

from shared.contracts.people import PersonErased
from shared.contracts.units import OrgUnitRemoved
from shared.kernel.codec import Codec, Undecodable
from shared.kernel.events import Envelope, Recorded, StreamKind

Headers = tuple[tuple[str, bytes], ...]

CONTENT_TYPE = "application/cloudevents+json; charset=UTF-8"
_MEDIA_TYPE = b"application/cloudevents+json"
_STRUCTURED = ("content-type", CONTENT_TYPE.encode())
_TYPE = re.compile(r"dk\.netvaerk\.(?P<owner>[a-z-]+)\.(?P<name>[A-Za-z0-9]+)\.v(?P<v>[0-9]{1,4})")
_to_ascii = json.JSONEncoder(separators=(",", ":")).encode
_NUMBER = re.compile(r"[0-9]{1,9}", re.ASCII)
_HEAD = re.compile(
    rb'\{"specversion":"1\.0","id":"[^"\\]*","source":"[^"\\]*",'
    rb'"type":"dk\.netvaerk\.[a-z-]+\.(?P<name>[A-Za-z0-9]+)\.v[0-9]{1,4}",'
    rb'"subject":"(?P<stream>[^"\\]*)","time":"[^"\\]*","datacontenttype":"application/json",'
    rb'"partitionkey":"[^"\\]*","sequence":"(?P<version>[0-9]{9})"'
)
_ENVELOPE = TypeAdapter(Envelope)
_GONE = (PersonErased, OrgUnitRemoved)
"""Facts that are told as a tombstone, so that compaction takes the states before them too."""

_PLAIN = {
    "command": "command",
    "actor": "actor",
    "on_behalf_of": "onbehalfof",
    "policy_version": "policyversion",
    "correlation_id": "correlationid",
    "causation_id": "causationid",
}
"""Fields of the envelope -> the extension attribute that carries them as they are."""
_NESTED = ("overrides", "warnings", "evidence")
"""Fields of the envelope that an extension attribute carries as compact JSON."""


@dataclass(frozen=True, slots=True)
class Message:
    """One Kafka record, without its place; `value` None is a tombstone."""

    topic: str
    key: bytes
    value: bytes | None
    headers: Headers


def event_type(kind: StreamKind, name: str, version: int) -> str:
    """The CloudEvents type of an event: `dk.netvaerk.themes.ThemeProposed.v1`."""
    return f"dk.netvaerk.{kind.owner}.{name}.v{version}"


def source(kind: StreamKind) -> str:
    """The CloudEvents source of all that a service owns."""
    return f"/netvaerk/{kind.owner}"


def envelope_fields(envelope: Envelope) -> dict[str, Any]:
    """The envelope as JSON values, without what is empty; stores keep it in this form."""
    fields: dict[str, Any] = _ENVELOPE.dump_python(
        envelope, mode="json", exclude_defaults=True, fallback=str
    )
    return fields


def read_envelope(fields: Mapping[str, Any]) -> Envelope:
    """Give back what `envelope_fields` was made from; raises ValueError on anything else."""
    return _ENVELOPE.validate_python(fields)


def encode_message(
    fact: Recorded[Any], codec: Codec, prefix: str = "", traceparent: str = ""
) -> Message:
    """Write a fact as a message to its kind's topic, `prefix` before the topic's name."""
    kind = codec.kind_of(type(fact.event))
    if isinstance(fact.event, _GONE):
        return _tombstone(fact, prefix + kind.topic)
    name, version, fields = codec.encode(fact.event)
    return compose(
        kind,
        fact.stream,
        fact.version,
        event={"id": fact.id, "type": name, "v": version, "data": fields},
        at=fact.at,
        envelope=envelope_fields(fact.envelope),
        prefix=prefix,
        traceparent=traceparent,
    )


def compose(
    kind: StreamKind,
    stream: str,
    version: int,
    *,
    event: Mapping[str, Any],
    at: datetime,
    envelope: Mapping[str, Any],
    prefix: str = "",
    traceparent: str = "",
) -> Message:
    """Write a fact in its stored form, `{id, type, v, data}` and envelope fields, as a message.

    The relay takes this way, so that what was stored is told unchanged, and not parsed.
    """
    value = {
        "specversion": "1.0",
        "id": event["id"],
        "source": source(kind),
        "type": event_type(kind, event["type"], event["v"]),
        "subject": stream,
        "time": _instant(at),
        "datacontenttype": "application/json",
        "partitionkey": stream,
        "sequence": f"{version:09}",
        "businessdate": event["data"]["on"],
        "actor": "system",
    }
    for field, said in envelope.items():
        if said and field in _PLAIN:
            value[_PLAIN[field]] = said
        elif said and field in _NESTED:
            # Attributes of CloudEvents hold no control characters, so these are escaped.
            value[field] = _to_ascii(said)
    headers: Headers = (_STRUCTURED,)
    if traceparent:
        value["traceparent"] = traceparent
        headers = (*headers, ("traceparent", traceparent.encode()))
    value["data"] = event["data"]
    return Message(
        topic=prefix + kind.topic,
        key=stream.encode(),
        value=to_json(value),
        headers=headers,
    )


def decode_message(
    topic: str,
    key: bytes | None,
    value: bytes | None,
    headers: Iterable[tuple[str, bytes]],
    codec: Codec,
) -> Recorded[Any]:
    """Read a fact back from a record, whatever its prefix; raises Undecodable on all else."""
    try:
        stream = (key or b"").decode()
        kind = codec.kind_of_stream(stream)
        if kind is None or not topic.endswith(kind.topic):
            raise Undecodable(f"no stream of {topic} has the key {stream[:100]!r}")
        known = {name: said or b"" for name, said in headers}
        if value is None:
            return _read_tombstone(kind, stream, known)
        if not known.get("content-type", b"").lower().startswith(_MEDIA_TYPE):
            raise Undecodable("the header content-type is not application/cloudevents+json")
        return _read(kind, stream, _parse(value), codec)
    except (ValueError, TypeError, OverflowError, RecursionError) as problem:
        raise Undecodable(f"{type(problem).__name__}: {str(problem)[:500]}") from problem


def glance(key: bytes | None, value: bytes | None) -> tuple[str, int] | None:
    """Tell a fact's name and its version from a record that we wrote, and nothing else of it.

    None when that takes decoding. It costs a twentieth, for those who want few facts of many.
    """
    head = _HEAD.match(value) if value else None
    if head is None or head["stream"] != key:
        return None
    return head["name"].decode(), int(head["version"])


def traceparent_of(headers: Iterable[tuple[str, bytes]]) -> str:
    """The W3C trace that a record belongs to, or an empty string."""
    said = [text for name, text in headers if name == "traceparent"]
    return (said[0] or b"").decode("ascii", errors="replace") if said else ""


def _read(kind: StreamKind, stream: str, value: Any, codec: Codec) -> Recorded[Any]:
    if not isinstance(value, dict) or value.get("specversion") != "1.0":
        raise Undecodable("specversion is not 1.0")
    if _text(value, "subject") != stream:
        raise Undecodable("the subject is not the key")
    owner, name, version = _read_type(_text(value, "type"))
    if owner != kind.owner:
        raise Undecodable(f"{value['type'][:100]!r} is no type of {kind.owner}")
    data = value.get("data")
    if not isinstance(data, dict):
        raise Undecodable("data is no object")
    event = codec.decode(name, version, data)
    if not isinstance(event, kind.events):
        raise Undecodable(f"{name} is no fact of {kind.name}")
    return Recorded(
        event=event,
        stream=stream,
        version=_number(_text(value, "sequence")),
        id=_text(value, "id"),
        at=_read_instant(_text(value, "time")),
        envelope=_read_attributes(value),
    )


@lru_cache(1000)
def _read_type(text: str) -> tuple[str, str, int]:
    named = _TYPE.fullmatch(text)
    if named is None:
        raise Undecodable(f"{text[:100]!r} is no type of ours")
    return named["owner"], named["name"], int(named["v"])


def _read_attributes(value: Mapping[str, Any]) -> Envelope:
    said: dict[str, Any] = {
        field: _text(value, attribute) for field, attribute in _PLAIN.items() if attribute in value
    }
    nested = {field: _parse(_text(value, field)) for field in _NESTED if field in value}
    if nested or "on_behalf_of" in said:
        return read_envelope({**said, **nested})
    return Envelope(**said)  # mostly it is words alone, and there is nothing to validate


def _tombstone(fact: Recorded[Any], topic: str) -> Message:
    headers = {
        "id": fact.id,
        "revision": str(fact.version),
        "time": _instant(fact.at),
        "businessdate": fact.event.on.isoformat(),
        "envelope": _to_ascii(envelope_fields(fact.envelope)),
    }
    written = tuple((name, text.encode()) for name, text in headers.items())
    return Message(topic, fact.stream.encode(), None, written)


def _read_tombstone(kind: StreamKind, stream: str, headers: Mapping[str, bytes]) -> Recorded[Any]:
    gone = next((each for each in _GONE if each in kind.events), None)
    if gone is None:
        raise Undecodable(f"a {kind.name} has no tombstones")
    said = {name: text.decode() for name, text in headers.items()}
    return Recorded(
        event=gone.model_validate({"on": said.get("businessdate")}),
        stream=stream,
        version=_number(_text(said, "revision")),
        id=_text(said, "id"),
        at=_read_instant(_text(said, "time")),
        envelope=read_envelope(_parse(said.get("envelope", "{}"))),
    )


def _parse(text: str | bytes) -> Any:
    # Takes no NaN and no lone surrogate, and a quarter of the time of the standard library.
    return from_json(text, allow_inf_nan=False)


def _text(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or not value:
        raise Undecodable(f"{name} is missing")
    return value


def _number(text: str) -> int:
    if not _NUMBER.fullmatch(text) or not int(text):
        raise Undecodable(f"{text[:20]!r} is no version")
    return int(text)


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().removesuffix("+00:00") + "Z"


def _read_instant(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise Undecodable("time has no zone")
    return at.astimezone(UTC)
