"""What a checker is told of a run: where its traces are, and what was planted on purpose."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal


@dataclass(frozen=True)
class Planted:
    """A stream that somebody put something into on purpose; nothing else of it is compared.

    `stream` is named as the readers' `progress` names it: `<topic>/<partition>/<offset>` for bytes
    whose key is no stream. `parked_by` are the services in which it must stand still at the end; in others it must not.
    """

    stream: str
    what: Literal["duplicate", "gap", "fork", "poison", "undecodable"]
    parked_by: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Run:
    """The ledger of the writers, the servers with their names' prefix, and the folder of mails.

    `deaths` says whether any process died; without a death no mail may go twice.
    """

    ledger: Path
    mongo_uri: str
    kafka_bootstrap: str
    prefix: str
    mails: Path
    planted: tuple[Planted, ...] = ()
    deaths: bool = True
