"""Open calls for ideas (åben invitation)."""

from datetime import date

from shared.contracts.vocabulary import HalfYear, Text, Title
from shared.kernel.events import Event


class IdeaCallOpened(Event):
    """Everybody is asked for ideas until a day (R37); told again when that day moves."""

    title: Title
    text: Text
    opens_on: date
    closes_on: date
    half_year: HalfYear | None = None


class IdeaCallClosed(Event):
    """The call is over (R37)."""

    title: Title


IdeaCallEvent = IdeaCallOpened | IdeaCallClosed
