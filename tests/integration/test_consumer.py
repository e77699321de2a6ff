"""A member of a group gets its partitions, those of topics that are made later included."""

from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from deploy.local.servers import Servers
from shared.eventstore.database import connect, database_of, disconnect
from shared.projections.consumer import Consumer, Group
from shared.projections.feed import Feed
from shared.projections.marks import Marks
from shared.projections.tables import Tables
from tests.integration.patience import until
from tests.unit.projections.things import CODEC


async def make(servers: Servers, topic: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=servers.kafka_bootstrap)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(topic, num_partitions=2, replication_factor=1)])
    finally:
        await admin.close()


def member(servers: Servers, prefix: str, number: int, topics: list[str]) -> Consumer:
    group = Group(f"{prefix}{topics[0]}", f"{prefix}{topics[0]}.{number}")
    return Consumer(servers.kafka_bootstrap, group, topics, metadata_max_age_ms=200)


async def until_shared(topics: list[str], *members: Consumer) -> None:
    """Wait until each partition of the topics is one member's."""

    async def shared() -> bool:
        for each in members:
            for partition in each.unsettled:
                each.settle(partition, 0)
            await each.records(most=1, wait_s=0.05)
        found = [partition for each in members for partition in each.assigned]
        return sorted(found) == [(topic, number) for topic in topics for number in range(2)]

    await until(shared)


async def test_a_member_that_came_back_hears_of_topics_made_since(
    servers: Servers, prefix: str
) -> None:
    topics = [f"{prefix}{name}" for name in ("back-a", "back-b", "back-c")]
    await make(servers, topics[0])
    first = member(servers, prefix, 1, topics)
    await first.start()
    await until_shared(topics[:1], first)
    await first.stop()  # its place in the group is kept for it

    await make(servers, topics[1])
    again = member(servers, prefix, 1, topics)
    await again.start()
    await until_shared(topics[:2], again)  # made while it was away
    await make(servers, topics[2])
    await until_shared(topics, again)  # made when it had come back
    await again.stop()


async def test_a_member_that_its_group_takes_for_another_hears_of_topics_made_since(
    servers: Servers, prefix: str
) -> None:
    topics = [f"{prefix}{name}" for name in ("other-a", "other-b")]
    await make(servers, topics[0])
    one = member(servers, prefix, 1, topics)
    await one.start()
    await until_shared(topics[:1], one)

    # What the client does when the group says that it does not know its id or its generation.
    one._running._coordinator.reset_generation()
    await until(lambda: _joined(one))
    await make(servers, topics[1])
    await until_shared(topics, one)
    await one.stop()


async def test_a_topic_that_a_client_has_missed_is_asked_for(servers: Servers, prefix: str) -> None:
    topics = [f"{prefix}{name}" for name in ("missed-a", "missed-b")]
    await make(servers, topics[0])
    client = connect(servers.mongo_uri)
    one = member(servers, prefix, 1, topics)
    feed = Feed(
        one, Marks(Tables(database_of(client, "feed", prefix), ()), "reader"), CODEC, neglected_s=3
    )
    await feed.start()

    async def reads(*wanted: str) -> bool:
        await feed.next(most=1, wait_s=0.05)
        await feed.tell()
        return sorted(feed.partitions) == [(topic, n) for topic in wanted for n in range(2)]

    await until(lambda: reads(topics[0]))
    one._running._coordinator._group_subscription = None  # it looks for nothing new any more
    await make(servers, topics[1])
    await until(lambda: reads(*topics))
    await feed.stop()
    await disconnect(client)


async def _joined(one: Consumer) -> bool:
    return bool(one._running._coordinator.member_id)


async def test_members_that_came_back_share_what_was_made_since(
    servers: Servers, prefix: str
) -> None:
    topics = [f"{prefix}{name}" for name in ("both-a", "both-b")]
    await make(servers, topics[0])
    members = [member(servers, prefix, number, topics) for number in range(2)]
    for each in members:
        await each.start()
    await until_shared(topics[:1], *members)
    for each in members:
        await each.stop()

    members = [member(servers, prefix, number, topics) for number in range(2)]
    for each in members:
        await each.start()
    await until_shared(topics[:1], *members)
    await make(servers, topics[1])
    await until_shared(topics, *members)
    for each in members:
        await each.stop()


async def test_a_member_that_reads_fewer_topics_than_before_reads_on(
    servers: Servers, prefix: str
) -> None:
    topics = [f"{prefix}{name}" for name in ("few-a", "few-b")]
    for topic in topics:
        await make(servers, topic)
    first = member(servers, prefix, 1, topics)
    await first.start()
    await until_shared(topics, first)
    await first.stop()

    again = member(servers, prefix, 1, topics[:1])
    await again.start()
    await until_shared(topics[:1], again)
    await again.stop()
