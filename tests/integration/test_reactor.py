"""What follows from a fact happens once, whatever is told again, refused, broken or killed."""

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from uuid_utils.compat import uuid7

from deploy.local.servers import Servers
from shared.contracts.messages import Message, encode_message
from shared.eventstore.database import prepare
from shared.eventstore.store import EventStore
from shared.kernel.events import Envelope, Recorded
from shared.kernel.facts import Facts
from shared.kernel.reactions import Reaction, Send, on
from shared.kernel.refusals import Unknown
from shared.kernel.views import View
from shared.projections.rows import Rows
from shared.reactions.reactor import Reactor
from shared.reactions.refused import RefusedReactions
from shared.reactions.sending import Sender
from tests.integration.cards import (
    NAME_OTHER,
    NOTE_AMOUNT,
    NOTE_MADE,
    SERVICE,
    WriteCard,
    dispatcher,
    note_made,
    service,
)
from tests.integration.reading_world import THINGS, World, eventually, running, world
from tests.unit.projections.things import CODEC, ThingMade, counted, made, stream


@pytest.fixture
async def here(servers: Servers, prefix: str) -> AsyncIterator[World]:
    async with world(servers, prefix) as made:
        await prepare(made.database)
        yield made


def reactor(
    here: World,
    *reactions: Reaction,
    instance: str = "1",
    group: str = "testing",
    views: Sequence[View[Any]] = SERVICE.views,
) -> Reactor:
    rows = Rows("testing", here.database, views, CODEC)
    dispatch = dispatcher(EventStore(here.database, CODEC), rows)
    return Reactor(
        here.reading(instance, group),
        here.database,
        service(*reactions),
        dispatch,
        rows,
        sender=Sender(here.database, dispatch, evidence_s=0.5),
    )


async def commits(here: World) -> list[dict[str, Any]]:
    return await here.database["commits"].find({}).sort("_id", 1).to_list(None)


async def texts(here: World, card: str = "made") -> list[str]:
    found = here.database["commits"].find({"stream": f"card-{card}"}).sort("_id", 1)
    return [event["data"]["text"] async for each in found for event in each["events"]]


async def refused(here: World) -> list[tuple[str, str, str]]:
    found = here.database["refused_reactions"].find({}).sort("position", 1)
    return [(each["position"], each["reaction"], each["code"]) async for each in found]


async def texts_are(here: World, wanted: Sequence[str], card: str = "made") -> bool:
    return sorted(await texts(here, card)) == sorted(wanted)


def new(fact: Recorded[Any]) -> Recorded[Any]:
    """The fact as if it had been recorded just now."""
    return replace(fact, id=str(uuid7()))


async def test_a_fact_leads_to_a_command_that_says_why(here: World) -> None:
    (fact,) = stream("spade", made("spade"))
    fact = replace(fact, envelope=Envelope(correlation_id="round-1"))
    projector = here.projector(views=SERVICE.views)
    async with running(projector, reactor(here, NOTE_MADE)):
        await here.tell([fact])
        await eventually(lambda: texts_are(here, ["spade"]))

    (commit,) = await commits(here)
    assert commit["command_id"] == "thing-spade#1/ThingMade.note_made/card-made/0"
    assert commit["envelope"]["actor"] == "system:ThingMade.note_made"
    assert commit["envelope"]["causation_id"] == "thing-spade#1"
    assert commit["envelope"]["correlation_id"] == "round-1"


async def test_what_is_looked_up_has_the_fact_in_it(here: World) -> None:
    first, *others = stream("spade", made(), *[counted(1)] * 3)
    async with running(here.projector(views=SERVICE.views), reactor(here, NOTE_AMOUNT)):
        await here.tell([first])
        for amount, fact in enumerate(others, start=1):
            await here.tell([fact])
            wanted = [str(each + 1) for each in range(amount)]
            await eventually(partial(texts_are, here, wanted, "spade"))


async def test_facts_told_again_do_nothing_again(here: World) -> None:
    names = ["spade", "refuse me", "rake"]
    facts = [fact for name in names for fact in stream(name.split()[0], made(name))]
    projector = here.projector(views=SERVICE.views)
    async with running(projector, reactor(here, NOTE_MADE)):
        await here.tell(facts)
        await eventually(lambda: texts_are(here, ["spade", "rake"]))
        await eventually(lambda: reacted_to(here, len(names)))
        assert (await here.database["refused_reactions"].delete_many({})).deleted_count == 1
        await here.tell(facts)
        await here.tell(stream("last", made("last")))
        await eventually(lambda: texts_are(here, ["spade", "rake", "last"]))

    assert await refused(here) == []


async def reacted_to(here: World, streams: int) -> bool:
    return await here.database["reacted"].count_documents({}) == streams


