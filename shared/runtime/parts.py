"""What a service's own loops are handed, such as a channel that sends e-mail."""

from dataclasses import dataclass

from shared.dispatch.dispatch import Dispatcher
from shared.eventstore.database import Database
from shared.projections.rows import Rows
from shared.runtime.clock import Clock
from shared.runtime.settings import Settings


@dataclass(frozen=True)
class Parts:
    """The way to the service's commands, views and database, its clock and its settings."""

    dispatcher: Dispatcher
    rows: Rows
    clock: Clock
    settings: Settings
    database: Database
