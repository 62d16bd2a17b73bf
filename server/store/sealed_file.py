"""A file of pieces, each sealed under the servers' keys, that is whole or refused."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import IO, Final

from server.store.keys import Keys
from server.store.sealing import Ring, Sealed

MAGIC: Final = b"viva-sealed-1\n"
ID_BYTES: Final = 16
LENGTH_BYTES: Final = 4
LONGEST: Final = 1 << 30


class NotWhole(Exception):
    """It is none of ours, was changed, or its end is missing; it says which."""


class SealedWriter:
    """``purpose`` keeps a file of one kind from being read as another. It is whole once it is
    closed."""

    def __init__(self, file: IO[bytes], keys: Keys, purpose: str) -> None:
        self._file = file
        self._ring = Ring(keys.of(purpose))
        self._id = secrets.token_bytes(ID_BYTES)
        self._n = 0
        self._held: bytes | None = None
        file.write(MAGIC + self._id)

    def write(self, piece: bytes) -> None:
        self._flush(last=False)
        self._held = piece

    def close(self) -> None:
        """There must be a piece. The file itself stays open."""
        self._flush(last=True)

    def _flush(self, *, last: bool) -> None:
        if self._held is None:
            return
        sealed = self._ring.close(self._held, _place(self._id, self._n, last=last))
        self._file.write(len(sealed).to_bytes(LENGTH_BYTES, "big") + sealed)
        self._n += 1
        self._held = None


def read_sealed(file: IO[bytes], keys: Keys, purpose: str) -> Iterator[bytes]:
    """Its pieces, in order. Raises NotWhole; Sealed where the keys are others."""
    ring = Ring(keys.of(purpose))
    if file.read(len(MAGIC)) != MAGIC or len(name := file.read(ID_BYTES)) != ID_BYTES:
        raise NotWhole("it is no such file of viva's")
    n, piece = 0, _piece(file)
    while piece is not None:
        following = _piece(file)
        try:
            yield ring.open(piece, _place(name, n, last=following is None))
        except Sealed as error:
            if n == 0 and not _opens(ring, piece, name):
                raise
            raise NotWhole("its end is missing, or it was changed") from error
        n, piece = n + 1, following
    if n == 0:
        raise NotWhole("its end is missing")


def _opens(ring: Ring, piece: bytes, name: bytes) -> bool:
    """Whether the first piece opens, though more should follow it."""
    try:
        ring.open(piece, _place(name, 0, last=False))
    except Sealed:
        return False
    return True


def _piece(file: IO[bytes]) -> bytes | None:
    head = file.read(LENGTH_BYTES)
    if not head:
        return None
    length = int.from_bytes(head, "big")
    piece = file.read(length) if length < LONGEST else b""
    if len(head) < LENGTH_BYTES or len(piece) != length:
        raise NotWhole("its end is missing, or it was changed")
    return piece


def _place(name: bytes, n: int, *, last: bool) -> str:
    return f"{name.hex()} {n}{' last' if last else ''}"
