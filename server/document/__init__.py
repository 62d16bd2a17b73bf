"""The structured résumé, and what a PDF reader says of a document."""
