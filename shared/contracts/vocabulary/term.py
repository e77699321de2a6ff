"""What a word of the field is."""

from enum import StrEnum
from typing import Self


class Term(StrEnum):
    """A closed list of words, each with its Danish term."""

    dansk: str

    def __new__(cls, value: str, dansk: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.dansk = dansk
        return member
