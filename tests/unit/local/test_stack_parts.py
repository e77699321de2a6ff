"""The small parts of a local stack: tokens, clock, mails, ports, files."""

import asyncio
import json
import os
import smtplib
import stat
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from uuid import UUID

import jwt
import pytest

from deploy.local import clock, identity, mail, services
from deploy.local.description import Description, running_stack, write_description
from deploy.local.files import InUse, locked
from deploy.local.ports import LOOPBACK, accepts, free_port, kept_port
from deploy.local.processes import Child, DidNotStart
from deploy.local.servers import Part, Servers
from deploy.local.up import delete_data
from shared.runtime.settings import Settings

PERSON = UUID("01890a5d-ac96-774b-bcce-b302099a8057")
SERVERS = Servers("mongodb://127.0.0.1:21000/?replicaSet=rs0", "127.0.0.1:21001", ())
CLOSING_2013 = datetime(2013, 9, 2, 8, 0, tzinfo=UTC)


def verified(folder: Path, token: str) -> dict[str, object]:
    keys = jwt.PyJWKSet.from_json((folder / identity.JWKS_FILE).read_text())
    key = keys[jwt.get_unverified_header(token)["kid"]]
    claims: dict[str, object] = jwt.decode(
        token, key, algorithms=["RS256"], audience="netvaerk", issuer="netvaerk-local"
    )
    return claims


def test_a_token_is_verified_by_the_published_key(tmp_path: Path) -> None:
    claims = verified(tmp_path, identity.issue(tmp_path, PERSON, ["secretariat"]))
    assert claims["sub"] == str(PERSON)
    assert claims["roles"] == ["secretariat"]


def test_a_token_runs_out(tmp_path: Path) -> None:
    token = identity.issue(tmp_path, PERSON, [], ttl_s=-1)
    with pytest.raises(jwt.ExpiredSignatureError):
        verified(tmp_path, token)


def test_the_key_stays_the_same_and_is_for_its_owner_alone(tmp_path: Path) -> None:
    published = identity.prepare(tmp_path).read_text()
    token = identity.issue(tmp_path, PERSON, [])
    assert identity.prepare(tmp_path).read_text() == published
    assert verified(tmp_path, token)
    assert stat.S_IMODE((tmp_path / identity.KEY_FILE).stat().st_mode) == 0o600
    assert set(json.loads(published)["keys"][0]) <= {
        "kty",
        "key_ops",
        "n",
        "e",
        "kid",
        "use",
        "alg",
    }


def test_another_stack_s_tokens_are_not_verified(tmp_path: Path) -> None:
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        identity.prepare(tmp_path / name)
    with pytest.raises(KeyError):
        verified(tmp_path / "one", identity.issue(tmp_path / "other", PERSON, []))


def test_the_business_clock_runs_on_from_where_it_was_set(tmp_path: Path) -> None:
    clock.write_clock(tmp_path, CLOSING_2013)
    assert timedelta(0) <= clock.business_now(tmp_path) - CLOSING_2013 < timedelta(seconds=5)


def test_the_business_clock_is_real_time_until_it_is_set(tmp_path: Path) -> None:
    clock.prepare(tmp_path)
    assert abs(clock.business_now(tmp_path) - datetime.now(UTC)) < timedelta(seconds=5)


def test_a_clock_that_was_set_stays_set_at_the_next_start(tmp_path: Path) -> None:
    clock.write_clock(tmp_path, CLOSING_2013)
    clock.prepare(tmp_path)
    assert clock.business_now(tmp_path).year == 2013


def test_the_clock_needs_a_time_zone(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="time zone"):
        clock.write_clock(tmp_path, datetime(2013, 9, 2))  # noqa: DTZ001


@pytest.fixture
async def catcher(tmp_path: Path) -> AsyncIterator[int]:
    port = free_port()
    where = f"--folder {tmp_path / 'mails'} --port {port}".split()
    command = [sys.executable, "-m", "deploy.local.mail", *where]
    child = Child("mail", command, log=tmp_path / "log", cwd=services.PROJECT)

    async def listens() -> bool:
        return accepts(port)

    await child.until(listens)
    yield port
    await child.stop()
    assert child.exit_code == 0


