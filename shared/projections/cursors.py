"""Going through a list page by page: a cursor says after which row, in which order.

To callers it is opaque; it fits the list alone that it was given for.
"""

import base64
import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import bson
from bson.errors import BSONError

from shared.kernel.facts import Row
from shared.kernel.refusals import Malformed
from shared.projections.documents import sortable_fields


@dataclass(frozen=True, slots=True)
class Order:
    """The order of a list: by a field, and by key where that is the same."""

    field: str
    descending: bool

    @classmethod
    def parse(cls, row: type[Row], sort: str | None) -> "Order":
        """Read a field's name, with `-` before it to reverse; raises Malformed (`sort_unknown`)."""
        if sort is None:
            return cls("_id", descending=False)
        field = sort.removeprefix("-")
        known = sortable_fields(row)
        if field not in known:
            raise Malformed("sort_unknown", given=sort[:100], known=known)
        return cls(field, descending=sort.startswith("-"))

    @property
    def keys(self) -> list[tuple[str, int]]:
        """The order as MongoDB takes it."""
        direction = -1 if self.descending else 1
        return [(name, direction) for name in dict.fromkeys((self.field, "_id"))]


class At(NamedTuple):
    """The row after which to go on."""

    value: Any
    key: str


def cursor_of(document: dict[str, Any], order: Order, filters: Any) -> str:
    """The cursor to what comes after a row."""
    value = document.get(order.field)
    if isinstance(value, datetime):
        value = {"at": value.isoformat()}
    text = json.dumps([_mark(order, filters), value, document["_id"]], ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def cursor_at(cursor: str, order: Order, filters: Any) -> At:
    """Read a cursor back; raises Malformed (`cursor_malformed`) on anything else."""
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        mark, value, key = json.loads(text)
        if isinstance(value, dict):
            value = datetime.fromisoformat(value["at"])
        fits = mark == _mark(order, filters) and isinstance(key, str)
        plain = value is None or isinstance(value, str | int | float | datetime)
        bson.encode({"value": value, "key": key})  # or it could not even be asked for
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError, BSONError):
        fits = plain = False
    if not (fits and plain):
        raise Malformed("cursor_malformed")
    return At(value, key)


def after(order: Order, at: At) -> dict[str, Any]:
    """The condition for what comes after a row; what has no value comes before what has one."""
    beyond = "$lt" if order.descending else "$gt"
    if order.field == "_id":
        return {"_id": {beyond: at.key}}
    alike = {order.field: {"$eq": at.value}, "_id": {beyond: at.key}}
    if at.value is None:
        return alike if order.descending else {"$or": [alike, {order.field: {"$ne": None}}]}
    further = [alike, {order.field: {beyond: at.value}}]
    if order.descending:
        further.append({order.field: {"$eq": None}})
    return {"$or": further}


def _mark(order: Order, filters: Any) -> str:
    """What tells one list from another."""
    text = json.dumps([order.field, order.descending, filters], default=str, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
