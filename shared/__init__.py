"""What the four services share, from the pure kernel up to the running of a process."""
