"""One network.

What it is: `life`, `roles`, `contract` and `phases`, put together in `state`, where a new command
finds its base class. What may happen to it, in order of life: `planning`, `crew_reference`,
`crew`, `mandate`, `phase_plan`, `start`, `course`, `breaks`, `funding`, `closing`.
"""
