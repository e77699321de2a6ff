"""A rotation (netværksturnus): one person's time-limited stay in the secretariat.

Somebody proposes it; the secretariat, or the chief forum, nominates the person for it; it has a
period with an end, and leaves something behind. What the chief forum points out are `competence`s
and never persons, and what the person says of it afterwards lies in the `evaluation`, a stream of
its own that only the four services hear.
"""
