"""A batch is folded in memory: what is taken, what was seen, and what is parked."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contracts.people import PERSON, PersonErased
from shared.contracts.vocabulary import Forum
from shared.kernel.events import Recorded
from shared.kernel.facts import Row
from shared.people import ForumMembers, Person
from shared.projections.documents import to_document
from shared.projections.folding import Folding, Hearing, Progress, RowPlace, Trouble, prepare
from shared.projections.work import storable
from tests.unit.projections.things import (
    AT,
    CODEC,
    DAY,
    PART,
    PEOPLE_VIEWS,
    POISON,
    UNSTORABLE,
    VIEWS,
    ColourRow,
    PartAdded,
    ThingRow,
    ThingSold,
    counted,
    listed,
    made,
    person_key,
    stream,
)

HEARING = Hearing((*VIEWS, *PEOPLE_VIEWS), CODEC)
SPADE = "thing-spade"


def nothing_known() -> Folding:
    return Folding(HEARING, {}, {})


def take(folding: Folding, facts: Sequence[Recorded[Any]]) -> list[str]:
    """What came of each: applied, seen, or why it was parked."""
    outcomes = [folding.take(prepare(fact, HEARING)) for fact in facts]
    return [each.reason if isinstance(each, Trouble) else each for each in outcomes]


def rows(folding: Folding) -> dict[str, Row | None]:
    return {f"{view}/{key}": row for (view, key), row in folding.rows.items()}


def test_a_fact_changes_every_view_that_hears_it() -> None:
    folding = nothing_known()

    assert take(folding, stream("spade", made("spade", "red"), counted(2))) == ["applied"] * 2

    thing = folding.rows["view_thing_row", "spade"]
    assert isinstance(thing, ThingRow)
    assert thing.amount == 2
    assert folding.rows["view_colour_row", "red"] == ColourRow(
        colour="red", things=frozenset({"spade"})
    )
    assert folding.changed == {
        ("view_colour_row", "red"): "thing-spade@1",
        ("view_thing_row", "spade"): "thing-spade@2",
    }
    assert folding.progress[SPADE] == Progress(2, "thing-spade#2")


def test_what_was_seen_changes_nothing() -> None:
    folding = nothing_known()
    facts = stream("spade", made(), counted(2))
    take(folding, facts)

    assert take(folding, facts) == ["seen", "seen"]
    assert folding.rows["view_thing_row", "spade"].amount == 2  # type: ignore[union-attr]


def test_a_version_that_skips_parks_the_stream_and_what_follows() -> None:
    folding = nothing_known()
    first, _, third, fourth = stream("spade", made(), counted(), counted(), counted())

    assert take(folding, [first, third, fourth]) == ["applied", "gap", "behind"]
    assert folding.progress[SPADE] == Progress(1, "thing-spade#1", parked="gap")


def test_the_same_version_of_another_fact_is_a_fork() -> None:
    folding = nothing_known()
    (other,) = stream("spade", counted(5), first=2)
    take(folding, stream("spade", made(), counted()))
    forked = Recorded(other.event, other.stream, other.version, "elsewhere", other.at)

    assert take(folding, [forked]) == ["fork"]
    assert folding.progress[SPADE].parked == "fork"
    assert folding.rows["view_thing_row", "spade"].amount == 1  # type: ignore[union-attr]


def test_a_fact_that_one_view_cannot_take_happens_in_none() -> None:
    folding = nothing_known()
    facts = stream("spade", counted(1))  # the thing's fold needs a row that is not there

    assert take(folding, facts) == ["poison"]
    assert rows(folding) == {"view_thing_row/spade": None}
    assert folding.changed == {}


def test_the_first_effects_of_a_fact_are_undone_when_a_later_one_fails() -> None:
    def _no(*_: Any) -> Any:
        raise ValueError("no")

    colours, things = VIEWS
    hearing = Hearing((colours, type(things)(things.row, things.hears, things.keys, _no)), CODEC)
    folding = Folding(hearing, {}, {})

    outcome = folding.take(prepare(stream("spade", made())[0], hearing))

    assert isinstance(outcome, Trouble)
    assert outcome.reason == "poison"
    assert outcome.error.startswith("ValueError in _no, test_folding.py:")
    assert folding.changed == {}
    assert "view_colour_row" not in {view for view, _ in folding.rows if folding.rows[view, _]}


def test_keys_that_raise_park_the_stream() -> None:
    colours, things = VIEWS

    def _no(_: Any) -> Any:
        yield "one"
        raise KeyError("no")

    hearing = Hearing((colours, type(things)(things.row, things.hears, _no, things.fold)), CODEC)
    prepared = prepare(stream("spade", made())[0], hearing)

    outcome = Folding(hearing, {}, {}).take(prepared)

    assert isinstance(outcome, Trouble)
    assert outcome.reason == "poison"


def test_other_streams_go_on_beside_a_parked_one() -> None:
    folding = nothing_known()
    spade = stream("spade", made("spade"), counted(POISON), counted(1))
    rake = stream("rake", made("rake"), counted(1), counted(2))
    mixed = [fact for pair in zip(spade, rake, strict=True) for fact in pair]

    assert take(folding, mixed) == ["applied", "applied", "poison", "applied", "behind", "applied"]
    assert folding.rows["view_thing_row", "rake"].amount == 3  # type: ignore[union-attr]
    assert folding.rows["view_thing_row", "spade"].amount == 0  # type: ignore[union-attr]


def test_a_row_that_cannot_be_stored_is_blamed_on_its_fact() -> None:
    folding = Folding(HEARING, {}, {}, storable)

    assert take(folding, stream("spade", made(), counted(UNSTORABLE))) == ["applied", "poison"]


def test_a_stored_row_of_another_shape_parks_the_stream_that_touches_it() -> None:
    stored = {("view_thing_row", "spade"): {"_id": "spade", "amount": "many"}}
    folding = Folding(HEARING, {SPADE: Progress(1, "thing-spade#1")}, stored)

    assert take(folding, stream("spade", counted(), first=2)) == ["poison"]


def test_a_row_is_removed() -> None:
    folding = nothing_known()
    take(folding, stream("spade", made(), ThingSold(on=DAY)))

    assert folding.rows["view_thing_row", "spade"] is None
    assert folding.changed["view_thing_row", "spade"] == "thing-spade@2"


def test_states_may_skip_revisions_and_older_ones_are_dropped() -> None:
    folding = nothing_known()
    key = person_key(1)
    states = stream(key, listed("A"), listed("B", Forum.CHIEFS), listed("C"), kind=PERSON)
    first, second, third = states

    assert take(folding, [first, third, second]) == ["applied", "applied", "seen"]
    assert folding.rows["view_forum_members", "chiefs"] == ForumMembers(forum=Forum.CHIEFS)


def test_a_person_erased_leaves_no_row() -> None:
    folding = nothing_known()
    key = person_key(1)
    erased = PersonErased(on=DAY)

    take(folding, stream(key, listed("A", Forum.CHIEFS), erased, kind=PERSON))

    assert folding.rows["view_person", key] is None
    assert folding.rows["view_forum_members", "chiefs"] == ForumMembers(forum=Forum.CHIEFS)


def test_an_erasure_knows_how_many_stored_rows_went_with_it() -> None:
    key = person_key(1)
    (there,) = stream(key, listed("A", Forum.CHIEFS), kind=PERSON)
    before = nothing_known()
    take(before, [there])
    stored = {
        place: to_document(row, place[1], there.position, there.at)
        for place, row in before.rows.items()
        if row is not None
    }
    folding = Folding(HEARING, {there.stream: Progress(1, there.id)}, stored)

    states = stream(key, listed("A", Forum.CHIEFS), PersonErased(on=DAY), kind=PERSON)
    take(folding, states)

    (erased,) = folding.erased
    assert (erased, folding.rows_removed_by(erased)) == (states[1], 1)


def test_a_later_state_frees_a_parked_one() -> None:
    key = person_key(1)
    parked = {f"people-{key}": Progress(1, "x", parked="poison")}
    folding = Folding(HEARING, parked, {})

    assert take(folding, stream(key, listed("B"), kind=PERSON, first=3)) == ["applied"]
    assert folding.healed == {f"people-{key}"}
    assert folding.progress[f"people-{key}"] == Progress(3, f"people-{key}#3")
    assert folding.rows["view_person", key] == Person(person_id=UUID(key))


@pytest.mark.parametrize("stream_name", ["thing-1", "part-x-y", "people-1"])
def test_streams_of_heard_kinds_are_followed(stream_name: str) -> None:
    assert HEARING.follows(stream_name)


def test_other_streams_are_not_followed() -> None:
    assert not HEARING.follows("network-1")
    assert not Hearing(VIEWS, CODEC).follows("people-1")


STREAMS = [
    stream("spade", made("spade", "red"), counted(1), counted(2)),
    stream("rake", made("rake", "red"), counted(5), ThingSold(on=DAY)),
    stream("x", PartAdded(on=DAY, colour="red", weight=3), kind=PART),
    stream("y", *(PartAdded(on=DAY, colour="blue", weight=each) for each in (1, 2)), kind=PART),
    stream(person_key(1), listed("A", Forum.CHIEFS), listed("A"), kind=PERSON),
    stream(person_key(2), listed("B", Forum.CHIEFS, Forum.LEADERS), kind=PERSON),
]
STRAIGHT = nothing_known()
take(STRAIGHT, [fact for each in STREAMS for fact in each])


@given(st.data())
def test_any_interleaving_and_any_redelivery_gives_the_same_rows(data: st.DataObject) -> None:
    order = data.draw(st.permutations([n for n, each in enumerate(STREAMS) for _ in each]))
    left = [list(each) for each in STREAMS]
    facts = [left[n].pop(0) for n in order]
    again = data.draw(st.lists(st.integers(0, len(facts) - 1), max_size=5))
    for n in again:
        facts.insert(data.draw(st.integers(n + 1, len(facts))), facts[n])
    cut = data.draw(st.integers(0, len(facts)))

    before = nothing_known()
    outcomes = take(before, facts[:cut])
    stored = {
        place: to_document(row, place[1], "", AT) for place, row in before.rows.items() if row
    }
    after = Folding(HEARING, before.progress, stored)
    outcomes += take(after, facts[cut:])

    assert set(outcomes) <= {"applied", "seen"}
    assert there({**before.rows, **after.rows}) == there(STRAIGHT.rows)
    assert after.progress == STRAIGHT.progress


def there(found: Mapping[RowPlace, Row | None]) -> dict[RowPlace, Row]:
    return {place: row for place, row in found.items() if row}
