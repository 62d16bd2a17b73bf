"""Tokens: never twice the same, and nothing of them in what is stored."""

from __future__ import annotations

from server.store import secret


def test_a_token_is_long_and_new() -> None:
    made = {secret.new("word_") for _ in range(50)}
    assert len(made) == 50
    assert all(token.startswith("word_") and len(token) >= 48 for token in made)


def test_its_hash_tells_tokens_apart() -> None:
    token = secret.new("")
    assert secret.hashed(token) == secret.hashed(token) != secret.hashed(f"{token} ")
    assert token.encode() not in secret.hashed(token)
