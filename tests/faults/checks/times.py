"""Instants and days, as rows hold them: instants to the millisecond, days in Denmark."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

_DENMARK = ZoneInfo("Europe/Copenhagen")


def instant(told: str) -> datetime:
    """An instant in UTC, without what MongoDB does not keep of it."""
    read = datetime.fromisoformat(told).astimezone(UTC)
    return read.replace(microsecond=read.microsecond // 1000 * 1000)


def danish_day(told: str) -> str:
    """The day in Denmark at an instant."""
    return datetime.fromisoformat(told).astimezone(_DENMARK).date().isoformat()


def danish_midnight(told: str) -> datetime:
    """The instant, in UTC, at which the Danish day of an instant begins."""
    day = datetime.fromisoformat(told).astimezone(_DENMARK).date()
    return datetime.combine(day, time.min, _DENMARK).astimezone(UTC)
