"""Adapters, one library each; every one implements a Protocol of server.ports."""
