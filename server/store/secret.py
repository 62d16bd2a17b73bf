"""Tokens that are shown once: of each only a hash is stored."""

from __future__ import annotations

import hashlib
import secrets

BYTES = 32


def new(prefix: str) -> str:
    """Without a word in front one in 64 would look like an option on a command line."""
    return f"{prefix}{secrets.token_urlsafe(BYTES)}"


def hashed(token: str) -> bytes:
    """Whoever has 256 random bits to guess needs no slow hash to be kept from it."""
    return hashlib.sha256(token.encode()).digest()
