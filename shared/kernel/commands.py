"""Commands: one class is the request body, the permission and the decision."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Generic, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, StringConstraints

from shared.kernel.events import Envelope, Event, Overridden, StreamKind, Warned
from shared.kernel.facts import Ask, Facts
from shared.kernel.permissions import Actor, May, Relations, role
from shared.kernel.refusals import Forbidden, Malformed, Refused, Unknown
from shared.policy import Day, Policy

S = TypeVar("S")
E = TypeVar("E", bound=Event)
OS = TypeVar("OS")
OE = TypeVar("OE", bound=Event)

NoteText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]


@dataclass(frozen=True)
class Aggregate(Generic[S, E]):
    """A consistency boundary: its streams, where it begins, and how each fact changes it."""

    kind: StreamKind
    initial: S
    evolve: Callable[[S, E], S]
    relations: Callable[[S], Relations] = lambda _: {}

    def replay(self, facts: Iterable[E], state: S | None = None) -> S:
        """Fold `facts` onto `state`, from the beginning when none is given."""
        now = self.initial if state is None else state
        for fact in facts:
            now = self.evolve(now, fact)
        return now


class Override(BaseModel):
    """The wish to set default rules aside: which rows, and why."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rules: frozenset[Annotated[str, StringConstraints(pattern=r"^R\d{1,3}$")]]
    reason: NoteText


@dataclass(frozen=True)
class Note:
    """Free text about persons, kept outside the events so that it can be erased (D12)."""

    id: UUID
    text: str
    about: UUID | None


@dataclass
class Context:
    """What a decision may know besides the state, and where it leaves what it found."""

    now: datetime
    today: date
    actor: Actor
    key: str
    policy: Policy
    new_id: Callable[[], UUID]
    facts: Facts = field(default_factory=lambda: Facts({}))
    siblings: Mapping[str, tuple[Any, int]] = field(default_factory=dict)
    """Streams of the same store that the command `reads`: stream -> (state, version)."""
    on: date = date.min
    person_id: UUID | None = None
    """The person acted for: the actor, or the one on whose behalf it is."""
    capacity: str = ""
    """The role or relation that allowed the command."""
    override: Override | None = None
    relations: Relations = field(default_factory=dict)
    command: Any = None
    overrides: list[Overridden] = field(default_factory=list)
    warnings: list[Warned] = field(default_factory=list)
    broken: list[Refused] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    companions: dict[str, list[Event]] = field(default_factory=dict)

    def default(
        self, code: str, rule: str, *, broken: bool, by: May = role("secretariat"), **facts: Any
    ) -> None:
        """Hold a class D rule: refuse when `broken`, unless overridden by `by` with a reason.

        Raises Forbidden (`override_not_allowed`) when another tries. What is left broken is
        refused, all of it at once, after the decision has been made.
        """
        if not broken:
            return
        if self.override is None or rule not in self.override.rules:
            self.broken.append(Refused(code, rule, overridable=True, **facts))
            return
        capacity = by.capacity(self.actor, self.command, self.relations)
        if capacity is None:
            raise Forbidden("override_not_allowed", rule)
        self.overrides.append(Overridden(rule, code, capacity, self.override.reason))

    def warn(self, code: str, rule: str, *, when: bool = True, **facts: Any) -> None:
        """Leave a class S warning; it blocks nothing."""
        if when:
            self.warnings.append(Warned(rule, code, facts))

    def note(self, text: str, about: UUID | None = None) -> UUID:
        """Put free text about a person aside, and return the id that the event may carry."""
        note = Note(self.new_id(), text, about)
        self.notes.append(note)
        return note.id

    def state(self, aggregate: Aggregate[OS, OE], key: str) -> OS:
        """Return the state of another stream of this store that the command `reads`."""
        state: OS = self.siblings[aggregate.kind.stream(key)][0]
        return state

    def also(self, aggregate: Aggregate[OS, OE], key: str, *events: OE) -> None:
        """Append to a second stream that the command `reads`, in the same transaction (D6)."""
        self.companions.setdefault(aggregate.kind.stream(key), []).extend(events)


