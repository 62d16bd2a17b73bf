"""From positioned words to a structured résumé: pure functions."""
