"""The description for Docker agrees with the services, the settings and the local stack."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.local import kafka
from deploy.local.containers import KAFKA_IMAGE, MONGO_IMAGE
from shared.runtime.settings import PORTS, Settings

ROOT = Path(__file__).parents[3]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text())
DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text()
CONTAINERS: dict[str, Any] = COMPOSE["services"]

every_service = pytest.mark.parametrize("name", PORTS)


def test_every_service_has_a_container_and_nothing_else_has() -> None:
    assert set(CONTAINERS) == {*PORTS, "mongo", "kafka"}
    assert all((ROOT / "services" / name).is_dir() for name in PORTS)


NAMED_BY_OPERATOR = {
    "NETVAERK_ISSUER": "https://login.kommune.example",
    "NETVAERK_JWKS": "https://login.kommune.example/keys",
    "NETVAERK_SMTP": "mail.kommune.example:25",
}


@every_service
def test_a_service_is_told_only_what_it_understands(name: str) -> None:
    given = {
        # What the operator has to name stands there as ${NAME:?why} or ${NAME:-default}.
        key: NAMED_BY_OPERATOR.get(key) or re.sub(r"^\$\{\w+:-(.*)\}$", r"\1", str(value))
        for key, value in CONTAINERS[name]["environment"].items()
    }
    settings = Settings.from_environment(name, given)
    assert {f"NETVAERK_{field.upper()}" for field in settings.model_fields_set} == set(given)
    assert settings.profile == "production"
    assert settings.port == PORTS[name]


@every_service
def test_a_service_s_container_may_do_as_little_as_it_can(name: str) -> None:
    container = CONTAINERS[name]
    assert container["command"] == ["python", "-m", f"services.{name}"]
    assert container["read_only"] is True
    assert container["cap_drop"] == ["ALL"]
    assert container["security_opt"] == ["no-new-privileges:true"]
    assert container["ports"] == [f"127.0.0.1:{PORTS[name]}:{PORTS[name]}"]


@every_service
def test_a_service_s_container_is_healthy_when_the_service_is_ready(name: str) -> None:
    assert f":{PORTS[name]}/health/ready" in CONTAINERS[name]["healthcheck"]["test"][-1]


def test_the_servers_are_those_of_the_local_stack_and_not_published() -> None:
    assert CONTAINERS["mongo"]["image"] == MONGO_IMAGE
    assert CONTAINERS["kafka"]["image"] == KAFKA_IMAGE
    assert all("ports" not in CONTAINERS[name] for name in ("mongo", "kafka"))
    assert "transactionLifetimeLimitSeconds=3" in CONTAINERS["mongo"]["command"]


def test_kafka_s_settings_are_those_of_the_local_stack() -> None:
    spelled = {
        key.removeprefix("KAFKA_").lower().replace("_", "."): str(value)
        for key, value in CONTAINERS["kafka"]["environment"].items()
        if key.startswith("KAFKA_")
    }
    addresses = {"controller.quorum.voters", "listeners", "advertised.listeners"}
    local = kafka.settings(9092, 9093)
    assert spelled.keys() == local.keys() | {"log.dirs"}
    assert all(spelled[key] == local[key] for key in local.keys() - addresses)


def test_the_image_copies_what_exists_and_what_docker_is_shown() -> None:
    shown = (ROOT / ".dockerignore").read_text().split()
    copied = [
        source
        for line in re.findall(r"^COPY (?!--from)(.*)$", DOCKERFILE, re.MULTILINE)
        for source in line.split()[:-1]
    ]
    assert copied
    assert all((ROOT / source).exists() and f"!{source}" in shown for source in copied)


def test_the_image_does_not_run_as_root() -> None:
    assert re.findall(r"^USER (.*)$", DOCKERFILE, re.MULTILINE) == ["10001:10001"]


def test_no_secret_is_written_down() -> None:
    text = (ROOT / "deploy" / "compose.yaml").read_text() + DOCKERFILE
    assert not re.search(r"(?i)(password|secret|token|key)\w*\s*[:=]\s*[^\s$]", text)