class Command(BaseModel, Generic[S, E]):
    """What somebody wants to happen. Subclasses set `aggregate` and `may`, and decide.

    The frame of every command: `on`, the business date (today when absent, never later);
    `on_behalf_of`; and `override` with the rules to set aside and the reason.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    aggregate: ClassVar[Aggregate[Any, Any]]
    may: ClassVar[May]
    begins: ClassVar[bool] = False
    """Whether the command may be the first of its stream; otherwise an empty one is unknown."""

    on: Day | None = None
    on_behalf_of: UUID | None = None
    override: Override | None = None

    def asks(self, state: S) -> Sequence[Ask]:
        """Name the foreign facts to look up for this decision."""
        return ()

    def reads(self, key: str) -> Sequence[tuple[Aggregate[Any, Any], str]]:
        """Name other streams of the same store to load: for relations, or to write both.

        `key` is that of the command's own stream. The relations of the streams read count for
        `may` as well.
        """
        return ()

    def decide(self, state: S, ctx: Context) -> Sequence[E]:
        """Return the facts that follow, nothing when it is already so, or raise Refused."""
        raise NotImplementedError


@dataclass(frozen=True)
class Decision:
    """What came of a command: facts for its own stream and others, notes, and the envelope."""

    events: tuple[Event, ...]
    companions: Mapping[str, tuple[Event, ...]]
    notes: tuple[Note, ...]
    envelope: Envelope


def decide(
    command: Command[S, E], state: S, version: int, ctx: Context, envelope: Envelope = Envelope()
) -> Decision:
    """Check the permission and let the command decide on `state` at `version`; pure.

    Raises Unknown for a stream that has not begun, Forbidden, Malformed (`date_in_future`), or
    Refused with all the default rules that are broken.
    """
    if version == 0 and not command.begins:
        raise Unknown("unknown", kind=command.aggregate.kind.name, id=ctx.key)
    ctx.command = command
    ctx.relations = _relations(command, state, ctx)
    ctx.capacity = command.may.capacity(ctx.actor, command, ctx.relations) or ""
    if not ctx.capacity:
        raise Forbidden("not_allowed", who=str(command.may))
    ctx.on = command.on or ctx.today
    if ctx.on > ctx.today:
        raise Malformed("date_in_future", on=ctx.on.isoformat(), today=ctx.today.isoformat())
    ctx.person_id = command.on_behalf_of or ctx.actor.person_id
    ctx.override = command.override

    events = tuple(command.decide(state, ctx))
    if events and ctx.broken:
        first, *others = ctx.broken
        first.others = tuple(others)
        raise first
    return Decision(
        events=events,
        companions={stream: tuple(facts) for stream, facts in ctx.companions.items()},
        notes=tuple(ctx.notes) if events else (),
        envelope=Envelope(
            command=type(command).__name__,
            actor=str(ctx.actor),
            on_behalf_of=command.on_behalf_of,
            policy_version=ctx.policy.version,
            correlation_id=envelope.correlation_id,
            causation_id=envelope.causation_id,
            overrides=tuple(ctx.overrides),
            warnings=tuple(ctx.warnings),
            evidence={
                **ctx.facts.used,
                **{stream: f"{stream}@{at}" for stream, (_, at) in ctx.siblings.items()},
            },
        ),
    )


def _relations(command: Command[S, E], state: S, ctx: Context) -> Relations:
    merged: dict[str, set[UUID]] = {}
    sources = [(command.aggregate, state)]
    sources += [
        (aggregate, ctx.siblings[aggregate.kind.stream(key)][0])
        for aggregate, key in command.reads(ctx.key)
    ]
    for aggregate, each in sources:
        for relation, holders in aggregate.relations(each).items():
            merged.setdefault(relation, set()).update(holders)
    return merged
