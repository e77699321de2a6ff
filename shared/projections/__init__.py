"""The read side: facts from Kafka folded into rows, exactly once, and the reading of those rows.

`folding` decides and is pure; `tables` names the collections; `transaction` makes one batch's
effects at once; `feed` keeps the place in the topics; `projector` turns the wheel. `generations`
says which collections are folded and which serves; `rebuild` makes another from the topics, by
`replay` and `building`; `outdated` does so when a view has changed. `parking` and `standing` serve
operators, `rows` and `waiting` serve queries and decisions, `verify` compares everything.
"""
