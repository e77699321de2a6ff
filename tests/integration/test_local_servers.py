"""The local stack's servers are real, keep what they were given, and are ended with the stack."""

from pathlib import Path
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from pymongo import AsyncMongoClient

from deploy.local.description import running_stack
from deploy.local.kafka import LocalKafka
from deploy.local.kafka_install import installed
from deploy.local.mongo import SMALL, LocalMongo
from deploy.local.ports import accepts
from deploy.local.processes import DidNotStart
from deploy.local.servers import Servers
from deploy.local.stack import Stack
from shared.runtime.settings import PORTS

Documents = AsyncMongoClient[dict[str, object]]


async def test_mongodb_takes_transactions(servers: Servers, prefix: str) -> None:
    async with Documents(servers.mongo_uri) as client:
        collection = client[f"{prefix}probe"]["rows"]
        await collection.insert_one({"_id": 1})
        async with client.start_session() as session, await session.start_transaction():
            await collection.insert_one({"_id": 2}, session=session)
        assert await collection.count_documents({}) == 2


async def test_kafka_keeps_what_is_sent(servers: Servers, prefix: str) -> None:
    await new_topic(servers.kafka_bootstrap, f"{prefix}probe")
    await send(servers.kafka_bootstrap, f"{prefix}probe", b"hello")
    assert await received(servers.kafka_bootstrap, f"{prefix}probe", 1) == [b"hello"]


async def test_mongodb_killed_and_started_again_has_kept_its_address_and_its_data(
    data_folder: Path,
) -> None:
    mongo = LocalMongo(data_folder, SMALL)
    await mongo.start()
    try:
        address = mongo.uri
        async with Documents(address) as client:
            await client["kept"]["rows"].insert_one({"_id": 1})
        await mongo.kill()
        await mongo.start()
        assert mongo.uri == address
        async with Documents(address) as client:
            assert await client["kept"]["rows"].count_documents({}) == 1
    finally:
        await mongo.stop()


async def test_kafka_killed_and_started_again_has_kept_its_address_and_its_data(
    data_folder: Path,
) -> None:
    kafka = LocalKafka(data_folder, await installed(print))
    await kafka.start()
    try:
        address = kafka.bootstrap
        await new_topic(address, "kept")
        await send(address, "kept", b"before")
        await kafka.kill()
        await kafka.start()
        assert kafka.bootstrap == address
        await send(address, "kept", b"after")
        assert await received(address, "kept", 2) == [b"before", b"after"]
    finally:
        await kafka.stop()


async def test_a_stack_says_where_it_is_and_leaves_nothing_behind(data_folder: Path) -> None:
    said: list[str] = []
    async with Stack(data_folder, with_services=(), small=True, tell=said.append) as stack:
        found = running_stack(data_folder)
        assert found
        assert found.mongo_uri == stack.servers.mongo_uri
        assert stack.token(uuid4(), ["secretariat"])
        assert stack.mails() == []
        with pytest.raises(DidNotStart, match="already runs"):
            await Stack(data_folder, with_services=(), tell=said.append).start()
    assert running_stack(data_folder) is None
    ports = [address.rpartition(":")[2] for address in (found.kafka_bootstrap, found.smtp)]
    assert not any(accepts(int(port)) for port in ports)


async def test_a_stack_whose_service_cannot_run_says_why_and_ends_the_rest(
    data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(PORTS, "nonsense", 20_001)
    stack = Stack(data_folder, with_services=["nonsense"], small=True, tell=lambda _: None)
    with pytest.raises(
        DidNotStart, match=r"nonsense ended(.|\n)*No module named services.nonsense"
    ):
        await stack.start()
    assert running_stack(data_folder) is None


async def new_topic(address: str, name: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=address)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(name, num_partitions=1, replication_factor=1)])
    finally:
        await admin.close()


async def send(address: str, topic: str, content: bytes) -> None:
    async with AIOKafkaProducer(bootstrap_servers=address, acks="all") as producer:
        await producer.send_and_wait(topic, content)


async def received(address: str, topic: str, count: int) -> list[bytes]:
    consumer = AIOKafkaConsumer(bootstrap_servers=address, auto_offset_reset="earliest")
    async with consumer:
        consumer.assign([TopicPartition(topic, 0)])
        return [(await anext(consumer)).value for _ in range(count)]
