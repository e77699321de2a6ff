"""Given facts, when a command, then facts; and the same words for folds and reactions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any, TypeVar
from uuid import NAMESPACE_OID, UUID, uuid5

from shared.kernel.commands import Aggregate, Command, Context, Decision, decide
from shared.kernel.events import Envelope, Event, Recorded
from shared.kernel.facts import Facts, Row
from shared.kernel.permissions import Actor
from shared.kernel.reactions import Reaction, Send
from shared.kernel.refusals import Refused
from shared.kernel.views import View
from shared.policy import Policy, load_policies
from shared.policy.periods import local_day
from shared.testing.rules import saw

NOW = datetime(2013, 9, 2, 8, 0, tzinfo=UTC)
TODAY = local_day(NOW)
NS3 = load_policies().on(TODAY)

R = TypeVar("R", bound=Row)


def person(name: str) -> UUID:
    """An invented person's id, the same for the same word."""
    return uuid5(NAMESPACE_OID, name)


def new_id(number: int) -> UUID:
    """The id that a decision in a test gets when it asks for its `number`th new one (from 1)."""
    return uuid5(NAMESPACE_OID, f"new {number}")


def employee(name: str, *roles: str) -> Actor:
    """An employee with further roles."""
    return Actor(person_id=person(name), roles=frozenset({"employee", *roles}))


SECRETARIAT = employee("secretary", "secretariat")
CHIEF = employee("chief", "chefforum")


@dataclass(frozen=True)
class Given:
    """What has happened and what is known."""

    facts: tuple[Event, ...]
    key: str = "1"
    rows: tuple[tuple[str, Row], ...] = ()
    beside: tuple[tuple[Aggregate[Any, Any], str, tuple[Event, ...]], ...] = ()
    now: datetime = NOW
    policy: Policy = field(default=NS3)

    def of(self, key: object) -> "Given":
        """Say which stream it is, where the key matters."""
        return replace(self, key=str(key))

    def knowing(self, key: object, row: Row) -> "Given":
        """Add a row of a local view."""
        return replace(self, rows=(*self.rows, (str(key), row)))

    def besides(self, aggregate: Aggregate[Any, Any], key: str, *facts: Event) -> "Given":
        """Add another stream of the same store that the command reads."""
        return replace(self, beside=(*self.beside, (aggregate, key, facts)))

    def under(self, policy: Policy) -> "Given":
        """Decide under another policy."""
        return replace(self, policy=policy)

    def at(self, now: datetime) -> "Given":
        """Decide at another moment."""
        return replace(self, now=now)

    def when(self, command: Command[Any, Any], by: Actor = SECRETARIAT) -> "Outcome":
        """Let the command decide."""
        state = command.aggregate.replay(self.facts)
        rows = {(type(row), key): row for key, row in self.rows}
        siblings: dict[str, tuple[Any, int]] = {}
        beside = {aggregate.kind.stream(key): facts for aggregate, key, facts in self.beside}
        for aggregate, key in command.reads(self.key):
            stream = aggregate.kind.stream(key)
            facts = beside.get(stream, ())
            siblings[stream] = (aggregate.replay(facts), len(facts))
        ctx = Context(
            now=self.now,
            today=local_day(self.now),
            actor=by,
            key=self.key,
            policy=self.policy,
            new_id=_Ids().next,
            facts=Facts({ask: rows.get(ask) for ask in command.asks(state)}),
            siblings=siblings,
        )
        name = type(command).__name__
        try:
            decision = decide(command, state, len(self.facts), ctx)
        except Refused as refusal:
            for each in (refusal, *refusal.others):
                what = "override_refused" if each.code == "override_not_allowed" else "refused"
                saw(what, name, each.rule, each.code)  # type: ignore[arg-type]
            return Outcome(refusal=refusal)
        if decision.events:
            saw("accepted", name)
            # A fact that evolve cannot take would be found here, not in production.
            command.aggregate.replay(decision.events, state)
        for overridden in decision.envelope.overrides:
            saw("overridden", name, overridden.rule, overridden.code)
        for warning in decision.envelope.warnings:
            saw("warned", name, warning.rule, warning.code)
        return Outcome(decision=decision)


class _Ids:
    def __init__(self) -> None:
        self._given = 0

    def next(self) -> UUID:
        self._given += 1
        return new_id(self._given)


def given(*facts: Event) -> Given:
    """Begin with what has happened in the stream that the command goes to."""
    return Given(facts)


@dataclass(frozen=True)
class Outcome:
    """What came of a command, to be checked; each check gives the outcome back."""

    decision: Decision | None = None
    refusal: Refused | None = None

    def then(self, *events: Event) -> "Outcome":
        """Exactly these facts were decided."""
        assert self._decided.events == events
        return self

    def then_nothing(self) -> "Outcome":
        """It was already so: no fact, no refusal."""
        return self.then()

    def then_also(self, stream: str, *events: Event) -> "Outcome":
        """A second stream got exactly these facts in the same transaction."""
        assert self._decided.companions.get(stream, ()) == events
        return self

    def then_refused(self, code: str, rule: str | None = None) -> "Outcome":
        """It was refused with this code, alone or among others (and this rule)."""
        assert self.refusal is not None, f"not refused: {self.decision}"
        refusals = {each.code: each.rule for each in (self.refusal, *self.refusal.others)}
        assert code in refusals, refusals
        assert rule is None or refusals[code] == rule
        return self

    def then_warned(self, *codes: str) -> "Outcome":
        """It was accepted with exactly these warnings, in any order."""
        assert {each.code for each in self._decided.envelope.warnings} == set(codes)
        return self

    def then_overrode(self, *rules: str) -> "Outcome":
        """It was accepted with exactly these rules set aside."""
        assert [each.rule for each in self._decided.envelope.overrides] == list(rules)
        return self

    @property
    def _decided(self) -> Decision:
        if self.decision is None:
            raise AssertionError(f"refused: {self.refusal!r} {self.refusal and self.refusal.facts}")
        return self.decision


def recorded(
    event: Event,
    stream: str = "thing-1",
    version: int = 1,
    *,
    at: datetime = NOW,
    envelope: Envelope = Envelope(),
) -> Recorded[Any]:
    """Give a fact its place."""
    return Recorded(event, stream, version, f"{stream}@{version}", at, envelope)


def folded(view: View[R], facts: Iterable[Recorded[Any]]) -> dict[str, R]:
    """Fold facts, in the order given, into all the rows they touch."""
    rows: dict[str, R] = {}
    for fact in facts:
        if not isinstance(fact.event, view.hears):
            continue
        for key in view.keys(fact):
            row = view.fold(rows.get(key), fact, key)
            if row is None:
                rows.pop(key, None)
            else:
                rows[key] = row
    return rows


def reacting(
    reactions: Sequence[Reaction], fact: Recorded[Any], *rows: tuple[str, Row]
) -> list[Send]:
    """Everything that follows from a fact, given the rows that are known."""
    known = {(type(row), key): row for key, row in rows}
    return [
        send
        for reaction in reactions
        if isinstance(fact.event, reaction.event)
        for send in reaction.react(
            fact, Facts({ask: known.get(ask) for ask in reaction.asks(fact)})
        )
    ]


def day(text: str) -> date:
    """A date as it is written: 2013-09-02."""
    return date.fromisoformat(text)
