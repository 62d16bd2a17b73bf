"""Sound under a key of its interview, and that key under the newest of the servers' keys."""

from __future__ import annotations

import secrets
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from server.store.keys import KEY_BYTES, Keys
from server.store.keys import NAME_BYTES as KEY_NAME_BYTES
from server.store.pool import Executor

NONCE_BYTES: Final = 12
NAMED: Final = b"\x01"
"""Before the name of the key that closed it. What was closed before keys had names begins with a
nonce, which begins so too once in 256: then its name is nobody's."""

# Whoever opens an interview's sound leaves something to be looked at when it is let go.
KEEP = """
INSERT INTO sound_keys (interview_id, wrapped, due_at) VALUES ($1, $2, now())
ON CONFLICT (interview_id) DO UPDATE SET due_at = now()
RETURNING wrapped
"""
WRAPPED = "SELECT wrapped FROM sound_keys WHERE interview_id = $1"


class Sealed(Exception):
    """It was sealed under another key than the one that this server has."""


class Seal:
    """One interview's key. ``place`` says where a piece belongs, so that none takes another's."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def close(self, piece: bytes, place: str) -> bytes:
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, piece, place.encode())

    def open(self, sealed: bytes, place: str) -> bytes:
        """Raises Sealed."""
        nonce, piece = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
        try:
            return self._cipher.decrypt(nonce, piece, place.encode())
        except InvalidTag as error:
            raise Sealed("this sound is sealed under another key, or was changed") from error


class Ring:
    """Closes under the newest key and opens what any of them closed."""

    def __init__(self, keys: Keys) -> None:
        self._newest = keys.newest.name
        self._seals = {one.name: Seal(one.secret) for one in keys}

    def close(self, piece: bytes, place: str) -> bytes:
        return NAMED + self._newest + self._seals[self._newest].close(piece, place)

    def open(self, sealed: bytes, place: str) -> bytes:
        """Raises Sealed."""
        name = sealed[1 : 1 + KEY_NAME_BYTES]
        if sealed[:1] == NAMED and name in self._seals:
            return self._seals[name].open(sealed[1 + KEY_NAME_BYTES :], place)
        for seal in self._seals.values():
            try:
                return seal.open(sealed, place)
            except Sealed:
                continue
        raise Sealed("it is sealed under a key that this server has not; put that one back")

    def stale(self, sealed: bytes) -> bool:
        """Whether another key than the newest closed it."""
        return not sealed.startswith(NAMED + self._newest)


class Seals:
    """``keys``: the same for every server of one database."""

    def __init__(self, keys: Keys) -> None:
        self._master = Ring(keys)

    async def begin(self, on: Executor, interview_id: UUID) -> Seal:
        """That of an interview whose sound is to be kept, made the first time. Raises Sealed, and
        as asyncpg does."""
        made = self._master.close(AESGCM.generate_key(8 * KEY_BYTES), str(interview_id))
        return self._unwrapped(await on.fetchval(KEEP, interview_id, made), interview_id)

    async def of(self, on: Executor, interview_id: UUID) -> Seal | None:
        """None where nothing was sealed. Raises Sealed, and as asyncpg does."""
        wrapped = await on.fetchval(WRAPPED, interview_id)
        return None if wrapped is None else self._unwrapped(wrapped, interview_id)

    def _unwrapped(self, wrapped: bytes, interview_id: UUID) -> Seal:
        return Seal(self._master.open(wrapped, str(interview_id)))
