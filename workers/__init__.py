"""Background jobs, started by arq from the installed package."""
