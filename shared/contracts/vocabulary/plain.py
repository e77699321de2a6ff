"""Ids, texts and numbers that mean something."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

PersonId = UUID
OrgUnitId = UUID
NoteId = UUID
"""The id of an erasable note in the owning service; the text is not in the event."""

ONE_LINE = r"^[^\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]+$"
"""No line breaks or other control characters, nor any that turn the direction of the words after."""

Title = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=ONE_LINE),
]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
"""Free text about the matter, never about a person."""
HalfYear = Annotated[str, StringConstraints(pattern=r"^20\d\d-H[12]$")]
Month = Annotated[str, StringConstraints(pattern=r"^20\d\d-(0[1-9]|1[0-2])$")]
PhaseKey = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=100, pattern=ONE_LINE),
]
Level = Annotated[int, Field(ge=1, le=5)]
"""How far a competence is there: 1 hardly, 5 fully."""
Score = Annotated[int, Field(ge=1, le=5)]
"""How something was: 1 bad, 5 good."""
TrainingDay = Annotated[int, Field(ge=1, le=99)]
"""The number of a training day in its cohort, from 1."""
