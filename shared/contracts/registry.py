"""Every kind of stream there is, and the one codec that reads and writes their facts."""

from shared.contracts import networks, notifications, people, themes, training
from shared.kernel.codec import Codec

CODEC = Codec(
    (*themes.KINDS, *networks.KINDS, *training.KINDS, *notifications.KINDS, *people.KINDS)
)
