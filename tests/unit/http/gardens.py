"""A small service of gardens, with its tables, for the tests of HTTP alone.

Decisions are the kernel's own; only where facts lie is in memory here. The same service runs on
the real store in tests/integration/test_http.py.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from operator import attrgetter
from pathlib import Path
from typing import Annotated, Any, assert_never
from uuid import UUID, uuid4

from fastapi import APIRouter
from pydantic import Field

from shared.contracts.vocabulary import HalfYear, Title
from shared.dispatch.answers import Answer, Happened
from shared.http.lists import ListRoute
from shared.http.reading import Item, Listing, Page, Reading
from shared.kernel.codec import Codec
from shared.kernel.commands import Aggregate, Command, Context, decide
from shared.kernel.events import Envelope, Event, Recorded, StreamKind
from shared.kernel.facts import Row
from shared.kernel.permissions import Actor, its, oneself, role
from shared.kernel.positions import Position
from shared.kernel.refusals import Malformed, NotYet, Refused, Stale
from shared.kernel.services import Service, delete, post, put
from shared.kernel.views import View, stream_key
from shared.testing.kit import NOW, NS3, TODAY

MESSAGES = """
too_many_beds:
  da: {title: For mange bede, detail: "Der må højst være 5 bede, ikke {beds}."}
  en: {title: Too many beds, detail: "There may be 5 beds at most, not {beds}."}
garden_far_away:
  da: {title: Haven ligger langt væk, detail: "Vælg en have nærmere end {km} km."}
  en: {title: The garden is far away, detail: "Choose a garden nearer than {km} km."}
garden_closed:
  da: {title: Haven er lukket, detail: "Åbn haven først."}
  en: {title: The garden is closed, detail: "Open the garden first."}
no_plants:
  da: {title: Ingen planter, detail: "Skriv, hvad der skal gro i {title}."}
  en: {title: No plants, detail: "Say what is to grow in {title}."}
