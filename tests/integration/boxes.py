"""Boxes and shelves: small aggregates that exist for the tests of the store alone.

A box is opened, gets things put in, and stands on a shelf, which has room for one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, assert_never
from uuid import UUID

from shared.dispatch.dispatch import Dispatcher
from shared.eventstore.store import EventStore
from shared.kernel.codec import Codec
from shared.kernel.commands import Aggregate, Command, Context
from shared.kernel.events import Event, StreamKind
from shared.kernel.facts import Ask, Row
from shared.kernel.permissions import role
from shared.kernel.refusals import Refused
from shared.kernel.services import Service
from shared.policy import load_policies

NOW = datetime(2013, 9, 2, 8, 0, 0, 123456, tzinfo=UTC)
POLICIES = load_policies()


class BoxOpened(Event):
    label: str


class ThingPutIn(Event):
    thing: str
    note_id: UUID | None = None


class BoxShelved(Event):
    shelf: str


class BoxEmptied(Event):
    pass


BoxEvent = BoxOpened | ThingPutIn | BoxShelved | BoxEmptied


class PlaceTaken(Event):
    box: str


class ShelfCleared(Event):
    pass


ShelfEvent = PlaceTaken | ShelfCleared


BOX_KIND = StreamKind.of("box", "boxes", BoxEvent)
SHELF_KIND = StreamKind.of("box-shelf", "boxes", ShelfEvent, "internal")
CODEC = Codec((BOX_KIND, SHELF_KIND))


@dataclass(frozen=True)
class Box:
    label: str = ""
    things: tuple[str, ...] = ()
    shelf: str = ""


def evolve(box: Box, fact: BoxEvent) -> Box:
    match fact:
        case BoxOpened():
            return Box(fact.label)
        case ThingPutIn():
            if fact.thing == "impossible":
                raise ValueError("evolve cannot take this")
            return replace(box, things=(*box.things, fact.thing))
        case BoxShelved():
            return replace(box, shelf=fact.shelf)
        case BoxEmptied():
            return replace(box, things=())
        case other:
            assert_never(other)


BOX: Aggregate[Box, BoxEvent] = Aggregate(BOX_KIND, Box(), evolve)


def stand(taken: int, fact: ShelfEvent) -> int:
    match fact:
        case PlaceTaken():
            return taken + 1
        case ShelfCleared():
            return 0
        case other:
            assert_never(other)


SHELF: Aggregate[int, ShelfEvent] = Aggregate(SHELF_KIND, 0, stand)


class BoxCommand(Command[Box, BoxEvent]):
    aggregate = BOX
    may = role("employee")


class OpenBox(BoxCommand):
    begins = True

    label: str = "a box"

    def decide(self, state: Box, ctx: Context) -> Sequence[BoxEvent]:
        if state.label:
            raise Refused("already_open")
        ctx.warn("odd_label", "R1", when=self.label == "odd", label=self.label)
        return [BoxOpened(on=ctx.on, label=self.label)]


class PutIn(BoxCommand):
    """Put a thing in: asked twice it happens once, and a full box refuses."""

    begins = True

    thing: str
    room: int = 1000
    note: str = ""
    times: int = 1

    def decide(self, state: Box, ctx: Context) -> Sequence[BoxEvent]:
        if self.thing in state.things:
            return []
        if len(state.things) >= self.room:
            raise Refused("full")
        note_id = ctx.note(self.note, ctx.actor.person_id) if self.note else None
        return [ThingPutIn(on=ctx.on, thing=self.thing, note_id=note_id)] * self.times


class EmptyBox(BoxCommand):
    """Take everything out, so that a refusal that rests on yesterday's box is wrong."""

    def decide(self, state: Box, ctx: Context) -> Sequence[BoxEvent]:
        return [BoxEmptied(on=ctx.on)]


class ShelveBox(BoxCommand):
    """Put the box on a shelf that has room for one."""

    shelf: str = "top"

    def reads(self, key: str) -> Sequence[tuple[Aggregate[Any, Any], str]]:
        return ((SHELF, self.shelf),)

    def decide(self, state: Box, ctx: Context) -> Sequence[BoxEvent]:
        if state.shelf:
            return []
        if ctx.state(SHELF, self.shelf) >= 1:
            raise Refused("shelf_full")
        ctx.also(SHELF, self.shelf, PlaceTaken(on=ctx.on, box=ctx.key))
        return [BoxShelved(on=ctx.on, shelf=self.shelf)]


class ClearShelf(Command[int, ShelfEvent]):
    """Make room on a shelf."""

    aggregate = SHELF
    may = role("employee")

    def decide(self, state: int, ctx: Context) -> Sequence[ShelfEvent]:
        return [ShelfCleared(on=ctx.on)]


class PutUnder(BoxCommand):
    """Put a thing under a shelf, if nothing stands on it; the shelf is only looked at."""

    thing: str

    def reads(self, key: str) -> Sequence[tuple[Aggregate[Any, Any], str]]:
        return ((SHELF, "top"),)

    def decide(self, state: Box, ctx: Context) -> Sequence[BoxEvent]:
        if ctx.state(SHELF, "top"):
            raise Refused("shelf_full")
        return [ThingPutIn(on=ctx.on, thing=self.thing)]


class Colour(Row):
    name: str


class Paint(BoxCommand):
    """Put paint in, of a colour that is known elsewhere."""

    colour: str

    def asks(self, state: Box) -> Sequence[Ask]:
        assert state.label  # never asked of a box that is not there
        return (Colour.at(self.colour),)

    def decide(self, state: Box, ctx: Context) -> Sequence[BoxEvent]:
        return [ThingPutIn(on=ctx.on, thing=ctx.facts.get(Colour, self.colour).name)]


SERVICE = Service("boxes", Path(__file__).parent, (BOX, SHELF), (), ())


class Rows:
    """The rows of a view, as they are at the moment."""

    def __init__(self, **rows: Row) -> None:
        self.rows = rows

    async def look_up(
        self, asks: Sequence[Ask]
    ) -> tuple[Mapping[Ask, Row | None], Mapping[Ask, str]]:
        return {ask: self.rows.get(ask[1]) for ask in asks}, {
            ask: f"colour-{ask[1]}@1" for ask in asks if ask[1] in self.rows
        }


def dispatcher(store: EventStore, **rows: Row) -> Dispatcher:
    """A dispatcher as another process would have it, with a store of its own."""
    return Dispatcher(SERVICE, store, Rows(**rows), POLICIES, lambda: NOW)
