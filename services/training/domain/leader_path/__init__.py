"""A leader's path: one person's way from an interest to network leader and into the pool.

It begins with any of its facts, and no order is asked for. What may happen on it: `willingness`,
`qualification`, `pool`, and `corps` for those who are trained as innovators. Driven networks come
from networks that closed, or from before the system; nobody can be given one. Qualified is who has
a diploma and a driven network, whichever came first. The pool is where one looks for leaders; it is
no gate.
"""
