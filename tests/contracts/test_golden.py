"""What was once told can be read for ever: a golden file for every event and version.

`<owner>/<Event>.v<n>.json` holds the event as it is stored. Files are never changed. After a new
event or version, `WRITE_GOLDEN=1 pytest tests/contracts` writes the ones that are missing, to be
read, corrected where the sample makes no sense, and committed.
"""

import json
import os
import types
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin
from uuid import NAMESPACE_OID, uuid5

import pytest
from pydantic import BaseModel, StringConstraints

from shared.contracts.registry import CODEC
from shared.kernel.events import Event
from shared.policy import Period

HERE = Path(__file__).parent
WRITING = os.environ.get("WRITE_GOLDEN") == "1"

WORDS = {
    r"^20\d\d-H[12]$": "2013-H2",
    r"^20\d\d-(0[1-9]|1[0-2])$": "2013-09",
    r"^[a-z][a-z0-9_]{0,39}$": "intensive_1",
    r"^https?://\S+$": "https://kommune.example/guide",
}
"""A sample for each form that a text may have to have."""
PLAIN: Mapping[Any, Any] = {
    bool: True,
    int: 2,
    float: 2.25,
    date: date(2013, 9, 2),
    datetime: datetime(2013, 9, 2, 8, 0, tzinfo=UTC),
    Period: Period(months=6),
    Any: "anything",
}


def events() -> Iterator[tuple[str, type[Event]]]:
    for kind in CODEC.kinds.values():
        for event in kind.events:
            yield kind.owner, event


EVENTS = sorted(events(), key=lambda each: each[1].__name__)
VERSIONS = [
    pytest.param(owner, event, version, id=f"{event.__name__}.v{version}")
    for owner, event in EVENTS
    for version in range(1, event.version + 1)
]


def golden(owner: str, event: type[Event], version: int) -> Path:
    return HERE / owner / f"{event.__name__}.v{version}.json"


@pytest.mark.parametrize(("owner", "event", "version"), VERSIONS)
def test_every_version_of_every_event_still_reads(
    owner: str, event: type[Event], version: int
) -> None:
    path = golden(owner, event, version)
    if WRITING and version == event.version and not path.exists():
        write(path, sample(event, event.__name__))
    assert path.exists(), f"no {path.relative_to(HERE)}: WRITE_GOLDEN=1 writes one"
    stored = json.loads(path.read_text("utf-8"))
    assert (stored["type"], stored["v"]) == (event.__name__, version)

    fact = CODEC.decode(stored["type"], stored["v"], stored["data"])

    assert isinstance(fact, event)
    name, newest, fields = CODEC.encode(fact)
    assert CODEC.decode(name, newest, fields) == fact
    if version == event.version:
        # Fields that were added since have a default, and stand beside what was there.
        assert {each: fields.get(each) for each in stored["data"]} == stored["data"]


def test_no_event_that_was_told_is_forgotten() -> None:
    known = {golden(owner, event, version) for owner, event, version in map(_values, VERSIONS)}
    assert set(HERE.glob("*/*.json")) - known == set()


def _values(param: Any) -> Any:
    return param.values


def write(path: Path, event: Event) -> None:
    name, version, fields = CODEC.encode(event)
    path.parent.mkdir(exist_ok=True)
    document = {"type": name, "v": version, "data": fields}
    path.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", "utf-8")


def sample(model: type[BaseModel], where: str) -> Any:
    """Fill in every field, also those that may be missing, with something plain and steady."""
    return model.model_validate(
        {
            name: value(field.annotation, f"{where}.{name}", field.metadata)
            for name, field in model.model_fields.items()
        }
    )


def value(wanted: Any, where: str, constraints: Sequence[Any] = ()) -> Any:
    for each in constraints:
        if isinstance(each, StringConstraints) and each.pattern:
            return WORDS[str(each.pattern)]
    origin, args = get_origin(wanted), get_args(wanted)
    if origin is Annotated:
        return value(args[0], where, args[1:])
    if origin in (Union, types.UnionType):
        return value(next(each for each in args if each is not type(None)), where)
    if origin is Literal:
        return args[0]
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {value(args[0], f"{where}.key"): value(args[1], f"{where}.value")}
    if origin in (tuple, frozenset):
        return [value(args[0], where)]
    if wanted in PLAIN:
        return PLAIN[wanted]
    return _of_class(wanted, where)


def _of_class(wanted: type[Any], where: str) -> Any:
    if issubclass(wanted, BaseModel):
        return sample(wanted, where)
    if issubclass(wanted, Enum):
        return next(iter(wanted))
    if wanted is str:
        return where.rpartition(".")[2].replace("_", " ").capitalize()
    return uuid5(NAMESPACE_OID, where)
