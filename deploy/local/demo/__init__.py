"""Half a year of a municipality's networks, driven through the HTTP APIs: `make demo`.

Everybody in it is invented. Read `story.py` first; the chapters are told in `preparations.py`,
`theme_round.py`, `crew.py`, `whole_network.py`, `next_round.py` and `closing.py`, with `cast.py`
and `portfolio.py` saying who and what. `report.py` shows what came of it.
"""
