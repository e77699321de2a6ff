"""One class of a programme.

What it is: `life` and `state`, where a new command finds its base class. What several commands
need: `known`, what is looked up, `cadence` and `departments`. What may happen to it, in order of
life: `planning`, `enrolment`, `days`, `attendance`, `costs`, `ending`.
"""
