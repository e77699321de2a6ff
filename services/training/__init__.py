"""training owns the way to network leader, the directory of people and the rule sets.

It hears networks: who co-drives, and who was in the crew when a network closed, which is the only
way to experience from inside the structure. It tells who is interested, who has driven, who is
qualified and who is in the pool of leaders; the state of every person, on a topic of its own; and
which rule set applies when.
"""
