"""A file of sealed pieces is whole or refused, wherever it was cut or changed."""

from __future__ import annotations

import io

import pytest

from server.store.keys import Keys
from server.store.sealed_file import MAGIC, NotWhole, SealedWriter, read_sealed
from server.store.sealing import Sealed

KEYS = Keys((b"n" * 32, b"o" * 32))
PIECES = [b"about", b"", b"x" * 300, b"end"]


def written(keys: Keys = KEYS, pieces: list[bytes] = PIECES) -> bytes:
    file = io.BytesIO()
    writer = SealedWriter(file, keys, "backup")
    for piece in pieces:
        writer.write(piece)
    writer.close()
    return file.getvalue()


def read(content: bytes, keys: Keys = KEYS, purpose: str = "backup") -> list[bytes]:
    return list(read_sealed(io.BytesIO(content), keys, purpose))


def test_any_of_the_keys_opens_it() -> None:
    content = written()
    assert read(content) == PIECES
    assert read(written(Keys((b"o" * 32,)))) == PIECES
    assert not [piece for piece in PIECES if len(piece) > 10 and piece in content]
    assert read(written(pieces=[b"only"])) == [b"only"]


def test_other_keys_and_another_purpose_open_nothing() -> None:
    for keys, purpose in ((Keys((b"?" * 32,)), "backup"), (KEYS, "mail")):
        with pytest.raises(Sealed, match="put that one back"):
            read(written(), keys, purpose)


def test_cut_anywhere_it_is_refused() -> None:
    content = written()
    for end in range(len(content)):
        with pytest.raises(NotWhole):
            read(content[:end])


def test_a_byte_anywhere_is_found() -> None:
    content = written()
    for place in range(len(content)):
        changed = bytearray(content)
        changed[place] ^= 1
        with pytest.raises((NotWhole, Sealed)):
            read(bytes(changed))


def test_pieces_of_another_file_and_in_another_order_are_refused() -> None:
    one, other = written(), written()
    head = len(MAGIC) + 16
    with pytest.raises((NotWhole, Sealed)):
        read(one[:head] + other[head:])
    first = head + 4 + int.from_bytes(one[head : head + 4], "big")
    with pytest.raises((NotWhole, Sealed)):
        read(one[:head] + one[first:])
