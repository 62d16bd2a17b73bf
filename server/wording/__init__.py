"""What a language model is told in an interview, and how its reply is read. Pure."""
