"""Every kind of stream there is, and the one codec that reads and writes their facts."""

from shared.contracts import people, themes
from shared.kernel.codec import Codec

CODEC = Codec((*themes.KINDS, *people.KINDS))
