"""What themes knows when it decides: rows of its own views."""

from uuid import UUID

from shared.kernel.facts import Row


class KnownTheme(Row):
    """A theme as a round needs it."""

    theme_id: UUID
    title: str
    is_open: bool
    is_qualified: bool
