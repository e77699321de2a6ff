"""Comparing what a service has: its store, its topics, and every view (promise 8).

Works beside running services, which are a little ahead or behind; what differs only for a moment
is looked at again. It folds the facts by itself, in the order of their versions, and shares nothing
with the projector but the views.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pymongo.read_concern import ReadConcern

from shared.eventstore.database import Database, Document
from shared.kernel.codec import Codec
from shared.kernel.events import Recorded
from shared.kernel.facts import Row
from shared.kernel.services import Service
from shared.kernel.views import View
from shared.projections.comparison import fields_that_differ
from shared.projections.differences import Difference, Report
from shared.projections.documents import POSITION, SEEN, settled, to_fields
from shared.projections.folding import Hearing, where
from shared.projections.parking import passed_over
from shared.projections.replay import Replay
from shared.projections.tables import PROGRESS, Tables
from shared.projections.told import compare_states, compare_store, read_facts, read_told

__all__ = ["Difference", "verify"]

_LOOKS = 5
_BETWEEN_LOOKS_S = 0.4
_LINEARIZABLE = ReadConcern("linearizable")


async def verify(
    service: Service, database: Database, bootstrap: str, codec: Codec, prefix: str = ""
) -> list[Difference]:
    """Name the first difference of each kind in each place; none when all is as it should be."""
    before: Report | None = None
    for look in range(_LOOKS):
        report = Report(service.name)
        # The store is read after the topic, so that what is told is stored when it is looked up.
        told = await read_told(service.name, bootstrap, codec, prefix, report)
        await compare_store(database, codec, prefix, told, report)
        await compare_states(service.name, database, bootstrap, codec, prefix, report)
        await _look_at_views(service, database, bootstrap, codec, prefix, report)
        if before:
            report.drop_what_came(before)
        if report.is_settled(before) or look + 1 == _LOOKS:
            break
        before = report
        # A running relay and projector move on between two looks.
        await asyncio.sleep(_BETWEEN_LOOKS_S)
    return report.differences()


async def _look_at_views(
    service: Service,
    database: Database,
    bootstrap: str,
    codec: Codec,
    prefix: str,
    report: Report,
) -> None:
    hearing = Hearing(service.views, codec)
    shown = await _read_views(Tables(database, service.views))
    for stream, each in shown.progress.items():
        if "parked" in each:
            report.add("parked", "views", f"{stream}@{each['version']}")
    expected: dict[str, dict[str, Row]] = {view.name: {} for view in service.views}
    reached = {stream: each["version"] for stream, each in shown.progress.items()}
    replay: Replay[Recorded[Any]] = Replay(reached, shown.skipped, hearing.is_state)

    def fold(due: Iterable[Recorded[Any]]) -> None:
        for fact in due:
            for view in service.views:
                if isinstance(fact.event, view.hears):
                    _fold(view, fact, expected[view.name], report)

    # Topics are read after the views, so that what is shown is there to be folded.
    async for told in read_facts(bootstrap, hearing.topics, codec, prefix):
        fact = told.fact
        if fact is None:
            continue
        if fact.version > reached.get(fact.stream, 0):
            stands = "parked" in shown.progress.get(fact.stream, ())
            if hearing.follows(fact.stream) and not stands:
                report.add_late("not_folded", "views", fact.position)
        elif hearing.is_state(fact.stream):
            replay.replace(fact.stream, fact.version, fact)
        else:
            fold(replay.take(fact.stream, fact.version, fact))
    fold(replay.states())
    for view in service.views:
        _compare_view(view, shown.rows[view.name], expected[view.name], report)


@dataclass(frozen=True, slots=True)
class _Shown:
    """The views at one moment: their rows, and how far each stream has been folded into them."""

    progress: Mapping[str, Document]
    skipped: set[tuple[str, int]]
    rows: Mapping[str, Sequence[Document]]


async def _read_views(tables: Tables) -> _Shown:
    """Read all as of one moment, since projectors move rows and progress on together."""
    skipped = await passed_over(tables.database)
    # A linearizable read waits until all that was written before it is part of that moment.
    await tables.asking(PROGRESS).with_options(read_concern=_LINEARIZABLE).find_one({"_id": ""})
    async with await tables.database.client.start_session(snapshot=True) as session:

        async def everything(name: str) -> list[Document]:
            return [each async for each in tables.asking(name).find(session=session)]

        progress = {each["_id"]: each for each in await everything(PROGRESS)}
        rows = {name: await everything(name) for name in tables.views}
    return _Shown(progress, skipped, rows)


def _fold(view: View[Any], fact: Recorded[Any], rows: dict[str, Row], report: Report) -> None:
    try:
        for key in dict.fromkeys(view.keys(fact)):
            row = view.fold(rows.get(key), fact, key)
            if row is None:
                rows.pop(key, None)
            else:
                rows[key] = settled(row)
    except Exception as problem:  # noqa: BLE001 - the view could once, and cannot any more
        report.add("changed_row", view.name, f"{fact.position}: {where(problem)}")


def _compare_view(
    view: View[Any], rows: Sequence[Document], expected: Mapping[str, Row], report: Report
) -> None:
    there = set[str]()
    for stored in rows:
        key = stored["_id"]
        document = {name: stored[name] for name in stored.keys() - {"_id", POSITION, SEEN}}
        there.add(key)
        row = expected.get(key)
        if row is None:
            report.add("extra_row", view.name, key)
        elif wrong := fields_that_differ(document, to_fields(row)):
            report.add("changed_row", view.name, f"{key} ({', '.join(wrong)})")
    for key in expected:
        if key not in there:
            report.add("missing_row", view.name, key)
            return
