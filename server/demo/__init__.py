"""``viva demo``: a company that does not exist, an opening, and six people who applied."""
