"""Answers kept under an Idempotency-Key, in the transaction that did the work.

An answer may hold a candidate's token, of which nothing is stored in clear: it is encrypted under
the client's key, and of that only a hash is kept.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import asyncpg
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from server.store.pool import Connection

KEPT = timedelta(hours=24)
NONCE_BYTES = 12

# Whoever comes second waits here until the first has committed (then there is an answer) or has
# failed (then it is its turn). One that has expired is taken over.
CLAIM = """
INSERT INTO idempotency_keys (id, request, expires_at) VALUES ($1, $2, now() + $3::interval)
ON CONFLICT (id) DO UPDATE
    SET request = EXCLUDED.request, answer = NULL, expires_at = EXCLUDED.expires_at
    WHERE idempotency_keys.expires_at < now()
RETURNING true
"""
KEPT_ANSWER = "SELECT request, answer FROM idempotency_keys WHERE id = $1"
KEEP = "UPDATE idempotency_keys SET answer = $2, about = $3 WHERE id = $1"
FORGET = """
DELETE FROM idempotency_keys WHERE id IN (
    SELECT id FROM idempotency_keys WHERE expires_at < now() LIMIT 100 FOR UPDATE SKIP LOCKED
)
"""


class Reused(Exception):
    """The key came before with another request."""


class InProgress(Exception):
    """The first request with this key is still being worked on."""


@dataclass(frozen=True, slots=True)
class Key:
    """``operation`` and ``caller`` keep the same text apart where it means different requests."""

    operation: str
    caller: str
    text: str

    @property
    def id(self) -> bytes:
        return self._hashed(b"id")

    def seal(self, answer: bytes) -> bytes:
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + AESGCM(self._hashed(b"seal")).encrypt(nonce, answer, None)

    def open(self, sealed: bytes) -> bytes:
        nonce, answer = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
        return AESGCM(self._hashed(b"seal")).decrypt(nonce, answer, None)

    def _hashed(self, purpose: bytes) -> bytes:
        digest = hashlib.sha256(purpose)
        for part in (self.operation, self.caller, self.text):
            digest.update(hashlib.sha256(part.encode()).digest())
        return digest.digest()


@dataclass(slots=True)
class Attempt:
    """``earlier``: what was answered before; where it is None the work is to be done on
    ``connection`` and its answer put into ``answer``. ``about``: which résumé or interview it is
    about, with which it is forgotten."""

    connection: Connection
    earlier: bytes | None = None
    answer: bytes | None = None
    about: UUID | None = None


@asynccontextmanager
async def attempt(pool: asyncpg.Pool, key: Key | None, request: bytes) -> AsyncIterator[Attempt]:
    """One transaction with the work and its answer; nothing is kept of work that raises.

    ``request`` is a hash of all that was asked. Without a key it is just a transaction. Raises
    Reused, InProgress.
    """
    async with pool.acquire() as connection:
        if key is None:
            async with connection.transaction():
                yield Attempt(connection)
            return
        await connection.execute(FORGET)
        async with connection.transaction():
            if not await _claimed(connection, key, request):
                yield Attempt(connection, await _earlier(connection, key, request))
                return
            made = Attempt(connection)
            yield made
            assert made.answer is not None
            await connection.execute(KEEP, key.id, key.seal(made.answer), made.about)


async def _claimed(connection: Connection, key: Key, request: bytes) -> bool:
    try:
        return bool(await connection.fetchval(CLAIM, key.id, request, KEPT))
    except asyncpg.LockNotAvailableError as error:
        raise InProgress from error


async def _earlier(connection: Connection, key: Key, request: bytes) -> bytes:
    row = await connection.fetchrow(KEPT_ANSWER, key.id)
    assert row is not None
    if not secrets.compare_digest(row["request"], request):
        raise Reused
    return key.open(row["answer"])
