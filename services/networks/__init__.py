"""Networks: a temporary structure with a purpose, from the selected theme to what became of it.

Owns networks with their crew, mandate contract and course, the innovation slots, outputs and
results. Hears themes, since a network is planned when its theme is selected; training, to know who
is qualified to lead; and the directory of people. Tells everyone what begins, goes on and ends.
"""
