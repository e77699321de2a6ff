"""Notifications: everyone concerned is told once of each fact, and reminded of what is awaited.

Owns deliveries and reminders. Hears every public fact of the other services; which parts of the
exam are passed, so that nobody is reminded of those; and the directory, for addresses. Tells the
other services, on its internal topic, who was told what; and, on its public one, how much it
removed of a person who was erased.
"""
