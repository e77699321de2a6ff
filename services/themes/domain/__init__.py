"""The rules of themes and rounds; pure."""
