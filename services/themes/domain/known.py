"""What themes knows when it decides: rows of its own views."""

from uuid import UUID

from shared.kernel.facts import Row


class KnownTheme(Row):
    """A theme as a round needs it, keyed by its id."""

    theme_id: UUID
    is_qualified: bool
    """Whether the chief forum found it suited, since it was last proposed."""
