"""The servers' keys, the newest first: that one closes and signs, all of them open and verify.

They are not in the database. What is closed or signed names the key by which it was.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES: Final = 32
NAME_BYTES: Final = 4
FILE: Final = "sound.key"


@dataclass(frozen=True, slots=True)
class Key:
    """``secret``: 32 bytes. Its name says nothing of it."""

    secret: bytes

    @property
    def name(self) -> bytes:
        return hashlib.sha256(b"viva key" + self.secret).digest()[:NAME_BYTES]


@dataclass(frozen=True, slots=True)
class Keys:
    """At least one, the newest first."""

    secrets: tuple[bytes, ...]

    def __post_init__(self) -> None:
        if not self.secrets or any(len(one) != KEY_BYTES for one in self.secrets):
            raise ValueError("there must be a key, each of 32 bytes")

    def __iter__(self) -> Iterator[Key]:
        return map(Key, self.secrets)

    @property
    def newest(self) -> Key:
        return Key(self.secrets[0])

    def of(self, purpose: str) -> Keys:
        """Keys of one purpose, that say nothing of these nor of another purpose's."""
        return Keys(tuple(_derived(one, purpose) for one in self.secrets))


def _derived(master: bytes, purpose: str) -> bytes:
    info = f"viva {purpose}".encode()
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=info).derive(master)


def read_keys(text: str) -> Keys:
    """Each 32 bytes in base64, with commas or white space between. Raises ValueError."""
    return Keys(tuple(_read(one) for one in text.replace(",", " ").split()) or (_read(""),))


def keys_at(told: str | None, folder: Path) -> Keys:
    """Those that are ``told``, else those of the folder. Raises ValueError, OSError."""
    return kept_keys(folder) if told is None else read_keys(told)


def _read(text: str) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise ValueError("is no key; it may be 32 random bytes in base64: openssl rand -base64 32")
    return key


def kept_keys(folder: Path) -> Keys:
    """Those of this folder of data, one made the first time, readable by us only. Raises
    ValueError."""
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
    return read_keys(path.read_text())
