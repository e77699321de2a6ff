"""training owns the way to network leader, the directory of people and the rule sets.

It hears networks: who co-drives, and who was in the crew when a network closed, which is the only
way to experience from inside the structure. It tells who is interested, who has driven, who is
qualified and who is in the pool of leaders, who can be asked, and who is an innovator; which
cohorts there are, who has a place in them, how the exams went and what the training costs; who is
in rotation in the secretariat, and what that leaves behind; the state of every person and of every
unit, each on a topic of its own; and which rule set applies when.
"""
