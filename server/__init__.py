"""viva: a real-time conversational voice interview server."""
