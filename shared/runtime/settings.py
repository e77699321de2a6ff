"""What a process is told by its environment, checked before anything starts."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, FilePath, ValidationError, model_validator

LOCAL_ISSUER = "netvaerk-local"
"""Who issues the tokens of the local stack; no production setting accepts them."""

Loopback = "127.0.0.1"
Address = Annotated[str, Field(pattern=r"^[^\s,]+:\d{1,5}$")]
Addresses = Annotated[str, Field(pattern=r"^[^\s,]+:\d{1,5}(,[^\s,]+:\d{1,5})*$")]
PORTS = {"themes": 8101, "networks": 8102, "training": 8103, "notifications": 8104}


class Settings(BaseModel):
    """The settings of one service process; each field is NETVAERK_<FIELD> in the environment."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    profile: Literal["local", "production"] = "production"
    mongo_uri: str = "mongodb://127.0.0.1:27017/?replicaSet=rs0"
    kafka_bootstrap: Addresses = "127.0.0.1:9092"
    prefix: Annotated[str, Field(pattern=r"^[a-z0-9_.-]{0,40}$")] = ""
    """Prepended to the names of databases, topics and groups, so that stacks can share servers."""
    host: str = Loopback
    port: Annotated[int, Field(ge=0, le=65535)] = 8100
    jwks: str
    """The issuer's keys: a path or an https URL."""
    issuer: str
    audience: str = "netvaerk"
    roles_claim: str = "roles"
    role_map: Annotated[Mapping[str, str], Field(default_factory=dict)]
    """The issuer's names of roles -> ours, as JSON; names that are ours already need no entry."""
    policy: FilePath | None = None
    clock_file: Path | None = None
    """Moves the business clock; the local stack's alone."""
    smtp: Address = "127.0.0.1:25"
    mail_from: str = "netvaerk@kommune.example"
    """The shared mailbox: sender and reply-to of every mail (R22)."""
    secretariat_email: str = "netvaerk@kommune.example"
    instance: str = "1"
    """Tells apart the workers of one service; the same one keeps it through restarts."""

    @model_validator(mode="after")
    def _safe_in_production(self) -> "Settings":
        if self.profile == "production":
            if self.issuer == LOCAL_ISSUER:
                raise ValueError("tokens of the local stack are not accepted in production")
            if self.jwks.startswith("http://"):
                raise ValueError("keys that came over plain http could be anybody's")
            if self.clock_file is not None:
                raise ValueError("the business clock cannot be moved in production")
        return self

    @classmethod
    def from_environment(cls, service: str, environment: Mapping[str, str]) -> "Settings":
        """Read NETVAERK_…; raises SystemExit that names every setting that is missing or wrong."""
        given: dict[str, object] = {"port": PORTS[service]}
        for field in cls.model_fields:
            value = environment.get(f"NETVAERK_{field.upper()}")
            if value:
                given[field] = value
        if isinstance(given.get("role_map"), str):
            given["role_map"] = _json_object(str(given["role_map"]))
        try:
            return cls.model_validate(given)
        except ValidationError as problem:
            lines = [
                f"  NETVAERK_{'_'.join(map(str, each['loc'])).upper() or '*'}: {each['msg']}"
                for each in problem.errors()
            ]
            raise SystemExit("the settings are wrong:\n" + "\n".join(lines)) from None


def _json_object(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return text
