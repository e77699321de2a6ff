"""What is true of every command, whatever it decides."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar, assert_never
from uuid import UUID

from shared.kernel.commands import Aggregate, Command, Context, Override
from shared.kernel.events import Event, StreamKind
from shared.kernel.permissions import its, oneself, role
from shared.kernel.refusals import Refused
from shared.testing import SECRETARIAT, TODAY, employee, given, new_id, person


class Planted(Event):
    gardener_id: UUID
    note: UUID | None = None


class Watered(Event):
    litres: int


BedEvent = Planted | Watered


@dataclass(frozen=True)
class Bed:
    gardener_id: UUID | None = None


def evolve(state: Bed, fact: BedEvent) -> Bed:
    match fact:
        case Planted():
            return Bed(fact.gardener_id)
        case Watered():
            return state
        case other:
            assert_never(other)


BED = Aggregate(
    StreamKind.of("bed", "garden", BedEvent),
    Bed(),
    evolve,
    relations=lambda bed: {"gardener": {bed.gardener_id} if bed.gardener_id else set()},
)


class Plant(Command[Bed, BedEvent]):
    aggregate: ClassVar[Aggregate[Bed, BedEvent]] = BED
    may = oneself() | role("secretariat")
    begins = True

    about: str = ""

    def decide(self, state: Bed, ctx: Context) -> Sequence[BedEvent]:
        if state.gardener_id:
            return []
        assert ctx.person_id
        note = ctx.note(self.about, ctx.person_id) if self.about else None
        return [Planted(on=ctx.on, gardener_id=ctx.person_id, note=note)]


class Water(Command[Bed, BedEvent]):
    aggregate: ClassVar[Aggregate[Bed, BedEvent]] = BED
    may = its("gardener") | role("secretariat")

    litres: int

    def decide(self, state: Bed, ctx: Context) -> Sequence[BedEvent]:
        if self.litres < 0:
            raise Refused("water_flows_down", "R901")
        ctx.default("too_much", "R902", broken=self.litres > 10)
        ctx.default("too_often", "R903", broken=self.litres > 10, by=its("gardener"))
        ctx.warn("too_little", "R904", when=self.litres < 2)
        return [Watered(on=ctx.on, litres=self.litres)] if self.litres else []


GARDENER = employee("gardener")
PLANTED = Planted(on=TODAY, gardener_id=person("gardener"))


def test_the_business_date_is_today_unless_said() -> None:
    earlier = TODAY - timedelta(days=30)
    given().when(Plant(), by=GARDENER).then(PLANTED)
    given().when(Plant(on=earlier), by=GARDENER).then(
        Planted(on=earlier, gardener_id=person("gardener"))
    )


def test_nothing_happens_in_the_future() -> None:
    given().when(Plant(on=TODAY + timedelta(days=1))).then_refused("date_in_future")


def test_what_has_not_begun_is_unknown() -> None:
    given().when(Water(litres=3)).then_refused("unknown")


def test_a_relation_is_read_from_the_things_own_state() -> None:
    given(PLANTED).when(Water(litres=3), by=GARDENER).then(Watered(on=TODAY, litres=3))
    given(PLANTED).when(Water(litres=3), by=employee("passer-by")).then_refused("not_allowed")


def test_one_acts_for_oneself_and_the_secretariat_for_others() -> None:
    for_gardener = Plant(on_behalf_of=person("gardener"))
    given().when(for_gardener, by=SECRETARIAT).then(PLANTED)
    given().when(for_gardener, by=employee("neighbour")).then_refused("not_allowed")


def test_broken_default_rules_are_refused_all_at_once() -> None:
    given(PLANTED).when(Water(litres=20), by=GARDENER).then_refused(
        "too_much", "R902"
    ).then_refused("too_often", "R903")


def test_each_default_rule_is_set_aside_by_whom_it_allows() -> None:
    both = Override(rules=frozenset({"R902", "R903"}), reason="drought")
    given(PLANTED).when(Water(litres=20, override=both), by=GARDENER).then_refused(
        "override_not_allowed", "R902"
    )
    gardening_secretary = employee("gardener", "secretariat")
    given(PLANTED).when(Water(litres=20, override=both), by=gardening_secretary).then(
        Watered(on=TODAY, litres=20)
    ).then_overrode("R902", "R903")


def test_a_warning_blocks_nothing() -> None:
    given(PLANTED).when(Water(litres=1)).then(Watered(on=TODAY, litres=1)).then_warned("too_little")


def test_when_it_is_already_so_nothing_is_decided_and_no_rule_held() -> None:
    given(PLANTED).when(Plant(about="a secret"), by=GARDENER).then_nothing()


def test_free_text_about_a_person_stays_outside_the_event() -> None:
    outcome = given().when(Plant(about="grows roses"), by=GARDENER)
    outcome.then(PLANTED.model_copy(update={"note": new_id(1)}))
    assert outcome.decision
    (note,) = outcome.decision.notes
    assert (note.id, note.text, note.about) == (new_id(1), "grows roses", person("gardener"))


def test_the_envelope_says_who_and_under_which_rules() -> None:
    outcome = given().when(Plant(), by=GARDENER)
    assert outcome.decision
    envelope = outcome.decision.envelope
    assert envelope.actor == f"person:{person('gardener')}"
    assert (envelope.command, envelope.policy_version) == ("Plant", "NS3")
