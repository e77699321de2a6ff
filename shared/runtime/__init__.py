"""The running of a service: its settings, its clock, and the process that holds its parts."""
