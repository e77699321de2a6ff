"""The pure words everything is written in: events, commands, aggregates, views, reactions.

No driver, no web framework, no clock and no randomness live here, so that every rule can be
tried by calling a function.
"""