"""


class Plant(StrEnum):
    CARROT = "carrot"
    KALE = "kale"


class GardenPlanted(Event):
    title: str
    planted_by: UUID | None
    plants: frozenset[Plant] = frozenset()
    note: str | None = None


class BedAdded(Event):
    bed_id: UUID


class GardenClosed(Event):
    """The garden is closed."""


GardenEvent = GardenPlanted | BedAdded | GardenClosed


@dataclass(frozen=True)
class Garden:
    owner: UUID | None = None
    beds: frozenset[UUID] = frozenset()
    closed: bool = False


def evolve(state: Garden, fact: GardenEvent) -> Garden:
    match fact:
        case GardenPlanted():
            return Garden(owner=fact.planted_by)
        case BedAdded():
            return replace(state, beds=state.beds | {fact.bed_id})
        case GardenClosed():
            return replace(state, closed=True)
        case other:
            assert_never(other)


GARDEN: Aggregate[Garden, GardenEvent] = Aggregate(
    StreamKind.of("garden", "gardens", GardenEvent),
    Garden(),
    evolve,
    lambda garden: {"owner": {garden.owner} if garden.owner else set()},
)


CODEC = Codec([GARDEN.kind])


class GardenCommand(Command[Garden, GardenEvent]):
    aggregate = GARDEN


class PlantGarden(GardenCommand):
    """Plant a garden.

    Anybody may, in the spring.
    """

    may = role("employee")
    begins = True

    title: Title
    beds: Annotated[int, Field(ge=0)] = 1
    km: float = 0.0
    plants: frozenset[Plant] = frozenset()
    note: str | None = None

    def decide(self, state: Garden, ctx: Context) -> Sequence[GardenEvent]:
        """Refuse what is too large or too far away."""
        if state.owner:
            return []
        ctx.default("too_many_beds", "R1", broken=self.beds > 5, beds=self.beds)
        ctx.default("garden_far_away", "R2", broken=self.km > 10, km=10)
        ctx.warn("no_plants", "R3", when=not self.plants, title=self.title)
        return [
            GardenPlanted(on=ctx.on, title=self.title, planted_by=ctx.person_id, plants=self.plants)
        ]


class AddBed(GardenCommand):
    """Add a bed to a garden."""

    may = its("owner") | role("secretariat")

    bed_id: UUID
    depth_cm: Annotated[int, Field(ge=1, le=100)] = 30

    def decide(self, state: Garden, ctx: Context) -> Sequence[GardenEvent]:
        """Add it once."""
        if state.closed:
            raise Refused("garden_closed", "R4")
        return [] if self.bed_id in state.beds else [BedAdded(on=ctx.on, bed_id=self.bed_id)]


class CloseGarden(GardenCommand):
    """Close a garden."""

    may = role("secretariat")

    def decide(self, state: Garden, ctx: Context) -> Sequence[GardenEvent]:
        """Close it."""
        return [] if state.closed else [GardenClosed(on=ctx.on)]


class OpenSeason(GardenCommand):
    """Open the season of a half-year."""

    may = role("employee")
    begins = True

    half_year: HalfYear

    def decide(self, state: Garden, ctx: Context) -> Sequence[GardenEvent]:
        """Open it."""
        return [GardenPlanted(on=ctx.on, title=self.half_year, planted_by=ctx.person_id)]


class LoseGarden(GardenCommand):
    """Fail as `how` says."""

    may = role("employee")
    begins = True

    how: Annotated[str, Field(max_length=100)] = ""

    def decide(self, state: Garden, ctx: Context) -> Sequence[GardenEvent]:
        """Fail."""
        match self.how:
            case "crash":
                raise RuntimeError("the roof is off: secret")
            case "away":
                raise TimeoutError
            case "later":
                raise NotYet("evidence_missing", what="Weather", key="1")
            case _:
                return []


class Overview(Row):
    garden_id: str
    title: str
    beds: int = 0


def fold(row: Overview | None, fact: Recorded[GardenEvent], key: str) -> Overview | None:
    match fact.event:
        case GardenPlanted() as planted:
            return Overview(garden_id=key, title=planted.title)
        case BedAdded():
            return row and row.model_copy(update={"beds": row.beds + 1})
        case GardenClosed():
            return None
        case other:
            assert_never(other)


VIEWS = (View.of(Overview, GardenEvent, keys=stream_key, fold=fold, indexes=("title",)),)


@dataclass
class Memory:
    """Takes commands and keeps facts; the kernel decides."""

    streams: dict[str, list[Event]] = field(default_factory=dict)
    answers: dict[str, tuple[str, Answer]] = field(default_factory=dict)
    last: dict[str, Any] = field(default_factory=dict)

    async def send(
        self,
        command: Command[Any, Any],
        key: str,
        *,
        actor: Actor,
        command_id: str = "",
        fingerprint: str = "",
        correlation_id: str = "",
        if_match: int | None = None,
        traceparent: str = "",
        wanted: Callable[[], Awaitable[bool]],
    ) -> Answer:
        self.last = {"correlation_id": correlation_id, "traceparent": traceparent}
        self.last["wanted"] = await wanted()
        if command_id in self.answers:
            body, first = self.answers[command_id]
            if body != fingerprint:
                raise Malformed("idempotency_key_reused")
            return replace(first, repeated=True)
        facts = self.streams.get(key, [])
        if if_match is not None and if_match != len(facts):
            raise Stale("version_stale")
        ctx = Context(now=NOW, today=TODAY, actor=actor, key=key, policy=NS3, new_id=uuid4)
        made = decide(command, command.aggregate.replay(facts), len(facts), ctx, Envelope())
        kept = [*facts, *made.events]
        self.streams[key] = kept
        answer = Answer(
            key=key,
            stream=GARDEN.kind.stream(key),
            version=len(kept),
            events=tuple(Happened("", *CODEC.encode(each)) for each in made.events),
            warnings=made.envelope.warnings,
            created=bool(made.events) and not facts,
        )
        if command_id:
            self.answers[command_id] = (fingerprint, answer)
        return answer


@dataclass
class Fresh:
    as_of: datetime = NOW
    lag_s: float = 0.25


@dataclass
class Some:
    items: tuple[Any, ...]
    next: str | None


class Shelf:
    """Rows in memory."""

    def __init__(self, gardens: int = 7) -> None:
        self.gardens: list[Any] = [
            Overview(garden_id=str(UUID(int=number)), title=f"Have {number}", beds=number)
            for number in range(1, gardens + 1)
        ]

    async def page(
        self,
        row: type[Any],
        filters: Mapping[str, Any],
        sort: str | None,
        cursor: str | None,
        limit: int,
    ) -> Some:
        if sort and sort.removeprefix("-") not in row.model_fields:
            raise Malformed("sort_unknown", known=sorted(row.model_fields))
        found = [
            each
            for each in self.gardens
            if all(getattr(each, name) == value for name, value in filters.items())
        ]
        if sort:
            by = attrgetter(sort.removeprefix("-"))
            found.sort(key=by, reverse=sort.startswith("-"))
        start = int(cursor or 0)
        following = str(start + limit) if start + limit < len(found) else None
        return Some(tuple(found[start : start + limit]), following)

    async def one(self, row: type[Any], key: str) -> tuple[Any, str] | None:
        for each in self.gardens:
            if each.garden_id == key:
                return each, f"garden-{key}@{each.beds}"
        return None

    async def wait_for(self, position: Position, timeout_s: float) -> None:
        if not position.stream.startswith("garden"):
            raise Malformed("stream_not_followed", stream=position.stream)
        if position.version > 7:
            raise NotYet("not_yet_visible", position=str(position))

    async def freshness(self) -> Fresh:
        return Fresh()


router = APIRouter(route_class=ListRoute)


@router.get("/gardens")
async def gardens(reader: Reading, listing: Listing, beds: int | None = None) -> Page[Overview]:
    """All gardens."""
    reader.allow(role("employee") | role("reporter"))
    return await reader.page(Overview, listing, beds=beds)


@router.get("/gardens/{garden_id}")
async def garden(garden_id: UUID, reader: Reading) -> Item[Overview]:
    """One garden."""
    reader.allow(role("employee"))
    return await reader.one(Overview, garden_id)


@router.get("/losses")
async def losses(how: str) -> None:
    """What nobody foresaw."""
    raise TimeoutError("the roof") if how == "away" else KeyError("the roof")


@router.get("/people/{person_id}/gardens")
async def own_gardens(person_id: UUID, reader: Reading, listing: Listing) -> Page[Overview]:
    """A person's own gardens."""
    reader.allow(oneself(field="person_id") | its("neighbour"), person_id=person_id)
    return await reader.page(Overview, listing)


COMMANDS = (
    post("/gardens", PlantGarden),
    put("/gardens/{id}/beds/{bed_id}", AddBed),
    post("/gardens/{id}/beds", AddBed),
    delete("/gardens/{id}", CloseGarden),
    post("/seasons", OpenSeason, key="{half_year}"),
    put("/seasons/{half_year}/garden", OpenSeason),
    post("/losses", LoseGarden),
)


def gardens_service(room: Path) -> Service:
    """The service, its texts written into `room`."""
    (room / "messages.yaml").write_text(MESSAGES, encoding="utf-8")
    return Service(
        name="gardens",
        room=room,
        aggregates=(GARDEN,),
        commands=COMMANDS,
        views=VIEWS,
        queries=router,
    )


class Still:
    """A clock that stands."""

    def now(self) -> datetime:
        return NOW
