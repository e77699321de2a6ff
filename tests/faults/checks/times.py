"""Instants and days, as rows hold them: instants to the millisecond, days in Denmark."""

import calendar
from datetime import UTC, date, datetime, time, timedelta
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


def beginning_of(day: str, *, later: timedelta = timedelta()) -> datetime:
    """The instant, in UTC, at which a day, or one so much later, begins in Denmark."""
    begins = date.fromisoformat(day) + later
    return datetime.combine(begins, time.min, _DENMARK).astimezone(UTC)


def half_year_of(day: str) -> str:
    """The half-year of a date: 2013-07-01 is in 2013-H2."""
    return f"{day[:4]}-H{1 if int(day[5:7]) <= 6 else 2}"


def next_month(month: str) -> str:
    """The month after another: 2014-01 after 2013-12."""
    year, number = int(month[:4]), int(month[5:])
    return f"{year + number // 12}-{number % 12 + 1:02}"


def last_day_of(month: str) -> str:
    """The last day of a month."""
    return f"{month}-{calendar.monthrange(int(month[:4]), int(month[5:]))[1]:02}"


def half_a_year_after(day: str) -> str:
    """The same day six months later, or the last one of a month that is shorter."""
    month = day[:7]
    for _ in range(6):
        month = next_month(month)
    return min(f"{month}-{day[8:]}", last_day_of(month))
