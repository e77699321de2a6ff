"""Who reads, where several queries mean the same people."""

from shared.kernel.permissions import oneself, role

INSIDE = role("secretariat") | role("municipal_director")
"""Who reads everything of training, also what is said of a person (P44, P47)."""
OR_ONESELF = INSIDE | oneself(field="person_id") | oneself("participant", field="person_id")
"""And what is said of a person, that person (P44)."""
REPORTED_TO = INSIDE | role("reporter")
"""Who reads what names nobody, or what rotation came to (P47)."""
