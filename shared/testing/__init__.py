"""What tests are written with: given/when/then for decisions, folds and reactions."""

from shared.testing.kit import (
    CHIEF,
    NOW,
    SECRETARIAT,
    TODAY,
    employee,
    folded,
    given,
    new_id,
    person,
    reacting,
    recorded,
)
from shared.testing.rules import rule

__all__ = [
    "CHIEF",
    "NOW",
    "SECRETARIAT",
    "TODAY",
    "employee",
    "folded",
    "given",
    "new_id",
    "person",
    "reacting",
    "recorded",
    "rule",
]
