"""Notifications: everyone concerned is told once of each fact, and reminded of what is awaited.

Owns deliveries and reminders. Hears every public fact of the other services, and the directory,
for addresses. Tells the other services, on its internal topic, who was told what.
"""