async def test_a_refusal_is_written_down_and_stops_nothing(here: World) -> None:
    async with running(here.projector(views=SERVICE.views), reactor(here, NOTE_MADE)):
        await here.tell(stream("a", made("refuse me"), counted(), made("after")))
        await eventually(lambda: texts_are(here, ["after"]))

    (note,) = await here.database["refused_reactions"].find({}).to_list(None)
    assert note["_id"] == "thing-a#1/ThingMade.note_made/card-made/0"
    assert note["position"] == "thing-a@1"
    assert note["reaction"] == "ThingMade.note_made"
    assert (note["command"], note["stream"]) == ("WriteCard", "card-made")
    assert (note["code"], note["rule"], note["facts"]) == ("not_that", "R1", {"text": "refuse me"})


def refusals(
    here: World, *reactions: Reaction, views: Sequence[View[Any]] = SERVICE.views
) -> RefusedReactions:
    rows = Rows("testing", here.database, views, CODEC)
    dispatch = dispatcher(EventStore(here.database, CODEC), rows)
    return RefusedReactions(service(*reactions), here.database, CODEC, dispatch, rows)


async def test_what_was_refused_is_tried_again_on_somebody_s_word(here: World) -> None:
    async with running(here.projector(views=SERVICE.views), reactor(here, NOTE_MADE)):
        await here.tell(stream("a", made("refuse me"), counted(), made("after")))
        await eventually(lambda: texts_are(here, ["after"]))

    (note,) = await refusals(here, NOTE_MADE).listed()
    assert (note.position, note.reaction, note.code) == ("thing-a@1", NOTE_MADE.name, "not_that")
    (again,) = await refusals(here, NOTE_MADE).retry(note.id)
    assert (again.id, again.code) == (note.id, "not_that")
    assert again.at > note.at

    # The same reaction, as its author has mended it.
    def note_made(fact: Recorded[ThingMade], facts: Facts) -> Sequence[Send]:
        return [Send("made", WriteCard(text="mended"))]

    mended = on(ThingMade, note_made)
    assert mended.name == NOTE_MADE.name
    assert await refusals(here, mended).retry(note.id) == []
    assert await texts(here) == ["after", "mended"]
    assert await refusals(here, mended).listed() == []
    with pytest.raises(Unknown):
        await refusals(here, mended).retry(note.id)


async def test_a_record_that_said_nothing_is_reacted_to_once_it_can_be_read(here: World) -> None:
    (fact,) = stream("a", made("a spade"))
    message = encode_message(fact, CODEC, here.prefix)
    async with running(reactor(here, NOTE_MADE)):
        await here.send([replace(message, headers=())])
        await eventually(lambda: has_refused(here))
    (note,) = await refusals(here, NOTE_MADE).listed("failed")
    (again,) = await refusals(here, NOTE_MADE, views=()).retry(note.id)
    assert again.id == note.id
    headers = [list(each) for each in message.headers]
    readable = {"$set": {"record.headers": headers}}
    await here.database["refused_reactions"].update_one({"_id": note.id}, readable)

    assert await refusals(here, NOTE_MADE, views=()).retry(note.id) == []
    assert await texts(here) == ["a spade"]
    assert await refused(here) == []


async def test_a_fact_whose_predecessor_is_missing_is_held_back_until_it_is_told(
    here: World,
) -> None:
    first, second, third = stream("a", made("one"), made("two"), made("three"))
    async with running(reactor(here, NOTE_MADE, views=())):
        await here.tell([first, third])
        await eventually(lambda: has_refused(here))
        assert await texts(here) == ["one"]
        ((position, _, code),) = await refused(here)
        assert (position, code) == (third.position, "gap")
        await here.tell([second, third])
        await eventually(lambda: texts_are(here, ["one", "two", "three"]))
        await eventually(lambda: refused_are(here, 0))


async def test_a_topic_made_anew_that_begins_out_of_order_costs_no_reaction(here: World) -> None:
    facts = stream("a", *(made(f"{number}") for number in range(5)))
    async with running(reactor(here, NOTE_MADE, views=())):
        await here.tell(facts[:2])
        await eventually(lambda: texts_are(here, ["0", "1"]))
        await here.renew()
        await here.tell(facts[4:])
        await eventually(lambda: has_refused(here))
        await here.renew()
        await here.tell(facts)
        await eventually(lambda: texts_are(here, [f"{number}" for number in range(5)]))


async def test_a_version_that_is_gone_for_good_is_passed_over_on_somebody_s_word(
    here: World,
) -> None:
    first, _, third, fourth = stream("a", *(made(f"{number}") for number in range(4)))
    async with running(reactor(here, NOTE_MADE, views=())):
        await here.tell([first, third])
        await eventually(lambda: has_refused(here))
        (note,) = await refusals(here, NOTE_MADE).listed("gap")
        assert await refusals(here, NOTE_MADE, views=()).retry(note.id) == []
        await here.tell([fourth])
        await eventually(lambda: texts_are(here, ["0", "2", "3"]))
    assert await refused(here) == []


async def has_refused(here: World) -> bool:
    return await refused(here) != []


