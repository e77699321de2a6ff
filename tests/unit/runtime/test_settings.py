"""A process says what is wrong with its settings before it starts anything."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from shared.runtime.clock import Clock
from shared.runtime.settings import Settings

KEYS = {"NETVAERK_JWKS": "/keys.json", "NETVAERK_ISSUER": "https://login.kommune.example"}
LOCAL = {**KEYS, "NETVAERK_PROFILE": "local", "NETVAERK_ISSUER": "netvaerk-local"}


def test_each_service_has_a_port_of_its_own() -> None:
    assert Settings.from_environment("networks", KEYS).port == 8102
    assert Settings.from_environment("themes", {**KEYS, "NETVAERK_PORT": "9000"}).port == 9000


def test_a_missing_setting_is_named() -> None:
    with pytest.raises(SystemExit, match="NETVAERK_JWKS"):
        Settings.from_environment("themes", {"NETVAERK_ISSUER": "x"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("KAFKA_BOOTSTRAP", "nonsense"),
        ("KAFKA_BOOTSTRAP", "broker:9092, other:9092"),
        ("SMTP", "mail.kommune.example"),
        ("POLICY", "/no/such/policy.yaml"),
        ("PORT", "http"),
        ("PREFIX", "A/B"),
    ],
)
def test_a_wrong_setting_is_named(name: str, value: str) -> None:
    with pytest.raises(SystemExit, match=f"NETVAERK_{name}"):
        Settings.from_environment("themes", {**KEYS, f"NETVAERK_{name}": value})


def test_production_accepts_no_local_tokens() -> None:
    with pytest.raises(SystemExit, match="local stack"):
        Settings.from_environment("themes", {**KEYS, "NETVAERK_ISSUER": "netvaerk-local"})


def test_production_has_no_movable_clock() -> None:
    with pytest.raises(SystemExit, match="clock"):
        Settings.from_environment("themes", {**KEYS, "NETVAERK_CLOCK_FILE": "/clock.json"})


def test_the_local_stack_may_do_both() -> None:
    settings = Settings.from_environment("themes", {**LOCAL, "NETVAERK_CLOCK_FILE": "/c.json"})
    assert settings.clock_file == Path("/c.json")


def test_roles_are_mapped_from_json() -> None:
    mapping = {"NETVAERK_ROLE_MAP": '{"Netvaerk-Admin": "secretariat"}'}
    settings = Settings.from_environment("themes", {**KEYS, **mapping})
    assert settings.role_map == {"Netvaerk-Admin": "secretariat"}
    with pytest.raises(SystemExit, match="NETVAERK_ROLE_MAP"):
        Settings.from_environment("themes", {**KEYS, "NETVAERK_ROLE_MAP": "nonsense"})


def test_the_business_clock_follows_its_file(tmp_path: Path) -> None:
    file = tmp_path / "clock.json"
    clock = Clock(file)
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(minutes=1)
    file.write_text(json.dumps({"offset_s": -86400.0}))
    assert abs(clock.now() - datetime.now(UTC) + timedelta(days=1)) < timedelta(minutes=1)
