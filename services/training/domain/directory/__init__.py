"""The directory as it is handed in, and what is wrong with it.

`rows` is what every row comes to; `people` and `units` are the two kinds, each with its table
(CSV); `os2mo` reads both at once as OS2mo exports them (JSON).
"""