async def test_a_mistake_in_the_program_is_written_down_and_stops_nothing(here: World) -> None:
    facts = [
        *stream("a", made("a"), counted(99), counted(1)),
        *stream("b", made("break")),
        *stream("c", made("c")),
    ]
    async with running(here.projector(views=SERVICE.views), reactor(here, NOTE_MADE, NOTE_AMOUNT)):
        await here.tell(facts)
        await eventually(lambda: texts_are(here, ["a", "c"]))
        await eventually(lambda: texts_are(here, ["100"], "a"))
        await eventually(lambda: refused_are(here, 2))

    assert await refused(here) == [
        ("thing-a@2", "ThingCounted.note_amount", "failed"),
        ("thing-b@1", "ThingMade.note_made", "failed"),
    ]


async def refused_are(here: World, number: int) -> bool:
    return len(await refused(here)) == number


async def test_evidence_is_waited_for_but_not_for_ever(here: World) -> None:
    waits = stream("waits", made("waits", "later"))
    never = stream("never", made("never", "nobody"))
    async with running(here.projector(views=SERVICE.views), reactor(here, NAME_OTHER)):
        await here.tell([*waits, *never])
        await asyncio.sleep(0.2)
        await here.tell(stream("later", made("the later one", "spade")))
        await eventually(lambda: texts_are(here, ["the later one"], "named"))
        await eventually(lambda: refused_are(here, 2))

    codes = {position: code for position, _, code in await refused(here)}
    assert codes == {"thing-never@1": "evidence_missing", "thing-later@1": "evidence_missing"}


async def test_bytes_that_are_no_fact_are_written_down_and_passed_over(here: World) -> None:
    bad = Message(here.prefix + THINGS, b"\xfe", b"{", ())
    async with running(here.projector(views=SERVICE.views), reactor(here, NOTE_MADE)):
        await here.send([bad])
        await here.tell(stream("spade", made("spade")))
        await eventually(lambda: texts_are(here, ["spade"]))

    ((where, _, code),) = await refused(here)
    assert where.startswith(f"{here.prefix}{THINGS}/")
    assert code == "failed"


async def test_a_stream_that_is_parked_gets_no_reaction_and_stops_nothing(here: World) -> None:
    first, _, third = stream("gap", made("gap"), counted(1), counted(2))
    async with running(here.projector(views=SERVICE.views), reactor(here, NOTE_MADE, NOTE_AMOUNT)):
        await here.tell([first, third, *stream("spade", made("spade"))])
        await eventually(lambda: texts_are(here, ["gap", "spade"]))
        await eventually(lambda: refused_are(here, 1))

    assert await refused(here) == [("thing-gap@3", "", "gap")]


async def test_only_what_is_new_counts_where_history_does_not(here: World) -> None:
    only_new = on(ThingMade, note_made, history="new")
    before = [new(fact) for fact in stream("before", made("before"))]
    await here.tell(before)
    after = stream("after", made("after"))
    async with running(here.projector(views=SERVICE.views), reactor(here, only_new)):
        await eventually(lambda: here.database["reactions"].find_one({}))
        await here.tell([new(fact) for fact in after])
        await eventually(lambda: texts_are(here, ["after"]))


async def test_a_reaction_deployed_later_gets_all_of_history_if_it_wants_it(here: World) -> None:
    facts = [fact for n in range(5) for fact in stream(f"t{n}", made(f"t{n}"), counted(n))]
    names = [f"t{n}" for n in range(5)]
    async with running(here.projector(views=SERVICE.views), reactor(here, NOTE_MADE)):
        await here.tell(facts)
        await eventually(lambda: texts_are(here, names))
    async with running(here.projector(views=SERVICE.views), reactor(here, NOTE_MADE, NOTE_AMOUNT)):
        await eventually(lambda: texts_are(here, ["4"], "t4"))
        await here.tell(stream("last", made("last")))
        await eventually(lambda: texts_are(here, [*names, "last"]))

    assert await texts(here, "t3") == ["3"]


async def test_two_reactors_and_a_zombie_do_everything_once(here: World) -> None:
    names = [f"t{n}" for n in range(100)]
    async with running(
        here.projector(views=SERVICE.views),
        reactor(here, NOTE_MADE),
        reactor(here, NOTE_MADE, instance="2"),
        reactor(here, NOTE_MADE, group="zombie"),
    ):
        await here.tell([fact for name in names for fact in stream(name, made(name))])
        await eventually(lambda: texts_are(here, names))


async def test_a_reactor_killed_at_any_moment_does_everything_once(here: World) -> None:
    names = [f"t{n}" for n in range(150)]
    async with running(here.projector(views=SERVICE.views)):
        await here.tell([fact for name in names for fact in stream(name, made(name))])
        for _ in range(5):
            task = asyncio.create_task(reactor(here, NOTE_MADE).run())
            await asyncio.sleep(random.uniform(0.2, 0.8))
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        async with running(reactor(here, NOTE_MADE)):
            await eventually(lambda: texts_are(here, names))