async def test_a_mail_that_was_sent_is_found(tmp_path: Path, catcher: int) -> None:
    message = EmailMessage()
    message["From"] = "netvaerk@kommune.example"
    message["To"] = "Åse <aase@kommune.example>, bo@kommune.example"
    message["Subject"] = "Nyt netværk på vej"
    message["Message-ID"] = "<1@kommune.example>"
    message.set_content("Kære Åse\n")

    def send() -> None:
        with smtplib.SMTP(LOOPBACK, catcher) as client:
            client.send_message(message)
            client.send_message(message)

    await asyncio.to_thread(send)
    first, second = mail.read_mails(tmp_path / "mails")
    assert first == second
    assert first.subject == "Nyt netværk på vej"
    assert first.to == ("aase@kommune.example", "bo@kommune.example")
    assert first.body.strip() == "Kære Åse"
    assert first.message_id == "<1@kommune.example>"


def test_no_mails_are_no_error(tmp_path: Path) -> None:
    assert mail.read_mails(tmp_path / "nothing yet") == []


def test_a_folder_keeps_its_ports(tmp_path: Path) -> None:
    port = kept_port(tmp_path, "mongod")
    assert kept_port(tmp_path, "mongod") == port != kept_port(tmp_path, "kafka")


async def test_a_port_that_was_taken_is_replaced(tmp_path: Path) -> None:
    port = kept_port(tmp_path, "mongod")
    async with await asyncio.start_server(lambda *_: None, LOOPBACK, port):
        assert kept_port(tmp_path, "mongod") != port


async def test_a_lock_is_held_by_one_at_a_time(tmp_path: Path) -> None:
    async with locked(tmp_path / "lock", wait_s=0.0):
        with pytest.raises(InUse):
            async with locked(tmp_path / "lock", wait_s=0.0):
                pass
    async with locked(tmp_path / "lock", wait_s=0.0):
        pass


@pytest.mark.parametrize("service", services.SERVICES)
def test_a_service_understands_what_it_is_told(tmp_path: Path, service: str) -> None:
    told = services.Setting(tmp_path, SERVERS, "127.0.0.1:2525", "t1-").environment(8101)
    settings = Settings.from_environment(service, told)
    assert {f"NETVAERK_{name.upper()}" for name in settings.model_fields_set} == set(told)
    assert settings.clock_file == tmp_path / "clock.json"


def test_a_service_gets_another_port_where_its_own_is_taken() -> None:
    chosen = services.ports(services.SERVICES)
    assert list(chosen) == ["themes", "networks", "training", "notifications"]
    assert len(set(chosen.values())) == 4


async def test_nothing_is_not_ready() -> None:
    assert not await services.is_ready(services.url(free_port()))


def test_a_running_stack_is_found_and_one_that_has_ended_is_not(tmp_path: Path) -> None:
    running = Description(
        folder=tmp_path,
        pid=os.getpid(),
        mongo_uri=SERVERS.mongo_uri,
        kafka_bootstrap=SERVERS.kafka_bootstrap,
        prefix="",
        smtp="127.0.0.1:2525",
        urls={"themes": "http://127.0.0.1:8101"},
        parts=(Part("MongoDB", "8.0.1", "local process", 1234),),
    )
    assert running_stack(tmp_path) is None
    write_description(running)
    assert running_stack(tmp_path) == running


async def test_only_a_stack_s_own_folder_is_deleted(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(DidNotStart, match="nothing was deleted"):
        await delete_data(tmp_path)
    assert (tmp_path / "thesis.txt").exists()


async def test_the_folder_of_a_running_stack_is_not_deleted(tmp_path: Path) -> None:
    async with locked(tmp_path / "stack.lock", wait_s=0.0):
        with pytest.raises(DidNotStart, match="A stack runs"):
            await delete_data(tmp_path)
    await delete_data(tmp_path)
    assert list(tmp_path.parent.glob(tmp_path.name)) == []
