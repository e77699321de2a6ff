"""Finding civil registration numbers (CPR), so that none is taken in, however it is written.

It is a guess: ten digits, in groups or not, that begin with a day and a month. Such a number
inside a longer one is none, and neither is a telephone number after +45.
"""

import re
import unicodedata

_GROUPS = re.compile(r"\d+(?:[\W_]{1,3}\d+)*", re.ASCII)
"""Digits, and more digits after a blank, a dash, a dot or the like."""
_DIGITS = 10
_REPLACEMENT = 60
"""What is added to the day in a number that is given until there is a real one."""


def holds_cpr(text: str) -> bool:
    """Whether a text seems to hold a civil registration number."""
    plain = unicodedata.normalize("NFKC", text)
    return any(_among(re.findall(r"\d+", found[0])) for found in _GROUPS.finditer(plain))


def _among(groups: list[str]) -> bool:
    """Whether some of these groups, one after the other, make up such a number."""
    for begin in range(len(groups)):
        digits = ""
        for group in groups[begin:]:
            digits += group
            if len(digits) >= _DIGITS:
                break
        if len(digits) == _DIGITS and _begins_with_a_day(digits):
            return True
    return False


def _begins_with_a_day(digits: str) -> bool:
    day, month = int(digits[:2]), int(digits[2:4])
    return 1 <= day - (_REPLACEMENT if day > _REPLACEMENT else 0) <= 31 and 1 <= month <= 12
