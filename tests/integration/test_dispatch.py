"""Every command happens once and gets its first answer, whichever process it meets."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import bson
import pytest
import pytest_asyncio
from prometheus_client import REGISTRY

from deploy.local.servers import Servers
from shared.dispatch.answers import Answer
from shared.dispatch.dispatch import Dispatcher
from shared.eventstore.commits import Frame
from shared.eventstore.database import Client, Database, connect, disconnect, prepare
from shared.eventstore.store import Addition, EventStore
from shared.kernel.commands import Command
from shared.kernel.events import Warned
from shared.kernel.facts import Ask, Row
from shared.kernel.permissions import Actor
from shared.kernel.refusals import (
    Conflict,
    Forbidden,
    Malformed,
    NotYet,
    Refused,
    Stale,
    Unknown,
)
from shared.testing.kit import TODAY, employee, person
from tests.integration.boxes import (
    BOX,
    CODEC,
    NOW,
    POLICIES,
    SERVICE,
    SHELF,
    BoxOpened,
    ClearShelf,
    Colour,
    EmptyBox,
    OpenBox,
    Paint,
    PutIn,
    PutUnder,
    ShelveBox,
    dispatcher,
)
from tests.integration.patience import until
from tests.integration.wire import Wire, wire_to

ME = employee("me")
THING = PutIn(thing="a thing")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def client(servers: Servers) -> AsyncIterator[Client]:
    client = connect(servers.mongo_uri)
    yield client
    await disconnect(client)


@pytest_asyncio.fixture
async def database(client: Client, prefix: str) -> Database:
    database = client[f"{prefix}{bson.ObjectId()}"]
    await prepare(database)
    return database


@pytest.fixture
def store(database: Database) -> EventStore:
    return EventStore(database, CODEC)


@pytest.fixture
def here(store: EventStore) -> Dispatcher:
    return dispatcher(store)


@pytest.fixture
def there(database: Database) -> Dispatcher:
    """As in another process: a dispatcher with a store and a cache of its own."""
    return dispatcher(EventStore(database, CODEC))


async def facts_of(store: EventStore, stream: str) -> list[str]:
    return [type(fact.event).__name__ for fact in await store.read(stream)]


async def test_an_accepted_command_is_answered_with_what_happened(here: Dispatcher) -> None:
    answer = await here.send(OpenBox(label="odd"), "1", actor=ME)

    assert (answer.key, answer.stream, answer.position) == ("1", "box-1", "box-1@1")
    assert answer.created
    assert not answer.repeated
    (opened,) = answer.events
    assert (opened.name, opened.version) == ("BoxOpened", 1)
    assert opened.fields == {"on": "2013-09-02", "label": "odd"}
    assert answer.warnings == (Warned("R1", "odd_label", {"label": "odd"}),)

    answer = await here.send(PutIn(thing="two", times=2), "1", actor=ME)
    assert (answer.version, answer.created, len(answer.events)) == (3, False, 2)


async def test_the_envelope_says_who_why_and_under_which_policy(
    here: Dispatcher, store: EventStore
) -> None:
    await here.send(THING, "1", actor=ME, correlation_id="c", causation_id="e")
    (fact,) = await store.read("box-1")
    assert fact.envelope.command == "PutIn"
    assert fact.envelope.actor == f"person:{person('me')}"
    assert fact.envelope.policy_version == POLICIES.on(TODAY).version
    assert (fact.envelope.correlation_id, fact.envelope.causation_id) == ("c", "e")
    assert fact.at == NOW.replace(microsecond=123000)


async def test_a_repeat_gets_the_first_answer_here_and_in_another_process(
    here: Dispatcher, there: Dispatcher, store: EventStore
) -> None:
    first = await here.send(OpenBox(label="odd"), "1", actor=ME, command_id="key")
    await here.send(THING, "1", actor=ME)

    for process in (here, there):
        repeat = await process.send(OpenBox(label="odd"), "1", actor=ME, command_id="key")
        assert repeat == replace(first, repeated=True)
    assert await facts_of(store, "box-1") == ["BoxOpened", "ThingPutIn"]


async def test_a_repeat_that_would_be_refused_now_gets_its_first_success(
    here: Dispatcher, there: Dispatcher
) -> None:
    first = await here.send(OpenBox(), "1", actor=ME, command_id="key")
    with pytest.raises(Refused, match="already_open"):
        await there.send(OpenBox(), "1", actor=ME, command_id="another key")
    assert await there.send(OpenBox(), "1", actor=ME, command_id="key") == replace(
        first, repeated=True
    )


async def test_a_repeat_that_would_do_nothing_now_gets_its_first_answer(here: Dispatcher) -> None:
    first = await here.send(THING, "1", actor=ME, command_id="key")
    assert (await here.send(THING, "1", actor=ME)).events == ()
    repeat = await here.send(THING, "1", actor=ME, command_id="key")
    assert repeat.events == first.events


async def test_a_repeat_with_the_first_if_match_gets_its_first_answer(here: Dispatcher) -> None:
    await here.send(OpenBox(), "1", actor=ME)
    first = await here.send(THING, "1", actor=ME, command_id="key", if_match=1)
    repeat = await here.send(THING, "1", actor=ME, command_id="key", if_match=1)
    assert repeat == replace(first, repeated=True)


async def test_a_repeat_on_a_new_key_makes_nothing_new(
    here: Dispatcher, there: Dispatcher, store: EventStore
) -> None:
    first = await here.send(OpenBox(), "first", actor=ME, command_id="key")
    repeat = await there.send(OpenBox(), "second", actor=ME, command_id="key")
    assert repeat == replace(first, repeated=True)
    assert await store.head("box-second") == 0


async def test_a_key_that_was_used_for_something_else_is_told_so(
    here: Dispatcher, there: Dispatcher
) -> None:
    await here.send(OpenBox(), "1", actor=ME, command_id="key", fingerprint="one body")
    for process, key in ((here, "1"), (there, "2")):
        with pytest.raises(Malformed, match="idempotency_key_reused"):
            await process.send(
                OpenBox(), key, actor=ME, command_id="key", fingerprint="another body"
            )


async def test_fifty_copies_at_once_happen_once(
    here: Dispatcher, there: Dispatcher, store: EventStore
) -> None:
    answers = await asyncio.gather(
        *(
            process.send(OpenBox(), key, actor=ME, command_id="key")
            for process in (here, there)
            for key in ("1", "1", "1", "2", "3") * 5
        )
    )
    assert len({each.stream for each in answers}) == 1
    assert len({each.events[0].id for each in answers}) == 1
    assert sum(not each.repeated for each in answers) == 1
    assert len(await store.read(answers[0].stream)) == 1


async def test_a_refusal_is_never_given_from_a_stale_cache(
    here: Dispatcher, there: Dispatcher
) -> None:
    await there.send(THING, "1", actor=ME)
    await here.send(EmptyBox(), "1", actor=ME)
    answer = await there.send(PutIn(thing="another", room=1), "1", actor=ME)
    assert answer.version == 3


async def test_nothing_to_do_is_never_said_from_a_stale_cache(
    here: Dispatcher, there: Dispatcher
) -> None:
    await there.send(THING, "1", actor=ME)
    await here.send(EmptyBox(), "1", actor=ME)
    assert (await there.send(THING, "1", actor=ME)).version == 3


async def test_if_match_is_never_judged_by_a_stale_cache(
    here: Dispatcher, there: Dispatcher
) -> None:
    await there.send(OpenBox(), "1", actor=ME)
    await here.send(THING, "1", actor=ME)
    with pytest.raises(Stale, match="version_stale"):
        await there.send(EmptyBox(), "1", actor=ME, if_match=1)
    assert (await there.send(EmptyBox(), "1", actor=ME, if_match=2)).version == 3


async def test_unknown_is_never_said_from_a_stale_cache(
    here: Dispatcher, there: Dispatcher
) -> None:
    with pytest.raises(Unknown):
        await there.send(EmptyBox(), "1", actor=ME)
    await here.send(OpenBox(), "1", actor=ME)
    assert (await there.send(EmptyBox(), "1", actor=ME)).version == 2


async def test_a_stream_that_a_command_may_begin_is_not_begun_twice(
    here: Dispatcher, there: Dispatcher, store: EventStore
) -> None:
    await here.send(OpenBox(), "1", actor=ME)
    with pytest.raises(Refused, match="already_open"):
        await there.send(OpenBox(), "1", actor=ME)
    assert await facts_of(store, "box-1") == ["BoxOpened"]


async def test_many_commands_to_one_stream_from_two_processes_all_happen(
    here: Dispatcher, there: Dispatcher, store: EventStore
) -> None:
    things = [f"thing {number}" for number in range(40)]
    answers = await asyncio.gather(
        *(
            process.send(PutIn(thing=thing), "1", actor=ME)
            for thing, process in zip(things, [here, there] * 20, strict=True)
        )
    )
    assert sorted(each.version for each in answers) == list(range(1, 41))
    assert sorted(fact.event.thing for fact in await store.read("box-1")) == sorted(things)


async def test_what_is_only_read_is_never_read_from_a_stale_cache(
    here: Dispatcher, there: Dispatcher
) -> None:
    for box in ("1", "2"):
        await here.send(OpenBox(), box, actor=ME)
    await there.send(PutUnder(thing="a"), "1", actor=ME)
    await here.send(ShelveBox(), "2", actor=ME)
    with pytest.raises(Refused, match="shelf_full"):
        await there.send(PutUnder(thing="b"), "1", actor=ME)
    await here.send(ClearShelf(), "top", actor=ME)
    assert (await there.send(PutUnder(thing="b"), "1", actor=ME)).version == 3


async def test_commands_of_one_process_never_stand_in_each_other_s_way(
    store: EventStore,
) -> None:
    one_try = Dispatcher(SERVICE, store, Silent(), POLICIES, lambda: NOW, tries=1)
    answers = await asyncio.gather(
        *(one_try.send(PutIn(thing=f"{number}"), "1", actor=ME) for number in range(50))
    )
    assert [each.version for each in answers] == list(range(1, 51))


async def test_of_a_hundred_starts_in_four_processes_one_takes_the_only_place(
    database: Database, store: EventStore
) -> None:
    processes = [dispatcher(EventStore(database, CODEC)) for _ in range(4)]
    boxes = [str(number) for number in range(100)]
    for box in boxes:
        await store.append(
            Addition(BOX, box, await store.load(BOX, box), [BoxOpened(on=TODAY, label="a box")]),
            frame=Frame(NOW),
        )

    results = await asyncio.gather(
        *(
            processes[number % 4].send(ShelveBox(), box, actor=ME, command_id=f"shelve {box}")
            for number, box in enumerate(boxes)
        ),
        return_exceptions=True,
    )

    won = [each for each in results if isinstance(each, Answer)]
    lost = [each.code for each in results if isinstance(each, Refused)]
    assert len(won) == 1
    assert lost == ["shelf_full"] * 99
    assert await facts_of(store, "box-shelf-top") == ["PlaceTaken"]
    assert await facts_of(store, won[0].stream) == ["BoxOpened", "BoxShelved"]
    (taken,) = await store.read("box-shelf-top")
    assert taken.event.box == won[0].key
    assert taken.envelope.evidence["box-shelf-top"] == "box-shelf-top@0"


async def test_a_repeat_of_a_command_to_two_streams_gets_its_first_answer(
    here: Dispatcher, there: Dispatcher
) -> None:
    await here.send(OpenBox(), "1", actor=ME)
    first = await here.send(ShelveBox(), "1", actor=ME, command_id="key")
    repeat = await there.send(ShelveBox(), "1", actor=ME, command_id="key")
    assert repeat == replace(first, repeated=True)


async def test_a_refusal_leaves_no_trace(here: Dispatcher, database: Database) -> None:
    await here.send(THING, "1", actor=ME)
    for command, actor in (
        (PutIn(thing="another", room=1, note="why"), ME),
        (PutIn(thing="another"), Actor()),
        (PutIn(thing="\ud800", note="why"), ME),
    ):
        with pytest.raises(Refused):
            await here.send(command, "1", actor=actor, command_id="key")
    assert await database["commits"].count_documents({}) == 1
    assert await database["notes"].count_documents({}) == 0
    assert (await here.send(PutIn(thing="b"), "1", actor=ME, command_id="key")).events


async def test_whoever_may_not_is_told_so(here: Dispatcher) -> None:
    with pytest.raises(Forbidden, match="not_allowed"):
        await here.send(THING, "1", actor=Actor())


async def test_a_note_lies_beside_the_fact_that_names_it(
    here: Dispatcher, store: EventStore
) -> None:
    await here.send(PutIn(thing="a thing", note="because"), "1", actor=ME)
    (fact,) = await store.read("box-1")
    assert await store.notes.texts([fact.event.note_id]) == {fact.event.note_id: "because"}


async def test_foreign_facts_come_from_the_rows_and_are_named_as_evidence(
    store: EventStore,
) -> None:
    here = dispatcher(store, red=Colour(name="red"))
    await here.send(OpenBox(), "1", actor=ME)
    await here.send(Paint(colour="red"), "1", actor=ME)
    with pytest.raises(NotYet, match="evidence_missing"):
        await here.send(Paint(colour="blue"), "1", actor=ME)
    assert (await store.read("box-1"))[-1].envelope.evidence == {"Colour/red": "colour-red@1"}


async def test_nothing_is_asked_for_a_thing_that_is_not_there(here: Dispatcher) -> None:
    with pytest.raises(Unknown):
        await here.send(Paint(colour="red"), "none", actor=ME)


async def test_a_cancelled_request_is_not_an_undone_command(
    here: Dispatcher, there: Dispatcher, store: EventStore
) -> None:
    for turns in range(12):
        sending = asyncio.create_task(here.send(THING, f"{turns}", actor=ME, command_id=f"{turns}"))
        for _ in range(turns):
            await asyncio.sleep(0)
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
        await there.send(THING, f"{turns}", actor=ME, command_id=f"{turns}")
    await store.close()
    assert [await store.head(f"box-{turns}") for turns in range(12)] == [1] * 12


class Silent:
    """Rows that never come."""

    async def look_up(
        self, asks: Sequence[Ask]
    ) -> tuple[Mapping[Ask, Row | None], Mapping[Ask, str]]:
        await asyncio.Event().wait()
        raise AssertionError


async def test_every_command_is_answered_in_time(store: EventStore) -> None:
    await dispatcher(store).send(OpenBox(), "1", actor=ME)
    waiting = Dispatcher(SERVICE, store, Silent(), POLICIES, lambda: NOW, deadline_s=0.2)
    with pytest.raises(NotYet, match="store_unreachable"):
        await waiting.send(Paint(colour="red"), "1", actor=ME)
    assert (await waiting.send(THING, "1", actor=ME)).version == 2


async def test_whoever_keeps_losing_is_told_that_there_was_a_conflict(
    store: EventStore, there: Dispatcher
) -> None:
    await there.send(OpenBox(), "1", actor=ME)

    class Overtaken(EventStore):
        """A store before which somebody always comes first."""

        _last = 0

        async def append(self, *additions, **rest):  # type: ignore[no-untyped-def]  # noqa: ANN002, ANN003, ANN202
            self._last += 1
            await there.send(PutIn(thing=f"{self._last}"), "1", actor=ME)
            return await super().append(*additions, **rest)

    unlucky = Dispatcher(
        SERVICE,
        Overtaken(store._database, CODEC),
        Silent(),
        POLICIES,
        lambda: NOW,
        tries=3,
    )
    with pytest.raises(Conflict, match="conflict"):
        await unlucky.send(THING, "1", actor=ME)
    assert await store.head("box-1") == 4


async def test_what_nobody_waits_for_any_more_is_not_decided_again(
    here: Dispatcher, there: Dispatcher, store: EventStore
) -> None:
    await here.send(OpenBox(), "1", actor=ME)
    await there.send(THING, "1", actor=ME)  # of which the cache here does not know

    async def hung_up() -> bool:
        return False

    with pytest.raises(Conflict, match="conflict"):
        await here.send(PutIn(thing="late"), "1", actor=ME, wanted=hung_up)
    assert await store.head("box-1") == 2
    assert (await here.send(PutIn(thing="late"), "1", actor=ME)).version == 3


async def test_who_hangs_up_in_the_queue_does_not_keep_the_others_waiting(
    here: Dispatcher, store: EventStore
) -> None:
    await here.send(OpenBox(), "1", actor=ME)

    async def hung_up() -> bool:
        return False

    crowd = [here.send(PutIn(thing=f"{n}"), "1", actor=ME, wanted=hung_up) for n in range(20)]
    answers = await asyncio.gather(*crowd, here.send(THING, "1", actor=ME), return_exceptions=True)

    assert isinstance(answers[0], Answer)  # it did not have to wait
    assert {type(each) for each in answers[1:-1]} == {Conflict}
    assert isinstance(answers[-1], Answer)
    assert await store.head("box-1") == 3


async def test_what_nobody_knows_the_end_of_is_not_tried_again_behind_the_caller_s_back(
    store: EventStore,
) -> None:
    class Forgetful(EventStore):
        """A store that stores, and then cannot tell."""

        async def append(self, *additions, **rest):  # type: ignore[no-untyped-def]  # noqa: ANN002, ANN003, ANN202
            await super().append(*additions, **rest)
            raise NotYet("store_unreachable")

    await dispatcher(store).send(OpenBox(), "1", actor=ME)
    forgetful = Forgetful(store._database, CODEC)
    await forgetful.load(BOX, "1")
    with pytest.raises(NotYet, match="store_unreachable"):
        await dispatcher(forgetful).send(EmptyBox(), "1", actor=ME)
    assert await facts_of(store, "box-1") == ["BoxOpened", "BoxEmptied"]


async def test_every_command_is_counted_by_what_came_of_it(here: Dispatcher) -> None:
    def counted(outcome: str) -> float:
        found = REGISTRY.get_sample_value(
            "netvaerk_commands_total",
            {"service": "boxes", "command": "PutIn", "outcome": outcome},
        )
        return found or 0.0

    outcomes = ("stored", "already_so", "repeated", "full")
    before = {outcome: counted(outcome) for outcome in outcomes}
    await here.send(THING, "1", actor=ME, command_id="key")
    await here.send(THING, "1", actor=ME)
    await here.send(THING, "1", actor=ME, command_id="key")
    with pytest.raises(Refused):
        await here.send(PutIn(thing="another", room=1), "1", actor=ME)
    assert {outcome: counted(outcome) - before[outcome] for outcome in outcomes} == dict.fromkeys(
        outcomes, 1.0
    )


async def test_a_command_to_another_service_is_a_mistake(store: EventStore) -> None:
    other = replace(SERVICE, aggregates=(SHELF,))
    with pytest.raises(ValueError, match="another service"):
        await Dispatcher(other, store, Silent(), POLICIES, lambda: NOW).send(THING, "1", actor=ME)


@pytest_asyncio.fixture
async def wire(servers: Servers) -> AsyncIterator[Wire]:
    address = urlsplit(servers.mongo_uri)
    assert address.hostname
    assert address.port
    async with wire_to(address.hostname, address.port) as wire:
        yield wire


@pytest_asyncio.fixture
async def far(wire: Wire, database: Database) -> AsyncIterator[Dispatcher]:
    """A dispatcher whose store is at the other end of the wire."""
    client = connect(f"mongodb://127.0.0.1:{wire.port}/?directConnection=true", timeout_s=0.8)
    await client.admin.command("ping")
    yield dispatcher(EventStore(client[database.name], CODEC, timeout_s=1.5))
    wire.mend()
    await disconnect(client)


@pytest.mark.parametrize("command", [THING, OpenBox()])
async def test_a_repeat_after_a_lost_answer_gets_the_first_success(
    far: Dispatcher, there: Dispatcher, wire: Wire, store: EventStore, command: Command[Any, Any]
) -> None:
    wire.swallow_answers(b"insert")
    sending = asyncio.create_task(far.send(command, "1", actor=ME, command_id="key"))
    await until(lambda: store.head("box-1"))
    wire.cut()
    with pytest.raises(NotYet, match="store_unreachable"):
        await sending

    wire.mend()
    answer = await there.send(command, "1", actor=ME, command_id="key")
    assert answer.repeated
    assert answer.created
    assert (await far.send(command, "1", actor=ME, command_id="key")) == answer
    assert len(await store.read("box-1")) == 1


async def test_while_nobody_answers_the_caller_is_told_to_try_again(
    far: Dispatcher, wire: Wire
) -> None:
    await far.send(OpenBox(), "1", actor=ME)
    wire.cut()
    for command in (THING, OpenBox()):
        with pytest.raises(NotYet, match="store_unreachable"):
            await far.send(command, "1", actor=ME, command_id=type(command).__name__)
    wire.mend()
    assert (await far.send(THING, "1", actor=ME, command_id="PutIn")).version == 2
