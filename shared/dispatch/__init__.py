"""The one way of every command, from HTTP, reactions and deadlines: load, decide, append, answer."""
