"""What an interview's answers hold for its criteria: pure functions, read by the report."""
