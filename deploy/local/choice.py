"""Where MongoDB and Kafka come from: the environment, containers, or processes of this machine.

Each of the two is chosen by itself, in that order. `NETVAERK_SERVERS=containers` or `processes`
settles it where both would do.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from deploy.local.processes import DidNotStart

MONGO_URI = "NETVAERK_MONGO_URI"
KAFKA_BOOTSTRAP = "NETVAERK_KAFKA_BOOTSTRAP"
WISH = "NETVAERK_SERVERS"

Source = Literal["environment", "container", "process"]


@dataclass(frozen=True)
class Sources:
    """Where each of the two servers is to come from."""

    mongo: Source
    kafka: Source


def choose(environment: Mapping[str, str], why_no_engine: Callable[[], str | None]) -> Sources:
    """Decide where the servers come from, asking for a container engine only where it matters."""
    wish = environment.get(WISH, "")
    if wish not in ("", "containers", "processes"):
        raise DidNotStart(f"{WISH} is '{wish}', but can only be 'containers' or 'processes'.")
    mongo_named = bool(environment.get(MONGO_URI))
    kafka_named = bool(environment.get(KAFKA_BOOTSTRAP))
    other: Source = "process"
    if wish != "processes" and not (mongo_named and kafka_named):
        problem = why_no_engine()
        if problem is None:
            other = "container"
        elif wish == "containers":
            raise DidNotStart(
                f"{WISH} asks for containers, but no Docker engine answers: {problem}"
            )
    return Sources(
        mongo="environment" if mongo_named else other,
        kafka="environment" if kafka_named else other,
    )
