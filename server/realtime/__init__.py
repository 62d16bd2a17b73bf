"""One live interview: its wire, its conductor, its watchers."""
