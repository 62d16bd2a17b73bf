"""``viva load``: many who speak at once to a running server, and what became of their words."""
