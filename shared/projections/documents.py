"""Rows as documents: flat JSON values, save that instants are real ones."""

from datetime import datetime
from functools import cache
from types import UnionType
from typing import Annotated, Any, NamedTuple, TypeVar, Union, get_args, get_origin

from pydantic import TypeAdapter

from shared.kernel.facts import Row

R = TypeVar("R", bound=Row)

_JSON: TypeAdapter[Any] = TypeAdapter(Any)

POSITION = "_at"
"""In each document: the position of the last fact folded into the row."""
SEEN = "_seen"
"""In each document: when it was written, by the machine's clock."""


class _Shape(NamedTuple):
    instants: tuple[str, ...]
    sets: tuple[str, ...]
    sortable: tuple[str, ...]
    texts: tuple[str, ...]


def sortable_fields(row: type[Row]) -> tuple[str, ...]:
    """The fields that rows can be put in order by: the scalar ones."""
    return _shape(row).sortable


def text_fields(row: type[Row]) -> tuple[str, ...]:
    """The fields that hold words, which are put in order as Danish does."""
    return _shape(row).texts


def settled(row: R) -> R:
    """The row as it will be read back: documents keep instants to the millisecond."""
    finer = {}
    for name in _shape(type(row)).instants:
        instant = getattr(row, name)
        if instant is not None and instant.microsecond % 1000:
            finer[name] = instant.replace(microsecond=instant.microsecond // 1000 * 1000)
    return row.model_copy(update=finer) if finer else row


def to_fields(row: Row) -> dict[str, Any]:
    """The row's own fields as a document holds them, the same for equal rows."""
    shape = _shape(type(row))
    fields = row.model_dump(mode="json", exclude=set(shape.instants) if shape.instants else None)
    for name in shape.instants:
        fields[name] = getattr(row, name)
    for name in shape.sets:
        if fields[name] is not None:
            fields[name].sort()
    return fields


def to_document(row: Row, key: str, position: str, seen: datetime) -> dict[str, Any]:
    """The whole document: key, fields, the last fact's position, and when it was written."""
    return {"_id": key, **to_fields(row), POSITION: position, SEEN: seen}


def from_document(row: type[R], document: Any) -> R:
    """The row that a document was made from."""
    return row.model_validate(document)


def in_document(value: Any) -> Any:
    """One value as documents hold it: an instant as it is, a UUID or a date as text."""
    if isinstance(value, datetime):
        return value.replace(microsecond=value.microsecond // 1000 * 1000)
    return _JSON.dump_python(value, mode="json")


@cache
def _shape(row: type[Row]) -> _Shape:
    of = {name: _types(field.annotation) for name, field in row.model_fields.items()}
    return _Shape(
        instants=tuple(name for name, types in of.items() if datetime in types),
        sets=tuple(name for name, types in of.items() if types & {set, frozenset}),
        sortable=tuple(
            name for name, types in of.items() if not types & {set, frozenset, list, tuple, dict}
        ),
        texts=tuple(name for name, types in of.items() if str in types),
    )


def _types(annotation: Any) -> set[Any]:
    """What a field may hold at its own level: `datetime | None` gives both."""
    origin = get_origin(annotation)
    if origin in (Union, UnionType):
        return {each for part in get_args(annotation) for each in _types(part)}
    if origin is Annotated:
        return _types(get_args(annotation)[0])
    return {origin or annotation}
