"""Themes: proposals, the half-yearly rounds, and the chief forum's choice.

Owns themes and rounds. Hears networks, so that a theme knows when it is taken up and concluded.
Tells everyone which themes are proposed, qualified, selected or declined.
"""
