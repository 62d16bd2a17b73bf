"""All SQL: constants beside the function that runs them."""
