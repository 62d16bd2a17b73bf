"""HTTP and WebSocket handlers, thin, by noun."""
