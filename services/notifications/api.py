"""The table of commands: none has a route yet, because nobody but the system sends them."""

from shared.kernel.services import Route

COMMANDS: tuple[Route, ...] = ()
