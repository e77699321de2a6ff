"""Cards: what the test service writes when it hears of things, and reads when they are due."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, assert_never

from shared.dispatch.dispatch import Dispatcher
from shared.eventstore.store import EventStore
from shared.kernel.commands import Aggregate, Command, Context
from shared.kernel.events import Recorded
from shared.kernel.facts import Ask, Facts, Row
from shared.kernel.permissions import SYSTEM
from shared.kernel.reactions import Deadline, Reaction, Send, on
from shared.kernel.refusals import Refused
from shared.kernel.services import Service
from shared.kernel.views import View, stream_key
from shared.policy import load_policies
from tests.unit.projections.things import (
    AT,
    CARD,
    CODEC,
    VIEWS,
    CardAwaited,
    CardEvent,
    CardRead,
    CardWritten,
    ThingCounted,
    ThingMade,
    ThingRow,
)

POLICIES = load_policies()


@dataclass(frozen=True)
class Card:
    """What is on it, and how often it was read."""

    texts: tuple[str, ...] = ()
    read: int = 0


def evolve(card: Card, fact: CardEvent) -> Card:
    match fact:
        case CardWritten(text=text):
            return replace(card, texts=(*card.texts, text))
        case CardRead():
            return replace(card, read=card.read + 1)
        case CardAwaited():
            return card
        case other:
            assert_never(other)


CARDS: Aggregate[Card, CardEvent] = Aggregate(CARD, Card(), evolve)


class CardCommand(Command[Card, CardEvent]):
    aggregate = CARDS
    may = SYSTEM
    begins = True


class WriteCard(CardCommand):
    """Note something; always once more, so that a command that came twice shows."""

    text: str

    def decide(self, state: Card, ctx: Context) -> Sequence[CardEvent]:
        if self.text == "refuse me":
            raise Refused("not_that", "R1", text=self.text)
        if self.text == "break":
            raise KeyError("a mistake in the program")
        return [CardWritten(on=ctx.on, text=self.text)]


class NameThing(CardCommand):
    """Note the name of a thing that has to be known."""

    thing: str

    def asks(self, state: Card) -> Sequence[Ask]:
        return (ThingRow.at(self.thing),)

    def decide(self, state: Card, ctx: Context) -> Sequence[CardEvent]:
        return [CardWritten(on=ctx.on, text=ctx.facts.get(ThingRow, self.thing).name)]


class ReadCard(CardCommand):
    """Read it."""

    refused: bool = False

    def decide(self, state: Card, ctx: Context) -> Sequence[CardEvent]:
        if self.refused:
            raise Refused("not_readable")
        return [CardRead(on=ctx.on)]


def note_made(fact: Recorded[ThingMade], known: Facts) -> Iterable[Send]:
    yield Send("made", WriteCard(text=fact.event.name))


def note_amount(fact: Recorded[ThingCounted], known: Facts) -> Iterable[Send]:
    """The amount in the view has the fact itself in it."""
    if fact.event.amount == 99:
        raise ValueError("no reaction to that")
    thing = known.get(ThingRow, fact.key)
    yield Send(fact.key, WriteCard(text=str(thing.amount)))


def name_other(fact: Recorded[ThingMade], known: Facts) -> Iterable[Send]:
    yield Send("named", NameThing(thing=fact.event.colour))


def _thing(fact: Recorded[Any]) -> tuple[Ask]:
    return (ThingRow.at(fact.key),)


NOTE_MADE = on(ThingMade, note_made, history="begin")
NOTE_AMOUNT = on(ThingCounted, note_amount, history="begin", asks=_thing)
NAME_OTHER = on(ThingMade, name_other, history="begin")


class Awaited(Row):
    """A card that is awaited, keyed by the card."""

    card: str
    due_at: datetime | None


def _awaited(row: Awaited | None, fact: Recorded[CardEvent], key: str) -> Awaited | None:
    match fact.event:
        case CardAwaited(due_at=due_at):
            return Awaited(card=key, due_at=due_at)
        case _:
            return row


AWAITED = View.of(Awaited, CardEvent, keys=stream_key, fold=_awaited)


def _read(row: Awaited, due: datetime) -> Send:
    return Send(row.card, ReadCard(refused=row.card == "closed"))


SERVICE = Service(
    "testing",
    Path(__file__).parent,
    (CARDS,),
    (),
    (*VIEWS, AWAITED),
    deadlines=(Deadline(Awaited, "due_at", _read),),
)


def service(*reactions: Reaction) -> Service:
    """The service with these reactions."""
    return replace(SERVICE, reactions=reactions)


def dispatcher(
    store: EventStore, rows: Any, now: Callable[[], datetime] = lambda: AT
) -> Dispatcher:
    """The way of its commands."""
    return Dispatcher(SERVICE, store, rows, POLICIES, now)


__all__ = ["CODEC"]
