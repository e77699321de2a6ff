"""A round: the half-year's themes, their order, and the departments' own discussions (M3).

One for each half-year, because its stream is named after it; one list, so that ranks are unique.
Opened by the secretariat, discussed in the departments, ranked by the chief forum, and closed with
everything decided or carried over to the next.
"""
