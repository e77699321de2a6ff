"""A theme: a burning platform with the potential to be solved in a network.

Described in the template by anybody at any time; assessed on seven criteria, qualified, and given
a network type; selected or declined by the chief forum; then in a network until that ends. What
the template says may be refined all the way; until a network works on it, it may be withdrawn. A
declined, withdrawn or concluded theme may be proposed again under the same id.
"""
