"""What a body may be."""

import json

import pytest
from starlette.types import Receive

from shared.http.limits import MAX_BODY_BYTES, parse_body, read_body
from shared.kernel.refusals import Refused


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"\xef\xbb\xbf{}", "json_has_bom"),
        (b'{"a": "\xff"}', "json_not_utf8"),
        (b'{"a": "\xed\xa0\x80"}', "json_not_utf8"),
        ('{"a": 1}'.encode("utf-16"), "json_not_utf8"),
        ('{"a": 1}'.encode("utf-16-le"), "json_malformed"),
        (b"{", "json_malformed"),
        (b"{} {}", "json_malformed"),
        (b"  ", "json_malformed"),
        (b"{'a': 1}", "json_malformed"),
        (b'{"a": "\x00"}', "json_malformed"),
        (b"[]", "body_not_an_object"),
        (b"null", "body_not_an_object"),
        (b"1", "body_not_an_object"),
        (b'{"a": 1, "a": 2}', "json_key_twice"),
        (b'{"a": {"b": 1, "b": 1}}', "json_key_twice"),
        (b'{"a": 1, "\\u0061": 2}', "json_key_twice"),
        (b'{"a": NaN}', "json_number_not_finite"),
        (b'{"a": -Infinity}', "json_number_not_finite"),
        (b'{"a": 1e999}', "number_out_of_range"),
        (b'{"a": 9223372036854775808}', "number_out_of_range"),
        (b'{"a": -9223372036854775808}', "number_out_of_range"),
        (b'{"a": ' + b"9" * 5000 + b"}", "number_out_of_range"),
        (b'{"a": "\\u0000"}', "text_not_storable"),
        (b'{"a": ["\\ud800"]}', "text_not_storable"),
        (b'{"a": {"b": "\\udfff x"}}', "text_not_storable"),
        (b'{"$set": 1}', "field_name_not_allowed"),
        (b'{"a.b": 1}', "field_name_not_allowed"),
        (b'{"": 1}', "field_name_not_allowed"),
        (b'{"a\\u0000": 1}', "field_name_not_allowed"),
        (b'{"a\\n": 1}', "field_name_not_allowed"),
        ('{"å": 1}'.encode(), "field_name_not_allowed"),
        (b'{"' + b"a" * 101 + b'": 1}', "field_name_not_allowed"),
        (b'{"a": ' + b"[" * 32 + b"]" * 32 + b"}", "json_too_deep"),
        (b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "json_too_deep"),
        (b'{"a":' * 40_000 + b"1" + b"}" * 40_000, "json_too_deep"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_every_trap_has_its_own_code(body: bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        parse_body(body)
    assert refused.value.code == code
    assert refused.value.status in {400, 422}


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"a": 2**63 - 1, "b": -(2**63 - 1), "c": 1.5e300, "d": [True, None, "æøå 🎉"]},
        {"quoted": 'a \\u0000 "\\" b'},
        {"emoji": "\ud83c\udf89".encode("utf-16", "surrogatepass").decode("utf-16")},
        {"many": [{"x": [index]} for index in range(500)]},
    ],
)
def test_all_else_is_read_as_it_was_written(value: object) -> None:
    assert parse_body(json.dumps(value).encode()) == value
    assert parse_body(json.dumps(value, ensure_ascii=False).encode()) == value


def test_31_levels_below_the_object_are_few_enough() -> None:
    parse_body(b'{"a": ' + b"[" * 31 + b"]" * 31 + b"}")


def chunks(*parts: bytes, disconnects: bool = False) -> Receive:
    waiting = [
        {"type": "http.request", "body": part, "more_body": disconnects or number < len(parts)}
        for number, part in enumerate(parts, start=1)
    ]

    async def receive() -> dict[str, object]:
        return waiting.pop(0) if waiting else {"type": "http.disconnect"}

    return receive


async def test_a_body_is_put_together_from_its_parts() -> None:
    assert await read_body({"headers": []}, chunks(b"{", b"", b"}")) == b"{}"


@pytest.mark.parametrize("length", [str(MAX_BODY_BYTES + 1), "9" * 5000])
async def test_a_body_that_says_it_is_too_large_is_not_read(length: str) -> None:
    async def receive() -> dict[str, object]:
        raise AssertionError

    with pytest.raises(Refused) as refused:
        await read_body({"headers": [(b"content-length", length.encode())]}, receive)
    assert (refused.value.code, refused.value.status) == ("body_too_large", 413)


@pytest.mark.parametrize("coding", [b"gzip", b"br", b"GZIP", b"gzip, identity"])
async def test_a_body_that_is_compressed_is_not_read(coding: bytes) -> None:
    with pytest.raises(Refused) as refused:
        await read_body({"headers": [(b"content-encoding", coding)]}, chunks(b"{}"))
    assert (refused.value.code, refused.value.status) == ("content_encoding_unknown", 415)
    plain = {"headers": [(b"content-encoding", b"identity")]}
    assert await read_body(plain, chunks(b"{}")) == b"{}"


async def test_a_body_that_grows_too_large_is_read_no_further() -> None:
    parts = [b"x" * 100_000] * 3
    with pytest.raises(Refused) as refused:
        await read_body({"headers": [(b"content-length", b"lies")]}, chunks(*parts, b"never"))
    assert refused.value.status == 413


async def test_a_body_that_is_cut_off_is_no_body() -> None:
    with pytest.raises(Refused) as refused:
        await read_body({"headers": []}, chunks(b"{", disconnects=True))
    assert refused.value.code == "body_incomplete"
