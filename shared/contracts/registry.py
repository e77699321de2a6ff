"""Every kind of stream there is, and the one codec that reads and writes their facts."""

from shared.contracts import erasure, networks, notifications, people, themes, training, units
from shared.kernel.codec import Codec

CODEC = Codec(
    (
        *themes.KINDS,
        *networks.KINDS,
        *training.KINDS,
        *notifications.KINDS,
        *people.KINDS,
        *units.KINDS,
        *erasure.KINDS,
    )
)

STATES = tuple(kind for kind in CODEC.kinds.values() if kind.audience == "state")
"""The kinds of the directory, whose records replace each other."""
