"""A small world to project: things that are counted, parts that weigh, and people."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any, assert_never
from uuid import UUID

from shared.contracts import people
from shared.kernel.codec import Codec
from shared.kernel.events import Event, Recorded, StreamKind
from shared.kernel.facts import Row
from shared.kernel.views import View, stream_key
from shared.people import FORUM_MEMBERS, PEOPLE

DAY = date(2013, 9, 2)
AT = datetime(2013, 9, 2, 8, 0, tzinfo=UTC)


class ThingMade(Event):
    """A thing of a colour exists."""

    name: str
    colour: str


class ThingCounted(Event):
    """So many more of it are there."""

    amount: int


class ThingSold(Event):
    """It is gone."""


class PartAdded(Event):
    """A part of a colour and a weight is there."""

    colour: str
    weight: int


class CardWritten(Event):
    """Something was noted on a card."""

    text: str


class CardAwaited(Event):
    """A card is to be read at an instant."""

    due_at: datetime | None = None


class CardRead(Event):
    """The card was read."""


CardEvent = CardWritten | CardAwaited | CardRead
ThingEvent = ThingMade | ThingCounted | ThingSold

THING = StreamKind.of("thing", "testing", ThingEvent)
PART = StreamKind.of("part", "testing", PartAdded, "internal")
CARD = StreamKind.of("card", "testing", CardEvent)

CODEC = Codec((THING, PART, CARD, *people.KINDS))

POISON = 13
"""An amount that the fold of ThingRow cannot take."""
UNSTORABLE = 2**70
"""An amount that makes a row MongoDB cannot hold."""


class ThingRow(Row):
    """A thing and how many of it there are."""

    name: str
    colour: str
    amount: int = 0
    changed_at: datetime | None = None
    made_on: date | None = None


class ColourRow(Row):
    """What there is of a colour: things and parts, whatever order they came in."""

    colour: str
    things: frozenset[str] = frozenset()
    weight: int = 0


def _thing(row: ThingRow | None, fact: Recorded[ThingEvent], key: str) -> ThingRow | None:
    match fact.event:
        case ThingMade(name=name, colour=colour, on=on):
            return ThingRow(name=name, colour=colour, changed_at=fact.at, made_on=on)
        case ThingCounted(amount=amount):
            assert row is not None
            if amount == POISON:
                raise ValueError("thirteen")
            return row.model_copy(
                update={"amount": row.amount + amount, "changed_at": fact.at},
            )
        case ThingSold():
            return None
        case other:
            assert_never(other)


def _colours(fact: Recorded[ThingMade | PartAdded]) -> Iterable[str]:
    return (fact.event.colour,)


def _colour(row: ColourRow | None, fact: Recorded[ThingMade | PartAdded], key: str) -> ColourRow:
    row = row or ColourRow(colour=key)
    match fact.event:
        case ThingMade(name=name):
            return row.model_copy(update={"things": row.things | {name}})
        case PartAdded(weight=weight):
            return row.model_copy(update={"weight": row.weight + weight})
        case other:
            assert_never(other)


# The colours come first: when the thing's own fold then fails, theirs must not have happened.
VIEWS: tuple[View[Any], ...] = (
    View.of(ColourRow, ThingMade | PartAdded, keys=_colours, fold=_colour),
    View.of(ThingRow, ThingEvent, keys=stream_key, fold=_thing, indexes=("colour", "name")),
)
PEOPLE_VIEWS: tuple[View[Any], ...] = (PEOPLE, FORUM_MEMBERS)


def made(name: str = "spade", colour: str = "red") -> ThingMade:
    """A thing is made."""
    return ThingMade(on=DAY, name=name, colour=colour)


def counted(amount: int = 1) -> ThingCounted:
    """More of it."""
    return ThingCounted(on=DAY, amount=amount)


def stream(
    key: str, *events: Event, kind: StreamKind = THING, first: int = 1
) -> list[Recorded[Any]]:
    """Facts as one stream, from a version on."""
    return [
        Recorded(event, kind.stream(key), version, f"{kind.stream(key)}#{version}", AT)
        for version, event in enumerate(events, start=first)
    ]


def listed(name: str, *forums: Any) -> people.PersonListed:
    """A person's state."""
    return people.PersonListed(on=DAY, name=name, forums=frozenset(forums))


def person_key(number: int) -> str:
    """A person's id."""
    return str(UUID(int=number))


def in_order(facts: Sequence[Recorded[Any]]) -> list[str]:
    """The positions of facts."""
    return [fact.position for fact in facts]
