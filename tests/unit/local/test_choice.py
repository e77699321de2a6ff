"""Which servers a stack takes."""

import asyncio
from pathlib import Path

import pytest

from deploy.local import containers
from deploy.local.choice import KAFKA_BOOTSTRAP, MONGO_URI, WISH, Sources, choose
from deploy.local.containers import kafka_in_container, mongo_in_container
from deploy.local.engine import why_no_engine
from deploy.local.processes import DidNotStart
from deploy.local.servers import running

NAMED_MONGO = {MONGO_URI: "mongodb://db.example/?replicaSet=rs0"}
NAMED_KAFKA = {KAFKA_BOOTSTRAP: "kafka.example:9092"}


def engine() -> str | None:
    return None


def no_engine() -> str | None:
    return "nobody listens"


def test_servers_named_in_the_environment_come_first() -> None:
    assert choose(NAMED_MONGO | NAMED_KAFKA, engine) == Sources("environment", "environment")


def test_containers_come_second_where_an_engine_answers() -> None:
    assert choose({}, engine) == Sources("container", "container")


def test_processes_come_last() -> None:
    assert choose({}, no_engine) == Sources("process", "process")


def test_each_server_is_chosen_by_itself() -> None:
    assert choose(NAMED_MONGO, no_engine) == Sources("environment", "process")
    assert choose(NAMED_KAFKA, engine) == Sources("container", "environment")


def test_processes_can_be_asked_for_although_an_engine_answers() -> None:
    assert choose({WISH: "processes"}, engine) == Sources("process", "process")


def test_containers_that_are_asked_for_are_never_replaced_by_something_else() -> None:
    with pytest.raises(DidNotStart, match="no Docker engine answers: nobody listens"):
        choose({WISH: "containers"}, no_engine)


def test_a_wish_that_nobody_knows_is_refused() -> None:
    with pytest.raises(DidNotStart, match="'containers' or 'processes'"):
        choose({WISH: "cloud"}, engine)


@pytest.mark.parametrize(
    ("answer", "refusal"),
    [(b"HTTP/1.1 200 OK\r\n\r\nOK", None), (b"HTTP/1.1 500 No\r\n\r\n", "500 No")],
)
async def test_an_engine_is_one_that_answers_its_ping(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: bytes, refusal: str | None
) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()
        writer.close()

    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path / 'engine'}")
    async with await asyncio.start_unix_server(serve, tmp_path / "engine"):
        found = await asyncio.to_thread(why_no_engine)
    assert found is None if refusal is None else refusal in (found or "")


def test_no_engine_is_said_with_its_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/engine")
    assert why_no_engine() == f"unix://{tmp_path}/engine: No such file or directory"


def test_an_engine_on_another_machine_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "tcp://build.example:2376")
    assert "not the unix socket" in (why_no_engine() or "")


def test_a_container_s_server_is_reached_on_loopback_under_one_port_inside_and_outside() -> None:
    kafka = kafka_in_container()
    assert kafka.published == {f"{kafka.port}/tcp": ("127.0.0.1", kafka.port)}
    assert kafka.env["KAFKA_ADVERTISED_LISTENERS"] == f"PLAINTEXT://127.0.0.1:{kafka.port}"
    assert kafka.env["KAFKA_LISTENERS"].startswith(f"PLAINTEXT://0.0.0.0:{kafka.port},")
    assert kafka.address == f"127.0.0.1:{kafka.port}"


def test_mongodb_in_a_container_is_a_replica_set_too() -> None:
    mongo = mongo_in_container()
    assert str(mongo.command).startswith(f"mongod --bind_ip_all --replSet rs0 --port {mongo.port} ")
    assert mongo.address == f"mongodb://127.0.0.1:{mongo.port}/?replicaSet=rs0"


class Engineless:
    """Stands for a container where no engine can run one."""

    stopped = False

    def start(self) -> None:
        """Do nothing."""

    def stop(self) -> None:
        """Remember it."""
        self.stopped = True

    def get_logs(self) -> tuple[bytes, bytes]:
        """Give the last words of a server without room."""
        return b"starting", b"no space left"


async def test_a_container_that_is_never_ready_is_reported_with_its_log_and_ended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    container = Engineless()
    monkeypatch.setattr(containers, "_described", lambda _: container)
    mongo = mongo_in_container()
    with pytest.raises(DidNotStart, match=r"mongo:8 was not ready(.|\n)*no space left"):
        await mongo.start(within_s=0.0)
    await mongo.stop()
    assert container.stopped


async def test_a_container_needs_an_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETVAERK_SERVERS", "containers")
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/engine")
    with pytest.raises(DidNotStart, match="asks for containers, but no Docker engine answers"):
        async with running(tmp_path):
            pass
