"""Calendar arithmetic: periods of months, weeks and days, and half-years."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import Field, GetCoreSchemaHandler
from pydantic_core import core_schema

COPENHAGEN = ZoneInfo("Europe/Copenhagen")

Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2099, 12, 31))]
"""A day as a command gives it: one that has a half-year, and can be reckoned from."""

LAST_MONTH = "2099-12"
"""The month of the last such day."""

_FORM = re.compile(r"P(?:(?P<m>\d{1,3})M)?(?:(?P<w>\d{1,3})W)?(?:(?P<d>\d{1,4})D)?")


@dataclass(frozen=True, slots=True)
class Period:
    """A calendar period as ISO 8601 writes it: P6M, P4W, P14D."""

    months: int = 0
    days: int = 0

    @classmethod
    def parse(cls, text: str) -> "Period":
        """Read P…M, P…W and P…D; raises ValueError on anything else."""
        found = _FORM.fullmatch(text)
        if found is None or text == "P":
            raise ValueError(f"not a period such as P6M, P4W or P14D: {text!r}")
        weeks, days = int(found["w"] or 0), int(found["d"] or 0)
        return cls(months=int(found["m"] or 0), days=7 * weeks + days)

    def __str__(self) -> str:
        months = f"{self.months}M" if self.months else ""
        days = f"{self.days}D" if self.days or not months else ""
        return f"P{months}{days}"

    def after(self, day: date) -> date:
        """The day this long after `day`; the last of a shorter month stands in for a later day."""
        return self._moved(day, 1)

    def before(self, day: date) -> date:
        """The day this long before `day`."""
        return self._moved(day, -1)

    def _moved(self, day: date, sign: int) -> date:
        month = day.year * 12 + day.month - 1 + sign * self.months
        year, month = divmod(month, 12)
        last = calendar.monthrange(year, month + 1)[1]
        return date(year, month + 1, min(day.day, last)) + timedelta(days=sign * self.days)

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        from_text = core_schema.no_info_after_validator_function(
            cls.parse, core_schema.str_schema()
        )
        return core_schema.json_or_python_schema(
            json_schema=from_text,
            python_schema=core_schema.union_schema(
                [core_schema.is_instance_schema(cls), from_text]
            ),
            serialization=core_schema.to_string_ser_schema(),
        )


def half_year_of(day: date) -> str:
    """Name the half-year of a day: 2013-H2 for the first of August 2013."""
    return f"{day.year}-H{1 if day.month < 7 else 2}"


def month_of(day: date) -> str:
    """Name the month of a day: 2013-09 for the second of September 2013."""
    return f"{day:%Y-%m}"


def months_after(month: str, months: int = 1) -> str:
    """Name the month that comes so many after another; before it, where the number is negative."""
    return month_of(Period(months=months).after(first_day(month)))


def first_day(month: str) -> date:
    """The first day of a month: that of 2013-09 is the first of September 2013."""
    return date.fromisoformat(f"{month}-01")


def last_day(month: str) -> date:
    """The last day of a month."""
    return first_day(months_after(month)) - timedelta(days=1)


def local_day(instant: datetime) -> date:
    """The day in Denmark at an aware instant."""
    return instant.astimezone(COPENHAGEN).date()


def start_of(day: date) -> datetime:
    """The aware instant at which a day begins in Denmark."""
    return datetime.combine(day, time.min, COPENHAGEN)
