"""Themes: ideas, proposals, the half-yearly rounds, and the chief forum's choice.

Owns ideas and other inquiries, open calls for ideas, themes, rounds and the chief forum's slots.
Hears networks, so that a theme knows when it is taken up and concluded.
Tells everyone which themes are proposed, qualified, selected or declined.
"""
