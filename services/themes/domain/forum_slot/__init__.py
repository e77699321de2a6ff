"""The chief forum's monthly slot for networks.

`state` has the aggregate and its life; the modules of commands are `scheduling`, `agenda`,
`taking_off`, `observing` and `holding`.
"""
