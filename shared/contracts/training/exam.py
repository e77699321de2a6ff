"""One person's exam in one cohort: heard by the four services alone.

The stream's key is the cohort's id and the person's, with a dash between.
"""

from datetime import date
from uuid import UUID

from shared.contracts.vocabulary import ExamPart, ExamResult, PersonId
from shared.kernel.events import Event


class ExamPartRecorded(Event):
    """A part of the exam was passed or failed, for the n-th time (R181)."""

    cohort_id: UUID
    person_id: PersonId
    part: ExamPart
    attempt: int
    """From 1."""
    result: ExamResult
    held_on: date
    all_passed: bool
    """Whether every part is passed now, which the diploma follows from."""
    passed_on: date | None = None
    """The day of the part that was passed last by date; None until every part is passed."""


ExamEvent = ExamPartRecorded
