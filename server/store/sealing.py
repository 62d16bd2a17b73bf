"""Sound under a key of its interview, and that key under the one key of all servers."""

from __future__ import annotations

import base64
import binascii
import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from server.store.pool import Executor

KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
FILE: Final = "sound.key"

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


class Seals:
    """``master``: 32 bytes, the same for every server of one database."""

    def __init__(self, master: bytes) -> None:
        self._master = Seal(master)

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


def key_for(master: bytes, purpose: str) -> bytes:
    """32 bytes of one purpose, that say nothing of the master key nor of another purpose's."""
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=f"viva {purpose}".encode()).derive(master)


def master_key(told: str | None, folder: Path) -> bytes:
    """The key of all servers: as it is told, or kept in the folder of data. Raises ValueError."""
    return kept_key(folder) if told is None else read_key(told)


def read_key(text: str) -> bytes:
    """32 bytes in base64. Raises ValueError."""
    try:
        key = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise ValueError("is no key; it may be 32 random bytes in base64: openssl rand -base64 32")
    return key


def kept_key(folder: Path) -> bytes:
    """That of this folder of data, made the first time, readable by us only."""
    path = folder / FILE
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        made = folder / f"{FILE}.{secrets.token_hex(8)}"
        file = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(file, "wb") as opened:
            opened.write(base64.b64encode(secrets.token_bytes(KEY_BYTES)))
        with suppress(FileExistsError):  # another server was quicker: its key is everybody's
            os.link(made, path)
        made.unlink()
    return read_key(path.read_text().strip())
